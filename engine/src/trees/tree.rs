//! One tree, its nodes checked and side by side.

use super::{
    blocks::Block,
    model::{NODES_MAX, TreeModelError},
};

/// Bits of `decision_type`, as in LightGBM's `include/LightGBM/tree.h`.
const CATEGORICAL: u8 = 1;
const DEFAULT_LEFT: u8 = 2;
const MISSING_SHIFT: u8 = 2;
const MISSING_MASK: u8 = 3;

/// Numbers this near to zero are zero.
const ZERO: f64 = 1e-35;

/// What counts as missing at a node.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Missing {
    None,
    Zero,
    Nan,
}

/// How a node decides.
#[derive(Debug, Clone, Copy)]
enum Decision {
    /// Left when the feature is at most this.
    AtMost {
        threshold: f64,
        missing: Missing,
        default_left: bool,
    },
    /// Left when the feature, as a whole number, is among the bits `begin..end` of the tree's categories.
    Among {
        begin: u32,
        end: u32,
        missing: Missing,
    },
}

/// A node; children below 0 are leaves, counted from -1.
#[derive(Debug, Clone, Copy)]
struct Node {
    decision: Decision,
    feature: u32,
    left: i32,
    right: i32,
}

/// A tree.
#[derive(Debug)]
pub struct Tree {
    nodes: Vec<Node>,
    leaves: Vec<f64>,
    /// Sets of categories, 32 a word.
    categories: Vec<u32>,
}

impl Tree {
    /// Reads a tree and checks that every path through it ends in a leaf.
    pub fn read(block: &Block<'_>, features: usize) -> Result<Self, TreeModelError> {
        let leaves: usize = block.number("num_leaves")?;
        if leaves == 0 || leaves > NODES_MAX {
            return Err(block.error("num_leaves", format!("must be 1 to {NODES_MAX}")));
        }
        if block.has("is_linear") && block.text("is_linear")? != "0" {
            return Err(block.error("is_linear", "linear leaves are not supported"));
        }
        let values: Vec<f64> = block.numbers("leaf_value", leaves)?;
        if values.iter().any(|value| !value.is_finite()) {
            return Err(block.error("leaf_value", "is not finite"));
        }
        let mut tree = Self {
            nodes: Vec::with_capacity(leaves - 1),
            leaves: values,
            categories: Vec::new(),
        };
        // A tree of one leaf has no nodes, and no lines for them.
        if leaves > 1 {
            tree.read_nodes(block, leaves - 1, features)?;
        }
        Ok(tree)
    }

    fn read_nodes(
        &mut self,
        block: &Block<'_>,
        count: usize,
        features: usize,
    ) -> Result<(), TreeModelError> {
        let split: Vec<u32> = block.numbers("split_feature", count)?;
        let thresholds: Vec<f64> = block.numbers("threshold", count)?;
        let decisions: Vec<u8> = block.numbers("decision_type", count)?;
        let left: Vec<i32> = block.numbers("left_child", count)?;
        let right: Vec<i32> = block.numbers("right_child", count)?;
        let sets: usize = block.number("num_cat")?;
        let boundaries: Vec<u32> = match sets {
            0 => Vec::new(),
            _ => block.numbers("cat_boundaries", sets.saturating_add(1))?,
        };
        let words = boundaries.last().map_or(0, |last| *last as usize);
        if words > 0 {
            self.categories = block.numbers("cat_threshold", words)?;
        }
        for node in 0..count {
            if split[node] as usize >= features {
                return Err(block.error("split_feature", "names no feature of the header"));
            }
            for (key, child) in [("left_child", left[node]), ("right_child", right[node])] {
                // LightGBM numbers a child after its parent, so that no path can turn back.
                let is_node = child > node as i32 && (child as usize) < count;
                let is_leaf = child < 0 && (!child as usize) < self.leaves.len();
                if !is_node && !is_leaf {
                    return Err(block.error(key, format!("{child} is no child of node {node}")));
                }
            }
            let bits = decisions[node];
            let missing = match bits >> MISSING_SHIFT & MISSING_MASK {
                0 => Missing::None,
                1 => Missing::Zero,
                2 => Missing::Nan,
                _ => return Err(block.error("decision_type", "names no kind of missing values")),
            };
            let decision = if bits & CATEGORICAL != 0 {
                let set = thresholds[node] as usize;
                let bounds = boundaries.get(set).zip(boundaries.get(set + 1));
                match bounds {
                    Some((begin, end)) if begin <= end && *end as usize <= words => {
                        Decision::Among {
                            begin: *begin,
                            end: *end,
                            missing,
                        }
                    }
                    _ => return Err(block.error("threshold", "names no set of categories")),
                }
            } else {
                Decision::AtMost {
                    threshold: thresholds[node],
                    missing,
                    default_left: bits & DEFAULT_LEFT != 0,
                }
            };
            self.nodes.push(Node {
                decision,
                feature: split[node],
                left: left[node],
                right: right[node],
            });
        }
        Ok(())
    }

    /// Nodes and leaves.
    pub fn size(&self) -> usize {
        self.nodes.len() + self.leaves.len()
    }

    /// The value of the leaf that the features lead to; as many as the header names.
    #[inline]
    pub fn value(&self, features: &[f64]) -> f64 {
        let mut at = if self.nodes.is_empty() { -1 } else { 0 };
        while at >= 0 {
            let node = &self.nodes[at as usize];
            let goes_left = self.goes_left(&node.decision, features[node.feature as usize]);
            at = if goes_left { node.left } else { node.right };
        }
        self.leaves[!at as usize]
    }

    #[inline]
    fn goes_left(&self, decision: &Decision, value: f64) -> bool {
        match *decision {
            Decision::AtMost {
                threshold,
                missing,
                default_left,
            } => {
                let value = if value.is_nan() && missing != Missing::Nan {
                    0.0
                } else {
                    value
                };
                let is_missing = match missing {
                    Missing::None => false,
                    Missing::Zero => value.abs() <= ZERO,
                    Missing::Nan => value.is_nan(),
                };
                if is_missing {
                    default_left
                } else {
                    value <= threshold
                }
            }
            Decision::Among {
                begin,
                end,
                missing,
            } => {
                let value = if value.is_nan() {
                    if missing == Missing::Nan {
                        return false;
                    }
                    0.0
                } else {
                    value
                };
                // Toward zero, and what does not fit is in no set.
                let category = value as i64;
                let set = &self.categories[begin as usize..end as usize];
                usize::try_from(category).is_ok_and(|category| {
                    let word = set.get(category / 32);
                    word.is_some_and(|word| word >> (category % 32) & 1 == 1)
                })
            }
        }
    }
}
