//! Logs of our own events (`sampan.v1.Event`, JSON Lines): impressions with propensities, and what followed them.
//!
//! A click, detail view, cart or order belongs to the impression of the same item under the same `request_id`. An
//! impression that is told twice counts once, and a reward once an impression.

use std::{collections::HashSet, path::Path};

use sampan_proto::v1::{Event, EventKind};

use super::row::{LogError, Row};

/// What an event can say of its context.
const FIELDS: [&str; 6] = [
    "user_id",
    "session_id",
    "region",
    "query",
    "request_id",
    "position",
];

/// Turns events into rows. `reward`: which kind earns 1. `fields`: of [`FIELDS`], to keep. `path`: for errors.
///
/// # Errors
/// A field is not known, there is no impression, or one lacks its request, position or propensity.
pub fn rows(
    path: &Path,
    events: &[Event],
    reward: EventKind,
    fields: &[String],
) -> Result<Vec<Row>, LogError> {
    let unknown = fields
        .iter()
        .find(|field| !FIELDS.contains(&field.as_str()));
    if let Some(column) = unknown {
        return Err(LogError::Column {
            path: path.to_owned(),
            column: column.clone(),
            known: FIELDS.join(", "),
        });
    }
    let rewarded: HashSet<(&str, &str)> = events
        .iter()
        .filter(|event| event.kind() == reward)
        .map(|event| (event.request_id.as_str(), event.item_id.as_str()))
        .collect();
    let mut told = HashSet::new();
    let mut kept = Vec::new();
    let impressions = events
        .iter()
        .filter(|event| event.kind() == EventKind::Impression);
    for event in impressions {
        let key = (event.request_id.as_str(), event.item_id.as_str());
        let wrong = |field: &str, reason: String| LogError::Field {
            path: path.to_owned(),
            place: format!("impression of item \"{}\" in request \"{}\"", key.1, key.0),
            field: field.to_owned(),
            reason,
        };
        if key.0.is_empty() {
            return Err(wrong("request_id", "is missing".to_owned()));
        }
        if !told.insert(key) {
            continue;
        }
        let missing = |field| move || wrong(field, "is missing".to_owned());
        let propensity = event.propensity.ok_or_else(missing("propensity"))?;
        if !(propensity > 0.0 && propensity <= 1.0) {
            let reason = format!("{propensity} is not above 0 and at most 1");
            return Err(wrong("propensity", reason));
        }
        let user = [&event.user_id, &event.session_id]
            .into_iter()
            .find(|id| !id.is_empty());
        let position = event.position.ok_or_else(missing("position"))?;
        let field = |name: &String| match name.as_str() {
            "user_id" => event.user_id.clone(),
            "session_id" => event.session_id.clone(),
            "region" => event.region.clone(),
            "query" => event.query.clone(),
            "request_id" => event.request_id.clone(),
            _ => position.to_string(),
        };
        kept.push(Row {
            item: event.item_id.clone(),
            position,
            reward: f64::from(u8::from(rewarded.contains(&key))),
            propensity,
            user: user.cloned(),
            list: Some(event.request_id.clone()),
            fields: fields.iter().map(field).collect(),
        });
    }
    match kept.is_empty() {
        true => Err(LogError::Empty {
            path: path.to_owned(),
        }),
        false => Ok(kept),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: EventKind, request: &str, item: &str, position: u32) -> Event {
        Event {
            kind: kind.into(),
            user_id: "u".into(),
            request_id: request.into(),
            item_id: item.into(),
            region: "hk".into(),
            position: Some(position),
            propensity: Some(0.25),
            ..Default::default()
        }
    }

    fn read(events: &[Event], fields: &[&str]) -> Result<Vec<Row>, LogError> {
        let fields: Vec<String> = fields.iter().map(|field| (*field).to_owned()).collect();
        rows(Path::new("log.jsonl"), events, EventKind::Click, &fields)
    }

    #[test]
    fn clicks_are_joined_with_their_impressions_and_nothing_counts_twice() {
        let events = [
            event(EventKind::Impression, "r1", "a", 0),
            event(EventKind::Impression, "r1", "a", 0),
            event(EventKind::Impression, "r1", "b", 1),
            event(EventKind::Impression, "r2", "b", 0),
            event(EventKind::Click, "r1", "b", 1),
            event(EventKind::Click, "r1", "b", 1),
            event(EventKind::Order, "r2", "b", 0),
        ];
        let rows = read(&events, &["region", "position"]).unwrap();
        let rewards: Vec<f64> = rows.iter().map(|row| row.reward).collect();
        assert_eq!(rewards, [0.0, 1.0, 0.0]);
        assert_eq!(rows[1].fields, ["hk", "1"]);
        assert_eq!(rows[2].list.as_deref(), Some("r2"));
    }

    #[test]
    fn an_impression_without_what_is_needed_is_named() {
        let good = || event(EventKind::Impression, "r1", "a", 0);
        let cases = [
            (
                Event {
                    propensity: None,
                    ..good()
                },
                "propensity: is missing",
            ),
            (
                Event {
                    propensity: Some(0.0),
                    ..good()
                },
                "propensity: 0 is not",
            ),
            (
                Event {
                    position: None,
                    ..good()
                },
                "position: is missing",
            ),
            (
                Event {
                    request_id: String::new(),
                    ..good()
                },
                "request_id: is missing",
            ),
            (
                event(EventKind::Click, "r1", "a", 0),
                "there is no impression",
            ),
        ];
        for (event, part) in cases {
            let error = read(&[event], &[]).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
        let error = read(&[good()], &["age"]).unwrap_err().to_string();
        assert!(
            error.contains("the column age is missing; there are user_id"),
            "{error}"
        );
    }
}
