//! Reads `experiments.toml` of `common` and of each region; the error names file and line.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use sampan_analyzers::DictionaryFiles;

use super::{
    Arm, ArmPlace, BUCKETS, Experiment, Experiments, Guard, LAYERS_MAX, Layer, PROFILES_MAX,
    RegionExperiments, Unit,
};
use crate::{
    base::{
        error::{Result, SampanError},
        region::RegionTable,
    },
    config::{
        place,
        profile::{self, Overlay},
        ranking_model::RankingModels,
        validity::Validity,
    },
};

/// Name of the file in each folder.
pub const FILE: &str = "experiments.toml";

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct ExperimentsFile {
    #[serde(default)]
    layer: Vec<LayerRow>,
    #[serde(default)]
    experiment: Vec<ExperimentRow>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct LayerRow {
    id: String,
    /// Percent of shoppers that none of its experiments takes.
    #[serde(default)]
    holdout: f64,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct ExperimentRow {
    id: String,
    layer: String,
    #[serde(default)]
    unit: Unit,
    from: Option<toml::value::Datetime>,
    until: Option<toml::value::Datetime>,
    /// Why it is made; for people.
    #[serde(default, rename = "question")]
    _question: String,
    #[serde(default)]
    arm: Vec<ArmRow>,
    #[serde(default)]
    guard: Vec<Guard>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct ArmRow {
    id: String,
    /// Percent of the layer's shoppers.
    share: f64,
    #[serde(default)]
    profile: toml::Table,
}

/// Experiments of `common` hold in every region, before the region's own.
pub fn read(
    files: &DictionaryFiles,
    regions: &RegionTable,
    models: &RankingModels,
) -> Result<Experiments> {
    let mut all = Vec::new();
    // What happens in an arm is counted by the experiment's id, whatever the region.
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    for (_, region) in regions.iter() {
        let mut reader = Reader::default();
        for folder in ["common", &region.code] {
            reader.take(files, folder, &mut owners)?;
        }
        all.push(reader.finish(files, models, &region.code)?);
    }
    Ok(Experiments(all))
}

/// The layers of a region as its files are read.
#[derive(Default)]
struct Reader {
    layers: Vec<Layer>,
    /// First bucket of each layer that is still free.
    free: Vec<u32>,
    ids: BTreeSet<String>,
    /// Where each experiment stands: path and text.
    last: (String, String),
}

impl Reader {
    fn take(
        &mut self,
        files: &DictionaryFiles,
        folder: &str,
        owners: &mut BTreeMap<String, String>,
    ) -> Result<()> {
        let path = format!("{folder}/{FILE}");
        let Some(text) = files.get(&path) else {
            return Ok(());
        };
        let file: ExperimentsFile = place::parse(&path, text)?;
        self.last = (path.clone(), text.to_owned());
        for row in file.layer {
            let fail = |key: &str, reason: String| {
                Err(place::wrong(&path, text, "[[layer]]", key, reason))
            };
            if row.id.is_empty() || self.layers.iter().any(|layer| layer.id == row.id) {
                return fail(
                    "id",
                    format!("layer {:?}: an id is needed, and only once", row.id),
                );
            }
            if self.layers.len() == LAYERS_MAX {
                return fail("id", format!("layer {:?}: at most {LAYERS_MAX}", row.id));
            }
            let Some(holdout) = buckets(row.holdout) else {
                return fail("holdout", format!("layer {:?}: {PERCENT}", row.id));
            };
            self.free.push(holdout);
            self.layers.push(Layer {
                id: row.id,
                experiments: Vec::new(),
            });
        }
        for row in file.experiment {
            let owner = owners
                .entry(row.id.clone())
                .or_insert_with(|| folder.to_owned());
            if owner != folder {
                let reason = format!("{}: {owner} has an experiment of this id", row.id);
                let mark = format!("\"{}\"", row.id);
                return Err(place::wrong(&path, text, &mark, "id", reason));
            }
            self.experiment(row, &path, text)?;
        }
        Ok(())
    }

    fn experiment(&mut self, row: ExperimentRow, path: &str, text: &str) -> Result<()> {
        let mark = format!("\"{}\"", row.id);
        let fail = |key: &str, reason: &str| {
            let reason = format!("{}: {reason}", row.id);
            place::wrong(path, text, &mark, key, reason)
        };
        if row.id.is_empty() || row.id.contains('.') || !self.ids.insert(row.id.clone()) {
            return Err(fail("id", "an id without \".\" is needed, and only once"));
        }
        let layer = self.layers.iter().position(|layer| layer.id == row.layer);
        let layer = layer.ok_or_else(|| fail("layer", "there is no [[layer]] of this id"))?;
        let validity = Validity::read(row.from.as_ref(), row.until.as_ref());
        let validity = validity.map_err(|(key, reason)| fail(key, reason))?;
        if row.arm.len() < 2 {
            return Err(fail(
                "id",
                "needs two [[experiment.arm]] or more to compare",
            ));
        }
        let sane = |guard: &Guard| (0.0..=1.0).contains(&guard.worse_by);
        if !row.guard.iter().all(sane) {
            return Err(fail("worse_by", "lies between 0 and 1"));
        }
        let mut arms: Vec<Arm> = Vec::new();
        for arm in row.arm {
            let known = arms.iter().any(|known| known.id == arm.id);
            if arm.id.is_empty() || known {
                return Err(fail("id", "an arm needs an id, and only once"));
            }
            let width = buckets(arm.share).filter(|width| *width > 0);
            let width =
                width.ok_or_else(|| fail("share", &format!("arm {}: {PERCENT}", arm.id)))?;
            let start = self.free[layer];
            if start + width > BUCKETS {
                let reason = format!(
                    "arm {}: the shares of layer {:?} pass 100",
                    arm.id, row.layer
                );
                return Err(fail("share", &reason));
            }
            self.free[layer] = start + width;
            if let Some(key) = held_for_all(&arm.profile) {
                let reason = format!("arm {}: {key} holds for all shoppers of a region", arm.id);
                return Err(fail("profile", &reason));
            }
            let overlay = (!arm.profile.is_empty()).then(|| Overlay {
                name: format!("{}.{}", row.id, arm.id),
                text: arm.profile.to_string(),
            });
            arms.push(Arm {
                id: arm.id,
                buckets: start..start + width,
                overlay,
            });
        }
        self.layers[layer].experiments.push(Experiment {
            id: row.id,
            unit: row.unit,
            validity,
            arms,
            guards: row.guard,
        });
        Ok(())
    }

    /// Reads the profiles of every combination of arms.
    fn finish(
        self,
        files: &DictionaryFiles,
        models: &RankingModels,
        region: &str,
    ) -> Result<RegionExperiments> {
        let (path, text) = &self.last;
        let fail = |overlay: &Overlay, reason: String| {
            let (experiment, arm) = overlay.name.split_once('.').unwrap_or_default();
            let reason = format!("{experiment}, arm {arm}: {reason}");
            place::wrong(path, text, &format!("\"{arm}\""), "profile", reason)
        };
        check_layers_apart(&self.layers).map_err(|(overlay, reason)| fail(overlay, reason))?;
        let mut combinations: Vec<Vec<(ArmPlace, &Overlay)>> = vec![Vec::new()];
        for (place, layer) in (0..).zip(&self.layers) {
            let overlaid = overlays_of(place, layer);
            let longer = combinations.iter().flat_map(|combination| {
                overlaid.iter().map(move |arm| {
                    let mut longer = combination.clone();
                    longer.push(*arm);
                    longer
                })
            });
            let longer: Vec<_> = longer.take(PROFILES_MAX + 1).collect();
            combinations.extend(longer);
            if combinations.len() > PROFILES_MAX + 1 {
                return Err(SampanError::Configuration {
                    place: path.clone(),
                    reason: format!("the arms combine to more than {PROFILES_MAX} profiles"),
                });
            }
        }
        let mut profiles = BTreeMap::new();
        for combination in combinations.into_iter().filter(|arms| !arms.is_empty()) {
            let (key, overlays): (Vec<ArmPlace>, Vec<&Overlay>) = combination.into_iter().unzip();
            let profile = profile::read(files, models, region, &overlays);
            let profile = profile.map_err(|error| {
                let reason = match error {
                    SampanError::Configuration { reason, .. } => reason,
                    other => other.to_string(),
                };
                match overlays.last() {
                    Some(last) => fail(last, reason),
                    None => SampanError::internal(reason),
                }
            })?;
            profiles.insert(key, Arc::new(profile));
        }
        Ok(RegionExperiments {
            layers: self.layers,
            profiles: profiles.into_iter().collect(),
        })
    }
}

const PERCENT: &str = "a share lies between 0 and 100 percent, in steps of 0.01";

/// Buckets of a share in percent; `None` when it is none.
fn buckets(percent: f64) -> Option<u32> {
    let buckets = percent * f64::from(BUCKETS) / 100.0;
    let is_whole = (buckets - buckets.round()).abs() < 1e-6;
    (is_whole && (0.0..=f64::from(BUCKETS)).contains(&buckets)).then(|| buckets.round() as u32)
}

/// The arms of a layer that change the profile.
fn overlays_of(place: u8, layer: &Layer) -> Vec<(ArmPlace, &Overlay)> {
    let mut found = Vec::new();
    for (experiment_place, experiment) in (0..).zip(&layer.experiments) {
        for (arm_place, arm) in (0..).zip(&experiment.arms) {
            if let Some(overlay) = &arm.overlay {
                found.push(((place, experiment_place, arm_place), overlay));
            }
        }
    }
    found
}

/// A key of the profile belongs to one layer: else what an arm does would depend on another layer's. The error is the
/// arm that comes second, and why.
fn check_layers_apart(layers: &[Layer]) -> std::result::Result<(), (&Overlay, String)> {
    let mut owners: BTreeMap<String, u8> = BTreeMap::new();
    for (place, layer) in (0..).zip(layers) {
        for (_, overlay) in overlays_of(place, layer) {
            for key in keys(&overlay.text) {
                let owner = *owners.entry(key.clone()).or_insert(place);
                if owner != place {
                    let other = &layers[owner as usize].id;
                    return Err((
                        overlay,
                        format!("{key} is changed in layer {other:?} already"),
                    ));
                }
            }
        }
    }
    Ok(())
}

/// A key that no arm may have: what is never shown is shown to nobody, and arms are not steered.
fn held_for_all(profile: &toml::Table) -> Option<String> {
    let own = ["inherits", "exposure"]
        .into_iter()
        .find(|key| profile.contains_key(*key));
    let pools = profile
        .get("pools")
        .and_then(toml::Value::as_table)
        .into_iter()
        .flatten();
    let excludes = |uses: &toml::Value| uses.get("exclude").is_some();
    let excluded = pools.filter(|(_, uses)| excludes(uses));
    let excluded = excluded.map(|(id, _)| format!("pools.{id}.exclude")).next();
    own.map(str::to_owned).or(excluded)
}

/// Keys that a text sets: `boosts.local`.
fn keys(text: &str) -> Vec<String> {
    let Ok(table) = text.parse::<toml::Table>() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (name, value) in table {
        match value {
            toml::Value::Table(inner) => {
                found.extend(inner.into_iter().map(|(key, _)| format!("{name}.{key}")));
            }
            _ => found.push(name),
        }
    }
    found
}
