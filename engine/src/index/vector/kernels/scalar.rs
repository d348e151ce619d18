//! The kernels in plain Rust: what every processor runs, and what the others are compared with.

pub(super) fn products(high: &[u8], query: &[i8], rows: &[u32], products: &mut [i32]) {
    let dimensions = query.len();
    for (&row, product) in rows.iter().zip(products) {
        let codes = &high[row as usize * dimensions..][..dimensions];
        *product = codes
            .iter()
            .zip(query)
            .map(|(&a, &b)| i32::from(a) * i32::from(b))
            .sum();
    }
}

pub(super) fn refined(high: &[u8], low: &[u8], query: &[f32]) -> f32 {
    let codes = high.iter().zip(low);
    codes
        .zip(query)
        .map(|((&high, &low), &value)| {
            let code = ((i32::from(high) - 128) << 8) + i32::from(low as i8);
            code as f32 * value
        })
        .sum()
}
