//! Numbers in byte sections. Files and memory share one layout, so a mapped file is used as it is.

/// The `index`-th little-endian u32 of `bytes`.
#[inline(always)]
pub(super) fn u32_at(bytes: &[u8], index: usize) -> u32 {
    u32::from_le_bytes(bytes.as_chunks::<4>().0[index])
}

/// The `index`-th little-endian f32 of `bytes`.
#[inline(always)]
pub(super) fn f32_at(bytes: &[u8], index: usize) -> f32 {
    f32::from_bits(u32_at(bytes, index))
}

/// All little-endian u32 of `bytes`.
#[inline(always)]
pub(super) fn u32s(bytes: &[u8]) -> impl ExactSizeIterator<Item = u32> {
    bytes
        .as_chunks::<4>()
        .0
        .iter()
        .map(|word| u32::from_le_bytes(*word))
}

/// `words` as little-endian bytes.
pub(super) fn bytes_of(words: impl IntoIterator<Item = u32>) -> Vec<u8> {
    words.into_iter().flat_map(u32::to_le_bytes).collect()
}
