//! What was mined, as a table and as the text that people review.

use std::fmt::Write as _;

use sampan_analyzers::{ExpansionTable, Neighbour};

use super::{choose::Near, words::Evidence};

/// Words with their neighbours, and what speaks for each.
#[derive(Debug, Clone, Default)]
pub struct MinedExpansions {
    /// Version of the encoder.
    encoder: String,
    table: ExpansionTable,
    rows: String,
    neighbours: usize,
}

/// A neighbour with its evidence.
pub(super) struct MinedNeighbour<'w> {
    pub word: &'w str,
    pub evidence: Evidence,
    pub near: Near,
    pub weight: f32,
}

impl MinedExpansions {
    pub(super) fn new(encoder: &str) -> Self {
        Self {
            encoder: encoder.to_owned(),
            ..Self::default()
        }
    }

    /// Adds a word; nothing when it has no neighbour.
    pub(super) fn push(&mut self, word: &str, evidence: Evidence, near: &[MinedNeighbour<'_>]) {
        if near.is_empty() {
            return;
        }
        self.neighbours += near.len();
        let neighbours = near.iter().map(|near| Neighbour {
            text: near.word.to_owned(),
            weight: near.weight,
        });
        self.table.push(word.to_owned(), neighbours.collect());
        for MinedNeighbour {
            word: neighbour,
            evidence: of_neighbour,
            near,
            weight,
        } in near
        {
            // Writing to a string cannot fail.
            let _ = writeln!(
                self.rows,
                "{word}\t{neighbour}\t{weight:.2}\t{:.3}\t{:.3}\t{}\t{}\t{}",
                near.similarity, near.goods, evidence.items, evidence.asked, of_neighbour.items
            );
        }
    }

    /// As queries use it.
    pub fn table(&self) -> &ExpansionTable {
        &self.table
    }

    /// Version of the encoder that they are near by.
    pub fn encoder(&self) -> &str {
        &self.encoder
    }

    /// Neighbours of all words.
    pub fn neighbours(&self) -> usize {
        self.neighbours
    }

    /// The text of `expansions.tsv`: comments that say what made it, a header, a line a neighbour.
    pub fn text(&self) -> String {
        format!(
            "# Mined by the encoder {}: words of the catalogue that stand near a word in meaning.\n\
             # Only word, neighbour and weight (0.1 to 1) act; delete a line to refuse it. See dictionaries/README.md.\n\
             word\tneighbour\tweight\tsimilarity\tgoods\titems\tasked\tneighbour_items\n{}",
            self.encoder, self.rows
        )
    }
}
