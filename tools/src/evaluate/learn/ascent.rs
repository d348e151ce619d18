//! Coordinate ascent: one key after another is set to the best of its values, the others held (Metzler and Croft,
//! "Linear feature-based models for information retrieval", Information Retrieval 10, 2007). Pure.

/// Gains below this are noise of floating-point sums, not a reason to change a profile.
const GAIN_MIN: f64 = 1e-9;

/// For each key, which of its values is chosen.
pub type Choice = Vec<usize>;

/// Climbs from `start` in at most so many rounds over all keys; ends early when a round changes nothing.
/// `score` tells how good a choice is, none when it may not be taken.
///
/// # Errors
/// Those of `score`.
pub fn climb(
    values: &[usize],
    start: Choice,
    rounds: usize,
    mut score: impl FnMut(&Choice) -> anyhow::Result<Option<f64>>,
) -> anyhow::Result<Choice> {
    let mut best = start;
    let mut reached = score(&best)?.unwrap_or(f64::NEG_INFINITY);
    for _ in 0..rounds {
        let before = best.clone();
        for (key, count) in values.iter().enumerate() {
            let held = best[key];
            for value in (0..*count).filter(|value| *value != held) {
                let mut tried = best.clone();
                tried[key] = value;
                if let Some(scored) = score(&tried)?
                    && scored > reached + GAIN_MIN
                {
                    (best, reached) = (tried, scored);
                }
            }
        }
        if best == before {
            break;
        }
    }
    Ok(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A hill with its top at (3, 1).
    fn hill(choice: &Choice) -> f64 {
        let (x, y) = (choice[0] as f64, choice[1] as f64);
        -(x - 3.0).powi(2) - (y - 1.0).powi(2) - 0.5 * (x - 3.0) * (y - 1.0)
    }

    #[test]
    fn it_reaches_the_top() {
        let top = climb(&[5, 5], vec![0, 4], 10, |choice| Ok(Some(hill(choice))));
        assert_eq!(top.unwrap(), [3, 1]);
    }

    #[test]
    fn what_may_not_be_taken_is_not_taken() {
        let top = climb(&[5, 5], vec![0, 0], 10, |choice| {
            Ok((choice[0] < 3).then(|| hill(choice)))
        });
        assert_eq!(top.unwrap()[0], 2);
    }

    #[test]
    fn equals_leave_things_as_they_are_and_rounds_end() {
        let mut asked = 0;
        let top = climb(&[3, 3], vec![1, 2], 10, |_| {
            asked += 1;
            Ok(Some(0.5))
        });
        assert_eq!((top.unwrap(), asked), (vec![1, 2], 5));
    }
}
