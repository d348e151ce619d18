//! The one place that changes the index.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use roaring::RoaringBitmap;

use super::background::{Background, BuildOrder, BuildPart, Built};
use super::beam::ID_MAX;
use super::compaction::{Size, choose};
use super::error::VectorError;
use super::freeze::FrozenInput;
use super::manifest::segment_path;
use super::means::{Means, direction};
use super::options::VectorOptions;
use super::segment_view::SegmentView;
use super::snapshot::VectorSnapshot;
use super::tail::Tail;

/// A segment and the number of its file.
pub(super) struct HeldSegment {
    pub file: u64,
    pub view: SegmentView,
}

/// A build that is under way.
pub(super) struct RunningBuild {
    /// Files of the segments that it replaces.
    pub inputs: Vec<u64>,
    /// It replaces the tail's chunks below this number.
    pub tail_end: u64,
    /// Ordinals of its input that were deleted or replaced since it began.
    pub removed: RoaringBitmap,
    /// The means that hold once it has ended, if they change.
    pub means: Option<Means>,
}

/// The writing side of the index; belongs to the node's one writer thread.
pub struct VectorWriter {
    pub(super) directory: PathBuf,
    pub(super) options: VectorOptions,
    pub(super) dimensions: Option<usize>,
    pub(super) means: Arc<Means>,
    /// Means that the next build is to change to.
    pub(super) wanted_means: Option<Means>,
    pub(super) segments: Vec<HeldSegment>,
    pub(super) tail: Tail,
    pub(super) next_file: u64,
    pub(super) flushed: super::flush::Flushed,
    pub(super) warnings: Vec<VectorError>,
    pub(super) background: Background,
    pub(super) running: Option<RunningBuild>,
    /// Rows that the tail must exceed before the next build: raised when one fails.
    pub(super) build_above_rows: usize,
}

impl VectorWriter {
    /// Adds a vector of any length, or replaces the one that the ordinal has.
    ///
    /// # Errors
    /// The vector is empty, too long, of another dimension than the index, zero or not finite;
    /// nothing is changed then.
    pub fn upsert(&mut self, ordinal: u32, vector: &[f32]) -> Result<(), VectorError> {
        let unit = direction(vector, self.dimensions, &self.means.item)?;
        self.dimensions = Some(unit.len());
        self.delete(ordinal);
        self.tail.push(ordinal, &unit);
        self.flushed.tail_changed = true;
        Ok(())
    }

    /// Removes an ordinal; nothing happens when it has no vector.
    pub fn delete(&mut self, ordinal: u32) {
        let replaced_by_build = if let Some(chunk) = self.tail.remove(ordinal) {
            self.flushed.tail_changed = true;
            self.running
                .as_ref()
                .is_some_and(|build| chunk < build.tail_end)
        } else if let Some(file) = self.remove_frozen(ordinal) {
            self.running
                .as_ref()
                .is_some_and(|build| build.inputs.contains(&file))
        } else {
            false
        };
        if replaced_by_build && let Some(build) = &mut self.running {
            build.removed.insert(ordinal);
        }
    }

    /// Marks the ordinal's row in a segment dead; gives the file of the segment.
    fn remove_frozen(&mut self, ordinal: u32) -> Option<u64> {
        self.segments.iter_mut().find_map(|held| {
            let row = held.view.segment.row_tables().row(ordinal)?;
            let alive = !held.view.dead.contains(row);
            alive.then(|| {
                // Copies the bitmap if a published snapshot holds it: at most once a publish.
                Arc::make_mut(&mut held.view.dead).insert(row);
                held.file
            })
        })
    }

    /// An immutable view of everything so far. Cheap: shares all but the unfinished chunk of the
    /// tail. Takes in builds that have ended, and starts the next in the background if one is due.
    pub fn publish(&mut self) -> Arc<VectorSnapshot> {
        self.take_finished_build();
        self.start_due_build();
        Arc::new(VectorSnapshot {
            dimensions: self.dimensions,
            means: self.means.clone(),
            beam_width: self.options.beam_width,
            segments: self.segments.iter().map(|held| held.view.clone()).collect(),
            tail: self.tail.chunks().to_vec(),
        })
    }

    /// Waits until every due build has run; for the end of a bulk import. The next `publish` shows
    /// the result.
    pub fn settle(&mut self) {
        loop {
            self.take_finished_build();
            self.start_due_build();
            match self.background.wait() {
                Some(built) => self.take_in(built),
                None => return,
            }
        }
    }

    /// True while a build runs, or when one has ended and the next `publish` will take it in.
    pub fn is_building(&self) -> bool {
        self.running.is_some()
    }

    /// Rows that are searched by scanning, dead ones included.
    pub fn tail_rows(&self) -> usize {
        self.tail.rows()
    }

    /// Numbers of a vector, once there is one.
    pub fn dimensions(&self) -> Option<usize> {
        self.dimensions
    }

    /// What went wrong without an error of a call: files that `open` left out, builds that failed.
    pub fn warnings(&self) -> &[VectorError] {
        &self.warnings
    }

    /// All ordinals that have a vector.
    pub fn ordinals(&self) -> RoaringBitmap {
        let mut ordinals: RoaringBitmap = self.tail.ordinals().collect();
        for held in &self.segments {
            ordinals.extend(held.view.live().map(|(_, ordinal)| ordinal));
        }
        ordinals
    }

    pub(super) fn take_finished_build(&mut self) {
        if let Some(built) = self.background.finished() {
            self.take_in(built);
        }
    }

    /// Puts what was built in the place of what it was built from.
    fn take_in(&mut self, built: Built) {
        let Some(build) = self.running.take() else {
            return;
        };
        let built = match built {
            Ok(built) => built,
            Err(error) => {
                tracing::error!(%error, "vector build");
                self.warnings.push(error);
                self.build_above_rows = self.tail.rows() + self.options.tail_rows_max;
                return;
            }
        };
        self.build_above_rows = self.options.tail_rows_max;
        self.segments
            .retain(|held| !build.inputs.contains(&held.file));
        self.flushed.obsolete.extend(
            build
                .inputs
                .iter()
                .map(|&file| segment_path(&self.directory, file)),
        );
        self.tail.drop_before(build.tail_end);
        self.flushed.tail_changed = true;
        for (file, segment) in built {
            let view = SegmentView::new(segment, build.removed.iter());
            self.segments.push(HeldSegment { file, view });
        }
        if let (Some(means), Some(dimensions)) = (build.means, self.dimensions) {
            self.apply_means(means, dimensions);
        }
    }

    pub(super) fn start_due_build(&mut self) {
        let Some(dimensions) = self.dimensions.filter(|_| !self.background.is_busy()) else {
            return;
        };
        self.start_recentring(dimensions);
        if self.background.is_busy() {
            return;
        }
        let sizes: Vec<Size> = self
            .segments
            .iter()
            .map(|held| Size {
                live: held.view.live_rows(),
                rows: held.view.segment.rows(),
            })
            .collect();
        let rows_max = (self.options.segment_bytes_max / (2 * dimensions)).min(ID_MAX as usize);
        let Some(choice) = choose(self.tail.rows(), self.build_above_rows, &sizes, rows_max) else {
            return;
        };
        let chosen = || {
            choice
                .segments
                .iter()
                .map(|&position| &self.segments[position])
        };
        let mut input = FrozenInput {
            segments: chosen().map(|held| held.view.clone()).collect(),
            chunks: Vec::new(),
            recentring: None,
        };
        let inputs = chosen().map(|held| held.file).collect();
        let mut tail_end = 0;
        if choice.tail {
            tail_end = self.tail.seal();
            input.chunks = self.tail.chunks().to_vec();
        }
        let build = RunningBuild {
            inputs,
            tail_end,
            removed: RoaringBitmap::new(),
            means: None,
        };
        self.start_build(build, vec![input], dimensions);
    }

    /// Starts `build` in the background; it makes one segment of each of `inputs`.
    pub(super) fn start_build(
        &mut self,
        build: RunningBuild,
        inputs: Vec<FrozenInput>,
        dimensions: usize,
    ) {
        let mut parts = Vec::with_capacity(inputs.len());
        for input in inputs {
            let file = self.take_file_number();
            let path = segment_path(&self.directory, file);
            parts.push(BuildPart { input, file, path });
        }
        self.running = Some(build);
        self.background.start(BuildOrder {
            dimensions,
            beam_width: self.options.build_beam_width,
            parts,
        });
    }

    pub(super) fn take_file_number(&mut self) -> u64 {
        self.next_file += 1;
        self.next_file - 1
    }

    /// The directory of the index.
    pub fn directory(&self) -> &Path {
        &self.directory
    }
}
