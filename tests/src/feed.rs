//! A shop whose feed is asked for.

use std::path::Path;

use sampan_engine::recommend::{
    Gatherer,
    file::NamedModel,
    training::{TrainingOptions, train},
};
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

/// Shoppers who keep to one of four groups of items of [`feed_shop`]: each visits five of the ten, one a day. Names, items, and
/// seconds since 1970.
pub fn feed_habits() -> impl Iterator<Item = (String, usize, i64)> {
    (0..120).flat_map(|shopper: usize| {
        let group = shopper % 4;
        (0..5).map(move |visit: usize| {
            let item = 10 * group + (shopper / 4 + visit * 3) % 10;
            let seconds = now_seconds() - 86_400 * (30 - visit as i64);
            (format!("s-{shopper}"), item, seconds)
        })
    })
}

/// Writes a model that knows [`feed_habits`].
///
/// # Panics
/// When the folder cannot be written.
pub fn write_feed_model(path: &Path) {
    let mut gatherer = Gatherer::new(1_800);
    for (shopper, item, seconds) in feed_habits() {
        gatherer.add(&shopper, &feed_item(item), seconds, 1.0);
    }
    let log = gatherer.finish();
    let mut options = TrainingOptions::default();
    options.factors.dimensions = 8;
    let items = log.items.len();
    let model = train(&log.histories, items, None, &options, &mut |_, _, _| {});
    let named = NamedModel::of(model, log, "a test", now_seconds());
    named.write(path).expect("the folder can be written");
}
