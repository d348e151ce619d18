//! What the catalogue holds, counted for correcting typing mistakes. Counted on a thread of its own: a large catalogue
//! takes seconds, and neither writes nor queries wait for it.

use std::{
    sync::Arc,
    thread::JoinHandle,
    time::{Duration, Instant},
};

use sampan_analyzers::{Analyzer, SpellVocabulary};

use super::lexical::LexicalSnapshot;
use crate::{
    base::{
        error::{Result, SampanError},
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
    /// Terms of the index, titles of the store, and past queries as far as the catalogue has their words.
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
            for (query, times) in self.behaviour.queries(&region.code) {
                self.analyzer.index_tokens(query, &mut |token| {
                    vocabulary.add_queried(token.term, times);
                });
            }
        }
        Ok(vocabulary.build())
    }
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
