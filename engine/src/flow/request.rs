//! What every request of a shopper has in common, checked and resolved against the regions.

use sampan_analyzers::DisplayScript;
use sampan_proto::v1;

use crate::{
    base::{
        error::{Result, SampanError},
        limits,
        money::CurrencyIndex,
        region::RegionIndex,
    },
    catalog::validate::text::{bounded, countable, segment},
    config::Configuration,
};

/// Where a shop is seen from, and how its answers are written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Market {
    pub region: RegionIndex,
    pub ship_to: RegionIndex,
    pub script: TitleScript,
    pub currency: CurrencyIndex,
}

/// Script of display titles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TitleScript {
    /// As the seller wrote it.
    Original,
    In(DisplayScript),
}

impl Market {
    /// Resolves region, destination, script and currency; an error names the field.
    pub fn resolve(
        configuration: &Configuration,
        region: &str,
        ship_to: &str,
        script: i32,
        currency: &str,
    ) -> Result<Self> {
        let region = configuration.regions.require("region", region)?;
        let ship_to = match ship_to {
            "" => region,
            code => configuration.regions.require("ship_to", code)?,
        };
        let own = configuration.regions.get(region);
        let script = v1::Script::try_from(script).map_err(|_| {
            SampanError::invalid("display_script", format!("unknown script {script}"))
        })?;
        let currency = match currency {
            "" => own.currency.as_str(),
            code => code,
        };
        Ok(Self {
            region,
            ship_to,
            script: match script {
                v1::Script::Unspecified => TitleScript::In(own.script),
                v1::Script::Original => TitleScript::Original,
                v1::Script::Simplified => TitleScript::In(DisplayScript::Simplified),
                v1::Script::Traditional => TitleScript::In(DisplayScript::Traditional),
                v1::Script::HongKong => TitleScript::In(DisplayScript::HongKong),
                v1::Script::Taiwan => TitleScript::In(DisplayScript::Taiwan),
            },
            currency: configuration.rates.require("display_currency", currency)?,
        })
    }
}

/// Hits a page.
pub fn page_size(field: &str, asked: u32) -> Result<usize> {
    match asked {
        0 => Ok(limits::PAGE_SIZE_DEFAULT as usize),
        asked if asked <= limits::PAGE_SIZE_MAX => Ok(asked as usize),
        asked => {
            let reason = format!("{asked}; at most {}", limits::PAGE_SIZE_MAX);
            Err(SampanError::invalid(field, reason))
        }
    }
}

/// Checks a category path to filter by.
pub fn check_category_path(field: &str, path: &[String]) -> Result<()> {
    countable(field, path.len(), limits::CATEGORY_LEVELS_MAX)?;
    for (place, level) in path.iter().enumerate() {
        let field = format!("{field}[{place}]");
        bounded(&field, level, limits::CATEGORY_BYTES_MAX)?;
    }
    Ok(())
}

/// Checks a user context.
pub fn check_user(user: &v1::UserContext) -> Result<()> {
    bounded("user.user_id", &user.user_id, limits::PARTY_ID_BYTES_MAX)?;
    bounded(
        "user.session_id",
        &user.session_id,
        limits::PARTY_ID_BYTES_MAX,
    )?;
    segment("user.segment", &user.segment)?;
    countable(
        "user.attributes",
        user.attributes.len(),
        limits::USER_ATTRIBUTES_MAX,
    )?;
    for (name, value) in &user.attributes {
        bounded("user.attributes", name, limits::USER_ATTRIBUTE_BYTES_MAX)?;
        bounded("user.attributes", value, limits::USER_ATTRIBUTE_BYTES_MAX)?;
    }
    Ok(())
}
