//! Bounded lists in order of time. What such a list holds follows from what was put into it, and not from the order.

/// Puts an entry into an ascending list that keeps the greatest entry of each key, and of these the `most` greatest. An entry
/// that gave way once could not come back: what made it give way only grows.
pub fn keep_latest<T: Ord, K: PartialEq>(
    list: &mut Vec<T>,
    new: T,
    most: usize,
    key: impl Fn(&T) -> K,
) {
    if list.len() == most && list.first().is_some_and(|oldest| new < *oldest) {
        return;
    }
    let of_new = key(&new);
    if let Some(known) = list.iter().position(|known| key(known) == of_new) {
        if list[known] >= new {
            return;
        }
        list.remove(known);
    } else if list.len() == most {
        list.remove(0);
    } else if list.len() == list.capacity() {
        // Never room for more than `most`: doubling would keep up to as much again for nothing.
        let half = list.len() / 2;
        list.reserve_exact(half.max(2).min(most - list.len()));
    }
    let place = list.partition_point(|known| *known < new);
    list.insert(place, new);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greatest_of_each_key_stay_in_whatever_order_they_come() {
        let entries: Vec<u32> = (0..200).map(|n| n * 37 % 200).collect();
        let kept = |entries: &mut dyn Iterator<Item = u32>| {
            let mut list = Vec::new();
            for entry in entries {
                keep_latest(&mut list, entry, 10, |entry| entry % 50);
            }
            list
        };
        let one = kept(&mut entries.iter().copied());
        assert_eq!(one, (190..200).collect::<Vec<u32>>());
        assert_eq!(kept(&mut entries.iter().rev().copied()), one);
        assert!(one.capacity() <= 10);
        let few = kept(&mut [3, 53, 4, 3].into_iter());
        assert_eq!(few, [4, 53]);
    }
}
