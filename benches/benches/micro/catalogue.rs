//! A small generated catalogue, as the steps of an answer see it.

use sampan_analyzers::Analyzer;
use sampan_benches::{Outcome, million::items};
use sampan_engine::{
    base::clock,
    config::{Configuration, DictionarySource},
    flow::{filter::Gate, request::Market},
    index::columns::{Columns, ColumnsWriter},
    store::{
        records::{Change, LogRecord, StoredItem},
        state::Store,
    },
};
use sampan_proto::v1;

/// Items; about a third of them can be bought in Hong Kong.
const ITEMS: u64 = 5_000;
/// Region whose shopper asks.
pub const REGION: &str = "hk";

pub struct Catalogue {
    pub analyzer: Analyzer,
    pub configuration: Configuration,
    pub items: Vec<v1::Item>,
    pub columns: Columns,
    pub store: Store,
    pub market: Market,
    /// Holds the store.
    _folder: tempfile::TempDir,
}

impl Catalogue {
    pub fn new() -> Outcome<Self> {
        let files = DictionarySource::Embedded.load()?;
        let analyzer = Analyzer::build(&files)?;
        let configuration = Configuration::read(files.into())?;
        let items = items::generate(&analyzer, ITEMS)?;
        let folder = tempfile::tempdir()?;
        let store = Store::open(folder.path())?;
        let records: Vec<LogRecord> = (0..)
            .zip(&items)
            .map(|(ordinal, item)| StoredItem {
                ordinal,
                item: Some(item.clone()),
            })
            .map(|stored| LogRecord::new(Change::Upsert(stored)))
            .collect();
        store.apply(1, &records)?;
        let mut writer = ColumnsWriter::default();
        let key = |text: &str| analyzer.fold_key(text);
        for (ordinal, item) in (0..).zip(&items) {
            writer.set(ordinal, item, &configuration, &analyzer);
        }
        writer.apply_policy(&configuration, &[], true, clock::now_seconds(), &key);
        let market = Market::resolve(&configuration, REGION, "", 0, "")?;
        Ok(Self {
            columns: writer.snapshot(),
            market,
            analyzer,
            configuration,
            items,
            store,
            _folder: folder,
        })
    }

    pub fn gate(&self) -> Gate<'_> {
        Gate::new(&self.columns, &self.configuration, self.market)
    }
}
