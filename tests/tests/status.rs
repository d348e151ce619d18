//! The status tells an operator what the node holds and what each region can buy.

use sampan_proto::v1;
use sampan_tests::{
    catalogue::{ITEMS, REGIONS, catalogue},
    items::now_seconds,
    oracle::{Market, Rates, rules_of_dictionaries, ways},
};

use crate::shared::shared_node;

/// What parts hold is there, each once, and no more on the heap than the process has.
fn memory_adds_up(status: &v1::IndexStatusResponse) {
    let part = |name: &str| {
        let mut parts = status.memory.iter().filter(|part| part.component == name);
        let part = parts.next().unwrap_or_else(|| panic!("no {name}"));
        assert!(parts.next().is_none(), "{name} twice");
        part
    };
    let on_disk: u64 = status.segments.iter().map(|segment| segment.bytes).sum();
    assert_eq!(part("lexical segments").mapped_bytes, on_disk);
    // An ordinal of 4 bytes each, dead or alive.
    assert!(part("lexical segments").heap_bytes >= 4 * status.items);
    // 36 bytes of hot facts, and a row with its id and offers.
    let facts = part("columns: facts of items").heap_bytes;
    assert!(facts > 100 * status.items, "{facts}");
    for counted in [
        "columns: names",
        "dictionaries: files",
        "dictionaries: sounds",
    ] {
        assert!(part(counted).heap_bytes > 1_000, "{:?}", part(counted));
    }
    let heap: u64 = status.memory.iter().map(|part| part.heap_bytes).sum();
    if cfg!(target_os = "linux") {
        assert!(status.memory_anonymous_bytes > 1 << 20);
        assert!(heap < status.memory_anonymous_bytes, "{heap}");
        let resident = status.memory_anonymous_bytes + status.memory_file_bytes;
        assert!(resident <= status.memory_bytes, "{resident}");
    }
}

#[tokio::test]
async fn items_are_counted_in_all_and_by_what_each_region_can_buy() {
    let node = shared_node().await;
    let status = node.clients.status().await;
    assert_eq!(status.items as usize, ITEMS);
    let in_segments: u64 = status.segments.iter().map(|segment| segment.items).sum();
    assert_eq!(in_segments as usize, ITEMS);
    assert_eq!(status.sequence_visible, status.sequence_written);
    assert_eq!(status.rate_date, Rates::of_dictionaries().date);
    assert!(status.memory_bytes > 1 << 20);
    memory_adds_up(&status);
    assert_eq!((status.vector_source.as_str(), status.vectors), ("none", 0));
    assert_eq!(status.snapshot_version, "");
    assert_eq!(status.warnings, Vec::<String>::new());
    let (items, rules) = (catalogue(), rules_of_dictionaries());
    for region in REGIONS {
        let row = status.regions.iter().find(|row| row.region == region);
        let row = row.unwrap_or_else(|| panic!("{region} is not in the status"));
        let market = Market::at_home(region);
        let eligible = items
            .iter()
            .filter(|item| !ways(item, market, &rules, now_seconds()).is_empty());
        assert_eq!(row.eligible_items as usize, eligible.count(), "{region}");
        assert!(
            row.profile_version.starts_with(region),
            "{}",
            row.profile_version
        );
    }
    for region in ["mo", "my", "au", "ca"] {
        let row = status.regions.iter().find(|row| row.region == region);
        assert_eq!(row.map(|row| row.eligible_items), Some(0), "{region}");
    }
}
