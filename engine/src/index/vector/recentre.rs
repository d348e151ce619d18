//! Changing what is subtracted: the tail at once, segments by a background build.

use std::sync::Arc;

use roaring::RoaringBitmap;

use super::error::VectorError;
use super::freeze::FrozenInput;
use super::means::{Means, Recentring};
use super::writer::{RunningBuild, VectorWriter};

impl VectorWriter {
    /// Sets the means that are subtracted from every item and every query; an empty slice stands for
    /// zeros. A mean is that of vectors which were each scaled to length 1.
    ///
    /// Vectors that are here already need not be sent again. Segments are built anew around the new
    /// item mean in the background: until that has ended, [`Self::means`] and all searches stay with
    /// the old means. Should it fail, they stay for good, and [`Self::warnings`] says why.
    ///
    /// # Errors
    /// A mean has other dimensions than the index, is not finite, or is longer than
    /// [`MEAN_LENGTH_MAX`](super::MEAN_LENGTH_MAX); nothing is changed then.
    pub fn set_means(&mut self, item_mean: &[f32], query_mean: &[f32]) -> Result<(), VectorError> {
        let means = Means::new(item_mean, query_mean, self.dimensions)?;
        self.dimensions = self.dimensions.or(means.dimensions());
        self.wanted_means = Some(means);
        self.take_finished_build();
        self.start_due_build();
        Ok(())
    }

    /// The means of items and of queries that searches use as of the next `publish`; empty: zeros.
    pub fn means(&self) -> (&[f32], &[f32]) {
        (&self.means.item, &self.means.query)
    }

    /// Begins what new means ask for, if there are any; nothing else is running.
    pub(super) fn start_recentring(&mut self, dimensions: usize) {
        let Some(means) = self.wanted_means.take() else {
            return;
        };
        if self.segments.is_empty() || means.item == self.means.item {
            self.apply_means(means, dimensions);
            return;
        }
        let recentring = Recentring::new(&self.means.item, &means.item, dimensions);
        let recentring = Some(Arc::new(recentring));
        let segments = self.segments.iter();
        let inputs = segments.map(|held| FrozenInput {
            segments: vec![held.view.clone()],
            chunks: Vec::new(),
            recentring: recentring.clone(),
        });
        let inputs = inputs.collect();
        let build = RunningBuild {
            inputs: self.segments.iter().map(|held| held.file).collect(),
            tail_end: 0,
            removed: RoaringBitmap::new(),
            means: Some(means),
        };
        self.start_build(build, inputs, dimensions);
    }

    /// Makes `means` those of the index; segments have been built around its item mean.
    pub(super) fn apply_means(&mut self, means: Means, dimensions: usize) {
        if means.item != self.means.item {
            let recentring = Recentring::new(&self.means.item, &means.item, dimensions);
            self.tail.recentre(&recentring);
            self.flushed.tail_changed = true;
        }
        self.means = Arc::new(means);
    }
}
