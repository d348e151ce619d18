//! Moves boosts so that shoppers are shown as much of each mode as the profile asks for.

use std::sync::Arc;

use super::{ExposureMeter, Shown, WINDOW_HOURS};
use crate::{
    base::region::RegionIndex,
    config::{exposure::ExposureTarget, profile::RankingProfile},
};

/// Places shown before the controller judges them: at a share of 15 % their standard error is 2.5 points.
const PLACES_MIN: u64 = 200;

/// Share of the room below the margin by which a boost moves for an error of a whole. An error of ten points takes it
/// from one end to the other in some 40 steps; larger ones would swing.
const GAIN: f64 = 0.25;

/// How far from the target a day's share counts as held.
const TOLERANCE: f64 = 0.01;

/// How a target fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// Too little was shown to say.
    Waiting,
    /// The day's share is within a point of the target.
    Held,
    /// Still moving.
    Moving,
    /// The boost is as large as the margin allows, and that is not enough.
    AtMargin,
    /// There is no boost left to take away, and more is shown all the same.
    AtZero,
}

/// A target and what is done for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Steering {
    pub target: ExposureTarget,
    /// Of what was shown in the last day; `None` when nothing was.
    pub share: Option<f64>,
    pub weight: f64,
    /// As much as the margin leaves for it.
    pub weight_max: f64,
    pub held: Held,
}

/// The weights of one region.
struct Region {
    /// The profile as it is configured.
    configured: Arc<RankingProfile>,
    steered: Arc<RankingProfile>,
    steering: Vec<Steering>,
    /// What had been shown when it last moved.
    judged: Shown,
    /// Times that it moved.
    moves: u64,
}

/// Holds the targets of all regions. Owned by the indexer.
#[derive(Default)]
pub struct Controller(Vec<Region>);

impl Controller {
    /// Takes over the configured profiles; a region whose profile is the same goes on from where it is.
    pub fn configure(&mut self, profiles: &[Arc<RankingProfile>], meter: &ExposureMeter) {
        let mut before = std::mem::take(&mut self.0).into_iter();
        let regions = (0..).zip(profiles).map(|(place, profile)| {
            let known = before.next().filter(|known| known.configured == *profile);
            known.unwrap_or_else(|| Region::new(profile, meter.total(RegionIndex(place))))
        });
        self.0 = regions.collect();
    }

    /// The profiles that rank, by region.
    pub fn profiles(&self) -> Vec<Arc<RankingProfile>> {
        self.0.iter().map(|region| region.steered.clone()).collect()
    }

    /// What is done for the targets, by region.
    pub fn steering(&self) -> Vec<Vec<Steering>> {
        self.0
            .iter()
            .map(|region| region.steering.clone())
            .collect()
    }

    /// Judges what was shown since the last time; answers whether a weight or what is said of it changed.
    pub fn step(&mut self, meter: &ExposureMeter, now: i64) -> bool {
        let mut changed = false;
        for (place, region) in (0..).zip(&mut self.0) {
            if !region.steering.is_empty() {
                changed |= region.step(meter, RegionIndex(place), now);
            }
        }
        changed
    }
}

impl Region {
    fn new(profile: &Arc<RankingProfile>, judged: Shown) -> Self {
        let targets = profile.exposure.targets.iter().map(|target| Steering {
            target: *target,
            share: None,
            weight: profile.weights[target.signal],
            weight_max: profile.weights[target.signal],
            held: Held::Waiting,
        });
        Self {
            configured: profile.clone(),
            steered: profile.clone(),
            steering: targets.collect(),
            judged,
            moves: 0,
        }
    }

    fn step(&mut self, meter: &ExposureMeter, region: RegionIndex, now: i64) -> bool {
        let total = meter.total(region);
        let recent = total.since(&self.judged);
        if recent.places < PLACES_MIN {
            return false;
        }
        self.judged = total;
        let day = meter.window(region, now);
        let mut profile = RankingProfile::clone(&self.steered);
        let mut changed = false;
        for steering in &mut self.steering {
            let target = steering.target;
            let share = |shown: &Shown| shown.of(target.mode) as f64 / shown.places.max(1) as f64;
            let room = profile.boost_room(target.signal);
            // What the day lacks so far is made up for: never by asking for the impossible, though.
            let behind = (target.share - share(&day)) / WINDOW_HOURS as f64;
            let aim = (target.share + behind).clamp(0.0, 1.0);
            let moved = steering.weight + GAIN * room * (aim - share(&recent));
            let weight = moved.clamp(0.0, room);
            let held = if (share(&day) - target.share).abs() <= TOLERANCE {
                Held::Held
            } else if weight >= room && share(&recent) < target.share {
                Held::AtMargin
            } else if weight <= 0.0 && share(&recent) > target.share {
                Held::AtZero
            } else {
                Held::Moving
            };
            profile.weights[target.signal] = weight;
            profile.fit_two_sided(&self.configured.weights);
            let now = Steering {
                target,
                share: Some(share(&day)),
                weight,
                weight_max: room,
                held,
            };
            changed |= now != *steering;
            *steering = now;
        }
        if changed {
            self.moves += 1;
            profile.name = format!("{}~{}", self.configured.name, self.moves);
            self.steered = Arc::new(profile);
        }
        changed
    }
}
