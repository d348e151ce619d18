//! The embedding of each piece, quantised as the package has it: one byte a number, one step a group of
//! pieces.

use super::{
    file::ModelFile,
    format::Section,
    kernels::Kernels,
    quantise::{Codes, Step},
};
use crate::files::MappedBytes;

/// Codes of all pieces, in the mapped file.
pub(super) struct Embedding {
    codes: MappedBytes,
    groups: MappedBytes,
    /// Step and lowest number, by group.
    steps: Vec<(f32, f32)>,
    width: usize,
}

impl Embedding {
    /// Reads a file whose section lengths have been checked.
    pub fn read(file: &ModelFile) -> Result<Self, String> {
        let steps = file.reals(Section::Steps);
        let steps: Vec<_> = steps
            .as_chunks::<2>()
            .0
            .iter()
            .map(|[a, b]| (*a, *b))
            .collect();
        let usable = |(step, low): &(f32, f32)| *step > 0.0 && step.is_finite() && low.is_finite();
        let groups = file.section(Section::Groups);
        let count = steps.len();
        if !steps.iter().all(usable) || groups.as_ref().iter().any(|g| usize::from(*g) >= count) {
            return Err("the steps of the embedding cannot be used".into());
        }
        Ok(Self {
            codes: file.section(Section::Codes),
            groups,
            steps,
            width: file.shape().embedding as usize,
        })
    }

    /// Writes the embeddings of pieces to the first columns of rows of `reals` that are `stride` apart, and
    /// their codes as they are.
    pub fn look_up(
        &self,
        kernels: &Kernels,
        pieces: &[u32],
        reals: &mut [f32],
        stride: usize,
        codes: &mut Codes,
    ) {
        codes.clear(self.width);
        for (piece, reals) in pieces.iter().zip(reals.chunks_mut(stride)) {
            let piece = *piece as usize;
            let row = &self.codes.as_ref()[piece * self.width..][..self.width];
            let (step, low) = self.steps[usize::from(self.groups.as_ref()[piece])];
            (kernels.dequantise)(row, step, low, &mut reals[..self.width]);
            let shift = low / step;
            codes.push(row, Step { step, shift });
        }
    }
}
