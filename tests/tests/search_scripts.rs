//! The script a shopper types in does not matter.

use crate::shared::shared_node;
use sampan_tests::clients::query;

#[tokio::test]
async fn smoke() {
    let start = std::time::Instant::now();
    let node = shared_node().await;
    println!("start {:?}", start.elapsed());
    let start = std::time::Instant::now();
    let hits = node.clients.search(query("雪櫃", "hk")).await;
    println!("{:?} total {} {:?}", start.elapsed(), hits.total, hits.hits[0]);
    let s = node.clients.status().await;
    println!("{s:?}");
}
