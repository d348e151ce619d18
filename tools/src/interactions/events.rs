//! Events as `sampan events` takes them and a node keeps them.

use sampan_engine::behaviour;
use sampan_proto::v1;

use super::{Gatherer, InteractionLog};

/// Events as visits. What says nothing of taste (impressions, dislikes) is left out; an event without a user counts for
/// its session.
pub fn interactions(events: &[v1::Event]) -> InteractionLog {
    let order = behaviour::strength(v1::EventKind::Order);
    let mut gatherer = Gatherer::new(behaviour::VISIT_PAUSE_SECONDS);
    for event in events {
        let strength = behaviour::strength(event.kind()) / order;
        if strength == 0.0 {
            continue;
        }
        let key = behaviour::keys(&event.user_id, &event.session_id);
        if let Some(shopper) = key.first() {
            let seconds = event.time.as_ref().map_or(0, |time| time.seconds);
            gatherer.add(shopper, &event.item_id, seconds, strength);
        }
    }
    gatherer.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_something_is_gathered_by_user_or_session() {
        let event = |kind: v1::EventKind, user: &str, session: &str| v1::Event {
            kind: kind.into(),
            user_id: user.into(),
            session_id: session.into(),
            item_id: "tea".into(),
            ..v1::Event::default()
        };
        let log = interactions(&[
            event(v1::EventKind::Order, "u", "s"),
            event(v1::EventKind::Click, "", "s"),
            event(v1::EventKind::Impression, "v", ""),
            event(v1::EventKind::Click, "", ""),
        ]);
        assert_eq!(log.histories.len(), 2);
        let strengths: Vec<f32> = log
            .histories
            .iter()
            .map(|h| h[0].taken[0].strength)
            .collect();
        assert_eq!(strengths, [1.0, 0.2]);
    }
}
