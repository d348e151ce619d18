//! Boost: in a pool that the profile lifts; of several the one that it lifts most.

use super::Signal;

pub const SIGNAL: Signal = Signal {
    name: "pool",
    range: "0 to 1",
    source: "`boost` of [pools.ID] in the profile",
    value: |scored, context| context.pool_boosts.share(scored.candidate.ordinal),
};
