//! MAP.toml: which column or path of a file fills which field of an item.

use toml::Table;

use super::{
    map_section::{MapError, Section},
    source::Source,
};
use crate::money::PriceUnit;

/// What a MAP.toml says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportMap {
    /// Column names, for delimited files without a header.
    pub columns: Option<Vec<String>>,
    pub item: ItemMap,
    pub offers: Vec<OfferMap>,
    /// Every path that the map reads, with the key that reads it.
    pub paths: Vec<(String, String)>,
}

/// `[item]` and `[item.attributes]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemMap {
    pub id: Source,
    pub titles: Vec<Source>,
    pub brand: Option<Source>,
    /// Outermost level first.
    pub category: Vec<Source>,
    pub created: Option<Source>,
    pub tags: Vec<Source>,
    pub seller: Option<Source>,
    pub quality: Option<Source>,
    pub sales: Option<Source>,
    pub image: Option<Source>,
    pub origin: Option<Source>,
    pub vector: Option<Source>,
    /// Grams.
    pub weight: Option<Source>,
    /// Regions of sale beside those with offers, at an unknown price. None: all regions of the node when the map has
    /// no offers, no further one when it has.
    pub regions: Option<Vec<String>>,
    pub attributes: Vec<(String, Vec<Source>)>,
}

/// One `[offers.<region>]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferMap {
    pub region: String,
    pub price: Source,
    /// None: the region's own currency.
    pub currency: Option<Source>,
    pub price_unit: PriceUnit,
    pub stock: Option<Source>,
    /// Empty: direct mail.
    pub ship_modes: Vec<Source>,
    pub freight: Option<Source>,
    pub delivery_days: Option<Source>,
    pub local_return: Option<Source>,
}

impl ImportMap {
    /// Reads the text of a MAP.toml.
    ///
    /// # Errors
    /// No TOML, an unknown key, a missing one or a value of the wrong kind; the key is named.
    pub fn parse(text: &str) -> Result<Self, MapError> {
        let table: Table = toml::from_str(text)?;
        let mut top = Section::new("", table);
        let columns = top.literals("columns")?;
        let price_unit = price_unit(&mut top)?;
        let Some(mut section) = top.table("item")? else {
            return Err(MapError::missing(
                "[item]",
                "[item]\nid = \"code\"\ntitles = [\"name\"]",
            ));
        };
        let item = ItemMap::read(&mut section)?;
        top.close(section)?;
        let mut offers = Vec::new();
        if let Some(mut regions) = top.table("offers")? {
            for region in regions.keys() {
                if let Some(mut section) = regions.table(&region)? {
                    offers.push(OfferMap::read(region, &mut section, price_unit)?);
                    regions.close(section)?;
                }
            }
            top.close(regions)?;
        }
        let paths = top.finish()?;
        Ok(Self {
            columns,
            item,
            offers,
            paths,
        })
    }
}

fn price_unit(section: &mut Section) -> Result<Option<PriceUnit>, MapError> {
    let Some(text) = section.literal("price_unit")? else {
        return Ok(None);
    };
    match text.as_str() {
        "major" => Ok(Some(PriceUnit::Major)),
        "minor" => Ok(Some(PriceUnit::Minor)),
        other => Err(section.wrong("price_unit", other, "\"major\" (28.50) or \"minor\" (2850)")),
    }
}

impl ItemMap {
    fn read(section: &mut Section) -> Result<Self, MapError> {
        let id = section.required_source("id", "id = \"code\"")?;
        let titles = section.sources("titles")?;
        if titles.is_empty() {
            return Err(MapError::missing("item.titles", "titles = [\"name.tc\"]"));
        }
        Ok(Self {
            id,
            titles,
            brand: section.source("brand")?,
            category: section.sources("category")?,
            created: section.source("created")?,
            tags: section.sources("tags")?,
            seller: section.source("seller")?,
            quality: section.source("quality")?,
            sales: section.source("sales")?,
            image: section.source("image")?,
            origin: section.source("origin")?,
            vector: section.source("vector")?,
            weight: section.source("weight")?,
            regions: section.literals("regions")?,
            attributes: attributes(section)?,
        })
    }
}

fn attributes(item: &mut Section) -> Result<Vec<(String, Vec<Source>)>, MapError> {
    let Some(mut section) = item.table("attributes")? else {
        return Ok(Vec::new());
    };
    let mut attributes = Vec::new();
    for name in section.keys() {
        let sources = section.sources(&name)?;
        attributes.push((name, sources));
    }
    item.close(section)?;
    Ok(attributes)
}

impl OfferMap {
    fn read(
        region: String,
        section: &mut Section,
        default_unit: Option<PriceUnit>,
    ) -> Result<Self, MapError> {
        let unit = price_unit(section)?
            .or(default_unit)
            .unwrap_or(PriceUnit::Major);
        Ok(Self {
            region,
            price: section.required_source("price", "price = \"min_price\"")?,
            currency: section.source("currency")?,
            price_unit: unit,
            stock: section.source("stock")?,
            ship_modes: section.sources("ship_modes")?,
            freight: section.source("freight")?,
            delivery_days: section.source("delivery_days")?,
            local_return: section.source("local_return")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification.
    const EXAMPLE: &str = r#"
        columns = ["id", "source", "title"]
        [item]
        id = "code"
        titles = ["name.tc"]
        brand = "brand.tc"
        category = ["cat1.tc", "cat2.tc"]
        created = "first"
        [item.attributes]
        shop = "shops"
        [offers.hk]
        price = "min_price"
        currency = { value = "HKD" }
        ship_modes = { value = ["local"] }
    "#;

    fn path(path: &str) -> Source {
        Source::Path {
            path: path.into(),
            separator: None,
        }
    }

    #[test]
    fn the_specified_shape_is_read() {
        let map = ImportMap::parse(EXAMPLE).unwrap();
        assert_eq!(
            map.columns.as_deref(),
            Some(&["id", "source", "title"].map(String::from)[..])
        );
        assert_eq!(map.item.category, [path("cat1.tc"), path("cat2.tc")]);
        assert_eq!(
            map.item.attributes,
            [("shop".to_owned(), vec![path("shops")])]
        );
        let offer = &map.offers[0];
        assert_eq!(
            (offer.region.as_str(), offer.price_unit),
            ("hk", PriceUnit::Major)
        );
        assert_eq!(offer.ship_modes, [Source::Constant(vec!["local".into()])]);
        let keys: Vec<&str> = map.paths.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(map.paths.len(), 8);
        assert!(keys.contains(&"item.attributes.shop") && keys.contains(&"offers.hk.price"));
    }

    /// Each map with what its error must say: the key, and what would be right.
    #[test]
    fn errors_name_the_key_and_what_would_be_right() {
        let head = "[item]\nid = \"a\"\ntitles = [\"b\"]\n";
        let cases: [(String, &[&str]); 13] = [
            (
                "x = 1\n".to_owned() + head,
                &["x: unknown key", "columns", "item", "offers"],
            ),
            (
                head.to_owned() + "title = \"c\"",
                &["item.title: unknown key", "titles", "vector"],
            ),
            (
                "[item]\nid = \"a\"".into(),
                &["item.titles: missing", "titles = ["],
            ),
            (
                "[item]\ntitles = [\"a\"]".into(),
                &["item.id: missing", "id = "],
            ),
            ("columns = [\"a\"]".into(), &["[item]: missing"]),
            (
                "columns = [1]\n".to_owned() + head,
                &["columns: is 1", "list of texts"],
            ),
            (
                head.to_owned() + "brand = 3",
                &["item.brand: is 3", "dotted path"],
            ),
            (
                head.to_owned() + "brand = [\"c\"]",
                &["item.brand: is a list"],
            ),
            (
                head.to_owned() + "brand = { val = 1 }",
                &["item.brand.val: unknown key", "value"],
            ),
            (head.to_owned() + "brand = {}", &["item.brand", "{ value ="]),
            (
                head.to_owned() + "[offers.hk]\ncurrency = \"c\"",
                &["offers.hk.price: missing"],
            ),
            (
                head.to_owned() + "[offers.hk]\nprice = \"p\"\ncolour = \"c\"",
                &["offers.hk.colour: unknown key", "ship_modes"],
            ),
            (
                head.to_owned() + "[offers.hk]\nprice = \"p\"\nprice_unit = \"cent\"",
                &["offers.hk.price_unit: is cent", "minor"],
            ),
        ];
        for (text, expected) in cases {
            let message = ImportMap::parse(&text).unwrap_err().to_string();
            for part in expected {
                assert!(
                    message.contains(part),
                    "{message:?} lacks {part:?} for\n{text}"
                );
            }
        }
    }

    #[test]
    fn the_price_unit_may_be_said_once_for_all_offers() {
        let text = "price_unit = \"minor\"\n[item]\nid = \"a\"\ntitles = [\"b\"]\n\
                    [offers.hk]\nprice = \"p\"\n[offers.tw]\nprice = \"q\"\nprice_unit = \"major\"";
        let map = ImportMap::parse(text).unwrap();
        let units: Vec<PriceUnit> = map.offers.iter().map(|offer| offer.price_unit).collect();
        assert_eq!(units, [PriceUnit::Minor, PriceUnit::Major]);
    }
}
