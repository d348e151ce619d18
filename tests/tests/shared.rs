//! One node with the counted catalogue for all tests that only read.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use sampan_tests::{catalogue::catalogue, clients::Clients, node::TestNode};

/// A node that nobody writes to, and its clients.
pub struct SharedNode {
    pub clients: Clients,
    _node: Arc<TestNode>,
}

/// The node, started by whoever comes first and stopped when nobody needs it.
pub async fn shared_node() -> SharedNode {
    let node = running();
    let clients = node.clients().await;
    SharedNode {
        clients,
        _node: node,
    }
}

fn running() -> Arc<TestNode> {
    static NODE: Mutex<Weak<TestNode>> = Mutex::new(Weak::new());
    let mut known = NODE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(node) = known.upgrade() {
        return node;
    }
    let node = Arc::new(TestNode::start());
    // A thread of its own: a runtime may not start inside the test's.
    std::thread::scope(|scope| {
        let stocked = scope.spawn(|| {
            let runtime = tokio::runtime::Runtime::new().expect("a runtime");
            runtime.block_on(async { node.clients().await.stock(catalogue()).await });
        });
        stocked.join().expect("the catalogue is taken");
    });
    *known = Arc::downgrade(&node);
    node
}
