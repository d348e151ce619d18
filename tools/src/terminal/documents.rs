//! Administered documents and what a change of one does.

use sampan_proto::v1;

use super::{
    Output,
    highlight::safe,
    table::{Align, table},
};

pub fn document_table(documents: &[v1::Document], output: &Output) -> String {
    let columns = [
        ("kind", Align::Left),
        ("region", Align::Left),
        ("version", Align::Left),
        ("origin", Align::Left),
        ("updated", Align::Left),
    ];
    let rows = documents.iter().map(|document| {
        let updated = document
            .updated
            .map(|time| time.to_string())
            .unwrap_or_default();
        vec![
            kind_name(document.kind()).to_owned(),
            safe(&document.region),
            safe(&document.version),
            safe(&document.origin),
            updated,
        ]
    });
    table(&columns, rows.collect(), output)
}

/// Name of a kind, as the commands take it.
pub fn kind_name(kind: v1::DocumentKind) -> &'static str {
    match kind {
        v1::DocumentKind::RankingProfile => "ranking",
        v1::DocumentKind::Restrictions => "restrictions",
        v1::DocumentKind::Pools => "pools",
        v1::DocumentKind::Expansions => "expansions",
        v1::DocumentKind::RankingModel => "ranking-model",
        v1::DocumentKind::Rules => "rules",
        v1::DocumentKind::Experiments => "experiments",
        v1::DocumentKind::Freight => "freight",
        v1::DocumentKind::Unspecified => "?",
    }
}

/// What putting a document did, or would do.
pub fn effect_text(response: &v1::PutDocumentResponse, dry_run: bool, output: &Output) -> String {
    let head = if dry_run {
        "only checked: would become version"
    } else {
        "in force: version"
    };
    let mut parts = vec![format!("{head} {}", safe(&response.version))];
    if !response.effects.is_empty() {
        parts.push(
            response
                .effects
                .iter()
                .map(|text| safe(text))
                .collect::<Vec<_>>()
                .join("\n"),
        );
    }
    if !response.changes.is_empty() {
        let columns = [
            ("item", Align::Left),
            ("change", Align::Left),
            ("detail", Align::Left),
        ];
        let rows = response.changes.iter().map(|change| {
            vec![
                safe(&change.item_id),
                safe(&change.change),
                safe(&change.detail),
            ]
        });
        parts.push(table(&columns, rows.collect(), output));
        let (shown, total) = (response.changes.len(), response.changes_total);
        parts.push(format!("{shown} of {total} changed items"));
    }
    parts.join("\n\n")
}
