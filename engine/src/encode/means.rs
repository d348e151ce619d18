//! Means of query vectors and of item vectors, taken off before vectors are compared.
//!
//! What all vectors of a kind share says nothing of any one of them, but outweighs what differs. Queries and
//! items share different things (length, style), and so do texts with Han characters and texts without: each has
//! a mean of its own. Sources: "All-but-the-Top", Mu and Viswanath, ICLR 2018, of which this is the first step; "On
//! the Language Neutrality of Pre-trained Multilingual Representations", Libovický, Rosa and Fraser, EMNLP
//! Findings 2020, for a mean a language.
//!
//! As bytes, for an index to keep: magic, version of the format (u32), dimensions (u32), length of the
//! encoder's version (u32) and its UTF-8, the four means (f32: queries with Han, queries without, items with,
//! items without), CRC-32C; little-endian.

/// First bytes of stored means.
const MAGIC: [u8; 8] = *b"SAMPANVM";
/// Version of the format.
const FORMAT_VERSION: u32 = 1;
/// Means that are kept.
const MEANS: usize = 4;

/// Fewer vectors of a script than this do not tell its mean; that of both scripts then stands in.
pub const MEAN_VECTORS_MIN: u64 = 50;

/// Whether a text has Han characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Han,
    Other,
}

impl Script {
    fn of(text: &str) -> Self {
        let is_han = |c| matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFD}');
        match text.contains(is_han) {
            true => Self::Han,
            false => Self::Other,
        }
    }
}

/// A mean a script, of one kind of text.
#[derive(Debug, Clone, PartialEq)]
pub struct ScriptMeans {
    /// Of texts with Han characters.
    pub han: Vec<f32>,
    /// Of the others.
    pub other: Vec<f32>,
}

impl ScriptMeans {
    /// Means that take nothing off.
    pub fn zero(dimensions: usize) -> Self {
        Self {
            han: vec![0.0; dimensions],
            other: vec![0.0; dimensions],
        }
    }

    /// Takes the mean of the text's script off its vector and makes its length 1 again. A vector that is the
    /// mean stays zero.
    pub fn centre(&self, text: &str, vector: &mut [f32]) {
        let mean = match Script::of(text) {
            Script::Han => &self.han,
            Script::Other => &self.other,
        };
        for (real, mean) in vector.iter_mut().zip(mean) {
            *real -= mean;
        }
        let length = vector.iter().map(|real| real * real).sum::<f32>().sqrt();
        if length > 0.0 {
            vector.iter_mut().for_each(|real| *real /= length);
        }
    }
}

/// Means that are being taken, of one kind of text.
#[derive(Debug, Clone)]
pub struct MeanSums {
    sums: [Vec<f64>; 2],
    counts: [u64; 2],
}

impl MeanSums {
    /// Of vectors of so many numbers.
    pub fn new(dimensions: usize) -> Self {
        Self {
            sums: [vec![0.0; dimensions], vec![0.0; dimensions]],
            counts: [0; 2],
        }
    }

    /// Adds a text's vector.
    pub fn add(&mut self, text: &str, vector: &[f32]) {
        let script = Script::of(text) as usize;
        for (sum, real) in self.sums[script].iter_mut().zip(vector) {
            *sum += f64::from(*real);
        }
        self.counts[script] += 1;
    }

    /// The means of what was added: of fewer than [`MEAN_VECTORS_MIN`] in all, none is taken off.
    pub fn means(&self) -> ScriptMeans {
        let [han, other] = &self.sums;
        let all: Vec<f64> = han
            .iter()
            .zip(other)
            .map(|(han, other)| han + other)
            .collect();
        let count: u64 = self.counts.iter().sum();
        let mean = |script: Script| {
            let (own, own_count) = (&self.sums[script as usize], self.counts[script as usize]);
            let (sum, count) = match own_count >= MEAN_VECTORS_MIN {
                true => (own, own_count),
                false => (&all, count),
            };
            let divisor = if count >= MEAN_VECTORS_MIN {
                count as f64
            } else {
                f64::INFINITY
            };
            sum.iter().map(|sum| (sum / divisor) as f32).collect()
        };
        ScriptMeans {
            han: mean(Script::Han),
            other: mean(Script::Other),
        }
    }
}

/// What is taken off the vectors of an index and of its queries.
#[derive(Debug, Clone, PartialEq)]
pub struct Means {
    /// Version of the encoder whose vectors they are of.
    pub encoder: String,
    pub queries: ScriptMeans,
    pub items: ScriptMeans,
}

impl Means {
    /// As bytes, by the table above.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        let dimensions = self.items.han.len() as u32;
        let words = [FORMAT_VERSION, dimensions, self.encoder.len() as u32];
        bytes.extend(words.into_iter().flat_map(u32::to_le_bytes));
        bytes.extend(self.encoder.as_bytes());
        let kinds = [&self.queries, &self.items];
        let reals = kinds
            .into_iter()
            .flat_map(|means| means.han.iter().chain(&means.other));
        bytes.extend(reals.flat_map(|real| real.to_le_bytes()));
        bytes.extend(crc32c::crc32c(&bytes).to_le_bytes());
        bytes
    }

    /// Reads what [`Self::to_bytes`] wrote; the error says what is wrong with it.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, String> {
        let (content, sum) = bytes.split_last_chunk::<4>().ok_or("shorter than means")?;
        let rest = content.strip_prefix(&MAGIC).ok_or("not means of vectors")?;
        if crc32c::crc32c(content) != u32::from_le_bytes(*sum) {
            return Err("the means do not match their checksum".into());
        }
        let (words, rest) = rest
            .split_first_chunk::<12>()
            .ok_or("the means end early")?;
        let [version, dimensions, name] = [0, 4, 8]
            .map(|at| u32::from_le_bytes([words[at], words[at + 1], words[at + 2], words[at + 3]]));
        if version != FORMAT_VERSION {
            return Err(format!("means of format version {version}"));
        }
        let split = rest.split_at_checked(name as usize);
        let (encoder, reals) = split.ok_or("the means end early")?;
        let (reals, odd) = reals.as_chunks::<4>();
        let reals: Vec<f32> = reals.iter().map(|word| f32::from_le_bytes(*word)).collect();
        let dimensions = dimensions as usize;
        if reals.len() != MEANS * dimensions
            || !odd.is_empty()
            || !reals.iter().all(|r| r.is_finite())
        {
            return Err("the means have the wrong length or are no numbers".into());
        }
        let mean = |number: usize| reals[number * dimensions..(number + 1) * dimensions].to_vec();
        let kind = |first: usize| ScriptMeans {
            han: mean(first),
            other: mean(first + 1),
        };
        Ok(Self {
            encoder: String::from_utf8_lossy(encoder).into_owned(),
            queries: kind(0),
            items: kind(2),
        })
    }
}
