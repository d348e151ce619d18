//! Which items a search may return.

use roaring::RoaringBitmap;

/// The filter of one search. The more it tells of itself, the faster the search.
pub trait Eligibility: Sync {
    /// True when the item of this ordinal may be returned.
    fn allows(&self, ordinal: u32) -> bool;

    /// The allowed ordinals, when they are known as a bitmap; it must agree with `allows`.
    fn bitmap(&self) -> Option<&RoaringBitmap> {
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
}

impl Eligibility for RoaringBitmap {
    fn allows(&self, ordinal: u32) -> bool {
        self.contains(ordinal)
    }

    fn bitmap(&self) -> Option<&RoaringBitmap> {
        Some(self)
    }
}
