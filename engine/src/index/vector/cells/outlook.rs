//! What is still to be found in cells that a search has not looked into.
//!
//! Similarities of a cell's nodes to a query are taken to lie around that of its mean as normal numbers do, with a
//! variance in proportion to how much the cell's vectors differ. In what proportion is learnt from the nodes that were
//! looked at: one over the dimensions where vectors differ alike in all of them, more where they do not.

/// Deviations from a mean past which nothing is expected.
pub(super) const DEVIATIONS_MAX: f32 = 5.5;
/// Nodes that count as looked at before any is, with the variance of vectors that differ alike in all dimensions.
const NODES_BEFORE: f32 = 30.0;

/// What was seen of the cells so far.
pub(super) struct Outlook {
    /// Similarity that a node must exceed.
    pub threshold: f32,
    /// Part of the nodes that is eligible, as the filter says.
    share: f32,
    squares: f32,
    estimated: f32,
    looked_at: f32,
}

impl Outlook {
    pub fn new(dimensions: usize, share: f64) -> Self {
        Self {
            threshold: f32::NEG_INFINITY,
            share: share as f32,
            squares: NODES_BEFORE / dimensions as f32,
            estimated: NODES_BEFORE,
            looked_at: 0.0,
        }
    }

    /// Takes note of an eligible node, by how far its similarity is from that of its cell's mean.
    #[inline]
    pub fn saw(&mut self, difference: f32, tightness: f32) {
        let deviation = difference * tightness;
        self.squares += deviation * deviation;
        self.estimated += 1.0;
    }

    /// Takes note of so many nodes that were asked about.
    pub fn asked(&mut self, nodes: usize) {
        self.looked_at += nodes as f32;
    }

    /// The part of nodes that is eligible: where what is eligible lies together, near cells hold more of it.
    pub fn share(&self) -> f32 {
        let seen = (self.estimated - NODES_BEFORE) / self.looked_at.max(1.0);
        self.share.max(seen)
    }

    /// One over the square root of what variance is in proportion to.
    pub fn scale(&self) -> f32 {
        (self.estimated / self.squares.max(f32::MIN_POSITIVE)).sqrt()
    }

    /// How many deviations (at [`Self::scale`]) the threshold is above what to expect of a cell.
    #[inline]
    pub fn deviations(&self, similarity: f32, tightness: f32, scale: f32) -> f32 {
        (self.threshold - similarity) * tightness * scale
    }
}

/// The part of normal numbers that is so many deviations above their mean: no more than this (Chernoff).
#[inline]
pub(super) fn part_above(deviations: f32) -> f32 {
    if deviations <= 0.0 {
        1.0
    } else {
        0.5 * (-0.5 * deviations * deviations).exp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_is_never_below_the_normal_tail_and_falls() {
        // Upper tails of the normal distribution, from a table.
        let table = [
            (0.0, 0.5),
            (1.0, 0.158_655),
            (2.0, 0.022_750),
            (3.0, 0.001_350),
            (4.0, 0.000_031_7),
        ];
        for (deviations, tail) in table {
            let bound = part_above(deviations);
            assert!(
                bound >= tail && bound <= 8.0 * tail,
                "{deviations}: {bound}"
            );
        }
    }

    #[test]
    fn variance_and_share_follow_what_was_seen() {
        let mut outlook = Outlook::new(100, 0.01);
        assert!((outlook.scale() - 10.0).abs() < 1e-3);
        for _ in 0..10_000 {
            outlook.saw(0.1, 2.0);
        }
        outlook.asked(20_000);
        assert!((outlook.scale() - 5.0).abs() < 0.1, "{}", outlook.scale());
        assert_eq!(outlook.share(), 0.5);
        outlook.threshold = 0.6;
        assert!((outlook.deviations(0.5, 2.0, 5.0) - 1.0).abs() < 1e-5);
    }
}
