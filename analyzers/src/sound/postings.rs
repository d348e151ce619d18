//! Sorted keys with what they stand for, walked byte by byte like a trie.

use std::ops::Range;

use crate::memory::vec_bytes;

/// Entries sorted by key; several may have the same. Keys lie end to end in one buffer.
pub struct Postings<E> {
    bytes: Vec<u8>,
    /// End of each key in `bytes`.
    ends: Vec<u32>,
    entries: Vec<E>,
}

/// Entries that are not sorted yet.
pub struct PostingsBuilder<E>(Postings<E>);

/// The keys that share a beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    keys: Range<u32>,
    /// Bytes that they share.
    depth: u32,
}

impl<E> Postings<E> {
    /// Bytes on the heap, of entries that hold nothing further.
    pub fn heap_bytes(&self) -> u64 {
        vec_bytes(&self.bytes) + vec_bytes(&self.ends) + vec_bytes(&self.entries)
    }
}

impl<E> Default for Postings<E> {
    fn default() -> Self {
        Self {
            bytes: Vec::new(),
            ends: Vec::new(),
            entries: Vec::new(),
        }
    }
}

impl<E> Default for PostingsBuilder<E> {
    fn default() -> Self {
        Self(Postings::default())
    }
}

impl<E: Copy> PostingsBuilder<E> {
    pub fn push(&mut self, key: impl IntoIterator<Item = u8>, entry: E) {
        self.0.bytes.extend(key);
        self.0.ends.push(self.0.bytes.len() as u32);
        self.0.entries.push(entry);
    }

    pub fn build(self) -> Postings<E> {
        let given = self.0;
        // Most keys differ in their first bytes: those are compared as one number.
        let mut order: Vec<(u64, u32)> = (0..given.ends.len() as u32)
            .map(|index| (beginning(given.key(index)), index))
            .collect();
        order.sort_unstable_by(|a, b| {
            let by_key = || given.key(a.1).cmp(given.key(b.1));
            a.0.cmp(&b.0).then_with(by_key).then(a.1.cmp(&b.1))
        });
        let mut sorted = Postings {
            bytes: Vec::with_capacity(given.bytes.len()),
            ends: Vec::with_capacity(given.ends.len()),
            entries: Vec::with_capacity(given.entries.len()),
        };
        for (_, index) in order {
            sorted.bytes.extend(given.key(index));
            sorted.ends.push(sorted.bytes.len() as u32);
            sorted.entries.push(given.entries[index as usize]);
        }
        sorted
    }
}

/// The first eight bytes of a key, as a number that sorts alike; shorter keys end in zeros, which no key has.
fn beginning(key: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    let length = key.len().min(8);
    bytes[..length].copy_from_slice(&key[..length]);
    u64::from_be_bytes(bytes)
}

impl<E> Postings<E> {
    pub fn root(&self) -> Node {
        Node {
            keys: 0..self.ends.len() as u32,
            depth: 0,
        }
    }

    fn key(&self, index: u32) -> &[u8] {
        let start = match index {
            0 => 0,
            index => self.ends[index as usize - 1] as usize,
        };
        &self.bytes[start..self.ends[index as usize] as usize]
    }

    fn byte(&self, index: u32, depth: u32) -> Option<u8> {
        self.key(index).get(depth as usize).copied()
    }

    /// First key of the range from which on `holds` is false.
    fn partition(&self, keys: Range<u32>, holds: impl Fn(u32) -> bool) -> u32 {
        let (mut low, mut high) = (keys.start, keys.end);
        while low < high {
            let middle = low + (high - low) / 2;
            if holds(middle) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The keys that go on with the byte.
    pub fn child(&self, node: &Node, byte: u8) -> Option<Node> {
        let depth = node.depth;
        let start = self.partition(node.keys.clone(), |key| {
            self.byte(key, depth).is_none_or(|b| b < byte)
        });
        if start == node.keys.end || self.byte(start, depth) != Some(byte) {
            return None;
        }
        Some(self.group(start, node))
    }

    /// The keys that go on alike from `start`.
    fn group(&self, start: u32, node: &Node) -> Node {
        let byte = self.byte(start, node.depth);
        let end = self.partition(start + 1..node.keys.end, |key| {
            self.byte(key, node.depth) == byte
        });
        Node {
            keys: start..end,
            depth: node.depth + 1,
        }
    }

    /// All ways to go on.
    pub fn children<'p>(&'p self, node: &'p Node) -> impl Iterator<Item = Node> + 'p {
        let mut next = self.complete(node).end;
        std::iter::from_fn(move || {
            if next >= node.keys.end {
                return None;
            }
            let child = self.group(next, node);
            next = child.keys.end;
            Some(child)
        })
    }

    fn complete(&self, node: &Node) -> Range<u32> {
        // Shorter keys sort first.
        let end = self.partition(node.keys.clone(), |key| {
            self.key(key).len() == node.depth as usize
        });
        node.keys.start..end
    }

    /// What the keys that end here stand for.
    pub fn entries(&self, node: &Node) -> &[E] {
        let complete = self.complete(node);
        &self.entries[complete.start as usize..complete.end as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walks_like_a_trie() {
        let mut builder = PostingsBuilder::default();
        for key in ["b", "ab", "abc", "ab", "", "ad"] {
            builder.push(key.bytes(), key);
        }
        let postings = builder.build();
        let root = postings.root();
        assert_eq!(postings.entries(&root), [""]);
        let a = postings.child(&root, b'a').expect("a");
        assert!(postings.entries(&a).is_empty());
        assert_eq!(postings.children(&a).count(), 2);
        let ab = postings.child(&a, b'b').expect("ab");
        assert_eq!(postings.entries(&ab), ["ab", "ab"]);
        assert!(postings.child(&ab, b'b').is_none());
        let abc = postings.child(&ab, b'c').expect("abc");
        assert_eq!(postings.entries(&abc), ["abc"]);
        assert!(postings.child(&abc, b'c').is_none());
    }
}
