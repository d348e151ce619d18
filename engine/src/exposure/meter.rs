//! Counts what is shown, without a lock.

use std::sync::atomic::{AtomicU64, Ordering};

use super::WINDOW_HOURS;
use crate::base::{
    limits,
    region::RegionIndex,
    ship::{ModeSet, ShipMode},
};

/// Places of answers, and those of them that each mode can ship.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shown {
    pub places: u64,
    /// By [`ShipMode`], in the order of the enumeration.
    by_mode: [u64; ShipMode::ALL.len()],
}

impl Shown {
    /// Counts a place.
    pub fn add(&mut self, modes: ModeSet) {
        self.places += 1;
        for mode in modes.iter() {
            self.by_mode[mode as usize] += 1;
        }
    }

    /// Places that a mode can ship.
    pub fn of(&self, mode: ShipMode) -> u64 {
        self.by_mode[mode as usize]
    }

    /// What was counted since an earlier state of the same counter.
    pub fn since(&self, before: &Self) -> Self {
        let mut by_mode = self.by_mode;
        for (count, was) in by_mode.iter_mut().zip(before.by_mode) {
            *count = count.saturating_sub(was);
        }
        Self {
            places: self.places.saturating_sub(before.places),
            by_mode,
        }
    }
}

/// Counters of an hour. A count that comes just when the hour turns may fall into the other one.
#[derive(Default)]
struct Hour {
    /// Hours since 1970.
    number: AtomicU64,
    places: AtomicU64,
    by_mode: [AtomicU64; ShipMode::ALL.len()],
}

impl Hour {
    fn add(&self, shown: &Shown) {
        self.places.fetch_add(shown.places, Ordering::Relaxed);
        for (counter, count) in self.by_mode.iter().zip(shown.by_mode) {
            counter.fetch_add(count, Ordering::Relaxed);
        }
    }

    fn read(&self) -> Shown {
        let mut shown = Shown {
            places: self.places.load(Ordering::Relaxed),
            ..Shown::default()
        };
        for (count, counter) in shown.by_mode.iter_mut().zip(&self.by_mode) {
            *count = counter.load(Ordering::Relaxed);
        }
        shown
    }

    fn begin(&self, number: u64) {
        let before = self.number.swap(number, Ordering::Relaxed);
        if before != number {
            self.places.store(0, Ordering::Relaxed);
            for counter in &self.by_mode {
                counter.store(0, Ordering::Relaxed);
            }
        }
    }
}

/// What was shown in a region: since the start, and in each of the last hours.
#[derive(Default)]
struct RegionMeter {
    total: Hour,
    hours: [Hour; WINDOW_HOURS as usize],
}

/// What was shown in each region.
pub struct ExposureMeter(Vec<RegionMeter>);

impl Default for ExposureMeter {
    fn default() -> Self {
        let regions = (0..limits::REGIONS_MAX).map(|_| RegionMeter::default());
        Self(regions.collect())
    }
}

impl ExposureMeter {
    /// Counts what an answer showed; `now`: seconds since 1970.
    pub fn count(&self, region: RegionIndex, shown: &Shown, now: i64) {
        let number = hour_of(now);
        let meter = &self.0[region.0 as usize];
        let hour = &meter.hours[(number % WINDOW_HOURS) as usize];
        hour.begin(number);
        hour.add(shown);
        meter.total.add(shown);
    }

    /// All that was ever shown.
    pub fn total(&self, region: RegionIndex) -> Shown {
        self.0[region.0 as usize].total.read()
    }

    /// What was shown in the last [`WINDOW_HOURS`], the one that runs among them.
    pub fn window(&self, region: RegionIndex, now: i64) -> Shown {
        let last = hour_of(now);
        let fresh = self.0[region.0 as usize].hours.iter().filter(|hour| {
            let number = hour.number.load(Ordering::Relaxed);
            number <= last && last - number < WINDOW_HOURS
        });
        fresh.fold(Shown::default(), |mut sum, hour| {
            let shown = hour.read();
            sum.places += shown.places;
            for (count, of_hour) in sum.by_mode.iter_mut().zip(shown.by_mode) {
                *count += of_hour;
            }
            sum
        })
    }
}

fn hour_of(now: i64) -> u64 {
    now.max(0) as u64 / 3_600
}
