//! The kernels for x86-64: AVX-512 with VNNI, and AVX2.

use std::arch::x86_64::*;

use super::{
    super::matrix::{SIDE_BY_SIDE, TILE_COLUMNS},
    Kernels, Product, scalar,
};
use crate::base::instructions::Instructions;

/// Bytes of a tile that four rows take.
const TILE_STEP: usize = TILE_COLUMNS * SIDE_BY_SIDE;

/// The kernels of an instruction set: its own product, and the scalar ones compiled for it.
macro_rules! kernels {
    ($table:ident, $module:ident, $instructions:ident, $features:literal, $product:path) => {
        pub(super) static $table: Kernels = Kernels {
            instructions: Instructions::$instructions,
            add_product: $module::add_product,
            code: $module::code,
            code_long: $module::code_long,
            normalise: $module::normalise,
            rectify_and_add: $module::rectify_and_add,
            dequantise: $module::dequantise,
        };

        mod $module {
            use super::{Product, scalar};

            pub fn add_product(product: &Product<'_>, out: &mut [f32], stride: usize) {
                // SAFETY: `detected` hands these kernels out only where the processor has the features.
                unsafe { $product(product, out, stride) }
            }

            kernels!(@compiled $features, code(reals: &[f32], codes: &mut [u8]) -> f32);
            kernels!(@compiled $features, code_long(reals: &[f32], high: &mut [u8], low: &mut [u8]) -> f32);
            kernels!(@compiled $features, normalise(row: &mut [f32], gain: &[f32], bias: &[f32], epsilon: f32) -> ());
            kernels!(@compiled $features, rectify_and_add(row: &mut [f32], added: &[f32]) -> ());
            kernels!(@compiled $features, dequantise(codes: &[u8], step: f32, low: f32, reals: &mut [f32]) -> ());
        }
    };
    (@compiled $features:literal, $kernel:ident($($argument:ident: $of:ty),*) -> $returned:ty) => {
        pub fn $kernel($($argument: $of),*) -> $returned {
            #[target_feature(enable = $features)]
            fn compiled($($argument: $of),*) -> $returned {
                scalar::$kernel($($argument),*)
            }
            // SAFETY: as above.
            unsafe { compiled($($argument),*) }
        }
    };
}

kernels!(
    VNNI,
    vnni,
    Avx512Vnni,
    "avx2,fma,avx512f,avx512bw",
    super::add_product_vnni
);
kernels!(AVX2, avx2, Avx2, "avx2,fma", super::add_product_avx2);

/// Rows that one pass over a tile takes, so that the sums fill the registers.
const VNNI_ROWS_MAX: usize = 6;
/// Registers of a tile's columns.
const VNNI_BLOCKS: usize = TILE_COLUMNS / 16;

#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn add_product_vnni(product: &Product<'_>, out: &mut [f32], stride: usize) {
    let rows = product.rows.steps.len();
    // Passes as equal as can be: 7 rows are 4 and 3.
    let passes = rows.div_ceil(VNNI_ROWS_MAX).max(1);
    for tile in 0..product.outputs / TILE_COLUMNS {
        for pass in 0..passes {
            let (from, to) = (rows * pass / passes, rows * (pass + 1) / passes);
            match to - from {
                1 => tile_vnni::<1>(product, tile, from, out, stride),
                2 => tile_vnni::<2>(product, tile, from, out, stride),
                3 => tile_vnni::<3>(product, tile, from, out, stride),
                4 => tile_vnni::<4>(product, tile, from, out, stride),
                5 => tile_vnni::<5>(product, tile, from, out, stride),
                6 => tile_vnni::<6>(product, tile, from, out, stride),
                _ => {}
            }
        }
    }
}

// Plain loops without closures: a closure would not be compiled for these instructions.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn tile_vnni<const ROWS: usize>(
    product: &Product<'_>,
    tile: usize,
    from: usize,
    out: &mut [f32],
    stride: usize,
) {
    let inputs = product.inputs;
    let weights = &product.packed[tile * inputs * TILE_COLUMNS..][..inputs * TILE_COLUMNS];
    let codes = &product.rows.codes[from * inputs..][..ROWS * inputs];
    let mut sums = [[_mm512_setzero_si512(); VNNI_BLOCKS]; ROWS];
    for (step, weights) in weights.as_chunks::<TILE_STEP>().0.iter().enumerate() {
        let mut block = [_mm512_setzero_si512(); VNNI_BLOCKS];
        let mut at = 0;
        while at < VNNI_BLOCKS {
            // SAFETY: the blocks of 64 bytes fill `weights`.
            block[at] = unsafe { _mm512_loadu_si512(weights.as_ptr().add(at * 64).cast()) };
            at += 1;
        }
        let mut row = 0;
        while row < ROWS {
            let at = row * inputs + step * SIDE_BY_SIDE;
            // SAFETY: `inputs` is a multiple of four, so that four codes follow `at` inside the row.
            let four = unsafe { codes.as_ptr().add(at).cast::<i32>().read_unaligned() };
            let four = _mm512_set1_epi32(four);
            let mut column = 0;
            while column < VNNI_BLOCKS {
                sums[row][column] = _mm512_dpbusd_epi32(sums[row][column], four, block[column]);
                column += 1;
            }
            row += 1;
        }
    }
    let columns = &product.column_sums[tile * TILE_COLUMNS..][..TILE_COLUMNS];
    let mut row = 0;
    while row < ROWS {
        let step = product.rows.steps[from + row];
        let factor = _mm512_set1_ps(product.scale * step.step);
        let shift = _mm512_set1_ps(step.shift);
        let out = &mut out[(from + row) * stride + tile * TILE_COLUMNS..][..TILE_COLUMNS];
        let mut column = 0;
        while column < VNNI_BLOCKS {
            // SAFETY: sixteen numbers of 64 follow in both slices.
            unsafe {
                let place = out.as_mut_ptr().add(column * 16);
                let total = _mm512_cvtepi32_ps(sums[row][column]);
                let sum = _mm512_loadu_ps(columns.as_ptr().add(column * 16));
                let total = _mm512_fmadd_ps(shift, sum, total);
                _mm512_storeu_ps(
                    place,
                    _mm512_fmadd_ps(factor, total, _mm512_loadu_ps(place)),
                );
            }
            column += 1;
        }
        row += 1;
    }
}

/// Rows that one pass takes.
const AVX2_ROWS_MAX: usize = 4;
/// Registers of columns that one pass takes.
const AVX2_BLOCKS: usize = 2;
/// Columns of a register.
const AVX2_COLUMNS: usize = 8;

#[target_feature(enable = "avx2,fma")]
fn add_product_avx2(product: &Product<'_>, out: &mut [f32], stride: usize) {
    let rows = product.rows.steps.len();
    let passes = rows.div_ceil(AVX2_ROWS_MAX).max(1);
    for column in (0..product.outputs).step_by(AVX2_BLOCKS * AVX2_COLUMNS) {
        for pass in 0..passes {
            let (from, to) = (rows * pass / passes, rows * (pass + 1) / passes);
            match to - from {
                1 => columns_avx2::<1>(product, column, from, out, stride),
                2 => columns_avx2::<2>(product, column, from, out, stride),
                3 => columns_avx2::<3>(product, column, from, out, stride),
                4 => columns_avx2::<4>(product, column, from, out, stride),
                _ => {}
            }
        }
    }
}

/// Weights and codes of even and of odd rows apart, as sixteen bits: products of bytes added as pairs
/// (`maddubs`) could overflow them.
#[target_feature(enable = "avx2,fma")]
fn columns_avx2<const ROWS: usize>(
    product: &Product<'_>,
    column: usize,
    from: usize,
    out: &mut [f32],
    stride: usize,
) {
    let inputs = product.inputs;
    let tile = column / TILE_COLUMNS * inputs * TILE_COLUMNS;
    let weights = &product.packed[tile..][..inputs * TILE_COLUMNS];
    let inside = column % TILE_COLUMNS * SIDE_BY_SIDE;
    let codes = &product.rows.codes[from * inputs..][..ROWS * inputs];
    let low_bytes = _mm256_set1_epi16(0xFF);
    let mut sums = [[_mm256_setzero_si256(); AVX2_BLOCKS]; ROWS];
    for (step, weights) in weights.as_chunks::<TILE_STEP>().0.iter().enumerate() {
        let mut even = [_mm256_setzero_si256(); AVX2_BLOCKS];
        let mut odd = [_mm256_setzero_si256(); AVX2_BLOCKS];
        let mut block = 0;
        while block < AVX2_BLOCKS {
            // SAFETY: `column` is a multiple of sixteen, so that both blocks of 32 bytes lie in the tile.
            let both =
                unsafe { _mm256_loadu_si256(weights.as_ptr().add(inside + block * 32).cast()) };
            even[block] = _mm256_srai_epi16::<8>(_mm256_slli_epi16::<8>(both));
            odd[block] = _mm256_srai_epi16::<8>(both);
            block += 1;
        }
        let mut row = 0;
        while row < ROWS {
            let at = row * inputs + step * SIDE_BY_SIDE;
            // SAFETY: `inputs` is a multiple of four, so that four codes follow `at` inside the row.
            let four = unsafe { codes.as_ptr().add(at).cast::<i32>().read_unaligned() };
            let four = _mm256_set1_epi32(four);
            let (even_codes, odd_codes) = (
                _mm256_and_si256(four, low_bytes),
                _mm256_srli_epi16::<8>(four),
            );
            let mut block = 0;
            while block < AVX2_BLOCKS {
                let pairs = _mm256_add_epi32(
                    _mm256_madd_epi16(even[block], even_codes),
                    _mm256_madd_epi16(odd[block], odd_codes),
                );
                sums[row][block] = _mm256_add_epi32(sums[row][block], pairs);
                block += 1;
            }
            row += 1;
        }
    }
    let mut row = 0;
    while row < ROWS {
        let step = product.rows.steps[from + row];
        let factor = _mm256_set1_ps(product.scale * step.step);
        let shift = _mm256_set1_ps(step.shift);
        let width = AVX2_BLOCKS * AVX2_COLUMNS;
        let columns = &product.column_sums[column..][..width];
        let out = &mut out[(from + row) * stride + column..][..width];
        let mut block = 0;
        while block < AVX2_BLOCKS {
            // SAFETY: eight numbers of sixteen follow in both slices.
            unsafe {
                let place = out.as_mut_ptr().add(block * AVX2_COLUMNS);
                let total = _mm256_cvtepi32_ps(sums[row][block]);
                let sum = _mm256_loadu_ps(columns.as_ptr().add(block * AVX2_COLUMNS));
                let total = _mm256_fmadd_ps(shift, sum, total);
                _mm256_storeu_ps(
                    place,
                    _mm256_fmadd_ps(factor, total, _mm256_loadu_ps(place)),
                );
            }
            block += 1;
        }
        row += 1;
    }
}
