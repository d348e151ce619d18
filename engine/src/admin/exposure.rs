//! Who was on shoppers' screens in a span of time: impressions of the event log, over what the region sells now.

mod parts;

use rustc_hash::FxHashMap;
use sampan_proto::{Timestamp, v1};

use super::ordinals::Ordinals;
use crate::{
    base::{
        Ordinal,
        clock::{self, DAY_SECONDS},
        error::{Result, SampanError},
        limits::EXPOSURE_DAYS_DEFAULT,
        priority::behind_queries,
    },
    index::{columns::is_new, generation::Generation},
    store::state::Store,
};
use parts::Exposed;

/// Impressions of an item.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    all: u64,
    /// While it was new ([`is_new`]).
    while_new: u64,
    /// In places that chance filled.
    by_chance: u64,
}

/// Impressions of a span of time.
#[derive(Default)]
struct Tally {
    impressions: u64,
    gone: u64,
    items: FxHashMap<Ordinal, Seen>,
}

/// The report that a request asks for.
pub fn report(
    generation: &Generation,
    store: &Store,
    request: &v1::ReportExposureRequest,
) -> Result<v1::ReportExposureResponse> {
    let regions = &generation.configuration.regions;
    let region = regions.require("region", &request.region)?;
    let (since, until) = span(request)?;
    let tally = behind_queries("exposure", || {
        tally(generation, store, request, since, until)
    })?;
    let exposed = Exposed {
        columns: &generation.columns,
        region,
        sold: generation.columns.eligible(region, region).bitmap().clone(),
        tally,
    };
    let promises = &generation.configuration.profile(region).feed.minimum;
    let moment = |seconds| Some(Timestamp { seconds, nanos: 0 });
    Ok(v1::ReportExposureResponse {
        since: moment(since),
        until: moment(until),
        impressions: exposed.tally.impressions,
        gone: exposed.tally.gone,
        parts: exposed.parts(),
        promises: promises
            .iter()
            .map(|promise| exposed.promise(promise))
            .collect(),
    })
}

/// Whether an impression was in such answers.
pub fn is_on(surface: v1::ExposureSurface, event: &v1::Event) -> bool {
    match surface {
        v1::ExposureSurface::Unspecified => true,
        v1::ExposureSurface::Feed => event.query.is_empty(),
        v1::ExposureSurface::Search => !event.query.is_empty(),
    }
}

/// From when to when, seconds since 1970.
fn span(request: &v1::ReportExposureRequest) -> Result<(i64, i64)> {
    let until = request
        .until
        .map_or_else(clock::now_seconds, |time| time.seconds);
    let default = until.saturating_sub(EXPOSURE_DAYS_DEFAULT * DAY_SECONDS);
    let since = request.since.map_or(default, |time| time.seconds);
    if since >= until {
        return Err(SampanError::invalid("since", "is not before until"));
    }
    Ok((since, until))
}

fn tally(
    generation: &Generation,
    store: &Store,
    request: &v1::ReportExposureRequest,
    since: i64,
    until: i64,
) -> Result<Tally> {
    let mut tally = Tally::default();
    let mut ordinals = Ordinals::new(store);
    store.each_event(1, &mut |_, event| {
        let seconds = event.time.map_or(0, |time| time.seconds);
        let is_meant = event.kind() == v1::EventKind::Impression
            && event.region == request.region
            && (since..until).contains(&seconds)
            && is_on(request.surface(), &event);
        if !is_meant {
            return Ok(());
        }
        tally.impressions += 1;
        let known = ordinals.of(&event.item_id)?;
        let row = known.and_then(|ordinal| Some((ordinal, generation.columns.row(ordinal)?)));
        let Some((ordinal, row)) = row else {
            tally.gone += 1;
            return Ok(());
        };
        let seen = tally.items.entry(ordinal).or_default();
        seen.all += 1;
        seen.while_new += u64::from(is_new(row.created, seconds));
        seen.by_chance += u64::from(event.propensity.is_some_and(|chance| chance < 1.0));
        Ok(())
    })?;
    Ok(tally)
}
