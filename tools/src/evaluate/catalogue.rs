//! The catalogue that is searched: a file read through a map, its titles converted when that is asked for.

use std::path::Path;

use anyhow::Context as _;
use sampan_analyzers::{Analyzer, Conversion};
use sampan_proto::v1;

use crate::import::{
    batch::Batches,
    item::{ItemMapper, unpriced_offer},
    map::ImportMap,
    read::CatalogueFile,
    regions,
};

/// A catalogue in memory.
#[derive(Debug, Default)]
pub struct Catalogue {
    /// As many a batch as a node takes at once.
    pub batches: Vec<Vec<v1::Item>>,
    /// Lines that are no item.
    pub refused: usize,
}

impl Catalogue {
    /// Reads a file.
    ///
    /// # Errors
    /// File or map cannot be read.
    pub fn read(file: &Path, map: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(map).with_context(|| map.display().to_string())?;
        let parsed = ImportMap::parse(&text).with_context(|| map.display().to_string())?;
        let mapper = ItemMapper::new(parsed, &regions::built_in())
            .with_context(|| map.display().to_string())?;
        let map = mapper.map();
        let file = CatalogueFile::open(file, map.columns.as_deref(), &map.paths, 0)?;
        let mut catalogue = Self::default();
        for batch in Batches::new(file, &mapper) {
            let batch = batch?;
            catalogue.refused += batch.refusals.len();
            catalogue.batches.push(batch.items);
        }
        Ok(catalogue)
    }

    /// Makes every item sellable in a region: judgements are about words, and an item whose price the file does not
    /// know may be the answer. An item without a date gets one.
    ///
    /// # Errors
    /// The region is not built in.
    pub fn sell_in(&mut self, region: &str) -> anyhow::Result<()> {
        let known = regions::built_in();
        let sold_in = known.iter().find(|known| known.code == region);
        let sold_in = sold_in.with_context(|| format!("--region: \"{region}\" is not known"))?;
        for item in self.batches.iter_mut().flatten() {
            if item.offers.iter().all(|offer| offer.region != region) {
                item.offers.push(unpriced_offer(sold_in));
            }
            // Else the time of the import decides between items that are equal in all else.
            item.created.get_or_insert_default();
        }
        Ok(())
    }

    /// Gives a share of the items one way to ship and the others consolidation, by a hash of their ids: for catalogues
    /// that do not say how things ship. The same in every run.
    pub fn construct_ways_to_ship(&mut self, share: f64, mode: v1::ShipMode) {
        for item in self.batches.iter_mut().flatten() {
            let hash = blake3::hash(item.id.as_bytes());
            let drawn =
                f64::from(u16::from_le_bytes([hash.as_bytes()[0], hash.as_bytes()[1]])) / 65_536.0;
            let way = match drawn < share {
                true => mode,
                false => v1::ShipMode::Consolidated,
            };
            for offer in &mut item.offers {
                offer.ship_modes = vec![way.into()];
            }
        }
    }

    /// Converts every title and brand by an OpenCC configuration (`s2hk`), when one is named.
    ///
    /// # Errors
    /// There is no such configuration, or it cannot be carried out.
    pub fn convert(&mut self, analyzer: &Analyzer, named: Option<&str>) -> anyhow::Result<()> {
        let Some(conversion) = named.map(str::parse::<Conversion>).transpose()? else {
            return Ok(());
        };
        for item in self.batches.iter_mut().flatten() {
            for title in &mut item.titles {
                title.text = analyzer.convert(&title.text, conversion)?;
            }
            item.brand = analyzer.convert(&item.brand, conversion)?;
        }
        Ok(())
    }

    pub fn items(&self) -> impl Iterator<Item = &v1::Item> {
        self.batches.iter().flatten()
    }
}
