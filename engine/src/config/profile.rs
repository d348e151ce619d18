//! Reads `<region>/ranking.toml`: a weight for each signal. A region inherits `common` and overrides what differs.
//!
//! Boosts (signals of how goods reach the shopper, and of what rules lift and lower) stand apart and are bounded: their
//! weights together, that of rules counted twice, never exceed `margin`, so a boosted item never passes one whose other
//! parts are higher by more than that.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use sampan_analyzers::DictionaryFiles;

use super::{
    exposure::{self, ExposureProfile, ExposureTable},
    feed_profile::{self, FeedProfile, FeedTable},
    place,
    pool_use::{self, PoolUseRow, PoolUses},
    ranking_model::{self, ModelTable, RankingModel, RankingModels},
};
use crate::base::{error::Result, limits::RESULT_WINDOW};

/// Weights are finite and within this: larger ones only hide mistakes.
const WEIGHT_MAX: f64 = 100.0;
/// Items that a query's vector is moved toward; each is one read of a vector.
const FEEDBACK_ITEMS_MAX: usize = 100;
/// Beyond this the query itself would hardly count.
const FEEDBACK_SHARE_MAX: f32 = 10.0;

/// Whether a signal's weight is bounded by the margin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignalKind {
    Evidence,
    /// Its values lie between 0 and 1.
    Boost,
    /// A boost whose values lie between -1 and 1.
    TwoSidedBoost,
}

impl SignalKind {
    /// Whether its weight is one of `[boosts]`.
    pub fn is_boost(self) -> bool {
        self != Self::Evidence
    }

    /// Between the lowest value of a boost and the highest: how often its weight counts into the margin.
    fn span(self) -> f64 {
        match self {
            Self::Evidence => 0.0,
            Self::Boost => 1.0,
            Self::TwoSidedBoost => 2.0,
        }
    }
}

/// Names that a profile may weigh; the ranking room's registry is checked against it by a test.
pub const SIGNAL_NAMES: &[(&str, SignalKind)] = &[
    ("lexical", SignalKind::Evidence),
    ("coverage", SignalKind::Evidence),
    ("full_match", SignalKind::Evidence),
    ("brand_match", SignalKind::Evidence),
    ("vector", SignalKind::Evidence),
    ("behaviour", SignalKind::Evidence),
    ("feed_affinity", SignalKind::Evidence),
    ("quality", SignalKind::Evidence),
    ("sales", SignalKind::Evidence),
    ("freshness", SignalKind::Evidence),
    ("price", SignalKind::Evidence),
    ("preference", SignalKind::Evidence),
    ("stock", SignalKind::Evidence),
    ("delivery", SignalKind::Evidence),
    ("title_match", SignalKind::Evidence),
    ("exactness", SignalKind::Evidence),
    ("rewritten", SignalKind::Evidence),
    ("category_match", SignalKind::Evidence),
    ("click_rate", SignalKind::Evidence),
    ("cart_rate", SignalKind::Evidence),
    ("order_rate", SignalKind::Evidence),
    ("category_price", SignalKind::Evidence),
    ("landed", SignalKind::Evidence),
    ("stock_depth", SignalKind::Evidence),
    ("ship_ways", SignalKind::Evidence),
    ("seller_exposure", SignalKind::Evidence),
    ("brand_affinity", SignalKind::Evidence),
    ("category_affinity", SignalKind::Evidence),
    ("price_affinity", SignalKind::Evidence),
    ("ship_affinity", SignalKind::Evidence),
    ("freight_affinity", SignalKind::Evidence),
    ("direct_mail", SignalKind::Boost),
    ("free_shipping", SignalKind::Boost),
    ("local", SignalKind::Boost),
    ("local_return", SignalKind::Boost),
    ("pool", SignalKind::Boost),
    ("rule", SignalKind::TwoSidedBoost),
];

/// A region's ranking, as data.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RankingProfile {
    /// `hk@1a2b3c4d`: region and hash of the texts it was read from.
    pub name: String,
    /// In the order of [`SIGNAL_NAMES`].
    pub weights: Vec<f64>,
    /// Bound on what all boosts together may add.
    pub margin: f64,
    /// How much of a way to ship shoppers should be shown.
    pub exposure: ExposureProfile,
    /// How vectors take part in a search.
    pub vectors: VectorProfile,
    /// How the feed is put together.
    pub feed: FeedProfile,
    /// What becomes of the items of pools.
    pub pools: PoolUses,
    /// A learned model; the weighted sum alone without one.
    pub model: Option<RankingModel>,
}

impl RankingProfile {
    /// Weight of a signal; 0 when there is none of this name.
    pub fn weight(&self, signal: &str) -> f64 {
        let place = SIGNAL_NAMES.iter().position(|(name, _)| *name == signal);
        place.map_or(0.0, |place| self.weights[place])
    }

    /// What the margin leaves for a boost beside the others.
    pub fn boost_room(&self, signal: usize) -> f64 {
        let boosts = SIGNAL_NAMES.iter().zip(&self.weights).enumerate();
        let others = boosts
            .filter(|(place, ((_, kind), _))| *kind == SignalKind::Boost && *place != signal)
            .map(|(_, (_, weight))| weight);
        (self.margin - others.sum::<f64>()).max(0.0)
    }

    /// Gives boosts that lift and lower the weights that `stated` has, cut to what the other boosts leave of the margin.
    pub fn fit_two_sided(&mut self, stated: &[f64]) {
        let weighed = || SIGNAL_NAMES.iter().enumerate();
        for (place, (_, kind)) in
            weighed().filter(|(_, (_, kind))| *kind == SignalKind::TwoSidedBoost)
        {
            let room = self.boost_room(place) / kind.span();
            self.weights[place] = stated[place].min(room);
        }
    }
}

/// How vectors take part in a search.
#[derive(Debug, Clone, PartialEq, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VectorProfile {
    /// Vectors are asked when fewer items than this match the whole query; 0: never.
    pub below: u64,
    /// Items that vectors may bring.
    pub candidates: usize,
    /// Best items by words that the query's vector is moved toward.
    pub feedback_items: usize,
    /// How far: 1 counts their middle as much as the query.
    pub feedback_share: f32,
}

impl Default for VectorProfile {
    fn default() -> Self {
        Self {
            below: 200,
            candidates: 200,
            feedback_items: 10,
            feedback_share: 1.0,
        }
    }
}

impl VectorProfile {
    /// The field that is out of range, and its range.
    fn fault(&self) -> Option<(&'static str, String)> {
        if self.candidates > RESULT_WINDOW {
            return Some(("candidates", format!("at most {RESULT_WINDOW}")));
        }
        if self.feedback_items > FEEDBACK_ITEMS_MAX {
            return Some(("feedback_items", format!("at most {FEEDBACK_ITEMS_MAX}")));
        }
        let share = 0.0..=FEEDBACK_SHARE_MAX;
        (!share.contains(&self.feedback_share))
            .then(|| ("feedback_share", format!("0 to {FEEDBACK_SHARE_MAX}")))
    }
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct ProfileFile {
    inherits: Option<String>,
    #[serde(default)]
    weights: BTreeMap<String, f64>,
    #[serde(default)]
    boosts: Boosts,
    exposure: Option<ExposureTable>,
    vectors: Option<VectorProfile>,
    feed: Option<FeedTable>,
    #[serde(default)]
    pools: BTreeMap<String, toml::Spanned<PoolUseRow>>,
    model: Option<ModelTable>,
}

#[derive(Debug, Default, serde::Deserialize)]
struct Boosts {
    margin: Option<f64>,
    #[serde(flatten)]
    weights: BTreeMap<String, f64>,
}

/// What is laid over a region's profile for some of its shoppers.
#[derive(Debug, Clone, PartialEq)]
pub struct Overlay {
    /// `local-boost.more`: experiment and arm.
    pub name: String,
    /// In the shape of `ranking.toml`.
    pub text: String,
}

/// The profile of a region: its own file over the one it inherits (`common` when it does not say), then the overlays.
pub fn read(
    files: &DictionaryFiles,
    models: &RankingModels,
    region: &str,
    overlays: &[&Overlay],
) -> Result<RankingProfile> {
    let common_path = "common/ranking.toml".to_owned();
    let own_path = format!("{region}/ranking.toml");
    let text_of = |path: &str| files.get(path).unwrap_or_default();
    let mut layers = vec![(common_path.clone(), text_of(&common_path))];
    if let Some(text) = files.get(&own_path) {
        let own: ProfileFile = place::parse(&own_path, text)?;
        if let Some(parent) = own.inherits.filter(|parent| parent != "common") {
            let path = format!("{parent}/ranking.toml");
            if files.get(&path).is_none() || parent == region {
                let reason = format!("there is no profile {parent:?} to inherit");
                return Err(place::wrong(&own_path, text, "", "inherits", reason));
            }
            let parent = text_of(&path);
            layers.push((path, parent));
        }
        layers.push((own_path, text));
    }
    layers.extend(
        overlays
            .iter()
            .map(|overlay| (overlay.name.clone(), &*overlay.text)),
    );
    let mut profile = RankingProfile {
        name: String::new(),
        weights: vec![0.0; SIGNAL_NAMES.len()],
        margin: 0.0,
        exposure: ExposureProfile::default(),
        vectors: VectorProfile::default(),
        feed: FeedProfile::default(),
        pools: PoolUses::default(),
        model: None,
    };
    let mut table = None;
    let mut hash = blake3::Hasher::new();
    for (path, text) in &layers {
        hash.update(text.as_bytes());
        table = lay_over(&mut profile, path, text)?.or(table);
    }
    if let Some(table) = table {
        let folders = layers
            .iter()
            .filter_map(|(path, _)| path.strip_suffix("/ranking.toml"));
        let folders: Vec<&str> = folders.chain([region]).collect();
        profile.model = models.of(&folders, table);
        let (path, text) = last_layer(&layers);
        let Some(model) = &profile.model else {
            let reason = format!("there is no {} to use: put it first", ranking_model::FILE);
            return Err(place::wrong(path, text, "", "[model]", reason));
        };
        hash.update(model.version.as_bytes());
    }
    let (last, text) = last_layer(&layers);
    check_margin(&profile, last, text)?;
    let stated = profile.weights.clone();
    profile.fit_two_sided(&stated);
    let arms: String = overlays.iter().map(|o| format!("+{}", o.name)).collect();
    profile.name = format!("{region}{arms}@{}", &hash.finalize().to_hex()[..8]);
    Ok(profile)
}

/// Path and text of the file that has the last word.
fn last_layer<'f>(layers: &'f [(String, &'f str)]) -> (&'f str, &'f str) {
    layers.last().map_or(("", ""), |(path, text)| (path, text))
}

/// Lays a file over a profile; gives its table of the model, which is read when all layers are known.
fn lay_over(profile: &mut RankingProfile, path: &str, text: &str) -> Result<Option<ModelTable>> {
    let file: ProfileFile = place::parse(path, text)?;
    let groups = [
        ("weights", false, &file.weights),
        ("boosts", true, &file.boosts.weights),
    ];
    for (table, of_boosts, weights) in groups {
        for (name, weight) in weights {
            let fail = |reason| place::wrong(path, text, &format!("[{table}]"), name, reason);
            let place = SIGNAL_NAMES
                .iter()
                .position(|(known, its)| known == name && its.is_boost() == of_boosts)
                .ok_or_else(|| fail(unknown_signal(table, name, of_boosts)))?;
            let low = if of_boosts { 0.0 } else { -WEIGHT_MAX };
            if !weight.is_finite() || *weight < low || *weight > WEIGHT_MAX {
                return Err(fail(format!(
                    "{name} = {weight}: a weight in [{table}] lies between {low} and {WEIGHT_MAX}"
                )));
            }
            profile.weights[place] = *weight;
        }
    }
    if let Some(margin) = file.boosts.margin {
        profile.margin = margin;
    }
    if let Some(exposure) = file.exposure {
        exposure::lay_over(&mut profile.exposure, exposure)
            .map_err(|(key, reason)| place::wrong(path, text, "[exposure]", &key, reason))?;
    }
    if let Some(vectors) = file.vectors {
        if let Some((key, range)) = vectors.fault() {
            let reason = format!("{key}: {range}");
            return Err(place::wrong(path, text, "[vectors]", key, reason));
        }
        profile.vectors = vectors;
    }
    if let Some(feed) = file.feed {
        feed_profile::lay_over(&mut profile.feed, path, text, feed)?;
    }
    pool_use::lay_over(&mut profile.pools, path, text, file.pools)?;
    if let Some((key, range)) = file.model.and_then(|model| model.fault()) {
        let reason = format!("{key}: {range}");
        return Err(place::wrong(path, text, "[model]", key, reason));
    }
    Ok(file.model)
}

fn unknown_signal(table: &str, name: &str, of_boosts: bool) -> String {
    let known: Vec<&str> = SIGNAL_NAMES
        .iter()
        .filter(|(_, its)| its.is_boost() == of_boosts)
        .map(|(name, _)| *name)
        .collect();
    format!(
        "no signal {name:?} in [{table}]; one of {}",
        known.join(", ")
    )
}

fn check_margin(profile: &RankingProfile, path: &str, text: &str) -> Result<()> {
    let own: ProfileFile = place::parse(path, text)?;
    // What lifts and lowers is cut to fit where it is inherited, and must fit where it is stated.
    let counts = |name: &str, kind: SignalKind| {
        kind != SignalKind::TwoSidedBoost || own.boosts.weights.contains_key(name)
    };
    let sum: f64 = SIGNAL_NAMES
        .iter()
        .zip(&profile.weights)
        .filter(|((name, kind), _)| counts(name, *kind))
        .map(|((_, kind), weight)| kind.span() * weight)
        .sum();
    let sane = profile.margin.is_finite() && (0.0..=WEIGHT_MAX).contains(&profile.margin);
    if !sane || sum > profile.margin + 1e-12 {
        let reason = format!(
            "the boosts add up to {sum} (a rule's twice, for it lifts and lowers), above the margin {}: lower them or \
             state a larger margin",
            profile.margin
        );
        return Err(place::wrong(path, text, "[boosts]", "margin", reason));
    }
    Ok(())
}
