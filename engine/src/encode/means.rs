//! The mean of vectors, for the vector index to take off before it compares them (`index/vector/means`): what all vectors of a kind share says
//! nothing of any one of them, but outweighs what differs. Source: "All-but-the-Top", Mu and Viswanath, ICLR 2018, of
//! which this is the first step.

/// A mean that is being taken.
#[derive(Debug, Clone)]
pub struct MeanSum {
    sums: Vec<f64>,
    count: u64,
}

impl MeanSum {
    /// Of vectors of so many numbers.
    pub fn new(dimensions: usize) -> Self {
        Self {
            sums: vec![0.0; dimensions],
            count: 0,
        }
    }

    /// Adds a vector.
    pub fn add(&mut self, vector: &[f32]) {
        for (sum, real) in self.sums.iter_mut().zip(vector) {
            *sum += f64::from(*real);
        }
        self.count += 1;
    }

    /// Vectors that were added.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Their mean; zero of none.
    pub fn mean(&self) -> Vec<f32> {
        let count = self.count.max(1) as f64;
        self.sums.iter().map(|sum| (sum / count) as f32).collect()
    }
}

/// Takes a mean off a vector and makes its length 1 again; a vector that is the mean stays zero.
pub fn centre(vector: &mut [f32], mean: &[f32]) {
    for (real, mean) in vector.iter_mut().zip(mean) {
        *real -= mean;
    }
    let length = vector.iter().map(|real| real * real).sum::<f32>().sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|real| *real /= length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_is_of_all_that_was_added() {
        let mut sum = MeanSum::new(2);
        assert_eq!(sum.mean(), [0.0, 0.0]);
        sum.add(&[1.0, 3.0]);
        sum.add(&[2.0, -3.0]);
        assert_eq!((sum.count(), sum.mean()), (2, vec![1.5, 0.0]));
    }

    #[test]
    fn what_is_left_of_a_vector_has_length_one() {
        let mut vector = [4.0, 4.0];
        centre(&mut vector, &[1.0, 0.0]);
        assert_eq!(vector, [0.6, 0.8]);
        centre(&mut vector, &[0.6, 0.8]);
        assert_eq!(vector, [0.0, 0.0]);
    }
}
