//! The weights of a model, by what they are for.

use super::{
    file::ModelFile,
    format::Section,
    matrix::{Matrix, packed_bytes},
    shape::{BRANCHES, Shape},
};

/// The matrices and reals of a model.
pub(super) struct Layers {
    pub projections: Vec<Matrix>,
    /// The first and the second convolution of each branch: one matrix a place of its window.
    pub convolutions: [Vec<Vec<Matrix>>; 2],
    pub head: Head,
    pub reals: Reals,
}

/// The layers behind the pooling, in the order of the file.
pub(super) struct Head {
    /// Features summed over a text to its width.
    pub pooled: Matrix,
    /// Two residual blocks: narrow → wide, beside a shortcut.
    pub first_narrow: Matrix,
    pub first_shortcut: Matrix,
    pub first_wide: Matrix,
    pub second_narrow: Matrix,
    pub second_shortcut: Matrix,
    pub second_wide: Matrix,
}

/// Biases and gains, in the order of the file; those of branches side by side.
pub(super) struct Reals {
    pub projection_bias: Vec<f32>,
    pub branch_gain: Vec<f32>,
    pub branch_bias: Vec<f32>,
    /// Of the first and of the second convolutions.
    pub convolution_bias: [Vec<f32>; 2],
    pub feature_gain: Vec<f32>,
    pub feature_bias: Vec<f32>,
    pub pooled_bias: Vec<f32>,
    /// Keeps a variance or a length from being zero.
    pub epsilon: f32,
}

impl Layers {
    /// Reads a file whose section lengths have been checked.
    pub fn read(file: &ModelFile) -> Result<Self, String> {
        let shape = file.shape();
        let reals = Reals::read(shape, &file.reals(Section::Reals))?;
        let scales = file.reals(Section::Scales);
        if scales.iter().any(|scale| !scale.is_finite()) {
            return Err("a scale is no number".into());
        }
        let weights = file.section(Section::Weights);
        let mut at = 0;
        let mut sized = shape.matrices().into_iter().zip(scales);
        let mut next = || {
            let (size, scale) = sized.next().ok_or("a matrix is missing")?;
            let range = at..at + packed_bytes(size);
            at = range.end;
            Ok::<_, String>(Matrix::new(weights.part(range), size, scale))
        };
        let mut several = |count: usize| (0..count).map(|_| next()).collect::<Result<Vec<_>, _>>();
        let projections = several(BRANCHES.len())?;
        let mut layer = || {
            let branches = BRANCHES.iter().map(|branch| several(branch.width));
            branches.collect::<Result<Vec<_>, _>>()
        };
        let convolutions = [layer()?, layer()?];
        Ok(Self {
            projections,
            convolutions,
            head: Head {
                pooled: next()?,
                first_narrow: next()?,
                first_shortcut: next()?,
                first_wide: next()?,
                second_narrow: next()?,
                second_shortcut: next()?,
                second_wide: next()?,
            },
            reals,
        })
    }
}

impl Reals {
    fn read(shape: Shape, reals: &[f32]) -> Result<Self, String> {
        if reals.iter().any(|real| !real.is_finite()) {
            return Err("a bias or a gain is no number".into());
        }
        let mut rest = reals;
        let mut lengths = shape.reals().into_iter();
        let mut next = || {
            let (list, behind) = rest.split_at(lengths.next().unwrap_or(0).min(rest.len()));
            rest = behind;
            list.to_vec()
        };
        Ok(Self {
            projection_bias: next(),
            branch_gain: next(),
            branch_bias: next(),
            convolution_bias: [next(), next()],
            feature_gain: next(),
            feature_bias: next(),
            pooled_bias: next(),
            epsilon: next().first().copied().unwrap_or(0.0),
        })
    }
}
