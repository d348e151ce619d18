//! Why a hit has its score.

use sampan_proto::v1;

use super::highlight::safe;

/// One paragraph for all hits that carry an explanation; none when no hit does. Signals that add nothing are left out.
pub fn of_hits<'a>(hits: impl Iterator<Item = &'a v1::Hit>) -> Option<String> {
    let lines: Vec<String> = hits.filter_map(line).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

fn line(hit: &v1::Hit) -> Option<String> {
    let explanation = hit.explanation.as_ref()?;
    let parts = explanation
        .parts
        .iter()
        .filter(|part| part.contribution != 0.0)
        .map(|part| {
            let (signal, contribution) = (&part.signal, part.contribution);
            let place = part.rank_without.map(|rank| rank + 1);
            let without = place.map_or(String::new(), |place| format!(", place {place} without"));
            format!(
                "{signal} {contribution:.4} ({:.4} × {}{}{without})",
                part.value,
                part.weight,
                of_parts(&part.parts)
            )
        });
    let sum = parts.collect::<Vec<_>>().join(" + ");
    let mut line = format!("{}: {:.4} = {sum}", safe(&hit.item_id), hit.score);
    line.push_str(&format!("; recalled by {}", explanation.sources.join(", ")));
    if !explanation.rewrites.is_empty() {
        line.push_str(&format!("; through {}", explanation.rewrites.join(", ")));
    }
    if let Some(lift) = &explanation.quota {
        let (pool, place) = (safe(&lift.pool), lift.rank_without + 1);
        line.push_str(&format!("; by the quota of {pool}, place {place} without"));
    }
    line.push_str(&format!("; profile {}", explanation.profile));
    Some(line)
}

/// What a signal's value is the sum of, where that is told; what adds nothing is left out.
fn of_parts(parts: &[v1::ScorePart]) -> String {
    let parts = parts.iter().filter(|part| part.contribution != 0.0);
    let named = parts.map(|part| format!("{} {:.4}", part.signal, part.contribution));
    let sum = named.collect::<Vec<_>>().join(" + ");
    match sum.is_empty() {
        true => sum,
        false => format!(", of {sum}"),
    }
}
