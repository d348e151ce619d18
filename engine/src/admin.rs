//! Floor 5: what operators ask and change: documents with dry run, and the status.

mod changes;
mod experiments;
mod exposure;
mod freight;
mod memory;
mod ordinals;
mod pools;
mod rates;
mod rule_effects;
mod status;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::PoisonError,
    time::Duration,
};

use sampan_analyzers::{ExpansionTable, Neighbour};
use sampan_proto::v1;

pub use exposure::report as exposure_report;
pub use pools::status as pool_status;
pub use rates::report as rate_report;
use rule_effects::RuleChange;
pub use status::{encoder_status, status};

use crate::{
    base::{
        clock,
        error::{Result, SampanError},
        limits,
        priority::behind_queries,
    },
    catalog::validate::text::bounded,
    config::{
        Configuration,
        documents::{self, AdminDocument},
        expansions::COMMON,
        restrictions, rules,
    },
    index::{
        columns::{Columns, Policy},
        shared::Shared,
    },
    store::records::StoredDocument,
};

/// How long putting a document in force may take before its caller is told to look again.
const IN_FORCE_WITHIN: Duration = Duration::from_secs(60);

/// Kinds that the node reads.
const KINDS: [v1::DocumentKind; 8] = [
    v1::DocumentKind::RankingProfile,
    v1::DocumentKind::Restrictions,
    v1::DocumentKind::Pools,
    v1::DocumentKind::Expansions,
    v1::DocumentKind::RankingModel,
    v1::DocumentKind::Experiments,
    v1::DocumentKind::Rules,
    v1::DocumentKind::Freight,
];

/// Reads and changes admin documents.
pub struct Documents<'s> {
    shared: &'s Shared,
}

impl<'s> Documents<'s> {
    pub(crate) fn new(shared: &'s Shared) -> Self {
        Self { shared }
    }

    /// All documents in force, without their texts.
    pub fn list(&self, request: &v1::ListDocumentsRequest) -> Result<Vec<v1::Document>> {
        let configuration = self.shared.configuration.load();
        let laid_over = self.shared.store.documents()?;
        let asked = v1::DocumentKind::try_from(request.kind)
            .map_err(|_| SampanError::invalid("kind", "unknown kind"))?;
        if !request.region.is_empty() {
            self.check_region(&request.region)?;
        }
        let mut found = Vec::new();
        for path in configuration.files.0.keys() {
            let Some((region, kind)) = parse_path(path) else {
                continue;
            };
            let wanted = (asked == v1::DocumentKind::Unspecified || asked == kind)
                && (request.region.is_empty() || request.region == region);
            if wanted && let Some(text) = configuration.files.get(path) {
                found.push(describe(kind, region, text, laid_over.get(path)));
            }
        }
        let is_asked = |region: &str| request.region.is_empty() || request.region == region;
        let all_kinds = asked == v1::DocumentKind::Unspecified;
        if (all_kinds || asked == v1::DocumentKind::Expansions) && is_asked(COMMON) {
            found.extend(self.mined());
        }
        found.iter_mut().for_each(|document| document.toml.clear());
        Ok(found)
    }

    /// A document in force.
    pub fn get(&self, request: &v1::GetDocumentRequest) -> Result<v1::Document> {
        let kind = self.kind(request.kind)?;
        let path = self.path(kind, &request.region)?;
        let laid_over = self.shared.store.documents()?;
        let configuration = self.shared.configuration.load();
        if let Some(text) = configuration.files.get(&path) {
            return Ok(describe(kind, &request.region, text, laid_over.get(&path)));
        }
        let is_common = kind == v1::DocumentKind::Expansions && request.region == COMMON;
        let mined = self.mined().filter(|_| is_common);
        mined.ok_or_else(|| SampanError::NotFound {
            what: "document",
            id: path.clone(),
        })
    }

    /// The near words that the node mined, while they are in force.
    fn mined(&self) -> Option<v1::Document> {
        let generation = self.shared.generation.load();
        let text = generation.near_words.mined()?.text();
        Some(v1::Document {
            origin: "mined".to_owned(),
            ..describe(v1::DocumentKind::Expansions, COMMON, &text, None)
        })
    }

    /// Checks a document and tells its effect; unless it is a dry run, puts it in force before it returns.
    pub fn put(&self, request: &v1::PutDocumentRequest) -> Result<v1::PutDocumentResponse> {
        let kind = self.kind(request.kind)?;
        let path = self.path(kind, &request.region)?;
        let most = documents::bytes_max(kind);
        if request.toml.len() > most {
            let reason = format!("{} bytes; at most {most}", request.toml.len());
            return Err(SampanError::invalid("toml", reason));
        }
        bounded("comment", &request.comment, limits::COMMENT_BYTES_MAX)?;
        bounded("author", &request.author, limits::AUTHOR_BYTES_MAX)?;
        let editing = self.shared.editing.lock();
        let _one_at_a_time = editing.unwrap_or_else(PoisonError::into_inner);
        self.change(request, (kind, path), 0)
    }

    /// The same, where no other edit can come between. `undoes`: the change that it takes back, 0 for none.
    fn change(
        &self,
        request: &v1::PutDocumentRequest,
        (kind, path): (v1::DocumentKind, String),
        undoes: u64,
    ) -> Result<v1::PutDocumentResponse> {
        let before = self.shared.configuration.load_full();
        let current = match self.get(&v1::GetDocumentRequest {
            kind: kind.into(),
            region: request.region.clone(),
        }) {
            Ok(current) => current,
            Err(SampanError::NotFound { .. }) => v1::Document {
                version: documents::version(""),
                ..v1::Document::default()
            },
            Err(error) => return Err(error),
        };
        let current_version = &current.version;
        if !request.expected_version.is_empty() && request.expected_version != *current_version {
            return Err(SampanError::Stale(format!(
                "expected_version: {path} is now at {current_version}; read it again"
            )));
        }
        let (after, mut response) = behind_queries("editing", || {
            let after = self.with(&path, &request.toml)?;
            let response = self.effects(kind, &before, &after, request.dry_run)?;
            Ok((after, response))
        })?;
        let new_text = after.files.get(&path).unwrap_or_default();
        response.version = documents::version(new_text);
        if !request.dry_run {
            let sequence = self.shared.ingest.put_document(StoredDocument {
                path: path.clone(),
                text: request.toml.clone(),
                withdrawn: request.toml.is_empty(),
                comment: request.comment.clone(),
                author: request.author.clone(),
                before: current.toml,
                origin_before: current.origin,
                undoes,
                ..StoredDocument::default()
            })?;
            if !self.shared.wait_visible(sequence, IN_FORCE_WITHIN) {
                let reason = format!("{path} is on disk, but not in force yet");
                return Err(SampanError::Unavailable(reason));
            }
        }
        Ok(response)
    }

    /// The configuration as it would be with a document; an invalid one is the caller's error. It is read from the
    /// same files as the indexer will read, so what is taken here comes into force there.
    fn with(&self, path: &str, text: &str) -> Result<Configuration> {
        let mut laid_over = self.shared.store.documents()?;
        if text.is_empty() && laid_over.remove(path).is_none() {
            return Err(SampanError::NotFound {
                what: "admin document",
                id: path.to_owned(),
            });
        }
        let mut files = documents::lay_over(&self.shared.source.load()?, &laid_over);
        if !text.is_empty() {
            files.0.insert(path.to_owned(), text.to_owned());
        }
        let current = self.shared.configuration.load();
        restrictions::check_kept(&current.files, &files, text.is_empty().then_some(path))?;
        let analyzer = &self.shared.generation.load().analyzer;
        let read = Configuration::read(files.into()).and_then(|configuration| {
            if configuration.rules != current.rules {
                rules::check_conflicts(&configuration.rules, analyzer)?;
            }
            Ok(configuration)
        });
        read.map_err(|error| match error {
            SampanError::Configuration { place, reason } => {
                SampanError::invalid("toml", format!("{place}: {reason}"))
            }
            other => other,
        })
    }

    fn effects(
        &self,
        kind: v1::DocumentKind,
        before: &Configuration,
        after: &Configuration,
        dry_run: bool,
    ) -> Result<v1::PutDocumentResponse> {
        Ok(match kind {
            v1::DocumentKind::Restrictions => self.restriction_effects(after),
            v1::DocumentKind::Pools => pools::effects(&self.shared.generation.load_full(), after),
            v1::DocumentKind::Experiments => v1::PutDocumentResponse {
                effects: experiments::changes(before, after),
                ..Default::default()
            },
            v1::DocumentKind::Freight => {
                let generation = self.shared.generation.load_full();
                freight::effects(&generation.columns, before, after)?
            }
            v1::DocumentKind::Expansions => v1::PutDocumentResponse {
                effects: expansion_changes(before, after),
                ..Default::default()
            },
            v1::DocumentKind::Rules => {
                let change = RuleChange {
                    generation: &self.shared.generation.load(),
                    store: &self.shared.store,
                    before,
                    after,
                };
                change.effects(dry_run)?
            }
            _ => v1::PutDocumentResponse {
                effects: weight_changes(before, after),
                ..Default::default()
            },
        })
    }

    /// Items that would vanish, appear, or ship in other ways.
    fn restriction_effects(&self, after: &Configuration) -> v1::PutDocumentResponse {
        let generation = self.shared.generation.load_full();
        let columns = &generation.columns;
        let key = |text: &str| generation.analyzer.fold_key(text);
        let now = clock::now_seconds();
        let policy = Policy::compile(&after.restrictions, &columns.names, &key, now);
        let changed = Policy::changed((&columns.policy, columns.judged), (&policy, now));
        let is_selected = |ordinal: &u32| {
            let row = columns.row(*ordinal);
            row.is_some_and(|row| changed.select(&columns.hot(*ordinal), row))
        };
        let mut response = v1::PutDocumentResponse::default();
        for ordinal in columns.ordinals().filter(is_selected) {
            for change in item_changes(columns, &policy, after, ordinal) {
                response.changes_total += 1;
                if response.changes.len() < limits::DRY_RUN_CHANGES_MAX {
                    response.changes.push(change);
                }
            }
        }
        let count = |kind: &str| response.changes.iter().filter(|c| c.change == kind).count();
        response.effects = vec![format!(
            "{} changes over all destinations (of those listed: {} items vanish, {} appear, {} ship in other ways)",
            response.changes_total,
            count("vanishes"),
            count("appears"),
            count("modes"),
        )];
        response
    }

    fn kind(&self, kind: i32) -> Result<v1::DocumentKind> {
        let kind = v1::DocumentKind::try_from(kind).unwrap_or_default();
        if KINDS.contains(&kind) {
            return Ok(kind);
        }
        let names: Vec<&str> = KINDS.iter().map(|kind| documents::name(*kind)).collect();
        let reason = format!("must be one of {}", names.join(", "));
        Err(SampanError::invalid("kind", reason))
    }

    fn check_region(&self, region: &str) -> Result<()> {
        if region != "common" {
            let configuration = self.shared.configuration.load();
            configuration.regions.require("region", region)?;
        }
        Ok(())
    }

    fn path(&self, kind: v1::DocumentKind, region: &str) -> Result<String> {
        self.check_region(region)?;
        documents::path(kind, region)
    }
}

/// What becomes of one item, destination by destination, for goods sold where they are sent.
fn item_changes(
    columns: &Columns,
    policy: &Policy,
    after: &Configuration,
    ordinal: u32,
) -> Vec<v1::ItemChange> {
    let Some(row) = columns.row(ordinal) else {
        return Vec::new();
    };
    let hot = columns.hot(ordinal);
    let barred = policy.barred(&hot, row, clock::now_seconds());
    let mut changes = Vec::new();
    for (index, region) in after.regions.iter() {
        let offered = hot.offered.get(index);
        let old = offered.minus(hot.barred.get(index));
        let new = offered.minus(barred.get(index));
        if old == new {
            continue;
        }
        let change = match (old.is_empty(), new.is_empty()) {
            (false, true) => "vanishes",
            (true, false) => "appears",
            _ => "modes",
        };
        let names: Vec<&str> = new.iter().map(|mode| mode.name()).collect();
        changes.push(v1::ItemChange {
            item_id: row.id.to_string(),
            change: change.to_owned(),
            detail: format!("{}: {}", region.code, names.join(", ")),
        });
    }
    changes
}

fn weight_changes(before: &Configuration, after: &Configuration) -> Vec<String> {
    use crate::config::profile::SIGNAL_NAMES;
    let mut effects = Vec::new();
    for ((index, region), (old, new)) in before
        .regions
        .iter()
        .zip(before.profiles.iter().zip(&after.profiles))
    {
        debug_assert_eq!(before.profile(index).name, old.name);
        for (place, (name, _)) in SIGNAL_NAMES.iter().enumerate() {
            let (was, is) = (old.weights[place], new.weights[place]);
            if was != is {
                effects.push(format!("{}: {name} {was} -> {is}", region.code));
            }
        }
        if old.margin != new.margin {
            effects.push(format!(
                "{}: margin {} -> {}",
                region.code, old.margin, new.margin
            ));
        }
        if old.model != new.model {
            let whether = if new.model.is_some() { "a" } else { "no" };
            effects.push(format!(
                "{}: ranked by {whether} learned model",
                region.code
            ));
        }
        if old.feed != new.feed {
            effects.push(format!("{}: feed changes", region.code));
        }
        if old.pools != new.pools {
            effects.push(format!("{}: what pools do changes", region.code));
        }
    }
    effects
}

/// Words whose neighbours change, folder by folder.
fn expansion_changes(before: &Configuration, after: &Configuration) -> Vec<String> {
    let folders: BTreeSet<&String> = before
        .expansions
        .keys()
        .chain(after.expansions.keys())
        .collect();
    let words = |configuration: &Configuration, folder: &str| -> BTreeMap<String, Vec<Neighbour>> {
        let table = configuration.expansions.get(folder);
        let rows = table.into_iter().flat_map(ExpansionTable::iter);
        rows.map(|(word, neighbours)| (word.to_owned(), neighbours.to_vec()))
            .collect()
    };
    let mut effects = Vec::new();
    for folder in folders {
        let (old, new) = (words(before, folder), words(after, folder));
        let gained = new.keys().filter(|word| !old.contains_key(*word)).count();
        let lost = old.keys().filter(|word| !new.contains_key(*word)).count();
        let changed = new
            .iter()
            .filter(|(word, near)| old.get(*word).is_some_and(|before| before != *near))
            .count();
        if gained + lost + changed > 0 {
            effects.push(format!(
                "{folder}: {gained} words gain neighbours, {lost} lose them, {changed} have others"
            ));
        }
    }
    effects
}

fn parse_path(path: &str) -> Option<(&str, v1::DocumentKind)> {
    let (region, file) = path.split_once('/')?;
    let kind = KINDS
        .into_iter()
        .find(|kind| documents::file_name(*kind) == Some(file))?;
    Some((region, kind))
}

fn describe(
    kind: v1::DocumentKind,
    region: &str,
    text: &str,
    laid_over: Option<&AdminDocument>,
) -> v1::Document {
    v1::Document {
        kind: kind.into(),
        region: region.to_owned(),
        toml: text.to_owned(),
        version: documents::version(text),
        origin: laid_over.map_or("dictionary", |_| "admin").to_owned(),
        updated: laid_over.map(|document| timestamp(document.updated_ms)),
    }
}

fn timestamp(millis: i64) -> sampan_proto::Timestamp {
    sampan_proto::Timestamp {
        seconds: millis.div_euclid(1_000),
        nanos: (millis.rem_euclid(1_000) * 1_000_000) as i32,
    }
}
