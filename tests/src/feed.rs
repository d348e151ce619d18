//! A shop whose feed is asked for.

use sampan_proto::v1;

use crate::{
    clients::Clients,
    items::{item_everywhere, moment, now_seconds, owned},
    node::TestNode,
};

/// Id of an item of [`feed_shop`].
pub fn feed_item(number: usize) -> String {
    format!("i-{number:03}")
}

/// Stocks so many items of shelves of ten and sellers of eight, the newest last, sold in Hong Kong and Taiwan.
pub async fn stock_feed(clients: &Clients, items: usize) {
    let items = (0..items).map(|number| v1::Item {
        category_path: owned(&["百貨", &format!("第{}架", number / 10)]),
        seller: format!("seller-{}", number / 8),
        created: moment(now_seconds() - 3_600 * (items - number) as i64),
        ..item_everywhere(
            &feed_item(number),
            &format!("貨品{number}號"),
            &["hk", "tw"],
        )
    });
    clients.stock(items.collect()).await;
}

/// A node with so many items.
pub async fn feed_shop(items: usize) -> (TestNode, Clients) {
    let node = TestNode::start();
    let clients = node.clients().await;
    stock_feed(&clients, items).await;
    (node, clients)
}

/// A first page in Hong Kong.
pub fn feed_of(user: Option<v1::UserContext>) -> v1::GetFeedRequest {
    v1::GetFeedRequest {
        region: "hk".to_owned(),
        user,
        ..Default::default()
    }
}
