//! Matrices of signed bytes, packed for the kernels.
//!
//! Packed: tiles of [`TILE_COLUMNS`] columns, one after another; in a tile, four rows at a time; of these,
//! the four weights of a column side by side. A kernel so reads a tile from front to back.

use super::{
    kernels::{Kernels, Product},
    quantise::CodedRows,
    shape::WIDTH_STEP,
};
use crate::files::MappedBytes;

/// Columns that a kernel makes at once.
pub(super) const TILE_COLUMNS: usize = WIDTH_STEP;
/// Rows whose weights stand side by side.
pub(super) const SIDE_BY_SIDE: usize = 4;

/// Bytes of a packed matrix of `(inputs, outputs)`.
pub(super) fn packed_bytes((inputs, outputs): (usize, usize)) -> usize {
    inputs * outputs
}

/// Packs a matrix that is given row by row, `inputs` rows of `outputs` weights.
pub(super) fn pack(weights: &[i8], outputs: usize) -> Vec<u8> {
    let inputs = weights.len() / outputs;
    let mut packed = Vec::with_capacity(weights.len());
    for tile in (0..outputs).step_by(TILE_COLUMNS) {
        for row in (0..inputs).step_by(SIDE_BY_SIDE) {
            for column in tile..tile + TILE_COLUMNS {
                for side in 0..SIDE_BY_SIDE {
                    packed.push(weights[(row + side) * outputs + column] as u8);
                }
            }
        }
    }
    packed
}

/// A packed matrix in a mapped file.
pub(super) struct Matrix {
    packed: MappedBytes,
    inputs: usize,
    outputs: usize,
    /// A weight is this times its byte.
    scale: f32,
    /// Sum of the bytes of each column: what a shift of all inputs adds.
    column_sums: Vec<f32>,
}

impl Matrix {
    /// `packed` holds [`packed_bytes`] of the size.
    pub fn new(packed: MappedBytes, (inputs, outputs): (usize, usize), scale: f32) -> Self {
        let mut column_sums = vec![0.0; outputs];
        let tiles = packed.as_ref().chunks_exact(inputs * TILE_COLUMNS);
        for (tile, sums) in tiles.zip(column_sums.chunks_exact_mut(TILE_COLUMNS)) {
            for (at, &byte) in tile.iter().enumerate() {
                sums[at / SIDE_BY_SIDE % TILE_COLUMNS] += f32::from(byte as i8);
            }
        }
        Self {
            packed,
            inputs,
            outputs,
            scale,
            column_sums,
        }
    }

    /// Adds the product of coded rows with the matrix to the first columns of the rows of `out`, which
    /// are `stride` apart.
    pub fn add_product(
        &self,
        kernels: &Kernels,
        rows: CodedRows<'_>,
        out: &mut [f32],
        stride: usize,
    ) {
        debug_assert_eq!(rows.codes.len(), rows.steps.len() * self.inputs);
        (kernels.add_product)(
            &Product {
                rows,
                packed: self.packed.as_ref(),
                inputs: self.inputs,
                outputs: self.outputs,
                scale: self.scale,
                column_sums: &self.column_sums,
            },
            out,
            stride,
        );
    }

    pub fn inputs(&self) -> usize {
        self.inputs
    }

    pub fn outputs(&self) -> usize {
        self.outputs
    }
}
