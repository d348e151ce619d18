//! Swing: two items belong together when shoppers who otherwise have little in common took both.
//!
//! Yang et al., "Large Scale Product Graph Construction for Recommendation in E-commerce" (2020):
//! s(i, j) = Σ over pairs of shoppers u, v of both: w(u) · w(v) / (α + |I(u) ∩ I(v)|), with w(u) = |I(u)|^-½.
//!
//! Whole and by parts are one way: an event makes the lists of its shopper's items stale, and only those are computed
//! again.

use std::cmp::Ordering;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::{History, ItemIndex, Neighbours, factors::seeded::mixed, neighbours::strongest};

/// How Swing looks at shoppers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SwingOptions {
    /// α: the greater, the less it matters how much two shoppers have in common.
    pub smoothing: f32,
    /// Power of a shopper's number of items by which the shopper counts less.
    pub shopper_power: f32,
    /// Shoppers of an item that are paired, chosen by a hash of their number: pairs grow with the square.
    pub shoppers_max: usize,
    /// A shopper of more items than this is a shop of its own and says nothing.
    pub items_max: usize,
    /// Neighbours kept an item.
    pub kept: usize,
}

impl Default for SwingOptions {
    fn default() -> Self {
        Self {
            smoothing: 1.0,
            shopper_power: 0.5,
            shoppers_max: 100,
            items_max: 500,
            kept: 100,
        }
    }
}

/// Lists of Swing, and what they are made of.
#[derive(Debug, Clone)]
pub struct Swing {
    options: SwingOptions,
    /// By shopper: items, ascending.
    items_of: Vec<Vec<ItemIndex>>,
    /// By item: shoppers, in the order they came.
    shoppers_of: Vec<Vec<u32>>,
    rows: Vec<Vec<(ItemIndex, f32)>>,
    stale: FxHashSet<ItemIndex>,
}

/// What one thread sums in; empty between two lists.
struct Scratch {
    sums: Vec<f32>,
    touched: Vec<ItemIndex>,
    common: Vec<ItemIndex>,
}

impl Scratch {
    fn new(items: usize) -> Self {
        Self {
            sums: vec![0.0; items],
            touched: Vec::new(),
            common: Vec::new(),
        }
    }
}

impl Swing {
    /// Of so many items, with no shopper yet.
    pub fn new(items: usize, options: SwingOptions) -> Self {
        Self {
            options,
            items_of: Vec::new(),
            shoppers_of: vec![Vec::new(); items],
            rows: vec![Vec::new(); items],
            stale: FxHashSet::default(),
        }
    }

    /// Of whole histories.
    pub fn of(histories: &[History], items: usize, options: SwingOptions) -> Neighbours {
        let mut swing = Self::new(items, options);
        for (shopper, history) in histories.iter().enumerate() {
            for taken in history.iter().flat_map(|visit| &visit.taken) {
                swing.add(shopper as u32, taken.item);
            }
        }
        swing.refresh();
        swing.neighbours()
    }

    /// Takes in that a shopper took an item. Shoppers are numbered from 0.
    pub fn add(&mut self, shopper: u32, item: ItemIndex) {
        if self.items_of.len() <= shopper as usize {
            self.items_of.resize(shopper as usize + 1, Vec::new());
        }
        let items = &mut self.items_of[shopper as usize];
        let Err(place) = items.binary_search(&item) else {
            return;
        };
        items.insert(place, item);
        self.shoppers_of[item as usize].push(shopper);
        // The shopper's weight changed, and what the shopper has in common with others: both only touch these lists.
        if items.len() <= self.options.items_max + 1 {
            self.stale.extend(items.iter().copied());
        }
    }

    /// Brings the lists up to date; tells how many were not.
    pub fn refresh(&mut self) -> usize {
        let mut stale: Vec<ItemIndex> = std::mem::take(&mut self.stale).into_iter().collect();
        stale.sort_unstable();
        let this = &*self;
        let fresh: Vec<_> = stale
            .par_iter()
            .map_init(
                || Scratch::new(this.rows.len()),
                |scratch, item| this.row(*item, scratch),
            )
            .collect();
        let count = fresh.len();
        for (item, row) in stale.into_iter().zip(fresh) {
            self.rows[item as usize] = row;
        }
        count
    }

    /// The lists as of the last [`Self::refresh`].
    pub fn neighbours(&self) -> Neighbours {
        Neighbours::from_rows(self.rows.clone())
    }

    fn row(&self, item: ItemIndex, scratch: &mut Scratch) -> Vec<(ItemIndex, f32)> {
        let shoppers = self.paired_shoppers(item);
        for (place, first) in shoppers.iter().enumerate() {
            for second in &shoppers[place + 1..] {
                scratch.common.clear();
                scratch
                    .common
                    .extend(common(self.items(*first), self.items(*second)));
                let weight = self.weight(*first) * self.weight(*second)
                    / (self.options.smoothing + scratch.common.len() as f32);
                for other in &scratch.common {
                    let sum = &mut scratch.sums[*other as usize];
                    if *sum == 0.0 {
                        scratch.touched.push(*other);
                    }
                    *sum += weight;
                }
            }
        }
        let sums = &mut scratch.sums;
        let row = scratch.touched.drain(..);
        let row = row.map(|other| (other, std::mem::take(&mut sums[other as usize])));
        // Every shopper of the item has it in common with every other.
        let others = row.filter(|(other, _)| *other != item);
        strongest(others.collect(), self.options.kept)
    }

    /// Shoppers of an item that are paired, in an order that does not depend on when they came.
    fn paired_shoppers(&self, item: ItemIndex) -> Vec<u32> {
        let all = self.shoppers_of[item as usize].iter().copied();
        let mut shoppers: Vec<u32> = all
            .filter(|shopper| self.items(*shopper).len() <= self.options.items_max)
            .collect();
        shoppers.sort_unstable_by_key(|shopper| (mixed(u64::from(*shopper)), *shopper));
        shoppers.truncate(self.options.shoppers_max);
        shoppers
    }

    fn items(&self, shopper: u32) -> &[ItemIndex] {
        &self.items_of[shopper as usize]
    }

    fn weight(&self, shopper: u32) -> f32 {
        (self.items(shopper).len() as f32).powf(-self.options.shopper_power)
    }
}

/// What is in both ascending lists.
fn common<'a>(a: &'a [ItemIndex], b: &'a [ItemIndex]) -> impl Iterator<Item = ItemIndex> + 'a {
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    std::iter::from_fn(move || {
        loop {
            match a.peek()?.cmp(b.peek()?) {
                Ordering::Less => a.next(),
                Ordering::Greater => b.next(),
                Ordering::Equal => {
                    b.next();
                    return a.next().copied();
                }
            };
        }
    })
}
