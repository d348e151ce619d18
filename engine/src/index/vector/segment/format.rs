//! The header of a segment file.

/// Version of the file format; see the module's table.
pub(super) const FORMAT_VERSION: u32 = 1;
/// First bytes of every segment file.
pub(super) const MAGIC: [u8; 8] = *b"SAMPANVS";
/// Sections begin at multiples of this many bytes: a cache line.
pub(super) const SECTION_ALIGNMENT_BYTES: u64 = 64;
/// Number of sections.
pub(super) const SECTIONS: usize = 9;
/// Bytes of the header: magic, version, six counts, the section table and its sum.
pub(super) const HEADER_BYTES: usize = 8 + 4 + 6 * 4 + SECTIONS * 20 + 4;
/// Sections in the order of the file.
#[derive(Clone, Copy)]
pub(super) enum Section {
    Ordinals,
    Steps,
    High,
    Low,
    Base,
    Upper,
    FirstRows,
    NodeOfRow,
    RowsByOrdinal,
}

/// Where a section is and what its bytes sum to.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
pub(super) struct SectionEntry {
    pub offset: u64,
    pub length: u64,
    pub sum: u32,
}

/// Everything before the first section.
#[derive(Clone, Default, PartialEq, Debug)]
pub(super) struct Header {
    pub dimensions: u32,
    pub rows: u32,
    pub nodes: u32,
    pub upper_levels: u32,
    pub base_degree: u32,
    pub upper_degree: u32,
    pub sections: [SectionEntry; SECTIONS],
}

impl Header {
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER_BYTES);
        bytes.extend(MAGIC);
        let counts = [
            FORMAT_VERSION,
            self.dimensions,
            self.rows,
            self.nodes,
            self.upper_levels,
            self.base_degree,
            self.upper_degree,
        ];
        bytes.extend(counts.into_iter().flat_map(u32::to_le_bytes));
        for section in &self.sections {
            bytes.extend(section.offset.to_le_bytes());
            bytes.extend(section.length.to_le_bytes());
            bytes.extend(section.sum.to_le_bytes());
        }
        bytes.extend(crc32c::crc32c(&bytes).to_le_bytes());
        bytes
    }

    /// Reads a header; the error says what is wrong with it.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, String> {
        let bytes = bytes.get(..HEADER_BYTES).ok_or("shorter than a header")?;
        if bytes[..8] != MAGIC {
            return Err("not a segment file".into());
        }
        let mut words = bytes[8..]
            .as_chunks::<4>()
            .0
            .iter()
            .map(|word| u32::from_le_bytes(*word));
        let mut word = || words.next().unwrap_or_default();
        let version = word();
        if version != FORMAT_VERSION {
            return Err(format!(
                "format version {version}, this node reads {FORMAT_VERSION}"
            ));
        }
        let mut header = Self {
            dimensions: word(),
            rows: word(),
            nodes: word(),
            upper_levels: word(),
            base_degree: word(),
            upper_degree: word(),
            sections: Default::default(),
        };
        for section in &mut header.sections {
            let mut long = || u64::from(word()) | u64::from(word()) << 32;
            *section = SectionEntry {
                offset: long(),
                length: long(),
                sum: 0,
            };
            section.sum = word();
        }
        if word() != crc32c::crc32c(&bytes[..HEADER_BYTES - 4]) {
            return Err("the header does not match its checksum".into());
        }
        Ok(header)
    }
}
