//! Means of query vectors and of item vectors, taken off before vectors are compared.
//!
//! What all vectors of a kind share says nothing of any one of them, but outweighs what differs; queries and
//! items share different things (length, script, style), so each kind has a mean of its own. Source:
//! "All-but-the-Top", Mu and Viswanath, ICLR 2018, of which this is the first step.
//!
//! As bytes, for an index to keep: magic, version of the format (u32), dimensions (u32), length of the
//! encoder's version (u32) and its UTF-8, the query mean and the item mean (f32), CRC-32C; little-endian.

/// First bytes of stored means.
const MAGIC: [u8; 8] = *b"SAMPANVM";
/// Version of the format.
const FORMAT_VERSION: u32 = 1;

/// A mean that is being taken.
#[derive(Debug, Clone)]
pub struct MeanSum {
    sums: Vec<f64>,
    count: u64,
}

impl MeanSum {
    /// Of vectors of so many numbers.
    pub fn new(dimensions: usize) -> Self {
        Self {
            sums: vec![0.0; dimensions],
            count: 0,
        }
    }

    /// Adds a vector.
    pub fn add(&mut self, vector: &[f32]) {
        for (sum, real) in self.sums.iter_mut().zip(vector) {
            *sum += f64::from(*real);
        }
        self.count += 1;
    }

    /// Vectors that were added.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Their mean; zero of none.
    pub fn mean(&self) -> Vec<f32> {
        let count = self.count.max(1) as f64;
        self.sums.iter().map(|sum| (sum / count) as f32).collect()
    }
}

/// What is taken off.
#[derive(Debug, Clone, PartialEq)]
pub struct Means {
    /// Version of the encoder whose vectors they are of.
    pub encoder: String,
    pub query: Vec<f32>,
    pub item: Vec<f32>,
}

impl Means {
    /// Takes the query mean off a vector and makes its length 1 again.
    pub fn centre_query(&self, vector: &mut [f32]) {
        centre(vector, &self.query);
    }

    /// Takes the item mean off a vector and makes its length 1 again.
    pub fn centre_item(&self, vector: &mut [f32]) {
        centre(vector, &self.item);
    }

    /// As bytes, by the table above.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        let words = [
            FORMAT_VERSION,
            self.query.len() as u32,
            self.encoder.len() as u32,
        ];
        bytes.extend(words.into_iter().flat_map(u32::to_le_bytes));
        bytes.extend(self.encoder.as_bytes());
        let reals = self.query.iter().chain(&self.item);
        bytes.extend(reals.flat_map(|real| real.to_le_bytes()));
        bytes.extend(crc32c::crc32c(&bytes).to_le_bytes());
        bytes
    }

    /// Reads what [`Self::to_bytes`] wrote; the error says what is wrong with it.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, String> {
        let (content, sum) = bytes.split_last_chunk::<4>().ok_or("shorter than means")?;
        if !content.starts_with(&MAGIC) {
            return Err("not means of vectors".into());
        }
        if crc32c::crc32c(content) != u32::from_le_bytes(*sum) {
            return Err("the means do not match their checksum".into());
        }
        let (words, rest) = content[MAGIC.len()..]
            .split_first_chunk::<12>()
            .ok_or("the means end early")?;
        let word = |at: usize| {
            u32::from_le_bytes([words[at], words[at + 1], words[at + 2], words[at + 3]]) as usize
        };
        let (version, dimensions, name) = (word(0), word(4), word(8));
        if version != FORMAT_VERSION as usize {
            return Err(format!("means of format version {version}"));
        }
        let (encoder, reals) = rest.split_at_checked(name).ok_or("the means end early")?;
        let (reals, odd) = reals.as_chunks::<4>();
        let reals: Vec<f32> = reals.iter().map(|word| f32::from_le_bytes(*word)).collect();
        if reals.len() != 2 * dimensions || !odd.is_empty() || !reals.iter().all(|r| r.is_finite())
        {
            return Err("the means have the wrong length or are no numbers".into());
        }
        let (query, item) = reals.split_at(dimensions);
        Ok(Self {
            encoder: String::from_utf8_lossy(encoder).into_owned(),
            query: query.to_vec(),
            item: item.to_vec(),
        })
    }
}

/// Takes a mean off a vector and makes its length 1; a vector that is the mean stays zero.
fn centre(vector: &mut [f32], mean: &[f32]) {
    for (real, mean) in vector.iter_mut().zip(mean) {
        *real -= mean;
    }
    let length = vector.iter().map(|real| real * real).sum::<f32>().sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|real| *real /= length);
    }
}
