//! Files of an experiment: JSON Lines of events, each with the arm of its user.
//!
//! Fields: `user_id`, `kind` (impression, click, detail, cart, order, pay), `time` (RFC 3339, or seconds since 1970) and
//! `item_id` are required; `arm` and `experiment`, or `exposures` with both; `request_id`, `ship_to` (else `region`) and
//! `team` (of an interleaved list) are read where they are. Others are passed over, so that events of `sampan.v1` will do.
//! A kind may be written `EVENT_KIND_CLICK`.

use std::{
    fs::File,
    io::{self, BufRead as _, BufReader},
    path::{Path, PathBuf},
    str::FromStr as _,
};

use serde::Deserialize;
use serde_json::Value;

/// What a user did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    Impression,
    Click,
    Detail,
    Cart,
    Order,
    Pay,
}

/// One event.
#[derive(Debug, Clone, PartialEq)]
pub struct ExperimentEvent {
    pub user: String,
    pub kind: Kind,
    /// Seconds since 1970.
    pub time: i64,
    pub item: String,
    /// "": none.
    pub arm: String,
    pub request: String,
    pub ship_to: String,
    pub team: String,
}

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum EventsError {
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("{}, line {line}: {reason}", path.display())]
    Line {
        path: PathBuf,
        line: usize,
        reason: String,
    },
}

#[derive(Deserialize)]
struct Line {
    user_id: String,
    kind: String,
    time: Value,
    item_id: String,
    #[serde(default)]
    arm: String,
    #[serde(default)]
    experiment: String,
    #[serde(default)]
    request_id: String,
    #[serde(default)]
    ship_to: String,
    #[serde(default)]
    region: String,
    #[serde(default)]
    team: String,
    #[serde(default)]
    exposures: Vec<Exposure>,
}

/// An experiment that the user was in, as `sampan.v1` says it.
#[derive(Deserialize)]
struct Exposure {
    experiment: String,
    arm: String,
}

/// Reads the events of a file. `experiment`: only those of it, and those of none.
///
/// # Errors
/// The file cannot be read, or a line is no event; it is named.
pub fn read(path: &Path, experiment: Option<&str>) -> Result<Vec<ExperimentEvent>, EventsError> {
    let io_error = |source| EventsError::Io {
        path: path.to_owned(),
        source,
    };
    let reader = BufReader::new(File::open(path).map_err(io_error)?);
    let mut events = Vec::new();
    for (index, line) in reader.lines().enumerate() {
        let line = line.map_err(io_error)?;
        if line.trim().is_empty() {
            continue;
        }
        let event = event(&line, experiment).map_err(|reason| EventsError::Line {
            path: path.to_owned(),
            line: index + 1,
            reason,
        })?;
        events.extend(event);
    }
    Ok(events)
}

/// One event; none of another experiment, or of a kind that nothing is counted of ("not interested").
fn event(line: &str, experiment: Option<&str>) -> Result<Option<ExperimentEvent>, String> {
    let line: Line = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let is_of_another =
        experiment.is_some_and(|its| !line.experiment.is_empty() && its != line.experiment);
    if line.user_id.is_empty() {
        return Err("user_id: is empty".to_owned());
    }
    let kind = kind(&line.kind)?;
    let time = time(&line.time)?;
    let Some(kind) = kind.filter(|_| !is_of_another) else {
        return Ok(None);
    };
    let arm = match line.arm.is_empty() {
        false => line.arm,
        true => exposed_arm(&line.exposures, experiment)?,
    };
    Ok(Some(ExperimentEvent {
        user: line.user_id,
        kind,
        time,
        item: line.item_id,
        arm,
        request: line.request_id,
        ship_to: if line.ship_to.is_empty() {
            line.region
        } else {
            line.ship_to
        },
        team: line.team,
    }))
}

/// The arm of the experiment that is asked for, or of the only one; "": none.
fn exposed_arm(exposures: &[Exposure], experiment: Option<&str>) -> Result<String, String> {
    let exposure = match (experiment, exposures) {
        (Some(asked), _) => exposures.iter().find(|its| its.experiment == asked),
        (None, [] | [_]) => exposures.first(),
        (None, several) => {
            let names: Vec<&str> = several.iter().map(|its| its.experiment.as_str()).collect();
            return Err(format!(
                "exposures: {} are several: name one by --experiment",
                names.join(", ")
            ));
        }
    };
    Ok(exposure.map_or_else(String::new, |its| its.arm.clone()))
}

fn kind(text: &str) -> Result<Option<Kind>, String> {
    let bare = text
        .strip_prefix("EVENT_KIND_")
        .unwrap_or(text)
        .to_lowercase();
    match bare.as_str() {
        "impression" => Ok(Some(Kind::Impression)),
        "click" => Ok(Some(Kind::Click)),
        "detail" => Ok(Some(Kind::Detail)),
        "cart" => Ok(Some(Kind::Cart)),
        "order" => Ok(Some(Kind::Order)),
        "pay" => Ok(Some(Kind::Pay)),
        "dislike" => Ok(None),
        _ => Err(format!(
            "kind: \"{text}\" is none of impression, click, detail, cart, order, pay, dislike"
        )),
    }
}

/// Seconds since 1970.
pub fn time(value: &Value) -> Result<i64, String> {
    let of_text = |text: &str| {
        prost_types::Timestamp::from_str(text)
            .ok()
            .map(|time| time.seconds)
    };
    let seconds = match value {
        Value::String(text) => of_text(text),
        Value::Number(number) => number.as_f64().map(|seconds| seconds.floor() as i64),
        _ => None,
    };
    seconds.ok_or_else(|| format!("time: {value} is neither RFC 3339 nor seconds since 1970"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_read_with_what_it_says() {
        let line = r#"{"user_id":"u","arm":"b","kind":"EVENT_KIND_ORDER","time":"2026-01-02T03:04:05Z","item_id":"1",
            "region":"hk","quantity":3}"#;
        let read = event(line, None).unwrap().unwrap();
        assert_eq!((read.kind, read.time), (Kind::Order, 1_767_323_045));
        assert_eq!((&*read.arm, &*read.ship_to), ("b", "hk"));
        let seconds =
            r#"{"user_id":"u","kind":"pay","time":7.5,"item_id":"1","ship_to":"us","region":"hk"}"#;
        let read = event(seconds, None).unwrap().unwrap();
        assert_eq!((read.kind, read.time, &*read.ship_to), (Kind::Pay, 7, "us"));
    }

    #[test]
    fn another_experiments_events_are_passed_over_and_those_of_none_are_kept() {
        let of = |name: &str| {
            format!(
                r#"{{"user_id":"u","kind":"click","time":1,"item_id":"1","experiment":"{name}"}}"#
            )
        };
        assert!(event(&of("x"), Some("x")).unwrap().is_some());
        assert!(event(&of(""), Some("x")).unwrap().is_some());
        assert!(event(&of("y"), Some("x")).unwrap().is_none());
        assert!(event(&of("y"), None).unwrap().is_some());
    }

    #[test]
    fn the_arm_is_that_of_the_exposure_that_is_asked_for() {
        let line = r#"{"user_id":"u","kind":"click","time":1,"item_id":"1","exposures":[
            {"experiment":"x","arm":"a","probability":0.5},{"experiment":"y","arm":"b"}]}"#;
        let arm = |experiment| event(line, experiment).map(|read| read.unwrap().arm);
        assert_eq!(arm(Some("y")).unwrap(), "b");
        assert_eq!(arm(Some("z")).unwrap(), "");
        assert!(arm(None).unwrap_err().contains("x, y are several"));
    }

    #[test]
    fn a_wrong_line_is_named() {
        let file = tempfile::NamedTempFile::new().unwrap();
        for (text, part) in [
            (
                r#"{"user_id":"u","kind":"like","time":1,"item_id":"1"}"#,
                "kind: \"like\"",
            ),
            (
                r#"{"user_id":"","kind":"click","time":1,"item_id":"1"}"#,
                "user_id: is empty",
            ),
            (
                r#"{"user_id":"u","kind":"click","time":"now","item_id":"1"}"#,
                "time: \"now\"",
            ),
            (r#"{"user_id":"u","kind":"click","time":1}"#, "item_id"),
        ] {
            std::fs::write(file.path(), format!("\n{text}\n")).unwrap();
            let error = read(file.path(), None).unwrap_err().to_string();
            assert!(
                error.contains("line 2: ") && error.contains(part),
                "{error}"
            );
        }
    }
}
