//! Which rules hold for whom, and where pins land.

use std::sync::Arc;

use sampan_analyzers::{Analyzer, DictionaryFiles};

use super::*;
use crate::{
    config::{regions, rules},
    flow::{
        candidate::{Source, Sources},
        rank::RankedItem,
    },
    index::columns::{Hot, Names, Row, id_hash},
};

const RULES: &str = r#"
[[rule]]
id = "exact"
reason = "r"
owner = "o"
when = { query = "雪櫃" }
then = { banner = "exact" }

[[rule]]
id = "words"
reason = "r"
owner = "o"
when = { contains = ["雪櫃", "iPhone 15"] }
then = { banner = "words" }

[[rule]]
id = "about"
reason = "r"
owner = "o"
when = { category = "家電 > 雪櫃" }
then = { banner = "about" }

[[rule]]
id = "gold"
reason = "r"
owner = "o"
when = { segment = { tier = "gold" } }
then = { hide = { item = "x" }, boost = { item = ["a", "b"], by = 0.75 } }

[[rule]]
id = "days"
reason = "r"
owner = "o"
when = { from = 1970-01-02, until = 1970-01-03 }
then = { boost = { item = "a", by = 0.5 }, bury = { item = "c", by = 0.5 } }
"#;

struct World {
    analyzer: Arc<Analyzer>,
    rules: Arc<Rules>,
    region: RegionIndex,
}

fn world() -> World {
    let mut files = DictionaryFiles::embedded();
    files.0.insert("hk/rules.toml".to_owned(), RULES.to_owned());
    let regions = regions::read(&files).expect("regions");
    let read: Arc<[_]> = rules::read(&files, &regions).expect("rules").into();
    let analyzer = Arc::new(Analyzer::build(&files).expect("dictionaries"));
    World {
        rules: Rules::current(None, &read, &analyzer, &Arc::new(Names::default())),
        analyzer,
        region: regions.find("hk").expect("hk"),
    }
}

impl World {
    /// Ids of the rules that hold for a query by its words.
    fn by_words(&self, query: &str, attributes: &[(&str, &str)], now: i64) -> Vec<String> {
        let attributes = owned(attributes);
        let merchandiser = self.merchandiser(&attributes, now);
        let understood = self.analyzer.understand(query, "hk", &Default::default());
        let keys = QueryKeys::of(&self.analyzer, &understood);
        ids(&merchandiser.by_words(&keys))
    }

    fn merchandiser<'a>(
        &'a self,
        attributes: &'a HashMap<String, String>,
        now: i64,
    ) -> Merchandiser<'a, 'a> {
        Merchandiser {
            rules: &self.rules,
            region: self.region,
            attributes,
            now,
        }
    }
}

fn owned(attributes: &[(&str, &str)]) -> HashMap<String, String> {
    let attributes = attributes.iter();
    attributes
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn ids(held: &Held<'_>) -> Vec<String> {
    let applied = held.applied(&[], &[], &[], &Default::default());
    applied.into_iter().map(|applied| applied.rule).collect()
}

#[test]
fn rules_hold_by_words_without_regard_to_script_width_and_case() {
    let world = world();
    for (query, held) in [
        ("雪櫃", vec!["exact", "words"]),
        ("雪柜", vec!["exact", "words"]),
        (" 雪 櫃 ", vec!["exact"]),
        ("雙門雪櫃", vec!["words"]),
        ("想搵雪櫃", vec!["words"]),
        ("洗衣機唔要雪櫃", vec![]),
        ("ＩＰＨＯＮＥ 15 case", vec!["words"]),
        ("iphone 150", vec![]),
        ("洗衣機", vec![]),
        ("", vec![]),
    ] {
        let mut found = world.by_words(query, &[], 0);
        // A query cut by spaces may have the word or not, as the analyser cuts it.
        if query == " 雪 櫃 " {
            found.retain(|id| id != "words");
        }
        assert_eq!(found, held, "{query:?}");
    }
}

#[test]
fn rules_hold_for_their_segment_and_time_alone() {
    let world = world();
    let gold = [("tier", "gold"), ("age", "new")];
    assert_eq!(world.by_words("杯", &gold, 0), ["gold"]);
    assert_eq!(world.by_words("杯", &[("tier", "new")], 0), [""; 0]);
    for (now, held) in [(86_399, vec![]), (86_400, vec!["days"]), (172_800, vec![])] {
        assert_eq!(world.by_words("", &[], now), held, "{now}");
    }
    let nobody = HashMap::new();
    let elsewhere = Merchandiser {
        region: RegionIndex(world.region.0 + 1),
        ..world.merchandiser(&nobody, 86_400)
    };
    assert!(ids(&elsewhere.of_any_query()).is_empty());
}

#[test]
fn a_category_holds_for_what_stands_below_it() {
    let world = world();
    let nobody = HashMap::new();
    let merchandiser = world.merchandiser(&nobody, 0);
    assert!(merchandiser.asks_for_category());
    let about = |path: &[&str]| {
        let path: Vec<String> = path.iter().map(|level| (*level).to_owned()).collect();
        let intent = Intent::within(&path, &|level| world.analyzer.fold_key(level));
        ids(&merchandiser.by_category(&intent))
    };
    assert_eq!(about(&["家电", "雪柜", "雙門"]), ["about"]);
    assert_eq!(about(&["家電", "雪櫃"]), ["about"]);
    assert!(about(&["家電"]).is_empty() && about(&["家電", "風扇"]).is_empty());
    assert!(ids(&merchandiser.by_category(&Intent::default())).is_empty());
}

#[test]
fn shifts_add_up_to_one_at_most() {
    let world = world();
    let attributes = owned(&[("tier", "gold")]);
    let held = world.merchandiser(&attributes, 86_400).of_any_query();
    let shifts = held.shifts();
    let of = |id: &str| {
        let row = Row {
            id: id.into(),
            ..Row::default()
        };
        let hot = Hot {
            id_hash: id_hash(id),
            ..Hot::default()
        };
        shifts.of(&hot, &row)
    };
    assert_eq!([of("a"), of("b"), of("c"), of("d")], [1.0, 0.75, -0.5, 0.0]);
    assert_eq!(held.hidden().len(), 1);
}

#[test]
fn pins_stand_in_their_places_and_nothing_is_lost() {
    let item = |ordinal| RankedItem {
        ordinal,
        score: -f64::from(ordinal),
        boosted: 0.0,
        team: None,
        sources: Sources::of(Source::Lexical),
        full_match: true,
        scoring: None,
        others: Box::default(),
    };
    let pin = |ordinal, place| {
        let pin = PlacedPin {
            item: "",
            place,
            rule: "",
        };
        (ordinal, pin)
    };
    let order = |pins: &[(u32, PlacedPin<'_>)], count: u32| -> Vec<u32> {
        let (pinned, others) = take_pins((0..count).map(item).collect(), pins);
        let placed = place_pins(pinned, others, pins);
        placed.iter().map(|item| item.ordinal).collect()
    };
    assert_eq!(order(&[pin(3, 0), pin(1, 2)], 5), [3, 0, 1, 2, 4]);
    assert_eq!(order(&[pin(0, 4)], 5), [1, 2, 3, 4, 0]);
    assert_eq!(order(&[pin(0, 90)], 3), [1, 2, 0], "behind the end");
    assert_eq!(
        order(&[pin(9, 0), pin(2, 1)], 4),
        [0, 2, 1, 3],
        "9 was stopped by the gate"
    );
    assert_eq!(order(&[], 3), [0, 1, 2]);
}
