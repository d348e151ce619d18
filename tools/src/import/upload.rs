//! Sends batches to a node and brings its refusals back to the lines they come from.

use std::time::{Duration, Instant};

use sampan_proto::v1::{
    IndexStatusRequest, UpsertItemsRequest, admin_service_client::AdminServiceClient,
    catalog_service_client::CatalogServiceClient,
};

use super::{batch::Batch, item::Refusal, regions::SaleRegion};
use crate::client::{ClientError, NodeChannel};

/// How often a node is asked whether search sees a write.
const VISIBLE_POLL: Duration = Duration::from_millis(20);

/// What the node made of a batch.
#[derive(Debug)]
pub struct Uploaded {
    pub accepted: u64,
    /// Every refused line of the batch, by the importer or by the node, ascending.
    pub refusals: Vec<(u64, Refusal)>,
    /// The node's sequence number after it.
    pub sequence: u64,
}

/// What an import needs to know of the node.
#[derive(Debug)]
pub struct NodeState {
    pub regions: Vec<SaleRegion>,
    /// Last write that the node has.
    pub sequence: u64,
}

/// Asks a node for its regions and its last write.
///
/// # Errors
/// The node does not answer.
pub async fn node_state(channel: NodeChannel) -> Result<NodeState, ClientError> {
    let status = AdminServiceClient::new(channel)
        .index_status(IndexStatusRequest {})
        .await?;
    let status = status.into_inner();
    let regions = status.regions.into_iter().map(|region| SaleRegion {
        code: region.region,
        currency: region.currency,
    });
    Ok(NodeState {
        regions: regions.collect(),
        sequence: status.sequence_written,
    })
}

/// Waits until search sees a write; false when it does not in time.
///
/// # Errors
/// The node does not answer.
pub async fn wait_visible(
    channel: NodeChannel,
    sequence: u64,
    timeout: Duration,
) -> Result<bool, ClientError> {
    let deadline = Instant::now() + timeout;
    let mut client = AdminServiceClient::new(channel);
    loop {
        let status = client
            .index_status(IndexStatusRequest {})
            .await?
            .into_inner();
        if status.sequence_visible >= sequence {
            return Ok(true);
        }
        if Instant::now() > deadline {
            return Ok(false);
        }
        tokio::time::sleep(VISIBLE_POLL).await;
    }
}

/// Sends one batch and waits until it is on the node's disk.
///
/// # Errors
/// The node does not answer or refuses the batch as a whole. Then none of it may count as imported.
pub async fn upload(
    client: &mut CatalogServiceClient<NodeChannel>,
    batch: Batch,
) -> Result<Uploaded, ClientError> {
    let Batch {
        items,
        lines,
        mut refusals,
        ..
    } = batch;
    if items.is_empty() {
        return Ok(Uploaded {
            accepted: 0,
            refusals,
            sequence: 0,
        });
    }
    let request = tokio_stream::once(UpsertItemsRequest { items });
    let response = client.upsert_items(request).await?.into_inner();
    for result in response
        .results
        .into_iter()
        .filter(|result| !result.accepted)
    {
        let place = usize::try_from(result.index).unwrap_or(usize::MAX);
        let line = lines.get(place).copied().unwrap_or_default();
        let refusal = Refusal {
            item_id: result.item_id,
            field: result.field,
            reason: result.reason,
        };
        refusals.push((line, refusal));
    }
    refusals.sort_by_key(|(line, _)| *line);
    Ok(Uploaded {
        accepted: response.accepted,
        refusals,
        sequence: response.sequence,
    })
}
