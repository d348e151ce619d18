//! The kernels for x86-64: AVX-512 with VNNI, and AVX2.

use std::arch::x86_64::*;

use super::Kernels;

pub(super) static VNNI: Kernels = Kernels {
    products: products_vnni_detected,
    refined: refined_detected,
};
pub(super) static AVX2: Kernels = Kernels {
    products: products_avx2_detected,
    refined: refined_detected,
};

/// Bytes of a cache line.
const CACHE_LINE_BYTES: usize = 64;

#[inline(always)]
pub(super) fn prefetch<T>(items: &[T], start: usize, length: usize) {
    let step = (CACHE_LINE_BYTES / size_of::<T>()).max(1);
    let end = (start + length).min(items.len());
    let mut line = start;
    while line < end {
        // SAFETY: `line` is inside `items`, and a prefetch cannot fault.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(items.as_ptr().add(line).cast()) };
        line += step;
    }
}

fn products_vnni_detected(high: &[u8], query: &[i8], rows: &[u32], products: &mut [i32]) {
    // SAFETY: `detected` hands this kernel out only where the processor has the features.
    unsafe { products_vnni(high, query, rows, products) }
}

fn products_avx2_detected(high: &[u8], query: &[i8], rows: &[u32], products: &mut [i32]) {
    // SAFETY: as above.
    unsafe { products_avx2(high, query, rows, products) }
}

fn refined_detected(high: &[u8], low: &[u8], query: &[f32]) -> f32 {
    // SAFETY: as above.
    unsafe { refined_avx2(high, low, query) }
}

/// Rows that one pass of [`products_vnni`] takes, so that each piece of the query is loaded once.
const VNNI_ROWS: usize = 4;

/// Rows that one pass of [`products_avx2`] takes, and bytes that it takes of each at a time.
const AVX2_ROWS: usize = 4;
const AVX2_LANES: usize = 32;

// Plain loops without closures: a closure would not be compiled for these instructions.
#[target_feature(enable = "avx2,avx512f,avx512bw,avx512vnni")]
fn products_vnni(high: &[u8], query: &[i8], rows: &[u32], products: &mut [i32]) {
    let dimensions = query.len();
    let (fours, rest) = rows.as_chunks::<VNNI_ROWS>();
    let (products, products_rest) = products[..rows.len()].as_chunks_mut::<VNNI_ROWS>();
    for (number, rows) in fours.iter().enumerate() {
        let codes = [
            &high[rows[0] as usize * dimensions..][..dimensions],
            &high[rows[1] as usize * dimensions..][..dimensions],
            &high[rows[2] as usize * dimensions..][..dimensions],
            &high[rows[3] as usize * dimensions..][..dimensions],
        ];
        products[number] = four_products(codes, query);
    }
    for (number, row) in rest.iter().enumerate() {
        let codes = &high[*row as usize * dimensions..][..dimensions];
        products_rest[number] = four_products([codes; VNNI_ROWS], query)[0];
    }
}

/// The slices are all as long as the query.
#[inline]
#[target_feature(enable = "avx2,avx512f,avx512bw,avx512vnni")]
fn four_products(codes: [&[u8]; VNNI_ROWS], query: &[i8]) -> [i32; VNNI_ROWS] {
    const LANES: usize = 64;
    let dimensions = query.len();
    let mut sums = [_mm512_setzero_si512(); VNNI_ROWS];
    let mut at = 0;
    while at < dimensions {
        let left = dimensions - at;
        let mask = if left >= LANES {
            u64::MAX
        } else {
            (1u64 << left) - 1
        };
        // SAFETY: the mask keeps every lane inside `query`.
        let factor = unsafe { _mm512_maskz_loadu_epi8(mask, query.as_ptr().add(at)) };
        let mut row = 0;
        while row < VNNI_ROWS {
            // SAFETY: the mask keeps every lane inside the row, which is as long as the query.
            let term = unsafe { _mm512_maskz_loadu_epi8(mask, codes[row].as_ptr().add(at).cast()) };
            sums[row] = _mm512_dpbusd_epi32(sums[row], term, factor);
            row += 1;
        }
        at += LANES;
    }
    let [a, b, c, d] = sums;
    let pairs = _mm256_hadd_epi32(
        _mm256_hadd_epi32(halves_added(a), halves_added(b)),
        _mm256_hadd_epi32(halves_added(c), halves_added(d)),
    );
    let sums = _mm_add_epi32(
        _mm256_castsi256_si128(pairs),
        _mm256_extracti128_si256::<1>(pairs),
    );
    [
        _mm_extract_epi32::<0>(sums),
        _mm_extract_epi32::<1>(sums),
        _mm_extract_epi32::<2>(sums),
        _mm_extract_epi32::<3>(sums),
    ]
}

#[inline]
#[target_feature(enable = "avx2,avx512f")]
fn halves_added(lanes: __m512i) -> __m256i {
    _mm256_add_epi32(
        _mm512_castsi512_si256(lanes),
        _mm512_extracti64x4_epi64::<1>(lanes),
    )
}

#[target_feature(enable = "avx2")]
fn products_avx2(high: &[u8], query: &[i8], rows: &[u32], products: &mut [i32]) {
    let dimensions = query.len();
    let whole = dimensions - dimensions % AVX2_LANES;
    // What the high bytes have too much: they are stored plus 128, and multiplied without that.
    let bias: i32 = query[..whole]
        .iter()
        .map(|&value| 128 * i32::from(value))
        .sum();
    let (fours, rest) = rows.as_chunks::<AVX2_ROWS>();
    let (products, products_rest) = products[..rows.len()].as_chunks_mut::<AVX2_ROWS>();
    for (number, rows) in fours.iter().enumerate() {
        let codes = [
            &high[rows[0] as usize * dimensions..][..dimensions],
            &high[rows[1] as usize * dimensions..][..dimensions],
            &high[rows[2] as usize * dimensions..][..dimensions],
            &high[rows[3] as usize * dimensions..][..dimensions],
        ];
        products[number] = four_products_avx2(codes, query, bias);
    }
    for (number, row) in rest.iter().enumerate() {
        let codes = &high[*row as usize * dimensions..][..dimensions];
        products_rest[number] = four_products_avx2([codes; AVX2_ROWS], query, bias)[0];
    }
}

/// The slices are all as long as the query. No high byte is 0 and no part of the query −128 (see `quantise.rs`): two
/// products of seven bits and a sign each then fit into 16 bits.
#[inline]
#[target_feature(enable = "avx2")]
fn four_products_avx2(codes: [&[u8]; AVX2_ROWS], query: &[i8], bias: i32) -> [i32; AVX2_ROWS] {
    let dimensions = query.len();
    let whole = dimensions - dimensions % AVX2_LANES;
    let (ones, stored_plus) = (_mm256_set1_epi16(1), _mm256_set1_epi8(-128));
    let mut sums = [_mm256_setzero_si256(); AVX2_ROWS];
    let mut at = 0;
    while at < whole {
        // SAFETY: `at` and the lanes after it are below `whole`, which is at most the length of the query.
        let factor = unsafe { _mm256_loadu_si256(query.as_ptr().add(at).cast()) };
        let amount = _mm256_abs_epi8(factor);
        let mut row = 0;
        while row < AVX2_ROWS {
            // SAFETY: likewise; the row is as long as the query.
            let term = unsafe { _mm256_loadu_si256(codes[row].as_ptr().add(at).cast()) };
            // The sign of the factor goes to the term, since one factor has to be unsigned.
            let signed = _mm256_sign_epi8(_mm256_xor_si256(term, stored_plus), factor);
            let pairs = _mm256_madd_epi16(_mm256_maddubs_epi16(amount, signed), ones);
            sums[row] = _mm256_add_epi32(sums[row], pairs);
            row += 1;
        }
        at += AVX2_LANES;
    }
    let [a, b, c, d] = sums;
    let pairs = _mm256_hadd_epi32(_mm256_hadd_epi32(a, b), _mm256_hadd_epi32(c, d));
    let sums = _mm_add_epi32(
        _mm256_castsi256_si128(pairs),
        _mm256_extracti128_si256::<1>(pairs),
    );
    let mut products = [
        _mm_extract_epi32::<0>(sums),
        _mm_extract_epi32::<1>(sums),
        _mm_extract_epi32::<2>(sums),
        _mm_extract_epi32::<3>(sums),
    ];
    for (product, codes) in products.iter_mut().zip(codes) {
        *product += bias;
        for (&term, &factor) in codes[whole..].iter().zip(&query[whole..]) {
            *product += i32::from(term) * i32::from(factor);
        }
    }
    products
}

#[target_feature(enable = "avx2,fma")]
fn refined_avx2(high: &[u8], low: &[u8], query: &[f32]) -> f32 {
    const LANES: usize = 8;
    let dimensions = query.len().min(high.len()).min(low.len());
    let whole = dimensions - dimensions % LANES;
    let bias = _mm256_set1_epi32(128);
    let mut sum = _mm256_setzero_ps();
    for at in (0..whole).step_by(LANES) {
        // SAFETY: `at + LANES` is at most `whole`, which is at most the length of all three slices.
        let (high, low, factor) = unsafe {
            let high = _mm_loadl_epi64(high.as_ptr().add(at).cast());
            let low = _mm_loadl_epi64(low.as_ptr().add(at).cast());
            (high, low, _mm256_loadu_ps(query.as_ptr().add(at)))
        };
        let high = _mm256_sub_epi32(_mm256_cvtepu8_epi32(high), bias);
        let code = _mm256_add_epi32(_mm256_slli_epi32::<8>(high), _mm256_cvtepi8_epi32(low));
        sum = _mm256_fmadd_ps(_mm256_cvtepi32_ps(code), factor, sum);
    }
    let half = _mm_add_ps(_mm256_castps256_ps128(sum), _mm256_extractf128_ps::<1>(sum));
    let pair = _mm_add_ps(half, _mm_movehl_ps(half, half));
    let total = _mm_cvtss_f32(_mm_add_ss(pair, _mm_movehdup_ps(pair)));
    total + super::scalar::refined(&high[whole..], &low[whole..], &query[whole..])
}
