//! Reads `<region>/ranking.toml`: a weight for each signal. A region inherits `common` and overrides what differs.
//!
//! Boosts (signals of how goods reach the shopper, and of what rules lift and lower) stand apart and are bounded: their
//! weights together, that of rules counted twice, never exceed `margin`, so a boosted item never passes one whose other
//! parts are higher by more than that.

use std::collections::BTreeMap;

use sampan_analyzers::DictionaryFiles;

use super::{
    place,
    pool_use::{self, PoolUseRow, PoolUses},
    ranking_model::{self, ModelTable, RankingModel, RankingModels},
};
use crate::base::{
    error::Result,
    limits::{PAGE_SIZE_MAX, RESULT_WINDOW},
    ship::ShipMode,
};

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

/// Places at the top of an answer that count for the shares of [`ExposureProfile`], when the profile does not say.
const EXPOSURE_WITHIN: usize = 10;

/// How much of a way to ship shoppers should be shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExposureTarget {
    /// Place of the boost that is moved for it, in [`SIGNAL_NAMES`].
    pub signal: usize,
    pub mode: ShipMode,
    /// Share of the places, 0 to 1.
    pub share: f64,
}

/// Shares of the top places that boosts are moved to hold, within the margin.
#[derive(Debug, Clone, PartialEq)]
pub struct ExposureProfile {
    /// Places at the top of an answer that count.
    pub within: usize,
    pub targets: Vec<ExposureTarget>,
}

impl Default for ExposureProfile {
    fn default() -> Self {
        Self {
            within: EXPOSURE_WITHIN,
            targets: Vec::new(),
        }
    }
}

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

/// How the feed is put together.
#[derive(Debug, Clone, PartialEq, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FeedProfile {
    /// Recent items of the user that recall starts from.
    pub seeds: usize,
    /// Candidates each recall source may bring.
    pub per_source: usize,
    /// Share of relevance against variety, 0 to 1 (the lambda of maximal marginal relevance).
    pub relevance_share: f64,
    /// Cards of one seller in any ten neighbours.
    pub seller_cap: usize,
    /// Cards of one category in any ten neighbours.
    pub category_cap: usize,
}

impl Default for FeedProfile {
    fn default() -> Self {
        Self {
            seeds: 20,
            per_source: 200,
            relevance_share: 0.8,
            seller_cap: 3,
            category_cap: 4,
        }
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
    feed: Option<FeedProfile>,
    #[serde(default)]
    pools: BTreeMap<String, toml::Spanned<PoolUseRow>>,
    model: Option<ModelTable>,
}

#[derive(Debug, serde::Deserialize)]
struct ExposureTable {
    within: Option<usize>,
    /// By name of the way to ship.
    #[serde(flatten)]
    shares: BTreeMap<String, f64>,
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
        lay_exposure_over(&mut profile.exposure, exposure)
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
        if !(0.0..=1.0).contains(&feed.relevance_share) {
            let reason = "relevance_share lies between 0 and 1".to_owned();
            return Err(place::wrong(
                path,
                text,
                "[feed]",
                "relevance_share",
                reason,
            ));
        }
        profile.feed = feed;
    }
    pool_use::lay_over(&mut profile.pools, path, text, file.pools)?;
    if let Some((key, range)) = file.model.and_then(|model| model.fault()) {
        let reason = format!("{key}: {range}");
        return Err(place::wrong(path, text, "[model]", key, reason));
    }
    Ok(file.model)
}

/// The error is the key at fault and the reason.
fn lay_exposure_over(
    exposure: &mut ExposureProfile,
    table: ExposureTable,
) -> std::result::Result<(), (String, String)> {
    if let Some(within) = table.within {
        if !(1..=PAGE_SIZE_MAX as usize).contains(&within) {
            return Err(("within".to_owned(), format!("1 to {PAGE_SIZE_MAX} places")));
        }
        exposure.within = within;
    }
    for (name, share) in table.shares {
        let is_boost =
            |(known, kind): &(&str, SignalKind)| *known == name && *kind == SignalKind::Boost;
        let signal = SIGNAL_NAMES.iter().position(is_boost);
        let mode = ShipMode::ALL.into_iter().find(|mode| mode.name() == name);
        let Some((signal, mode)) = signal.zip(mode) else {
            let reason = format!("{name}: no way to ship that has a boost");
            return Err((name, reason));
        };
        if !(0.0..=1.0).contains(&share) {
            let reason = format!("{name} = {share}: a share lies between 0 and 1");
            return Err((name, reason));
        }
        exposure.targets.retain(|known| known.signal != signal);
        exposure.targets.push(ExposureTarget {
            signal,
            mode,
            share,
        });
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    fn files(hk: &str) -> DictionaryFiles {
        let common = "[weights]\nlexical = 1.0\n[boosts]\nmargin = 0.1\nlocal = 0.05\n";
        DictionaryFiles(
            [("common/ranking.toml", common), ("hk/ranking.toml", hk)]
                .map(|(path, text)| (path.to_owned(), text.to_owned()))
                .into(),
        )
    }

    #[test]
    fn a_region_overrides_what_it_inherits() {
        let profile = read(
            &files("[boosts]\nlocal = 0.08\n"),
            &RankingModels::default(),
            "hk",
            &[],
        )
        .expect("valid");
        assert_eq!(profile.weight("local"), 0.08);
        assert_eq!(profile.weight("lexical"), 1.0);
        assert_eq!(profile.margin, 0.1);
    }

    #[test]
    fn boosts_above_the_margin_are_refused() {
        let error = read(
            &files("[boosts]\nmargin = 0.1\nlocal = 0.11\n"),
            &RankingModels::default(),
            "hk",
            &[],
        )
        .unwrap_err();
        assert!(
            error.to_string().starts_with("hk/ranking.toml:2"),
            "{error}"
        );
    }

    #[test]
    fn what_lifts_and_lowers_counts_twice_into_the_margin() {
        let margin = |rule: &str| {
            let text = format!("[boosts]\nmargin = 0.25\nlocal = 0.05\nrule = {rule}\n");
            read(&files(&text), &RankingModels::default(), "hk", &[])
        };
        assert_eq!(margin("0.1").expect("within").weight("rule"), 0.1);
        assert!(margin("0.11").is_err());
        // Inherited, it is cut to what is left: half of what the others leave.
        let mut files = files("[boosts]\nmargin = 0.15\n");
        let common = files.0.get_mut("common/ranking.toml").expect("a profile");
        *common = common.replace("margin = 0.1", "margin = 0.5\nrule = 0.2");
        let cut = read(&files, &RankingModels::default(), "hk", &[]).expect("it fits");
        assert!(
            (cut.weight("rule") - 0.05).abs() < 1e-12,
            "{}",
            cut.weight("rule")
        );
    }

    #[test]
    fn an_unknown_signal_is_refused_with_its_line() {
        let error = read(
            &files("[weights]\nlexical = 1.0\nlexcal = 2.0\n"),
            &RankingModels::default(),
            "hk",
            &[],
        )
        .unwrap_err();
        assert!(
            error.to_string().starts_with("hk/ranking.toml:3"),
            "{error}"
        );
        assert!(error.to_string().contains("lexcal"), "{error}");
    }

    #[test]
    fn exposure_is_asked_for_by_way_to_ship() {
        let read = |hk: &str| read(&files(hk), &RankingModels::default(), "hk", &[]);
        let asked = read("[exposure]\ndirect_mail = 0.15\nlocal = 0.2\nwithin = 5\n");
        let asked = asked.expect("valid").exposure;
        let told: Vec<_> = asked.targets.iter().map(|t| (t.mode, t.share)).collect();
        assert_eq!(told, [(ShipMode::DirectMail, 0.15), (ShipMode::Local, 0.2)]);
        assert_eq!(
            (asked.within, read("").expect("valid").exposure.within),
            (5, 10)
        );
        for (wrong, line) in [
            ("direct_mail = 1.5", 2),
            ("direct_mail = -0.1", 2),
            ("consolidated = 0.1", 2),
            ("sales = 0.1", 2),
            ("local = 0.1\nwithin = 0", 3),
            ("local = 0.1\nwithin = 101", 3),
        ] {
            let error = read(&format!("[exposure]\n{wrong}\n"))
                .unwrap_err()
                .to_string();
            assert!(
                error.starts_with(&format!("hk/ranking.toml:{line}:")),
                "{error}"
            );
        }
    }

    #[test]
    fn a_boost_is_no_evidence() {
        assert!(
            read(
                &files("[weights]\nlocal = 1.0\n"),
                &RankingModels::default(),
                "hk",
                &[]
            )
            .is_err()
        );
        assert!(
            read(
                &files("[boosts]\nlocal = -0.1\n"),
                &RankingModels::default(),
                "hk",
                &[]
            )
            .is_err()
        );
    }

    const MODEL: &str = "tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nmax_feature_idx=0\n\
        feature_names=sales\n\nTree=0\nnum_leaves=2\nnum_cat=0\nsplit_feature=0\nthreshold=0.5\n\
        decision_type=2\nleft_child=-1\nright_child=-2\nleaf_value=1 0\n\nend of trees\n";

    fn read_with_model(hk: &str, path: &str, model: &str) -> Result<RankingProfile> {
        let mut files = files(hk);
        files.0.insert(path.to_owned(), model.to_owned());
        read(&files, &RankingModels::read(&files)?, "hk", &[])
    }

    #[test]
    fn a_model_is_used_when_the_profile_says_so() {
        let used = "[model]\ncandidates = 50\n";
        for path in ["hk/ranking.model.txt", "common/ranking.model.txt"] {
            let model = read_with_model(used, path, MODEL).expect("valid").model;
            let model = model.expect("a model");
            assert_eq!((model.table.candidates, model.table.weight), (50, 1.0));
            let sales = SIGNAL_NAMES.iter().position(|(name, _)| *name == "sales");
            let mut values = vec![0.0; SIGNAL_NAMES.len()];
            values[sales.expect("a signal")] = 0.75;
            assert_eq!(model.scores([&*values].into_iter()), [0.0]);
        }
        let idle = read_with_model("", "hk/ranking.model.txt", MODEL);
        assert_eq!(idle.expect("valid").model, None);
    }

    #[test]
    fn a_model_that_cannot_be_used_is_refused_with_its_line() {
        let refused = |hk: &str, path: &str, model: &str, part: &str| {
            let message = read_with_model(hk, path, model).unwrap_err().to_string();
            assert!(message.contains(part), "{message}");
        };
        let path = "hk/ranking.model.txt";
        let strange = MODEL.replace("=sales", "=charm");
        refused("", path, &strange, "hk/ranking.model.txt:6");
        refused("", path, "tree\n", "hk/ranking.model.txt:");
        refused("[model]\n", "tw/ranking.model.txt", MODEL, "put it first");
        refused(
            "[model]\ncandidates = 0\n",
            path,
            MODEL,
            "hk/ranking.toml:2",
        );
        refused("[model]\ncandidates = 501\n", path, MODEL, "1 to 500");
        refused("[model]\nweight = 0.0\n", path, MODEL, "above 0");
        assert!(read_with_model("[model]\ncandidates = 500\n", path, MODEL).is_ok());
    }
}
