//! Where a simulation takes place.

use std::path::PathBuf;

use anyhow::Context as _;
use sampan_proto::v1::{Event, Item};

use crate::{
    demo,
    evaluate::{catalogue::Catalogue, node::ThrowAwayNode},
    import::batch::BATCH_ITEMS_MAX,
    model::place::ModelPlace,
};

/// The shop: a copy of a node's data, a catalogue, or the demo.
#[derive(Debug, clap::Args)]
pub struct PlaceArguments {
    /// Data of a stopped node, which is copied and stays as it is. Default: the demo catalogue.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["catalog", "map"])]
    data: Option<PathBuf>,
    /// Catalogue: .jsonl, .csv, .tsv (each also .gz) or .parquet.
    #[arg(long, value_name = "FILE", requires = "map")]
    catalog: Option<PathBuf>,
    /// Which column fills which field, as for `sampan import`.
    #[arg(long, value_name = "MAP.toml", requires = "catalog")]
    map: Option<PathBuf>,
    /// Folder with dictionaries. Default: those built into this binary.
    #[arg(long, value_name = "FOLDER")]
    dictionaries: Option<PathBuf>,
    #[command(flatten)]
    model: ModelPlace,
}

impl PlaceArguments {
    /// The node. Events are recorded on it, unless its data has its own.
    pub fn node(&self, events: &[Event]) -> anyhow::Result<ThrowAwayNode> {
        if let Some(data) = &self.data {
            return ThrowAwayNode::of_data(
                data,
                self.dictionaries.as_deref(),
                self.model.for_node(),
            );
        }
        let node = match (&self.catalog, &self.map) {
            (Some(file), Some(map)) => self.built(&Catalogue::read(file, map)?)?,
            _ => self.demo(&demo::catalogue::items()?)?,
        };
        let (refused, reason) = node.record(events).context("the events of the log")?;
        if let Some(reason) = reason {
            eprintln!(
                "{refused} events were refused and teach the node nothing; the first: {reason}"
            );
        }
        Ok(node)
    }

    /// A node with the demo's items.
    pub fn demo(&self, items: &[Item]) -> anyhow::Result<ThrowAwayNode> {
        self.built(&Catalogue {
            batches: items
                .chunks(BATCH_ITEMS_MAX)
                .map(<[Item]>::to_vec)
                .collect(),
            refused: 0,
        })
    }

    fn built(&self, catalogue: &Catalogue) -> anyhow::Result<ThrowAwayNode> {
        ThrowAwayNode::build(
            catalogue,
            self.dictionaries.as_deref(),
            self.model.for_node(),
        )
    }
}
