//! The status tells an operator what the node holds and what each region can buy.

use sampan_tests::{
    catalogue::{ITEMS, REGIONS, catalogue},
    items::now_seconds,
    oracle::{Market, Rates, rules_of_dictionaries, ways},
};

use crate::shared::shared_node;

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
