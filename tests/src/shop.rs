//! A node with goods in it.

use crate::{clients::Clients, items::item_everywhere, node::TestNode};

/// A node that sells items of these ids and titles in each of the regions, by every mode.
pub async fn shop(regions: &[&str], titles: &[(&str, &str)]) -> (TestNode, Clients) {
    let node = TestNode::start();
    let clients = node.clients().await;
    let items = titles
        .iter()
        .map(|(id, title)| item_everywhere(id, title, regions));
    clients.stock(items.collect()).await;
    (node, clients)
}
