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
    const LANES: usize = 16;
    let dimensions = query.len();
    let whole = dimensions - dimensions % LANES;
    for (&row, product) in rows.iter().zip(products) {
        let codes = &high[row as usize * dimensions..][..dimensions];
        let mut sum = _mm256_setzero_si256();
        for at in (0..whole).step_by(LANES) {
            // SAFETY: `at + LANES` is at most `whole`, which is at most the length of both slices.
            let (term, factor) = unsafe {
                let term = _mm_loadu_si128(codes.as_ptr().add(at).cast());
                (term, _mm_loadu_si128(query.as_ptr().add(at).cast()))
            };
            let wide = _mm256_madd_epi16(_mm256_cvtepu8_epi16(term), _mm256_cvtepi8_epi16(factor));
            sum = _mm256_add_epi32(sum, wide);
        }
        let rest = codes[whole..].iter().zip(&query[whole..]);
        *product = sum_of_lanes(sum)
            + rest
                .map(|(&a, &b)| i32::from(a) * i32::from(b))
                .sum::<i32>();
    }
}

#[inline]
#[target_feature(enable = "avx2")]
fn sum_of_lanes(lanes: __m256i) -> i32 {
    let half = _mm_add_epi32(
        _mm256_castsi256_si128(lanes),
        _mm256_extracti128_si256::<1>(lanes),
    );
    let pair = _mm_add_epi32(half, _mm_shuffle_epi32::<0b01_00_11_10>(half));
    _mm_cvtsi128_si32(_mm_add_epi32(
        pair,
        _mm_shuffle_epi32::<0b10_11_00_01>(pair),
    ))
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
