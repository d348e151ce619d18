//! What the node holds, for operators.

use sampan_proto::{Timestamp, v1};

use super::memory::{Resident, by_component};
use crate::{
    base::{clock, error::Result, region::RegionIndex},
    config::profile::SIGNAL_NAMES,
    encode::EncoderSource,
    exposure::Held,
    flow::{filter::Gate, request::Market},
    index::{generation::Generation, shared::Shared},
};

/// Counts, versions, memory and warnings. `results`: bytes of results that are kept for their later pages.
pub fn status(
    generation: &Generation,
    shared: &Shared,
    results: u64,
) -> Result<v1::IndexStatusResponse> {
    let configuration = &generation.configuration;
    let mut regions = Vec::new();
    for (_, region) in configuration.regions.iter() {
        let market = Market::resolve(configuration, &region.code, "", 0, "")?;
        let gate = Gate::new(&generation.columns, configuration, market);
        let eligible = generation
            .columns
            .ordinals()
            .filter(|ordinal| gate.allows(*ordinal));
        regions.push(v1::RegionStatus {
            region: region.code.clone(),
            eligible_items: eligible.count() as u64,
            profile_version: generation.profiles[market.region.0 as usize].name.clone(),
            analyzer_version: generation.analyzer.version().to_owned(),
            currency: region.currency.clone(),
            name: region.name.clone(),
            exposures: steering(generation, market.region),
        });
    }
    let resident = Resident::now();
    let vectors = generation.vectors.len();
    let segments = generation
        .lexical
        .segments()
        .map(|(id, items, deleted, bytes)| v1::SegmentStatus {
            id,
            items,
            deleted,
            bytes,
        });
    Ok(v1::IndexStatusResponse {
        index_version: generation.version(),
        policy_version: generation.columns.policy.version.clone(),
        pools_version: generation.columns.pools.version.clone(),
        sequence_written: shared.log.last(),
        sequence_visible: generation.sequence,
        items: generation.columns.len() as u64,
        segments: segments.collect(),
        regions,
        vector_source: match &generation.encoder {
            Some(encoder) => encoder.name().to_owned(),
            None if vectors > 0 => "client".to_owned(),
            None => "none".to_owned(),
        },
        vector_dimensions: generation.vectors.dimensions().unwrap_or(0) as u32,
        vectors: vectors as u64,
        events: generation.behaviour.events(),
        rate_date: configuration.rates.date.clone(),
        memory_bytes: resident.all,
        memory_anonymous_bytes: resident.anonymous,
        memory_file_bytes: resident.file,
        memory: by_component(generation, shared, results),
        snapshot_version: shared
            .versions
            .latest()?
            .map_or_else(String::new, |manifest| manifest.sequence.to_string()),
        warnings: warnings(generation),
        rebuilding: generation.rebuilding,
        // Both are the node's, not its indexes'.
        rules: Vec::new(),
        encoder: None,
        experiments: super::experiments::status(generation),
        feed_model: Some(feed_model(generation)),
    })
}

/// What is done for a region's exposure targets.
fn steering(generation: &Generation, region: RegionIndex) -> Vec<v1::ExposureStatus> {
    let steering = generation.steering[region.0 as usize].iter();
    let told = steering.map(|steering| v1::ExposureStatus {
        boost: SIGNAL_NAMES[steering.target.signal].0.to_owned(),
        target: steering.target.share,
        share: steering.share,
        weight: steering.weight,
        weight_max: steering.weight_max,
        state: match steering.held {
            Held::Waiting => "waiting",
            Held::Held => "held",
            Held::Moving => "moving",
            Held::AtMargin => "at_margin",
            Held::AtZero => "at_zero",
        }
        .to_owned(),
    });
    told.collect()
}

/// What has gone wrong since the start, and restrictions that nobody vouches for any more.
fn warnings(generation: &Generation) -> Vec<String> {
    let restrictions = &generation.configuration.restrictions;
    let expired = restrictions.expired(clock::now_seconds());
    let expired = expired.map(|(path, at)| {
        let day = Timestamp {
            seconds: *at,
            nanos: 0,
        };
        format!(
            "{path}: its valid_until passed at {day}; it is read strictly until a new one is put"
        )
    });
    generation.warnings.iter().cloned().chain(expired).collect()
}

/// Which model the feed ranks by.
fn feed_model(generation: &Generation) -> v1::FeedModelStatus {
    let problem = generation.feed_model_problem.to_string();
    let Some(served) = &generation.feed_model else {
        return v1::FeedModelStatus {
            problem,
            ..Default::default()
        };
    };
    let learnt = served.learnt();
    let description = &learnt.named.description;
    let moment = |seconds: i64| (seconds != 0).then_some(Timestamp { seconds, nanos: 0 });
    v1::FeedModelStatus {
        origin: learnt.origin.name().to_owned(),
        made_by: description.made_by.clone(),
        made: moment(description.made),
        events: description.events,
        until: moment(description.until),
        shoppers: description.shoppers,
        items: learnt.named.ids.len() as u64,
        items_served: served.linked() as u64,
        dimensions: learnt.model().factors.dimensions() as u32,
        content: served.has_content(),
        problem,
    }
}

/// Which encoder the node has.
pub fn encoder_status(source: &EncoderSource) -> v1::EncoderStatus {
    match source {
        EncoderSource::None => v1::EncoderStatus::default(),
        EncoderSource::BuiltIn(encoder) => v1::EncoderStatus {
            name: encoder.name().to_owned(),
            version: encoder.version().to_owned(),
            dimensions: encoder.dimensions() as u32,
            problem: String::new(),
        },
        EncoderSource::Unusable(error) => v1::EncoderStatus {
            problem: error.to_string(),
            ..Default::default()
        },
    }
}
