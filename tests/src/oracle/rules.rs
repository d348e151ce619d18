//! Restrictions as a test states them: written out as TOML for the node, and applied by hand for the second opinion.

use std::fs;

use sampan_proto::{
    Timestamp,
    v1::{self, ShipMode},
};

use super::same_name;
use crate::dictionaries::folder;

/// One restriction. An empty list does not select; no modes means all of them.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(default)]
pub struct Rule {
    pub id: String,
    /// The only destination it is for; empty: every one.
    #[serde(skip)]
    pub destination: String,
    /// Paths, levels joined by " > ".
    pub category: Vec<String>,
    pub brand: Vec<String>,
    pub tag: Vec<String>,
    pub item: Vec<String>,
    pub origin: Vec<String>,
    pub attribute: Vec<Attribute>,
    pub ship_modes: Vec<String>,
    /// Seconds since 1970.
    #[serde(skip)]
    pub from: Option<i64>,
    #[serde(skip)]
    pub until: Option<i64>,
}

/// A name with the value that is barred.
#[derive(Debug, Clone, serde::Deserialize)]
pub struct Attribute {
    pub name: String,
    pub value: String,
}

impl Rule {
    /// Whether it takes a mode away.
    pub fn bars(&self, mode: ShipMode) -> bool {
        self.ship_modes.is_empty() || self.ship_modes.iter().any(|name| name == mode_name(mode))
    }

    /// Whether it is about goods that go to a region.
    pub fn is_for(&self, region: &str) -> bool {
        self.destination.is_empty() || self.destination == region
    }

    /// Whether it is in force.
    pub fn holds(&self, now: i64) -> bool {
        self.from.is_none_or(|from| from <= now) && self.until.is_none_or(|until| now < until)
    }

    /// Whether it is about an item: every selector that it names must be met.
    pub fn selects(&self, item: &v1::Item) -> bool {
        let met = |asked: &[String], is: &dyn Fn(&String) -> bool| {
            asked.is_empty() || asked.iter().any(is)
        };
        met(&self.category, &|path| is_under(item, path))
            && met(&self.brand, &|brand| same_name(brand, &item.brand))
            && met(&self.tag, &|tag| {
                item.tags.iter().any(|own| same_name(own, tag))
            })
            && met(&self.item, &|id| *id == item.id)
            && met(&self.origin, &|country| *country == item.origin_country)
            && (self.attribute.is_empty() || self.attribute.iter().any(|asked| has(item, asked)))
    }

    /// The rule as an entry of a restrictions.toml.
    pub fn to_toml(&self) -> String {
        let mut text = format!(
            "[[restriction]]\nid = {:?}\nreason = \"a test's\"\nsource = \"own\"\n",
            self.id
        );
        for (key, values) in [
            ("category", &self.category),
            ("brand", &self.brand),
            ("tag", &self.tag),
            ("item", &self.item),
            ("origin", &self.origin),
            ("ship_modes", &self.ship_modes),
        ] {
            if !values.is_empty() {
                text += &format!("{key} = {values:?}\n");
            }
        }
        let attributes = self
            .attribute
            .iter()
            .map(|Attribute { name, value }| format!("{{ name = {name:?}, value = {value:?} }}"));
        let attributes: Vec<String> = attributes.collect();
        if !attributes.is_empty() {
            text += &format!("attribute = [{}]\n", attributes.join(", "));
        }
        for (key, seconds) in [("from", self.from), ("until", self.until)] {
            if let Some(seconds) = seconds {
                text += &format!("{key} = {}\n", Timestamp { seconds, nanos: 0 });
            }
        }
        text
    }
}

/// The project's own rules, of every destination.
pub fn rules_of_dictionaries() -> Vec<Rule> {
    #[derive(serde::Deserialize)]
    struct File {
        #[serde(default)]
        restriction: Vec<Rule>,
    }
    let mut rules = Vec::new();
    for entry in fs::read_dir(folder()).expect("the dictionaries") {
        let region = entry.expect("a folder").file_name();
        let region = region.to_string_lossy();
        let path = folder().join(&*region).join("restrictions.toml");
        let Ok(text) = fs::read_to_string(path) else {
            continue;
        };
        let file: File = toml::from_str(&text).expect("the restrictions are TOML");
        let destination = if region == "common" { "" } else { &region };
        rules.extend(file.restriction.into_iter().map(|rule| Rule {
            destination: destination.to_owned(),
            ..rule
        }));
    }
    rules
}

fn is_under(item: &v1::Item, path: &str) -> bool {
    let levels: Vec<&str> = path.split('>').map(str::trim).collect();
    let own = &item.category_path;
    levels.len() <= own.len()
        && levels
            .iter()
            .zip(own)
            .all(|(asked, own)| same_name(asked, own))
}

fn has(item: &v1::Item, asked: &Attribute) -> bool {
    let own = item.attributes.get(&asked.name);
    own.is_some_and(|own| own.values.contains(&asked.value))
}

/// Name of a mode in files and in facets.
pub fn mode_name(mode: ShipMode) -> &'static str {
    match mode {
        ShipMode::Unspecified => "",
        ShipMode::DirectMail => "direct_mail",
        ShipMode::FreeShipping => "free_shipping",
        ShipMode::Consolidated => "consolidated",
        ShipMode::Local => "local",
    }
}
