//! A model with an index over the vectors of its items.

use std::{path::Path, sync::Arc};

use sampan_analyzers::memory::vec_bytes;

use crate::{
    base::error::{Result, SampanError},
    index::vector::{Eligibility, VectorOptions, VectorSnapshot, VectorWriter},
    recommend::{FeedModel, ItemIndex, factors::Factors, file::NamedModel},
};

/// Who made a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Somebody else: the file was named at the start.
    File,
    /// The node, from its own events.
    Node,
}

impl Origin {
    /// Name in the status.
    pub fn name(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Node => "node",
        }
    }
}

/// What was learnt, ready to be asked.
pub struct LearntModel {
    pub named: NamedModel,
    pub origin: Origin,
    vectors: Arc<VectorSnapshot>,
}

impl LearntModel {
    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> u64 {
        let ids = self.named.ids.iter().map(|id| id.len() as u64);
        vec_bytes(&self.named.ids)
            + ids.sum::<u64>()
            + self.named.model.heap_bytes()
            + self.vectors.segments_heap_bytes()
            + self.vectors.tail_bytes()
    }

    /// Bytes of the index over its vectors, which is mapped.
    pub fn mapped_bytes(&self) -> u64 {
        self.vectors.mapped_bytes()
    }

    /// Builds the index; `folder` is scratch.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn new(named: NamedModel, origin: Origin, folder: &Path) -> Result<Self> {
        let vectors = indexed(&named.model.factors, folder)?;
        Ok(Self {
            named,
            origin,
            vectors,
        })
    }

    /// The numbers.
    pub fn model(&self) -> &FeedModel {
        &self.named.model
    }

    /// Items that a shopper of this vector wants most, of those that may be shown; about the best, best first.
    ///
    /// # Errors
    /// `count` is above what the vector index gives.
    pub fn nearest(
        &self,
        shopper: &[f32],
        count: usize,
        allows: &(dyn Fn(ItemIndex) -> bool + Sync),
    ) -> Result<Vec<ItemIndex>> {
        if self.vectors.is_empty() || shopper.iter().all(|number| *number == 0.0) {
            return Ok(Vec::new());
        }
        let mut query = shopper.to_vec();
        query.push(0.0);
        let found = self.vectors.search(&query, count, &Asked(allows));
        let found = found.map_err(SampanError::internal)?;
        Ok(found.into_iter().map(|near| near.ordinal).collect())
    }
}

/// A question, as the vector index asks it.
struct Asked<'a>(&'a (dyn Fn(ItemIndex) -> bool + Sync));

impl Eligibility for Asked<'_> {
    fn allows(&self, item: u32) -> bool {
        (self.0)(item)
    }
}

/// An index by cosine that finds the greatest products: each vector gets one more number that brings all to one length
/// (Bachrach et al., "Speeding Up the Xbox Recommender System", RecSys 2014).
fn indexed(factors: &Factors, folder: &Path) -> Result<Arc<VectorSnapshot>> {
    // What an earlier run left is worth nothing; there may be nothing.
    let _ = std::fs::remove_dir_all(folder);
    let options = VectorOptions {
        build_threads: 1,
        ..VectorOptions::default()
    };
    let mut writer = VectorWriter::open(folder, options).map_err(SampanError::internal)?;
    let square = |vector: &[f32]| vector.iter().map(|number| number * number).sum::<f32>();
    let rows = || factors.vectors().chunks_exact(factors.dimensions());
    let most = rows().map(square).fold(0.0f32, f32::max);
    if most > 0.0 {
        for (item, vector) in (0..).zip(rows()) {
            let mut vector = vector.to_vec();
            vector.push((most - square(&vector)).max(0.0).sqrt());
            writer
                .upsert(item, &vector)
                .map_err(SampanError::internal)?;
        }
        writer.settle();
    }
    let snapshot = writer.publish();
    // The files are mapped: they go when nobody reads them any more.
    let _ = std::fs::remove_dir_all(folder);
    Ok(snapshot)
}
