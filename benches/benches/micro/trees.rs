//! Scoring candidates by a learned model.

use std::{fmt::Write as _, hint::black_box};

use criterion::Criterion;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use sampan_engine::trees::TreeModel;

const TREES: usize = 200;
const LEAVES: usize = 31;
const FEATURES: usize = 25;
const CANDIDATES: usize = 200;

pub fn benches(criterion: &mut Criterion) {
    let mut random = StdRng::seed_from_u64(3);
    let model = TreeModel::parse(&text(&mut random)).expect("a model");
    let rows: Vec<f64> = (0..CANDIDATES * FEATURES)
        .map(|_| random.random())
        .collect();
    criterion.bench_function(
        "score 200 candidates by 200 trees of 31 leaves",
        |bencher| {
            bencher.iter(|| model.scores(black_box(&rows)));
        },
    );
}

/// A model whose trees are drawn at random: each new node takes the place of a leaf.
fn text(random: &mut StdRng) -> String {
    let names: Vec<String> = (0..FEATURES).map(|n| format!("f{n}")).collect();
    let mut text = format!(
        "tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nmax_feature_idx={}\nfeature_names={}\n\n",
        FEATURES - 1,
        names.join(" ")
    );
    for tree in 0..TREES {
        let nodes = LEAVES - 1;
        let mut children = vec![[-1i64, -2]];
        for node in 1..nodes {
            // A random child that is a leaf becomes this node, which keeps that leaf and gets a new one.
            let open: Vec<(usize, usize)> = (0..children.len())
                .flat_map(|parent| [(parent, 0), (parent, 1)])
                .filter(|(parent, side)| children[*parent][*side] < 0)
                .collect();
            let (parent, side) = open[random.random_range(0..open.len())];
            let leaf = std::mem::replace(&mut children[parent][side], node as i64);
            children.push([leaf, -(node as i64) - 2]);
        }
        let mut line = |key: &str, values: Vec<String>| {
            let _ = writeln!(text, "{key}={}", values.join(" "));
        };
        let each = |value: &mut dyn FnMut() -> String, count| (0..count).map(|_| value()).collect();
        line("Tree", vec![tree.to_string()]);
        line("num_leaves", vec![LEAVES.to_string()]);
        line("num_cat", vec!["0".to_owned()]);
        line(
            "split_feature",
            each(&mut || random.random_range(0..FEATURES).to_string(), nodes),
        );
        line(
            "threshold",
            each(&mut || random.random::<f64>().to_string(), nodes),
        );
        line("decision_type", vec!["2".to_owned(); nodes]);
        for (side, key) in ["left_child", "right_child"].into_iter().enumerate() {
            line(
                key,
                children
                    .iter()
                    .map(|child| child[side].to_string())
                    .collect(),
            );
        }
        line(
            "leaf_value",
            each(&mut || random.random::<f64>().to_string(), LEAVES),
        );
        text.push('\n');
    }
    text + "end of trees\n"
}
