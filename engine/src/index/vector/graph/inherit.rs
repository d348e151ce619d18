//! Links that a merged segment takes over from its largest part, so that only the rest is linked anew.

use super::super::beam::NeighbourList;
use super::base::Adjacency;
use super::{FrozenBase, NO_NODE};

/// Part of a node's links that must have survived for it to keep them; below, it is linked anew.
const SURVIVING_SHARE_MIN: f64 = 0.75;

/// Lists of nodes that need not be linked again.
#[derive(Default)]
pub(in super::super) struct InheritedLinks {
    pub(super) lists: Vec<(u32, Vec<u32>)>,
}

impl InheritedLinks {
    /// Takes the links of `base`, whose nodes are now called what `renamed` says, [`NO_NODE`] for
    /// those that are gone.
    pub fn new(base: &FrozenBase<'_>, renamed: &[u32]) -> Self {
        let mut lists = Vec::with_capacity(renamed.len());
        let mut list = NeighbourList::default();
        for (node, &name) in (0u32..).zip(renamed) {
            if name == NO_NODE {
                continue;
            }
            base.neighbours(node, &mut list);
            let names = list
                .ids()
                .iter()
                .map(|&neighbour| renamed[neighbour as usize]);
            let kept: Vec<u32> = names.filter(|&name| name != NO_NODE).collect();
            if kept.len() as f64 >= SURVIVING_SHARE_MIN * list.ids().len() as f64 {
                lists.push((name, kept));
            }
        }
        Self { lists }
    }
}
