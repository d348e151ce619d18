//! Judging what a change of rules is about comes to the same as judging every item anew.

use std::sync::{Arc, LazyLock};

use proptest::{collection::vec, prelude::*, sample::Index};
use sampan_analyzers::{Analyzer, DictionaryFiles};
use sampan_proto::v1;

use super::{Columns, ColumnsWriter};
use crate::{
    base::{Ordinal, ship::RegionModes},
    config::{Configuration, restrictions},
};

const BRANDS: [&str; 3] = ["維記", "维记", "北原"];
const TAGS: [&str; 3] = ["易碎", "液體", "熱賣"];
/// What rules can be made of; each begins and ends, or not, between second 0 and 100.
const RULES: [&str; 6] = [
    "brand = [\"維記\"]",
    "brand = [\"北原\"]\ntag = [\"易碎\"]\nfrom = 1970-01-01T00:00:30Z",
    "tag = [\"液體\"]\nuntil = 1970-01-01T00:00:50Z",
    "origin = [\"jp\"]\nship_modes = [\"direct_mail\"]",
    "item = [\"i-1\", \"i-4\"]\nfrom = 1970-01-01T00:00:20Z\nuntil = 1970-01-01T00:01:10Z",
    "category = [\"食品\"]\nship_modes = [\"local\"]\nfrom = 1970-01-01T00:01:00Z",
];
const ITEMS: usize = 12;

/// Made once: it takes longer than all cases.
static ANALYZER: LazyLock<Arc<Analyzer>> =
    LazyLock::new(|| Analyzer::shared(&DictionaryFiles::embedded()).expect("an analyser"));

/// A moment at which rules are put, after some items have been set.
#[derive(Debug, Clone)]
struct Step {
    items: Vec<(Index, v1::Item)>,
    rules: Vec<bool>,
    now: i64,
    /// Seconds until a query comes that nothing was judged for.
    later: i64,
}

fn any_item() -> impl Strategy<Value = v1::Item> {
    let facts = (0..BRANDS.len(), vec(0..TAGS.len(), 0..2));
    (facts, any::<[bool; 2]>()).prop_map(|((brand, tags), [is_japanese, is_food])| v1::Item {
        brand: BRANDS[brand].to_owned(),
        tags: tags.into_iter().map(|tag| TAGS[tag].to_owned()).collect(),
        origin_country: if is_japanese { "jp" } else { "" }.to_owned(),
        category_path: vec![if is_food { "食品" } else { "家電" }.to_owned()],
        ..Default::default()
    })
}

fn any_step() -> impl Strategy<Value = Step> {
    let items = vec((any::<Index>(), any_item()), 0..4);
    let rules = vec(any::<bool>(), RULES.len());
    (items, rules, 0..100i64, 0..60i64).prop_map(|(items, rules, now, later)| Step {
        items,
        rules,
        now,
        later,
    })
}

fn configuration(rules: &[bool]) -> Configuration {
    let mut files = DictionaryFiles::embedded();
    files
        .0
        .retain(|path, _| !path.ends_with("restrictions.toml"));
    let chosen = rules.iter().zip(RULES).enumerate();
    let text: String = chosen
        .filter(|(_, (is_in, _))| **is_in)
        .map(|(number, (_, rule))| {
            let head = format!("[[restriction]]\nid = \"r{number}\"\n");
            format!("{head}reason = \"r\"\nsource = \"own\"\n{rule}\n")
        })
        .collect();
    files.0.insert(restrictions::path("common"), text);
    Configuration::read(Arc::new(files)).expect("valid rules")
}

fn barred(columns: &Columns) -> Vec<RegionModes> {
    let ordinals = 0..ITEMS as Ordinal;
    ordinals
        .map(|ordinal| columns.hot(ordinal).barred)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn judging_what_changed_is_judging_everything(
        mut items in vec(any_item(), ITEMS),
        steps in vec(any_step(), 1..6),
    ) {
        let analyzer = &*ANALYZER;
        let key = |text: &str| analyzer.fold_key(text);
        let set = |writer: &mut ColumnsWriter, place: usize, item: &v1::Item, configuration: &Configuration| {
            let item = v1::Item { id: format!("i-{place}"), ..item.clone() };
            writer.set(place as Ordinal, &item, configuration, analyzer);
        };
        let anew = |items: &[v1::Item], configuration: &Configuration, now: i64| {
            let mut writer = ColumnsWriter::default();
            for (place, item) in items.iter().enumerate() {
                set(&mut writer, place, item, configuration);
            }
            writer.apply_policy(configuration, &[], true, now, &key);
            barred(&writer.snapshot())
        };
        let mut writer = ColumnsWriter::default();
        let mut seconds = 0;
        for (number, step) in steps.into_iter().enumerate() {
            seconds = step.now.max(seconds);
            let configuration = configuration(&step.rules);
            if number == 0 {
                for (place, item) in items.iter().enumerate() {
                    set(&mut writer, place, item, &configuration);
                }
            }
            let mut touched = Vec::new();
            for (index, item) in step.items {
                let place = index.index(ITEMS);
                set(&mut writer, place, &item, &configuration);
                items[place] = item;
                touched.push(place as Ordinal);
            }
            writer.apply_policy(&configuration, &touched, true, seconds, &key);
            let columns = writer.snapshot();
            prop_assert_eq!(barred(&columns), anew(&items, &configuration, seconds));

            // A query that comes later bars what has begun since, and goes on barring what has ended.
            let later = seconds + step.later;
            let begun = columns.policy.begun(columns.judged, later);
            let expected = anew(&items, &configuration, later);
            for (ordinal, (before, expected)) in barred(&columns).into_iter().zip(expected).enumerate() {
                let ordinal = ordinal as Ordinal;
                let row = columns.row(ordinal).expect("an item");
                let added = begun.barred(&columns.hot(ordinal), row);
                prop_assert_eq!(before.and_also(added), before.and_also(expected));
            }
        }
    }
}
