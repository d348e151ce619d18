//! `sampan events erase`

use std::process::ExitCode;

use sampan_proto::v1::{
    EraseUserRequest, EraseUserResponse, event_service_client::EventServiceClient,
};

use crate::{
    client::{self, ClientError},
    commands::NodeArguments,
    terminal::{Output, json},
};

/// Exit code when something of the user is still there.
const SOMETHING_LEFT: u8 = 1;

/// Delete all events of a user or session, and what was made of them, from the store, the log, the files and memory.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
With a user go the events without a user of sessions that were this user's alone. The node looks through everything
afterwards and says what is left, which should be nothing.

Exit code: 0 nothing is left, 1 something is, 2 could not run.

Examples:
  sampan events erase u1 --author \"privacy desk, ticket 7\"
  sampan events erase --session s1")]
pub struct EraseArguments {
    /// Id of the user.
    #[arg(value_name = "USER", required_unless_present = "session")]
    user: Option<String>,
    /// Id of a session, instead of a user.
    #[arg(long, value_name = "ID", conflicts_with = "user")]
    session: Option<String>,
    /// Who asks, for the log; not the erased id.
    #[arg(long, default_value = "", hide_default_value = true)]
    author: String,
    #[command(flatten)]
    node: NodeArguments,
}

pub async fn run(arguments: EraseArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let channel = client::connect(&arguments.node.address).await?;
    let request = EraseUserRequest {
        user_id: arguments.user.unwrap_or_default(),
        session_id: arguments.session.unwrap_or_default(),
        author: arguments.author,
    };
    let response = EventServiceClient::new(channel)
        .erase_user(request)
        .await
        .map_err(ClientError::from)?
        .into_inner();
    match output.is_json() {
        true => output.value(&json::value("EraseUserResponse", &response)?)?,
        false => output.line(&sentence(&response))?,
    }
    Ok(match response.remaining {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::from(SOMETHING_LEFT),
    })
}

fn sentence(response: &EraseUserResponse) -> String {
    format!(
        "{} events erased, {} of them without a user; {} left",
        response.erased, response.anonymous, response.remaining
    )
}
