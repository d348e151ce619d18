//! What is to be learnt: keys and their values, and the judged sets that decide.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use crate::evaluate::{
    metrics::Measure,
    plan_file::{self, PlanError},
};

/// Most trials that one round may ask for: more keys or values are a mistake, or a night's work.
const TRIALS_A_ROUND_MAX: usize = 1_000;
const ROUNDS_MAX: usize = 20;

/// A plan file.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LearnPlan {
    /// Region whose profile is learnt, and from which the queries come.
    pub region: String,
    /// Most rounds over all keys.
    #[serde(default = "usual_rounds")]
    pub rounds: usize,
    /// Most queries of each half of a set.
    #[serde(default = "usual_queries")]
    pub queries_max: usize,
    /// Keys of the profile (`vectors.below`), each with the values to try.
    pub keys: toml::Table,
    /// The judged sets.
    #[serde(rename = "set")]
    pub sets: Vec<LearnSet>,
}

/// Judged queries on a catalogue; files are named from the plan's folder.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LearnSet {
    /// What tables call it.
    pub name: String,
    pub catalog: PathBuf,
    pub map: PathBuf,
    pub queries: PathBuf,
    pub qrels: PathBuf,
    /// An OpenCC configuration that titles and brands are converted by.
    pub titles_convert: Option<String>,
    /// An OpenCC configuration that queries are converted by.
    pub queries_convert: Option<String>,
    /// What is measured.
    pub measure: Measure,
    /// Share in what is climbed; 0: only watched.
    #[serde(default = "usual_weight")]
    pub weight: f64,
    /// Most that the measure may lose.
    #[serde(default)]
    pub loss_max: f64,
}

fn usual_rounds() -> usize {
    3
}

fn usual_queries() -> usize {
    500
}

fn usual_weight() -> f64 {
    1.0
}

impl LearnPlan {
    /// Reads and checks a plan.
    ///
    /// # Errors
    /// The file cannot be read, or a field is wrong, which the error names.
    pub fn read(path: &Path) -> Result<Self, PlanError> {
        let mut plan: Self = plan_file::read(path)?;
        plan.check().map_err(|(field, reason)| PlanError::Field {
            path: path.to_owned(),
            field,
            reason,
        })?;
        let folder = path.parent().unwrap_or(Path::new(""));
        for set in &mut plan.sets {
            let files = [
                &mut set.catalog,
                &mut set.map,
                &mut set.queries,
                &mut set.qrels,
            ];
            for file in files {
                *file = folder.join(&*file);
            }
        }
        Ok(plan)
    }

    /// The values of each key.
    pub fn values(&self) -> Vec<(&str, &[toml::Value])> {
        let arrays = self.keys.iter().filter_map(|(key, values)| {
            let values = values.as_array()?;
            Some((key.as_str(), values.as_slice()))
        });
        arrays.collect()
    }

    /// The field that is wrong, and why.
    fn check(&self) -> Result<(), (String, String)> {
        let fail = |field: &str, reason: &str| Err((field.to_owned(), reason.to_owned()));
        if !(1..=ROUNDS_MAX).contains(&self.rounds) {
            return fail("rounds", &format!("must be 1 to {ROUNDS_MAX}"));
        }
        if self.queries_max == 0 {
            return fail("queries_max", "must be 1 or more");
        }
        if self.keys.is_empty() {
            return fail("keys", "name at least one key and its values");
        }
        let mut trials = 0;
        for (key, values) in &self.keys {
            let field = format!("keys.\"{key}\"");
            if key.split('.').count() != 2 || key.split('.').any(str::is_empty) {
                return fail(&field, "want a table and a key: \"weights.vector\"");
            }
            let Some(values) = values.as_array().filter(|values| !values.is_empty()) else {
                return fail(&field, "want a list of values: [0.0, 0.5]");
            };
            if !values.iter().all(|v| v.is_float() || v.is_integer()) {
                return fail(&field, "values are numbers");
            }
            trials += values.len();
        }
        if trials > TRIALS_A_ROUND_MAX {
            return fail("keys", &format!("more than {TRIALS_A_ROUND_MAX} values"));
        }
        let mut names = HashSet::new();
        for set in &self.sets {
            let field = |name| format!("set \"{}\": {name}", set.name);
            if !names.insert(&set.name) {
                return fail(&field("name"), "comes twice");
            }
            if !(set.weight >= 0.0 && set.weight.is_finite()) {
                return fail(&field("weight"), "must be 0 or more");
            }
            if !(0.0..=1.0).contains(&set.loss_max) {
                return fail(&field("loss_max"), "must be 0 to 1");
            }
        }
        if self.sets.iter().all(|set| set.weight == 0.0) {
            return fail("set", "no set has a weight, so there is nothing to climb");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: &str = r#"
region = "hk"
[keys]
"weights.vector" = [0.0, 0.8]
[[set]]
name = "categories"
catalog = "items.tsv"
map = "map.toml"
queries = "q.tsv"
qrels = "r.tsv"
measure = "recall_10"
"#;

    fn read(text: &str) -> Result<LearnPlan, PlanError> {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("plan.toml");
        std::fs::write(&path, text).unwrap();
        LearnPlan::read(&path)
    }

    #[test]
    fn a_plan_is_read_with_what_is_usual() {
        let plan = read(PLAN).unwrap();
        assert_eq!((plan.rounds, plan.queries_max), (3, 500));
        assert_eq!((plan.sets[0].weight, plan.sets[0].loss_max), (1.0, 0.0));
        assert!(plan.sets[0].catalog.is_absolute());
        assert_eq!(plan.values()[0].0, "weights.vector");
    }

    #[test]
    fn what_is_wrong_is_named() {
        let refused = |from: &str, to: &str, part: &str| {
            let text = PLAN.replace(from, to);
            assert_ne!(text, PLAN, "{from}");
            let message = read(&text).unwrap_err().to_string();
            assert!(message.contains(part), "{message}");
        };
        refused("[0.0, 0.8]", "[]", "keys.\"weights.vector\"");
        refused("[0.0, 0.8]", "[\"a\"]", "values are numbers");
        refused("weights.vector", "vector", "a table and a key");
        refused("recall_10", "recall_11", "recall_11");
        refused("region = \"hk\"", "region = \"hk\"\nrounds = 21", "rounds");
        refused(
            "region = \"hk\"",
            "region = \"hk\"\nqueries_max = 0",
            "queries_max",
        );
        refused("measure =", "weight = 0\nmeasure =", "nothing to climb");
        refused("measure =", "weight = -1\nmeasure =", "weight");
        refused("measure =", "loss_max = 1.5\nmeasure =", "loss_max");
        refused("measure =", "other = 1\nmeasure =", "other");
        let at_limit: Vec<String> = (0..=TRIALS_A_ROUND_MAX).map(|n| n.to_string()).collect();
        refused("0.0, 0.8", &at_limit.join(", "), "more than 1000");
        let text = PLAN.replace("0.0, 0.8", &at_limit[1..].join(", "));
        assert!(read(&text).is_ok());
    }
}
