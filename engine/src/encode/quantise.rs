//! Rows of reals as bytes, each row with a step of its own.
//!
//! Eight bits a number are enough for tokens, of which a text has many; the layers behind the pooling see
//! one row a text, and take sixteen bits as two rows of bytes, the high and the low ones.

use super::kernels::Kernels;

/// How the codes of a row are read: a number is `step` · (code + `shift`).
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Step {
    pub step: f32,
    pub shift: f32,
}

/// Rows of codes, all as long as the matrix they are multiplied with has inputs.
#[derive(Clone, Copy)]
pub(super) struct CodedRows<'a> {
    pub codes: &'a [u8],
    pub steps: &'a [Step],
}

/// The code of zero at eight bits.
pub(super) const ZERO_CODE: f32 = 128.0;
/// The largest distance from zero at eight bits.
pub(super) const CODES_EACH_SIDE: f32 = 127.0;
/// The same at sixteen bits.
pub(super) const LONG_ZERO_CODE: f32 = 32_768.0;
pub(super) const LONG_CODES_EACH_SIDE: f32 = 32_767.0;
/// Values of a byte.
const BYTE_VALUES: f32 = 256.0;

/// Codes that one thread works with, kept from one step to the next.
#[derive(Default)]
pub(super) struct Codes {
    codes: Vec<u8>,
    steps: Vec<Step>,
    width: usize,
}

impl Codes {
    /// Codes `width` numbers of every row of `reals` at eight bits; rows are `stride` apart.
    pub fn read(&mut self, kernels: &Kernels, reals: &[f32], width: usize, stride: usize) {
        let rows = reals.len().div_ceil(stride);
        self.reset(rows, width);
        for (row, reals) in reals.chunks(stride).enumerate() {
            let codes = &mut self.codes[row * width..][..width];
            let step = (kernels.code)(&reals[..width], codes);
            self.steps[row] = Step {
                step,
                shift: -ZERO_CODE,
            };
        }
    }

    /// Codes every row of `reals`, which are `width` long, at sixteen bits: two rows of codes a row.
    pub fn read_long(&mut self, kernels: &Kernels, reals: &[f32], width: usize) {
        self.reset(2 * reals.len() / width, width);
        for (row, reals) in reals.chunks_exact(width).enumerate() {
            let codes = &mut self.codes[2 * row * width..][..2 * width];
            let (high, low) = codes.split_at_mut(width);
            let step = (kernels.code_long)(reals, high, low);
            self.steps[2 * row] = Step {
                step: step * BYTE_VALUES,
                shift: -ZERO_CODE,
            };
            self.steps[2 * row + 1] = Step { step, shift: 0.0 };
        }
    }

    /// Takes rows of codes that somebody else made, one after another.
    pub fn clear(&mut self, width: usize) {
        self.reset(0, width);
    }

    pub fn push(&mut self, codes: &[u8], step: Step) {
        self.codes.extend_from_slice(codes);
        self.steps.push(step);
    }

    fn reset(&mut self, rows: usize, width: usize) {
        self.width = width;
        self.codes.resize(rows * width, 0);
        self.steps.resize(rows, Step::default());
    }

    pub fn all(&self) -> CodedRows<'_> {
        self.rows(0..self.steps.len())
    }

    pub fn rows(&self, rows: std::ops::Range<usize>) -> CodedRows<'_> {
        CodedRows {
            codes: &self.codes[rows.start * self.width..rows.end * self.width],
            steps: &self.steps[rows],
        }
    }
}
