//! One item of the catalogue.

use sampan_proto::v1;

use super::{
    Output,
    highlight::safe,
    offer,
    table::{Align, table},
};

const OFFER_COLUMNS: [(&str, Align); 7] = [
    ("region", Align::Left),
    ("price", Align::Right),
    ("stock", Align::Right),
    ("ships", Align::Left),
    ("freight", Align::Right),
    ("days", Align::Right),
    ("local return", Align::Left),
];

/// The fields that are set, then the offers.
pub fn item_tables(item: &v1::Item, output: &Output) -> String {
    let titles = item
        .titles
        .iter()
        .map(|title| title.text.clone())
        .collect::<Vec<_>>()
        .join("\n");
    let number = |value: f64| {
        if value == 0.0 {
            String::new()
        } else {
            value.to_string()
        }
    };
    let mut fields = vec![
        ("id".to_owned(), item.id.clone()),
        ("title".to_owned(), titles),
        ("brand".to_owned(), item.brand.clone()),
        ("category".to_owned(), item.category_path.join(" > ")),
        ("tags".to_owned(), item.tags.join(" ")),
        ("seller".to_owned(), item.seller.clone()),
        (
            "created".to_owned(),
            item.created
                .map(|time| time.to_string())
                .unwrap_or_default(),
        ),
        ("quality".to_owned(), number(item.quality_prior.into())),
        ("sales".to_owned(), number(item.sales_prior as f64)),
        ("vector".to_owned(), number(item.vector.len() as f64)),
        ("image".to_owned(), item.image_url.clone()),
        ("origin".to_owned(), item.origin_country.clone()),
        (
            "weight".to_owned(),
            item.weight_grams
                .map_or_else(String::new, |grams| format!("{grams} g")),
        ),
    ];
    let mut attributes: Vec<_> = item.attributes.iter().collect();
    attributes.sort_by_key(|(name, _)| *name);
    fields.extend(
        attributes
            .into_iter()
            .map(|(name, values)| (name.clone(), values.values.join(", "))),
    );
    let rows = fields.into_iter().filter(|(_, value)| !value.is_empty());
    let rows = rows.map(|(name, value)| {
        let value = value.split('\n').map(safe).collect::<Vec<_>>().join("\n");
        vec![safe(&name), value]
    });
    let fields = table(
        &[("field", Align::Left), ("value", Align::Left)],
        rows.collect(),
        output,
    );
    if item.offers.is_empty() {
        return format!("{fields}\n\nno offers: sold nowhere");
    }
    let offers = table(
        &OFFER_COLUMNS,
        item.offers.iter().map(offer_cells).collect(),
        output,
    );
    format!("{fields}\n\n{offers}")
}

fn offer_cells(stated: &v1::Offer) -> Vec<String> {
    let currency = stated
        .price
        .as_ref()
        .map(|price| price.currency.clone())
        .unwrap_or_default();
    let freight = stated
        .freight_minor
        .map(|minor| v1::Money { minor, currency });
    let known = |value: Option<u32>| value.map_or_else(|| "–".to_owned(), |v| v.to_string());
    vec![
        safe(&stated.region),
        offer::price(stated.price.as_ref()),
        known(stated.stock),
        offer::ship_modes(stated.ship_modes()),
        offer::freight(freight.as_ref()),
        known(stated.delivery_days),
        if stated.local_return { "yes" } else { "no" }.to_owned(),
    ]
}
