//! Which of two interleaved rankings users prefer.

use super::{
    Output,
    table::{Align, table},
};
use crate::evaluate::online::interleaving::{Interleaving, USERS_MIN, Verdict};

/// The counts, then the verdict.
pub fn text(counted: &Interleaving, output: &Output) -> String {
    const COLUMNS: [(&str, Align); 4] = [
        ("team", Align::Left),
        ("hits shown", Align::Right),
        ("credits", Align::Right),
        ("users preferring it", Align::Right),
    ];
    let [first, second] = &counted.teams;
    let row = |side: usize| {
        vec![
            counted.teams[side].clone(),
            counted.shown[side].to_string(),
            counted.credits[side].to_string(),
            counted.preferring[side].to_string(),
        ]
    };
    let verdict = match counted.verdict {
        Verdict::First => format!("{first} is preferred"),
        Verdict::Second => format!("{second} is preferred"),
        Verdict::NoDifferenceShown => "no difference shown".to_owned(),
        Verdict::TooFewUsers => format!("no verdict: fewer than {USERS_MIN} users prefer one"),
    };
    format!(
        "{}\n\n{} users are undecided; Δ {:+.4} toward {second} ({:+.4} … {:+.4}); p {:.4} (signs), {:.4} (permutations)\n{verdict}",
        table(&COLUMNS, vec![row(0), row(1)], output),
        counted.undecided,
        counted.delta,
        counted.low,
        counted.high,
        counted.sign_p,
        counted.permutation_p,
    )
}
