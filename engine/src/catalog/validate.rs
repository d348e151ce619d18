//! Checks an item, an offer update or an event against the contract. An error names the field by its path.

use sampan_proto::v1;

use crate::base::{
    clock,
    error::{Result, SampanError},
    limits,
    money::RateTable,
    region::RegionTable,
    ship::ShipMode,
};

pub mod text;

use text::{bounded, countable, identifier, segment};

/// What values are checked against.
pub struct Checks<'a> {
    pub regions: &'a RegionTable,
    pub rates: &'a RateTable,
    /// Numbers a vector must have, once one item has one.
    pub dimensions: Option<usize>,
}

/// Checks an item and brings it to the stored form: trimmed titles, `created` filled, at most one offer a region.
pub fn item(item: &mut v1::Item, checks: &Checks<'_>) -> Result<()> {
    identifier("id", &item.id, limits::ITEM_ID_BYTES_MAX)?;
    titles(&mut item.titles)?;
    bounded("brand", &item.brand, limits::BRAND_BYTES_MAX)?;
    countable(
        "category_path",
        item.category_path.len(),
        limits::CATEGORY_LEVELS_MAX,
    )?;
    for (place, level) in item.category_path.iter().enumerate() {
        let field = format!("category_path[{place}]");
        identifier(&field, level, limits::CATEGORY_BYTES_MAX)?;
    }
    attributes(item)?;
    countable("tags", item.tags.len(), limits::TAGS_MAX)?;
    for (place, tag) in item.tags.iter().enumerate() {
        identifier(&format!("tags[{place}]"), tag, limits::TAG_BYTES_MAX)?;
    }
    bounded("seller", &item.seller, limits::PARTY_ID_BYTES_MAX)?;
    bounded("image_url", &item.image_url, limits::IMAGE_URL_BYTES_MAX)?;
    origin(&mut item.origin_country)?;
    if !(0.0..=1.0).contains(&item.quality_prior) {
        let reason = format!("{} must lie between 0 and 1", item.quality_prior);
        return Err(SampanError::invalid("quality_prior", reason));
    }
    weight(item.weight_grams)?;
    created(item)?;
    vector(&item.vector, checks.dimensions)?;
    offers("offers", &item.offers, checks)
}

/// Checks an offer update.
pub fn offer_update(update: &v1::OfferUpdate, checks: &Checks<'_>) -> Result<()> {
    identifier("item_id", &update.item_id, limits::ITEM_ID_BYTES_MAX)?;
    if update.offers.is_empty() && update.remove_regions.is_empty() {
        let reason = "changes nothing: give offers or remove_regions";
        return Err(SampanError::invalid("offers", reason));
    }
    for (place, code) in update.remove_regions.iter().enumerate() {
        checks
            .regions
            .require(&format!("remove_regions[{place}]"), code)?;
    }
    offers("offers", &update.offers, checks)
}

/// Checks an event and fills its time and id. Whether the item exists is the caller's to check.
pub fn event(event: &mut v1::Event, regions: &RegionTable) -> Result<()> {
    bounded("event_id", &event.event_id, limits::PARTY_ID_BYTES_MAX)?;
    let kind = v1::EventKind::try_from(event.kind).unwrap_or_default();
    if kind == v1::EventKind::Unspecified {
        let reason = "is required: IMPRESSION, CLICK, DETAIL, CART, ORDER or DISLIKE";
        return Err(SampanError::invalid("kind", reason));
    }
    if event.user_id.is_empty() && event.session_id.is_empty() {
        return Err(SampanError::invalid(
            "user_id",
            "user_id or session_id is required",
        ));
    }
    bounded("user_id", &event.user_id, limits::PARTY_ID_BYTES_MAX)?;
    bounded("session_id", &event.session_id, limits::PARTY_ID_BYTES_MAX)?;
    identifier("item_id", &event.item_id, limits::ITEM_ID_BYTES_MAX)?;
    regions.require("region", &event.region)?;
    bounded("request_id", &event.request_id, limits::PARTY_ID_BYTES_MAX)?;
    bounded("query", &event.query, limits::QUERY_BYTES_MAX)?;
    if event.shown_score.is_some_and(|score| !score.is_finite()) {
        return Err(SampanError::invalid(
            "shown_score",
            "must be a finite number",
        ));
    }
    if event.propensity.is_some_and(|p| !(p > 0.0 && p <= 1.0)) {
        return Err(SampanError::invalid(
            "propensity",
            "must lie above 0 and not above 1",
        ));
    }
    exposures(&event.exposures)?;
    bounded("team", &event.team, limits::PARTY_ID_BYTES_MAX)?;
    segment("segment", &event.segment)?;
    event_time(event)?;
    if event.event_id.is_empty() {
        event.event_id = derived_id(event);
    }
    Ok(())
}

fn exposures(exposures: &[v1::Exposure]) -> Result<()> {
    countable("exposures", exposures.len(), limits::EXPOSURES_MAX)?;
    for (place, exposure) in exposures.iter().enumerate() {
        let at = |name: &str| format!("exposures[{place}].{name}");
        let name =
            |field: &str, text: &str| identifier(&at(field), text, limits::PARTY_ID_BYTES_MAX);
        name("experiment", &exposure.experiment)?;
        name("arm", &exposure.arm)?;
        if !(exposure.propensity > 0.0 && exposure.propensity <= 1.0) {
            let reason = "must lie above 0 and not above 1";
            return Err(SampanError::invalid(at("propensity"), reason));
        }
    }
    Ok(())
}

fn event_time(event: &mut v1::Event) -> Result<()> {
    let now = clock::now_millis();
    let time = event.time.get_or_insert(sampan_proto::Timestamp {
        seconds: now / 1_000,
        nanos: (now % 1_000 * 1_000_000) as i32,
    });
    if time.seconds > now / 1_000 + limits::EVENT_AHEAD_SECONDS_MAX {
        let reason = format!(
            "lies more than {} s ahead of the node's clock",
            limits::EVENT_AHEAD_SECONDS_MAX
        );
        return Err(SampanError::invalid("time", reason));
    }
    if time.seconds < 0 || !(0..1_000_000_000).contains(&time.nanos) {
        return Err(SampanError::invalid(
            "time",
            "must lie after 1970 with nanos below 10^9",
        ));
    }
    Ok(())
}

/// The same event sent twice without an id gets the same id.
fn derived_id(event: &v1::Event) -> String {
    use prost::Message as _;
    let hash = blake3::hash(&event.encode_to_vec()).to_hex();
    format!("~{}", &hash[..24])
}

fn titles(titles: &mut [v1::Title]) -> Result<()> {
    if titles.is_empty() {
        return Err(SampanError::invalid(
            "titles",
            "at least one title is required",
        ));
    }
    countable("titles", titles.len(), limits::TITLES_MAX)?;
    for (place, title) in titles.iter_mut().enumerate() {
        let trimmed = title.text.trim();
        if trimmed.len() != title.text.len() {
            title.text = trimmed.to_owned();
        }
        let field = format!("titles[{place}].text");
        identifier(&field, &title.text, limits::TITLE_BYTES_MAX)?;
        bounded(&format!("titles[{place}].language"), &title.language, 64)?;
    }
    Ok(())
}

fn attributes(item: &v1::Item) -> Result<()> {
    countable("attributes", item.attributes.len(), limits::ATTRIBUTES_MAX)?;
    for (name, values) in &item.attributes {
        let field = format!("attributes[{name:?}]");
        identifier(&field, name, limits::ATTRIBUTE_NAME_BYTES_MAX)?;
        countable(&field, values.values.len(), limits::ATTRIBUTE_VALUES_MAX)?;
        for value in &values.values {
            identifier(&field, value, limits::ATTRIBUTE_VALUE_BYTES_MAX)?;
        }
    }
    Ok(())
}

fn origin(country: &mut String) -> Result<()> {
    country.make_ascii_lowercase();
    let two_letters = country.len() == 2 && country.bytes().all(|b| b.is_ascii_lowercase());
    if country.is_empty() || two_letters {
        return Ok(());
    }
    let reason = format!("{country:?} is no ISO 3166-1 alpha-2 code such as \"cn\"");
    Err(SampanError::invalid("origin_country", reason))
}

fn weight(grams: Option<u32>) -> Result<()> {
    let most = limits::WEIGHT_GRAMS_MAX;
    match grams {
        Some(grams) if !(1..=most).contains(&grams) => {
            let reason = format!("{grams} must lie between 1 and {most}; absent: unknown");
            Err(SampanError::invalid("weight_grams", reason))
        }
        _ => Ok(()),
    }
}

fn created(item: &mut v1::Item) -> Result<()> {
    let time = item.created.get_or_insert(sampan_proto::Timestamp {
        seconds: clock::now_seconds(),
        nanos: 0,
    });
    let year_9999 = 253_402_300_800;
    if !(0..year_9999).contains(&time.seconds) || !(0..1_000_000_000).contains(&time.nanos) {
        return Err(SampanError::invalid(
            "created",
            "must lie between 1970 and 9999, with nanos below 10^9",
        ));
    }
    Ok(())
}

fn vector(vector: &[f32], dimensions: Option<usize>) -> Result<()> {
    if vector.is_empty() {
        return Ok(());
    }
    countable("vector", vector.len(), limits::VECTOR_DIMENSIONS_MAX)?;
    if let Some(expected) = dimensions.filter(|expected| *expected != vector.len()) {
        let reason = format!(
            "has {} numbers; this node's vectors have {expected}",
            vector.len()
        );
        return Err(SampanError::invalid("vector", reason));
    }
    if let Some(place) = vector.iter().position(|number| !number.is_finite()) {
        let reason = format!("number {place} is {}", vector[place]);
        return Err(SampanError::invalid("vector", reason));
    }
    let square: f64 = vector.iter().map(|n| f64::from(*n) * f64::from(*n)).sum();
    if square < 1e-24 {
        return Err(SampanError::invalid("vector", "is all zero"));
    }
    Ok(())
}

fn offers(field: &str, offers: &[v1::Offer], checks: &Checks<'_>) -> Result<()> {
    countable(field, offers.len(), limits::REGIONS_MAX)?;
    for (place, offer) in offers.iter().enumerate() {
        let at = |name: &str| format!("{field}[{place}].{name}");
        checks.regions.require(&at("region"), &offer.region)?;
        if offers[..place]
            .iter()
            .any(|other| other.region == offer.region)
        {
            return Err(SampanError::invalid(
                at("region"),
                "a second offer for this region",
            ));
        }
        let Some(price) = &offer.price else {
            return Err(SampanError::invalid(at("price"), "is required"));
        };
        amount(&at("price.minor"), price.minor)?;
        checks
            .rates
            .require(&at("price.currency"), &price.currency)?;
        if let Some(freight) = offer.freight_minor {
            amount(&at("freight_minor"), freight)?;
        }
        if offer
            .delivery_days
            .is_some_and(|days| days > limits::DELIVERY_DAYS_MAX)
        {
            let reason = format!("at most {}", limits::DELIVERY_DAYS_MAX);
            return Err(SampanError::invalid(at("delivery_days"), reason));
        }
        if offer.ship_modes.is_empty() {
            return Err(SampanError::invalid(
                at("ship_modes"),
                "at least one is required",
            ));
        }
        for (rank, mode) in offer.ship_modes.iter().enumerate() {
            if ShipMode::from_proto(*mode).is_none() {
                let reason = "must be DIRECT_MAIL, FREE_SHIPPING, CONSOLIDATED or LOCAL";
                return Err(SampanError::invalid(
                    at(&format!("ship_modes[{rank}]")),
                    reason,
                ));
            }
        }
    }
    Ok(())
}

fn amount(field: &str, minor: i64) -> Result<()> {
    if (0..=limits::PRICE_MINOR_MAX).contains(&minor) {
        return Ok(());
    }
    let reason = format!("{minor} must lie between 0 and {}", limits::PRICE_MINOR_MAX);
    Err(SampanError::invalid(field, reason))
}
