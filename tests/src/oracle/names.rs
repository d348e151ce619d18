//! Names that differ in nothing but script and case.

/// Simplified characters of the tests' own names, with their Traditional forms: a plain list, so that the node's
/// conversion is not judged by itself.
const PAIRS: [(char, char); 8] = [
    ('维', '維'),
    ('记', '記'),
    ('乐', '樂'),
    ('热', '熱'),
    ('卖', '賣'),
    ('电', '電'),
    ('类', '類'),
    ('饮', '飲'),
];

/// Whether two names are one.
pub fn same_name(one: &str, other: &str) -> bool {
    traditional(one) == traditional(other)
}

fn traditional(name: &str) -> String {
    let of = |c: char| PAIRS.iter().find(|(simplified, _)| *simplified == c);
    name.to_lowercase()
        .chars()
        .map(|c| of(c).map_or(c, |(_, traditional)| *traditional))
        .collect()
}
