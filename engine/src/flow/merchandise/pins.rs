//! Pinned items: found, ranked with the others, and put where their rules want them.

use crate::{
    base::{Ordinal, error::Result},
    flow::{
        candidate::{Candidate, Source, Sources},
        rank::RankedItem,
    },
    index::columns::Columns,
    store::state::Store,
};

/// An item, and where it is to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlacedPin<'r> {
    pub item: &'r str,
    /// From 0.
    pub place: usize,
    /// Id of the rule.
    pub rule: &'r str,
}

/// The pinned items that the index has; what no longer exists is passed over.
pub fn pinned_items<'r>(
    pins: &[PlacedPin<'r>],
    store: &Store,
    columns: &Columns,
) -> Result<Vec<(Ordinal, PlacedPin<'r>)>> {
    let mut found = Vec::with_capacity(pins.len());
    for pin in pins {
        let Some(stored) = store.item(pin.item)? else {
            continue;
        };
        if columns
            .row(stored.ordinal)
            .is_some_and(|row| *row.id == *pin.item)
        {
            found.push((stored.ordinal, *pin));
        }
    }
    Ok(found)
}

/// Marks pinned items among candidates, and adds those that recall did not bring: they are ranked like the others, so
/// that an explanation says what they are worth without their pin.
pub fn add_pinned(candidates: &mut Vec<Candidate>, pins: &[(Ordinal, PlacedPin<'_>)]) {
    for (ordinal, _) in pins {
        let pinned = Candidate::new(*ordinal, Source::Pinned);
        match candidates
            .iter_mut()
            .find(|known| known.ordinal == *ordinal)
        {
            Some(known) => known.sources = known.sources.and(Sources::of(Source::Pinned)),
            None => candidates.push(pinned),
        }
    }
}

/// Takes the pinned items out of a ranking.
pub fn take_pins(
    ranked: Vec<RankedItem>,
    pins: &[(Ordinal, PlacedPin<'_>)],
) -> (Vec<RankedItem>, Vec<RankedItem>) {
    let is_pinned = |item: &RankedItem| pins.iter().any(|(ordinal, _)| *ordinal == item.ordinal);
    ranked.into_iter().partition(is_pinned)
}

/// Puts pinned items in their places among the others, whose order stays. `pins`: best place first. A place behind the
/// end of the list is its end.
pub fn place_pins(
    mut pinned: Vec<RankedItem>,
    others: Vec<RankedItem>,
    pins: &[(Ordinal, PlacedPin<'_>)],
) -> Vec<RankedItem> {
    let mut placed = others;
    for (ordinal, pin) in pins {
        // What the gate stopped was not ranked; the place falls to whoever ranks there.
        if let Some(at) = pinned.iter().position(|item| item.ordinal == *ordinal) {
            let item = pinned.swap_remove(at);
            placed.insert(pin.place.min(placed.len()), item);
        }
    }
    placed
}
