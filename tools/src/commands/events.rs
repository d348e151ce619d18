//! `sampan events`

mod erase;

use std::{path::PathBuf, process::ExitCode};

use sampan_proto::v1::{
    self, RecordEventsRequest, RecordEventsResponse, event_service_client::EventServiceClient,
};

use self::erase::EraseArguments;
use super::{NodeArguments, choices::EventChoice, shopper::SegmentArgument};
use crate::{
    client::{self, ClientError},
    event_file,
    terminal::{Output, json, refusals},
};

/// Most events a request, from the contract.
const EVENTS_PER_REQUEST_MAX: usize = 1_000;

/// Exit code when something was refused.
const SOME_REFUSED: u8 = 1;

/// Record what shoppers did: one event, or a JSONL file of them. Or erase it.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
#[command(after_help = "\
A file has one event a line, with the field names of sampan.v1.Event:
  {\"kind\": \"click\", \"user_id\": \"u1\", \"item_id\": \"d-la-0001\", \"region\": \"hk\"}

Exit code: 0 everything recorded, 1 something refused, 2 could not run.

Examples:
  sampan events --kind click --item d-la-0001 --region hk --user u1
  sampan events --kind order --item d-la-0001 --region hk --session s1 --quantity 2
  sampan events clicks.jsonl
  sampan events erase u1 --author \"privacy desk, ticket 7\"")]
pub struct EventsArguments {
    #[command(subcommand)]
    command: Option<EventsCommand>,
    /// JSONL file, one event a line.
    #[arg(value_name = "FILE", conflicts_with_all = ["kind", "item", "region"])]
    file: Option<PathBuf>,
    /// What was done.
    #[arg(long, value_enum, required_unless_present = "file")]
    kind: Option<EventChoice>,
    /// Id of the item.
    #[arg(long, value_name = "ID", required_unless_present = "file")]
    item: Option<String>,
    /// Region it happened in.
    #[arg(long, required_unless_present = "file")]
    region: Option<String>,
    /// Id of a signed-in user.
    #[arg(long, default_value = "", hide_default_value = true, value_name = "ID")]
    user: String,
    /// Id of the visit.
    #[arg(long, default_value = "", hide_default_value = true, value_name = "ID")]
    session: String,
    /// Id of the answer that showed the item.
    #[arg(long, default_value = "", hide_default_value = true, value_name = "ID")]
    request_id: String,
    /// Place on the page, from 0.
    #[arg(long)]
    position: Option<u32>,
    /// The query, when it came from a search.
    #[arg(long, default_value = "", hide_default_value = true)]
    query: String,
    #[command(flatten)]
    segment: SegmentArgument,
    /// Units, for carts and orders.
    #[arg(long, default_value_t = 1)]
    quantity: u32,
    #[command(flatten)]
    node: NodeArguments,
}

#[derive(Debug, clap::Subcommand)]
enum EventsCommand {
    Erase(EraseArguments),
}

impl EventsArguments {
    fn event(&self) -> v1::Event {
        v1::Event {
            kind: self
                .kind
                .map_or(v1::EventKind::Unspecified, v1::EventKind::from)
                .into(),
            user_id: self.user.clone(),
            session_id: self.session.clone(),
            item_id: self.item.clone().unwrap_or_default(),
            region: self.region.clone().unwrap_or_default(),
            request_id: self.request_id.clone(),
            position: self.position,
            query: self.query.clone(),
            segment: self.segment.name.clone(),
            quantity: self.quantity,
            ..Default::default()
        }
    }
}

pub async fn run(arguments: EventsArguments, output: &Output) -> anyhow::Result<ExitCode> {
    if let Some(EventsCommand::Erase(arguments)) = arguments.command {
        return erase::run(arguments, output).await;
    }
    let events = match &arguments.file {
        Some(path) => event_file::read(path)?,
        None => vec![arguments.event()],
    };
    let channel = client::connect(&arguments.node.address).await?;
    let mut client = EventServiceClient::new(channel);
    let mut total = RecordEventsResponse::default();
    for (index, chunk) in events.chunks(EVENTS_PER_REQUEST_MAX).enumerate() {
        let offset = (index * EVENTS_PER_REQUEST_MAX) as u64;
        let request = RecordEventsRequest {
            events: chunk.to_vec(),
        };
        let response = client
            .record_events(request)
            .await
            .map_err(ClientError::from)?;
        add(&mut total, response.into_inner(), offset);
    }
    if output.is_json() {
        output.value(&json::value("RecordEventsResponse", &total)?)?;
    } else {
        let counts = format!(
            "{} recorded, {} refused, {} recorded before",
            total.accepted, total.refused, total.duplicates
        );
        output.line(&counts)?;
        if total.refused > 0 {
            output.line(&refusals::refusal_table(&total.results, output))?;
        }
    }
    Ok(if total.refused > 0 {
        ExitCode::from(SOME_REFUSED)
    } else {
        ExitCode::SUCCESS
    })
}

/// Adds the answer to one request; its places count from `offset` in the whole file.
fn add(total: &mut RecordEventsResponse, part: RecordEventsResponse, offset: u64) {
    total.accepted += part.accepted;
    total.refused += part.refused;
    total.duplicates += part.duplicates;
    total.sequence = part.sequence;
    let results = part.results.into_iter();
    total.results.extend(results.map(|result| v1::ItemResult {
        index: result.index + offset,
        ..result
    }));
}
