//! What a feed could not go by, and what it went by instead.

use sampan_proto::v1;

use super::{asking::Asking, compose::popular_by};
use crate::behaviour::{SEGMENT_WORTH_MIN, SegmentTaste};

/// Each step down, in the order in which they are met. `found` are the items that the sources brought, `enough` those
/// below which the catalogue follows them.
pub fn degraded(
    asking: &Asking<'_>,
    user: &v1::UserContext,
    found: usize,
    enough: usize,
) -> Vec<v1::Degradation> {
    let mut steps = Vec::new();
    let mut step = |from: &str, to: &str, reason: &str| {
        steps.push(v1::Degradation {
            from: from.to_owned(),
            to: to.to_owned(),
            reason: reason.to_owned(),
        });
    };
    let is_known = !asking.interests.visits.is_empty();
    match &asking.learnt {
        None => step(
            "model",
            "live behaviour",
            "no feed model serves yet: there were too few events to learn from",
        ),
        Some(learnt) if is_known && learnt.wish.is_none() => step(
            "model",
            "live behaviour",
            "the model knows none of the items that this shopper did something with",
        ),
        Some(_) => {}
    }
    if user.user_id.is_empty() && user.session_id.is_empty() {
        let reason = "the request names neither a user nor a session";
        step("personal", "region", reason);
    } else if !is_known {
        step("personal", "region", "nothing is known of this shopper yet");
    }
    if let Some(reason) = not_by_queries(asking) {
        step("queries", "live behaviour", &reason);
    }
    if let Some(reason) = not_by_segment(asking) {
        let by = popular_by(asking);
        step(
            "segment",
            if by.is_empty() { "region" } else { by },
            &reason,
        );
    }
    let behaviour = &asking.generation.behaviour;
    if behaviour.popular(&asking.interests.region).is_empty() {
        let regions = asking.generation.configuration.regions.iter();
        let mut elsewhere = regions.map(|(_, region)| behaviour.popular(&region.code));
        match elsewhere.any(|popular| !popular.is_empty()) {
            true => step(
                "region",
                "all regions",
                "nobody did anything in this region yet",
            ),
            false => step("region", "new arrivals", "no shopper did anything yet"),
        }
    }
    if found < enough {
        let reason = format!("the sources brought {found} items: the catalogue's latest follow");
        step("sources", "catalogue", &reason);
    }
    steps
}

/// Why the shopper's queries bring nothing; none when they do, or when there are none.
fn not_by_queries(asking: &Asking<'_>) -> Option<String> {
    let latest = &asking.interests.searches.first()?.text;
    asking.chosen.is_empty().then(|| {
        format!(
            "nobody else chose anything yet after what this shopper searched for, last {latest:?}"
        )
    })
}

/// Why the shopper's segment is not gone by; none when it is, or when the request names none.
fn not_by_segment(asking: &Asking<'_>) -> Option<String> {
    let (region, segment) = (&asking.interests.region, &asking.interests.segment);
    if segment.is_empty() {
        return None;
    }
    let behaviour = &asking.generation.behaviour;
    match behaviour.segment(region, segment, asking.now) {
        SegmentTaste::Own(_) => None,
        SegmentTaste::AsRegion => Some(
            "what this segment chooses differs from what the region does by no more than chance"
                .to_owned(),
        ),
        SegmentTaste::Few(worth) => Some(format!(
            "this segment's shoppers did what {worth:.1} clicks of today are worth; {SEGMENT_WORTH_MIN} are enough"
        )),
        SegmentTaste::Unknown => Some("nothing is known of this segment here".to_owned()),
    }
}
