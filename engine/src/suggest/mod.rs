//! Floor 5: completions of what is being typed, in any script or by sound, from real queries and from the catalogue's own names, and only of what
//! the region can buy.

use std::collections::HashSet;

use sampan_proto::v1;

use crate::{
    base::{
        error::{Result, SampanError},
        limits,
    },
    flow::{
        filter::Gate,
        request::{self, Market},
        understand::understand,
    },
    index::{
        columns::NameId,
        generation::Generation,
        lexical::{LexicalQuery, MatchLevel},
        vocabulary::{Entry, EntryKind, Prefix},
    },
};

/// Completions that are looked at for each that is asked: some cannot be bought.
const TRIED_FOR_EACH: usize = 8;
/// Fewest bytes of a sound: a zhuyin symbol, or two letters. A single letter begins half of all words.
const SOUND_BYTES_MIN: usize = 2;
/// Eligible items counted behind a suggestion.
const ITEMS_COUNTED_MAX: u64 = 1_000;

/// Completions of a prefix, best first.
pub fn suggest(
    generation: &Generation,
    request: &v1::SuggestRequest,
) -> Result<v1::SuggestResponse> {
    let configuration = &generation.configuration;
    let market = Market::resolve(configuration, &request.region, &request.ship_to, 0, "")?;
    if request.prefix.len() > limits::PREFIX_BYTES_MAX {
        let reason = format!(
            "{} bytes; at most {}",
            request.prefix.len(),
            limits::PREFIX_BYTES_MAX
        );
        return Err(SampanError::invalid("prefix", reason));
    }
    if request.count > limits::SUGGEST_COUNT_MAX {
        let reason = format!("{}; at most {}", request.count, limits::SUGGEST_COUNT_MAX);
        return Err(SampanError::invalid("count", reason));
    }
    request::check_user(request.user.as_ref().unwrap_or(&v1::UserContext::default()))?;
    let count = match request.count {
        0 => limits::SUGGEST_COUNT_DEFAULT,
        count => count,
    } as usize;
    let prefix = prefix(generation, &request.prefix);
    let gate = Gate::new(&generation.columns, configuration, market);
    let region = configuration.regions.get(market.region);
    let tried = generation
        .vocabulary
        .complete(&prefix, &region.code, count * TRIED_FOR_EACH);
    let mut suggestions: Vec<v1::Suggestion> = Vec::new();
    for completion in tried {
        let entry = completion.entry;
        if suggestions.len() == count {
            break;
        }
        let text = generation.analyzer.display(&entry.text, region.script);
        if suggestions.iter().any(|known| known.text == text) {
            continue;
        }
        let items = eligible_items(generation, &gate, entry, &region.code)?;
        if items == 0 {
            continue;
        }
        suggestions.push(v1::Suggestion {
            highlights: highlight(generation, &text, &prefix),
            text,
            kind: entry.kind.name().to_owned(),
            items,
            score: completion.score,
        });
    }
    Ok(v1::SuggestResponse {
        suggestions,
        index_version: generation.version(),
        policy_version: generation.columns.policy.version.clone(),
    })
}

/// Items behind a suggestion that the region can buy, counted up to [`ITEMS_COUNTED_MAX`]. Items of other brands or
/// categories that hold its characters do not count for a brand or a category.
fn eligible_items(
    generation: &Generation,
    gate: &Gate<'_>,
    entry: &Entry,
    region: &str,
) -> Result<u64> {
    let columns = &generation.columns;
    let brands = columns.names.brands.with_key(entry.key());
    let paths = entry.paths.iter();
    let categories: HashSet<NameId> = paths
        .filter_map(|path| columns.names.categories.find(path))
        .collect();
    let is_named = |ordinal| {
        let hot = columns.hot(ordinal);
        entry.kind == EntryKind::Query
            || brands.contains(&hot.brand)
            || categories.contains(&hot.category)
    };
    let understood = understand(&generation.analyzer, &entry.text, region, &HashSet::new())?;
    let query = LexicalQuery::new(&understood);
    if query.units().is_empty() {
        return Ok(0);
    }
    let mut items = 0;
    let matching = generation.lexical.matching(&query, MatchLevel::All);
    matching.each(&mut |ordinal| {
        items += u64::from(is_named(ordinal) && gate.allows(ordinal));
        items < ITEMS_COUNTED_MAX
    })?;
    Ok(items)
}

fn prefix(generation: &Generation, typed: &str) -> Prefix {
    let mut sounds = generation.analyzer.typed_prefixes(typed);
    sounds.retain(|sound| sound.len() >= SOUND_BYTES_MIN);
    Prefix {
        key: generation.analyzer.fold_key(typed),
        sounds,
    }
}

/// The shortest beginning of `text` whose key is the prefix's, or that the prefix is the sound of.
fn highlight(generation: &Generation, text: &str, prefix: &Prefix) -> Vec<v1::ByteRange> {
    let analyzer = &generation.analyzer;
    let key = prefix.key.as_str();
    if key.is_empty() {
        return Vec::new();
    }
    let is_spelled = analyzer.fold_key(text).starts_with(key);
    let answers = |beginning: &str| match is_spelled {
        true => analyzer.fold_key(beginning).len() >= key.len(),
        false => analyzer.reading_keys(beginning).iter().any(|reading| {
            let mut sounds = prefix.sounds.iter();
            sounds.any(|sound| reading.key.starts_with(sound))
        }),
    };
    let mut ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    let end = ends.find(|end| answers(&text[..*end]));
    end.map(|end| v1::ByteRange {
        start: 0,
        end: end as u32,
    })
    .into_iter()
    .collect()
}
