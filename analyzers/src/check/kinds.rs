//! Kinds of things: ids that no concept has, things that are kinds of themselves.

use rustc_hash::{FxHashMap, FxHashSet};

use super::schema::Kind;
use super::{Check, Dictionary, Findings, Severity};
use crate::rewrite::kinds::looks_like_id;
use crate::table::Row;

/// One row's word that a narrow thing belongs to a broad one.
struct Edge<'t, 'f> {
    row: Row<'t, 'f>,
    narrow: &'f str,
}

pub(super) fn check(dictionary: &Dictionary<'_>, findings: &mut Findings) {
    let concepts = dictionary.of_kind(Kind::Concepts);
    let ids: FxHashSet<&str> = concepts
        .flat_map(|table| table.rows().map(|row| row.get("id")))
        .collect();
    let mut edges: FxHashMap<&str, Vec<Edge<'_, '_>>> = FxHashMap::default();
    let mut broad_in_order = Vec::new();
    for row in dictionary
        .of_kind(Kind::Kinds)
        .flat_map(|table| table.rows())
    {
        let broad = row.get("broad");
        if broad.is_empty() {
            continue;
        }
        if !ids.contains(broad) {
            dangling(&row, "broad", broad, findings);
        }
        for narrow in row.list("narrow") {
            if looks_like_id(narrow) && !ids.contains(narrow) {
                dangling(&row, "narrow", narrow, findings);
            }
            if !edges.contains_key(broad) {
                broad_in_order.push(broad);
            }
            let known = edges.entry(broad).or_default();
            if let Some(other) = known.iter().find(|edge| edge.narrow == narrow) {
                let line = other.row.line();
                let reason = format!("{narrow:?} stands under {broad:?} already, in line {line}");
                let check = (Check::Duplicate, Severity::Error);
                findings.at(check, &row, ("narrow", narrow), &reason, "take one out");
                continue;
            }
            known.push(Edge { row, narrow });
        }
    }
    cycles(&broad_in_order, &edges, findings);
}

/// Broad and narrow ids that some row puts one right under the other.
pub(super) fn stated<'f>(dictionary: &Dictionary<'f>) -> FxHashSet<(&'f str, &'f str)> {
    let rows = dictionary
        .of_kind(Kind::Kinds)
        .flat_map(|table| table.rows());
    rows.flat_map(|row| {
        row.list("narrow")
            .map(move |narrow| (row.get("broad"), narrow))
    })
    .collect()
}

fn dangling(row: &Row<'_, '_>, column: &str, id: &str, findings: &mut Findings) {
    let reason = format!("{id:?} is the id of no concept");
    let advice = "correct the id, or add the concept to common/concepts";
    let check = (Check::Dangling, Severity::Error);
    findings.at(check, row, (column, id), &reason, advice);
}

/// Walks down from every thing; an edge back to a thing on the way closes a cycle.
fn cycles<'f>(
    broad: &[&'f str],
    edges: &FxHashMap<&'f str, Vec<Edge<'_, 'f>>>,
    findings: &mut Findings,
) {
    let mut done: FxHashSet<&str> = FxHashSet::default();
    for &start in broad {
        // Things on the way, each with the number of its edges that were walked.
        let mut way: Vec<(&str, usize)> = vec![(start, 0)];
        while let Some((thing, walked)) = way.last_mut() {
            let (thing, index) = (*thing, *walked);
            *walked += 1;
            let below = edges.get(thing).map_or(&[][..], Vec::as_slice);
            let Some(edge) = below.get(index).filter(|_| !done.contains(thing)) else {
                done.insert(thing);
                way.pop();
                continue;
            };
            let Some(at) = way.iter().position(|(on_way, _)| *on_way == edge.narrow) else {
                way.push((edge.narrow, 0));
                continue;
            };
            let mut circle: Vec<&str> = way[at..].iter().map(|(thing, _)| *thing).collect();
            circle.push(edge.narrow);
            let reason = format!(
                "{:?} is a kind of itself: {}",
                edge.narrow,
                circle.join(" > ")
            );
            let advice = "take the narrow thing out where it is the broader one";
            let check = (Check::Cycle, Severity::Error);
            findings.at(check, &edge.row, ("narrow", edge.narrow), &reason, advice);
        }
    }
}
