//! Systems of linear equations whose matrix is symmetric and positive definite.

use ndarray::{Array2, ArrayViewMut2, Axis, s};

/// Solves A·X = B; only the lower triangle of A is read.
pub fn solve(mut matrix: Array2<f64>, mut right: Array2<f64>) -> Array2<f64> {
    factorise(&mut matrix);
    substitute(&matrix, right.view_mut());
    right
}

/// The lower triangle becomes L with L·Lᵀ = A.
fn factorise(matrix: &mut Array2<f64>) {
    for column in 0..matrix.nrows() {
        // What rounding leaves of a matrix that is barely definite may be below 0.
        let root = matrix[[column, column]].max(f64::MIN_POSITIVE).sqrt();
        matrix[[column, column]] = root;
        let mut rest = matrix.slice_mut(s![column + 1.., column..]);
        rest.column_mut(0).mapv_inplace(|value| value / root);
        let factors = rest.column(0).to_vec();
        for (place, mut row) in rest.rows_mut().into_iter().enumerate() {
            let factor = factors[place];
            for (value, other) in row.iter_mut().skip(1).zip(&factors[..=place]) {
                *value -= factor * other;
            }
        }
    }
}

/// Solves L·Lᵀ·X = B in place of B.
fn substitute(lower: &Array2<f64>, mut right: ArrayViewMut2<'_, f64>) {
    let size = lower.nrows();
    for row in 0..size {
        let (known, mut rest) = right.view_mut().split_at(Axis(0), row);
        let mut own = rest.row_mut(0);
        for (place, other) in known.rows().into_iter().enumerate() {
            own.scaled_add(-lower[[row, place]], &other);
        }
        own /= lower[[row, row]];
    }
    for row in (0..size).rev() {
        let (mut rest, known) = right.view_mut().split_at(Axis(0), row + 1);
        let mut own = rest.row_mut(row);
        for (place, other) in known.rows().into_iter().enumerate() {
            own.scaled_add(-lower[[row + 1 + place, row]], &other);
        }
        own /= lower[[row, row]];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_solution_solves() {
        // Diagonally dominant, hence definite.
        let matrix = Array2::from_shape_fn((100, 100), |(row, column)| {
            let near = 1.0 / (1.0 + row.abs_diff(column) as f64);
            if row == column { 20.0 } else { near }
        });
        let wanted =
            Array2::from_shape_fn((100, 3), |(row, column)| (row * 3 + column) as f64 % 7.0);
        let found = solve(matrix.clone(), matrix.dot(&wanted));
        let off = (found - wanted).mapv(f64::abs);
        assert!(off.iter().all(|off| *off < 1e-9), "{off}");
    }
}
