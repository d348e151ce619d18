//! What is read, what is refused, and which rules contradict each other.

use std::sync::LazyLock;

use sampan_analyzers::{Analyzer, DictionaryFiles};

use super::*;
use crate::config::regions;

static FILES: LazyLock<DictionaryFiles> = LazyLock::new(DictionaryFiles::embedded);
static ANALYZER: LazyLock<Analyzer> =
    LazyLock::new(|| Analyzer::build(&FILES).expect("the dictionaries are right"));

/// Reads files of rules beside the regions of the dictionaries.
fn read_all(texts: &[(&str, &str)]) -> Result<Vec<MerchandisingRule>> {
    let regions = regions::read(&FILES).expect("regions");
    let texts = texts
        .iter()
        .map(|(folder, text)| (format!("{folder}/{FILE}"), (*text).to_owned()));
    read(&DictionaryFiles(texts.collect()), &regions)
}

fn rule(id: &str, when: &str, then: &str) -> String {
    format!(
        "[[rule]]\nid = {id:?}\nreason = \"r\"\nowner = \"o\"\nwhen = {{ {when} }}\nthen = {{ {then} }}\n"
    )
}

fn refusal(text: &str) -> String {
    read_all(&[("hk", text)]).expect_err(text).to_string()
}

/// What is refused of two rules for Hong Kong.
fn conflict(one: (&str, &str), other: (&str, &str)) -> Option<String> {
    let text = rule("one", one.0, one.1) + &rule("other", other.0, other.1);
    let rules = read_all(&[("hk", &text)]).expect(&text);
    check_conflicts(&rules, &ANALYZER)
        .err()
        .map(|error| error.to_string())
}

const PIN_A: &str = "pin = [{ item = \"a\", position = 1 }]";
const PIN_B: &str = "pin = [{ item = \"b\", position = 1 }]";

#[test]
fn a_rule_is_read_with_all_it_says() {
    let text = "
        [[rule]]
        id = \"fridge week\"
        reason = \"雪櫃節\"
        owner = \"team white goods\"
        [rule.when]
        query = \"雪櫃\"
        contains = [\"冰箱\", \"fridge\"]
        category = [\"家電 > 雪櫃\"]
        segment = { tier = \"gold\" }
        from = 1970-01-02
        until = 1970-01-03
        [rule.then]
        pin = [{ item = \"a\", position = 1 }, { item = \"b\", position = 100 }]
        hide = { item = [\"x\"], brand = \"y\" }
        boost = { seller = [\"s\"], by = 0.5 }
        bury = { tag = [\"t\"], category = [\"c\"], by = 1 }
        redirect = \"/sale\"
        banner = { image = \"a.png\", link = \"/a\" }
    ";
    let rules = read_all(&[("common", text)]).expect("it is right");
    let [rule] = rules.as_slice() else {
        panic!("{rules:?}");
    };
    assert_eq!(
        (rule.region, rule.place.as_str()),
        (None, "common/rules.toml:3")
    );
    let when = &rule.when;
    assert_eq!((when.queries.len(), when.contains.len()), (1, 2));
    assert_eq!(when.categories, [["家電", "雪櫃"]]);
    assert_eq!(when.validity.from, Some(86_400));
    assert!(when.is_for(&[("tier".to_owned(), "gold".to_owned())].into()));
    assert!(!when.is_for(&[("tier".to_owned(), "new".to_owned())].into()));
    assert!(!when.is_for(&HashMap::new()));
    let then = &rule.then;
    assert_eq!(then.pins.len(), 2);
    let hidden = then.hide.as_ref().expect("hidden");
    assert_eq!((hidden.items.len(), hidden.brands.len()), (1, 1));
    assert_eq!(then.boost.as_ref().map(|shift| shift.by), Some(0.5));
    assert_eq!(then.bury.as_ref().map(|shift| shift.by), Some(1.0));
    assert!(matches!(&then.banner, Some(Banner::Values(values)) if values.len() == 2));
}

#[test]
fn a_regions_rules_come_before_the_common_ones() {
    let own = rule("own", "query = \"a\"", PIN_A);
    let common = rule("all", "query = \"a\"", PIN_A);
    let rules = read_all(&[("common", &common), ("hk", &own), ("tw", &own)]).expect("right");
    let ids: Vec<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(ids, ["own", "own", "all"]);
    let error = read_all(&[("common", &own), ("hk", &own)]).expect_err("one id twice");
    assert!(error.to_string().starts_with("hk/rules.toml:2"), "{error}");
}

#[test]
fn what_is_wrong_is_refused_with_line_and_field() {
    let pins = |count: usize| {
        let pins = (1..=count).map(|n| format!("{{ item = \"i{n}\", position = {n} }}"));
        format!("pin = [{}]", pins.collect::<Vec<_>>().join(", "))
    };
    let pin_at = |place: &str| format!("pin = [{{ item = \"a\", position = {place} }}]");
    let many = |count: usize| {
        let texts: Vec<String> = (0..count).map(|n| format!("q{n}")).collect();
        format!("{texts:?}")
    };
    let query = "query = \"q\"";
    for (when, then, line, field) in [
        (query, String::new(), 6, "then"),
        (query, pin_at("0"), 6, "then.pin[0].position"),
        (query, pin_at("101"), 6, "then.pin[0].position"),
        (query, pins(limits::RULE_PINS_MAX + 1), 6, "then.pin"),
        (
            query,
            "pin = [{ item = \"a\", position = 1 }, { item = \"b\", position = 1 }]".to_owned(),
            6,
            "then.pin[1].position",
        ),
        (
            query,
            "pin = [{ item = \"a\", position = 1 }, { item = \"a\", position = 2 }]".to_owned(),
            6,
            "then.pin[1].item",
        ),
        (query, "hide = {}".to_owned(), 6, "then.hide"),
        (
            query,
            "hide = { item = \"\" }".to_owned(),
            6,
            "then.hide.item[0]",
        ),
        (
            query,
            format!(
                "hide = {{ item = {} }}",
                many(limits::RULE_SELECTED_MAX + 1)
            ),
            6,
            "then.hide.item",
        ),
        (
            query,
            "boost = { tag = \"t\", by = 0 }".to_owned(),
            6,
            "then.boost.by",
        ),
        (
            query,
            "bury = { tag = \"t\", by = 1.01 }".to_owned(),
            6,
            "then.bury.by",
        ),
        (
            query,
            "boost = { tag = \"t\", by = nan }".to_owned(),
            6,
            "then.boost.by",
        ),
        (
            query,
            "redirect = \"javascript:x\"".to_owned(),
            6,
            "then.redirect",
        ),
        (
            query,
            "redirect = \"//evil.example\"".to_owned(),
            6,
            "then.redirect",
        ),
        (
            query,
            "redirect = \"https://a b\"".to_owned(),
            6,
            "then.redirect",
        ),
        (
            query,
            format!("redirect = \"/{}\"", "x".repeat(limits::REDIRECT_BYTES_MAX)),
            6,
            "then.redirect",
        ),
        (query, "replace = \" \"".to_owned(), 6, "then.replace"),
        (query, "banner = \"\"".to_owned(), 6, "then.banner"),
        (
            query,
            format!("banner = \"{}\"", "x".repeat(limits::BANNER_BYTES_MAX + 1)),
            6,
            "then.banner",
        ),
        ("", "redirect = \"/sale\"".to_owned(), 5, "when"),
        (
            "category = \"c\"",
            "replace = \"x\"".to_owned(),
            5,
            "when.category",
        ),
        ("query = [\"\"]", PIN_A.to_owned(), 5, "when.query[0]"),
        (
            "from = 2026-02-01, until = 2026-01-01",
            PIN_A.to_owned(),
            5,
            "when.until",
        ),
    ] {
        let message = refusal(&rule("x", when, &then));
        let place = format!("hk/rules.toml:{line}: \"x\": {field}: ");
        assert!(
            message.starts_with(&place),
            "{place} for {when} {then}: {message}"
        );
    }
    let queries = format!("query = {}", many(limits::RULE_QUERIES_MAX + 1));
    assert!(refusal(&rule("x", &queries, PIN_A)).contains("when.query: 101 values"));
    let typed = refusal(&rule("x", "query = 3", PIN_A));
    assert!(typed.starts_with("hk/rules.toml:5: "), "{typed}");
    let unknown = refusal(&rule("x", "colour = \"red\"", PIN_A));
    assert!(unknown.contains("colour"), "{unknown}");
    let twice = refusal(&rule("x", query, PIN_A).repeat(2));
    assert!(twice.starts_with("hk/rules.toml:8: "), "{twice}");
}

#[test]
fn limits_are_reached_but_not_passed() {
    let pins: Vec<String> = (1..=limits::RULE_PINS_MAX)
        .map(|n| {
            format!(
                "{{ item = \"i{n}\", position = {} }}",
                limits::PIN_POSITION_MAX + 1 - n
            )
        })
        .collect();
    let then = format!(
        "pin = [{}], banner = \"{}\", redirect = \"/{}\"",
        pins.join(", "),
        "x".repeat(limits::BANNER_BYTES_MAX),
        "x".repeat(limits::REDIRECT_BYTES_MAX - 1)
    );
    let id = "i".repeat(limits::RULE_ID_BYTES_MAX);
    assert!(read_all(&[("hk", &rule(&id, "query = \"q\"", &then))]).is_ok());
    assert!(refusal(&rule(&(id + "i"), "query = \"q\"", &then)).contains("id: "));
    let rules = |count: usize| -> String {
        (0..count)
            .map(|n| rule(&format!("r{n}"), &format!("query = \"q{n}\""), PIN_A))
            .collect()
    };
    assert!(read_all(&[("hk", &rules(limits::RULES_MAX))]).is_ok());
    assert!(refusal(&rules(limits::RULES_MAX + 1)).contains("2001 rules"));
}

#[test]
fn rules_that_contradict_each_other_are_refused_by_both_names() {
    let query = "query = \"雪櫃\"";
    for (one, other, word) in [
        ((query, PIN_A), ("query = \"雪柜\"", PIN_B), "place 1"),
        ((query, PIN_A), ("contains = \"雪櫃\"", PIN_B), "place 1"),
        (
            ("contains = \"雙門雪櫃\"", PIN_A),
            ("contains = \"雪櫃\"", PIN_B),
            "place 1",
        ),
        ((query, PIN_A), ("", PIN_B), "place 1"),
        (
            ("category = \"家電 > 雪櫃\"", PIN_A),
            ("category = \"家電\"", PIN_B),
            "place 1",
        ),
        (
            (query, PIN_A),
            (query, "pin = [{ item = \"a\", position = 2 }]"),
            "places 1 and 2",
        ),
        (
            (query, PIN_A),
            (query, "hide = { item = [\"b\", \"a\"] }"),
            "pin and hide",
        ),
        (
            (query, "boost = { brand = [\"維記\", \"x\"], by = 0.5 }"),
            (query, "bury = { brand = [\"x\", \"维记\"], by = 0.1 }"),
            "boost and bury",
        ),
        (
            (query, "redirect = \"/a\""),
            (query, "redirect = \"/b\""),
            "/a and to /b",
        ),
        (
            (query, "replace = \"冰箱\""),
            (query, "replace = \"電器\""),
            "replace the query",
        ),
        (
            (query, "replace = \"冰箱\""),
            ("query = \"冰箱\"", "replace = \"電器\""),
            "again",
        ),
        (
            (query, "replace = \"冰箱\""),
            ("query = \"冰箱\"", "replace = \"雪櫃\""),
            "again",
        ),
        (
            (query, "replace = \"雙門冰箱\""),
            ("contains = \"冰箱\"", "replace = \"電器\""),
            "again",
        ),
    ] {
        for (one, other) in [(one, other), (other, one)] {
            let message = conflict(one, other).unwrap_or_else(|| panic!("{one:?} {other:?}"));
            let names = ["\"one\"", "\"other\"", "hk/rules.toml:2", "hk/rules.toml:8"];
            for part in names {
                assert!(message.contains(part), "{part}: {message}");
            }
            // Which of two is told first depends on which stands first.
            let swapped = word.replace("/a and to /b", "/b and to /a");
            let swapped = swapped.replace("places 1 and 2", "places 2 and 1");
            assert!(
                message.contains(word) || message.contains(&swapped),
                "{word}: {message}"
            );
        }
    }
}

#[test]
fn rules_that_can_live_together_are_taken() {
    let query = "query = \"雪櫃\"";
    for (one, other) in [
        ((query, PIN_A), (query, PIN_A)),
        (
            (query, PIN_A),
            (query, "pin = [{ item = \"b\", position = 2 }]"),
        ),
        ((query, PIN_A), ("query = \"雪櫃門\"", PIN_B)),
        (
            ("query = \"牛奶粉色\"", PIN_A),
            ("contains = \"奶粉\"", PIN_B),
        ),
        (
            ("query = \"a\", until = 2026-02-01", PIN_A),
            ("query = \"a\", from = 2026-02-01", PIN_B),
        ),
        (
            ("query = \"a\", segment = { tier = \"new\" }", PIN_A),
            ("query = \"a\", segment = { tier = \"gold\" }", PIN_B),
        ),
        (
            ("category = \"家電 > 雪櫃\"", PIN_A),
            ("category = \"家電 > 風扇\"", PIN_B),
        ),
        ((query, "hide = { brand = \"a\" }"), (query, PIN_A)),
        (
            (query, "boost = { brand = \"a\", by = 1 }"),
            (query, "bury = { brand = \"b\", by = 1 }"),
        ),
        (
            (query, "replace = \"冰箱\""),
            ("query = \"雪柜\"", "replace = \"冰 箱\""),
        ),
    ] {
        assert_eq!(conflict(one, other), None, "{one:?} {other:?}");
    }
}

#[test]
fn the_examples_of_the_manual_are_right() {
    let manual = include_str!("../../../../docs/rules.md");
    let blocks = manual.split("```toml\n").skip(1);
    let examples: Vec<&str> = blocks
        .filter_map(|block| block.split("```").next())
        .collect();
    assert_eq!(examples.len(), 2);
    let rules = read_all(&[("hk", &examples.concat())]).expect("the examples are right");
    assert_eq!(rules.len(), 8);
    check_conflicts(&rules, &ANALYZER).expect("they can live together");
}

#[test]
fn a_replacement_by_what_is_replaced_is_refused() {
    for when in ["query = \"雪櫃\"", "contains = \"雪柜\""] {
        let rules = read_all(&[("hk", &rule("loop", when, "replace = \"雪櫃\""))]).expect("read");
        let error = check_conflicts(&rules, &ANALYZER).expect_err(when);
        assert!(error.to_string().contains("\"loop\""), "{error}");
    }
}

#[test]
fn rules_of_two_regions_never_meet_but_common_ones_meet_all() {
    let pin = |id: &str, then: &str| rule(id, "query = \"a\"", then);
    let apart = read_all(&[("hk", &pin("h", PIN_A)), ("tw", &pin("t", PIN_B))]).expect("read");
    assert!(check_conflicts(&apart, &ANALYZER).is_ok());
    let common = read_all(&[("hk", &pin("h", PIN_A)), ("common", &pin("c", PIN_B))]).expect("read");
    let error = check_conflicts(&common, &ANALYZER).expect_err("they meet");
    assert!(
        error.to_string().starts_with("common/rules.toml:2"),
        "{error}"
    );
}
