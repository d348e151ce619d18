//! Prices, ways to ship and badges in words.

use sampan_proto::v1::{self, Badge, Money, ShipMode};

use crate::money::major_text;

/// A price; 0 stands for an unknown one.
pub fn price(money: Option<&Money>) -> String {
    match money {
        Some(money) if money.minor > 0 => amount(money),
        _ => "–".to_owned(),
    }
}

/// Freight; absent is unknown, 0 is free.
pub fn freight(money: Option<&Money>) -> String {
    money.map_or_else(|| "–".to_owned(), amount)
}

fn amount(money: &Money) -> String {
    format!(
        "{} {}",
        money.currency,
        major_text(money.minor, &money.currency)
    )
}

pub fn ship_modes(modes: impl Iterator<Item = ShipMode>) -> String {
    let names = modes.map(|mode| match mode {
        ShipMode::DirectMail => "直郵",
        ShipMode::FreeShipping => "包郵",
        ShipMode::Consolidated => "集運",
        ShipMode::Local => "本地",
        ShipMode::Unspecified => "?",
    });
    names.collect::<Vec<_>>().join(" ")
}

/// The badges that say more than the ways to ship, and the delivery time.
pub fn notes(offer: &v1::DisplayOffer, badges: impl Iterator<Item = Badge>) -> String {
    let mut notes: Vec<String> = badges.filter_map(badge).map(str::to_owned).collect();
    notes.extend(offer.delivery_days.map(|days| format!("{days}日內")));
    notes.join(" ")
}

fn badge(badge: Badge) -> Option<&'static str> {
    match badge {
        Badge::New => Some("新品"),
        Badge::LowStock => Some("少量"),
        Badge::SoldOut => Some("售罄"),
        Badge::LocalReturn => Some("本地退貨"),
        Badge::Unspecified
        | Badge::DirectMail
        | Badge::FreeShipping
        | Badge::Consolidated
        | Badge::Local => None,
    }
}
