//! What is remembered of one user or session: a function of its events, in whatever order they came.

use sampan_analyzers::memory::vec_bytes;

use sampan_proto::v1::EventKind;

use super::{
    latest::keep_latest,
    searches::{Search, Searches},
    shopper::ShopperKey,
};
use crate::base::{
    Ordinal,
    limits::{SHOPPER_DISLIKES_MAX, SHOPPER_LINKS_MAX, SHOPPER_SHOWN_MAX, SHOPPER_TAKEN_MAX},
};

/// Seconds between two events of one visit at most: a shopper who was away longer comes back for something else.
pub const VISIT_PAUSE_SECONDS: i64 = 1_800;
/// Seconds within which the same thing done with the same item is remembered once, so that a shopper who reloads a page does
/// not push out the rest of the memory.
const REPEAT_SECONDS: u32 = 1_800;
/// Items that a list of recent ones has.
const RECENT_MAX: usize = 50;
/// Users of a session up to which it is theirs; with more it is nobody's own: a shared terminal, or a client that sends one id for all.
const SESSION_USERS_MAX: usize = 3;

/// One thing done with an item. In order of time; events of one moment in the order of the other fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Touch {
    /// Seconds since 1970, and milliseconds beyond.
    pub seconds: u32,
    pub millis: u16,
    pub kind: u8,
    /// The event named a user, and not only a session.
    pub named: bool,
    pub ordinal: Ordinal,
}

impl Touch {
    pub fn kind(self) -> EventKind {
        EventKind::try_from(i32::from(self.kind)).unwrap_or_default()
    }

    pub fn strength(self) -> f32 {
        strength(self.kind())
    }
}

/// A session that a user was seen in, or the user of a session. In order of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Link {
    seconds: u32,
    other: ShopperKey,
}

/// An item that the user did something with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RecentItem {
    pub ordinal: Ordinal,
    /// Strength of the strongest event on it.
    pub strength: f32,
    /// Seconds since 1970 of the last event on it.
    pub seconds: i64,
}

/// What was done without a pause of more than [`VISIT_PAUSE_SECONDS`].
#[derive(Debug, Clone, PartialEq)]
pub struct Visit {
    /// Seconds since 1970 of the first event.
    pub seconds: i64,
    /// Each item once, in the order of its first event, by the strongest thing that was done with it; an order says 1.
    pub taken: Vec<(Ordinal, f32)>,
}

/// An item that was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShownItem {
    pub ordinal: Ordinal,
    /// Impressions at different seconds.
    pub times: u32,
    /// Seconds since 1970 of the last one.
    pub seconds: i64,
}

/// What a user or session did, was shown and does not want, bounded.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UserState {
    taken: Vec<Touch>,
    shown: Vec<Touch>,
    dislikes: Vec<Touch>,
    searches: Searches,
    /// Of a user: sessions; of a session: users.
    links: Vec<Link>,
    last: u32,
}

impl UserState {
    /// Bytes that it points at.
    pub(super) fn heap_bytes(&self) -> u64 {
        let touches = [&self.taken, &self.shown, &self.dislikes];
        let lists = touches.into_iter().map(vec_bytes).sum::<u64>();
        lists + self.searches.heap_bytes() + vec_bytes(&self.links)
    }

    /// Items the user did something with, latest first; without what is disliked.
    pub fn recent(&self) -> impl Iterator<Item = RecentItem> {
        let mut recent: Vec<RecentItem> = Vec::new();
        for touch in self.wanted().rev() {
            let strength = touch.strength();
            let is_full = recent.len() == RECENT_MAX;
            let mut known = recent.iter_mut();
            if let Some(known) = known.find(|item| item.ordinal == touch.ordinal) {
                known.strength = known.strength.max(strength);
            } else if !is_full {
                recent.push(RecentItem {
                    ordinal: touch.ordinal,
                    strength,
                    seconds: touch.seconds.into(),
                });
            }
        }
        recent.into_iter()
    }

    /// Items the user does not want to see.
    pub fn disliked(&self) -> impl Iterator<Item = Ordinal> {
        self.dislikes.iter().map(|touch| touch.ordinal)
    }

    /// Queries that led to what the user did or was shown, latest first; of a session, before anybody signed in.
    pub fn searches(&self) -> impl Iterator<Item = &Search> {
        self.searches.latest()
    }

    /// Visits, oldest first; without what is disliked.
    pub fn visits(&self) -> Vec<Visit> {
        let full = strength(EventKind::Order);
        let mut visits: Vec<Visit> = Vec::new();
        let mut latest = i64::MIN;
        for touch in self.wanted() {
            let seconds = i64::from(touch.seconds);
            if seconds.saturating_sub(latest) > VISIT_PAUSE_SECONDS || visits.is_empty() {
                let taken = Vec::new();
                visits.push(Visit { seconds, taken });
            }
            latest = seconds;
            let (ordinal, strength) = (touch.ordinal, touch.strength() / full);
            if let Some(visit) = visits.last_mut() {
                match visit.taken.iter_mut().find(|(item, _)| *item == ordinal) {
                    Some((_, known)) => *known = known.max(strength),
                    None => visit.taken.push((ordinal, strength)),
                }
            }
        }
        visits
    }

    /// What was shown since a moment (seconds since 1970), the latest first.
    pub fn shown(&self, since: i64) -> Vec<ShownItem> {
        let mut shown: Vec<ShownItem> = Vec::new();
        let late = |touch: &&Touch| i64::from(touch.seconds) >= since;
        for touch in self.shown.iter().rev().take_while(late) {
            match shown.iter_mut().find(|i| i.ordinal == touch.ordinal) {
                Some(known) => known.times += 1,
                None => shown.push(ShownItem {
                    ordinal: touch.ordinal,
                    times: 1,
                    seconds: touch.seconds.into(),
                }),
            }
        }
        shown
    }

    /// Seconds since 1970 of the last event.
    pub fn last_seconds(&self) -> i64 {
        self.last.into()
    }

    /// Notes an event.
    pub(super) fn note(&mut self, touch: Touch) {
        self.last = self.last.max(touch.seconds);
        match touch.kind() {
            EventKind::Unspecified => {}
            EventKind::Impression => {
                // A card that is reported twice within a second was on screen once.
                let key = |t: &Touch| (t.seconds, t.ordinal);
                keep_latest(&mut self.shown, touch, SHOPPER_SHOWN_MAX, key);
            }
            EventKind::Dislike => {
                let key = |t: &Touch| (t.ordinal, t.named);
                keep_latest(&mut self.dislikes, touch, SHOPPER_DISLIKES_MAX, key);
            }
            EventKind::Click | EventKind::Detail | EventKind::Cart | EventKind::Order => {
                let key = |t: &Touch| (t.seconds / REPEAT_SECONDS, t.ordinal, t.kind, t.named);
                keep_latest(&mut self.taken, touch, SHOPPER_TAKEN_MAX, key);
            }
        }
    }

    /// Notes the query that led to an event.
    pub(super) fn note_search(&mut self, search: Search) {
        self.last = self.last.max(search.seconds);
        self.searches.note(search);
    }

    /// Notes in a user's memory the session, and in a session's the user.
    pub(super) fn note_link(&mut self, seconds: u32, other: ShopperKey) {
        let link = Link { seconds, other };
        keep_latest(&mut self.links, link, SHOPPER_LINKS_MAX, |link| link.other);
    }

    /// Sessions that the user was seen in, or users of the session.
    pub(super) fn links(&self) -> impl Iterator<Item = ShopperKey> {
        self.links.iter().map(|link| link.other)
    }

    /// Whether a session is used by so few that what was done in it before signing in is its user's.
    pub(super) fn is_personal(&self) -> bool {
        self.links.len() <= SESSION_USERS_MAX
    }

    /// Adds what was done without a user's name in one of the user's sessions.
    pub(super) fn join(&mut self, session: &Self) {
        let touches = session.taken.iter().chain(&session.shown);
        let anonymous = touches.chain(&session.dislikes).filter(|t| !t.named);
        for touch in anonymous {
            self.note(*touch);
        }
        self.searches.join(&session.searches);
    }

    /// Leaves of a session what named no user.
    pub fn forget_named(&mut self) {
        for touches in [&mut self.taken, &mut self.shown, &mut self.dislikes] {
            touches.retain(|touch| !touch.named);
        }
    }

    /// What was done with items, in order of time; of a session's what named no user, for the rest is the user's.
    pub(super) fn own(&self, is_session: bool) -> impl DoubleEndedIterator<Item = Touch> {
        let taken = self.taken.iter().copied();
        taken.filter(move |touch| !(is_session && touch.named))
    }

    /// Forgets what came before a moment; answers whether anything is left.
    pub(super) fn expire(&mut self, before: u32) -> bool {
        for list in [&mut self.taken, &mut self.shown, &mut self.dislikes] {
            list.retain(|touch| touch.seconds >= before);
        }
        self.searches.expire(before);
        self.links.retain(|link| link.seconds >= before);
        self.last >= before
    }

    /// Forgets an erased event, when it is known, the query that led to it, and whose it was; answers whether anything is left.
    pub(super) fn forget(
        &mut self,
        touch: Option<Touch>,
        search: Option<&Search>,
        whose: ShopperKey,
    ) -> bool {
        self.links.retain(|link| link.other != whose);
        if let Some(search) = search {
            self.searches.forget(search);
        }
        let lists = [&mut self.taken, &mut self.shown, &mut self.dislikes];
        lists
            .into_iter()
            .fold(!self.searches.is_empty(), |left, list| {
                list.retain(|known| Some(*known) != touch);
                left || !list.is_empty()
            })
    }

    /// Whether something came before a moment.
    pub(super) fn is_older_than(&self, before: u32) -> bool {
        let touches = [&self.taken, &self.shown, &self.dislikes];
        let oldest = touches.into_iter().filter_map(|list| list.first());
        let oldest = oldest.map(|touch| touch.seconds);
        let oldest = oldest.chain(self.searches.oldest_seconds()).min();
        oldest.unwrap_or(self.last) < before
    }

    /// What was done with items that are not disliked, in order of time.
    fn wanted(&self) -> impl DoubleEndedIterator<Item = &Touch> {
        let unwanted = |t: &Touch| self.dislikes.iter().any(|d| d.ordinal == t.ordinal);
        self.taken.iter().filter(move |touch| !unwanted(touch))
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

    fn touch(kind: EventKind, ordinal: Ordinal, seconds: u32) -> Touch {
        Touch {
            seconds,
            millis: 0,
            kind: i32::from(kind) as u8,
            named: true,
            ordinal,
        }
    }

    fn state(touches: &[Touch]) -> UserState {
        let mut state = UserState::default();
        touches.iter().for_each(|touch| state.note(*touch));
        state
    }

    #[test]
    fn late_events_take_their_place_in_time_and_memory_is_bounded() {
        let clicks = (0..300).map(|n| touch(EventKind::Click, n, n * 10));
        let mut state = state(&clicks.collect::<Vec<_>>());
        state.note(touch(EventKind::Click, 500, 2_905));
        let recent: Vec<Ordinal> = state.recent().map(|item| item.ordinal).collect();
        assert_eq!(recent.len(), RECENT_MAX);
        assert_eq!(
            recent[..12],
            [299, 298, 297, 296, 295, 294, 293, 292, 291, 500, 290, 289]
        );
        assert_eq!(state.taken.len(), SHOPPER_TAKEN_MAX);
    }

    #[test]
    fn a_disliked_item_is_no_seed_whichever_came_first() {
        let dislike = touch(EventKind::Dislike, 3, 5);
        let click = touch(EventKind::Click, 3, 9);
        for touches in [[dislike, click], [click, dislike]] {
            let state = state(&touches);
            assert!(state.disliked().eq([3]) && state.recent().next().is_none());
            assert!(state.visits().is_empty());
        }
    }

    #[test]
    fn a_page_that_is_reloaded_a_thousand_times_pushes_nothing_out() {
        let mut touches = vec![touch(EventKind::Order, 1, 7)];
        touches.extend((0..1_000).map(|n| touch(EventKind::Click, 2, 1_800 + n)));
        let state = state(&touches);
        assert_eq!(state.taken.len(), 2);
        assert_eq!(state.recent().next().map(|i| i.seconds), Some(2_799));
    }

    #[test]
    fn a_pause_of_more_than_half_an_hour_ends_a_visit() {
        let pause = VISIT_PAUSE_SECONDS as u32;
        let visits = state(&[
            touch(EventKind::Cart, 2, 100 + pause),
            touch(EventKind::Click, 1, 100),
            touch(EventKind::Order, 1, 200),
            touch(EventKind::Order, 3, 101 + 2 * pause),
        ])
        .visits();
        assert_eq!(visits.len(), 2);
        assert_eq!(visits[0].seconds, 100);
        assert_eq!(visits[0].taken, [(1, 1.0), (2, 0.6)]);
        assert_eq!(visits[1].taken, [(3, 1.0)]);
    }

    #[test]
    fn what_was_shown_is_counted_since_a_moment() {
        let shown = |ordinal, seconds| touch(EventKind::Impression, ordinal, seconds);
        let state = state(&[shown(1, 10), shown(1, 20), shown(1, 20), shown(2, 15)]);
        let expected = |ordinal, times, seconds| ShownItem {
            ordinal,
            times,
            seconds,
        };
        assert_eq!(state.shown(0), [expected(1, 2, 20), expected(2, 1, 15)]);
        assert_eq!(state.shown(16), [expected(1, 1, 20)]);
        assert!(state.shown(21).is_empty());
    }

    #[test]
    fn what_is_too_old_is_forgotten_and_the_rest_stays() {
        let mut one = state(&[
            touch(EventKind::Click, 1, 10),
            touch(EventKind::Click, 2, 20),
        ]);
        assert!(one.is_older_than(15) && one.expire(15));
        assert_eq!(one.recent().map(|i| i.ordinal).collect::<Vec<_>>(), [2]);
        assert!(!one.is_older_than(15));
        assert!(!one.expire(21));
    }
}
