//! The record of changes of administered documents.

use sampan_proto::v1;
use similar::TextDiff;

use super::{
    Output,
    documents::kind_name,
    highlight::safe,
    table::{Align, table},
};

/// Lines around a difference that are shown with it.
const CONTEXT_LINES: usize = 3;

pub fn change_table(response: &v1::ListChangesResponse, output: &Output) -> String {
    let columns = [
        ("id", Align::Right),
        ("time", Align::Left),
        ("kind", Align::Left),
        ("region", Align::Left),
        ("before", Align::Left),
        ("after", Align::Left),
        ("by", Align::Left),
        ("comment", Align::Left),
    ];
    let rows = response.changes.iter().map(|change| {
        vec![
            change.id.to_string(),
            time(change),
            kind_name(change.kind()).to_owned(),
            safe(&change.region),
            state(&change.version_before, &change.origin_before),
            state(&change.version_after, &change.origin_after),
            safe(&change.author),
            remark(change),
        ]
    });
    let mut text = table(&columns, rows.collect(), output);
    if !response.next_page_token.is_empty() {
        let token = safe(&response.next_page_token);
        text.push_str(&format!("\n\nearlier ones: --page-token {token}"));
    }
    text
}

/// One change: its facts, and what it did to the text line by line.
pub fn change_text(change: &v1::DocumentChange) -> String {
    let name = |version: &str, origin: &str| match origin {
        "" => "none".to_owned(),
        origin => format!("{origin} {version}"),
    };
    let before = name(&change.version_before, &change.origin_before);
    let after = match change.origin_after.as_str() {
        "" => "dropped".to_owned(),
        origin => name(&change.version_after, origin),
    };
    let head = format!(
        "{} {}, {} by {:?}: {}",
        kind_name(change.kind()),
        safe(&change.region),
        time(change),
        change.author,
        remark(change)
    );
    let diff = TextDiff::from_lines(&change.toml_before, &change.toml_after);
    let lines = diff
        .unified_diff()
        .context_radius(CONTEXT_LINES)
        .header(&before, &after)
        .to_string();
    let lines: Vec<String> = lines.lines().map(safe).collect();
    format!("{head}\n{}", lines.join("\n"))
}

fn time(change: &v1::DocumentChange) -> String {
    change.time.map(|time| time.to_string()).unwrap_or_default()
}

fn state(version: &str, origin: &str) -> String {
    match origin {
        "" => "–".to_owned(),
        "admin" => safe(version),
        origin => format!("{} ({})", safe(version), safe(origin)),
    }
}

fn remark(change: &v1::DocumentChange) -> String {
    let comment = safe(&change.comment);
    match change.undoes {
        0 => comment,
        undone if comment.is_empty() => format!("takes back {undone}"),
        undone => format!("takes back {undone}: {comment}"),
    }
}
