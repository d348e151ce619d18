//! What the catalogue holds, counted for correcting typing mistakes. Counted on a thread of its own: a large catalogue
//! takes seconds, and neither writes nor queries wait for it.

use std::{
    sync::Arc,
    thread::JoinHandle,
    time::{Duration, Instant},
};

use rustc_hash::FxHashSet;
use sampan_analyzers::{Analyzer, SpellVocabulary};

use super::lexical::LexicalSnapshot;
use crate::{
    base::{
        error::{Result, SampanError},
        limits::SPELLING_QUERY_EVENTS_MIN,
        priority::stand_behind_queries,
    },
    behaviour::BehaviourSnapshot,
    config::Configuration,
    store::state::Store,
};

/// A count is followed by a rest of so many times its duration: it takes a twentieth of a core at most.
const REST_TIMES: u32 = 20;

/// What is counted.
pub struct SpellingInput {
    pub lexical: LexicalSnapshot,
    /// Its titles tell what stands side by side there.
    pub store: Store,
    pub behaviour: BehaviourSnapshot,
    pub configuration: Arc<Configuration>,
    pub analyzer: Arc<Analyzer>,
}

impl SpellingInput {
    /// Terms of the index, titles of the store, and past queries of all regions.
    fn count(&self) -> Result<SpellVocabulary> {
        let items = u32::try_from(self.lexical.len()).unwrap_or(u32::MAX);
        let mut vocabulary = self.analyzer.spell_vocabulary(items);
        self.lexical
            .each_term(&mut |term, items| vocabulary.add_term(term, items))?;
        self.store.each_item(&mut |stored| {
            let titles = stored.item.iter().flat_map(|item| &item.titles);
            vocabulary.add_titles(titles.map(|title| title.text.as_str()));
            Ok(())
        })?;
        for (_, region) in self.configuration.regions.iter() {
            for (query, events) in self.behaviour.queries(&region.code) {
                let items = items_of_query(events);
                if items > 0 {
                    let mut terms = FxHashSet::default();
                    self.analyzer.index_tokens(query, &mut |token| {
                        terms.insert(token.term.to_owned());
                    });
                    vocabulary.add_query(query, terms.iter().map(String::as_str), items);
                }
            }
        }
        Ok(vocabulary.build())
    }
}

/// Items that a query counts as beside the titles: one at [`SPELLING_QUERY_EVENTS_MIN`] events, and one more each time that
/// these double; none below. So what many titles say is not drowned by one query that everybody types.
fn items_of_query(events: u32) -> u32 {
    let doublings = (events / SPELLING_QUERY_EVENTS_MIN).checked_ilog2();
    doublings.map_or(0, |doublings| doublings + 1)
}

/// Counts in the background, one count at a time.
#[derive(Default)]
pub struct SpellingCounter {
    running: Option<(Instant, JoinHandle<Result<SpellVocabulary>>)>,
    rests_until: Option<Instant>,
}

impl SpellingCounter {
    /// Whether a count may begin.
    pub fn is_ready(&self) -> bool {
        let is_resting = self.rests_until.is_some_and(|until| Instant::now() < until);
        self.running.is_none() && !is_resting
    }

    /// Whether a count has begun whose outcome is not taken yet.
    pub fn is_counting(&self) -> bool {
        self.running.is_some()
    }

    /// Begins a count.
    pub fn start(&mut self, input: SpellingInput) -> Result<()> {
        let thread = std::thread::Builder::new()
            .name("spelling".into())
            .spawn(move || {
                stand_behind_queries();
                input.count()
            })
            .map_err(SampanError::internal)?;
        self.running = Some((Instant::now(), thread));
        Ok(())
    }

    /// What was counted, once it is there.
    pub fn finished(&mut self) -> Option<Result<SpellVocabulary>> {
        let (started, thread) = self.running.take_if(|(_, thread)| thread.is_finished())?;
        let took: Duration = started.elapsed();
        self.rests_until = Some(Instant::now() + took * REST_TIMES);
        let counted = thread.join().unwrap_or_else(|_| {
            Err(SampanError::internal(
                "counting the catalogue's words panicked",
            ))
        });
        if let Ok(vocabulary) = &counted {
            let (pairs, triples) = vocabulary.sizes();
            tracing::debug!(pairs, triples, ?took, "words were counted");
        }
        Some(counted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_counts_from_the_fewest_events_on_and_grows_by_doubling() {
        let at = |times: u32| items_of_query(SPELLING_QUERY_EVENTS_MIN * times);
        assert_eq!(items_of_query(SPELLING_QUERY_EVENTS_MIN - 1), 0);
        assert_eq!([at(1), at(2), at(3), at(4), at(1_024)], [1, 2, 2, 3, 11]);
        assert_eq!(items_of_query(0), 0);
        assert!(items_of_query(u32::MAX) <= 32);
    }
}
