//! The items of the demo catalogue, from the TSV files that are in this binary.

use anyhow::{Context as _, anyhow};
use include_dir::{Dir, include_dir};
use sampan_proto::v1;

use super::logistics::{Goods, Logistics};
use crate::{
    import::{
        field, item::ItemMapper, map::ImportMap, read::CatalogueFile, record::Record, regions,
        source::Source,
    },
    money::PriceUnit,
};

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/demo");

const MAP: &str = include_str!("../../demo/catalogue.map.toml");

/// Every item, by file name and line.
///
/// # Errors
/// A file or line is wrong; it is named.
pub fn items() -> anyhow::Result<Vec<v1::Item>> {
    let map = ImportMap::parse(MAP).context("tools/demo/catalogue.map.toml")?;
    let mapper = ItemMapper::new(map, &regions::built_in())?;
    let logistics = Logistics::built_in()?;
    let mut files: Vec<_> = FILES.files().collect();
    files.sort_by_key(|file| file.path());
    let mut items = Vec::new();
    for file in files {
        let path = file.path();
        if path.extension().is_none_or(|extension| extension != "tsv") {
            continue;
        }
        let text = file
            .contents_utf8()
            .with_context(|| format!("{}: not UTF-8", path.display()))?;
        let department = path.file_stem().unwrap_or_default().to_string_lossy();
        for line in CatalogueFile::of_tsv(path, text, &mapper.map().paths)? {
            let line = line?;
            let place = || format!("{}, line {}", path.display(), line.number);
            let record = line
                .record
                .map_err(|reason| anyhow!(reason))
                .with_context(place)?;
            let item = item(&record, &mapper, &logistics, &department).with_context(place)?;
            items.push(item);
        }
    }
    Ok(items)
}

fn item(
    record: &Record,
    mapper: &ItemMapper,
    logistics: &Logistics,
    department: &str,
) -> anyhow::Result<v1::Item> {
    let mut item = mapper
        .item(record)
        .map_err(|refusal| anyhow!("{}: {}", refusal.field, refusal.reason))?;
    let column = |name: &str| {
        let source = Source::Path {
            path: name.to_owned(),
            separator: None,
        };
        field::text(record, name, Some(&source))
    };
    let required = |name: &str| column(name)?.with_context(|| format!("{name}: is missing"));
    let language = required("lang")?;
    for title in &mut item.titles {
        title.language.clone_from(&language);
    }
    for pair in column("attributes")?
        .unwrap_or_default()
        .split(';')
        .filter(|pair| !pair.is_empty())
    {
        let (name, value) = pair
            .split_once('=')
            .with_context(|| format!("attributes: {pair} has no ="))?;
        let values = item.attributes.entry(name.trim().to_owned()).or_default();
        values.values.push(value.trim().to_owned());
    }
    let currency = required("currency")?;
    let minor = field::amount("price", &required("price")?, &currency, PriceUnit::Major)?;
    item.offers = logistics.offers(&Goods {
        id: &item.id,
        department,
        logistics: &required("logistics")?,
        price: v1::Money { minor, currency },
    })?;
    Ok(item)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_catalogue_is_whole() {
        let items = items().unwrap();
        assert!(items.len() >= 2_000, "{} items", items.len());
        let ids: HashSet<&str> = items.iter().map(|item| item.id.as_str()).collect();
        assert_eq!(ids.len(), items.len(), "ids are unique");
        for item in &items {
            assert!(
                !item.offers.is_empty() && !item.category_path.is_empty(),
                "{}",
                item.id
            );
            assert!(!item.titles[0].language.is_empty(), "{}", item.id);
        }
        let regions: HashSet<&str> = items
            .iter()
            .flat_map(|item| &item.offers)
            .map(|offer| offer.region.as_str())
            .collect();
        assert!(regions.len() >= 9, "{regions:?}");
    }
}
