//! Who completes what is typed.

use super::log::QueryLog;
use crate::evaluate::node::RegionShoppers;

/// Something that completes.
pub trait Completer {
    /// Queries that a prefix may become, best first, at most `count`.
    ///
    /// # Errors
    /// They cannot be looked up.
    fn complete(&self, prefix: &str, count: usize) -> anyhow::Result<Vec<String>>;
}

impl Completer for RegionShoppers<'_> {
    fn complete(&self, prefix: &str, count: usize) -> anyhow::Result<Vec<String>> {
        let suggestions = self.suggest(prefix, count)?.into_iter();
        Ok(suggestions.map(|suggestion| suggestion.text).collect())
    }
}

/// Most popular completion: the queries of the log that begin so, those asked most first (the baseline of Bar-Yossef and
/// Kraus, "Context-sensitive query auto-completion", WWW 2011). It knows nothing of scripts, sounds or what is sold.
pub struct MostPopular(QueryLog);

impl MostPopular {
    pub fn of(mut log: QueryLog) -> Self {
        log.sort();
        Self(log)
    }
}

impl Completer for MostPopular {
    fn complete(&self, prefix: &str, count: usize) -> anyhow::Result<Vec<String>> {
        let start = self.0.partition_point(|(query, _)| query.as_str() < prefix);
        let begun = self.0[start..].iter();
        let begun = begun.take_while(|(query, _)| query.starts_with(prefix));
        let mut begun: Vec<_> = begun.collect();
        begun.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let first = begun.into_iter().take(count);
        Ok(first.map(|(query, _)| query.clone()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_popular_that_begin_so_come_first() {
        let log = [("洗衣機", 2), ("洗衣粉", 5), ("洗髮水", 9), ("奶粉", 9)];
        let log = log.map(|(query, times)| (query.to_owned(), times));
        let completer = MostPopular::of(log.to_vec());
        assert_eq!(
            completer.complete("洗衣", 10).unwrap(),
            ["洗衣粉", "洗衣機"]
        );
        assert_eq!(completer.complete("洗", 1).unwrap(), ["洗髮水"]);
        assert!(completer.complete("洗碗", 9).unwrap().is_empty());
    }
}
