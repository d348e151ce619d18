//! What a shopper searched for: the queries that events say led to them, each by its latest time.

use std::sync::Arc;

use sampan_analyzers::memory::{ARC_BYTES, vec_bytes};

use super::{latest::keep_latest, query_items::QueryKey};
use crate::base::limits::SHOPPER_QUERIES_MAX;

/// A query that a shopper made. In order of time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Search {
    /// Seconds since 1970.
    pub seconds: u32,
    pub(super) key: QueryKey,
    /// As it was typed.
    pub text: Arc<str>,
}

/// The latest queries of a user, or of a session before anybody signed in, oldest first; each once.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Searches(Vec<Search>);

impl Searches {
    pub fn note(&mut self, search: Search) {
        keep_latest(&mut self.0, search, SHOPPER_QUERIES_MAX, |known| known.key);
    }

    /// Latest first.
    pub fn latest(&self) -> impl Iterator<Item = &Search> {
        self.0.iter().rev()
    }

    /// Adds what was searched for in a session before its user signed in.
    pub fn join(&mut self, session: &Self) {
        session
            .0
            .iter()
            .for_each(|search| self.note(search.clone()));
    }

    /// Forgets what came before a moment.
    pub fn expire(&mut self, before: u32) {
        self.0.retain(|search| search.seconds >= before);
    }

    /// Forgets the query of an erased event.
    pub fn forget(&mut self, search: &Search) {
        self.0.retain(|known| known != search);
    }

    pub fn oldest_seconds(&self) -> Option<u32> {
        self.0.first().map(|search| search.seconds)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Bytes that it points at.
    pub fn heap_bytes(&self) -> u64 {
        let texts = self.0.iter();
        let texts = texts.map(|search| ARC_BYTES + search.text.len() as u64);
        vec_bytes(&self.0) + texts.sum::<u64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(seconds: u32, text: &str) -> Search {
        Search {
            seconds,
            key: QueryKey::of("hk", text).unwrap(),
            text: text.into(),
        }
    }

    fn texts(searches: &Searches) -> Vec<&str> {
        searches.latest().map(|search| &*search.text).collect()
    }

    #[test]
    fn the_latest_queries_are_kept_each_once() {
        let mut searches = Searches::default();
        for number in 0..SHOPPER_QUERIES_MAX as u32 {
            searches.note(search(number, &number.to_string()));
        }
        assert_eq!(texts(&searches).len(), SHOPPER_QUERIES_MAX);
        searches.note(search(100, "0"));
        assert_eq!(texts(&searches).len(), SHOPPER_QUERIES_MAX);
        assert_eq!(texts(&searches)[..3], ["0", "9", "8"]);
        searches.note(search(101, "new"));
        assert_eq!(texts(&searches).len(), SHOPPER_QUERIES_MAX);
        assert!(!texts(&searches).contains(&"1"));
    }

    #[test]
    fn a_session_gives_what_it_has_and_what_is_forgotten_is_gone() {
        let mut session = Searches::default();
        session.note(search(7, "anybody's"));
        let mut own = Searches::default();
        own.join(&session);
        assert_eq!(texts(&own), ["anybody's"]);
        own.forget(&search(6, "anybody's"));
        assert!(!own.is_empty() && own.oldest_seconds() == Some(7));
        own.expire(8);
        assert!(own.is_empty());
    }
}
