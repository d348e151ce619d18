//! One run: a model learns from what is known, and all ways are measured on what is to be found.

use std::collections::BTreeMap;

use sampan_engine::recommend::{
    FeedModel, InteractionLog, ItemIndex,
    content::Features,
    file::Description,
    training::{Stage, TrainingOptions, train},
};

use super::{
    figures::Figures,
    held_out::HeldOut,
    rankers::{Asked, Baselines, Lists},
    reliability::CalibrationReport,
};

/// How a log is measured.
#[derive(Debug, Clone, Copy)]
pub struct Protocol {
    /// Shoppers with fewer visits are not asked about.
    pub visits_min: usize,
    /// Whether what a shopper took before may come again; otherwise it is left out of every list.
    pub repeats: bool,
    /// Numbers a vector.
    pub dimensions: usize,
    /// Makes a random tenth of the items sparse and tells what content does for them.
    pub sparse: bool,
    /// Of the draw of sparse items.
    pub seed: u64,
}

/// One way to rank.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Row {
    pub name: &'static str,
    pub figures: Figures,
    /// Of the shoppers of whom at most [`FEW_VISITS`] visits are known.
    pub of_few_visits: Figures,
}

/// Known visits of a shopper of whom little is known, at most.
pub const FEW_VISITS: usize = 2;

/// What content does for sparse items.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct SparseReport {
    /// Items that lost their events.
    pub items: usize,
    pub without_content: SparseFigures,
    pub with_content: SparseFigures,
}

/// One model of a sparse log.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct SparseFigures {
    pub all: Figures,
    /// Of the cases whose last visit took a sparse item.
    pub of_sparse_items: Figures,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct FeedReport {
    pub shoppers: usize,
    pub items: usize,
    pub visits: usize,
    pub taken: usize,
    /// The simple ways, the sources alone, then ours.
    pub rows: Vec<Row>,
    /// Learnt weights of the sources.
    pub weights: BTreeMap<String, f32>,
    /// Of our own row.
    pub calibration: CalibrationReport,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sparse: Option<SparseReport>,
}

/// Told what is being done, how much of it is done, and of how much.
pub type Progress<'a> = &'a mut dyn FnMut(&str, usize, usize);

/// Name of our own row.
pub const OURS: &str = "Sampan: all sources blended";

/// Name of the row of what is popular with the groups that shoppers are of.
pub const BY_GROUP: &str = "top by age group";

/// Measures a log; `features` are those of its items, `groups` those of its shoppers, by which one more row ranks: none when
/// they are unknown.
pub fn evaluate(
    log: &InteractionLog,
    features: Option<&Features>,
    groups: &[String],
    protocol: &Protocol,
    progress: Progress<'_>,
) -> FeedReport {
    let held_out = HeldOut::last_visits(&log.histories, protocol.visits_min);
    progress("counting", 0, 1);
    let baselines = Baselines::new(&held_out, log.items.len(), protocol.repeats);
    let mut lists = baselines.lists();
    if !groups.is_empty() {
        // Beside the popular of all, which is the first.
        lists.insert(1, (BY_GROUP, baselines.by_group(groups)));
    }
    let model = learn(log, &held_out, features, protocol, progress);
    progress("ranking", 0, 1);
    let asked = Asked::of(&model, &held_out, log.timed);
    lists.extend(asked.alone(log.timed));
    lists.push((OURS, asked.blended()));
    let rows = lists.into_iter().map(|(name, lists)| Row {
        name,
        figures: figures(&lists, &held_out, |_| true),
        of_few_visits: of_few_visits(&lists, &held_out),
    });
    FeedReport {
        shoppers: log.histories.len(),
        items: log.items.len(),
        visits: log.visits(),
        taken: log.taken(),
        rows: rows.collect(),
        weights: Description::weights_of(&model),
        calibration: CalibrationReport::of(asked.scored(&held_out), |scores| {
            model.probabilities(scores)
        }),
        sparse: protocol
            .sparse
            .then(|| sparse(log, held_out, features, protocol, progress)),
    }
}

/// Takes events away, and learns once without and once with the items' features.
fn sparse(
    log: &InteractionLog,
    mut held_out: HeldOut,
    features: Option<&Features>,
    protocol: &Protocol,
    progress: Progress<'_>,
) -> SparseReport {
    let sparse = held_out.make_sparse(log.items.len(), protocol.seed);
    let mut measure = |features: Option<&Features>| {
        let model = learn(log, &held_out, features, protocol, progress);
        let lists = Asked::of(&model, &held_out, log.timed).blended();
        SparseFigures {
            all: figures(&lists, &held_out, |_| true),
            of_sparse_items: figures(&lists, &held_out, |item| sparse[item as usize]),
        }
    };
    SparseReport {
        items: sparse.iter().filter(|sparse| **sparse).count(),
        without_content: measure(None),
        with_content: measure(features),
    }
}

fn learn(
    log: &InteractionLog,
    held_out: &HeldOut,
    features: Option<&Features>,
    protocol: &Protocol,
    progress: Progress<'_>,
) -> FeedModel {
    let mut options = TrainingOptions {
        repeats: protocol.repeats,
        timed: log.timed,
        ..TrainingOptions::default()
    };
    options.factors.dimensions = protocol.dimensions;
    train(
        &held_out.known,
        log.items.len(),
        features,
        &options,
        &mut |stage, done, of| progress(stage_name(stage), done, of),
    )
}

/// What a stage is called while it lasts.
pub fn stage_name(stage: Stage) -> &'static str {
    match stage {
        Stage::Neighbours => "neighbours",
        Stage::Factors => "vectors",
        Stage::Weights => "weights",
    }
}

/// Figures of the cases that took a wanted item.
fn figures(lists: &Lists, held_out: &HeldOut, wanted: impl Fn(ItemIndex) -> bool) -> Figures {
    let cases = lists.iter().zip(&held_out.cases);
    let cases = cases.filter(|(_, (_, visit))| visit.taken.iter().any(|taken| wanted(taken.item)));
    Figures::of(cases.map(|(list, (_, visit))| (list.as_slice(), visit)))
}

/// Figures of the cases of whom few visits are known.
fn of_few_visits(lists: &Lists, held_out: &HeldOut) -> Figures {
    let cases = lists.iter().zip(&held_out.cases);
    let cases = cases.filter(|(_, (shopper, _))| held_out.known[*shopper].len() <= FEW_VISITS);
    Figures::of(cases.map(|(list, (_, visit))| (list.as_slice(), visit)))
}
