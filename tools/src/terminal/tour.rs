//! The demo's walk in tables.

use std::collections::HashSet;

use sampan_proto::v1;

use super::{
    Output,
    highlight::safe,
    hits, offer, suggestions,
    table::{Align, table},
};
use crate::demo::tour::{CLICKED_QUERY, FEED_REGION, PREFIX, RegionAnswer, SESSION, Tour};

/// Hits shown of each search.
const SHOWN_HITS: usize = 3;

/// Rewrites shown of each search; the rest are counted.
const SHOWN_REWRITES: usize = 4;

const COMPARISON: [(&str, Align); 6] = [
    ("seen from", Align::Left),
    ("items", Align::Right),
    ("shared", Align::Right),
    ("first hit", Align::Left),
    ("landed price", Align::Right),
    ("kept away by rules", Align::Left),
];

/// The whole walk.
pub fn tour_text(tour: &Tour, output: &Output) -> String {
    let mut parts = Vec::new();
    for (query, answers) in &tour.searches {
        parts.push(heading(query));
        parts.extend(
            answers
                .iter()
                .map(|answer| region_part(query, answer, output)),
        );
        parts.push(format!(
            "What changes between the regions:\n\n{}",
            comparison(answers, output)
        ));
    }
    let (prefix, region) = PREFIX;
    parts.push(heading(&format!("Suggestions for {prefix} in {region}")));
    parts.push(suggestions::suggestion_table(&tour.suggestions, output));
    parts.push(heading(&format!(
        "猜你喜歡 in {FEED_REGION}, before any click"
    )));
    parts.push(hits::brief_card_table(&tour.feed_before.cards, output));
    if let Some(clicked) = &tour.clicked {
        let title = safe(&clicked.title);
        parts.push(heading(&format!(
            "The visitor {SESSION} searches {CLICKED_QUERY} and clicks {title}"
        )));
        parts.push(hits::brief_card_table(&tour.feed_after.cards, output));
    }
    parts.join("\n\n")
}

fn heading(text: &str) -> String {
    format!("== {text} ==")
}

fn region_part(query: &str, answer: &RegionAnswer, output: &Output) -> String {
    let response = &answer.response;
    let micros: u64 = response.timings.iter().map(|timing| timing.micros).sum();
    let millis = micros as f64 / 1_000.0;
    let shown = &response.hits[..response.hits.len().min(SHOWN_HITS)];
    let (region, total) = (answer.region, response.total);
    let mut text = format!("{query} seen from {region}: {total} items in {millis:.2} ms\n\n");
    text.push_str(&hits::brief_table(shown, output));
    for rewrite in response.rewrites.iter().take(SHOWN_REWRITES) {
        text.push_str(&format!("\n{}", hits::rewrite_line(query, rewrite)));
    }
    if response.rewrites.len() > SHOWN_REWRITES {
        text.push_str(&format!(
            "\n… {} more",
            response.rewrites.len() - SHOWN_REWRITES
        ));
    }
    text
}

/// One row a region: how many items, how many of its first hits the first region also shows first, and what was kept
/// away.
fn comparison(answers: &[RegionAnswer], output: &Output) -> String {
    let ids = |response: &v1::SearchResponse| -> HashSet<String> {
        response
            .hits
            .iter()
            .map(|hit| hit.item_id.clone())
            .collect()
    };
    let home = answers
        .first()
        .map(|answer| ids(&answer.response))
        .unwrap_or_default();
    let rows = answers.iter().enumerate().map(|(index, answer)| {
        let response = &answer.response;
        let shared = ids(response).intersection(&home).count();
        let first = response.hits.first();
        let landed = first
            .and_then(|hit| hit.offer.as_ref())
            .and_then(|o| o.display_landed.as_ref());
        let removed: Vec<String> = response
            .removed
            .iter()
            .map(|removed| format!("{} by {}", removed.count, safe(&removed.restriction)))
            .collect();
        vec![
            answer.region.to_owned(),
            response.total.to_string(),
            if index == 0 {
                "–".to_owned()
            } else {
                format!("{shared} of {}", response.hits.len())
            },
            first
                .map(|hit| safe(&hit.display_title))
                .unwrap_or_default(),
            offer::price(landed),
            removed.join("\n"),
        ]
    });
    table(&COMPARISON, rows.collect(), output)
}
