//! What one answer may show and what it has to, by the plain second opinion of [`sampan_tests::oracle`].

use std::{collections::HashMap, ops::RangeInclusive, sync::Arc};

use sampan_proto::v1::{self, ShipMode};
use sampan_tests::{
    catalogue::ALL_MODES,
    oracle::{Market, offer_in, passes, same_name, ways},
};

use super::history::{Between, Policy, Version};

/// Judgements remembered, above which all are forgotten.
const REMEMBERED_MAX: usize = 200_000;

/// Under what an answer was made.
pub struct Circumstances<'h> {
    pub market: Market<'static>,
    pub policy: Arc<Policy>,
    /// Seconds since 1970 at which it may have been judged.
    pub seconds: RangeInclusive<i64>,
    pub items: Between<'h>,
}

/// A set of modes, as bits in the order of [`ALL_MODES`].
type Modes = u8;

/// Version, policy, market, second, whether the policy is read strictly.
type Judged = (u64, u64, Market<'static>, i64, bool);

/// Judges answers; remembers, since the same items come in many of them.
#[derive(Default)]
pub struct Judge {
    known: HashMap<Judged, Modes>,
}

/// How many items an answer may count at most, and has to at least.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bounds {
    pub least: u64,
    pub most: u64,
}

impl Bounds {
    pub fn hold(self, count: u64) -> bool {
        (self.least..=self.most).contains(&count)
    }
}

impl Judge {
    /// Modes that may bring a version to the shopper at some moment of the answer.
    fn may(&mut self, version: &Version, around: &Circumstances<'_>) -> Modes {
        let seconds = around.seconds.clone();
        seconds.fold(0, |modes, now| {
            modes | self.modes(version, around, now, false)
        })
    }

    /// Modes that bring it to the shopper at every moment of the answer, however late the node lets a rule go.
    fn must(&mut self, version: &Version, around: &Circumstances<'_>) -> Modes {
        let seconds = around.seconds.clone();
        seconds.fold(Modes::MAX, |modes, now| {
            modes & self.modes(version, around, now, true)
        })
    }

    fn modes(
        &mut self,
        version: &Version,
        around: &Circumstances<'_>,
        now: i64,
        strictly: bool,
    ) -> Modes {
        let Some(item) = &version.item else {
            return 0;
        };
        if self.known.len() > REMEMBERED_MAX {
            self.known.clear();
        }
        let policy = &around.policy;
        let rules = if strictly {
            &policy.strict
        } else {
            &policy.rules
        };
        let judged = (version.number, policy.number, around.market, now, strictly);
        *self
            .known
            .entry(judged)
            .or_insert_with(|| bits(ways(item, around.market, rules, now)))
    }

    /// What is wrong with a hit; `None` when it may be there as it is.
    pub fn fault(
        &mut self,
        hit: &v1::Hit,
        filters: &v1::Filters,
        around: &Circumstances<'_>,
    ) -> Option<String> {
        let offer = hit.offer.as_ref()?;
        let shown = bits(offer.ship_modes());
        let versions = around.items.versions(&hit.item_id);
        let sold = versions.iter().find(|version| {
            let (may, must) = (self.may(version, around), self.must(version, around));
            let is_modes = shown != 0 && shown & !may == 0 && must & !shown == 0;
            is_modes
                && version.item.as_ref().is_some_and(|item| {
                    let own = offer_in(item, around.market.region);
                    own.is_some_and(|own| own.price == offer.price && own.stock == offer.stock)
                        && passes_all(item, &modes_of(may), filters, around.market)
                })
        });
        let Some(sold) = sold else {
            return Some(format!(
                "{} by {:?} at {:?} is barred, or in none of its {} states so",
                hit.item_id,
                modes_of(shown),
                offer.price,
                versions.len()
            ));
        };
        // What is written on the card may be of a newer state than the offer, but of none that is barred.
        let offers = &sold.item.as_ref()?.offers;
        let is_shown = |item: &&v1::Item| {
            item.image_url == hit.image_url
                && item.brand == hit.brand
                && item.category_path == hit.category_path
        };
        let items = versions.iter().filter_map(|version| version.item.as_ref());
        let mut cards = items.filter(is_shown);
        let is_free = |item: &v1::Item| {
            let item = v1::Item {
                offers: offers.clone(),
                ..item.clone()
            };
            let mut seconds = around.seconds.clone();
            seconds.any(|now| !ways(&item, around.market, &around.policy.rules, now).is_empty())
        };
        let is_sold = |item: &v1::Item| sold.item.as_ref().is_some_and(|own| own == item);
        match cards.any(|item| is_sold(item) || is_free(item)) {
            true => None,
            false => Some(format!(
                "the card of {} ({}) is of a state that is barred or was never told",
                hit.item_id, hit.image_url
            )),
        }
    }

    /// Whether an item behind a hit may be there.
    pub fn may_show(&mut self, id: &str, around: &Circumstances<'_>) -> bool {
        let mut versions = around.items.versions(id).into_iter();
        versions.any(|version| self.may(version, around) != 0)
    }

    /// Items that every answer to a request for all has to show, each with the number of the one state that it had.
    pub fn must_show(
        &mut self,
        filters: &v1::Filters,
        around: &Circumstances<'_>,
    ) -> Vec<(String, u64)> {
        let mut shown = Vec::new();
        for (id, versions) in around.items.items() {
            // One that is being changed may be left out for a moment.
            let [version] = versions[..] else {
                continue;
            };
            let must = self.must(version, around);
            let is_asked = |item| passes_all(item, &modes_of(must), filters, around.market);
            if must != 0 && version.item.as_ref().is_some_and(is_asked) {
                shown.push((id.to_owned(), version.number));
            }
        }
        shown
    }

    /// Items that an answer may count, of those that `is_counted` says of a state and the modes that bring it.
    pub fn count(
        &mut self,
        filters: &v1::Filters,
        around: &Circumstances<'_>,
        is_counted: &dyn Fn(&v1::Item, &[ShipMode]) -> bool,
    ) -> Bounds {
        let mut bounds = Bounds::default();
        for (_, versions) in around.items.items() {
            let counted = |modes: Modes, version: &Version| {
                let modes = modes_of(modes);
                !modes.is_empty()
                    && version.item.as_ref().is_some_and(|item| {
                        passes_all(item, &modes, filters, around.market) && is_counted(item, &modes)
                    })
            };
            let may = versions
                .iter()
                .any(|version| counted(self.may(version, around), version));
            let must = versions
                .iter()
                .all(|version| counted(self.must(version, around), version));
            bounds.most += u64::from(may);
            bounds.least += u64::from(must);
        }
        bounds
    }
}

/// All filters: prices are in the currency that all offers have.
fn passes_all(
    item: &v1::Item,
    ways: &[ShipMode],
    filters: &v1::Filters,
    market: Market<'_>,
) -> bool {
    let price = offer_in(item, market.region).and_then(|offer| offer.price.as_ref());
    let minor = price.map_or(0, |price| price.minor);
    filters.price_min_minor.is_none_or(|least| least <= minor)
        && filters.price_max_minor.is_none_or(|most| minor <= most)
        && passes(item, ways, filters, market)
}

/// Whether a suggestion may stand for an item.
pub fn is_named(item: &v1::Item, suggestion: &v1::Suggestion) -> bool {
    let leaf = item.category_path.last().map_or("", String::as_str);
    suggestion.kind == "query"
        || same_name(&item.brand, &suggestion.text)
        || same_name(leaf, &suggestion.text)
}

fn bits(modes: impl IntoIterator<Item = ShipMode>) -> Modes {
    modes.into_iter().fold(0, |bits, mode| {
        let place = ALL_MODES.iter().position(|known| *known == mode);
        bits | place.map_or(0, |place| 1 << place)
    })
}

fn modes_of(bits: Modes) -> Vec<ShipMode> {
    let places = ALL_MODES.into_iter().enumerate();
    let held = places.filter(|(place, _)| bits & (1 << place) != 0);
    held.map(|(_, mode)| mode).collect()
}
