//! Vectors as 16-bit fixed-point codes, split into a high and a low byte.
//!
//! A vector is scaled to length 1, then every component becomes `round(component / step)` with
//! `step = largest |component| / 32,639`. The high byte alone is an int8 vector (rounded, not cut),
//! which graph walks and scans read; the low byte refines it to 16 bits, which rescoring reads. So
//! the exact score costs no more bytes than f16 does and is about eight times finer.
//!
//! The high byte is stored plus 128, as the instructions want one unsigned factor:
//! `Σ (h+128)·q = Σ h·q + 128·Σ q`, and the second sum belongs to the query alone.

use sampan_analyzers::memory::vec_bytes;

use super::kernels::{self, Kernels};
use super::little_endian::f32_at;

/// Largest 16-bit code: its high byte is 127 after rounding.
const CODE_MAX: f64 = 32_639.0;
/// Added to the high byte for storage.
const HIGH_BYTE_BIAS: i32 = 128;

/// Codes of many vectors, somewhere in memory or in a mapped file.
#[derive(Clone, Copy)]
pub(super) struct Codes<'a> {
    /// Dimensions of each vector.
    pub dimensions: usize,
    /// High bytes plus 128, row after row.
    pub high: &'a [u8],
    /// Low bytes as two's complement, row after row.
    pub low: &'a [u8],
    /// Value of one code unit in each row, f32 little-endian.
    pub steps: &'a [u8],
}

impl<'a> Codes<'a> {
    pub fn len(&self) -> usize {
        self.steps.len() / 4
    }

    #[inline]
    pub fn step(&self, row: u32) -> f32 {
        f32_at(self.steps, row as usize)
    }

    #[inline]
    pub fn high_row(&self, row: u32) -> &'a [u8] {
        &self.high[row as usize * self.dimensions..][..self.dimensions]
    }

    #[inline]
    pub fn low_row(&self, row: u32) -> &'a [u8] {
        &self.low[row as usize * self.dimensions..][..self.dimensions]
    }

    /// True when two rows hold the same vector.
    pub fn equals(&self, row: u32, other: &Codes<'_>, other_row: u32) -> bool {
        self.high_row(row) == other.high_row(other_row)
            && self.low_row(row) == other.low_row(other_row)
            && self.step(row) == other.step(other_row)
    }

    /// The vector of a row, to 16 bits a component.
    pub fn decode(&self, row: u32) -> Vec<f32> {
        let step = self.step(row);
        let codes = self.high_row(row).iter().zip(self.low_row(row));
        codes
            .map(|(&high, &low)| f32::from(join(high, low)) * step)
            .collect()
    }

    /// Estimated similarity of each row of `rows` to the probe, into `estimates`.
    #[inline]
    pub fn estimate(&self, probe: &Probe<'_>, rows: &[u32], estimates: &mut Vec<f32>) {
        let mut products = [0i32; kernels::BATCH_ROWS_MAX];
        estimates.clear();
        estimates.resize(rows.len(), 0.0);
        let batches = rows.chunks(kernels::BATCH_ROWS_MAX);
        for (rows, estimates) in batches.zip(estimates.chunks_mut(kernels::BATCH_ROWS_MAX)) {
            let products = &mut products[..rows.len()];
            (probe.kernels.products)(self.high, probe.signed, rows, products);
            for place in 0..rows.len() {
                let product = (products[place] - probe.bias) as f32;
                estimates[place] = product * self.step(rows[place]) * probe.factor;
            }
        }
    }

    /// Similarity of a row to the query at full precision of the codes.
    #[inline]
    pub fn similarity(&self, query: &Query, row: u32) -> f32 {
        let sum = (query.kernels.refined)(self.high_row(row), self.low_row(row), &query.unit);
        (sum * self.step(row)).clamp(-1.0, 1.0)
    }

    /// Asks the processor to fetch the row's low bytes.
    #[inline(always)]
    pub fn prefetch_low(&self, row: u32) {
        kernels::prefetch(self.low, row as usize * self.dimensions, self.dimensions);
    }

    /// Asks the processor to fetch the row's high bytes and step.
    #[inline(always)]
    pub fn prefetch(&self, row: u32) {
        kernels::prefetch(self.high, row as usize * self.dimensions, self.dimensions);
        kernels::prefetch(self.steps, row as usize * 4, 1);
    }
}

/// One side of an estimate: an int8 vector and what undoes its scale and bias.
#[derive(Clone, Copy)]
pub(super) struct Probe<'a> {
    signed: &'a [i8],
    bias: i32,
    factor: f32,
    kernels: &'static Kernels,
}

impl<'a> Probe<'a> {
    /// `factor` times a row's step turns an integer product into a cosine.
    pub fn new(signed: &'a [i8], factor: f32) -> Self {
        let sum: i32 = signed.iter().map(|&value| i32::from(value)).sum();
        Self {
            signed,
            bias: HIGH_BYTE_BIAS * sum,
            factor,
            kernels: kernels::detected(),
        }
    }

    /// A stored row as the probe; `signed` receives its int8 form.
    pub fn of_row(codes: &Codes<'_>, row: u32, signed: &'a mut Vec<i8>) -> Self {
        signed.clear();
        signed.extend(codes.high_row(row).iter().map(|&high| (high ^ 0x80) as i8));
        // Both sides are high bytes: each stands for 256 code units.
        Self::new(signed, 65_536.0 * codes.step(row))
    }
}

/// A query vector in both precisions.
pub(super) struct Query {
    unit: Vec<f32>,
    signed: Vec<i8>,
    factor: f32,
    kernels: &'static Kernels,
}

impl Query {
    /// Takes a vector of length 1.
    pub fn new(unit: Vec<f32>) -> Self {
        let largest = unit
            .iter()
            .fold(0f32, |largest, value| largest.max(value.abs()));
        let step = largest / 127.0;
        let signed = unit
            .iter()
            .map(|value| (value / step).round() as i8)
            .collect();
        Self {
            unit,
            signed,
            factor: 256.0 * step,
            kernels: kernels::detected(),
        }
    }

    pub fn probe(&self) -> Probe<'_> {
        Probe::new(&self.signed, self.factor)
    }
}

/// Codes that own their memory.
#[derive(Clone, Default)]
pub(super) struct CodeBuffer {
    dimensions: usize,
    high: Vec<u8>,
    low: Vec<u8>,
    steps: Vec<u8>,
}

impl CodeBuffer {
    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> u64 {
        vec_bytes(&self.high) + vec_bytes(&self.low) + vec_bytes(&self.steps)
    }

    pub fn with_capacity(dimensions: usize, rows: usize) -> Self {
        Self {
            dimensions,
            high: Vec::with_capacity(rows * dimensions),
            low: Vec::with_capacity(rows * dimensions),
            steps: Vec::with_capacity(rows * 4),
        }
    }

    /// Appends a vector of length 1.
    pub fn push(&mut self, unit: &[f32]) {
        let largest = unit
            .iter()
            .fold(0f32, |largest, value| largest.max(value.abs()));
        let step = f64::from(largest) / CODE_MAX;
        for &value in unit {
            let (high, low) = split((f64::from(value) / step).round() as i16);
            self.high.push(high);
            self.low.push(low);
        }
        self.steps.extend((step as f32).to_le_bytes());
    }

    /// Appends a row of other codes.
    pub fn push_row(&mut self, codes: &Codes<'_>, row: u32) {
        self.high.extend_from_slice(codes.high_row(row));
        self.low.extend_from_slice(codes.low_row(row));
        self.steps.extend(codes.step(row).to_le_bytes());
    }

    /// Puts the rows into another order: `order` says which row comes to each place, every row once.
    pub fn reorder(&mut self, order: &[u32]) {
        permute(&mut self.high, self.dimensions, order);
        permute(&mut self.low, self.dimensions, order);
        permute(&mut self.steps, 4, order);
    }

    pub fn view(&self) -> Codes<'_> {
        Codes {
            dimensions: self.dimensions,
            high: &self.high,
            low: &self.low,
            steps: &self.steps,
        }
    }
}

/// Brings the row of `width` bytes that `order` names for each place to that place, with room for one row: a segment may
/// be as large as half the memory.
fn permute(bytes: &mut [u8], width: usize, order: &[u32]) {
    let mut done = vec![false; order.len()];
    let mut held = vec![0; width];
    for first in 0..order.len() {
        if done[first] {
            continue;
        }
        held.copy_from_slice(&bytes[first * width..][..width]);
        let mut place = first;
        loop {
            done[place] = true;
            let source = order[place] as usize;
            if source == first {
                break;
            }
            bytes.copy_within(source * width..(source + 1) * width, place * width);
            place = source;
        }
        bytes[place * width..][..width].copy_from_slice(&held);
    }
}

fn split(code: i16) -> (u8, u8) {
    let high = (i32::from(code) + 128) >> 8;
    let low = i32::from(code) - (high << 8);
    ((high + HIGH_BYTE_BIAS) as u8, low as u8)
}

fn join(high: u8, low: u8) -> i16 {
    let high = i32::from(high) - HIGH_BYTE_BIAS;
    ((high << 8) + i32::from(low as i8)) as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_survives_the_split() {
        for code in -32_639..=32_639i16 {
            let (high, low) = split(code);
            assert_eq!(join(high, low), code);
        }
    }

    #[test]
    fn rows_come_where_an_order_puts_them() {
        let vectors: Vec<[f32; 2]> = (0..7).map(|row| [row as f32 / 10.0, 0.5]).collect();
        let mut buffer = CodeBuffer::with_capacity(2, 7);
        vectors.iter().for_each(|vector| buffer.push(vector));
        let whole = buffer.clone();
        let order = [3, 1, 0, 6, 4, 2, 5];
        buffer.reorder(&order);
        for (row, source) in (0u32..).zip(order) {
            assert!(buffer.view().equals(row, &whole.view(), source));
        }
    }

    #[test]
    fn decoding_gives_the_vector_back_to_one_part_in_ten_thousand() {
        let unit = [3.0, -4.0, 12.0, 0.001].map(|value: f32| value / 13.0);
        let mut buffer = CodeBuffer::with_capacity(4, 1);
        buffer.push(&unit);
        for (got, wanted) in buffer.view().decode(0).iter().zip(&unit) {
            assert!((got - wanted).abs() < 1e-4, "{got} {wanted}");
        }
    }
}
