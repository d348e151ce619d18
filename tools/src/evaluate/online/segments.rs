//! Parts of the users that are looked at apart. A part is made of what came before the experiment or lies outside it, so
//! that the arms of a part are alike.

use std::collections::HashSet;

use super::totals::User;

/// A name, and the users of it.
pub type Segment<'u> = (&'static str, Vec<&'u User>);

/// Light and heavy users, by what they did before the start: heavy are those with more events than the median of those
/// who did anything; who did nothing is new. Only parts that have users; none when nobody did anything.
pub fn by_activity(users: &[User]) -> Vec<Segment<'_>> {
    let mut counts: Vec<usize> = users
        .iter()
        .map(|user| user.events_before)
        .filter(|count| *count > 0)
        .collect();
    counts.sort_unstable();
    let Some(median) = counts.get(counts.len() / 2).copied() else {
        return Vec::new();
    };
    let of = |is_in: &dyn Fn(usize) -> bool| {
        users
            .iter()
            .filter(|user| is_in(user.events_before))
            .collect::<Vec<_>>()
    };
    let mut parts = vec![
        ("heavy users", of(&|count| count > median)),
        ("light users", of(&|count| count > 0 && count <= median)),
        ("new users", of(&|count| count == 0)),
    ];
    parts.retain(|(_, users)| !users.is_empty());
    parts
}

/// Users whose address is at home, and others; who has none is in neither. Empty when no home is named.
pub fn by_address<'u>(users: &'u [User], home: &[String]) -> Vec<Segment<'u>> {
    if home.is_empty() {
        return Vec::new();
    }
    let home: HashSet<&str> = home.iter().map(String::as_str).collect();
    let known = users.iter().filter(|user| !user.ship_to.is_empty());
    let (at_home, overseas) = known.partition(|user| home.contains(user.ship_to.as_str()));
    vec![
        ("home addresses", at_home),
        ("overseas addresses", overseas),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::online::{definitions::METRICS, totals::Total};

    fn user(events_before: usize, ship_to: &str) -> User {
        User {
            arm: "a".into(),
            ship_to: ship_to.into(),
            events_before,
            totals: [Total::default(); METRICS.len()],
            before: [Total::default(); METRICS.len()],
        }
    }

    fn sizes(segments: &[Segment<'_>]) -> Vec<usize> {
        segments.iter().map(|(_, users)| users.len()).collect()
    }

    #[test]
    fn users_are_parted_by_what_came_before() {
        let users: Vec<User> = [0, 1, 2, 3, 8, 9].map(|count| user(count, "")).into();
        assert_eq!(sizes(&by_activity(&users)), [2, 3, 1]);
        assert_eq!(sizes(&by_activity(&users[1..])), [2, 3]);
        assert!(by_activity(&users[..1]).is_empty());
    }

    #[test]
    fn users_are_parted_by_address_when_a_home_is_named() {
        let users = ["hk", "mo", "us", ""].map(|place| user(0, place));
        let home = ["hk", "mo"].map(str::to_owned);
        assert_eq!(sizes(&by_address(&users, &home)), [2, 1]);
        assert!(by_address(&users, &[]).is_empty());
    }
}
