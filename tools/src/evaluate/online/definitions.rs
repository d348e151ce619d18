//! What every figure of an experiment counts: the one place where it is defined.

use super::events::Kind;

const MINUTE: i64 = 60;
const DAY: i64 = 24 * 60 * MINUTE;

/// How long after an item was on a list, or opened, an order of it counts as theirs, seconds.
pub const LIST_TO_ORDER_WINDOW: i64 = 7 * DAY;
pub const DETAIL_TO_ORDER_WINDOW: i64 = 7 * DAY;

/// A figure: of how many chances, how many came to something.
#[derive(Debug, PartialEq, Eq)]
pub struct MetricDefinition {
    /// As files call it.
    pub key: &'static str,
    /// As tables call it.
    pub name: &'static str,
    /// What makes a chance; none: each user is one.
    pub chance: Option<Kind>,
    /// What it should come to.
    pub success: Kind,
    pub same: Same,
    /// How long after the chance the success still counts, seconds.
    pub window: i64,
}

/// What tells one chance from another, and ties a success to it. Events of the same count once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Same {
    /// The item in one answer (`request_id`): shown twice on one list is one chance, on two lists are two.
    RequestAndItem,
    /// The item and the user: seen on ten lists is one chance.
    UserAndItem,
}

/// Every figure. A chance that is repeated counts once, and a success that is repeated once a chance; a success counts
/// when it comes at the time of an event that makes the chance, or within the window behind it.
pub const METRICS: [MetricDefinition; 6] = [
    MetricDefinition {
        key: "ctr",
        name: "CTR",
        chance: Some(Kind::Impression),
        success: Kind::Click,
        same: Same::RequestAndItem,
        window: 30 * MINUTE,
    },
    MetricDefinition {
        key: "cvr",
        name: "CVR",
        chance: Some(Kind::Click),
        success: Kind::Order,
        same: Same::UserAndItem,
        window: 7 * DAY,
    },
    MetricDefinition {
        key: "l_to_o",
        name: "L→O",
        chance: Some(Kind::Impression),
        success: Kind::Order,
        same: Same::UserAndItem,
        window: LIST_TO_ORDER_WINDOW,
    },
    MetricDefinition {
        key: "d_to_o",
        name: "D→O",
        chance: Some(Kind::Detail),
        success: Kind::Order,
        same: Same::UserAndItem,
        window: DETAIL_TO_ORDER_WINDOW,
    },
    MetricDefinition {
        key: "o_to_p",
        name: "O→P",
        chance: Some(Kind::Order),
        success: Kind::Pay,
        same: Same::UserAndItem,
        window: 3 * DAY,
    },
    // Each item that a user orders counts once.
    MetricDefinition {
        key: "orders_a_user",
        name: "orders a user",
        chance: None,
        success: Kind::Order,
        same: Same::UserAndItem,
        window: 0,
    },
];
