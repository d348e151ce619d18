//! Which files make up the index, in one small file that is replaced as a whole.
//!
//! # Format, version 2 (all numbers little-endian)
//!
//! | part | content |
//! |---|---|
//! | magic | 8 bytes, `SAMPANVM` |
//! | version | u32, [`FORMAT_VERSION`]; any other is refused and all rows are taken from the store |
//! | sequence | u64, what the last flush was told |
//! | dimensions | u32, 0 while no vector has decided it |
//! | item mean | u32 count, 0 or the dimensions, then as many f32 |
//! | query mean | likewise |
//! | next file | u64, number of the next file to write |
//! | segments | u32 count, then for each: u64 file number, u32 length, dead ordinals as a roaring bitmap of that length |
//! | tail | u64 file number, 0 when the tail is empty |
//! | sum | u32 crc32c of everything before it |

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use roaring::RoaringBitmap;

use super::error::VectorError;
use super::little_endian::u32s;
use super::means::Means;
use crate::files::durable;

/// Version of the file format; see the module's table.
const FORMAT_VERSION: u32 = 2;
const MAGIC: [u8; 8] = *b"SAMPANVM";
/// Name of the file in the directory of the index.
const FILE_NAME: &str = "vectors.manifest";
/// Ending of segment files.
pub(super) const SEGMENT_EXTENSION: &str = "vectors";

/// A segment as the manifest lists it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ListedSegment {
    pub file: u64,
    pub dead: RoaringBitmap,
}

/// Content of the manifest.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Manifest {
    pub sequence: u64,
    pub dimensions: Option<usize>,
    pub means: Means,
    pub next_file: u64,
    pub segments: Vec<ListedSegment>,
    pub tail: Option<u64>,
}

impl Default for Manifest {
    fn default() -> Self {
        Self {
            sequence: 0,
            dimensions: None,
            means: Means::default(),
            next_file: 1,
            segments: Vec::new(),
            tail: None,
        }
    }
}

/// Path of the manifest in `directory`.
pub(super) fn manifest_path(directory: &Path) -> PathBuf {
    directory.join(FILE_NAME)
}

/// Path of a segment file in `directory`.
pub(super) fn segment_path(directory: &Path, file: u64) -> PathBuf {
    directory.join(format!("{file:012}.{SEGMENT_EXTENSION}"))
}

impl Manifest {
    /// Reads the manifest; `None` when there is none.
    pub fn read(directory: &Path) -> Result<Option<Self>, VectorError> {
        let path = manifest_path(directory);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(VectorError::io(path)(error)),
        };
        Self::from_bytes(&bytes)
            .map(Some)
            .map_err(|reason| VectorError::corrupt(path, reason))
    }

    /// Replaces the manifest durably.
    pub fn write(&self, directory: &Path) -> Result<(), VectorError> {
        let bytes = self.to_bytes();
        let written = durable::write_file(&manifest_path(directory), |file| file.write_all(&bytes));
        Ok(written?)
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(FORMAT_VERSION.to_le_bytes());
        bytes.extend(self.sequence.to_le_bytes());
        bytes.extend((self.dimensions.unwrap_or(0) as u32).to_le_bytes());
        for mean in [&self.means.item, &self.means.query] {
            bytes.extend((mean.len() as u32).to_le_bytes());
            bytes.extend(mean.iter().flat_map(|value| value.to_le_bytes()));
        }
        bytes.extend(self.next_file.to_le_bytes());
        bytes.extend((self.segments.len() as u32).to_le_bytes());
        for segment in &self.segments {
            bytes.extend(segment.file.to_le_bytes());
            bytes.extend((segment.dead.serialized_size() as u32).to_le_bytes());
            // Writing to memory cannot fail, and a short bitmap would be caught by its length.
            let _ = segment.dead.serialize_into(&mut bytes);
        }
        bytes.extend(self.tail.unwrap_or(0).to_le_bytes());
        bytes.extend(crc32c::crc32c(&bytes).to_le_bytes());
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, String> {
        let (body, sum) = bytes
            .split_last_chunk::<4>()
            .ok_or("shorter than a checksum")?;
        if crc32c::crc32c(body) != u32::from_le_bytes(*sum) {
            return Err("the manifest does not match its checksum".into());
        }
        let mut reader = Reader { rest: body };
        if reader.take(8)? != MAGIC {
            return Err("not a manifest".into());
        }
        let version = reader.word()?;
        if version != FORMAT_VERSION {
            return Err(format!(
                "format version {version}, this node reads {FORMAT_VERSION}"
            ));
        }
        let sequence = reader.long()?;
        let dimensions = Some(reader.word()? as usize).filter(|&dimensions| dimensions > 0);
        let (item, query) = (reader.mean()?, reader.mean()?);
        let means = Means::new(&item, &query, dimensions).map_err(|error| error.to_string())?;
        let next_file = reader.long()?;
        let count = reader.word()?;
        let mut segments = Vec::new();
        for _ in 0..count {
            let file = reader.long()?;
            let length = reader.word()? as usize;
            let dead = RoaringBitmap::deserialize_from(reader.take(length)?)
                .map_err(|error| format!("dead ordinals of file {file}: {error}"))?;
            segments.push(ListedSegment { file, dead });
        }
        let tail = Some(reader.long()?).filter(|&file| file > 0);
        Ok(Self {
            sequence,
            dimensions,
            means,
            next_file,
            segments,
            tail,
        })
    }
}

/// Reads numbers off the front of a byte slice.
struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], String> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or("ends too early")?;
        self.rest = rest;
        Ok(taken)
    }

    fn word(&mut self) -> Result<u32, String> {
        let bytes = self.take(4)?.first_chunk().ok_or("ends too early")?;
        Ok(u32::from_le_bytes(*bytes))
    }

    fn mean(&mut self) -> Result<Vec<f32>, String> {
        let count = self.word()? as usize;
        let bytes = self.take(count.saturating_mul(4))?;
        Ok(u32s(bytes).map(f32::from_bits).collect())
    }

    fn long(&mut self) -> Result<u64, String> {
        let bytes = self.take(8)?.first_chunk().ok_or("ends too early")?;
        Ok(u64::from_le_bytes(*bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Manifest {
        let dead: RoaringBitmap = [3, 70_000, 4_000_000_000].into_iter().collect();
        let empty = ListedSegment {
            file: 9,
            dead: RoaringBitmap::new(),
        };
        Manifest {
            sequence: 77,
            dimensions: Some(3),
            means: Means::new(&[0.1, -0.2, 0.3], &[], Some(3)).unwrap(),
            next_file: 12,
            segments: vec![ListedSegment { file: 4, dead }, empty],
            tail: Some(11),
        }
    }

    #[test]
    fn a_manifest_comes_back_as_it_was_written() {
        let directory = tempfile::tempdir().unwrap();
        assert_eq!(Manifest::read(directory.path()).unwrap(), None);
        example().write(directory.path()).unwrap();
        assert_eq!(Manifest::read(directory.path()).unwrap(), Some(example()));
    }

    #[test]
    fn any_altered_or_missing_byte_is_noticed() {
        let bytes = example().to_bytes();
        for position in 0..bytes.len() {
            let mut altered = bytes.clone();
            altered[position] ^= 0x10;
            assert!(Manifest::from_bytes(&altered).is_err(), "byte {position}");
            assert!(
                Manifest::from_bytes(&bytes[..position]).is_err(),
                "length {position}"
            );
        }
    }
}
