//! Two rankings dealt into one list, and which of them the clicks went to.
//!
//! Each hit of an interleaved list (team draft: Radlinski, Kurup and Joachims, CIKM 2008) was put there by one of two
//! teams; a click or an order is its credit. A user prefers the team with more credits. The verdict is of users, by a sign
//! test and a permutation test; Δ is ½ for a tie (Chapelle et al., "Large-scale validation and analysis of interleaved
//! search evaluation", TOIS 2012).

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde::Serialize;

use super::{
    events::{ExperimentEvent, Kind},
    tails::fair_coin_two_sided,
};
use crate::evaluate::statistics::{bootstrap_interval, permutation_p};

/// Below, one team is preferred.
pub const ALPHA: f64 = 0.05;
/// Fewest users who prefer one team: below, there is no verdict.
pub const USERS_MIN: usize = 30;

/// Why there is no verdict at all.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum InterleavingError {
    #[error("the impressions are of {} teams ({teams}): want two", count)]
    NotTwoTeams { count: usize, teams: String },
}

/// Which team is preferred.
#[derive(Debug, Serialize)]
pub struct Interleaving {
    /// By name.
    pub teams: [String; 2],
    /// Hits that each team put on lists.
    pub shown: [usize; 2],
    pub credits: [usize; 2],
    /// Users with more credits for the team than for the other.
    pub preferring: [usize; 2],
    /// Users with as many for both, and some.
    pub undecided: usize,
    /// Share of users with credits who prefer the second team, a tie counted half, − ½; with its 95 % interval.
    pub delta: f64,
    pub low: f64,
    pub high: f64,
    pub sign_p: f64,
    pub permutation_p: f64,
    pub verdict: Verdict,
}

/// What is concluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    First,
    Second,
    NoDifferenceShown,
    /// Fewer than [`USERS_MIN`] users prefer one.
    TooFewUsers,
}

/// Counts the credits of events of a kind. A hit's credit counts once a list.
///
/// # Errors
/// The impressions are not of two teams.
pub fn count(events: &[ExperimentEvent], credit: Kind) -> Result<Interleaving, InterleavingError> {
    let impressions = events
        .iter()
        .filter(|its| its.kind == Kind::Impression && !its.team.is_empty());
    let mut put_by: HashMap<(&str, &str), &str> = HashMap::new();
    for event in impressions {
        put_by
            .entry((&event.request, &event.item))
            .or_insert(&event.team);
    }
    let names: BTreeSet<&str> = put_by.values().copied().collect();
    let names: Vec<&str> = names.into_iter().collect();
    let [first, second] = names[..] else {
        return Err(InterleavingError::NotTwoTeams {
            count: names.len(),
            teams: names.join(", "),
        });
    };
    let (mut credited, mut users) = (HashSet::new(), BTreeMap::new());
    let mut credits = [0, 0];
    for event in events.iter().filter(|its| its.kind == credit) {
        let hit = (event.request.as_str(), event.item.as_str());
        let Some(team) = put_by.get(&hit) else {
            continue;
        };
        if credited.insert(hit) {
            let side = usize::from(*team == second);
            credits[side] += 1;
            users.entry(event.user.as_str()).or_insert([0, 0])[side] += 1;
        }
    }
    let prefers: Vec<f64> = users
        .values()
        .map(|[one, other]: &[i32; 2]| f64::from((other - one).signum()) / 2.0)
        .collect();
    let side = |half: f64| prefers.iter().filter(|its| **its == half).count();
    let preferring = [side(-0.5), side(0.5)];
    let (low, high) = match prefers.is_empty() {
        true => (-0.5, 0.5),
        false => bootstrap_interval(&prefers),
    };
    let delta = prefers.iter().sum::<f64>() / prefers.len().max(1) as f64;
    let sign_p = fair_coin_two_sided(preferring[0], preferring[1]);
    let of_team = |team: &str| put_by.values().filter(|its| **its == team).count();
    Ok(Interleaving {
        teams: [first.to_owned(), second.to_owned()],
        shown: [of_team(first), of_team(second)],
        credits,
        preferring,
        undecided: side(0.0),
        delta,
        low,
        high,
        sign_p,
        permutation_p: permutation_p(&prefers),
        verdict: match sign_p < ALPHA {
            _ if preferring[0] + preferring[1] < USERS_MIN => Verdict::TooFewUsers,
            true if delta > 0.0 => Verdict::Second,
            true => Verdict::First,
            false => Verdict::NoDifferenceShown,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(user: usize, kind: Kind, item: &str, team: &str) -> ExperimentEvent {
        ExperimentEvent {
            user: format!("u{user}"),
            kind,
            time: 0,
            item: item.into(),
            arm: String::new(),
            request: format!("r{user}"),
            ship_to: String::new(),
            team: team.into(),
        }
    }

    /// Lists of two hits, one a team; `clicks` of each user: on the first's, on the second's.
    fn count_of(clicks: &[(bool, bool)]) -> Interleaving {
        let mut events = Vec::new();
        for (user, (one, other)) in clicks.iter().enumerate() {
            events.push(event(user, Kind::Impression, "x", "a"));
            events.push(event(user, Kind::Impression, "y", "b"));
            for (clicked, item) in [(one, "x"), (other, "y")] {
                // Twice the same click is one credit.
                let times = if *clicked { 2 } else { 0 };
                events.extend((0..times).map(|_| event(user, Kind::Click, item, "")));
            }
        }
        count(&events, Kind::Click).unwrap()
    }

    #[test]
    fn the_team_with_more_users_behind_it_wins() {
        let clicks = [
            [(false, true); 40].as_slice(),
            &[(true, false); 20],
            &[(true, true); 10],
        ]
        .concat();
        let counted = count_of(&clicks);
        assert_eq!((counted.credits, counted.preferring), ([30, 50], [20, 40]));
        assert_eq!((counted.undecided, counted.shown), (10, [70, 70]));
        assert!((counted.delta - (40.0 + 5.0) / 70.0 + 0.5).abs() < 1e-12);
        assert_eq!(counted.verdict, Verdict::Second);
        assert!(
            counted.low > 0.0 && counted.permutation_p < 0.05,
            "{counted:?}"
        );
        let turned: Vec<_> = clicks.iter().map(|(one, other)| (*other, *one)).collect();
        assert_eq!(count_of(&turned).verdict, Verdict::First);
    }

    #[test]
    fn an_even_count_and_few_users_decide_nothing() {
        let even = [[(false, true); 30], [(true, false); 30]].concat();
        assert_eq!(count_of(&even).verdict, Verdict::NoDifferenceShown);
        assert_eq!(count_of(&[(false, true); 29]).verdict, Verdict::TooFewUsers);
        assert_eq!(count_of(&[(false, true); 30]).verdict, Verdict::Second);
        assert_eq!(count_of(&[(false, false); 3]).verdict, Verdict::TooFewUsers);
    }

    #[test]
    fn one_team_or_three_are_refused() {
        let alone = count(&[event(0, Kind::Impression, "x", "a")], Kind::Click).unwrap_err();
        assert!(alone.to_string().contains("of 1 teams (a)"), "{alone}");
        let events = ["a", "b", "c"].map(|team| event(0, Kind::Impression, team, team));
        assert!(count(&events, Kind::Click).is_err());
    }
}
