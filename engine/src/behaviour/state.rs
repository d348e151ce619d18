//! What is remembered of one user or session.

use std::collections::VecDeque;

use sampan_proto::v1::EventKind;

use super::{DISLIKES_MAX, RECENT_MAX};
use crate::base::Ordinal;

/// An item that the user did something with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RecentItem {
    pub ordinal: Ordinal,
    /// Strength of the strongest event on it.
    pub strength: f32,
    /// Seconds since 1970 of the last event on it.
    pub seconds: i64,
}

/// Recent items and dislikes, bounded.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UserState {
    /// Latest first; an item once.
    recent: VecDeque<RecentItem>,
    dislikes: VecDeque<Ordinal>,
}

impl UserState {
    /// Items the user did something with, latest first.
    pub fn recent(&self) -> impl Iterator<Item = &RecentItem> {
        self.recent.iter()
    }

    /// Items the user does not want to see.
    pub fn disliked(&self) -> impl Iterator<Item = Ordinal> {
        self.dislikes.iter().copied()
    }

    /// Notes an event on an item.
    pub fn see(&mut self, mut item: RecentItem) {
        let known = self
            .recent
            .iter()
            .position(|known| known.ordinal == item.ordinal);
        if let Some(known) = known.and_then(|place| self.recent.remove(place)) {
            item.strength = item.strength.max(known.strength);
            item.seconds = item.seconds.max(known.seconds);
        }
        let place = self
            .recent
            .partition_point(|known| known.seconds > item.seconds);
        self.recent.insert(place, item);
        self.recent.truncate(RECENT_MAX);
    }

    /// Notes a dislike, and forgets the item as a seed.
    pub fn dislike(&mut self, ordinal: Ordinal) {
        self.recent.retain(|item| item.ordinal != ordinal);
        if !self.dislikes.contains(&ordinal) {
            self.dislikes.push_front(ordinal);
            self.dislikes.truncate(DISLIKES_MAX);
        }
    }
}

/// How much an event says about taste. Impressions say nothing: they are what the node chose.
pub fn strength(kind: EventKind) -> f32 {
    match kind {
        EventKind::Unspecified | EventKind::Impression | EventKind::Dislike => 0.0,
        EventKind::Click => 1.0,
        EventKind::Detail => 1.5,
        EventKind::Cart => 3.0,
        EventKind::Order => 5.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(ordinal: Ordinal, seconds: i64) -> RecentItem {
        RecentItem {
            ordinal,
            strength: 1.0,
            seconds,
        }
    }

    #[test]
    fn late_events_take_their_place_in_time_and_memory_is_bounded() {
        let mut state = UserState::default();
        for ordinal in 0..200 {
            state.see(item(ordinal, i64::from(ordinal)));
        }
        state.see(item(500, 170));
        let recent: Vec<Ordinal> = state.recent().map(|item| item.ordinal).collect();
        assert_eq!(recent.len(), RECENT_MAX);
        assert_eq!(recent[0], 199);
        let late = recent.iter().position(|ordinal| *ordinal == 500);
        assert_eq!(
            late,
            recent
                .iter()
                .position(|ordinal| *ordinal == 170)
                .map(|p| p - 1)
        );
    }

    #[test]
    fn a_disliked_item_is_no_seed() {
        let mut state = UserState::default();
        state.see(item(3, 1));
        state.dislike(3);
        assert!(state.disliked().eq([3]) && state.recent().next().is_none());
    }
}
