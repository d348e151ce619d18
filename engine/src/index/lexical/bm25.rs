//! BM25F (Robertson, Zaragoza and Taylor, CIKM 2004): how much a term of an item counts.

use tantivy::{SegmentReader, fieldnorm::FieldNormReader, schema::Field};

use super::LexicalSnapshot;
use crate::base::error::{Result, SampanError};

/// Saturation of repeated terms (Robertson and Zaragoza 2009).
pub(super) const K1: f32 = 1.2;
/// Normalisation by length; below the usual 0.75, since sellers pad titles with words that still say what it is.
const B: f32 = 0.6;
/// Lengths that tantivy tells apart: it keeps one byte a document and field.
const LENGTH_CODES: usize = 256;

/// What lengths of a field do to the frequencies in it.
pub(super) struct LengthFactors([f32; LENGTH_CODES]);

impl LengthFactors {
    /// What a frequency is divided by: 1 for a text of the mean length.
    #[inline]
    pub fn of(&self, lengths: &FieldNormReader, document: u32) -> f32 {
        self.of_code(lengths.fieldnorm_id(document))
    }

    /// The same by tantivy's code of a length.
    #[inline]
    pub fn of_code(&self, code: u8) -> f32 {
        self.0[usize::from(code)]
    }
}

impl LexicalSnapshot {
    /// The factors of a field, beside its mean length.
    pub(super) fn length_factors(&self, field: Field) -> Result<LengthFactors> {
        let mean = self.mean_length(field)?;
        let mut factors = [0.0; LENGTH_CODES];
        for (code, factor) in factors.iter_mut().enumerate() {
            let length = FieldNormReader::id_to_fieldnorm(code as u8) as f32;
            *factor = 1.0 - B + B * length / mean;
        }
        Ok(LengthFactors(factors))
    }

    /// Tokens a document has in a field, on average.
    fn mean_length(&self, field: Field) -> Result<f32> {
        let mut tokens = 0;
        for reader in self.searcher.segment_readers() {
            let index = reader
                .inverted_index(field)
                .map_err(SampanError::internal)?;
            tokens += index.total_num_tokens();
        }
        Ok((tokens as f32 / self.searcher.num_docs().max(1) as f32).max(1.0))
    }
}

/// Lengths of a segment's documents in a field.
pub(super) fn lengths(reader: &SegmentReader, field: Field) -> Result<FieldNormReader> {
    reader
        .get_fieldnorms_reader(field)
        .map_err(SampanError::internal)
}
