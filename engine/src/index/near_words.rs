//! The near words in force: a region's own table, then the common one, which is reviewed or, until it is, mined.

use std::{collections::BTreeMap, sync::Arc};

use sampan_analyzers::{Analyzer, Expansions};

use super::expansion::MinedExpansions;
use crate::config::expansions::{COMMON, ExpansionTables};

/// Near words as queries look them up.
#[derive(Default)]
pub struct NearWords {
    /// By region's code, and [`COMMON`].
    tables: BTreeMap<String, Expansions>,
    /// What the node mined; in force where no common table was written.
    mined: Option<Arc<MinedExpansions>>,
}

impl NearWords {
    /// Prepares the tables for an analyser.
    pub fn of(
        reviewed: &ExpansionTables,
        mined: Option<Arc<MinedExpansions>>,
        analyzer: &Analyzer,
    ) -> Self {
        let mut tables: BTreeMap<String, Expansions> = reviewed
            .iter()
            .map(|(folder, table)| (folder.clone(), analyzer.expansions(table)))
            .collect();
        let mined = mined.filter(|_| !reviewed.contains_key(COMMON));
        if let Some(mined) = &mined {
            tables.insert(COMMON.to_owned(), analyzer.expansions(mined.table()));
        }
        Self { tables, mined }
    }

    /// The tables that a region's shoppers are answered by: of those that have a word the first counts.
    pub fn of_region(&self, region: &str) -> Vec<&Expansions> {
        let folders = [region, COMMON];
        folders
            .iter()
            .filter_map(|folder| self.tables.get(*folder))
            .collect()
    }

    /// Whether there is no table at all, not even an empty one.
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }

    /// What the node mined, while it is in force.
    pub fn mined(&self) -> Option<&MinedExpansions> {
        self.mined.as_deref()
    }
}
