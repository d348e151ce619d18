//! The two inner loops of vector search, for the instruction set that the processor has.
//!
//! `unsafe` lives in this folder only. Each vectorised kernel has a scalar twin that a test
//! compares it with.

mod scalar;
#[cfg(target_arch = "x86_64")]
mod x86;

use std::sync::LazyLock;

use crate::base::instructions::Instructions;

/// Most rows of one call of [`Kernels::products`].
pub(super) const BATCH_ROWS_MAX: usize = 64;

/// `(high bytes of all rows, query, row numbers, one product a row)`; no high byte is 0, no part of the query −128.
pub(super) type Products = fn(&[u8], &[i8], &[u32], &mut [i32]);
/// `(high bytes of a row, low bytes of the row, query)`.
pub(super) type Refined = fn(&[u8], &[u8], &[f32]) -> f32;

/// The kernels of one instruction set.
pub(super) struct Kernels {
    /// Integer products of a query with chosen rows.
    pub products: Products,
    /// Product of a query with one row at 16 bits, in code units.
    pub refined: Refined,
}

static SCALAR: Kernels = Kernels {
    products: scalar::products,
    refined: scalar::refined,
};

static DETECTED: LazyLock<&'static Kernels> = LazyLock::new(|| {
    let fastest = Instructions::fastest();
    tracing::info!(instructions = fastest.name(), "vector kernels");
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

/// Asks the processor to fetch `length` items from `start`; a hint, never an access.
#[inline(always)]
pub(super) fn prefetch<T>(items: &[T], start: usize, length: usize) {
    #[cfg(target_arch = "x86_64")]
    x86::prefetch(items, start, length);
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (items, start, length);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectorised_kernels_agree_with_the_scalar_twin() {
        let mut seed = 7u32;
        let mut byte = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 24) as u8
        };
        for dimensions in [
            1, 3, 15, 16, 31, 32, 63, 64, 65, 100, 127, 128, 300, 512, 777, 4_096,
        ] {
            // What codes are made of: no high byte is 0, no part of a query −128.
            let high: Vec<u8> = (0..dimensions * 9).map(|_| byte().max(1)).collect();
            let low: Vec<u8> = (0..dimensions * 9).map(|_| byte()).collect();
            let query: Vec<i8> = (0..dimensions).map(|_| (byte() as i8).max(-127)).collect();
            let reals: Vec<f32> = query
                .iter()
                .map(|&value| f32::from(value) / 128.0)
                .collect();
            let rows = [8, 0, 3, 3, 5, 1, 7];
            let mut wanted = [0; 7];
            scalar::products(&high, &query, &rows, &mut wanted);
            for instructions in Instructions::available() {
                let kernels = of(instructions);
                let mut got = [0; 7];
                (kernels.products)(&high, &query, &rows, &mut got);
                assert_eq!(got, wanted, "{} at {dimensions}", instructions);
                let row = dimensions..2 * dimensions;
                let wanted = scalar::refined(&high[row.clone()], &low[row.clone()], &reals);
                let got = (kernels.refined)(&high[row.clone()], &low[row], &reals);
                let bound = 1e-4 * 32_768.0 * dimensions as f32;
                assert!(
                    (got - wanted).abs() <= bound,
                    "{} {got} {wanted}",
                    instructions
                );
            }
        }
    }

    #[test]
    fn the_largest_products_do_not_overflow() {
        for byte in [1, 255] {
            let high = vec![byte; super::super::options::DIMENSIONS_MAX];
            let query = vec![-127i8; super::super::options::DIMENSIONS_MAX];
            for instructions in Instructions::available() {
                let kernels = of(instructions);
                let mut product = [0];
                (kernels.products)(&high, &query, &[0], &mut product);
                assert_eq!(
                    product[0],
                    -127 * i32::from(byte) * super::super::options::DIMENSIONS_MAX as i32
                );
            }
        }
    }
}
