//! The whole of it: visits asked twice, and what comes of it.

use std::collections::{HashMap, HashSet};

use sampan_engine::Node;
use sampan_proto::v1::RecallMode;
use serde::Serialize;
use toml::Value;

use super::{
    barred::Facts,
    changed::{self, Changes},
    checklist::Check,
    exposure::{self, Dimension, Exposed},
    logged::{LoggedAnswer, Question},
    outcome::{self, Model, Outcomes},
    pareto::{Sweep, Swept, SweptPoint, combinations},
    plan::{Plan, put_numbers},
    rates::{Goods, LearntRates},
    replay::{Replay, Setup},
    visits::{Asked, Visits},
};
use crate::evaluate::{
    compare::{Comparison, compare},
    examination::Examination,
    judgements::Query,
    metrics::Judged,
    node::ThrowAwayNode,
    run::Run,
};

/// Changed questions that are kept with their lists.
const CHANGED_KEPT: usize = 50;
/// Hits of a judged query.
const JUDGED_DEPTH: usize = 100;

/// What is simulated, on what.
pub struct Inputs<'i> {
    pub node: &'i ThrowAwayNode,
    pub visits: Visits,
    pub plan: &'i Plan,
    pub setup: Setup,
    pub examination: Examination,
    /// What the model of shoppers is learnt from; none where the log only counts.
    pub learn_from: Option<&'i [sampan_proto::v1::Event]>,
    /// None where the log only counts.
    pub question: Option<Question<'i>>,
    pub judged: Option<JudgedQueries>,
    pub swept: Vec<Swept>,
    pub gain: Gain,
}

/// Judged queries, and where they are asked.
pub struct JudgedQueries {
    pub region: String,
    pub queries: Vec<Query>,
    pub judged: HashMap<String, Judged>,
}

/// What a sweep should gain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Gain {
    /// Expected orders of 1,000 visits
    Orders,
    /// Exposure of direct mail
    DirectMail,
    /// Exposure of free shipping
    FreeShipping,
    /// Exposure of consolidation
    Consolidated,
    /// Exposure of local goods
    Local,
}

impl Gain {
    /// Name of the way to ship; none of orders.
    fn way(self) -> Option<&'static str> {
        match self {
            Self::Orders => None,
            Self::DirectMail => Some("direct_mail"),
            Self::FreeShipping => Some("free_shipping"),
            Self::Consolidated => Some("consolidated"),
            Self::Local => Some("local"),
        }
    }
}

/// What was replayed.
#[derive(Debug, Default, Serialize)]
pub struct LogFacts {
    pub visits: u64,
    pub searches: u64,
    pub feeds: u64,
    /// Visits that are not answered alike.
    pub distinct: usize,
    pub regions: Vec<String>,
    /// See [`Visits`].
    pub left_out: u64,
    pub stray_events: usize,
    /// Distinct visits that the node refused, and why the first.
    pub refused_at_present: usize,
    pub refused_under_plan: usize,
    pub refusal: Option<String>,
}

/// What the model of shoppers rests on.
#[derive(Debug, Default, Serialize)]
pub struct ModelFacts {
    /// Chances that places are looked at.
    pub examination: Vec<f64>,
    pub impressions: usize,
    pub details: usize,
    pub orders: usize,
}

/// What restrictions do to what is shown.
#[derive(Debug, Default, Serialize)]
pub struct BarredItems {
    /// Shown under the plan although barred: none, if the node is right.
    pub shown: Vec<String>,
    /// Shown at present, and barred by the plan.
    pub taken_out: Vec<String>,
}

/// Everything that was found.
#[derive(Debug, Default, Serialize)]
pub struct Simulation {
    pub plan: String,
    pub changes: Vec<String>,
    pub currency: String,
    pub depth: usize,
    pub log: LogFacts,
    pub model: ModelFacts,
    pub outcomes: Outcomes,
    pub exposure: Vec<(Dimension, Vec<Exposed>)>,
    /// Gini coefficients of exposure, at present and under the plan.
    pub unevenness: Vec<(Dimension, [f64; 2])>,
    pub answers: Changes,
    pub barred: BarredItems,
    pub relevance: Option<Comparison>,
    pub logged: Option<LoggedAnswer>,
    pub sweep: Option<Sweep>,
    pub checks: Vec<Check>,
    /// Titles of the items that were shown, by id.
    #[serde(skip)]
    pub titles: HashMap<String, String>,
}

impl Simulation {
    /// Exposure by one dimension.
    pub fn exposure_of(&self, dimension: Dimension) -> &[Exposed] {
        let mut all = self.exposure.iter();
        all.find(|(its, _)| *its == dimension)
            .map_or(&[], |(_, exposed)| exposed)
    }

    /// Gini coefficients of exposure by one dimension.
    pub fn unevenness_of(&self, dimension: Dimension) -> Option<[f64; 2]> {
        let mut all = self.unevenness.iter();
        all.find(|(its, _)| *its == dimension)
            .map(|(_, coefficients)| *coefficients)
    }

    /// Whether every bound of the checklist is kept.
    pub fn passes(&self) -> bool {
        self.checks.iter().all(|check| check.passes)
    }
}

/// Replays the visits at present and under the plan, which stays in force on the node. `done` is called after each visit.
///
/// # Errors
/// The node refuses the plan, or a judged query cannot be answered.
pub fn simulate(inputs: &Inputs<'_>, done: impl Fn() + Sync) -> anyhow::Result<Simulation> {
    let (throw_away, visits) = (inputs.node, &inputs.visits.visits);
    let node = throw_away.node();
    let before = Replay::of(node, visits, &inputs.setup, &done);
    let judged_before = inputs
        .judged
        .as_ref()
        .map(|judged| judged.run(throw_away))
        .transpose()?;
    inputs.plan.put(throw_away)?;
    let after = Replay::of(node, visits, &inputs.setup, &done);
    let judged_after = inputs
        .judged
        .as_ref()
        .map(|judged| judged.run(throw_away))
        .transpose()?;
    let events = inputs.learn_from.unwrap_or_default();
    let goods = goods(node, [&before, &after], events);
    let goods = |item: &str| goods.get(item).cloned();
    let rates = LearntRates::learn(events, &inputs.examination, &goods);
    let model = Model {
        examination: &inputs.examination,
        rates: Some(&rates).filter(|rates| rates.orders > 0),
        goods: &goods,
    };
    let facts = Facts::of(node);
    let sides = [&before, &after];
    let exposed = Dimension::ALL.map(|its| {
        (
            its,
            exposure::exposure(its, visits, sides, &inputs.examination),
        )
    });
    let mut found = Simulation {
        plan: inputs.plan.name.clone(),
        changes: inputs.plan.changes(),
        currency: inputs.setup.currency.clone(),
        depth: inputs.setup.depth,
        log: log_facts(&inputs.visits, sides),
        model: ModelFacts {
            examination: inputs.examination.chances().to_vec(),
            impressions: rates.impressions,
            details: rates.details,
            orders: rates.orders,
        },
        outcomes: outcome::outcomes(visits, sides, &model),
        unevenness: exposed
            .iter()
            .map(|(its, exposed)| (*its, exposure::unevenness(exposed)))
            .collect(),
        exposure: exposed.into(),
        answers: changed::changes(visits, sides, CHANGED_KEPT),
        barred: BarredItems {
            shown: facts.barred(visits, &after),
            taken_out: facts.barred(visits, &before),
        },
        relevance: judged_before
            .zip(judged_after)
            .and_then(|(before, after)| compare(("present", &before), ("plan", &after))),
        logged: inputs
            .question
            .as_ref()
            .map(|question| question.answer(visits, &after)),
        titles: titles(sides),
        ..Simulation::default()
    };
    found.checks = inputs.plan.checklist.check(&found);
    if !inputs.swept.is_empty() {
        found.sweep = Some(sweep_of(inputs, &before, &model, done)?);
    }
    Ok(found)
}

impl JudgedQueries {
    fn run(&self, node: &ThrowAwayNode) -> anyhow::Result<Run> {
        let shoppers = node.shoppers_of(&self.region, RecallMode::Hybrid);
        Run::of(&shoppers, &self.queries, &self.judged, JUDGED_DEPTH)
    }
}

/// Every combination of values in force in turn, in all regions of the log, over the plan.
fn sweep_of(
    inputs: &Inputs<'_>,
    present: &Replay,
    model: &Model<'_>,
    done: impl Fn() + Sync,
) -> anyhow::Result<Sweep> {
    let (throw_away, visits) = (inputs.node, &inputs.visits.visits);
    let mut points = Vec::new();
    for values in combinations(&inputs.swept) {
        let numbers: Vec<Value> = values.iter().map(|value| Value::Float(*value)).collect();
        let keyed = inputs.swept.iter().zip(&numbers);
        let keyed: Vec<(&str, &Value)> = keyed.map(|(swept, value)| (&*swept.key, value)).collect();
        for region in inputs.visits.regions() {
            put_numbers(throw_away, region, &keyed)?;
        }
        let replay = Replay::of(throw_away.node(), visits, &inputs.setup, &done);
        let sides = [present, &replay];
        let relevance = match &inputs.judged {
            Some(judged) => judged.run(throw_away)?.measures().ndcg_10,
            None => changed::changes(visits, sides, 0).overlap,
        };
        let gain = match inputs.gain.way() {
            None => outcome::outcomes(visits, sides, model)
                .after
                .orders_of_1000_visits
                .unwrap_or_default(),
            Some(way) => {
                let ways =
                    exposure::exposure(Dimension::ShipMode, visits, sides, &inputs.examination);
                ways.iter()
                    .find(|its| its.name == way)
                    .map_or(0.0, |its| its.after)
            }
        };
        points.push(SweptPoint {
            values,
            relevance,
            gain,
            is_on_front: false,
        });
    }
    let mut sweep = Sweep {
        keys: inputs.swept.iter().map(|its| its.key.clone()).collect(),
        relevance: match inputs.judged {
            Some(_) => "nDCG@10 of the judged queries",
            None => "overlap with the present lists",
        }
        .to_owned(),
        gain: match inputs.gain.way() {
            None => "expected orders of 1,000 visits".to_owned(),
            Some(way) => format!("exposure of {way}"),
        },
        points,
    };
    sweep.mark_front();
    Ok(sweep)
}

fn log_facts(visits: &Visits, [before, after]: [&Replay; 2]) -> LogFacts {
    let of = |is_feed: bool| {
        let its = visits
            .visits
            .iter()
            .filter(|visit| (visit.asked == Asked::Feed) == is_feed);
        its.map(|visit| visit.times).sum()
    };
    LogFacts {
        visits: visits.times(),
        searches: of(false),
        feeds: of(true),
        distinct: visits.visits.len(),
        regions: visits.regions().into_iter().map(str::to_owned).collect(),
        left_out: visits.left_out,
        stray_events: visits.stray_events,
        refused_at_present: before.refused(),
        refused_under_plan: after.refused(),
        refusal: after.refusal.clone().or_else(|| before.refusal.clone()),
    }
}

fn titles(replays: [&Replay; 2]) -> HashMap<String, String> {
    let lists = replays
        .iter()
        .flat_map(|replay| replay.answers.iter().flatten().flatten());
    lists
        .map(|shown| (shown.item.clone(), shown.title.clone()))
        .collect()
}

/// What every item is of that was shown, or that the log tells of.
fn goods(
    node: &Node,
    replays: [&Replay; 2],
    events: &[sampan_proto::v1::Event],
) -> HashMap<String, Goods> {
    let lists = replays
        .iter()
        .flat_map(|replay| replay.answers.iter().flatten().flatten());
    let mut ids: HashSet<&str> = lists.map(|shown| shown.item.as_str()).collect();
    ids.extend(events.iter().map(|event| event.item_id.as_str()));
    let of = |id: &str| {
        // What the shop no longer has teaches its region alone.
        let item = node.item(id).ok()?;
        let goods = Goods {
            category: item.category_path,
            seller: item.seller,
        };
        Some((id.to_owned(), goods))
    };
    ids.into_iter().filter_map(of).collect()
}
