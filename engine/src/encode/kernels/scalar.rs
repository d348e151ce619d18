//! The kernels in plain Rust: what every processor runs, and what the others are compared with. Written so
//! that a compiler can vectorise them; those that it does well are compiled again for x86's wider registers.

use super::{
    super::{
        matrix::{SIDE_BY_SIDE, TILE_COLUMNS},
        quantise::{CODES_EACH_SIDE, LONG_CODES_EACH_SIDE, LONG_ZERO_CODE, ZERO_CODE},
    },
    Product,
};

/// Lanes of a sum, so that it need not wait for each addition.
const LANES: usize = 16;

/// Added to a small number, leaves the number, rounded, in the low bits: 1.5 · 2²³.
const ROUNDING: f32 = 12_582_912.0;

pub(super) fn add_product(product: &Product<'_>, out: &mut [f32], stride: usize) {
    let Product { inputs, scale, .. } = *product;
    let rows = product.rows.codes.chunks_exact(inputs);
    for ((codes, step), out) in rows.zip(product.rows.steps).zip(out.chunks_mut(stride)) {
        let tiles = product.packed.chunks_exact(inputs * TILE_COLUMNS);
        let sums = product.column_sums.chunks_exact(TILE_COLUMNS);
        let out = out[..product.outputs].chunks_exact_mut(TILE_COLUMNS);
        for ((tile, sums), out) in tiles.zip(sums).zip(out) {
            let totals = tile_totals(tile, codes);
            for ((out, total), sum) in out.iter_mut().zip(totals).zip(sums) {
                *out += scale * step.step * (total as f32 + step.shift * sum);
            }
        }
    }
}

fn tile_totals(tile: &[u8], codes: &[u8]) -> [i32; TILE_COLUMNS] {
    let mut totals = [0i32; TILE_COLUMNS];
    for (block, totals) in totals.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
        let four_rows = tile.chunks_exact(TILE_COLUMNS * SIDE_BY_SIDE);
        for (weights, codes) in four_rows.zip(codes.as_chunks::<SIDE_BY_SIDE>().0) {
            let codes = codes.map(i32::from);
            let words = weights[block * LANES * SIDE_BY_SIDE..]
                .as_chunks::<SIDE_BY_SIDE>()
                .0;
            for (total, word) in totals.iter_mut().zip(words) {
                // The four weights of a column as one word: a lane each, which byte by byte would not be.
                let word = i32::from_le_bytes(*word);
                *total += (word << 24 >> 24) * codes[0]
                    + (word << 16 >> 24) * codes[1]
                    + (word << 8 >> 24) * codes[2]
                    + (word >> 24) * codes[3];
            }
        }
    }
    totals
}

#[inline(always)]
pub(super) fn code(reals: &[f32], codes: &mut [u8]) -> f32 {
    let step = largest(reals) / CODES_EACH_SIDE;
    let inverse = if step > 0.0 { 1.0 / step } else { 0.0 };
    for (real, code) in reals.iter().zip(codes) {
        *code = (real * inverse + (ROUNDING + ZERO_CODE)).to_bits() as u8;
    }
    step
}

#[inline(always)]
pub(super) fn code_long(reals: &[f32], high: &mut [u8], low: &mut [u8]) -> f32 {
    let step = largest(reals) / LONG_CODES_EACH_SIDE;
    let inverse = if step > 0.0 { 1.0 / step } else { 0.0 };
    for ((real, high), low) in reals.iter().zip(high).zip(low) {
        let bits = (real * inverse + (ROUNDING + LONG_ZERO_CODE)).to_bits();
        *high = (bits >> 8) as u8;
        *low = bits as u8;
    }
    step
}

#[inline(always)]
fn largest(reals: &[f32]) -> f32 {
    let mut lanes = [0.0f32; LANES];
    let (whole, rest) = reals.as_chunks::<LANES>();
    for reals in whole {
        for (lane, real) in lanes.iter_mut().zip(reals) {
            let size = real.abs();
            *lane = if size > *lane { size } else { *lane };
        }
    }
    let lanes = lanes.iter().chain(rest);
    lanes.fold(0.0, |largest, real| real.abs().max(largest))
}

#[inline(always)]
fn sum(reals: &[f32], of: impl Fn(f32) -> f32) -> f32 {
    let mut lanes = [0.0f32; LANES];
    let (whole, rest) = reals.as_chunks::<LANES>();
    for reals in whole {
        for (lane, real) in lanes.iter_mut().zip(reals) {
            *lane += of(*real);
        }
    }
    lanes.iter().sum::<f32>() + rest.iter().map(|real| of(*real)).sum::<f32>()
}

#[inline(always)]
pub(super) fn normalise(row: &mut [f32], gain: &[f32], bias: &[f32], epsilon: f32) {
    let count = row.len() as f32;
    let mean = sum(row, |real| real) / count;
    let variance = sum(row, |real| (real - mean) * (real - mean)) / count;
    let inverse = 1.0 / (variance + epsilon).sqrt();
    for ((real, gain), bias) in row.iter_mut().zip(gain).zip(bias) {
        *real = (*real - mean) * inverse * gain + bias;
    }
}

#[inline(always)]
pub(super) fn rectify_and_add(row: &mut [f32], added: &[f32]) {
    for (real, added) in row.iter_mut().zip(added) {
        *real = if *real > 0.0 { *real } else { 0.0 } + added;
    }
}

#[inline(always)]
pub(super) fn dequantise(codes: &[u8], step: f32, low: f32, reals: &mut [f32]) {
    for (code, real) in codes.iter().zip(reals) {
        *real = f32::from(*code) * step + low;
    }
}
