//! Opening the index: what is whole is taken, what is not is reported and left out.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::background::Background;
use super::error::VectorError;
use super::flush::Flushed;
use super::manifest::{Manifest, SEGMENT_EXTENSION, manifest_path, segment_path};
use super::options::VectorOptions;
use super::segment::Segment;
use super::segment_view::SegmentView;
use super::tail::Tail;
use super::writer::{HeldSegment, VectorWriter};
use crate::files::durable::ASIDE_EXTENSION;

impl VectorWriter {
    /// Opens the index in `directory`, which is made if it is missing.
    ///
    /// A file that is truncated, altered, missing or of another version is left out and named in
    /// [`Self::warnings`]; add the ordinals that [`Self::ordinals`] lacks again from the store.
    ///
    /// # Errors
    /// The directory cannot be read or written, or the index has other dimensions than `options`.
    pub fn open(directory: &Path, options: VectorOptions) -> Result<Self, VectorError> {
        fs::create_dir_all(directory).map_err(VectorError::io(directory))?;
        let mut warnings = Vec::new();
        let manifest = match Manifest::read(directory) {
            Ok(manifest) => manifest.unwrap_or_default(),
            Err(error @ VectorError::Corrupt { .. }) => {
                warnings.push(error);
                Manifest::default()
            }
            Err(error) => return Err(error),
        };
        if let (Some(expected), Some(got)) = (manifest.dimensions, options.dimensions)
            && expected != got
        {
            return Err(VectorError::WrongDimension { expected, got });
        }
        let last_file = remove_unlisted(directory, &manifest)?;
        let mut writer = Self {
            directory: directory.to_owned(),
            dimensions: manifest.dimensions.or(options.dimensions),
            means: Arc::new(manifest.means.clone()),
            wanted_means: None,
            segments: Vec::new(),
            tail: Tail::default(),
            next_file: manifest.next_file.max(last_file + 1),
            flushed: Flushed::default(),
            warnings,
            background: Background::new(options.build_threads)?,
            running: None,
            build_above_rows: options.tail_rows_max,
            options,
        };
        writer.load(&manifest);
        Ok(writer)
    }

    fn load(&mut self, manifest: &Manifest) {
        self.flushed.sequence = manifest.sequence;
        for listed in &manifest.segments {
            if let Some(segment) = self.load_segment(listed.file) {
                let view = SegmentView::new(segment, listed.dead.iter());
                self.segments.push(HeldSegment {
                    file: listed.file,
                    view,
                });
            }
        }
        if let Some(segment) = manifest.tail.and_then(|file| self.load_segment(file)) {
            self.flushed.tail_file = manifest.tail;
            let rows = segment.row_tables();
            for row in 0..rows.len() {
                self.tail
                    .push_row(rows.ordinal(row), &segment.codes(), rows.node_of(row));
            }
        }
        if manifest.next_file > 1 {
            self.flushed.files.push(manifest_path(&self.directory));
        }
    }

    /// Opens a listed file; a bad one becomes a warning, and is removed by the next flush.
    fn load_segment(&mut self, file: u64) -> Option<Segment> {
        let path = segment_path(&self.directory, file);
        let opened = Segment::open(&path).and_then(|segment| match self.dimensions {
            Some(dimensions) if dimensions == segment.dimensions() => Ok(segment),
            _ => Err(VectorError::corrupt(
                &path,
                "other dimensions than the manifest says",
            )),
        });
        match opened {
            Ok(segment) => {
                self.flushed.files.push(path);
                Some(segment)
            }
            Err(error) => {
                tracing::warn!(%error, "vector segment left out");
                self.warnings.push(error);
                self.flushed.obsolete.push(path);
                None
            }
        }
    }
}

/// Removes unfinished files and finished ones that no manifest lists: the node ended before the
/// next flush. Gives the highest file number that was there.
fn remove_unlisted(directory: &Path, manifest: &Manifest) -> Result<u64, VectorError> {
    let listed: Vec<PathBuf> = manifest
        .segments
        .iter()
        .map(|segment| segment.file)
        .chain(manifest.tail)
        .map(|file| segment_path(directory, file))
        .collect();
    let mut last_file = 0;
    for entry in fs::read_dir(directory).map_err(VectorError::io(directory))? {
        let path = entry.map_err(VectorError::io(directory))?.path();
        let extension = path.extension().and_then(|extension| extension.to_str());
        let number = path
            .file_stem()
            .and_then(|stem| stem.to_str()?.parse::<u64>().ok());
        let leftover = match extension {
            Some(SEGMENT_EXTENSION) => !listed.contains(&path),
            Some(ASIDE_EXTENSION) => true,
            _ => continue,
        };
        last_file = last_file.max(number.unwrap_or(0));
        if leftover {
            fs::remove_file(&path).map_err(VectorError::io(&path))?;
        }
    }
    Ok(last_file)
}
