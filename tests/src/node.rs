//! A node inside the test's own process, served on a port of its own.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, mpsc},
    thread::JoinHandle,
};

use sampan_engine::{
    Node,
    base::error::SampanError,
    config::{DictionarySource, NodeConfig},
    serve::serve,
};
use tempfile::TempDir;
use tokio::{net::TcpListener, runtime::Builder, sync::oneshot};

use crate::clients::Clients;

/// A running node. Dropping it stops it and removes its folder.
pub struct TestNode {
    // Dropped first: the node must let go of its files before the folder goes.
    running: Running,
    folder: NodeFolder,
}

/// Everything of a node that outlives its process: its data and where its words come from.
pub struct NodeFolder {
    data: TempDir,
    dictionaries: Option<PathBuf>,
    feed_model: Option<PathBuf>,
}

struct Running {
    address: String,
    engine: Arc<Node>,
    /// Ends it after the calls in flight.
    stop: Option<oneshot::Sender<()>>,
    /// Ends it at once: a test that is over waits for nobody.
    abort: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl TestNode {
    /// An empty node with the dictionaries that are built in.
    pub fn start() -> Self {
        NodeFolder::new(None).start()
    }

    /// An empty node that reads and watches a dictionary folder.
    pub fn start_with_dictionaries(folder: &Path) -> Self {
        NodeFolder::new(Some(folder)).start()
    }

    /// Where it listens.
    pub fn address(&self) -> &str {
        &self.running.address
    }

    /// Clients of all services.
    pub async fn clients(&self) -> Clients {
        Clients::connect(self.address()).await
    }

    /// The node that answers behind the wire, for a test that asks more often than a wire carries. To be let go of before
    /// the node is stopped.
    pub fn engine(&self) -> Arc<Node> {
        self.running.engine.clone()
    }

    /// Its data folder.
    pub fn data(&self) -> &Path {
        self.folder.data()
    }

    /// Stops it as an operator would, and keeps its folder.
    pub async fn stop(self) -> NodeFolder {
        let Self {
            mut running,
            folder,
        } = self;
        drop(running.stop.take());
        // Elsewhere, so that the test's own clients can see the connection end.
        let ended = tokio::task::spawn_blocking(move || running.join()).await;
        ended.expect("the node stops");
        folder
    }

    /// Stops it and starts another over the same folder.
    pub async fn restart(self) -> Self {
        self.stop().await.start()
    }
}

impl NodeFolder {
    /// An empty folder.
    pub fn new(dictionaries: Option<&Path>) -> Self {
        Self {
            data: tempfile::tempdir().expect("a temporary folder can be made"),
            dictionaries: dictionaries.map(Path::to_owned),
            feed_model: None,
        }
    }

    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// With a feed model's file, which need not be there yet.
    pub fn with_feed_model(self, path: &Path) -> Self {
        Self {
            feed_model: Some(path.to_owned()),
            ..self
        }
    }

    /// Starts a node over it.
    ///
    /// # Panics
    /// When the node refuses to start.
    pub fn start(self) -> TestNode {
        match self.try_start() {
            Ok(node) => node,
            Err(error) => panic!("the node starts: {error}"),
        }
    }

    /// Starts a node over it, or tells why it refuses.
    pub fn try_start(self) -> Result<TestNode, SampanError> {
        let mut config = NodeConfig::new(self.data());
        if let Some(folder) = &self.dictionaries {
            config.dictionaries = DictionarySource::Folder(folder.clone());
        }
        config.feed_model = self.feed_model.clone();
        let running = Running::start(config)?;
        Ok(TestNode {
            running,
            folder: self,
        })
    }
}

impl Running {
    fn start(config: NodeConfig) -> Result<Self, SampanError> {
        let (started, address) = mpsc::channel();
        let (stop, stopped) = oneshot::channel::<()>();
        let (abort, aborted) = oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            let node = match Node::open(&config) {
                Ok(node) => node,
                Err(error) => return started.send(Err(error)).expect("the test waits"),
            };
            let runtime = Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(async {
                let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
                let address = listener.local_addr().expect("an address");
                let begun = Ok((address, node.clone()));
                started.send(begun).expect("the test waits");
                let stopped = async { stopped.await.unwrap_or_default() };
                tokio::select! {
                    served = serve(node.clone(), listener, stopped) => served.expect("it serves"),
                    _ = aborted => {}
                }
            });
            runtime.shutdown_background();
            node.close();
        });
        let (address, engine) = address.recv().expect("the node's thread answers")?;
        Ok(Self {
            address: format!("http://{address}"),
            engine,
            stop: Some(stop),
            abort: Some(abort),
            thread: Some(thread),
        })
    }

    fn join(&mut self) {
        let ended = self.thread.take().map(JoinHandle::join);
        if !std::thread::panicking() {
            assert!(!matches!(ended, Some(Err(_))), "the node's thread panicked");
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // A dropped sender is a signal too.
        drop(self.abort.take());
        self.join();
    }
}
