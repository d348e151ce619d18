//! A shop whose truth is known: shoppers with tastes, lists of places that are looked at less the lower they are, a
//! ranking that draws with known probabilities, and plans.
//!
//! A shopper belongs to a segment and is more or less eager; a visit shows one list. The item at each place is drawn,
//! independently of the other places, from a softmax of the segment's scores. It is clicked when it is looked at and
//! liked; in a [`Reading::Cascade`] it is looked at less when the item above was likely to satisfy.

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

use super::data::{Choice, Impression, LoggedData, Situation};

/// Kinds of shoppers, items, and places of a list.
pub const SEGMENTS: usize = 4;
pub const ITEMS: usize = 8;
pub const PLACES: usize = 3;

/// How likely each place is looked at.
const LOOKED_AT: [f64; PLACES] = [1.0, 0.7, 0.5];
/// How eager a shopper is: half are the one, half the other, so that a shopper's clicks hang together.
const EAGERNESS: [f64; 2] = [0.7, 1.3];
/// Visits of a shopper: 1 to this.
const VISITS_MAX: usize = 3;
/// Share of looks that an item that satisfies takes from the next place, in a cascade.
const SATISFIED: f64 = 0.9;

/// How a list is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// A place is looked at whatever stands above it.
    ByPlace,
    /// What is liked above takes looks.
    Cascade,
}

/// Probability of each item, by segment; the same at every place.
pub type Ranking = [[f64; ITEMS]; SEGMENTS];

/// The shop.
#[derive(Debug)]
pub struct Shop {
    /// Chance that a look becomes a click, for a shopper of eagerness 1.
    pub liked: [[f64; ITEMS]; SEGMENTS],
    pub reading: Reading,
    /// What made the log.
    pub logging: Ranking,
}

/// A visit, before it is asked what a plan would have done.
#[derive(Debug, Clone, Copy)]
pub struct Visit {
    pub shopper: u32,
    pub segment: usize,
    pub items: [usize; PLACES],
    pub clicks: [bool; PLACES],
}

impl Shop {
    /// A shop by a number. `sharpness`: how far its ranking is from a uniform one; its scores know something of what is
    /// liked, and much that is chance.
    pub fn new(seed: u64, reading: Reading, sharpness: f64) -> Self {
        let mut random = StdRng::seed_from_u64(seed);
        let liked = [(); SEGMENTS].map(|()| [(); ITEMS].map(|()| random.random_range(0.05..0.45)));
        let noise = [(); SEGMENTS].map(|()| [(); ITEMS].map(|()| random.random_range(-1.0..1.0)));
        let mut logging = [[0.0; ITEMS]; SEGMENTS];
        for (segment, ranking) in logging.iter_mut().enumerate() {
            let score = |item: usize| 2.0 * liked[segment][item] + noise[segment][item];
            *ranking = softmax(|item| sharpness * score(item));
        }
        Self {
            liked,
            reading,
            logging,
        }
    }

    /// A plan that ranks by what is liked (`sharpness` below 0: by what is not), mixed with the log's ranking.
    pub fn plan(&self, sharpness: f64, share: f64) -> Ranking {
        let mut plan = self.logging;
        for (ranking, liked) in plan.iter_mut().zip(&self.liked) {
            let wanted = softmax(|item| sharpness * liked[item]);
            for (probability, wanted) in ranking.iter_mut().zip(wanted) {
                *probability = (1.0 - share) * *probability + share * wanted;
            }
        }
        plan
    }

    /// Chance that an item is clicked at a place below another item, at eagerness 1.
    fn click(&self, segment: usize, place: usize, item: usize, above: Option<usize>) -> f64 {
        let looks = match (self.reading, above) {
            (Reading::Cascade, Some(above)) => 1.0 - SATISFIED * 2.0 * self.liked[segment][above],
            _ => 1.0,
        };
        LOOKED_AT[place] * looks * self.liked[segment][item]
    }

    /// Clicks that a list is expected to bring under a ranking: the truth.
    pub fn clicks_of_list(&self, ranking: &Ranking) -> f64 {
        let mut sum = 0.0;
        for (segment, probabilities) in ranking.iter().enumerate() {
            for (item, probability) in probabilities.iter().enumerate() {
                sum += probability * self.click(segment, 0, item, None);
                for place in 1..PLACES {
                    for (above, its) in probabilities.iter().enumerate() {
                        sum += its * probability * self.click(segment, place, item, Some(above));
                    }
                }
            }
        }
        sum / SEGMENTS as f64
    }

    /// What the shop's own ranking shows to some shoppers, and what they click.
    pub fn visits(&self, shoppers: u32, random: &mut StdRng) -> Vec<Visit> {
        let mut visits = Vec::new();
        for shopper in 0..shoppers {
            let segment = random.random_range(0..SEGMENTS);
            let eager = EAGERNESS[random.random_range(0..EAGERNESS.len())];
            for _ in 0..random.random_range(1..=VISITS_MAX) {
                let items = [(); PLACES].map(|()| draw(&self.logging[segment], random));
                let mut clicks = [false; PLACES];
                for (place, click) in clicks.iter_mut().enumerate() {
                    let above = place.checked_sub(1).map(|above| items[above]);
                    let chance = eager * self.click(segment, place, items[place], above);
                    *click = random.random::<f64>() < chance;
                }
                visits.push(Visit {
                    shopper,
                    segment,
                    items,
                    clicks,
                });
            }
        }
        visits
    }

    /// The log of visits joined with a plan. `told`: whether the log says which segment a shopper is of.
    pub fn log(&self, visits: &[Visit], plan: &Ranking, told: bool) -> LoggedData {
        let mut data = LoggedData {
            units: visits.last().map_or(0, |visit| visit.shopper as usize + 1),
            lists: visits.len(),
            ..LoggedData::default()
        };
        for (segment, ranking) in plan.iter().enumerate() {
            let numbered: Choice = (0..).zip(ranking.iter().copied()).collect();
            data.choices.push(numbered);
            data.situations
                .extend((0..PLACES as u32).map(|position| Situation {
                    context: if told { segment as u32 } else { 0 },
                    position,
                    choice: segment as u32,
                }));
        }
        for (list, visit) in (0..).zip(visits) {
            for (place, (item, click)) in visit.items.into_iter().zip(visit.clicks).enumerate() {
                data.impressions.push(Impression {
                    unit: visit.shopper,
                    list,
                    situation: (visit.segment * PLACES + place) as u32,
                    item: item as u32,
                    propensity: self.logging[visit.segment][item],
                    planned: plan[visit.segment][item],
                    reward: f64::from(u8::from(click)),
                });
            }
        }
        data
    }
}

fn softmax(score: impl Fn(usize) -> f64) -> [f64; ITEMS] {
    let mut weights = [0.0; ITEMS];
    for (item, weight) in weights.iter_mut().enumerate() {
        *weight = score(item).exp();
    }
    let sum: f64 = weights.iter().sum();
    weights.map(|weight| weight / sum)
}

fn draw(probabilities: &[f64; ITEMS], random: &mut StdRng) -> usize {
    let mut left: f64 = random.random();
    for (item, probability) in probabilities.iter().enumerate() {
        left -= probability;
        if left < 0.0 {
            return item;
        }
    }
    ITEMS - 1
}
