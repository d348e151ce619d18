//! How the feed is put together: `[feed]` in `<region>/ranking.toml`.

use std::collections::BTreeMap;

use toml::Spanned;

use super::{place, pools::PoolTable};
use crate::base::{
    error::{Result, SampanError},
    limits::{FEED_EXPLORATION_SHARE_MAX, FEED_SEEDS_MAX, QUOTA_WINDOW, RESULT_WINDOW},
};

/// Names of the feed's recall sources; the registry of the feed is checked against them by a test.
pub const FEED_SOURCE_NAMES: &[&str] = &[
    "repeat",
    "item_to_item",
    "query_to_item",
    "user_vector",
    "vector",
    "popular",
    "trend",
    "new",
    "pool",
    "local_taste",
    "exploration",
];

/// A share of each page that is kept for a pool.
#[derive(Debug, Clone, PartialEq)]
pub struct MinimumShare {
    pub pool: String,
    /// 0 to 1.
    pub share: f64,
    /// File and line that say so.
    place: String,
}

/// How the feed is put together.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedProfile {
    /// Recent items of the user that recall starts from.
    pub seeds: usize,
    /// Candidates of a source at most.
    pub per_source: usize,
    /// Less than that, by name of the source; 0 switches one off.
    pub candidates: BTreeMap<String, usize>,
    /// Most cards of a source in any ten neighbours, by its name.
    pub most: BTreeMap<String, usize>,
    /// Share of relevance against variety, 0 to 1 (the lambda of maximal marginal relevance).
    pub relevance_share: f64,
    /// No card whose score is below this share of the best one's is lifted past a better one for variety, 0 to 1.
    pub relevance_floor: f64,
    /// Cards of one seller in any ten neighbours.
    pub seller_cap: usize,
    /// Cards of one category in any ten neighbours.
    pub category_cap: usize,
    /// An item that was on screen so often lately without a click is left out; 0: never.
    pub frequency_cap: usize,
    /// Share of the places that chance fills with new, local and seldom shown items.
    pub exploration_share: f64,
    /// Items that were shown more often than this in the region are not explored.
    pub exploration_shown_max: f64,
    pub minimum: Vec<MinimumShare>,
}

impl Default for FeedProfile {
    fn default() -> Self {
        Self {
            seeds: 20,
            per_source: 200,
            candidates: BTreeMap::new(),
            most: BTreeMap::new(),
            relevance_share: 0.8,
            relevance_floor: 0.2,
            seller_cap: 3,
            category_cap: 4,
            frequency_cap: 5,
            exploration_share: 0.05,
            exploration_shown_max: 100.0,
            minimum: Vec::new(),
        }
    }
}

impl FeedProfile {
    /// Candidates that a source may bring.
    pub fn candidates_of(&self, source: &str) -> usize {
        let own = self.candidates.get(source).copied();
        own.map_or(self.per_source, |own| own.min(self.per_source))
    }

    /// Most cards of a source in any ten neighbours.
    pub fn most_of(&self, source: &str) -> usize {
        self.most.get(source).copied().unwrap_or(QUOTA_WINDOW)
    }

    /// The key that is out of range with its table, and its range.
    fn fault(&self) -> Option<(&'static str, String, String)> {
        let at_most = |key: &str, value: usize, most: usize| {
            (value > most).then(|| ("[feed]", key.to_owned(), format!("at most {most}")))
        };
        let share = |key: &str, value: f64, most: f64| {
            let is_out = !(0.0..=most).contains(&value);
            is_out.then(|| {
                (
                    "[feed]",
                    key.to_owned(),
                    format!("lies between 0 and {most}"),
                )
            })
        };
        let named = |table: &'static str, of: &BTreeMap<String, usize>, most: usize| {
            let wrong = of.iter().find_map(|(name, count)| {
                if !FEED_SOURCE_NAMES.contains(&name.as_str()) {
                    let known = FEED_SOURCE_NAMES.join(", ");
                    return Some((name, format!("is no source; one of {known}")));
                }
                (*count > most).then(|| (name, format!("at most {most}")))
            });
            wrong.map(|(name, reason)| (table, name.clone(), reason))
        };
        let shown = self.exploration_shown_max;
        at_most("seeds", self.seeds, FEED_SEEDS_MAX)
            .or_else(|| at_most("per_source", self.per_source, RESULT_WINDOW))
            .or_else(|| share("relevance_share", self.relevance_share, 1.0))
            .or_else(|| share("relevance_floor", self.relevance_floor, 1.0))
            .or_else(|| {
                let most = FEED_EXPLORATION_SHARE_MAX;
                share("exploration_share", self.exploration_share, most)
            })
            .or_else(|| share("exploration_shown_max", shown, f64::MAX))
            .or_else(|| named("[feed.candidates]", &self.candidates, RESULT_WINDOW))
            .or_else(|| named("[feed.most]", &self.most, QUOTA_WINDOW))
    }
}

/// As the file writes it.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeedTable {
    seeds: Option<usize>,
    per_source: Option<usize>,
    #[serde(default)]
    candidates: BTreeMap<String, usize>,
    #[serde(default)]
    most: BTreeMap<String, usize>,
    relevance_share: Option<f64>,
    relevance_floor: Option<f64>,
    seller_cap: Option<usize>,
    category_cap: Option<usize>,
    frequency_cap: Option<usize>,
    exploration_share: Option<f64>,
    exploration_shown_max: Option<f64>,
    #[serde(default)]
    minimum: BTreeMap<String, Spanned<f64>>,
}

/// Lays a file's table over what it inherits, key by key.
pub fn lay_over(feed: &mut FeedProfile, path: &str, text: &str, table: FeedTable) -> Result<()> {
    fn set<T>(to: &mut T, value: Option<T>) {
        if let Some(value) = value {
            *to = value;
        }
    }
    set(&mut feed.seeds, table.seeds);
    set(&mut feed.per_source, table.per_source);
    set(&mut feed.relevance_share, table.relevance_share);
    set(&mut feed.relevance_floor, table.relevance_floor);
    set(&mut feed.seller_cap, table.seller_cap);
    set(&mut feed.category_cap, table.category_cap);
    set(&mut feed.frequency_cap, table.frequency_cap);
    set(&mut feed.exploration_share, table.exploration_share);
    set(&mut feed.exploration_shown_max, table.exploration_shown_max);
    feed.candidates.extend(table.candidates);
    feed.most.extend(table.most);
    if let Some((table, key, reason)) = feed.fault() {
        let reason = format!("{key}: {reason}");
        return Err(place::wrong(path, text, table, &key, reason));
    }
    for (pool, share) in table.minimum {
        let line = place::line_at(text, share.span().start);
        let place = format!("{path}:{line}");
        let share = share.into_inner();
        if !(0.0..=1.0).contains(&share) {
            let reason = format!("[feed.minimum] {pool}: lies between 0 and 1");
            return Err(SampanError::Configuration { place, reason });
        }
        feed.minimum.retain(|known| known.pool != pool);
        feed.minimum.push(MinimumShare { pool, share, place });
    }
    Ok(())
}

/// Checks that the pools that are promised places are there, and that there are so many places.
pub fn check(feed: &FeedProfile, pools: &PoolTable) -> Result<()> {
    let mut promised = feed.exploration_share;
    for minimum in &feed.minimum {
        let refuse = |reason: String| {
            Err(SampanError::Configuration {
                place: minimum.place.clone(),
                reason: format!("[feed.minimum] {}: {reason}", minimum.pool),
            })
        };
        if !pools.has(&minimum.pool) {
            return refuse("there is no pool of this id: put it first".to_owned());
        }
        promised += minimum.share;
        if promised > 1.0 {
            return refuse(format!(
                "all minimum shares and the share of exploration add up to {promised}, above 1"
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::config::{Configuration, DictionarySource};

    /// A region's profile with one pool, checked as at a start.
    fn read(profile: &str) -> Result<Configuration, String> {
        let pools = "[[pool]]\nid = \"a\"\ntag = [\"x\"]\n[[pool]]\nid = \"b\"\ntag = [\"y\"]\n";
        let mut files = DictionarySource::Embedded.load().unwrap();
        for (path, text) in [("common/pools.toml", pools), ("hk/ranking.toml", profile)] {
            files.0.insert(path.to_owned(), text.to_owned());
        }
        Configuration::read(files.into()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_region_states_what_differs_and_inherits_the_rest() {
        let text = "[feed]\nfrequency_cap = 2\n[feed.candidates]\ntrend = 0\nnew = 20\n[feed.most]\n\
            popular = 3\n[feed.minimum]\na = 0.25\n";
        let configuration = read(text).unwrap();
        let profile = |region| {
            let region = configuration.regions.find(region).unwrap();
            configuration.profile(region).feed.clone()
        };
        let (own, common) = (profile("hk"), profile("tw"));
        assert_eq!((own.frequency_cap, own.seeds), (2, common.seeds));
        assert_eq!(
            (own.candidates_of("trend"), own.candidates_of("new")),
            (0, 20)
        );
        let same = own.candidates_of("item_to_item");
        assert_eq!(same, common.candidates_of("item_to_item"));
        assert_eq!((own.most_of("popular"), own.most_of("trend")), (3, 10));
        assert_eq!(
            (own.minimum[0].pool.as_str(), own.minimum[0].share),
            ("a", 0.25)
        );
        assert!(common.minimum.is_empty() && common.candidates_of("trend") > 0);
    }

    #[test]
    fn what_cannot_be_is_refused_with_its_line() {
        for (text, line, word) in [
            ("[feed]\nseeds = 51", 2, "seeds: at most 50"),
            ("[feed]\nper_source = 501", 2, "per_source: at most 500"),
            ("[feed]\nrelevance_share = 1.5", 2, "between 0 and 1"),
            ("[feed]\nrelevance_floor = nan", 2, "between 0 and 1"),
            ("[feed]\nexploration_share = 0.51", 2, "between 0 and 0.5"),
            ("[feed]\nexploration_shown_max = -1.0", 2, "between 0"),
            ("[feed]\nodd = 1", 2, "odd"),
            (
                "[feed.candidates]\nodd = 1",
                2,
                "odd: is no source; one of repeat",
            ),
            ("[feed.candidates]\n\nnew = 501", 3, "new: at most 500"),
            ("[feed.most]\nnew = 11", 2, "new: at most 10"),
            ("[feed.minimum]\nc = 0.1", 2, "no pool of this id"),
            ("[feed.minimum]\na = -0.1", 2, "between 0 and 1"),
            ("[feed.minimum]\na = 0.5\nb = 0.51", 3, "above 1"),
        ] {
            let message = read(text).unwrap_err();
            let place = format!("hk/ranking.toml:{line}: ");
            assert!(message.starts_with(&place), "{text}: {message}");
            assert!(message.contains(word), "{word}: {message}");
        }
    }
}
