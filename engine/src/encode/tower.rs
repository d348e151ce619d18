//! From pieces to a vector: embeddings, three convolutions over neighbours, pooling, two residual blocks.
//!
//! Texts of a batch lie one behind another, so that each matrix is read once for all of them; a window never
//! reaches into a neighbouring text.

use std::ops::Range;

use super::{
    embedding::Embedding,
    kernels::Kernels,
    layers::Layers,
    matrix::Matrix,
    quantise::Codes,
    shape::{BRANCHES, Shape},
};

/// The pieces of several texts, one text behind another.
#[derive(Default)]
pub(super) struct PieceBatch {
    pub pieces: Vec<u32>,
    /// Where each text lies; none is empty.
    pub texts: Vec<Range<usize>>,
}

impl PieceBatch {
    pub fn clear(&mut self) {
        self.pieces.clear();
        self.texts.clear();
    }
}

/// What one thread needs to encode, kept from batch to batch.
#[derive(Default)]
pub(super) struct TowerRoom {
    features: Vec<f32>,
    branches: Vec<f32>,
    hidden: Vec<f32>,
    codes: Codes,
}

/// The layers of a model.
pub(super) struct Tower {
    pub shape: Shape,
    pub embedding: Embedding,
    pub layers: Layers,
    pub kernels: &'static Kernels,
}

impl Tower {
    /// Appends one vector of length 1 a text.
    pub fn encode(&self, batch: &PieceBatch, room: &mut TowerRoom, vectors: &mut Vec<f32>) {
        if batch.texts.is_empty() {
            return;
        }
        let features = self.shape.features();
        let tokens = batch.pieces.len();
        room.features.clear();
        room.features.resize(tokens * features, 0.0);
        self.project(&batch.pieces, room);
        for branch in 0..BRANCHES.len() {
            self.convolve(branch, &batch.texts, room);
        }
        let pooled = self.pool(&batch.texts, room);
        vectors.extend(self.head(pooled, &mut room.codes));
    }

    /// Embeddings into the features, and their normalised projections into the branches.
    fn project(&self, pieces: &[u32], room: &mut TowerRoom) {
        let (reals, all) = (&self.layers.reals, self.shape.branches());
        let stride = self.shape.features();
        let (features, codes) = (&mut room.features, &mut room.codes);
        self.embedding
            .look_up(self.kernels, pieces, features, stride, codes);
        fill_rows(&mut room.branches, &reals.projection_bias, pieces.len());
        let mut column = 0;
        for projection in &self.layers.projections {
            let out = &mut room.branches[column..];
            projection.add_product(self.kernels, codes.all(), out, all);
            column += projection.outputs();
        }
        for row in room.branches.chunks_exact_mut(all) {
            (self.kernels.normalise)(row, &reals.branch_gain, &reals.branch_bias, reals.epsilon);
        }
    }

    /// Two convolutions of one branch, each added to what it read, into the branch's features.
    fn convolve(&self, branch: usize, texts: &[Range<usize>], room: &mut TowerRoom) {
        let width = self.shape.branch as usize;
        let (all, features) = (self.shape.branches(), self.shape.features());
        let own = branch * width..(branch + 1) * width;
        let [first_bias, second_bias] = &self.layers.reals.convolution_bias;
        let [first, second] = &self.layers.convolutions;
        let tokens = room.branches.len() / all;

        let read = &room.branches[own.start..];
        room.codes.read(self.kernels, read, width, all);
        fill_rows(&mut room.hidden, &first_bias[own.clone()], tokens);
        self.add_windows(
            &first[branch],
            branch,
            texts,
            &room.codes,
            &mut room.hidden,
            width,
        );
        let rows = room.hidden.chunks_exact_mut(width).zip(read.chunks(all));
        for (hidden, read) in rows {
            (self.kernels.rectify_and_add)(hidden, &read[..width]);
        }

        let column = self.shape.embedding as usize + own.start;
        room.codes.read(self.kernels, &room.hidden, width, width);
        let out = &mut room.features[column..];
        for row in out.chunks_mut(features) {
            row[..width].copy_from_slice(&second_bias[own.clone()]);
        }
        self.add_windows(&second[branch], branch, texts, &room.codes, out, features);
        let rows = out
            .chunks_mut(features)
            .zip(room.hidden.chunks_exact(width));
        for (out, hidden) in rows {
            (self.kernels.rectify_and_add)(&mut out[..width], hidden);
        }
    }

    /// Adds, for each token, the products of the tokens in its window with the window's matrices.
    fn add_windows(
        &self,
        window: &[Matrix],
        branch: usize,
        texts: &[Range<usize>],
        codes: &Codes,
        out: &mut [f32],
        stride: usize,
    ) {
        for (place, matrix) in window.iter().enumerate() {
            let left = BRANCHES[branch].left;
            // The window of token t reads token t + place - left, where the text has one.
            let (before, after) = (left.saturating_sub(place), place.saturating_sub(left));
            for text in texts.iter().filter(|text| text.len() > before + after) {
                let rows = codes.rows(text.start + after..text.end - before);
                let out = &mut out[(text.start + before) * stride..];
                matrix.add_product(self.kernels, rows, out, stride);
            }
        }
    }

    /// Normalised features, summed over each text and divided by the root of its length, at the width of
    /// the vector.
    fn pool(&self, texts: &[Range<usize>], room: &mut TowerRoom) -> Vec<f32> {
        let (reals, width) = (&self.layers.reals, self.shape.features());
        for row in room.features.chunks_exact_mut(width) {
            (self.kernels.normalise)(row, &reals.feature_gain, &reals.feature_bias, reals.epsilon);
        }
        let dimensions = self.shape.dimensions as usize;
        let mut sums = vec![0.0; texts.len() * width];
        let mut pooled = vec![0.0; texts.len() * dimensions];
        let rows = sums
            .chunks_exact_mut(width)
            .zip(pooled.chunks_exact_mut(dimensions));
        for (text, (sums, pooled)) in texts.iter().zip(rows) {
            let root = (text.len() as f32).sqrt();
            let tokens = &room.features[text.start * width..text.end * width];
            for token in tokens.chunks_exact(width) {
                for (sum, feature) in sums.iter_mut().zip(token) {
                    *sum += feature / root;
                }
            }
            for (pooled, bias) in pooled.iter_mut().zip(&reals.pooled_bias) {
                *pooled = bias * root;
            }
        }
        self.add_long(
            &self.layers.head.pooled,
            &sums,
            &mut room.codes,
            &mut pooled,
        );
        pooled
    }

    /// The residual blocks over one row a text; the result has length 1.
    fn head(&self, pooled: Vec<f32>, codes: &mut Codes) -> Vec<f32> {
        let (head, hidden) = (&self.layers.head, self.shape.hidden as usize);
        let dimensions = self.shape.dimensions as usize;
        let texts = pooled.len() / dimensions;
        let mut narrow = vec![0.0; texts * hidden];
        self.add_long(&head.first_narrow, &pooled, codes, &mut narrow);
        rectify(&mut narrow);
        let mut first = vec![0.0; texts * hidden];
        self.add_long(&head.first_shortcut, &pooled, codes, &mut first);
        self.add_long(&head.first_wide, &narrow, codes, &mut first);
        rectify(&mut first);
        let mut second = vec![0.0; texts * dimensions];
        self.add_long(&head.second_narrow, &first, codes, &mut second);
        rectify(&mut second);
        let mut vectors = vec![0.0; texts * dimensions];
        self.add_long(&head.second_shortcut, &first, codes, &mut vectors);
        self.add_long(&head.second_wide, &second, codes, &mut vectors);
        for vector in vectors.chunks_exact_mut(dimensions) {
            vector.iter_mut().for_each(|real| *real = real.tanh());
            let square: f32 = vector.iter().map(|real| real * real).sum();
            let length = square.max(self.layers.reals.epsilon).sqrt();
            vector.iter_mut().for_each(|real| *real /= length);
        }
        vectors
    }

    /// Adds the product of rows with a matrix to rows, both without gaps, at sixteen bits.
    fn add_long(&self, matrix: &Matrix, rows: &[f32], codes: &mut Codes, out: &mut [f32]) {
        codes.read_long(self.kernels, rows, matrix.inputs());
        let width = matrix.outputs();
        // The high and the low bytes of a row make a row of products each.
        let mut halves = vec![0.0; 2 * out.len()];
        matrix.add_product(self.kernels, codes.all(), &mut halves, width);
        let rows = out
            .chunks_exact_mut(width)
            .zip(halves.chunks_exact(2 * width));
        for (out, halves) in rows {
            let (high, low) = halves.split_at(width);
            for ((out, high), low) in out.iter_mut().zip(high).zip(low) {
                *out += high + low;
            }
        }
    }
}

/// Makes a matrix of so many rows, all the same.
fn fill_rows(rows: &mut Vec<f32>, row: &[f32], count: usize) {
    rows.clear();
    (0..count).for_each(|_| rows.extend_from_slice(row));
}

fn rectify(reals: &mut [f32]) {
    reals.iter_mut().for_each(|real| *real = real.max(0.0));
}
