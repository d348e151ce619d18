//! Which items a search may return.

use roaring::RoaringBitmap;

/// The filter of one search. The more it tells of itself, the faster the search.
pub trait Eligibility: Sync {
    /// True when the item of this ordinal may be returned.
    fn allows(&self, ordinal: u32) -> bool;

    /// True when `allows` is true for every ordinal.
    fn allows_everything(&self) -> bool {
        false
    }

    /// The allowed ordinals, when they are known as a bitmap; it must agree with `allows`.
    fn bitmap(&self) -> Option<&RoaringBitmap> {
        None
    }

    /// The allowed ordinals as bits, the lowest of the first word for ordinal 0; ordinals past the
    /// end are not allowed. It must agree with `allows`, and makes filtered graph walks several
    /// times faster than a bitmap does.
    fn words(&self) -> Option<&[u64]> {
        None
    }
}

/// Every item may be returned.
#[derive(Debug, Clone, Copy, Default)]
pub struct Everything;

impl Eligibility for Everything {
    fn allows(&self, _ordinal: u32) -> bool {
        true
    }

    fn allows_everything(&self) -> bool {
        true
    }
}

impl Eligibility for RoaringBitmap {
    fn allows(&self, ordinal: u32) -> bool {
        self.contains(ordinal)
    }

    fn bitmap(&self) -> Option<&RoaringBitmap> {
        Some(self)
    }
}

/// Allowed ordinals in both forms: worth making for a filter that many searches share, such as a
/// region's. It takes one bit an ordinal beside the bitmap.
#[derive(Debug, Clone, Default)]
pub struct EligibleOrdinals {
    bitmap: RoaringBitmap,
    words: Vec<u64>,
}

impl EligibleOrdinals {
    /// Spreads `bitmap` out; takes about a nanosecond an ordinal.
    pub fn new(bitmap: RoaringBitmap) -> Self {
        let mut words = vec![0u64; bitmap.max().map_or(0, |last| last as usize / 64 + 1)];
        for ordinal in &bitmap {
            words[ordinal as usize / 64] |= 1 << (ordinal % 64);
        }
        Self { bitmap, words }
    }
}

impl Eligibility for EligibleOrdinals {
    fn allows(&self, ordinal: u32) -> bool {
        contains(&self.words, ordinal)
    }

    fn bitmap(&self) -> Option<&RoaringBitmap> {
        Some(&self.bitmap)
    }

    fn words(&self) -> Option<&[u64]> {
        Some(&self.words)
    }
}

/// A filter by the quickest way that it has to answer.
#[derive(Clone, Copy)]
pub(super) enum Filter<'a> {
    Words(&'a [u64]),
    Ask(&'a dyn Eligibility),
}

impl<'a> Filter<'a> {
    pub fn new(eligible: &'a dyn Eligibility) -> Self {
        eligible.words().map_or(Self::Ask(eligible), Self::Words)
    }

    #[inline]
    pub fn allows(&self, ordinal: u32) -> bool {
        match self {
            Self::Words(words) => contains(words, ordinal),
            Self::Ask(eligible) => eligible.allows(ordinal),
        }
    }
}

#[inline]
fn contains(words: &[u64], ordinal: u32) -> bool {
    let place = ordinal as usize / 64;
    place < words.len() && words[place] & (1 << (ordinal % 64)) != 0
}
