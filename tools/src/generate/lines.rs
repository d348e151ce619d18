//! Generated items as JSON Lines, and the map that `sampan import` reads them with.

use std::{
    collections::BTreeMap,
    io::{self, Write},
    ops::Range,
};

use rayon::prelude::*;
use sampan_proto::v1;
use serde::Serialize;

use super::Generator;

/// The map of generated files.
pub const MAP: &str = include_str!("generated.map.toml");

/// Items that one thread makes at a time.
const BLOCK_ITEMS: u64 = 2_000;

/// Blocks made before they are written, so that memory stays small.
const BLOCKS_AHEAD: usize = 16;

/// One line.
#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    title: &'a str,
    brand: &'a str,
    category: &'a [String],
    colour: &'a [String],
    tags: &'a [String],
    seller: &'a str,
    created: i64,
    quality: f32,
    sales: u64,
    origin: &'a str,
    offers: BTreeMap<&'a str, LineOffer<'a>>,
}

/// One offer; amounts in minor units.
#[derive(Serialize)]
struct LineOffer<'a> {
    price: i64,
    currency: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    stock: Option<u32>,
    modes: Vec<&'static str>,
    freight: Option<i64>,
    days: Option<u32>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    returns: bool,
}

/// Writes the items of some numbers, in order, and calls `done` with how many are written.
///
/// # Errors
/// The output cannot be written, or an item not made.
pub fn write_lines(
    generator: &Generator,
    numbers: Range<u64>,
    out: &mut impl Write,
    done: impl Fn(u64),
) -> anyhow::Result<()> {
    let blocks: Vec<u64> = numbers.clone().step_by(BLOCK_ITEMS as usize).collect();
    for group in blocks.chunks(BLOCKS_AHEAD) {
        let texts: Vec<anyhow::Result<Vec<u8>>> = group
            .par_iter()
            .map(|first| block(generator, *first..(first + BLOCK_ITEMS).min(numbers.end)))
            .collect();
        for text in texts {
            out.write_all(&text?)?;
        }
        let last = group
            .last()
            .map_or(numbers.start, |first| first + BLOCK_ITEMS);
        done(last.min(numbers.end) - numbers.start);
    }
    Ok(())
}

fn block(generator: &Generator, numbers: Range<u64>) -> anyhow::Result<Vec<u8>> {
    let mut text = Vec::new();
    for number in numbers {
        write_line(&generator.item(number)?, &mut text)?;
    }
    Ok(text)
}

fn write_line(item: &v1::Item, out: &mut Vec<u8>) -> io::Result<()> {
    let line = Line {
        id: &item.id,
        title: item.titles.first().map_or("", |title| &title.text),
        brand: &item.brand,
        category: &item.category_path,
        colour: item
            .attributes
            .values()
            .next()
            .map_or(&[], |values| &values.values),
        tags: &item.tags,
        seller: &item.seller,
        created: item.created.as_ref().map_or(0, |time| time.seconds),
        quality: item.quality_prior,
        sales: item.sales_prior,
        origin: &item.origin_country,
        offers: item
            .offers
            .iter()
            .map(|offer| (offer.region.as_str(), line_offer(offer)))
            .collect(),
    };
    serde_json::to_writer(&mut *out, &line)?;
    out.push(b'\n');
    Ok(())
}

fn line_offer(offer: &v1::Offer) -> LineOffer<'_> {
    let price = offer.price.as_ref();
    LineOffer {
        price: price.map_or(0, |price| price.minor),
        currency: price.map_or("", |price| &price.currency),
        stock: offer.stock,
        modes: offer.ship_modes().map(|mode| mode.as_str_name()).collect(),
        freight: offer.freight_minor,
        days: offer.delivery_days,
        returns: offer.local_return,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use sampan_analyzers::{Analyzer, DictionaryFiles};

    use super::*;
    use crate::import::{
        batch::Batches, item::ItemMapper, map::ImportMap, read::CatalogueFile, regions,
    };

    fn generator(seed: u64) -> Generator {
        Generator::new(
            &Analyzer::build(&DictionaryFiles::embedded()).unwrap(),
            seed,
        )
        .unwrap()
    }

    fn text(generator: &Generator, numbers: Range<u64>) -> String {
        let mut out = Vec::new();
        write_lines(generator, numbers, &mut out, |_| ()).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_same_seed_makes_the_same_items_and_another_seed_others() {
        let one = generator(7);
        let first = text(&one, 0..5_000);
        assert_eq!(first, text(&generator(7), 0..5_000));
        let other = text(&generator(8), 0..5_000);
        let shared = first
            .lines()
            .zip(other.lines())
            .filter(|(a, b)| a == b)
            .count();
        assert_eq!(shared, 0);
        // A part of the numbers makes that part of the lines.
        let part: Vec<&str> = first.lines().skip(3_000).take(1_000).collect();
        assert_eq!(text(&one, 3_000..4_000).lines().collect::<Vec<_>>(), part);
    }

    #[test]
    fn importing_a_generated_file_gives_the_generated_items() {
        let generator = generator(7);
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("g.jsonl");
        std::fs::write(&path, text(&generator, 0..3_000)).unwrap();
        let mapper = ItemMapper::new(ImportMap::parse(MAP).unwrap(), &regions::built_in()).unwrap();
        let file = CatalogueFile::open(&path, None, &mapper.map().paths, 0).unwrap();
        let mut number = 0;
        for batch in Batches::new(file, &mapper) {
            let batch = batch.unwrap();
            assert!(batch.refusals.is_empty(), "{:?}", batch.refusals.first());
            for mut item in batch.items {
                let mut made = generator.item(number).unwrap();
                // The line does not carry the language.
                made.titles[0].language.clear();
                for offers in [&mut item.offers, &mut made.offers] {
                    offers.sort_by(|a, b| a.region.cmp(&b.region));
                }
                assert_eq!(item, made);
                number += 1;
            }
        }
        assert_eq!(number, 3_000);
    }

    #[test]
    fn generated_items_look_like_a_shop() {
        let generator = generator(7);
        let items: Vec<v1::Item> = (0..4_000).map(|n| generator.item(n).unwrap()).collect();
        let lengths = |language: &str| {
            let mut lengths: Vec<usize> = items
                .iter()
                .filter(|item| item.titles[0].language == language)
                .map(|item| item.titles[0].text.chars().count())
                .collect();
            lengths.sort_unstable();
            lengths[lengths.len() / 2]
        };
        let (cn, hk) = (lengths("zh-Hans-CN"), lengths("zh-Hant-HK"));
        assert!((27..=36).contains(&cn), "mainland median {cn}");
        assert!((10..=20).contains(&hk), "Hong Kong median {hk}");
        let titles: HashSet<&str> = items
            .iter()
            .map(|item| item.titles[0].text.as_str())
            .collect();
        assert!(titles.len() > 3_950, "{} different titles", titles.len());
        let mut sales: Vec<u64> = items.iter().map(|item| item.sales_prior).collect();
        sales.sort_unstable();
        let top: u64 = sales[sales.len() * 9 / 10..].iter().sum();
        assert!(
            top * 10 > sales.iter().sum::<u64>() * 6,
            "a tenth of the items sells most"
        );
        let regions: HashSet<&str> = items
            .iter()
            .flat_map(|item| &item.offers)
            .map(|offer| offer.region.as_str())
            .collect();
        assert_eq!(regions.len(), 9);
    }
}
