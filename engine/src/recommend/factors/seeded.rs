//! Numbers that look random and are the same in every run.

/// Mixes a number's bits (the finaliser of SplitMix64; Steele et al., OOPSLA 2014).
pub fn mixed(number: u64) -> u64 {
    let mut bits = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

/// The number at `place` of a stream of `seed`, even over -1 to 1.
pub fn even(seed: u64, place: u64) -> f32 {
    let bits = mixed(mixed(seed) ^ place);
    // The upper 24 bits are as fine as an f32 near 1.
    (bits >> 40) as f32 / (1u32 << 23) as f32 - 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_even_and_depend_on_the_seed() {
        let numbers: Vec<f32> = (0..10_000).map(|place| even(1, place)).collect();
        assert!(numbers.iter().all(|number| (-1.0..1.0).contains(number)));
        let mean = numbers.iter().sum::<f32>() / 10_000.0;
        let square = numbers.iter().map(|x| x * x).sum::<f32>() / 10_000.0;
        assert!(mean.abs() < 0.02 && (square - 1.0 / 3.0).abs() < 0.02);
        assert_ne!(even(1, 5), even(2, 5));
    }
}
