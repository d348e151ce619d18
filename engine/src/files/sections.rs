//! The header of a file of sections.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | magic |
//! | 4 | version of the format |
//! | 4 each | counts |
//! | 20 each | section table: offset (u64), length (u64), CRC-32C |
//! | 4 | CRC-32C of all before |
//!
//! Numbers are little-endian; sections begin at multiples of 64 bytes.

use std::io::{self, Write};

/// Sections begin at multiples of this many bytes: a cache line.
const SECTION_ALIGNMENT_BYTES: u64 = 64;

const MAGIC_BYTES: usize = 8;
const WORD_BYTES: usize = 4;
const ENTRY_BYTES: usize = 20;

/// What tells files of a kind from all others.
#[derive(Debug)]
pub struct FileKind {
    /// What a message calls it: `an encoder's file`.
    pub name: &'static str,
    /// First bytes of every such file.
    pub magic: [u8; MAGIC_BYTES],
    /// Version of the format.
    pub version: u32,
}

/// Where a section is and what its bytes sum to.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct SectionEntry {
    pub offset: u64,
    pub length: u64,
    pub sum: u32,
}

/// Everything before the first section.
#[derive(Debug, Clone, PartialEq)]
pub struct SectionHeader<const COUNTS: usize, const SECTIONS: usize> {
    /// Numbers of the format's own, from which the lengths of sections follow.
    pub counts: [u32; COUNTS],
    /// The section table.
    pub sections: [SectionEntry; SECTIONS],
}

impl<const COUNTS: usize, const SECTIONS: usize> SectionHeader<COUNTS, SECTIONS> {
    /// Bytes of the header.
    pub const BYTES: usize =
        MAGIC_BYTES + WORD_BYTES * (1 + COUNTS) + ENTRY_BYTES * SECTIONS + WORD_BYTES;

    /// Lays sections out one after the other.
    pub fn of(counts: [u32; COUNTS], sections: [&[u8]; SECTIONS]) -> Self {
        let mut end = Self::BYTES as u64;
        let sections = sections.map(|bytes| {
            let (length, sum) = (bytes.len() as u64, crc32c::crc32c(bytes));
            if length > 0 {
                end = end.next_multiple_of(SECTION_ALIGNMENT_BYTES);
            }
            let offset = end;
            end += length;
            SectionEntry {
                offset,
                length,
                sum,
            }
        });
        Self { counts, sections }
    }

    /// Writes the header, and the sections that it was made of.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write(
        &self,
        kind: &FileKind,
        sections: [&[u8]; SECTIONS],
        writer: &mut impl Write,
    ) -> io::Result<()> {
        writer.write_all(&self.to_bytes(kind))?;
        let mut written = Self::BYTES as u64;
        for (entry, bytes) in self.sections.iter().zip(sections) {
            let gap = [0; SECTION_ALIGNMENT_BYTES as usize];
            writer.write_all(&gap[..(entry.offset - written) as usize])?;
            writer.write_all(bytes)?;
            written = entry.offset + entry.length;
        }
        Ok(())
    }

    fn to_bytes(&self, kind: &FileKind) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(Self::BYTES);
        bytes.extend(kind.magic);
        bytes.extend(kind.version.to_le_bytes());
        bytes.extend(self.counts.iter().flat_map(|count| count.to_le_bytes()));
        for section in &self.sections {
            bytes.extend(section.offset.to_le_bytes());
            bytes.extend(section.length.to_le_bytes());
            bytes.extend(section.sum.to_le_bytes());
        }
        bytes.extend(crc32c::crc32c(&bytes).to_le_bytes());
        bytes
    }

    /// Reads a header; the error says what is wrong with it.
    pub fn from_bytes(kind: &FileKind, bytes: &[u8]) -> Result<Self, String> {
        let short = || format!("shorter than the header of {}", kind.name);
        let bytes = bytes.get(..Self::BYTES).ok_or_else(short)?;
        let (magic, rest) = bytes.split_at(MAGIC_BYTES);
        if magic != kind.magic {
            return Err(format!("not {}", kind.name));
        }
        let mut words = rest.as_chunks::<WORD_BYTES>().0.iter();
        let mut word = || words.next().map_or(0, |word| u32::from_le_bytes(*word));
        let (version, known) = (word(), kind.version);
        if version != known {
            return Err(format!(
                "{} of format version {version}, this program reads {known}",
                kind.name
            ));
        }
        let counts = std::array::from_fn(|_| word());
        let sections = std::array::from_fn(|_| {
            let mut long = || u64::from(word()) | u64::from(word()) << 32;
            SectionEntry {
                offset: long(),
                length: long(),
                sum: word(),
            }
        });
        if word() != crc32c::crc32c(&bytes[..Self::BYTES - WORD_BYTES]) {
            return Err("the header does not match its checksum".into());
        }
        Ok(Self { counts, sections })
    }

    /// Checks that every section of `file` is where it should be, as long as it should be where that is known, and
    /// unaltered.
    pub fn check(&self, lengths: [Option<u64>; SECTIONS], file: &[u8]) -> Result<(), String> {
        for (number, (entry, length)) in self.sections.iter().zip(lengths).enumerate() {
            if length.is_some_and(|length| length != entry.length) {
                return Err(format!("section {number} has the wrong length"));
            }
            let end = entry.offset.checked_add(entry.length);
            let end = end.ok_or_else(|| format!("section {number} has no end"))?;
            let section = file
                .get(entry.offset as usize..end as usize)
                .ok_or_else(|| format!("section {number} ends after the file"))?;
            if crc32c::crc32c(section) != entry.sum {
                return Err(format!("section {number} does not match its checksum"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: FileKind = FileKind {
        name: "a test's file",
        magic: *b"SAMPANTT",
        version: 3,
    };
    type Header = SectionHeader<2, 3>;
    const SECTIONS: [&[u8]; 3] = [b"one", b"", b"three"];

    fn file() -> Vec<u8> {
        let mut bytes = Vec::new();
        let header = Header::of([7, u32::MAX], SECTIONS);
        header.write(&KIND, SECTIONS, &mut bytes).unwrap();
        bytes
    }

    #[test]
    fn what_was_written_is_read() {
        let bytes = file();
        let header = Header::from_bytes(&KIND, &bytes).unwrap();
        assert_eq!(header, Header::of([7, u32::MAX], SECTIONS));
        let read = header
            .sections
            .map(|entry| &bytes[entry.offset as usize..][..entry.length as usize]);
        assert_eq!(read, SECTIONS);
        header.check([Some(3), None, Some(5)], &bytes).unwrap();
        let aligned = |entry: SectionEntry| entry.offset.is_multiple_of(SECTION_ALIGNMENT_BYTES);
        assert!(aligned(header.sections[0]) && aligned(header.sections[2]));
    }

    #[test]
    fn another_kind_version_or_length_is_refused() {
        let bytes = file();
        let refused = |kind: &FileKind, bytes: &[u8]| Header::from_bytes(kind, bytes).unwrap_err();
        let other = FileKind {
            magic: *b"SAMPANXX",
            ..KIND
        };
        assert_eq!(refused(&other, &bytes), "not a test's file");
        let newer = FileKind { version: 4, ..KIND };
        assert!(refused(&newer, &bytes).contains("version 3"));
        assert!(refused(&KIND, &bytes[..Header::BYTES - 1]).contains("shorter"));
        let header = Header::from_bytes(&KIND, &bytes).unwrap();
        let wrong = header.check([Some(4), None, None], &bytes).unwrap_err();
        assert_eq!(wrong, "section 0 has the wrong length");
        let cut = header.check([None; 3], &bytes[..bytes.len() - 1]);
        assert_eq!(cut.unwrap_err(), "section 2 ends after the file");
    }
}
