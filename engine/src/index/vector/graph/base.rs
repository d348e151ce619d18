//! The base level: a list of neighbours for every node, frozen or under construction.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::super::beam::NeighbourList;
use super::super::kernels;
use super::NO_NODE;

/// Locks that writers of lists under construction share.
const LOCKS: usize = 1_024;

/// Something that knows the neighbours of nodes.
pub(in super::super) trait Adjacency: Sync {
    /// Nodes that there are.
    fn nodes(&self) -> usize;
    /// Puts the neighbours of `node` into `into`, and nothing else.
    fn neighbours(&self, node: u32, into: &mut NeighbourList);
    /// Asks the processor to fetch the list of `node`.
    fn prefetch(&self, node: u32);

    /// Row of the codes of `node`: on the base level the node itself.
    #[inline]
    fn code_row(&self, node: u32) -> u32 {
        node
    }

    /// Rows of the codes of `nodes`; `room` is for levels on which they differ.
    #[inline]
    fn code_rows<'a>(&self, nodes: &'a [u32], _room: &'a mut Vec<u32>) -> &'a [u32] {
        nodes
    }
}

/// The base level of a segment.
#[derive(Clone, Copy)]
pub(in super::super) struct FrozenBase<'a> {
    lists: &'a [u8],
    list_bytes: usize,
}

impl<'a> FrozenBase<'a> {
    pub fn new(lists: &'a [u8], degree: usize) -> Self {
        Self {
            lists,
            list_bytes: degree * 4,
        }
    }
}

impl Adjacency for FrozenBase<'_> {
    fn nodes(&self) -> usize {
        self.lists.len().checked_div(self.list_bytes).unwrap_or(0)
    }

    #[inline]
    fn neighbours(&self, node: u32, into: &mut NeighbourList) {
        let list = &self.lists[node as usize * self.list_bytes..][..self.list_bytes];
        into.fill(list);
    }

    #[inline]
    fn prefetch(&self, node: u32) {
        kernels::prefetch(self.lists, node as usize * self.list_bytes, self.list_bytes);
    }
}

/// A base level that many threads read and write at once.
///
/// Readers take no lock: they may see a list half rewritten, every number of which is still a node.
pub(super) struct GrowingBase {
    lists: Vec<AtomicU32>,
    degree: usize,
    locks: Vec<Mutex<()>>,
}

impl GrowingBase {
    pub fn new(nodes: usize, degree: usize) -> Self {
        let lists = (0..nodes * degree)
            .map(|_| AtomicU32::new(NO_NODE))
            .collect();
        Self {
            lists,
            degree,
            locks: (0..LOCKS).map(|_| Mutex::default()).collect(),
        }
    }

    pub fn degree(&self) -> usize {
        self.degree
    }

    /// Keeps other writers of the node's list out for as long as the guard lives.
    pub fn lock(&self, node: u32) -> MutexGuard<'_, ()> {
        // The lock guards no data of its own, so a panic elsewhere leaves nothing half done in it.
        self.locks[node as usize % LOCKS]
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Replaces the node's list; the caller holds its lock.
    pub fn set(&self, node: u32, list: impl IntoIterator<Item = u32>) {
        let padded = list.into_iter().chain(std::iter::repeat(NO_NODE));
        for (slot, neighbour) in self.slots(node).iter().zip(padded) {
            slot.store(neighbour, Ordering::Relaxed);
        }
    }

    /// Adds to the node's list if a slot is free; the caller holds its lock.
    pub fn push(&self, node: u32, neighbour: u32) -> bool {
        let free = self
            .slots(node)
            .iter()
            .find(|slot| slot.load(Ordering::Relaxed) == NO_NODE);
        free.map(|slot| slot.store(neighbour, Ordering::Relaxed))
            .is_some()
    }

    pub fn into_lists(self) -> Vec<u32> {
        self.lists.into_iter().map(AtomicU32::into_inner).collect()
    }

    #[inline]
    fn slots(&self, node: u32) -> &[AtomicU32] {
        &self.lists[node as usize * self.degree..][..self.degree]
    }
}

impl Adjacency for GrowingBase {
    fn nodes(&self) -> usize {
        self.lists.len() / self.degree
    }

    #[inline]
    fn neighbours(&self, node: u32, into: &mut NeighbourList) {
        into.clear();
        for slot in self.slots(node) {
            match slot.load(Ordering::Relaxed) {
                NO_NODE => break,
                neighbour => into.push(neighbour),
            }
        }
    }

    #[inline]
    fn prefetch(&self, node: u32) {
        kernels::prefetch(&self.lists, node as usize * self.degree, self.degree);
    }
}
