//! Why two sides answer a query otherwise: what each made of the query, and what the scores of the items that moved are
//! made of.

use std::collections::{BTreeMap, HashMap};

use sampan_proto::v1;
use serde::Serialize;

/// Hits of each side that are looked at; a page.
pub const DEPTH: usize = 100;
/// Places whose items are explained.
const PLACES: usize = 10;
/// Items told of a query, and signals of an item.
const MOVED: usize = 4;
const SIGNALS: usize = 4;
/// Targets of one rule that a line names.
const TARGETS: usize = 6;
/// Contributions this much apart are the same.
const SAME: f64 = 1e-9;

/// What differs between two answers to a query.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Reason {
    /// Edits of the query that only one side made, or with another weight.
    pub edits: Vec<EditChange>,
    /// Of the first ten of either side, those that moved most.
    pub moved: Vec<Moved>,
}

impl Reason {
    /// A line each: edits, then items.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = edit_lines(&self.edits);
        if lines.is_empty() {
            lines.push("the query is understood alike".to_owned());
        }
        let moved = self.moved.iter();
        lines.extend(moved.map(|its| {
            let (title, id, places) = (&its.title, &its.id, its.places());
            format!("{title} ({id}) {places}: {}", its.why())
        }));
        lines
    }
}

/// An edit of the query.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EditChange {
    pub rule: String,
    /// What was typed, and what was put beside or in place of it ("": taken out).
    pub source: String,
    pub target: String,
    /// Its weight; none: the side did not make it.
    pub before: Option<f64>,
    pub after: Option<f64>,
}

/// An item in another place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Moved {
    pub id: String,
    pub title: String,
    /// Place from 1; none: not among the first [`DEPTH`].
    pub before: Option<usize>,
    pub after: Option<usize>,
    /// Parts of the score that differ, the largest difference first. Empty where all are alike: others moved past it; or where
    /// one side does not have it.
    pub signals: Vec<SignalChange>,
    /// Rules that it matches through, or is pinned by, on that side alone.
    pub only_before: Vec<String>,
    pub only_after: Vec<String>,
}

/// A part of a score.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SignalChange {
    pub signal: String,
    pub before: Part,
    pub after: Part,
}

/// What a signal adds to a score.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Part {
    pub value: f64,
    pub weight: f64,
    pub contribution: f64,
}

impl SignalChange {
    /// What it adds more than before.
    pub fn gain(&self) -> f64 {
        self.after.contribution - self.before.contribution
    }

    /// The gain, and whether it comes of the value or of the weight.
    pub fn text(&self) -> String {
        let (was, is) = (self.before, self.after);
        let mut of = Vec::new();
        if (is.value - was.value).abs() > SAME {
            of.push(format!("value {:.3} → {:.3}", was.value, is.value));
        }
        if (is.weight - was.weight).abs() > SAME {
            of.push(format!("weight {:.3} → {:.3}", was.weight, is.weight));
        }
        format!("{} {:+.4} ({})", self.signal, self.gain(), of.join(", "))
    }
}

impl EditChange {
    /// + where only the second side made it, − where only the first did, ± with another weight.
    fn sign(&self) -> &'static str {
        match (self.before, self.after) {
            (Some(_), Some(_)) => "±",
            (Some(_), None) => "−",
            (None, _) => "+",
        }
    }

    /// The larger of its weights.
    fn weight(&self) -> f64 {
        let weights = [self.before, self.after].into_iter().flatten();
        weights.fold(0.0, f64::max)
    }

    fn target(&self) -> String {
        let target = match self.target.as_str() {
            "" => "(taken out)",
            target => target,
        };
        match (self.before, self.after) {
            (Some(was), Some(is)) => format!("{target} {was:.2} → {is:.2}"),
            _ => format!("{target} {:.2}", self.weight()),
        }
    }
}

/// Lines of edits: those of one sign, source and rule in one, the weightiest first.
fn edit_lines(edits: &[EditChange]) -> Vec<String> {
    let mut edits: Vec<&EditChange> = edits.iter().collect();
    edits.sort_by(|a, b| b.weight().total_cmp(&a.weight()));
    let mut groups: Vec<Vec<&EditChange>> = Vec::new();
    for edit in edits {
        let key = |its: &EditChange| (its.sign(), its.source.clone(), its.rule.clone());
        match groups.iter_mut().find(|group| key(group[0]) == key(edit)) {
            Some(group) => group.push(edit),
            None => groups.push(vec![edit]),
        }
    }
    let line = |group: &Vec<&EditChange>| {
        let targets = group.iter().take(TARGETS).map(|edit| edit.target());
        let mut targets = targets.collect::<Vec<_>>().join(", ");
        if group.len() > TARGETS {
            targets.push_str(&format!(" and {} more", group.len() - TARGETS));
        }
        let EditChange { source, rule, .. } = group[0];
        format!("{} {source} → {targets} ({rule})", group[0].sign())
    };
    groups.iter().map(line).collect()
}

impl Moved {
    /// Where it stood and stands.
    pub fn places(&self) -> String {
        let place = |place: Option<usize>| match place {
            Some(place) => place.to_string(),
            None => "–".to_owned(),
        };
        format!("{} → {}", place(self.before), place(self.after))
    }

    /// Why, in words.
    pub fn why(&self) -> String {
        let mut parts: Vec<String> = self.signals.iter().map(SignalChange::text).collect();
        let rules = |side: &str, rules: &[String]| {
            (!rules.is_empty()).then(|| format!("{side} by {}", rules.join(", ")))
        };
        parts.extend(rules("now", &self.only_after));
        parts.extend(rules("no longer", &self.only_before));
        if parts.is_empty() {
            parts.push(match (self.before, self.after) {
                (Some(_), Some(_)) => "same score; others moved".to_owned(),
                (None, _) => format!("was not among the first {DEPTH}"),
                (_, None) => format!("is not among the first {DEPTH}"),
            });
        }
        parts.join("; ")
    }
}

/// What differs between two explained answers to the same text.
pub fn reason(text: &str, before: &v1::SearchResponse, after: &v1::SearchResponse) -> Reason {
    Reason {
        edits: edits(text, &before.rewrites, &after.rewrites),
        moved: moved(&before.hits, &after.hits),
    }
}

/// Rule, source and target.
type EditKey = (String, String, String);

fn edits(text: &str, before: &[v1::Rewrite], after: &[v1::Rewrite]) -> Vec<EditChange> {
    let mut weights: BTreeMap<EditKey, [Option<f64>; 2]> = BTreeMap::new();
    for (side, rewrites) in [before, after].into_iter().enumerate() {
        for rewrite in rewrites {
            let range = rewrite.source.unwrap_or_default();
            let source = text.get(range.start as usize..range.end as usize);
            let source = source.unwrap_or_default().to_owned();
            let key = (rewrite.rule.clone(), source, rewrite.target.clone());
            weights.entry(key).or_default()[side] = Some(rewrite.weight);
        }
    }
    let differs = |weights: &[Option<f64>; 2]| match weights {
        [Some(was), Some(is)] => (was - is).abs() > SAME,
        _ => true,
    };
    let changed = weights.into_iter().filter(|(_, weights)| differs(weights));
    let changed = changed.map(|((rule, source, target), [before, after])| EditChange {
        rule,
        source,
        target,
        before,
        after,
    });
    changed.collect()
}

fn moved(before: &[v1::Hit], after: &[v1::Hit]) -> Vec<Moved> {
    let places = |hits: &[v1::Hit]| -> HashMap<String, usize> {
        let ids = hits.iter().map(|hit| hit.item_id.clone());
        ids.zip(1..).collect()
    };
    let (was, is) = (places(before), places(after));
    let first = before.iter().take(PLACES).chain(after.iter().take(PLACES));
    let mut ids: Vec<&str> = first.map(|hit| hit.item_id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    let place = |places: &HashMap<String, usize>, id: &str| places.get(id).copied();
    let distance = |id: &str| {
        let [was, is] = [&was, &is].map(|places| place(places, id).unwrap_or(DEPTH + 1));
        was.abs_diff(is)
    };
    // The farthest first; of equals, the one that stands higher on the second side.
    ids.sort_by_key(|id| {
        let stands = place(&is, id).unwrap_or(DEPTH + 1);
        (std::cmp::Reverse(distance(id)), stands)
    });
    let told = ids.into_iter().filter(|id| distance(id) > 0).take(MOVED);
    told.map(|id| {
        let hit = |places, hits: &'_ [v1::Hit]| place(places, id).map(|at| hits[at - 1].clone());
        moved_item(
            id,
            (place(&was, id), place(&is, id)),
            hit(&was, before),
            hit(&is, after),
        )
    })
    .collect()
}

fn moved_item(
    id: &str,
    (before, after): (Option<usize>, Option<usize>),
    was: Option<v1::Hit>,
    is: Option<v1::Hit>,
) -> Moved {
    let title = is.as_ref().or(was.as_ref());
    let title = title.map_or_else(String::new, |hit| hit.title.clone());
    let [old, new] = [&was, &is].map(|hit| hit.as_ref().map_or_else(Vec::new, ways));
    let without = |ways: &[String], others: &[String]| -> Vec<String> {
        let only = ways.iter().filter(|way| !others.contains(way));
        only.cloned().collect()
    };
    Moved {
        id: id.to_owned(),
        title,
        before,
        after,
        signals: match (&was, &is) {
            (Some(was), Some(is)) => signals(was, is),
            _ => Vec::new(),
        },
        only_before: without(&old, &new),
        only_after: without(&new, &old),
    }
}

/// Rules that a hit matched through, and that pinned it.
fn ways(hit: &v1::Hit) -> Vec<String> {
    let explained = hit.explanation.iter().flat_map(|its| &its.rewrites);
    let pinned = Some(&hit.pinned_by).filter(|rule| !rule.is_empty());
    explained.chain(pinned).cloned().collect()
}

fn signals(was: &v1::Hit, is: &v1::Hit) -> Vec<SignalChange> {
    let mut parts: BTreeMap<String, [Part; 2]> = BTreeMap::new();
    for (side, hit) in [was, is].into_iter().enumerate() {
        for part in hit.explanation.iter().flat_map(|its| &its.parts) {
            parts.entry(part.signal.clone()).or_default()[side] = Part {
                value: part.value,
                weight: part.weight,
                contribution: part.contribution,
            };
        }
    }
    let changes = parts
        .into_iter()
        .map(|(signal, [before, after])| SignalChange {
            signal,
            before,
            after,
        });
    let mut changes: Vec<SignalChange> = changes.filter(|its| its.gain().abs() > SAME).collect();
    changes.sort_by(|a, b| b.gain().abs().total_cmp(&a.gain().abs()));
    changes.truncate(SIGNALS);
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(id: &str, parts: &[(&str, f64, f64)], rewrites: &[&str]) -> v1::Hit {
        let part = |(signal, value, weight): &(&str, f64, f64)| v1::ScorePart {
            signal: (*signal).to_owned(),
            value: *value,
            weight: *weight,
            contribution: value * weight,
            ..Default::default()
        };
        v1::Hit {
            item_id: id.to_owned(),
            title: format!("title of {id}"),
            explanation: Some(v1::Explanation {
                parts: parts.iter().map(part).collect(),
                rewrites: rewrites.iter().map(|rule| (*rule).to_owned()).collect(),
                ..Default::default()
            }),
            ..Default::default()
        }
    }

    fn rewrite(target: &str, weight: f64) -> v1::Rewrite {
        v1::Rewrite {
            rule: "region.term".to_owned(),
            source: Some(v1::ByteRange { start: 0, end: 6 }),
            target: target.to_owned(),
            weight,
            region: "hk".to_owned(),
        }
    }

    #[test]
    fn edits_of_one_side_and_parts_that_differ_are_told() {
        let before = v1::SearchResponse {
            rewrites: vec![rewrite("冰箱", 0.9), rewrite("冰櫃", 0.5)],
            hits: vec![
                hit("a", &[("lexical", 0.5, 1.0), ("sales", 0.4, 0.1)], &[]),
                hit("b", &[("lexical", 0.4, 1.0), ("sales", 0.4, 0.1)], &[]),
                hit("gone", &[("lexical", 0.1, 1.0)], &[]),
            ],
            ..Default::default()
        };
        let after = v1::SearchResponse {
            rewrites: vec![rewrite("冰箱", 0.7), rewrite("電冰箱", 0.9)],
            hits: vec![
                hit("new", &[("lexical", 0.6, 1.0)], &["region.term"]),
                hit("b", &[("lexical", 0.4, 1.0), ("sales", 0.4, 0.5)], &[]),
                hit("a", &[("lexical", 0.5, 1.0), ("sales", 0.4, 0.1)], &[]),
            ],
            ..Default::default()
        };
        let found = reason("雪櫃", &before, &after);
        assert_eq!(
            edit_lines(&found.edits),
            [
                "± 雪櫃 → 冰箱 0.90 → 0.70 (region.term)",
                "+ 雪櫃 → 電冰箱 0.90 (region.term)",
                "− 雪櫃 → 冰櫃 0.50 (region.term)",
            ]
        );
        let moved: Vec<(String, String)> = found
            .moved
            .iter()
            .map(|its| (format!("{} {}", its.id, its.places()), its.why()))
            .collect();
        let told = moved
            .iter()
            .map(|(item, why)| (item.as_str(), why.as_str()));
        let expected = [
            ("new – → 1", "now by region.term"),
            ("gone 3 → –", "is not among the first 100"),
            ("a 1 → 3", "same score; others moved"),
        ];
        assert!(told.eq(expected), "{moved:?}");
        assert_eq!(reason("雪櫃", &before, &before), Reason::default());
    }

    #[test]
    fn a_part_says_whether_its_weight_or_its_value_changed() {
        let (was, is) = (
            hit("b", &[("sales", 0.4, 0.1), ("local", 1.0, 0.2)], &[]),
            hit("b", &[("sales", 0.4, 0.5), ("local", 0.5, 0.2)], &[]),
        );
        let told: Vec<String> = signals(&was, &is).iter().map(SignalChange::text).collect();
        assert_eq!(
            told,
            [
                "sales +0.1600 (weight 0.100 → 0.500)",
                "local -0.1000 (value 1.000 → 0.500)",
            ]
        );
    }
}
