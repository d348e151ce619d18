//! A shop of pairs of items that are alike but for their sales, with queries, judged either way.

use std::{fmt::Write as _, fs, path::Path};

/// Queries, one a pair.
pub const QUERIES: usize = 12;

/// Two items for each query, alike but for their sales.
pub fn write_shop(folder: &Path) {
    let mut items = String::from("id\ttitle\tsales\tprice\n");
    let (mut queries, mut slow, mut fast) = (String::new(), String::new(), String::new());
    for number in 0..QUERIES {
        for (kind, sales) in [("fast", 5_000), ("slow", 1)] {
            let _ = writeln!(items, "{kind}{number}\tZQ{number}00 毛巾\t{sales}\t10");
        }
        let _ = writeln!(queries, "q{number}\tZQ{number}00");
        let _ = writeln!(slow, "q{number} 0 slow{number} 1");
        let _ = writeln!(fast, "q{number} 0 fast{number} 1");
    }
    let map = "[item]\nid = \"id\"\ntitles = [\"title\"]\nsales = \"sales\"\n\
        [offers.hk]\nprice = \"price\"\ncurrency = { value = \"HKD\" }\nship_modes = { value = [\"local\"] }\n";
    for (name, text) in [
        ("items.tsv", items.as_str()),
        ("map.toml", map),
        ("q.tsv", &queries),
        ("slow.tsv", &slow),
        ("fast.tsv", &fast),
    ] {
        fs::write(folder.join(name), text).expect("a file");
    }
}
