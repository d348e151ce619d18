//! What a ranking profile does with a region's pools: `[pools.ID]` in `<region>/ranking.toml`.

use std::collections::BTreeMap;

use toml::Spanned;

use super::{place, pools::PoolTable};
use crate::base::{
    error::{Result, SampanError},
    limits::{QUOTA_WINDOW, RESULT_WINDOW},
};

/// What becomes of a pool's items.
#[derive(Debug, Clone, PartialEq)]
pub struct PoolUse {
    /// Share of the weight `pool` in `[boosts]` that lifts each item, 0 to 1.
    pub boost: f64,
    /// Places of every [`QUOTA_WINDOW`] that are kept for them.
    pub quota: usize,
    /// They are never shown.
    pub exclude: bool,
    /// Items that the pool brings to the feed.
    pub recall: usize,
    /// File and line that say so.
    place: String,
}

/// By id of the pool.
pub type PoolUses = BTreeMap<String, PoolUse>;

/// As the file writes it.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PoolUseRow {
    #[serde(default)]
    boost: f64,
    #[serde(default)]
    quota: usize,
    #[serde(default)]
    exclude: bool,
    #[serde(default)]
    recall: usize,
}

impl PoolUseRow {
    /// The field at fault, and why.
    fn fault(&self) -> Option<(&'static str, String)> {
        if !(0.0..=1.0).contains(&self.boost) {
            return Some(("boost", "lies between 0 and 1".to_owned()));
        }
        if self.quota > QUOTA_WINDOW {
            return Some(("quota", format!("at most {QUOTA_WINDOW}")));
        }
        if self.recall > RESULT_WINDOW {
            return Some(("recall", format!("at most {RESULT_WINDOW}")));
        }
        let shows = self.boost > 0.0 || self.quota > 0 || self.recall > 0;
        let reason = "an excluded pool has no boost, quota or recall";
        (self.exclude && shows).then(|| ("exclude", reason.to_owned()))
    }
}

/// Lays the tables of a file over those of the files it inherits, each whole over the one of the same id.
pub fn lay_over(
    uses: &mut PoolUses,
    path: &str,
    text: &str,
    rows: BTreeMap<String, Spanned<PoolUseRow>>,
) -> Result<()> {
    for (id, row) in rows {
        let line = place::line_at(text, row.span().start);
        let row = row.into_inner();
        let place = format!("{path}:{line}");
        if let Some((key, reason)) = row.fault() {
            let reason = format!("[pools.{id}] {key}: {reason}");
            return Err(SampanError::Configuration { place, reason });
        }
        let pool_use = PoolUse {
            boost: row.boost,
            quota: row.quota,
            exclude: row.exclude,
            recall: row.recall,
            place,
        };
        uses.insert(id, pool_use);
    }
    Ok(())
}

/// Checks what a region does with its pools: they are there, their quotas fit, and a boost has a weight.
pub fn check(uses: &PoolUses, pools: &PoolTable, weight: f64) -> Result<()> {
    let mut places = 0;
    for (id, pool_use) in uses {
        let refuse = |reason: String| {
            Err(SampanError::Configuration {
                place: pool_use.place.clone(),
                reason: format!("[pools.{id}] {reason}"),
            })
        };
        if !pools.has(id) {
            return refuse("there is no pool of this id: put it first".to_owned());
        }
        if pool_use.boost > 0.0 && weight == 0.0 {
            return refuse(
                "boost: there is no weight that it is a share of: set `pool` in [boosts]"
                    .to_owned(),
            );
        }
        places += pool_use.quota;
        if places > QUOTA_WINDOW {
            return refuse(format!(
                "quota: all quotas together take {places} of {QUOTA_WINDOW} places"
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::config::{Configuration, DictionarySource};

    /// What a region's profile does with two pools, checked as at a start.
    fn read(profile: &str) -> Result<Configuration, String> {
        let pools =
            "[[pool]]\nid = \"a\"\ntag = [\"x\"]\n[[pool]]\nid = \"夏 日\"\ntag = [\"y\"]\n";
        let mut files = DictionarySource::Embedded.load().unwrap();
        for (path, text) in [("common/pools.toml", pools), ("hk/ranking.toml", profile)] {
            files.0.insert(path.to_owned(), text.to_owned());
        }
        Configuration::read(files.into()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_profile_says_what_becomes_of_pools() {
        let text = "[boosts]\nmargin = 0.2\npool = 0.1\n[pools.a]\nboost = 0.5\nquota = 10\nrecall = 500\n\
            [pools.\"夏 日\"]\nexclude = true\n";
        let configuration = read(text).unwrap();
        let region = configuration.regions.find("hk").unwrap();
        let uses = &configuration.profile(region).pools;
        let a = &uses["a"];
        assert_eq!(
            (a.boost, a.quota, a.recall, a.exclude),
            (0.5, 10, 500, false)
        );
        assert!(uses["夏 日"].exclude);
        let elsewhere = configuration.regions.find("tw").unwrap();
        assert!(configuration.profile(elsewhere).pools.is_empty());
    }

    #[test]
    fn what_cannot_be_is_refused_with_its_line() {
        let boosts = "[boosts]\nmargin = 0.2\npool = 0.1\n";
        for (rest, word) in [
            ("[pools.b]\nquota = 1", "no pool of this id"),
            ("[pools.a]\nboost = 1.1", "between 0 and 1"),
            ("[pools.a]\nboost = nan", "between 0 and 1"),
            ("[pools.a]\nquota = 11", "at most 10"),
            ("[pools.a]\nrecall = 501", "at most 500"),
            ("[pools.a]\nexclude = true\nquota = 1", "excluded"),
        ] {
            let message = read(&format!("{boosts}{rest}\n")).unwrap_err();
            assert!(message.starts_with("hk/ranking.toml:4: "), "{message}");
            assert!(message.contains(word), "{word}: {message}");
        }
        let message = read("\n[pools.a]\nboost = 0.5\n").unwrap_err();
        assert!(message.starts_with("hk/ranking.toml:2: "), "{message}");
        assert!(message.contains("[boosts]"), "{message}");
        let both = "[pools.a]\nquota = 6\n[pools.\"夏 日\"]\nquota = 5\n";
        let message = read(both).unwrap_err();
        assert!(message.contains("11 of 10"), "{message}");
        let message = read("[boosts]\nmargin = 0.1\npool = 0.05\n").unwrap_err();
        assert!(message.contains("margin"), "{message}");
    }
}
