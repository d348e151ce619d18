//! Pages of hits: search, feed, similar items.

use sampan_proto::v1;

use super::{
    Output, explanation,
    highlight::{highlighted, safe},
    offer,
    table::{Align, table, table_of_filled},
};
use crate::money::major_text;

/// Columns of a hit, without those of the page it is on.
const HIT_COLUMNS: [(&str, Align); 9] = [
    ("title", Align::Left),
    ("brand", Align::Left),
    ("price", Align::Right),
    ("freight", Align::Right),
    ("ships", Align::Left),
    ("notes", Align::Left),
    ("score", Align::Right),
    ("id", Align::Left),
    ("team", Align::Left),
];

/// How many of [`HIT_COLUMNS`] a shopper would see.
const BRIEF_COLUMNS: usize = 6;

/// Rewrites of one rule at one place of a query that are shown.
const REWRITES_SHOWN: usize = 6;

/// A page of search results. `query` is the text that was searched, which the rewrites refer to.
pub fn search_page(query: &str, response: &v1::SearchResponse, output: &Output) -> String {
    let mut parts = Vec::new();
    parts.extend(lines(merchandising_lines(response).into_iter()));
    parts.push(hit_table(&response.hits, output));
    if response.hits.iter().any(|hit| hit.partial_match) {
        parts.push("~ matches only part of the query".to_owned());
    }
    parts.extend(explanation::of_hits(response.hits.iter()));
    parts.extend(lines(rewrite_lines(query, &response.rewrites)));
    parts.extend(lines(response.did_you_mean.iter().map(did_you_mean_line)));
    parts.extend(lines(response.applied_rules.iter().map(applied_line)));
    parts.extend(lines(response.removed.iter().map(removed_line)));
    for facet in &response.facets {
        parts.push(facet_table(facet, output));
    }
    let bound = if response.total_is_lower_bound {
        "more than "
    } else {
        ""
    };
    let mut footer = vec![format!(
        "{} shown, {bound}{} match",
        response.hits.len(),
        response.total
    )];
    footer.extend(timings(&response.timings));
    footer.push(format!("index {}", response.index_version));
    footer.push(format!("policy {}", response.policy_version));
    footer.extend(exposures(&response.exposures));
    parts.push(footer.join(" · "));
    parts.extend(next_page(&response.next_page_token));
    parts.join("\n\n")
}

/// Where merchandisers send the shopper, and what they show beside the hits.
fn merchandising_lines(response: &v1::SearchResponse) -> Vec<String> {
    let redirect = Some(&response.redirect).filter(|address| !address.is_empty());
    let redirect = redirect.map(|address| format!("redirect: {}", safe(address)));
    let banners = response.banners.iter().map(|banner| {
        let mut values: Vec<String> = banner
            .values
            .iter()
            .map(|(name, value)| format!("{} = {}", safe(name), safe(value)))
            .collect();
        values.sort();
        if !banner.text.is_empty() {
            values.push(safe(&banner.text));
        }
        format!("banner ({}): {}", safe(&banner.rule), values.join(", "))
    });
    redirect.into_iter().chain(banners).collect()
}

/// What one merchandising rule did, in words.
fn applied_line(applied: &v1::AppliedRule) -> String {
    let counts = [
        (applied.pinned, "pinned"),
        (applied.hidden, "hidden"),
        (applied.boosted, "boosted"),
        (applied.buried, "buried"),
    ];
    let counts = counts.iter().filter(|(count, _)| *count > 0);
    let mut done: Vec<String> = counts
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    done.push(safe(&applied.reason));
    format!("rule {}: {}", safe(&applied.rule), done.join(", "))
}

fn did_you_mean_line(meant: &v1::DidYouMean) -> String {
    let text = safe(&meant.text);
    match meant.applied {
        true => format!("已同時搜尋「{text}」"),
        false => format!("你是不是要找「{text}」？"),
    }
}

/// A page of the feed.
pub fn feed_page(response: &v1::GetFeedResponse, output: &Output) -> String {
    let mut parts = vec![card_table(&response.cards, output)];
    parts.extend(explanation::of_hits(hits_of(&response.cards)));
    let mut footer = vec![format!("{} cards", response.cards.len())];
    if !response.sources.is_empty() {
        footer.push(format!("from {}", response.sources.join(", ")));
    }
    footer.extend(timings(&response.timings));
    footer.push(format!("index {}", response.index_version));
    footer.extend(exposures(&response.exposures));
    let degraded = response.degraded.iter().map(|step| {
        let (from, to) = (safe(&step.from), safe(&step.to));
        format!("instead of {from}: {to}, for {}", safe(&step.reason))
    });
    parts.extend(degraded.reduce(|all, step| format!("{all}\n{step}")));
    let short = response.shortfalls.iter();
    parts.extend(short.map(|short| {
        let (pool, held, wanted) = (safe(&short.pool), short.held, short.wanted);
        format!("pool {pool} has {held} of the {wanted} cards that its minimum share asks for")
    }));
    parts.push(footer.join(" · "));
    parts.extend(next_page(&response.next_page_token));
    parts.join("\n\n")
}

/// Experiments that the shopper is in.
fn exposures(exposures: &[v1::Exposure]) -> Option<String> {
    let arms = exposures.iter();
    let arms = arms.map(|e| format!("{}.{}", safe(&e.experiment), safe(&e.arm)));
    let arms: Vec<String> = arms.collect();
    (!arms.is_empty()).then(|| format!("experiments {}", arms.join(", ")))
}

/// Items like one item.
pub fn similar_page(response: &v1::SimilarItemsResponse, output: &Output) -> String {
    let mut parts = vec![card_table(&response.cards, output)];
    parts.extend(explanation::of_hits(hits_of(&response.cards)));
    parts.push(format!(
        "{} cards · index {}",
        response.cards.len(),
        response.index_version
    ));
    parts.join("\n\n")
}

/// Hits in a table, numbered by their place in the whole result; "~" marks those that match only part of the query.
pub fn hit_table(hits: &[v1::Hit], output: &Output) -> String {
    let columns: Vec<_> = [("#", Align::Right)]
        .into_iter()
        .chain(HIT_COLUMNS)
        .collect();
    let rows = hits.iter().map(|hit| {
        let mut row = vec![(hit.position + 1).to_string()];
        row.extend(hit_cells(hit, output));
        if hit.partial_match {
            row[0].push('~');
        }
        row
    });
    table_of_filled(&columns, rows.collect(), output)
}

/// The first hits without score and id, for showing several answers one after another.
pub fn brief_table(hits: &[v1::Hit], output: &Output) -> String {
    let rows = hits.iter().map(|hit| {
        let mut cells = hit_cells(hit, output);
        cells.truncate(BRIEF_COLUMNS);
        cells
    });
    table_of_filled(&HIT_COLUMNS[..BRIEF_COLUMNS], rows.collect(), output)
}

/// Cards of a feed in a table, with where each comes from and why.
pub fn card_table(cards: &[v1::Card], output: &Output) -> String {
    let mut columns = vec![("#", Align::Right)];
    columns.extend(HIT_COLUMNS);
    columns.extend([
        ("source", Align::Left),
        ("why", Align::Left),
        ("likely", Align::Right),
        ("chance", Align::Right),
    ]);
    let rows = cards.iter().enumerate().filter_map(|(index, card)| {
        let mut row = vec![(index + 1).to_string()];
        row.extend(hit_cells(card.hit.as_ref()?, output));
        let chance = match card.propensity {
            p if p > 0.0 && p < 1.0 => format!("{p:.3}"),
            _ => String::new(),
        };
        let likely = card
            .probability
            .map(|share| format!("{:.2} %", 100.0 * share));
        row.extend([safe(&card.source), safe(&card.reason)]);
        row.extend([likely.unwrap_or_default(), chance]);
        Some(row)
    });
    table_of_filled(&columns, rows.collect(), output)
}

/// The cards of a feed as a shopper sees them, with why each is there.
pub fn brief_card_table(cards: &[v1::Card], output: &Output) -> String {
    let columns = [
        ("title", Align::Left),
        ("price", Align::Right),
        ("ships", Align::Left),
        ("source", Align::Left),
        ("why", Align::Left),
    ];
    let rows = cards.iter().filter_map(|card| {
        let hit = card.hit.as_ref()?;
        let offer = hit.offer.clone().unwrap_or_default();
        Some(vec![
            safe(&hit.title),
            offer::price(offer.display_price.as_ref()),
            offer::ship_modes(offer.ship_modes()),
            safe(&card.source),
            safe(&card.reason),
        ])
    });
    table(&columns, rows.collect(), output)
}

fn hits_of(cards: &[v1::Card]) -> impl Iterator<Item = &v1::Hit> {
    cards.iter().filter_map(|card| card.hit.as_ref())
}

fn hit_cells(hit: &v1::Hit, output: &Output) -> Vec<String> {
    let mut title = highlighted(&hit.title, &hit.highlights, output.is_styled());
    if !hit.display_title.is_empty() && hit.display_title != hit.title {
        title = format!("{title}\n→ {}", safe(&hit.display_title));
    }
    if !hit.pinned_by.is_empty() {
        title.push_str(&format!("\npinned by {}", safe(&hit.pinned_by)));
    }
    match hit.more_offers {
        0 => {}
        1 => title.push_str("\n+ 1 more offer"),
        more => title.push_str(&format!("\n+ {more} more offers")),
    }
    let offer = hit.offer.clone().unwrap_or_default();
    vec![
        title,
        safe(&hit.brand),
        offer::price(offer.display_price.as_ref()),
        offer::freight(offer.display_freight.as_ref()),
        offer::ship_modes(offer.ship_modes()),
        offer::notes(&offer, hit.badges()),
        format!("{:.3}", hit.score),
        safe(&hit.item_id),
        safe(&hit.team),
    ]
}

/// The rewrites of a query, in words: of one rule at one place the first few, and how many more there are.
pub fn rewrite_lines(query: &str, rewrites: &[v1::Rewrite]) -> impl Iterator<Item = String> {
    let of_one_rule =
        rewrites.chunk_by(|a, b| a.rule == b.rule && a.source.as_ref() == b.source.as_ref());
    of_one_rule.flat_map(move |of_rule| {
        let shown = of_rule.iter().take(REWRITES_SHOWN);
        let more = of_rule.len().saturating_sub(REWRITES_SHOWN);
        let more = (more > 0).then(|| format!("rewrite: and {more} more of {}", of_rule[0].rule));
        shown
            .map(move |rewrite| rewrite_line(query, rewrite))
            .chain(more)
    })
}

/// One rewrite of a query, in words.
pub fn rewrite_line(query: &str, rewrite: &v1::Rewrite) -> String {
    let range = rewrite.source.unwrap_or_default();
    let source = query
        .get(range.start as usize..range.end as usize)
        .unwrap_or_default();
    let target = if rewrite.target.is_empty() {
        "(taken out)"
    } else {
        &rewrite.target
    };
    let region = match rewrite.region.as_str() {
        "" => String::new(),
        region => format!(", {region}"),
    };
    format!(
        "rewrite: {} → {} ({}, weight {:.2}{region})",
        safe(source),
        safe(target),
        rewrite.rule,
        rewrite.weight
    )
}

/// What one restriction took away, in words.
pub fn removed_line(removed: &v1::RemovedByPolicy) -> String {
    let (count, id) = (removed.count, safe(&removed.restriction));
    format!(
        "removed: {count} by restriction {id}: {}",
        safe(&removed.reason)
    )
}

fn lines(lines: impl Iterator<Item = String>) -> Option<String> {
    let text = lines.collect::<Vec<_>>().join("\n");
    (!text.is_empty()).then_some(text)
}

fn facet_table(facet: &v1::Facet, output: &Output) -> String {
    let name = match facet.kind() {
        v1::FacetKind::Category => "category",
        v1::FacetKind::Brand => "brand",
        v1::FacetKind::ShipMode => "ship mode",
        v1::FacetKind::Price => "price",
        v1::FacetKind::Tag => "tag",
        v1::FacetKind::LandedPrice => "landed price",
        v1::FacetKind::Unspecified => "facet",
    };
    let rows = facet.buckets.iter().map(|bucket| {
        let value = match (bucket.price_min_minor, bucket.price_max_minor) {
            // Every currency of a region has two decimals; the contract sends no currency with a bucket.
            (Some(min), Some(max)) => format!("{} – {}", major_text(min, ""), major_text(max, "")),
            _ => safe(&bucket.value),
        };
        vec![value, bucket.count.to_string()]
    });
    table(
        &[(name, Align::Left), ("items", Align::Right)],
        rows.collect(),
        output,
    )
}

fn timings(timings: &[v1::StageTiming]) -> Option<String> {
    if timings.is_empty() {
        return None;
    }
    let millis = |micros: u64| format!("{:.2}", micros as f64 / 1_000.0);
    let total: u64 = timings.iter().map(|timing| timing.micros).sum();
    let processor: u64 = timings.iter().map(|timing| timing.processor_micros).sum();
    let stages = timings
        .iter()
        .map(|timing| format!("{} {}", timing.stage, millis(timing.micros)));
    Some(format!(
        "{} ms, {} of the processor ({})",
        millis(total),
        millis(processor),
        stages.collect::<Vec<_>>().join(", ")
    ))
}

fn next_page(token: &str) -> Option<String> {
    (!token.is_empty()).then(|| format!("next page: --page-token {token}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::output::Form;

    fn response() -> v1::SearchResponse {
        let offer = v1::DisplayOffer {
            display_price: Some(v1::Money {
                minor: 299_900,
                currency: "HKD".into(),
            }),
            ship_modes: vec![v1::ShipMode::Local.into()],
            delivery_days: Some(3),
            ..Default::default()
        };
        let hit = v1::Hit {
            item_id: "d-1".into(),
            title: "双门冰箱".into(),
            display_title: "雙門冰箱".into(),
            highlights: vec![v1::ByteRange { start: 6, end: 12 }],
            offer: Some(offer),
            badges: vec![v1::Badge::Local.into(), v1::Badge::New.into()],
            score: 1.25,
            pinned_by: "sale".into(),
            ..Default::default()
        };
        v1::SearchResponse {
            hits: vec![hit],
            total: 1,
            rewrites: vec![v1::Rewrite {
                rule: "region.term".into(),
                source: Some(v1::ByteRange { start: 0, end: 6 }),
                target: "冰箱".into(),
                weight: 0.9,
                region: "tw".into(),
            }],
            timings: vec![v1::StageTiming {
                stage: "recall".into(),
                micros: 1_500,
                processor_micros: 1_200,
            }],
            did_you_mean: vec![v1::DidYouMean {
                text: "雪糕".into(),
                ..Default::default()
            }],
            next_page_token: "abc".into(),
            redirect: "/sale".into(),
            banners: vec![v1::Banner {
                rule: "sale".into(),
                values: [("image".to_owned(), "a.png".to_owned())].into(),
                ..Default::default()
            }],
            applied_rules: vec![v1::AppliedRule {
                rule: "sale".into(),
                reason: "夏季".into(),
                pinned: 1,
                ..Default::default()
            }],
            ..Default::default()
        }
    }

    #[test]
    fn a_page_shows_what_a_shopper_and_an_engineer_need() {
        let text = search_page("雪櫃", &response(), &Output::standard(Form::Tables));
        let parts = [
            "双门冰箱",
            "→ 雙門冰箱",
            "HKD 2999.00",
            "本地",
            "新品 3日內",
            "1.250",
            "d-1",
            "rewrite: 雪櫃 → 冰箱 (region.term, weight 0.90, tw)",
            "你是不是要找「雪糕」？",
            "1 shown, 1 match · 1.50 ms, 1.20 of the processor (recall 1.50)",
            "next page: --page-token abc",
            "redirect: /sale",
            "banner (sale): image = a.png",
            "rule sale: 1 pinned, 夏季",
            "pinned by sale",
        ];
        for part in parts {
            assert!(text.contains(part), "{part:?} is not in\n{text}");
        }
    }

    #[test]
    fn many_rewrites_of_one_rule_are_cut_short() {
        let one = v1::Rewrite {
            rule: "concept.kind".to_owned(),
            target: "可樂".to_owned(),
            ..Default::default()
        };
        let lines: Vec<String> = rewrite_lines("飲品", &vec![one; REWRITES_SHOWN + 3]).collect();
        assert_eq!(lines.len(), REWRITES_SHOWN + 1);
        assert_eq!(
            lines.last().map(String::as_str),
            Some("rewrite: and 3 more of concept.kind")
        );
    }

    #[test]
    fn a_rewrite_of_no_part_of_the_query_does_no_harm() {
        let mut response = response();
        response.rewrites[0].source = Some(v1::ByteRange { start: 1, end: 99 });
        let text = search_page("雪櫃", &response, &Output::standard(Form::Tables));
        assert!(text.contains("rewrite:  → 冰箱"), "{text}");
    }
}
