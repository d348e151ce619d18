//! The sizes of a model, and from them which matrices and reals its file holds, in which order.
//!
//! The architecture is that of the Universal Sentence Encoder, multilingual, version 3: "Multilingual
//! Universal Sentence Encoder for Semantic Retrieval", Yang et al., ACL 2020 demonstrations (the
//! convolutional variant).

/// The convolutions over neighbouring tokens.
pub(super) const BRANCHES: [Branch; 3] = [
    Branch { width: 2, left: 0 },
    Branch { width: 3, left: 1 },
    Branch { width: 5, left: 2 },
];

/// Windows of a branch, and so matrices of one of its layers, over all branches.
const WINDOWS: usize = BRANCHES[0].width + BRANCHES[1].width + BRANCHES[2].width;

/// Every width of a model is a multiple of this many numbers: the columns of a kernel's tile.
pub(super) const WIDTH_STEP: usize = 64;

/// Lists of reals.
pub(super) const REALS: usize = 9;

/// Above this a width is not a model's: it bounds what an altered header can ask for.
const WIDTH_MAX: u32 = 8_192;

/// A convolution: how many tokens its window has, and how many of them stand before its own.
#[derive(Debug, Clone, Copy)]
pub(super) struct Branch {
    pub width: usize,
    pub left: usize,
}

/// The widths of a model's layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shape {
    /// Numbers of a token's embedding.
    pub embedding: u32,
    /// Numbers that each convolution makes of a token.
    pub branch: u32,
    /// Width of the narrow layers behind the pooling.
    pub hidden: u32,
    /// Numbers of a text's vector.
    pub dimensions: u32,
}

impl Shape {
    /// Says what is wrong with the widths.
    pub(super) fn check(self) -> Result<(), String> {
        for (name, width) in [
            ("embedding", self.embedding),
            ("branch", self.branch),
            ("hidden", self.hidden),
            ("dimensions", self.dimensions),
        ] {
            if width == 0 || width > WIDTH_MAX || !(width as usize).is_multiple_of(WIDTH_STEP) {
                return Err(format!(
                    "{name} is {width} wide; want a multiple of {WIDTH_STEP} up to {WIDTH_MAX}"
                ));
            }
        }
        Ok(())
    }

    /// Numbers of all branches of a token.
    pub(super) fn branches(self) -> usize {
        BRANCHES.len() * self.branch as usize
    }

    /// Numbers of a token's features: its embedding, and what the branches made of it.
    pub(super) fn features(self) -> usize {
        self.embedding as usize + self.branches()
    }

    /// Inputs and outputs of every matrix, in the order of the file: one projection a branch; the
    /// first convolutions, one matrix a place of a window; the second ones; pooling;
    /// and the layers behind it, in the order of [`Head`](super::layers::Head).
    pub(super) fn matrices(self) -> Vec<(usize, usize)> {
        let (embedding, branch) = (self.embedding as usize, self.branch as usize);
        let (hidden, dimensions) = (self.hidden as usize, self.dimensions as usize);
        let mut matrices = vec![(embedding, branch); BRANCHES.len()];
        matrices.extend([(branch, branch); 2 * WINDOWS]);
        matrices.extend([
            (self.features(), dimensions),
            (dimensions, hidden),
            (dimensions, hidden),
            (hidden, hidden),
            (hidden, dimensions),
            (hidden, dimensions),
            (dimensions, dimensions),
        ]);
        matrices
    }

    /// Lengths of the lists of reals, in the order of [`Reals`](super::layers::Reals).
    pub(super) fn reals(self) -> [usize; REALS] {
        let (branches, features) = (self.branches(), self.features());
        [
            branches,
            branches,
            branches,
            branches,
            branches,
            features,
            features,
            self.dimensions as usize,
            1,
        ]
    }
}
