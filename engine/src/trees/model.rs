//! A model of many trees.

use super::{blocks, tree::Tree};

/// Most trees of a model: beyond this no answer is in time.
pub const TREES_MAX: usize = 5_000;
/// Most nodes and leaves of all trees together.
pub const NODES_MAX: usize = 1_000_000;
/// Most features.
pub const FEATURES_MAX: usize = 512;

/// Formats that are read.
const VERSIONS: [&str; 2] = ["v3", "v4"];

/// What is wrong with a model's text, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {key}: {reason}")]
pub struct TreeModelError {
    /// From 1.
    pub line: usize,
    /// Key of the line.
    pub key: &'static str,
    pub reason: String,
}

impl TreeModelError {
    pub(super) fn new(line: usize, key: &'static str, reason: impl Into<String>) -> Self {
        Self {
            line,
            key,
            reason: reason.into(),
        }
    }
}

/// A model that scores rows of features.
#[derive(Debug)]
pub struct TreeModel {
    features: Vec<String>,
    trees: Vec<Tree>,
}

impl TreeModel {
    /// Reads the text that LightGBM's `model_to_string` or `save_model` writes.
    ///
    /// # Errors
    /// The text is cut off, above a limit, of several outputs, has linear leaves, or leads nowhere; the error names the
    /// line.
    pub fn parse(text: &str) -> Result<Self, TreeModelError> {
        let (header, blocks) = blocks::read(text)?;
        let version = header.text("version")?;
        if !VERSIONS.contains(&version) {
            let reason = format!("{version} is not among {}", VERSIONS.join(", "));
            return Err(header.error("version", reason));
        }
        for key in ["num_class", "num_tree_per_iteration"] {
            if header.number::<usize>(key)? != 1 {
                return Err(header.error(key, "only models of one output are supported"));
            }
        }
        let last: usize = header.number("max_feature_idx")?;
        if last >= FEATURES_MAX {
            return Err(header.error("max_feature_idx", format!("more than {FEATURES_MAX}")));
        }
        let names = header.text("feature_names")?.split_ascii_whitespace();
        let features: Vec<String> = names.map(str::to_owned).collect();
        if features.len() != last + 1 {
            let reason = format!("{} names, want {}", features.len(), last + 1);
            return Err(header.error("feature_names", reason));
        }
        if blocks.is_empty() || blocks.len() > TREES_MAX {
            let reason = format!("{} trees, want 1 to {TREES_MAX}", blocks.len());
            return Err(header.error("tree", reason));
        }
        let (mut trees, mut size) = (Vec::with_capacity(blocks.len()), 0);
        for block in &blocks {
            let tree = Tree::read(block, features.len())?;
            size += tree.size();
            if size > NODES_MAX {
                return Err(block.error("num_leaves", format!("more than {NODES_MAX} in all")));
            }
            trees.push(tree);
        }
        Ok(Self { features, trees })
    }

    /// Names of the features, in the order of a row.
    pub fn features(&self) -> &[String] {
        &self.features
    }

    /// Number of trees.
    pub fn trees(&self) -> usize {
        self.trees.len()
    }

    /// The raw score of each row; rows lie one behind another, each as long as [`Self::features`]. A missing value is
    /// NaN.
    pub fn scores(&self, rows: &[f64]) -> Vec<f64> {
        let rows = rows.chunks_exact(self.features.len());
        let mut scores = vec![0.0; rows.len()];
        // Tree by tree, so that one stays in the cache while all rows pass it.
        for tree in &self.trees {
            for (row, score) in rows.clone().zip(&mut scores) {
                *score += tree.value(row);
            }
        }
        scores
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    macro_rules! recorded {
        ($name:literal) => {
            (
                include_str!(concat!("../../tests/data/trees/", $name, ".model.txt")),
                include_str!(concat!("../../tests/data/trees/", $name, ".cases.tsv")),
            )
        };
    }

    /// See tests/data/trees/record_lightgbm.py.
    #[test]
    fn scores_are_those_of_the_python_library() {
        for (text, cases) in [
            recorded!("lambdarank"),
            recorded!("regression"),
            recorded!("binary"),
            recorded!("zero_is_missing"),
            recorded!("forest"),
        ] {
            let model = TreeModel::parse(text).unwrap();
            let width = model.features().len();
            let numbers = |line: &str| line.split('\t').map(|n| n.parse().unwrap()).collect();
            let cases: Vec<Vec<f64>> = cases.lines().map(numbers).collect();
            assert_eq!(cases.len(), 200);
            let rows: Vec<f64> = cases
                .iter()
                .flat_map(|case| &case[..width])
                .copied()
                .collect();
            for (score, case) in model.scores(&rows).into_iter().zip(&cases) {
                assert!((score - case[width]).abs() < 1e-12, "{case:?}: {score}");
            }
        }
    }

    const SMALL: &str = "tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nmax_feature_idx=1\n\
        feature_names=a b\n\nTree=0\nnum_leaves=2\nnum_cat=0\nsplit_feature=1\nthreshold=0.5\ndecision_type=2\n\
        left_child=-1\nright_child=-2\nleaf_value=-1.5 2\nis_linear=0\n\nTree=1\nnum_leaves=1\nnum_cat=0\n\
        leaf_value=0.25\nis_linear=0\n\nend of trees\n";

    #[test]
    fn a_tree_of_one_leaf_counts_too() {
        let model = TreeModel::parse(SMALL).unwrap();
        assert_eq!(
            (model.trees(), model.features()),
            (2, &["a".to_owned(), "b".to_owned()][..])
        );
        assert_eq!(model.scores(&[9.0, 0.5, 9.0, 0.6]), [-1.25, 2.25]);
        assert_eq!(model.scores(&[]), [0.0; 0]);
    }

    #[test]
    fn what_is_wrong_is_named_by_line() {
        let refused = |from: &str, to: &str, line: usize, part: &str| {
            let text = SMALL.replacen(from, to, 1);
            assert_ne!(text, SMALL, "{from}");
            let error = TreeModel::parse(&text).unwrap_err();
            let message = error.to_string();
            assert!(error.line == line && message.contains(part), "{message}");
        };
        refused("tree\n", "forest\n", 1, "no LightGBM model");
        refused("version=v4", "version=v9", 2, "v9");
        refused("num_class=1", "num_class=3", 3, "one output");
        refused("max_feature_idx=1", "max_feature_idx=512", 5, "512");
        refused("feature_names=a b", "feature_names=a", 6, "1 names, want 2");
        refused("split_feature=1", "split_feature=2", 11, "split_feature");
        refused("threshold=0.5", "threshold=x", 12, "\"x\"");
        refused("decision_type=2", "decision_type=12", 13, "missing values");
        refused("decision_type=2", "decision_type=1", 12, "categories");
        refused("left_child=-1", "left_child=0", 14, "0 is no child");
        refused("right_child=-2", "right_child=-3", 15, "-3 is no child");
        refused(
            "leaf_value=-1.5 2",
            "leaf_value=-1.5",
            16,
            "1 numbers, want 2",
        );
        refused("leaf_value=-1.5 2", "leaf_value=-1.5 inf", 16, "finite");
        refused("is_linear=0", "is_linear=1", 17, "linear");
        refused("end of trees\n", "", 24, "is missing");
        refused("num_leaves=2", "num_leaves=0", 9, "must be 1");
    }

    #[test]
    fn limits_hold_at_and_above() {
        let leaf = "Tree=1\nnum_leaves=1\nnum_cat=0\nleaf_value=0.25\nis_linear=0\n\n";
        let with = |count: usize| SMALL.replace(leaf, &leaf.repeat(count));
        assert_eq!(
            TreeModel::parse(&with(TREES_MAX - 1)).unwrap().trees(),
            TREES_MAX
        );
        assert!(TreeModel::parse(&with(TREES_MAX)).is_err());
        let names = |count: usize| {
            let names: Vec<String> = (0..count).map(|n| format!("f{n}")).collect();
            SMALL
                .replace(
                    "feature_names=a b",
                    &format!("feature_names={}", names.join(" ")),
                )
                .replace(
                    "max_feature_idx=1",
                    &format!("max_feature_idx={}", count - 1),
                )
        };
        assert!(TreeModel::parse(&names(FEATURES_MAX)).is_ok());
        assert!(TreeModel::parse(&names(FEATURES_MAX + 1)).is_err());
    }

    #[test]
    fn a_cut_model_is_refused_wherever_it_is_cut() {
        let (whole, _) = recorded!("lambdarank");
        let end = whole.find("end of trees").unwrap();
        for length in (0..end).step_by(997) {
            assert!(
                TreeModel::parse(&whole[..length]).is_err(),
                "{length} bytes"
            );
        }
    }
}
