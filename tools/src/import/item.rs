//! Turns one record of a file into an item, as a map says.

use std::collections::HashMap;

use sampan_proto::v1;

use super::{
    field::{self, Fault},
    map::{ImportMap, OfferMap},
    record::Record,
    regions::SaleRegion,
    source::Source,
};

/// Why a record is no item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Id of the item; "" when it is the id that is wrong.
    pub item_id: String,
    /// Key of the map ("offers.hk.price"), or field of the item when the node refused it.
    pub field: String,
    /// What is wrong and what would be right.
    pub reason: String,
}

/// A map names a region that the node does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}: the node has no region \"{region}\"; it has {}", known.join(", "))]
pub struct UnknownRegion {
    key: String,
    region: String,
    known: Vec<String>,
}

/// A map made ready for one node.
#[derive(Debug, Clone)]
pub struct ItemMapper {
    map: ImportMap,
    /// Currency of each of `map.offers`.
    currencies: Vec<String>,
    /// Offers at an unknown price that every item gets.
    unpriced: Vec<v1::Offer>,
}

impl ItemMapper {
    /// `regions` are all regions of the node that the items go to.
    ///
    /// # Errors
    /// The map names a region that is not among them.
    pub fn new(map: ImportMap, regions: &[SaleRegion]) -> Result<Self, UnknownRegion> {
        let find = |key: &str, code: &str| {
            regions
                .iter()
                .find(|region| region.code == code)
                .ok_or_else(|| UnknownRegion {
                    key: key.to_owned(),
                    region: code.to_owned(),
                    known: regions.iter().map(|region| region.code.clone()).collect(),
                })
        };
        let mut currencies = Vec::new();
        for offer in &map.offers {
            let region = find(&format!("offers.{}", offer.region), &offer.region)?;
            currencies.push(region.currency.clone());
        }
        let sold_in = match &map.item.regions {
            Some(codes) => codes.clone(),
            None if map.offers.is_empty() => regions.iter().map(|r| r.code.clone()).collect(),
            None => Vec::new(),
        };
        let mut unpriced = Vec::new();
        for code in sold_in {
            let region = find("item.regions", &code)?;
            if map.offers.iter().all(|offer| offer.region != code) {
                unpriced.push(unpriced_offer(region));
            }
        }
        Ok(Self {
            map,
            currencies,
            unpriced,
        })
    }

    pub fn map(&self) -> &ImportMap {
        &self.map
    }

    /// The item that a record describes. Whether its fields are within the node's limits is for the node to say.
    ///
    /// # Errors
    /// A field has a value of the wrong kind, or the id or every title is missing.
    pub fn item(&self, record: &Record) -> Result<v1::Item, Refusal> {
        let id = field::required(record, "item.id", &self.map.item.id)
            .map_err(|fault| refusal("", fault))?;
        self.fields(record, &id)
            .map_err(|fault| refusal(&id, fault))
    }

    fn fields(&self, record: &Record, id: &str) -> Result<v1::Item, Fault> {
        let map = &self.map.item;
        let titles = field::all(record, "item.titles", &map.titles)?;
        if titles.is_empty() {
            return Err(Fault::new(
                "item.titles",
                "is missing; an item needs a title",
            ));
        }
        let mut attributes = HashMap::new();
        for (name, sources) in &map.attributes {
            let values = field::all(record, &format!("item.attributes.{name}"), sources)?;
            if !values.is_empty() {
                attributes.insert(name.clone(), v1::AttributeValues { values });
            }
        }
        let text = |key: &str, source: &Option<Source>| field::name(record, key, source.as_ref());
        Ok(v1::Item {
            id: id.to_owned(),
            titles: titles
                .into_iter()
                .map(|text| v1::Title {
                    text,
                    language: String::new(),
                })
                .collect(),
            brand: text("item.brand", &map.brand)?.unwrap_or_default(),
            category_path: field::all(record, "item.category", &map.category)?,
            attributes,
            tags: field::all(record, "item.tags", &map.tags)?,
            seller: text("item.seller", &map.seller)?.unwrap_or_default(),
            created: field::time(record, "item.created", map.created.as_ref())?,
            quality_prior: field::number(record, "item.quality", map.quality.as_ref())?
                .unwrap_or_default(),
            sales_prior: field::count(record, "item.sales", map.sales.as_ref())?
                .unwrap_or_default(),
            vector: field::vector(record, "item.vector", map.vector.as_ref())?,
            image_url: text("item.image", &map.image)?.unwrap_or_default(),
            origin_country: text("item.origin", &map.origin)?
                .unwrap_or_default()
                .to_lowercase(),
            weight_grams: field::count(record, "item.weight", map.weight.as_ref())?,
            offers: self.offers(record)?,
        })
    }

    fn offers(&self, record: &Record) -> Result<Vec<v1::Offer>, Fault> {
        let mut offers = Vec::new();
        for (map, currency) in self.map.offers.iter().zip(&self.currencies) {
            let offer = priced_offer(map, currency, record);
            offers.extend(offer.map_err(|fault| Fault {
                key: format!("offers.{}.{}", map.region, fault.key),
                ..fault
            })?);
        }
        offers.extend(self.unpriced.iter().cloned());
        Ok(offers)
    }
}

fn refusal(item_id: &str, fault: Fault) -> Refusal {
    Refusal {
        item_id: item_id.to_owned(),
        field: fault.key,
        reason: fault.reason,
    }
}

/// The offer for a region whose price nobody stated: price 0 (unknown), mailed straight to the shopper.
pub fn unpriced_offer(region: &SaleRegion) -> v1::Offer {
    v1::Offer {
        region: region.code.clone(),
        price: Some(v1::Money {
            minor: 0,
            currency: region.currency.clone(),
        }),
        ship_modes: vec![v1::ShipMode::DirectMail.into()],
        ..Default::default()
    }
}

/// The offer of a record in one region; none when its price is absent there. Faults name the key in that region's table.
fn priced_offer(
    map: &OfferMap,
    region_currency: &str,
    record: &Record,
) -> Result<Option<v1::Offer>, Fault> {
    let Some(price) = field::text(record, "price", Some(&map.price))? else {
        return Ok(None);
    };
    let currency = field::text(record, "currency", map.currency.as_ref())?
        .map_or_else(|| region_currency.to_owned(), |code| code.to_uppercase());
    let minor = field::amount("price", &price, &currency, map.price_unit)?;
    let freight_minor = match field::text(record, "freight", map.freight.as_ref())? {
        Some(freight) => Some(field::amount(
            "freight",
            &freight,
            &currency,
            map.price_unit,
        )?),
        None => None,
    };
    let mut ship_modes = field::ship_modes(record, "ship_modes", &map.ship_modes)?;
    if map.ship_modes.is_empty() {
        ship_modes.push(v1::ShipMode::DirectMail.into());
    }
    Ok(Some(v1::Offer {
        region: map.region.clone(),
        price: Some(v1::Money { minor, currency }),
        stock: field::count(record, "stock", map.stock.as_ref())?,
        ship_modes,
        freight_minor,
        delivery_days: field::count(record, "delivery_days", map.delivery_days.as_ref())?,
        local_return: field::flag(record, "local_return", map.local_return.as_ref())?
            .unwrap_or_default(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn regions() -> Vec<SaleRegion> {
        [("hk", "HKD"), ("tw", "TWD"), ("jp", "JPY")]
            .map(|(code, currency)| SaleRegion {
                code: code.into(),
                currency: currency.into(),
            })
            .into()
    }

    fn mapper(map: &str) -> ItemMapper {
        ItemMapper::new(ImportMap::parse(map).unwrap(), &regions()).unwrap()
    }

    fn json(text: &str) -> Record {
        Record::Json(serde_json::from_str(text).unwrap())
    }

    const FULL: &str = r#"
        [item]
        id = "code"
        titles = ["name.tc", "name.en"]
        brand = "brand"
        category = ["cat1", "cat2"]
        created = "first"
        tags = { path = "tags", separator = ";" }
        seller = { value = "main" }
        quality = "q"
        sales = "sold"
        image = "pictures.0"
        origin = "from"
        vector = "v"
        weight = "grams"
        [item.attributes]
        shop = "shops"
        [offers.hk]
        price = "hk.price"
        currency = { value = "HKD" }
        stock = "hk.stock"
        ship_modes = "hk.modes"
        freight = "hk.freight"
        delivery_days = "hk.days"
        local_return = "hk.return"
        [offers.jp]
        price = "jp"
    "#;

    #[test]
    fn every_field_is_filled() {
        let record = json(
            r#"{"code": 7, "name": {"tc": " 雪櫃 ", "en": "Fridge"}, "brand": "樂信", "cat1": "家電", "cat2": "雪櫃",
            "first": "2022-10-21", "tags": "新品; 熱賣;", "q": 0.5, "sold": 12, "pictures": ["a.jpg", "b.jpg"],
            "from": "JP", "grams": 1250, "v": [0.5, -1], "shops": ["A", "B"],
            "hk": {"price": 28.5, "stock": 3, "modes": ["local", "direct_mail"], "freight": "4.10", "days": 2, "return": true},
            "jp": 1200}"#,
        );
        let item = mapper(FULL).item(&record).unwrap();
        let titles: Vec<&str> = item
            .titles
            .iter()
            .map(|title| title.text.as_str())
            .collect();
        assert_eq!((item.id.as_str(), titles), ("7", vec!["雪櫃", "Fridge"]));
        assert_eq!(item.category_path, ["家電", "雪櫃"]);
        assert_eq!(item.tags, ["新品", "熱賣"]);
        assert_eq!(item.created.unwrap().seconds, 1_666_310_400);
        assert_eq!((item.quality_prior, item.sales_prior), (0.5, 12));
        assert_eq!(
            (item.image_url.as_str(), item.origin_country.as_str()),
            ("a.jpg", "jp")
        );
        assert_eq!(item.vector, [0.5, -1.0]);
        assert_eq!(item.weight_grams, Some(1_250));
        assert_eq!(item.attributes["shop"].values, ["A", "B"]);
        let hk = &item.offers[0];
        assert_eq!(hk.price.as_ref().unwrap().minor, 2850);
        assert_eq!(
            (hk.stock, hk.freight_minor, hk.delivery_days),
            (Some(3), Some(410), Some(2))
        );
        assert!(hk.local_return);
        let local_and_mail = [v1::ShipMode::Local as i32, v1::ShipMode::DirectMail as i32];
        assert_eq!(hk.ship_modes, local_and_mail);
        // JPY has no minor unit, and the currency is the region's when the map does not say.
        assert_eq!(
            item.offers[1].price,
            Some(v1::Money {
                minor: 1200,
                currency: "JPY".into()
            })
        );
    }

    #[test]
    fn lost_characters_become_spaces_but_never_in_an_id() {
        let record = json(
            "{\"code\":\"a\\u0086\",\"name\":{\"tc\":\"雪\\u0086櫃\\u0000\"},\"brand\":\"\\u0091\"}",
        );
        let item = mapper(FULL).item(&record).unwrap();
        let title = item.titles[0].text.as_str();
        assert_eq!(
            (title, item.brand.as_str(), item.id.as_str()),
            ("雪 櫃", "", "a\u{86}")
        );
    }

    #[test]
    fn a_region_without_a_price_is_not_sold_in() {
        let item = mapper(FULL)
            .item(&json(r#"{"code":"1","name":{"tc":"茶"},"jp":null}"#))
            .unwrap();
        assert!(item.offers.is_empty());
    }

    #[test]
    fn without_offers_the_item_is_sold_at_an_unknown_price_in_its_regions() {
        let sold = |map: &str| {
            let item = mapper(map)
                .item(&json(r#"{"a":"1","b":"茶","p":5}"#))
                .unwrap();
            let offers = item.offers.into_iter().map(|offer| {
                assert_eq!(offer.ship_modes, [v1::ShipMode::DirectMail as i32]);
                let price = offer.price.unwrap();
                format!("{} {} {}", offer.region, price.minor, price.currency)
            });
            offers.collect::<Vec<_>>()
        };
        let head = "[item]\nid = \"a\"\ntitles = [\"b\"]\n";
        assert_eq!(sold(head), ["hk 0 HKD", "tw 0 TWD", "jp 0 JPY"]);
        assert_eq!(sold(&format!("{head}regions = [\"tw\"]")), ["tw 0 TWD"]);
        let both = format!("{head}regions = [\"hk\", \"tw\"]\n[offers.hk]\nprice = \"p\"");
        assert_eq!(sold(&both), ["hk 500 HKD", "tw 0 TWD"]);
    }

    #[test]
    fn a_region_that_the_node_lacks_is_told_before_any_record() {
        let head = "[item]\nid = \"a\"\ntitles = [\"b\"]\n";
        for (rest, key) in [
            ("regions = [\"xx\"]", "item.regions"),
            ("[offers.xx]\nprice = \"p\"", "offers.xx"),
        ] {
            let map = ImportMap::parse(&format!("{head}{rest}")).unwrap();
            let message = ItemMapper::new(map, &regions()).unwrap_err().to_string();
            assert_eq!(
                message,
                format!("{key}: the node has no region \"xx\"; it has hk, tw, jp")
            );
        }
    }

    /// Each wrong record with the field and a part of the reason.
    #[test]
    fn refusals_name_the_field_and_the_reason() {
        let cases = [
            (r#"{"name":{"tc":"茶"}}"#, "item.id", "is missing"),
            (r#"{"code":"1"}"#, "item.titles", "is missing"),
            (
                r#"{"code":"1","name":{"tc":{"x":1}}}"#,
                "item.titles",
                "is an object",
            ),
            (
                r#"{"code":["1","2"],"name":{"tc":"茶"}}"#,
                "item.id",
                "2 values",
            ),
            (
                r#"{"code":"1","name":{"tc":"茶"},"first":"昨天"}"#,
                "item.created",
                "2022-10-21",
            ),
            (
                r#"{"code":"1","name":{"tc":"茶"},"q":"good"}"#,
                "item.quality",
                "not a number",
            ),
            (
                r#"{"code":"1","name":{"tc":"茶"},"sold":1.5}"#,
                "item.sales",
                "whole number",
            ),
            (
                r#"{"code":"1","name":{"tc":"茶"},"sold":-1}"#,
                "item.sales",
                "whole number",
            ),
            (
                r#"{"code":"1","name":{"tc":"茶"},"v":["x"]}"#,
                "item.vector",
                "not a number",
            ),
            (
                r#"{"code":"1","name":{"tc":"茶"},"jp":"free"}"#,
                "offers.jp.price",
                "28.50",
            ),
            (
                r#"{"code":"1","name":{"tc":"茶"},"hk":{"price":1,"modes":"air"}}"#,
                "offers.hk.ship_modes",
                "direct_mail, free_shipping, consolidated, local",
            ),
            (
                r#"{"code":"1","name":{"tc":"茶"},"hk":{"price":1,"modes":"local","return":"maybe"}}"#,
                "offers.hk.local_return",
                "true or false",
            ),
        ];
        for (record, field, reason) in cases {
            let refusal = mapper(FULL).item(&json(record)).unwrap_err();
            assert_eq!(refusal.field, field, "{record}");
            assert!(
                refusal.reason.contains(reason),
                "{:?} lacks {reason:?}",
                refusal.reason
            );
        }
    }
}
