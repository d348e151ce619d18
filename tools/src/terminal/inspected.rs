//! What the feed knows of a shopper, in plain words.

use sampan_proto::v1;

use super::{
    Output, explanation,
    highlight::safe,
    hits::card_table,
    table::{Align, table},
};

/// What is known, what the sources bring, and the first cards.
pub fn shopper_report(report: &v1::InspectFeedResponse, output: &Output) -> String {
    let mut parts = vec![known(report)];
    if !report.visits.is_empty() {
        parts.push(visit_table(&report.visits, output));
    }
    if !report.queries.is_empty() {
        parts.push(query_table(&report.queries, output));
    }
    if !report.affinities.is_empty() {
        parts.push(affinity_table(&report.affinities, output));
    }
    parts.push(source_table(&report.sources, output));
    let steps = report.degraded.iter().map(|step| {
        let (from, to) = (safe(&step.from), safe(&step.to));
        format!("instead of {from}: {to}, for {}", safe(&step.reason))
    });
    parts.extend(steps.reduce(|all, step| format!("{all}\n{step}")));
    parts.push(card_table(&report.cards, output));
    let hits = report.cards.iter().filter_map(|card| card.hit.as_ref());
    parts.extend(explanation::of_hits(hits));
    parts.join("\n\n")
}

/// One sentence for each thing that is known.
fn known(report: &v1::InspectFeedResponse) -> String {
    let model = match report.model.as_str() {
        "" => "No feed model serves yet; the feed follows live behaviour.".to_owned(),
        origin => format!("The feed's model is from {}.", safe(origin)),
    };
    let done = match report.visits.len() {
        0 => "Nothing is known of what this shopper did.".to_owned(),
        count => format!("The latest {count} things that this shopper did are below."),
    };
    let disliked = match report.disliked.as_slice() {
        [] => "Nothing is disliked.".to_owned(),
        ids => format!("Disliked, and never shown: {}.", safe(&ids.join(", "))),
    };
    let left_out = format!(
        "Left out of what the sources bring, for it was on screen today or too often: {}.",
        report.left_out
    );
    let popular = match report.popular_by.as_str() {
        "" => "Nothing popular is shown: nobody did anything yet, or the profile asks for none."
            .to_owned(),
        by => format!("What is popular is that of the {}.", safe(by)),
    };
    [model, done, disliked, left_out, popular].join("\n")
}

fn visit_table(visits: &[v1::InspectedVisit], output: &Output) -> String {
    let columns = [
        ("when", Align::Left),
        ("item", Align::Left),
        ("title", Align::Left),
        ("says", Align::Right),
    ];
    let rows = visits.iter().map(|visit| {
        let when = visit.time.as_ref();
        vec![
            when.map_or_else(String::new, ToString::to_string),
            safe(&visit.item_id),
            safe(&visit.title),
            format!("{:.1}", visit.strength),
        ]
    });
    table(&columns, rows.collect(), output)
}

fn query_table(queries: &[v1::InspectedQuery], output: &Output) -> String {
    let columns = [("when", Align::Left), ("searched for", Align::Left)];
    let rows = queries.iter().map(|query| {
        let when = query.time.as_ref();
        vec![
            when.map_or_else(String::new, ToString::to_string),
            safe(&query.text),
        ]
    });
    table(&columns, rows.collect(), output)
}

fn affinity_table(affinities: &[v1::InspectedAffinity], output: &Output) -> String {
    let columns = [
        ("likes", Align::Left),
        ("", Align::Left),
        ("share", Align::Right),
    ];
    let rows = affinities.iter().map(|affinity| {
        vec![
            safe(&affinity.kind),
            safe(&affinity.name),
            format!("{:.0} %", 100.0 * affinity.share),
        ]
    });
    table(&columns, rows.collect(), output)
}

fn source_table(sources: &[v1::InspectedSource], output: &Output) -> String {
    let columns = [
        ("source", Align::Left),
        ("brings", Align::Right),
        ("of", Align::Right),
        ("µs", Align::Right),
        ("first", Align::Left),
    ];
    let rows = sources.iter().map(|source| {
        vec![
            safe(&source.source),
            source.candidates.to_string(),
            source.budget.to_string(),
            source.micros.to_string(),
            safe(&source.best.join(", ")),
        ]
    });
    table(&columns, rows.collect(), output)
}
