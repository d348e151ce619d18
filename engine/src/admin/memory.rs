//! What the node's memory is used for, part by part, beside what the system says of the process.

use sampan_proto::v1;

use crate::index::{generation::Generation, shared::Shared};

/// What the system says of the process, bytes; 0 where it does not say.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Resident {
    pub all: u64,
    /// Heap and stacks.
    pub anonymous: u64,
    /// Pages of mapped files, the program's own among them.
    pub file: u64,
}

impl Resident {
    /// Of this process.
    pub fn now() -> Self {
        let text = std::fs::read_to_string("/proc/self/status");
        text.map_or_else(|_| Self::default(), |text| Self::read(&text))
    }

    /// Of the lines of `/proc/PID/status`.
    fn read(text: &str) -> Self {
        let kibibytes = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name));
            let number = line.and_then(|rest| rest.split_whitespace().next()?.parse().ok());
            number.unwrap_or(0u64) * 1_024
        };
        Self {
            all: kibibytes("VmRSS:"),
            anonymous: kibibytes("RssAnon:"),
            file: kibibytes("RssFile:"),
        }
    }
}

/// Every part, from what the structures themselves hold. `results`: bytes of results that are kept for their later pages.
pub fn by_component(
    generation: &Generation,
    shared: &Shared,
    results: u64,
) -> Vec<v1::ComponentMemory> {
    let part = |component: &str, heap_bytes: u64, mapped_bytes: u64| v1::ComponentMemory {
        component: component.to_owned(),
        heap_bytes,
        mapped_bytes,
    };
    let heap = |component: &str, bytes: u64| part(component, bytes, 0);
    let (columns, vectors) = (&generation.columns, &generation.vectors);
    let behaviour = &generation.behaviour;
    let writers = &generation.writers;
    let model = generation.feed_model.as_ref();
    let encoder = generation.encoder.as_ref();
    vec![
        part(
            "lexical segments",
            generation.lexical.heap_bytes(),
            generation.lexical.mapped_bytes(),
        ),
        heap("columns: facts of items", columns.facts_bytes()),
        heap("columns: names", columns.names.heap_bytes()),
        heap("columns: eligible items", columns.eligible_bytes()),
        heap("columns: pools", columns.pools.heap_bytes()),
        part(
            "vector segments",
            vectors.segments_heap_bytes(),
            vectors.mapped_bytes(),
        ),
        heap("vector tail", vectors.tail_bytes()),
        heap("behaviour: shoppers", behaviour.shoppers_bytes()),
        heap("behaviour: items", behaviour.items_bytes()),
        heap("behaviour: responses", behaviour.responses_bytes()),
        heap(
            "behaviour: queries",
            behaviour.queries_bytes() + writers.queries,
        ),
        heap(
            "behaviour: popularity",
            behaviour.popular_bytes() + writers.popularity,
        ),
        heap(
            "behaviour: trends",
            generation.trends.heap_bytes() + writers.trends,
        ),
        part(
            "feed model",
            model.map_or(0, |model| model.heap_bytes()),
            model.map_or(0, |model| model.mapped_bytes()),
        ),
        heap("completions", generation.vocabulary.heap_bytes()),
        heap("counted words", generation.spelling.heap_bytes()),
        heap(
            "dictionaries: files",
            generation.configuration.files.bytes(),
        ),
        heap("dictionaries: sounds", generation.analyzer.sounds_bytes()),
        heap(
            "cache: conversions",
            generation.analyzer.conversions_bytes(),
        ),
        part(
            "encoder",
            0,
            encoder.map_or(0, |encoder| encoder.file_bytes()),
        ),
        heap(
            "cache: encoded queries",
            encoder.map_or(0, |encoder| encoder.cache_bytes()),
        ),
        heap("cache: results for later pages", results),
        heap("store: blocks kept", shared.store.cache_bytes()),
        heap(
            "store: written, not yet flushed",
            shared.store.unflushed_bytes(),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_says_is_read_by_name() {
        let text = "Name:\tsampan\nVmHWM:\t  9 kB\nVmRSS:\t  30 kB\nRssAnon:\t  20 kB\nRssFile:\t  10 kB\n";
        let resident = Resident::read(text);
        assert_eq!((resident.all, resident.anonymous), (30 * 1_024, 20 * 1_024));
        assert_eq!(resident.file, 10 * 1_024);
        assert_eq!(Resident::read("Name: x"), Resident::default());
    }
}
