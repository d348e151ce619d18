//! How much of a way to ship shoppers should be shown: `[exposure]` in `<region>/ranking.toml`.

use std::collections::BTreeMap;

use super::profile::{SIGNAL_NAMES, SignalKind};
use crate::base::{limits::PAGE_SIZE_MAX, ship::ShipMode};

/// Places at the top of an answer that count for the shares of [`ExposureProfile`], when the profile does not say.
const EXPOSURE_WITHIN: usize = 10;

/// How much of a way to ship shoppers should be shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExposureTarget {
    /// Place of the boost that is moved for it, in [`SIGNAL_NAMES`].
    pub signal: usize,
    pub mode: ShipMode,
    /// Share of the places, 0 to 1.
    pub share: f64,
}

/// Shares of the top places that boosts are moved to hold, within the margin.
#[derive(Debug, Clone, PartialEq)]
pub struct ExposureProfile {
    /// Places at the top of an answer that count.
    pub within: usize,
    pub targets: Vec<ExposureTarget>,
}

impl Default for ExposureProfile {
    fn default() -> Self {
        Self {
            within: EXPOSURE_WITHIN,
            targets: Vec::new(),
        }
    }
}

/// As the file writes it.
#[derive(Debug, serde::Deserialize)]
pub struct ExposureTable {
    within: Option<usize>,
    /// By name of the way to ship.
    #[serde(flatten)]
    shares: BTreeMap<String, f64>,
}

/// Lays a file's shares over those that it inherits. The error is the key at fault and the reason.
pub fn lay_over(
    exposure: &mut ExposureProfile,
    table: ExposureTable,
) -> std::result::Result<(), (String, String)> {
    if let Some(within) = table.within {
        if !(1..=PAGE_SIZE_MAX as usize).contains(&within) {
            return Err(("within".to_owned(), format!("1 to {PAGE_SIZE_MAX} places")));
        }
        exposure.within = within;
    }
    for (name, share) in table.shares {
        let is_boost =
            |(known, kind): &(&str, SignalKind)| *known == name && *kind == SignalKind::Boost;
        let signal = SIGNAL_NAMES.iter().position(is_boost);
        let mode = ShipMode::ALL.into_iter().find(|mode| mode.name() == name);
        let Some((signal, mode)) = signal.zip(mode) else {
            let reason = format!("{name}: no way to ship that has a boost");
            return Err((name, reason));
        };
        if !(0.0..=1.0).contains(&share) {
            let reason = format!("{name} = {share}: a share lies between 0 and 1");
            return Err((name, reason));
        }
        exposure.targets.retain(|known| known.signal != signal);
        exposure.targets.push(ExposureTarget {
            signal,
            mode,
            share,
        });
    }
    Ok(())
}
