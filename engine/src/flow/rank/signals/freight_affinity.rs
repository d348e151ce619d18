//! How well freight suits the shopper, as a share of the landed price beside that of recent items: 1 up to their mean, 0 when
//! freight is all of it, 1/2 when it is unknown; 0 when nothing is known of the shopper.

use super::Signal;

pub const SIGNAL: Signal = Signal {
    name: "freight_affinity",
    range: "0 to 1",
    source: "flow/taste",
    value: |scored, context| {
        let of = |share| context.asked.taste.freight(share);
        match scored.landed {
            Some(landed) if landed > 0 => {
                of((landed - scored.price) as f64 / landed as f64).unwrap_or(0.0)
            }
            _ => of(0.0).map_or(0.0, |_| 0.5),
        }
    },
};
