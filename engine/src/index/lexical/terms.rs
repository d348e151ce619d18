//! The terms of the inverted index, with how many items hold each.

use super::LexicalSnapshot;
use crate::base::error::{Result, SampanError};

impl LexicalSnapshot {
    /// Calls `each` with every term of titles and of context, prefix included, and the number of documents that hold it
    /// there; more than once for a term of several segments. Deleted documents count until their segment is merged.
    pub fn each_term(&self, each: &mut dyn FnMut(&str, u32)) -> Result<()> {
        for reader in self.searcher.segment_readers() {
            for field in [self.fields.title, self.fields.context] {
                let inverted = reader
                    .inverted_index(field)
                    .map_err(SampanError::internal)?;
                let terms = inverted.terms().stream();
                let mut terms = terms.map_err(SampanError::internal)?;
                while terms.advance() {
                    if let Ok(term) = std::str::from_utf8(terms.key()) {
                        each(term, terms.value().doc_freq);
                    }
                }
            }
        }
        Ok(())
    }
}
