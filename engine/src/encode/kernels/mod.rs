//! The inner loops of encoding, for the instruction set that the processor has.
//!
//! In this room `unsafe` lives in this folder only. Each vectorised kernel has a scalar twin
//! that a test compares it with.

mod scalar;
#[cfg(test)]
mod tests;
#[cfg(target_arch = "x86_64")]
mod x86;

use std::sync::LazyLock;

use super::quantise::CodedRows;
use crate::base::instructions::Instructions;

/// A product of rows with a packed matrix (`matrix.rs`).
pub(super) struct Product<'a> {
    pub rows: CodedRows<'a>,
    pub packed: &'a [u8],
    pub inputs: usize,
    pub outputs: usize,
    pub scale: f32,
    pub column_sums: &'a [f32],
}

/// The kernels of one instruction set.
pub(super) struct Kernels {
    /// What they need.
    pub instructions: Instructions,
    /// Adds a product to the rows of `out`, which are so far apart.
    pub add_product: fn(&Product<'_>, &mut [f32], usize),
    /// Codes a row at eight bits; returns the step.
    pub code: fn(&[f32], &mut [u8]) -> f32,
    /// Codes a row at sixteen bits, high bytes and low bytes; returns the step.
    pub code_long: fn(&[f32], &mut [u8], &mut [u8]) -> f32,
    /// Layer normalisation of a row in place ("Layer Normalization", Ba, Kiros and Hinton, 2016), with
    /// gain, bias and epsilon.
    pub normalise: fn(&mut [f32], &[f32], &[f32], f32),
    /// Makes the negative numbers of a row zero, then adds another row.
    pub rectify_and_add: fn(&mut [f32], &[f32]),
    /// Writes step · code + low.
    pub dequantise: fn(&[u8], f32, f32, &mut [f32]),
}

static SCALAR: Kernels = Kernels {
    instructions: Instructions::Scalar,
    add_product: scalar::add_product,
    code: scalar::code,
    code_long: scalar::code_long,
    normalise: scalar::normalise,
    rectify_and_add: scalar::rectify_and_add,
    dequantise: scalar::dequantise,
};

static DETECTED: LazyLock<&'static Kernels> = LazyLock::new(|| {
    let fastest = Instructions::fastest();
    tracing::info!(instructions = fastest.name(), "encoder kernels");
    of(fastest)
});

/// The fastest kernels that this processor can run.
pub(super) fn detected() -> &'static Kernels {
    &DETECTED
}

/// The kernels of an instruction set.
fn of(instructions: Instructions) -> &'static Kernels {
    match instructions {
        #[cfg(target_arch = "x86_64")]
        Instructions::Avx512Vnni => &x86::VNNI,
        #[cfg(target_arch = "x86_64")]
        Instructions::Avx2 => &x86::AVX2,
        Instructions::Scalar => &SCALAR,
    }
}
