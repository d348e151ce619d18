//! Rules as they are written, and what is wrong with one.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{SeqAccess, Visitor},
};
use toml::{Spanned, value::Datetime};

use super::{Actions, Banner, Condition, MerchandisingRule, Pin, Shift};
use crate::{
    base::{limits, region::RegionIndex},
    config::{
        selector::{Selector, category_paths},
        validity::Validity,
    },
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RulesFile {
    #[serde(default)]
    pub rule: Vec<RuleRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleRow {
    pub id: Spanned<String>,
    reason: String,
    owner: String,
    #[serde(default)]
    when: WhenRow,
    then: ThenRow,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct WhenRow {
    query: OneOrMany,
    contains: OneOrMany,
    category: OneOrMany,
    segment: BTreeMap<String, String>,
    from: Option<Datetime>,
    until: Option<Datetime>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ThenRow {
    pin: Vec<PinRow>,
    hide: Option<SelectorRow>,
    boost: Option<ShiftRow>,
    bury: Option<ShiftRow>,
    redirect: Option<String>,
    replace: Option<String>,
    banner: Option<BannerRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PinRow {
    item: String,
    position: usize,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct SelectorRow {
    item: OneOrMany,
    category: OneOrMany,
    brand: OneOrMany,
    seller: OneOrMany,
    tag: OneOrMany,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShiftRow {
    #[serde(default)]
    item: OneOrMany,
    #[serde(default)]
    category: OneOrMany,
    #[serde(default)]
    brand: OneOrMany,
    #[serde(default)]
    seller: OneOrMany,
    #[serde(default)]
    tag: OneOrMany,
    by: f64,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a text, or a table of texts")]
enum BannerRow {
    Text(String),
    Values(BTreeMap<String, String>),
}

/// A text, or a list of texts.
#[derive(Default)]
struct OneOrMany(Vec<String>);

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Texts;

        impl<'de> Visitor<'de> for Texts {
            type Value = OneOrMany;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a text, or a list of texts")
            }

            fn visit_str<E>(self, text: &str) -> Result<OneOrMany, E> {
                Ok(OneOrMany(vec![text.to_owned()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut texts: A) -> Result<OneOrMany, A::Error> {
                let mut all = Vec::new();
                while let Some(text) = texts.next_element()? {
                    all.push(text);
                }
                Ok(OneOrMany(all))
            }
        }

        deserializer.deserialize_any(Texts)
    }
}

/// What is wrong with a rule.
#[derive(Debug)]
pub struct Fault {
    /// Path of the field (`then.pin[0].position`).
    pub field: String,
    pub reason: String,
}

impl Fault {
    fn new(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            reason: reason.into(),
        }
    }

    /// The key that the field is written under: its last name, without a number.
    pub fn key(&self) -> &str {
        let name = self.field.rsplit('.').next().unwrap_or_default();
        name.split('[').next().unwrap_or_default()
    }
}

impl RuleRow {
    /// The rule, checked.
    pub fn rule(
        self,
        place: String,
        region: Option<RegionIndex>,
    ) -> Result<MerchandisingRule, Fault> {
        let id = self.id.into_inner();
        text("id", &id, limits::RULE_ID_BYTES_MAX)?;
        text("reason", &self.reason, limits::COMMENT_BYTES_MAX)?;
        text("owner", &self.owner, limits::COMMENT_BYTES_MAX)?;
        let (when, then) = (self.when.condition()?, self.then.actions()?);
        if then == Actions::default() {
            let reason = "does nothing: state pin, hide, boost, bury, redirect, replace or banner";
            return Err(Fault::new("then", reason));
        }
        let moves_reader = then.redirect.is_some() || then.replace.is_some();
        if moves_reader && when.is_of_any_query() {
            let reason = "a redirect or a replacement needs query, contains or category";
            return Err(Fault::new("when", reason));
        }
        if then.replace.is_some() && !when.categories.is_empty() {
            let reason = "what a query is about is known only when it is answered: a replacement needs \
                query or contains alone";
            return Err(Fault::new("when.category", reason));
        }
        Ok(MerchandisingRule {
            id,
            reason: self.reason,
            owner: self.owner,
            place,
            region,
            when,
            then,
        })
    }
}

impl WhenRow {
    fn condition(self) -> Result<Condition, Fault> {
        for (field, values) in [
            ("when.query", &self.query),
            ("when.contains", &self.contains),
            ("when.category", &self.category),
        ] {
            values_within(
                field,
                &values.0,
                limits::RULE_QUERIES_MAX,
                limits::QUERY_BYTES_MAX,
            )?;
        }
        if self.segment.len() > limits::USER_ATTRIBUTES_MAX {
            let reason = format!("at most {} attributes", limits::USER_ATTRIBUTES_MAX);
            return Err(Fault::new("when.segment", reason));
        }
        for part in self.segment.iter().flat_map(|(name, value)| [name, value]) {
            text("when.segment", part, limits::USER_ATTRIBUTE_BYTES_MAX)?;
        }
        let validity = Validity::read(self.from.as_ref(), self.until.as_ref());
        Ok(Condition {
            queries: self.query.0,
            contains: self.contains.0,
            categories: category_paths(&self.category.0),
            segment: self.segment,
            validity: validity
                .map_err(|(key, reason)| Fault::new(format!("when.{key}"), reason))?,
        })
    }
}

impl ThenRow {
    fn actions(self) -> Result<Actions, Fault> {
        let hide = self.hide.map(|row| row.selector("then.hide")).transpose()?;
        let boost = self.boost.map(|row| row.shift("then.boost")).transpose()?;
        let bury = self.bury.map(|row| row.shift("then.bury")).transpose()?;
        if let Some(address) = &self.redirect {
            redirect(address)?;
        }
        if let Some(query) = &self.replace {
            text("then.replace", query, limits::QUERY_BYTES_MAX)?;
        }
        Ok(Actions {
            pins: pins(self.pin)?,
            hide,
            boost,
            bury,
            redirect: self.redirect,
            replace: self.replace,
            banner: self.banner.map(BannerRow::banner).transpose()?,
        })
    }
}

impl SelectorRow {
    fn selector(self, field: &str) -> Result<Selector, Fault> {
        for (key, values, bytes_max) in [
            ("item", &self.item, limits::ITEM_ID_BYTES_MAX),
            ("category", &self.category, limits::QUERY_BYTES_MAX),
            ("brand", &self.brand, limits::BRAND_BYTES_MAX),
            ("seller", &self.seller, limits::PARTY_ID_BYTES_MAX),
            ("tag", &self.tag, limits::TAG_BYTES_MAX),
        ] {
            let field = format!("{field}.{key}");
            values_within(&field, &values.0, limits::RULE_SELECTED_MAX, bytes_max)?;
        }
        let selector = Selector {
            categories: category_paths(&self.category.0),
            brands: self.brand.0,
            sellers: self.seller.0,
            tags: self.tag.0,
            items: self.item.0,
            ..Selector::default()
        };
        if selector == Selector::default() {
            let reason = "selects nothing: name item, category, brand, seller or tag";
            return Err(Fault::new(field, reason));
        }
        Ok(selector)
    }
}

impl ShiftRow {
    fn shift(self, field: &str) -> Result<Shift, Fault> {
        if !(self.by > 0.0 && self.by <= 1.0) {
            let reason = format!("{}; above 0 and at most 1", self.by);
            return Err(Fault::new(format!("{field}.by"), reason));
        }
        let row = SelectorRow {
            item: self.item,
            category: self.category,
            brand: self.brand,
            seller: self.seller,
            tag: self.tag,
        };
        let selector = row.selector(field)?;
        Ok(Shift {
            selector,
            by: self.by,
        })
    }
}

impl BannerRow {
    fn banner(self) -> Result<Banner, Fault> {
        let (banner, count, bytes) = match self {
            Self::Text(text) => {
                let bytes = text.len();
                (Banner::Text(text), 1, bytes)
            }
            Self::Values(values) => {
                let sizes = values.iter().map(|(name, value)| name.len() + value.len());
                let (count, bytes) = (values.len(), sizes.sum());
                (Banner::Values(values), count, bytes)
            }
        };
        if bytes == 0 {
            return Err(Fault::new("then.banner", "must not be empty"));
        }
        if bytes > limits::BANNER_BYTES_MAX || count > limits::BANNER_VALUES_MAX {
            let reason = format!(
                "{count} values of {bytes} bytes; at most {} of {}",
                limits::BANNER_VALUES_MAX,
                limits::BANNER_BYTES_MAX
            );
            return Err(Fault::new("then.banner", reason));
        }
        Ok(banner)
    }
}

fn pins(rows: Vec<PinRow>) -> Result<Vec<Pin>, Fault> {
    if rows.len() > limits::RULE_PINS_MAX {
        let reason = format!("{} pins; at most {}", rows.len(), limits::RULE_PINS_MAX);
        return Err(Fault::new("then.pin", reason));
    }
    let mut pins: Vec<Pin> = Vec::with_capacity(rows.len());
    for (number, row) in rows.into_iter().enumerate() {
        let field = |key: &str| format!("then.pin[{number}].{key}");
        text(&field("item"), &row.item, limits::ITEM_ID_BYTES_MAX)?;
        let most = limits::PIN_POSITION_MAX;
        if !(1..=most).contains(&row.position) {
            let reason = format!("{}; 1 (the best place) to {most}", row.position);
            return Err(Fault::new(field("position"), reason));
        }
        for known in &pins {
            if known.position == row.position {
                let reason = format!("{} is pinned there already", known.item);
                return Err(Fault::new(field("position"), reason));
            }
            if known.item == row.item {
                let reason = format!("{} has place {} already", known.item, known.position);
                return Err(Fault::new(field("item"), reason));
            }
        }
        pins.push(Pin {
            item: row.item,
            position: row.position,
        });
    }
    Ok(pins)
}

fn redirect(address: &str) -> Result<(), Fault> {
    text("then.redirect", address, limits::REDIRECT_BYTES_MAX)?;
    let is_path = address.starts_with('/') && !address.starts_with("//");
    let is_web = address.len() > "https://".len() && address.starts_with("https://");
    if !(is_path || is_web) || address.contains(char::is_whitespace) {
        let reason = format!("{address:?}; an address like https://example.com/sale or /sale");
        return Err(Fault::new("then.redirect", reason));
    }
    Ok(())
}

fn values_within(
    field: &str,
    values: &[String],
    count_max: usize,
    bytes_max: usize,
) -> Result<(), Fault> {
    if values.len() > count_max {
        let reason = format!("{} values; at most {count_max}", values.len());
        return Err(Fault::new(field, reason));
    }
    let mut numbered = values.iter().enumerate();
    numbered.try_for_each(|(number, value)| text(&format!("{field}[{number}]"), value, bytes_max))
}

/// A text that says something, of at most so many bytes, without control characters.
fn text(field: &str, text: &str, bytes_max: usize) -> Result<(), Fault> {
    let reason = if text.trim().is_empty() {
        "must not be empty".to_owned()
    } else if text.len() > bytes_max {
        format!("{} bytes; at most {bytes_max}", text.len())
    } else if text.chars().any(char::is_control) {
        "holds a control character".to_owned()
    } else {
        return Ok(());
    };
    Err(Fault::new(field, reason))
}
