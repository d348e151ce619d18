use super::*;
use crate::{
    base::{limits, region::RegionIndex},
    config::{Configuration, DictionarySource, rates, regions},
};

fn read_with(texts: &[(&str, &str)]) -> Result<PoolTables> {
    let mut files = DictionarySource::Embedded.load()?;
    for (folder, text) in texts {
        files
            .0
            .insert(format!("{folder}/pools.toml"), (*text).to_owned());
    }
    let (regions, rates) = (regions::read(&files)?, rates::read(&files)?);
    read(&files, &regions, &rates)
}

fn region(code: &str) -> RegionIndex {
    let files = DictionarySource::Embedded.load().unwrap();
    regions::read(&files).unwrap().find(code).unwrap()
}

fn table(texts: &[(&str, &str)], code: &str) -> PoolTable {
    read_with(texts).unwrap().by_region[region(code).0 as usize].clone()
}

fn ids(table: &PoolTable) -> Vec<&str> {
    table.iter().map(|entry| entry.pool.id.as_str()).collect()
}

fn refused(texts: &[(&str, &str)], place: &str, word: &str) {
    let message = read_with(texts).unwrap_err().to_string();
    assert!(message.starts_with(place), "{place}: {message}");
    assert!(message.contains(word), "{word}: {message}");
}

#[test]
fn a_region_has_the_common_pools_and_its_own_in_their_place() {
    let common = "[[pool]]\nid = \"a\"\ntag = [\"x\"]\n[[pool]]\nid = \"b\"\ntag = [\"y\"]\n";
    let texts = [
        ("common", common),
        ("hk", "[[pool]]\nid = \"b\"\nitem = [\"1\"]\n"),
    ];
    let (hk, tw) = (table(&texts, "hk"), table(&texts, "tw"));
    assert_eq!((ids(&hk), ids(&tw)), (vec!["a", "b"], vec!["a", "b"]));
    let b = |table: &PoolTable| table.iter().find(|entry| entry.pool.id == "b").cloned();
    assert_eq!(b(&hk).unwrap().pool.folder, "hk");
    assert_eq!(b(&tw).unwrap().pool.folder, "common");
    assert!(hk.has("a") && !hk.has("c"));
}

#[test]
fn the_version_is_of_the_texts() {
    let text = "[[pool]]\nid = \"a\"\ntag = [\"x\"]\n";
    let version = |texts: &[(&str, &str)]| read_with(texts).unwrap().version;
    assert_eq!(version(&[("hk", text)]), version(&[("hk", text)]));
    assert_ne!(version(&[("hk", text)]), version(&[("tw", text)]));
    assert_ne!(version(&[]), version(&[("hk", text)]));
}

#[test]
fn prices_are_read_in_the_regions_currency_or_the_stated_one() {
    let read = |folder: &str, text: &str, code: &str| {
        let text = format!("[[pool]]\nid = \"a\"\n{text}\n");
        let table = table(&[(folder, &text)], code);
        let rule = table.iter().next().unwrap().pool.rule.clone();
        let bounds = rule.unwrap().price.unwrap();
        (bounds.low, bounds.high)
    };
    assert_eq!(read("hk", "price_max = 99.9", "hk"), (0, 9_990));
    assert_eq!(read("hk", "price_max = \"99.90\"", "hk"), (0, 9_990));
    assert_eq!(read("hk", "price_min = 5", "hk"), (500, i64::MAX));
    let yen = "price_min = 100\nprice_max = 200\ncurrency = \"JPY\"";
    assert_eq!(read("common", yen, "tw"), (100, 200));
}

#[test]
fn a_pool_stands_after_those_that_it_is_made_of() {
    let text = "[[pool]]\nid = \"sum\"\nunion = [\"b\", \"a\"]\nwithout = [\"c\"]\n\
        [[pool]]\nid = \"a\"\ntag = [\"x\"]\n[[pool]]\nid = \"c\"\nintersect = [\"a\", \"b\"]\n\
        [[pool]]\nid = \"b\"\ntag = [\"y\"]\n";
    let table = table(&[("hk", text)], "hk");
    assert_eq!(ids(&table), ["b", "a", "c", "sum"]);
    let sum = table.iter().last().unwrap();
    assert_eq!((&*sum.union, &*sum.without), (&[0, 1][..], &[2][..]));
    assert!(sum.pool.rule.is_none());
}

#[test]
fn a_pool_made_out_of_itself_is_refused_with_its_line() {
    let own = "[[pool]]\nid = \"a\"\n\nunion = [\"a\"]\n";
    refused(&[("hk", own)], "hk/pools.toml:4", "a > a");
    let long = "[[pool]]\nid = \"a\"\nunion = [\"b\"]\n[[pool]]\nid = \"b\"\ntag = [\"x\"]\nwithout = [\"c\"]\n\
        [[pool]]\nid = \"c\"\nintersect = [\"a\"]\n";
    refused(&[("common", long)], "common/pools.toml:10", "a > b > c > a");
    // Only through the region's own pool.
    let common = "[[pool]]\nid = \"a\"\ntag = [\"x\"]\n[[pool]]\nid = \"b\"\nunion = [\"a\"]\n";
    let own = "[[pool]]\nid = \"a\"\nunion = [\"b\"]\n";
    refused(&[("common", common), ("hk", own)], "", "b > a > b");
}

#[test]
fn what_cannot_be_a_pool_is_refused_with_its_line() {
    let first = "[[pool]]\nid = \"first\"\ntag = [\"a\"]\n";
    for (line, rest, word) in [
        (5, "id = \"x\"", "selects nothing"),
        (5, "id = \"x\"\nwithout = [\"first\"]", "selects nothing"),
        (5, "id = \"\"\ntag = [\"a\"]", "1 to 64 bytes"),
        (5, "id = \"first\"\ntag = [\"a\"]", "another pool"),
        (6, "id = \"x\"\nunion = [\"second\"]", "second"),
        (6, "id = \"x\"\nprice_min = -1", "price_min"),
        (6, "id = \"x\"\nprice_min = 1.005", "decimals"),
        (7, "id = \"x\"\nprice_min = 2\nprice_max = 1", "price_min"),
        (
            6,
            "id = \"x\"\ncurrency = \"HKD\"\ntag = [\"a\"]",
            "no price",
        ),
        (6, "id = \"x\"\ncurrency = \"XXX\"\nprice_min = 1", "XXX"),
        (6, "id = \"x\"\npopular = 0", "1 and 1000"),
        (6, "id = \"x\"\npopular = 1001", "1 and 1000"),
        (
            7,
            "id = \"x\"\nfrom = 2026-02-01\nuntil = 2026-01-01\ntag = [\"a\"]",
            "from",
        ),
        (6, "id = \"x\"\nfrom = 08:00:00\ntag = [\"a\"]", "date"),
        (6, "id = \"x\"\ncolour = \"red\"", "colour"),
        (6, "id = \"x\"\nship_modes = [\"pigeon\"]", "pigeon"),
        (6, "id = \"x\"\nprice_min = true", ""),
    ] {
        let text = format!("{first}[[pool]]\n{rest}\n");
        refused(&[("hk", &text)], &format!("hk/pools.toml:{line}: "), word);
    }
    let common = "[[pool]]\nid = \"x\"\nprice_max = 10\n";
    refused(&[("common", common)], "common/pools.toml:3", "currency");
    // A common pool knows no region's own.
    let common = "[[pool]]\nid = \"x\"\nunion = [\"first\"]\n";
    refused(
        &[("common", common), ("hk", first)],
        "common/pools.toml:3",
        "first",
    );
}

#[test]
fn a_region_has_two_hundred_pools_and_no_more() {
    let pools = |from: usize, to: usize| -> String {
        let one = |number| format!("[[pool]]\nid = \"p{number}\"\ntag = [\"a\"]\n");
        (from..to).map(one).collect()
    };
    let (common, own) = (pools(0, 150), pools(150, limits::POOLS_MAX));
    assert_eq!(
        table(&[("common", &common), ("hk", &own)], "hk")
            .iter()
            .count(),
        200
    );
    let own = pools(150, limits::POOLS_MAX + 1);
    refused(
        &[("common", &common), ("hk", &own)],
        "hk/pools.toml:152: ",
        "at most 200",
    );
    let replacing = pools(100, limits::POOLS_MAX);
    assert!(read_with(&[("common", &common), ("hk", &replacing)]).is_ok());
}

#[test]
fn ids_and_titles_are_bounded() {
    let pool = |id: usize, title: usize| {
        let (id, title) = ("i".repeat(id), "t".repeat(title));
        let text = format!("[[pool]]\nid = \"{id}\"\ntitle = \"{title}\"\ntag = [\"a\"]\n");
        read_with(&[("hk", &text)])
    };
    assert!(pool(limits::POOL_ID_BYTES_MAX, limits::POOL_TITLE_BYTES_MAX).is_ok());
    assert!(pool(limits::POOL_ID_BYTES_MAX + 1, 0).is_err());
    assert!(pool(1, limits::POOL_TITLE_BYTES_MAX + 1).is_err());
}

#[test]
fn the_examples_of_the_manual_hold() {
    let manual = include_str!("../../../../docs/pools.md");
    let mut examples = manual.split("```toml\n").skip(1);
    let mut next = || examples.next().and_then(|rest| rest.split("```").next());
    let (pools, profile) = (next().unwrap(), next().unwrap());
    let mut files = DictionarySource::Embedded.load().unwrap();
    for (path, text) in [("hk/pools.toml", pools), ("hk/ranking.toml", profile)] {
        files.0.insert(path.to_owned(), text.to_owned());
    }
    let configuration = Configuration::read(files.into()).unwrap();
    let hk = configuration.regions.find("hk").unwrap();
    let table = &configuration.pools.by_region[hk.0 as usize];
    assert_eq!(ids(table).len(), 4);
    assert_eq!(configuration.profile(hk).pools.len(), 3);
}
