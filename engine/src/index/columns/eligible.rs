//! Which items may be sold to a market, as bits by ordinal: every item that matches a query is asked about, and its
//! facts would be read from all over memory.

use std::sync::{Arc, OnceLock};

use arc_swap::ArcSwap;
use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;

use sampan_analyzers::memory::vec_bytes;

use super::{CHUNK_ITEMS, Chunk, row::Standing};
use crate::base::{Ordinal, limits, region::RegionIndex};

/// Bits of a word.
const WORD_BITS: usize = u64::BITS as usize;
/// Words a chunk of the columns.
const CHUNK_WORDS: usize = CHUNK_ITEMS / WORD_BITS;

/// Where goods are sold, and where they go.
pub(super) type Way = (RegionIndex, RegionIndex);

/// The items of one market.
#[derive(Default)]
pub struct EligibleItems {
    /// Stamp of each chunk that the bits were made from.
    stamps: Vec<u64>,
    sold: Vec<u64>,
    barred: Vec<u64>,
    bitmap: OnceLock<RoaringBitmap>,
}

impl EligibleItems {
    /// Looks at every chunk that `known` was not made from.
    fn of(chunks: &[Arc<Chunk>], (region, ship_to): Way, known: &Self) -> Self {
        let words = chunks.len() * CHUNK_WORDS;
        let mut items = Self {
            stamps: chunks.iter().map(|chunk| chunk.stamp).collect(),
            sold: vec![0; words],
            barred: vec![0; words],
            bitmap: OnceLock::new(),
        };
        for (place, chunk) in chunks.iter().enumerate() {
            let of_chunk = place * CHUNK_WORDS..(place + 1) * CHUNK_WORDS;
            if known.stamps.get(place) == Some(&chunk.stamp) {
                items.sold[of_chunk.clone()].copy_from_slice(&known.sold[of_chunk.clone()]);
                items.barred[of_chunk.clone()].copy_from_slice(&known.barred[of_chunk]);
                continue;
            }
            for (offset, hot) in chunk.hot.iter().enumerate() {
                let word = of_chunk.start + offset / WORD_BITS;
                let bit = 1 << (offset % WORD_BITS);
                match hot.standing(region, ship_to) {
                    Standing::Sold(_) => items.sold[word] |= bit,
                    Standing::Barred => items.barred[word] |= bit,
                    Standing::Absent => {}
                }
            }
        }
        items
    }

    /// Whether a way of shipping reaches the market that restrictions leave open.
    #[inline]
    pub fn sells(&self, ordinal: Ordinal) -> bool {
        contains(&self.sold, ordinal)
    }

    /// Whether it is sold there but for restrictions.
    #[inline]
    pub fn bars(&self, ordinal: Ordinal) -> bool {
        contains(&self.barred, ordinal)
    }

    /// What it sells as bits, the lowest of the first word for ordinal 0.
    pub fn words(&self) -> &[u64] {
        &self.sold
    }

    /// What it sells.
    pub fn bitmap(&self) -> &RoaringBitmap {
        self.bitmap.get_or_init(|| {
            let bytes: Vec<u8> = self
                .sold
                .iter()
                .flat_map(|word| word.to_le_bytes())
                .collect();
            RoaringBitmap::from_lsb0_bytes(0, &bytes)
        })
    }
}

#[inline]
fn contains(words: &[u64], ordinal: Ordinal) -> bool {
    let place = ordinal as usize;
    let word = words.get(place / WORD_BITS).copied().unwrap_or(0);
    word & (1 << (place % WORD_BITS)) != 0
}

/// The items of the markets that were asked about, for one snapshot of the columns.
#[derive(Clone, Default)]
pub(super) struct EligibleByMarket(Arc<ArcSwap<FxHashMap<Way, Arc<EligibleItems>>>>);

impl EligibleByMarket {
    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> u64 {
        let markets = self.0.load();
        let markets = markets.values().map(|items| {
            let bitmap = items
                .bitmap
                .get()
                .map_or(0, |bitmap| bitmap.serialized_size());
            let words =
                vec_bytes(&items.stamps) + vec_bytes(&items.sold) + vec_bytes(&items.barred);
            words + bitmap as u64
        });
        markets.sum()
    }

    /// The market's items, which the first to ask has to gather.
    pub fn of(&self, chunks: &[Arc<Chunk>], way: Way) -> Arc<EligibleItems> {
        if let Some(known) = self.0.load().get(&way) {
            return known.clone();
        }
        let gathered = Arc::new(EligibleItems::of(chunks, way, &EligibleItems::default()));
        self.0.rcu(|known| {
            let mut known = FxHashMap::clone(known);
            if known.len() < limits::ELIGIBLE_MARKETS_MAX {
                known.insert(way, gathered.clone());
            }
            known
        });
        gathered
    }

    /// The same markets for other chunks; only those that changed are looked at.
    pub fn brought_to(&self, chunks: &[Arc<Chunk>]) -> Self {
        let known = self.0.load();
        let brought = known.iter().map(|(way, items)| {
            let items = EligibleItems::of(chunks, *way, items);
            (*way, Arc::new(items))
        });
        Self(Arc::new(ArcSwap::from_pointee(brought.collect())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        base::ship::{ModeSet, ShipMode},
        index::columns::Hot,
    };

    const HOME: RegionIndex = RegionIndex(0);
    const AWAY: RegionIndex = RegionIndex(1);

    /// Offered at home by mail; every third also locally, every fourth barred from going away.
    fn chunk(stamp: u64, items: usize) -> Arc<Chunk> {
        let hot = (0..items).map(|number| {
            let mut hot = Hot::default();
            hot.offered.add(HOME, ModeSet::of(ShipMode::DirectMail));
            if number % 3 == 0 {
                hot.offered.add(HOME, ModeSet::of(ShipMode::Local));
            }
            if number % 4 == 0 {
                hot.barred.add(AWAY, ModeSet::ALL);
            }
            hot
        });
        Arc::new(Chunk {
            hot: hot.collect(),
            stamp,
            ..Chunk::default()
        })
    }

    fn agrees(chunks: &[Arc<Chunk>], way: Way, items: &EligibleItems) {
        for ordinal in 0..(chunks.len() + 1) * CHUNK_ITEMS {
            let hot = chunks.get(ordinal / CHUNK_ITEMS);
            let hot = hot.and_then(|chunk| chunk.hot.get(ordinal % CHUNK_ITEMS));
            let standing = hot.map_or(Standing::Absent, |hot| hot.standing(way.0, way.1));
            let ordinal = ordinal as Ordinal;
            let is_sold = matches!(standing, Standing::Sold(_));
            assert_eq!(items.sells(ordinal), is_sold, "{ordinal}");
            assert_eq!(
                items.bars(ordinal),
                standing == Standing::Barred,
                "{ordinal}"
            );
            assert_eq!(items.bitmap().contains(ordinal), is_sold, "{ordinal}");
        }
    }

    #[test]
    fn the_bits_say_what_the_facts_say_also_after_a_change() {
        let mut chunks = vec![chunk(1, CHUNK_ITEMS), chunk(2, 100)];
        let known = EligibleByMarket::default();
        for way in [(HOME, HOME), (HOME, AWAY), (AWAY, HOME)] {
            agrees(&chunks, way, &known.of(&chunks, way));
        }
        chunks[1] = chunk(3, 700);
        chunks.push(chunk(4, 5));
        let brought = known.brought_to(&chunks);
        assert_eq!(brought.0.load().len(), 3);
        for way in [(HOME, HOME), (HOME, AWAY), (AWAY, HOME)] {
            agrees(&chunks, way, &brought.of(&chunks, way));
        }
    }

    #[test]
    fn more_markets_than_are_kept_are_answered_all_the_same() {
        let chunks = vec![chunk(1, 10)];
        let known = EligibleByMarket::default();
        for number in 0..=limits::ELIGIBLE_MARKETS_MAX {
            let ship_to = RegionIndex((number % limits::REGIONS_MAX) as u8);
            let region = RegionIndex((number / limits::REGIONS_MAX) as u8);
            let way = (region, ship_to);
            agrees(&chunks, way, &known.of(&chunks, way));
        }
        assert_eq!(known.0.load().len(), limits::ELIGIBLE_MARKETS_MAX);
    }
}
