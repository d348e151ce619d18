//! How far two judges agree beyond chance: Cohen's kappa (Educational and Psychological Measurement 20, 1960) and its
//! weighted form with squared distances (Psychological Bulletin 70, 1968), in which 3 against 2 is a small matter.

use serde::Serialize;

use super::record::{GRADE_MAX, Judgements};

/// Grades there are.
const GRADES: usize = GRADE_MAX as usize + 1;

/// Two judges of the same items.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Agreement {
    pub judges: [String; 2],
    /// Items that both judged.
    pub items: usize,
    /// How often each grade of the first met each of the second.
    pub table: [[usize; GRADES]; GRADES],
    /// Share of the items of which both said the same.
    pub agreed: f64,
    /// 1: always agreed; 0: as chance would have it. None where both said one grade throughout: there is no chance to beat.
    pub kappa: Option<f64>,
    pub weighted_kappa: Option<f64>,
    pub disagreements: Vec<Disagreement>,
}

/// An item of which two judges think otherwise.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Disagreement {
    pub query: String,
    pub item: String,
    pub grades: [u8; 2],
}

/// Compares two judges; none when they have no item in common.
pub fn agreement(judgements: &Judgements, judges: [&str; 2]) -> Option<Agreement> {
    let mut table = [[0; GRADES]; GRADES];
    let (mut items, mut disagreements) = (0, Vec::new());
    for ((query, item), by_judge) in judgements {
        let [Some(one), Some(other)] = judges.map(|judge| by_judge.get(judge).copied()) else {
            continue;
        };
        items += 1;
        table[usize::from(one)][usize::from(other)] += 1;
        if one != other {
            disagreements.push(Disagreement {
                query: query.clone(),
                item: item.clone(),
                grades: [one, other],
            });
        }
    }
    disagreements.sort_by_key(|its| std::cmp::Reverse(its.grades[0].abs_diff(its.grades[1])));
    let differs = |one: usize, other: usize| f64::from(u8::from(one != other));
    let squared = |one: usize, other: usize| (one.abs_diff(other) as f64).powi(2);
    (items > 0).then(|| Agreement {
        judges: judges.map(str::to_owned),
        items,
        table,
        agreed: 1.0 - disagreements.len() as f64 / items as f64,
        kappa: kappa(&table, items, differs),
        weighted_kappa: kappa(&table, items, squared),
        disagreements,
    })
}

/// 1 − distance observed ÷ distance by chance.
fn kappa(
    table: &[[usize; GRADES]; GRADES],
    items: usize,
    distance: impl Fn(usize, usize) -> f64,
) -> Option<f64> {
    let column = |other: usize| table.iter().map(|row| row[other]).sum::<usize>() as f64;
    let (mut observed, mut by_chance) = (0.0, 0.0);
    for (one, row) in table.iter().enumerate() {
        let of_row = row.iter().sum::<usize>() as f64;
        for (other, times) in row.iter().enumerate() {
            let far = distance(one, other);
            observed += far * *times as f64;
            by_chance += far * of_row * column(other) / items as f64;
        }
    }
    (by_chance > 0.0).then(|| 1.0 - observed / by_chance)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(grades: &[(u8, u8, usize)]) -> Judgements {
        let mut judgements = Judgements::new();
        for (one, other, times) in grades {
            for _ in 0..*times {
                let key = ("q".to_owned(), judgements.len().to_string());
                judgements.insert(
                    key,
                    [("mei".to_owned(), *one), ("ho".to_owned(), *other)].into(),
                );
            }
        }
        judgements
    }

    #[test]
    fn kappa_is_that_of_the_textbook() {
        // The usual example: 20 and 15 agreed of 50, 5 and 10 not: 0.7 observed, 0.5 by chance.
        let found = agreement(
            &judged(&[(1, 1, 20), (1, 0, 5), (0, 1, 10), (0, 0, 15)]),
            ["mei", "ho"],
        )
        .unwrap();
        assert_eq!((found.items, found.disagreements.len()), (50, 15));
        assert!((found.agreed - 0.7).abs() < 1e-12 && (found.kappa.unwrap() - 0.4).abs() < 1e-12);
        // Of two grades the weighted one is the same.
        assert!((found.weighted_kappa.unwrap() - 0.4).abs() < 1e-12);
    }

    #[test]
    fn a_near_miss_weighs_less_and_far_ones_are_first() {
        let near = agreement(&judged(&[(3, 2, 5), (3, 3, 5), (0, 0, 10)]), ["mei", "ho"]).unwrap();
        assert!(near.weighted_kappa.unwrap() > near.kappa.unwrap());
        let found = agreement(&judged(&[(1, 0, 1), (3, 0, 1), (2, 2, 1)]), ["mei", "ho"]).unwrap();
        assert_eq!(found.disagreements[0].grades, [3, 0]);
        let same = agreement(&judged(&[(2, 2, 4)]), ["mei", "ho"]).unwrap();
        assert_eq!((same.agreed, same.kappa), (1.0, None));
        assert_eq!(agreement(&judged(&[(2, 2, 4)]), ["mei", "nobody"]), None);
    }
}
