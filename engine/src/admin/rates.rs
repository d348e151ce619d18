//! Whether the rates that ranking goes by are kept: estimates at the impressions of the event log, against what followed.

use sampan_proto::{Timestamp, v1};

use super::{exposure::is_on, ordinals::Ordinals};
use crate::{
    base::{
        clock::{self, DAY_SECONDS},
        error::{Result, SampanError},
        limits::{RATE_REPORT_DAYS_DEFAULT, RATE_WAIT_SECONDS_DEFAULT, RATE_WAIT_SECONDS_MAX},
        priority::behind_queries,
    },
    behaviour::{Bin, Goods, RateTrial, Reliability, Scope},
    index::generation::Generation,
    store::state::Store,
};

/// The report that a request asks for.
pub fn report(
    generation: &Generation,
    store: &Store,
    request: &v1::ReportRatesRequest,
) -> Result<v1::ReportRatesResponse> {
    let regions = &generation.configuration.regions;
    regions.require("region", &request.region)?;
    let scope = scope(request)?;
    let mut trial = RateTrial::new(scope.clone());
    let gone = behind_queries("rates", || take(&mut trial, generation, store, request))?;
    let moment = |seconds| Some(Timestamp { seconds, nanos: 0 });
    let rates = trial.finish();
    Ok(v1::ReportRatesResponse {
        since: moment(scope.since),
        until: moment(scope.until),
        wait_seconds: scope.wait as u32,
        impressions: rates[0].impressions(),
        gone,
        rates: rates.iter().map(told).collect(),
    })
}

fn scope(request: &v1::ReportRatesRequest) -> Result<Scope> {
    let wait = match request.wait_seconds {
        0 => RATE_WAIT_SECONDS_DEFAULT,
        wait if wait > RATE_WAIT_SECONDS_MAX => {
            let reason = format!("{wait} is above {RATE_WAIT_SECONDS_MAX}");
            return Err(SampanError::invalid("wait_seconds", reason));
        }
        wait => wait,
    };
    let wait = i64::from(wait);
    // What was shown later may still be answered.
    let waited = || clock::now_seconds() - wait;
    let until = request.until.map_or_else(waited, |time| time.seconds);
    let default = until.saturating_sub(RATE_REPORT_DAYS_DEFAULT * DAY_SECONDS);
    let since = request.since.map_or(default, |time| time.seconds);
    if since >= until {
        return Err(SampanError::invalid("since", "is not before until"));
    }
    Ok(Scope {
        region: request.region.clone(),
        since,
        until,
        wait,
    })
}

/// Takes all events; answers how many impressions in scope are of items that are gone.
fn take(
    trial: &mut RateTrial,
    generation: &Generation,
    store: &Store,
    request: &v1::ReportRatesRequest,
) -> Result<u64> {
    let columns = &generation.columns;
    let mut ordinals = Ordinals::new(store);
    let mut gone = 0;
    store.each_event(1, &mut |_, event| {
        if event.region != request.region {
            return Ok(());
        }
        let counts = is_on(request.surface(), &event);
        let known = ordinals.of(&event.item_id)?;
        let Some(ordinal) = known.filter(|ordinal| columns.row(*ordinal).is_some()) else {
            gone += u64::from(counts && trial.compares(&event));
            return Ok(());
        };
        let hot = columns.hot(ordinal);
        let goods = Goods {
            ordinal,
            seller: columns.names.sellers.text(hot.seller),
            category: columns.names.categories.text(hot.category),
        };
        trial.take(&event, goods, counts);
        Ok(())
    })?;
    Ok(gone)
}

fn told(rate: &Reliability) -> v1::RateReliability {
    let (predicted, observed) = rate.means();
    let used = rate.bins.iter().filter(|bin| bin.impressions > 0);
    v1::RateReliability {
        rate: rate.rate.to_owned(),
        predicted,
        observed,
        error: rate.error(),
        error_by_chance: rate.error_by_chance(),
        bins: used.map(bin).collect(),
    }
}

fn bin(bin: &Bin) -> v1::RateBin {
    let impressions = bin.impressions as f64;
    v1::RateBin {
        from: bin.from,
        impressions: bin.impressions,
        predicted: bin.predicted / impressions,
        observed: bin.observed as f64 / impressions,
    }
}
