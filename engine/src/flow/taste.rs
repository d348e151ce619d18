//! What the shopper's recent items have in common: brands, categories, ways to ship, prices, and what sending cost.

use rustc_hash::FxHashMap;

use super::{filter::Gate, interests::Interests};
use crate::{
    base::ship::ModeSet,
    index::columns::{Columns, NameId, Standing},
};

/// A shopper's taste; empty for one of whom nothing is known.
#[derive(Debug, Clone, Default)]
pub struct Taste {
    /// Share of the interest that went to each, 0 to 1.
    brands: FxHashMap<NameId, f64>,
    categories: FxHashMap<NameId, f64>,
    /// Share of the interest in things that come by each way.
    modes: [f64; 4],
    /// Usual price in the display currency, minor units: the geometric mean.
    price: Option<f64>,
    /// Usual share of freight in the landed price, 0 to 1.
    freight_share: Option<f64>,
}

/// A weighted mean under way.
#[derive(Default)]
struct Mean {
    sum: f64,
    weight: f64,
}

impl Mean {
    fn add(&mut self, value: f64, weight: f64) {
        self.sum += value * weight;
        self.weight += weight;
    }

    fn value(&self) -> Option<f64> {
        (self.weight > 0.0).then(|| self.sum / self.weight)
    }
}

impl Taste {
    /// The taste that recent items show, those that can be bought in the gate's market.
    pub fn of(interests: &Interests, columns: &Columns, gate: &Gate<'_>) -> Self {
        let mut taste = Self::default();
        let (mut all, mut price, mut freight) = (0.0, Mean::default(), Mean::default());
        let market = gate.market();
        for (ordinal, strength) in &interests.seeds {
            let strength = f64::from(*strength);
            let hot = columns.hot(*ordinal);
            let offer = columns
                .row(*ordinal)
                .and_then(|row| Some((row, row.offer(market.region)?)));
            let Standing::Sold(modes) = hot.standing(market.region, market.ship_to) else {
                continue;
            };
            all += strength;
            *taste.brands.entry(hot.brand).or_default() += strength;
            *taste.categories.entry(hot.category).or_default() += strength;
            for mode in modes.iter() {
                taste.modes[mode as usize] += strength;
            }
            let Some((row, offer)) = offer else {
                continue;
            };
            let own = gate.costs().price(offer);
            if own > 0 {
                price.add((own as f64).ln(), strength);
                let landed = gate.costs().landed(row, offer, modes);
                if let Some(landed) = landed {
                    freight.add((landed - own) as f64 / landed as f64, strength);
                }
            }
        }
        taste.price = price.value().map(f64::exp);
        taste.freight_share = freight.value();
        taste.brands.remove(&0);
        taste.categories.remove(&0);
        if all == 0.0 {
            return taste;
        }
        let shares = taste
            .brands
            .values_mut()
            .chain(taste.categories.values_mut());
        for share in shares.chain(&mut taste.modes) {
            *share /= all;
        }
        taste
    }

    /// Brands with their shares of the interest.
    pub fn brands(&self) -> impl Iterator<Item = (NameId, f64)> {
        self.brands.iter().map(|(brand, share)| (*brand, *share))
    }

    /// Categories with their shares of the interest.
    pub fn categories(&self) -> impl Iterator<Item = (NameId, f64)> {
        let shares = self.categories.iter();
        shares.map(|(category, share)| (*category, *share))
    }

    /// The usual price in the display currency, minor units.
    pub fn usual_price(&self) -> Option<i64> {
        self.price.map(|price| price.round() as i64)
    }

    /// Share of the interest that went to a brand.
    pub fn brand(&self, brand: NameId) -> f64 {
        self.brands.get(&brand).copied().unwrap_or(0.0)
    }

    /// Share of the interest that went to a category.
    pub fn category(&self, category: NameId) -> f64 {
        self.categories.get(&category).copied().unwrap_or(0.0)
    }

    /// Share of the interest in things that come by the best liked of some ways.
    pub fn modes(&self, modes: ModeSet) -> f64 {
        let shares = modes.iter().map(|mode| self.modes[mode as usize]);
        shares.fold(0.0, f64::max)
    }

    /// How near a price (above 0, in the display currency) is to the usual one: 1 when equal, 1/2 at half or twice of it.
    pub fn price(&self, price: i64) -> Option<f64> {
        let usual = self.price?;
        let price = price as f64;
        Some((price / usual).min(usual / price))
    }

    /// How well a share of freight in the landed price suits: 1 up to the usual share, 0 when freight is all of it.
    pub fn freight(&self, share: f64) -> Option<f64> {
        let usual = self.freight_share?;
        let suits = match share <= usual {
            true => 1.0,
            false => (1.0 - share) / (1.0 - usual),
        };
        Some(suits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ship::ShipMode;

    #[test]
    fn of_whom_nothing_is_known_nothing_is_said() {
        let taste = Taste::default();
        assert_eq!((taste.brand(1), taste.category(1)), (0.0, 0.0));
        assert_eq!(taste.modes(ModeSet::ALL), 0.0);
        assert_eq!((taste.price(100), taste.freight(0.5)), (None, None));
    }

    #[test]
    fn prices_are_near_or_far_by_their_ratio_and_freight_suits_up_to_the_usual() {
        let taste = Taste {
            price: Some(200.0),
            freight_share: Some(0.2),
            modes: [0.5, 0.0, 0.25, 0.0],
            ..Taste::default()
        };
        assert_eq!(
            [100, 200, 400].map(|price| taste.price(price)),
            [Some(0.5), Some(1.0), Some(0.5)]
        );
        assert_eq!(
            [0.0, 0.2, 0.6, 1.0].map(|share| taste.freight(share)),
            [Some(1.0), Some(1.0), Some(0.5), Some(0.0)]
        );
        let ways = ModeSet::of(ShipMode::Local).with(ShipMode::Consolidated);
        assert_eq!(taste.modes(ways), 0.25);
    }
}
