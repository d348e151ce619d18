//! Two rankings of the same candidates as one list: team draft (Radlinski, Kurup and Joachims, "How does clickthrough
//! data reflect retrieval quality?", CIKM 2008).

use std::collections::HashSet;

use super::rank::RankedItem;

/// Which ranking brought an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Team {
    First,
    Second,
}

/// Each round both teams pick their best item that is left, the one that a coin names first. `seed`: the same seed throws
/// the same coins.
pub fn team_draft(first: Vec<RankedItem>, second: Vec<RankedItem>, seed: u64) -> Vec<RankedItem> {
    let mut picked = HashSet::with_capacity(first.len());
    let mut drafted = Vec::with_capacity(first.len());
    let mut teams = [
        (Team::First, first.into_iter()),
        (Team::Second, second.into_iter()),
    ];
    for round in 0_u64.. {
        if coin(seed, round) {
            teams.swap(0, 1);
        }
        let before = drafted.len();
        for (team, ranking) in &mut teams {
            let best = ranking.find(|item| picked.insert(item.ordinal));
            drafted.extend(best.map(|item| RankedItem {
                team: Some(*team),
                ..item
            }));
        }
        if drafted.len() == before {
            break;
        }
    }
    drafted
}

fn coin(seed: u64, round: u64) -> bool {
    let mut hash = blake3::Hasher::new();
    hash.update(&seed.to_le_bytes())
        .update(&round.to_le_bytes());
    hash.finalize().as_bytes()[0] & 1 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranking(ordinals: &[u32]) -> Vec<RankedItem> {
        let items = ordinals.iter().map(|ordinal| RankedItem {
            ordinal: *ordinal,
            score: 0.0,
            sources: Default::default(),
            full_match: true,
            scoring: None,
            others: Box::default(),
            boosted: 0.0,
            team: None,
        });
        items.collect()
    }

    #[test]
    fn every_item_comes_once_and_each_team_picks_its_best() {
        let (first, second) = ([1, 2, 3, 4, 5], [5, 4, 6, 1, 2]);
        let mut firsts = 0;
        for seed in 0..1_000 {
            let drafted = team_draft(ranking(&first), ranking(&second), seed);
            let mut ordinals: Vec<u32> = drafted.iter().map(|item| item.ordinal).collect();
            firsts += usize::from(drafted[0].team == Some(Team::First));
            let head: HashSet<u32> = ordinals[..2].iter().copied().collect();
            assert_eq!(head, HashSet::from([1, 5]), "each team's best comes first");
            let of_first = |n: usize| {
                let teams = drafted[..n]
                    .iter()
                    .filter(|item| item.team == Some(Team::First));
                teams.count()
            };
            for round in (2..=4).step_by(2) {
                assert_eq!(of_first(round), round / 2, "seed {seed}");
            }
            ordinals.sort_unstable();
            assert_eq!(ordinals, [1, 2, 3, 4, 5, 6]);
        }
        // A fair coin: 500, and 5 standard deviations.
        assert!((421..=579).contains(&firsts), "{firsts}");
        let again = || team_draft(ranking(&first), ranking(&second), 7);
        assert_eq!(again(), again());
    }
}
