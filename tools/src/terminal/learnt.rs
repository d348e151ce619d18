//! A learnt profile beside the one in force.

use super::{
    Output,
    table::{Align, table},
};
use crate::evaluate::learn::{Learnt, SetFigures};

/// The keys, the sets on both halves, and a line that says whether it holds.
pub fn text(learnt: &Learnt, output: &Output) -> String {
    let keys = table(
        &[
            ("key", Align::Left),
            ("in force", Align::Right),
            ("learnt", Align::Right),
        ],
        learnt
            .keys
            .iter()
            .map(|key| {
                vec![
                    key.key.clone(),
                    key.before.to_string(),
                    key.after.to_string(),
                ]
            })
            .collect(),
        output,
    );
    let sets = table(
        &[
            ("set", Align::Left),
            ("measure", Align::Left),
            ("may lose", Align::Right),
            ("queries", Align::Right),
            ("learning", Align::Right),
            ("held out", Align::Right),
            ("gain", Align::Right),
        ],
        learnt.sets.iter().map(row).collect(),
        output,
    );
    let verdict = if learnt.holds {
        "It holds on the queries held out."
    } else {
        "It does not hold on the queries held out: keep the profile in force."
    };
    format!(
        "{keys}\n\n{sets}\n\n{} profiles measured for {}. {verdict}",
        learnt.trials, learnt.region
    )
}

fn row(set: &SetFigures) -> Vec<String> {
    let both = |[before, after]: [f64; 2]| format!("{before:.4} → {after:.4}");
    let [before, after] = set.held_out;
    vec![
        set.name.clone(),
        set.measure.name().to_owned(),
        format!("{:.4}", set.loss_max),
        format!("{} + {}", set.queries[0], set.queries[1]),
        both(set.learning),
        both(set.held_out),
        format!("{:+.4}", after - before),
    ]
}
