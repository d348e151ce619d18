//! Items, offers and events as a test writes them: the smallest that is valid, to be changed where the test cares.

use sampan_proto::{
    Timestamp,
    v1::{self, ShipMode},
};

/// An item with one title, sold and delivered inside Hong Kong for 100 dollars.
pub fn item(id: &str, title: &str) -> v1::Item {
    v1::Item {
        id: id.to_owned(),
        titles: vec![titled(title)],
        offers: vec![offer("hk", &[ShipMode::Local], hkd(10_000))],
        ..Default::default()
    }
}

/// As [`item`], and it can be bought in every region named, by every mode.
pub fn item_everywhere(id: &str, title: &str, regions: &[&str]) -> v1::Item {
    let offers = regions.iter().map(|region| {
        let modes = [
            ShipMode::DirectMail,
            ShipMode::Consolidated,
            ShipMode::Local,
        ];
        offer(region, &modes, hkd(10_000))
    });
    v1::Item {
        offers: offers.collect(),
        ..item(id, title)
    }
}

/// A title without a language tag.
pub fn titled(text: &str) -> v1::Title {
    v1::Title {
        text: text.to_owned(),
        language: String::new(),
    }
}

/// An offer that states its price and nothing else.
pub fn offer(region: &str, modes: &[ShipMode], price: v1::Money) -> v1::Offer {
    v1::Offer {
        region: region.to_owned(),
        price: Some(price),
        ship_modes: modes.iter().map(|mode| (*mode).into()).collect(),
        ..Default::default()
    }
}

/// Hong Kong dollars, in cents.
pub fn hkd(minor: i64) -> v1::Money {
    money(minor, "HKD")
}

pub fn money(minor: i64, currency: &str) -> v1::Money {
    v1::Money {
        minor,
        currency: currency.to_owned(),
    }
}

/// An attribute with one value.
pub fn attribute(name: &str, value: &str) -> (String, v1::AttributeValues) {
    let values = v1::AttributeValues {
        values: vec![value.to_owned()],
    };
    (name.to_owned(), values)
}

/// Something a signed-in user did in Hong Kong.
pub fn event(kind: v1::EventKind, user_id: &str, item_id: &str) -> v1::Event {
    v1::Event {
        kind: kind.into(),
        user_id: user_id.to_owned(),
        item_id: item_id.to_owned(),
        region: "hk".to_owned(),
        ..Default::default()
    }
}

/// A user context of a signed-in user.
pub fn user(user_id: &str) -> Option<v1::UserContext> {
    Some(v1::UserContext {
        user_id: user_id.to_owned(),
        ..Default::default()
    })
}

/// A moment, in seconds since 1970.
pub fn moment(seconds: i64) -> Option<Timestamp> {
    Some(Timestamp { seconds, nanos: 0 })
}

/// Seconds since 1970, now.
pub fn now_seconds() -> i64 {
    let elapsed = std::time::SystemTime::UNIX_EPOCH.elapsed();
    elapsed.expect("a clock after 1970").as_secs() as i64
}

/// Texts as owned strings.
pub fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// An arm of an experiment that something happened in.
pub fn exposure(experiment: &str, arm: &str, propensity: f64) -> v1::Exposure {
    v1::Exposure {
        experiment: experiment.to_owned(),
        arm: arm.to_owned(),
        propensity,
    }
}
