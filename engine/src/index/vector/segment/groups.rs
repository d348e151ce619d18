//! Which items share a vector, and how rows, nodes and ordinals find each other.

use super::super::little_endian::bytes_of;

/// The ordinals of each node, node after node, ascending within a node.
pub(in super::super) struct Groups {
    pub(super) ordinals: Vec<u32>,
    /// First position of each node in `ordinals`, and its length at the end.
    first_rows: Vec<u32>,
}

impl Groups {
    /// Takes ascending ordinals and the node of each; every node below `nodes` has one at least.
    pub fn new(
        ordinals: impl ExactSizeIterator<Item = u32>,
        node_of: &[u32],
        nodes: usize,
    ) -> Self {
        let mut first_rows = vec![0u32; nodes + 1];
        for &node in node_of {
            first_rows[node as usize + 1] += 1;
        }
        for node in 0..nodes {
            first_rows[node + 1] += first_rows[node];
        }
        let mut free = first_rows.clone();
        let mut grouped = vec![0; ordinals.len()];
        for (ordinal, &node) in ordinals.zip(node_of) {
            grouped[free[node as usize] as usize] = ordinal;
            free[node as usize] += 1;
        }
        Self {
            ordinals: grouped,
            first_rows,
        }
    }

    /// The sections first rows and node of row; empty when every node has one row.
    pub(super) fn node_tables(&self) -> (Vec<u8>, Vec<u8>) {
        let rows = self.ordinals.len();
        if rows + 1 == self.first_rows.len() {
            return Default::default();
        }
        let mut node_of_row = Vec::with_capacity(rows);
        for (node, ends) in (0u32..).zip(self.first_rows.windows(2)) {
            node_of_row.extend(std::iter::repeat_n(node, (ends[1] - ends[0]) as usize));
        }
        let first_rows = self.first_rows.iter().copied();
        (bytes_of(first_rows), bytes_of(node_of_row))
    }

    /// The sections rows by ordinal and ordinals in order; empty where the rows, or the least of the ordinals, say it.
    pub(super) fn ordinal_tables(&self) -> (Vec<u8>, Vec<u8>) {
        if self.ordinals.is_sorted() {
            return Default::default();
        }
        let mut rows: Vec<u32> = (0..self.ordinals.len() as u32).collect();
        rows.sort_unstable_by_key(|&row| self.ordinals[row as usize]);
        let ordinals = || rows.iter().map(|&row| self.ordinals[row as usize]);
        let is_dense = ordinals().zip(ordinals().skip(1)).all(|(a, b)| a + 1 == b);
        let in_order = if is_dense {
            Vec::new()
        } else {
            bytes_of(ordinals())
        };
        (bytes_of(rows), in_order)
    }
}
