//! A plan: documents as `sampan admin put` takes them, single numbers of ranking profiles, and what must hold before it is
//! launched.
//!
//! ```toml
//! name = "more direct mail"
//!
//! [documents.pools]
//! hk = "pools-hk.toml"             # a file beside the plan
//! [documents.rules.hk]             # or the document itself
//! rule = [ … ]
//!
//! [numbers.hk]                     # laid over the profile in force
//! "boosts.direct_mail" = 0.08
//!
//! [checklist]
//! max_zero_results_rise = 0.0
//! min_exposure.direct_mail = 0.3
//! ```

use std::{collections::BTreeMap, path::Path};

use sampan_engine::config::documents;
use sampan_proto::v1::DocumentKind;
use serde::Deserialize;
use toml::{Table, Value};

use super::checklist::Checklist;
use crate::evaluate::{
    learn::profile_text,
    node::ThrowAwayNode,
    plan_file::{self, PlanError},
};

/// Kinds by the names that `sampan admin put` has for them, in the order in which they are put: what others name, first.
const KINDS: [(&str, DocumentKind); 8] = [
    ("pools", DocumentKind::Pools),
    ("restrictions", DocumentKind::Restrictions),
    ("freight", DocumentKind::Freight),
    ("expansions", DocumentKind::Expansions),
    ("ranking-model", DocumentKind::RankingModel),
    ("ranking", DocumentKind::RankingProfile),
    ("rules", DocumentKind::Rules),
    ("experiments", DocumentKind::Experiments),
];

/// What is to be simulated.
#[derive(Debug, Clone)]
pub struct Plan {
    pub name: String,
    documents: Vec<Planned>,
    /// By region: key of the profile (`boosts.direct_mail`) and number.
    numbers: BTreeMap<String, BTreeMap<String, Value>>,
    pub checklist: Checklist,
}

/// A document of a plan.
#[derive(Debug, Clone, PartialEq)]
struct Planned {
    /// Name of its kind.
    kind_name: &'static str,
    kind: DocumentKind,
    region: String,
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    name: String,
    #[serde(default)]
    documents: BTreeMap<String, BTreeMap<String, Value>>,
    #[serde(default)]
    numbers: BTreeMap<String, BTreeMap<String, Value>>,
    #[serde(default)]
    checklist: Checklist,
}

impl Plan {
    /// Reads a plan, and the files that it names.
    ///
    /// # Errors
    /// A file cannot be read, or says what a plan does not; the error names the field.
    pub fn read(path: &Path) -> Result<Self, PlanError> {
        let file: File = plan_file::read(path)?;
        let wrong = |field: String, reason: String| PlanError::Field {
            path: path.to_owned(),
            field,
            reason,
        };
        let names = || KINDS.map(|(name, _)| name).join(", ");
        let mut unknown = file.documents.keys();
        if let Some(kind) = unknown.find(|kind| !KINDS.iter().any(|(name, _)| name == kind)) {
            return Err(wrong(
                format!("documents.{kind}"),
                format!("is none of {}", names()),
            ));
        }
        let mut planned = Vec::new();
        for (kind_name, kind) in KINDS {
            for (region, value) in file.documents.get(kind_name).into_iter().flatten() {
                let text = match value {
                    Value::String(name) => plan_file::text(&path.with_file_name(name))?,
                    Value::Table(table) => toml(table).map_err(|reason| {
                        wrong(format!("documents.{kind_name}.{region}"), reason)
                    })?,
                    _ => {
                        let reason =
                            "want the name of a file, or the document as a table".to_owned();
                        return Err(wrong(format!("documents.{kind_name}.{region}"), reason));
                    }
                };
                planned.push(Planned {
                    kind_name,
                    kind,
                    region: region.clone(),
                    text,
                });
            }
        }
        for (region, numbers) in &file.numbers {
            for (key, value) in numbers {
                let is_number = matches!(value, Value::Float(_) | Value::Integer(_));
                if !is_number || !key.contains('.') {
                    let reason = "want a key as \"boosts.direct_mail\" and a number".to_owned();
                    return Err(wrong(format!("numbers.{region}.{key}"), reason));
                }
            }
        }
        let stem = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        Ok(Self {
            name: if file.name.is_empty() {
                stem
            } else {
                file.name
            },
            documents: planned,
            numbers: file.numbers,
            checklist: file.checklist,
        })
    }

    /// What it changes, a line each.
    pub fn changes(&self) -> Vec<String> {
        let documents = self.documents.iter();
        let documents = documents.map(|its| format!("{} of {}", its.kind_name, its.region));
        let numbers = self.numbers.iter().flat_map(|(region, numbers)| {
            numbers
                .iter()
                .map(move |(key, value)| format!("{key} = {value} in {region}"))
        });
        documents.chain(numbers).collect()
    }

    /// Puts everything in force on a node.
    ///
    /// # Errors
    /// The node refuses a document; it is named.
    pub fn put(&self, node: &ThrowAwayNode) -> anyhow::Result<()> {
        for its in &self.documents {
            let put = node.put(its.kind, &its.region, &its.text);
            put.map_err(|error| {
                error.context(format!("documents.{}.{}", its.kind_name, its.region))
            })?;
        }
        for (region, numbers) in &self.numbers {
            let numbers: Vec<(&str, &Value)> =
                numbers.iter().map(|(key, value)| (&**key, value)).collect();
            let put = put_numbers(node, region, &numbers);
            put.map_err(|error| error.context(format!("numbers.{region}")))?;
        }
        Ok(())
    }
}

/// Lays numbers over a region's ranking profile in force.
///
/// # Errors
/// The profile that comes of it is refused.
pub fn put_numbers(
    node: &ThrowAwayNode,
    region: &str,
    numbers: &[(&str, &Value)],
) -> anyhow::Result<()> {
    let files = node.node().generation().configuration.files.clone();
    let text = profile_text::with_numbers(&files, region, numbers)?;
    let path = documents::path(DocumentKind::RankingProfile, region)?;
    // A document that changes nothing is no document.
    if files.get(&path) == Some(text.as_str()) {
        return Ok(());
    }
    node.put_profile(region, &text)
}

fn toml(table: &Table) -> Result<String, String> {
    toml::to_string(table).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(text: &str) -> Result<Plan, PlanError> {
        let folder = tempfile::TempDir::new().unwrap();
        std::fs::write(
            folder.path().join("pools.toml"),
            "[[pool]]\nid = \"deals\"\nitem = [\"a\"]\n",
        )
        .unwrap();
        let path = folder.path().join("plan.toml");
        std::fs::write(&path, text).unwrap();
        Plan::read(&path)
    }

    #[test]
    fn documents_come_from_files_and_tables_and_are_put_in_order() {
        let text = "[documents.ranking.hk]\ninherits = \"common\"\n[documents.ranking.hk.boosts]\nlocal = 0.01\n\
                    [documents.pools]\nhk = \"pools.toml\"\n[numbers.tw]\n\"boosts.local\" = 0.02\n";
        let plan = plan(text).unwrap();
        assert_eq!(plan.name, "plan");
        assert_eq!(
            plan.changes(),
            ["pools of hk", "ranking of hk", "boosts.local = 0.02 in tw"]
        );
        assert!(plan.documents[0].text.contains("deals"));
        assert!(plan.documents[1].text.contains("[boosts]\nlocal = 0.01"));
    }

    #[test]
    fn what_is_no_plan_is_refused_and_named() {
        let cases = [
            (
                "[documents.colours]\nhk = \"x\"\n",
                "documents.colours: is none of pools",
            ),
            (
                "[documents.pools]\nhk = 1\n",
                "documents.pools.hk: want the name of a file",
            ),
            ("[documents.pools]\nhk = \"none.toml\"\n", "none.toml"),
            (
                "[numbers.hk]\n\"boosts.local\" = \"x\"\n",
                "numbers.hk.boosts.local: want",
            ),
            ("[numbers.hk]\nlocal = 1\n", "numbers.hk.local: want"),
            ("speed = 1\n", "unknown field `speed`"),
            ("[checklist]\nmax_joy = 1\n", "max_joy"),
        ];
        for (text, part) in cases {
            let error = plan(text).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}
