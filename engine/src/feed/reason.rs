//! Why a card is in the feed, in the asked script.

use crate::{
    flow::{
        candidate::Source,
        interests::Interests,
        page::{PageBuilder, display_title},
        rank::RankedItem,
    },
    index::generation::Generation,
};

/// Characters of a title that a reason quotes.
const QUOTED_CHARACTERS: usize = 12;

/// One line for a shopper; written in Traditional and converted to the asked script.
pub fn reason(
    builder: &PageBuilder<'_>,
    generation: &Generation,
    interests: &Interests,
    ranked: &RankedItem,
    source: Option<Source>,
) -> String {
    let region = &generation
        .configuration
        .regions
        .get(builder.gate.market().region)
        .name;
    let text = match source {
        Some(Source::ItemToItem | Source::Vector) => {
            match seen_title(builder, generation, interests, ranked) {
                Some(title) => format!("因為你看過「{title}」"),
                None => "相似商品".to_owned(),
            }
        }
        Some(Source::Popular) => format!("{region}熱賣"),
        Some(Source::New) => "新品上架".to_owned(),
        Some(Source::Pool) => match pool_title(builder, ranked) {
            Some(title) => title.to_owned(),
            None => format!("{region}好物"),
        },
        Some(Source::Lexical | Source::NearWords) => "相似商品".to_owned(),
        Some(Source::Browse | Source::Pinned) | None => format!("{region}好物"),
    };
    display_title(builder.analyzer, &text, builder.gate.market().script)
}

/// The title of the first pool that recalled an item.
fn pool_title<'b>(builder: &'b PageBuilder<'_>, ranked: &RankedItem) -> Option<&'b str> {
    let region = builder.gate.market().region;
    let recalled = builder
        .profile
        .pools
        .iter()
        .filter(|(_, its)| its.recall > 0);
    let mut pools = recalled.filter_map(|(id, _)| builder.columns.pools.find(region, id));
    let known = pools.find(|known| known.items.contains(ranked.ordinal))?;
    Some(known.pool.title.as_str()).filter(|title| !title.is_empty())
}

/// The title of the seed that links most to an item, cut short. What has been barred since it was seen is not named.
fn seen_title(
    builder: &PageBuilder<'_>,
    generation: &Generation,
    interests: &Interests,
    ranked: &RankedItem,
) -> Option<String> {
    let quotable = |(seed, _): &&(u32, f32)| !builder.gate.is_barred(*seed);
    let mut seeds = interests.seeds.iter().filter(quotable);
    let strongest = seeds.clone().next();
    let linked = seeds.find(|(seed, _)| generation.behaviour.goes_with(*seed, ranked.ordinal));
    let (seed, _) = linked.or(strongest)?;
    let row = builder.columns.row(*seed)?;
    let item = builder.store.item(&row.id).ok()??.item?;
    let title = &item.titles.first()?.text;
    let short: String = title.chars().take(QUOTED_CHARACTERS).collect();
    Some(if short.len() < title.len() {
        format!("{short}…")
    } else {
        short
    })
}
