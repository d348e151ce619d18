//! Bytes that structures hold on the heap, told from their capacities. What the allocator adds is not in them.

use std::collections::HashMap;
use std::mem::size_of;

/// Numbers that stand before what an `Arc` points at.
pub const ARC_BYTES: u64 = 2 * size_of::<usize>() as u64;

/// Of a vector of values that hold nothing further.
pub fn vec_bytes<T>(values: &Vec<T>) -> u64 {
    (values.capacity() * size_of::<T>()) as u64
}

/// Of a hash map whose keys and values hold nothing further: a power of two of slots, seven eighths of which may be taken,
/// and a byte beside each.
pub fn map_bytes<K, V, S>(map: &HashMap<K, V, S>) -> u64 {
    match map.capacity() {
        0 => 0,
        capacity => {
            let slots = (capacity * 8 / 7).next_power_of_two();
            (slots * (size_of::<(K, V)>() + 1)) as u64
        }
    }
}

/// Of `entries` of a B-tree: its nodes are two thirds full.
pub fn tree_bytes<T>(entries: usize) -> u64 {
    (entries * size_of::<T>() * 3 / 2) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_counts_whether_it_is_taken_or_not() {
        assert_eq!(vec_bytes(&Vec::<u32>::with_capacity(10)), 40);
        let mut map: HashMap<u64, u64> = HashMap::new();
        assert_eq!(map_bytes(&map), 0);
        map.extend((0..1_000).map(|n| (n, n)));
        // 1,000 entries need more than 1,024 × 7 ÷ 8 slots: 2,048 of 17 bytes.
        assert_eq!(map_bytes(&map), 2_048 * 17);
        assert_eq!(tree_bytes::<u64>(100), 1_200);
    }
}
