//! How alike two ranked lists are, without judgements.

use std::collections::HashSet;

/// Chance that a shopper who has seen a place looks at the next: at 0.9 the first ten places carry 86 % of the weight.
pub const PERSISTENCE: f64 = 0.9;

/// Rank-biased overlap, extrapolated beyond what both lists hold: 0 (nothing shared) to 1 (the same list). RBO_EXT,
/// formula 32 of Webber, Moffat and Zobel, "A similarity measure for indefinite rankings", TOIS 28(4), 2010. Lists may
/// differ in length; each holds an id once. Two empty lists are alike, an empty and a filled one are not.
pub fn rank_biased_overlap(one: &[&str], other: &[&str], persistence: f64) -> f64 {
    let (short, long) = match one.len() <= other.len() {
        true => (one, other),
        false => (other, one),
    };
    if short.is_empty() {
        return f64::from(u8::from(long.is_empty()));
    }
    let (mut seen_short, mut seen_long) = (HashSet::new(), HashSet::new());
    let (mut shared, mut shared_at_short) = (0.0, 0.0);
    let (mut weight, mut sum) = (1.0, 0.0);
    let short_length = short.len() as f64;
    for (index, of_long) in long.iter().enumerate() {
        let of_short = short.get(index);
        seen_long.insert(*of_long);
        shared += f64::from(u8::from(seen_short.contains(of_long)));
        if let Some(of_short) = of_short {
            seen_short.insert(*of_short);
            // Counts what stands at this place in both once.
            shared += f64::from(u8::from(seen_long.contains(of_short)));
        }
        let depth = (index + 1) as f64;
        weight *= persistence;
        if index < short.len() {
            shared_at_short = shared;
        } else {
            // What the short list would share, did it go on as it began.
            sum += shared_at_short * (depth - short_length) / (short_length * depth) * weight;
        }
        sum += shared / depth * weight;
    }
    let extrapolated =
        (shared - shared_at_short) / long.len() as f64 + shared_at_short / short_length;
    (1.0 - persistence) / persistence * sum + extrapolated * weight
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(left: f64, right: f64) {
        assert!((left - right).abs() < 1e-12, "{left} ≠ {right}");
    }

    fn rbo(one: &str, other: &str) -> f64 {
        let lists = [one, other].map(|text| text.split_whitespace().collect::<Vec<_>>());
        rank_biased_overlap(&lists[0], &lists[1], PERSISTENCE)
    }

    #[test]
    fn the_same_list_is_alike_and_strangers_are_not() {
        close(rbo("a b c d", "a b c d"), 1.0);
        close(rbo("a b", "c d"), 0.0);
        close(rbo("", ""), 1.0);
        close(rbo("", "a"), 0.0);
    }

    #[test]
    fn a_change_at_the_top_weighs_more_than_one_below() {
        // Agreement is 0, 1, 1 by depth: (1 − p)/p × (p² + p³) + p³.
        close(rbo("a b c", "b a c"), 0.1 / 0.9 * (0.81 + 0.729) + 0.729);
        assert!(rbo("a b c d", "b a c d") < rbo("a b c d", "a b d c"));
        close(rbo("a b c", "b a c"), rbo("b a c", "a b c"));
    }

    #[test]
    fn a_short_list_goes_on_as_it_began() {
        // A whole prefix is as alike as can be seen.
        close(rbo("a b c d e f", "a b c"), 1.0);
        // Half shared at depth two, and nothing more: shared 1 of 1, 1 of 2, then 1 of 3 and half of a place beyond.
        let p = PERSISTENCE;
        let sum = p + 0.5 * p * p + (1.0 / 3.0 + 1.0 * (3.0 - 2.0) / (2.0 * 3.0)) * p.powi(3);
        close(rbo("a x", "a b c"), (1.0 - p) / p * sum + 0.5 * p.powi(3));
    }
}
