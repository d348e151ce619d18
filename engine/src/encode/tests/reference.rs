//! The tower in plain reals, straight from the parts: what the coded one is compared with.

use super::super::{MatrixPart, ModelParts};

type Rows = Vec<Vec<f32>>;

/// The vector of a text's pieces.
pub fn vector(parts: &ModelParts, pieces: &[u32]) -> Vec<f32> {
    let shape = parts.shape;
    let (branch, embedding) = (shape.branch as usize, shape.embedding as usize);
    let mut matrices = parts.matrices.iter();
    let mut several = |count: usize| matrices.by_ref().take(count).collect::<Vec<_>>();
    let embedded: Rows = pieces
        .iter()
        .map(|piece| {
            let piece = *piece as usize;
            let (step, low) = parts.steps[usize::from(parts.pieces[piece].group)];
            let codes = &parts.codes[piece * embedding..][..embedding];
            codes
                .iter()
                .map(|code| step * f32::from(*code) + low)
                .collect()
        })
        .collect();
    let projections = several(3);
    let [bias, gain, shift, first_bias, second_bias, ..] = &parts.reals[..] else {
        panic!("lists are missing");
    };
    let project = |row: &Vec<f32>| {
        let all: Vec<f32> = projections.iter().flat_map(|m| times(row, m)).collect();
        normalised(&plus(&all, bias), gain, shift)
    };
    let projected: Rows = embedded.iter().map(project).collect();
    let windows = [(2, 0), (3, 1), (5, 2)];
    let first = windows.map(|(width, _)| several(width));
    let second = windows.map(|(width, _)| several(width));
    let mut features = embedded;
    for (number, (_, left)) in windows.into_iter().enumerate() {
        let own = number * branch..(number + 1) * branch;
        let read: Rows = projected
            .iter()
            .map(|row| row[own.clone()].to_vec())
            .collect();
        let hidden = convolved(&read, &first[number], left, &first_bias[own.clone()]);
        let out = convolved(&hidden, &second[number], left, &second_bias[own.clone()]);
        for (feature, out) in features.iter_mut().zip(out) {
            feature.extend(out);
        }
    }
    let head = several(7);
    let sum = features
        .iter()
        .fold(vec![0.0; features[0].len()], |sum, row| {
            plus(&sum, &normalised(row, &parts.reals[5], &parts.reals[6]))
        });
    let root = (pieces.len() as f32).sqrt();
    let pooled = times(&sum, head[0]);
    let pooled: Vec<f32> = pooled
        .iter()
        .zip(&parts.reals[7])
        .map(|(real, bias)| real / root + bias * root)
        .collect();
    let narrow = rectified(times(&pooled, head[1]));
    let wide = rectified(plus(&times(&pooled, head[2]), &times(&narrow, head[3])));
    let narrow = rectified(times(&wide, head[4]));
    let out = plus(&times(&wide, head[5]), &times(&narrow, head[6]));
    let out: Vec<f32> = out.iter().map(|real| real.tanh()).collect();
    let length = out.iter().map(|real| real * real).sum::<f32>().sqrt();
    out.iter().map(|real| real / length).collect()
}

/// One convolution, added to what it reads.
fn convolved(rows: &Rows, window: &[&MatrixPart], left: usize, bias: &[f32]) -> Rows {
    let at = |token: usize| {
        let mut sum = bias.to_vec();
        for (place, matrix) in window.iter().enumerate() {
            if let Some(row) = (token + place)
                .checked_sub(left)
                .and_then(|at| rows.get(at))
            {
                sum = plus(&sum, &times(row, matrix));
            }
        }
        plus(&rectified(sum), &rows[token])
    };
    (0..rows.len()).map(at).collect()
}

fn times(row: &[f32], matrix: &MatrixPart) -> Vec<f32> {
    let outputs = matrix.weights.len() / row.len();
    let product = |column: usize| {
        let weights = matrix.weights.iter().skip(column).step_by(outputs);
        let terms = row
            .iter()
            .zip(weights)
            .map(|(real, weight)| real * f32::from(*weight));
        terms.sum::<f32>() * matrix.scale
    };
    (0..outputs).map(product).collect()
}

fn plus(one: &[f32], other: &[f32]) -> Vec<f32> {
    one.iter().zip(other).map(|(a, b)| a + b).collect()
}

fn rectified(row: Vec<f32>) -> Vec<f32> {
    row.into_iter().map(|real| real.max(0.0)).collect()
}

fn normalised(row: &[f32], gain: &[f32], bias: &[f32]) -> Vec<f32> {
    let count = row.len() as f32;
    let mean = row.iter().sum::<f32>() / count;
    let variance = row.iter().map(|real| (real - mean).powi(2)).sum::<f32>() / count;
    let scale = 1.0 / (variance + 1e-12).sqrt();
    row.iter()
        .zip(gain.iter().zip(bias))
        .map(|(real, (gain, bias))| (real - mean) * scale * gain + bias)
        .collect()
}
