//! A file of sections in memory.

use std::{fs::File, ops::Range, path::Path, sync::Arc};

use memmap2::Mmap;

use super::{FileError, FileKind, SectionHeader};

/// A part of a mapped file, which lives as long as the part.
#[derive(Clone)]
pub struct MappedBytes {
    map: Arc<Mmap>,
    range: Range<usize>,
}

impl AsRef<[u8]> for MappedBytes {
    #[inline]
    fn as_ref(&self) -> &[u8] {
        &self.map[self.range.clone()]
    }
}

impl MappedBytes {
    /// A part of the part; `range` counts from its beginning and lies inside it.
    pub fn part(&self, range: Range<usize>) -> Self {
        Self {
            map: self.map.clone(),
            range: self.range.start + range.start..self.range.start + range.end,
        }
    }
}

/// A mapped file whose header and sections were checked.
pub struct MappedSections<const COUNTS: usize, const SECTIONS: usize> {
    map: Arc<Mmap>,
    header: SectionHeader<COUNTS, SECTIONS>,
}

impl<const COUNTS: usize, const SECTIONS: usize> MappedSections<COUNTS, SECTIONS> {
    /// Maps a file and checks every byte of it. `lengths` tells from the counts how long each section must be, or what
    /// is wrong with the counts; none where the section itself tells.
    ///
    /// # Errors
    /// [`FileError::Io`] when it cannot be mapped, [`FileError::Damaged`] when it is not what was written.
    pub fn open(
        path: &Path,
        kind: &FileKind,
        lengths: impl FnOnce([u32; COUNTS]) -> Result<[Option<u64>; SECTIONS], String>,
    ) -> Result<Self, FileError> {
        let file = File::open(path).map_err(FileError::io(path))?;
        // SAFETY: such files are written aside and renamed when complete (`durable`), and nothing writes to them
        // afterwards; replacing or removing one leaves the mapping of it intact.
        let map = unsafe { Mmap::map(&file) }.map_err(FileError::io(path))?;
        let header = SectionHeader::from_bytes(kind, &map)
            .and_then(|header| {
                header.check(lengths(header.counts)?, &map)?;
                Ok(header)
            })
            .map_err(|reason| FileError::damaged(path, reason))?;
        Ok(Self {
            map: Arc::new(map),
            header,
        })
    }

    /// The format's own numbers.
    pub fn counts(&self) -> [u32; COUNTS] {
        self.header.counts
    }

    /// Bytes of the whole file.
    pub fn length(&self) -> u64 {
        self.map.len() as u64
    }

    /// The bytes of a section.
    #[inline]
    pub fn section(&self, number: usize) -> &[u8] {
        let entry = &self.header.sections[number];
        &self.map[entry.offset as usize..][..entry.length as usize]
    }

    /// A section that outlives this.
    pub fn part(&self, number: usize) -> MappedBytes {
        let entry = &self.header.sections[number];
        MappedBytes {
            map: self.map.clone(),
            range: entry.offset as usize..(entry.offset + entry.length) as usize,
        }
    }
}
