//! A simulated log and a plan as files: the log in Open Bandit's format, the plan as a table.

use std::path::Path;

use super::simulator::{Ranking, Shop, Visit};

/// Writes both.
///
/// # Errors
/// A file cannot be written.
pub fn write(
    log: &Path,
    policy: &Path,
    shop: &Shop,
    visits: &[Visit],
    plan: &Ranking,
) -> Result<(), csv::Error> {
    let mut out = csv::Writer::from_path(log)?;
    let header = [
        "",
        "timestamp",
        "item_id",
        "position",
        "click",
        "propensity_score",
        "user_feature_0",
        "user_id",
        "request_id",
    ];
    out.write_record(header)?;
    let mut line = 0u64;
    for (request, visit) in visits.iter().enumerate() {
        let time = format!("2026-01-{:02} 12:00:00+00:00", 1 + request % 28);
        for (place, (item, click)) in visit.items.into_iter().zip(visit.clicks).enumerate() {
            out.write_record([
                line.to_string(),
                time.clone(),
                item.to_string(),
                (place + 1).to_string(),
                u8::from(click).to_string(),
                shop.logging[visit.segment][item].to_string(),
                format!("segment-{}", visit.segment),
                visit.shopper.to_string(),
                request.to_string(),
            ])?;
            line += 1;
        }
    }
    out.flush()?;
    let mut out = csv::Writer::from_path(policy)?;
    out.write_record(["user_feature_0", "item_id", "probability"])?;
    for (segment, ranking) in plan.iter().enumerate() {
        for (item, probability) in ranking.iter().enumerate() {
            let segment = format!("segment-{segment}");
            out.write_record([segment, item.to_string(), probability.to_string()])?;
        }
    }
    Ok(out.flush()?)
}

#[cfg(test)]
mod tests {
    use rand::{SeedableRng as _, rngs::StdRng};

    use super::*;
    use crate::evaluate::counterfactual::{
        estimate::Estimator,
        join::join,
        open_bandit,
        policy::TargetPolicy,
        report::CounterfactualReport,
        simulator::{PLACES, Reading},
    };

    #[test]
    fn what_is_written_is_read_back_and_the_intervals_hold_the_truth() {
        let folder = tempfile::TempDir::new().unwrap();
        let (log, policy) = (
            folder.path().join("log.csv"),
            folder.path().join("policy.csv"),
        );
        let shop = Shop::new(7, Reading::ByPlace, 0.7);
        let visits = shop.visits(1_000, &mut StdRng::seed_from_u64(7));
        let plan = shop.plan(4.0, 0.3);
        write(&log, &policy, &shop, &visits, &plan).unwrap();

        let policy = TargetPolicy::read(&policy).unwrap();
        // The key of the plan, and again as the context.
        let fields = ["user_feature_0", "user_feature_0"].map(str::to_owned);
        let rows = open_bandit::read(&log, open_bandit::CLICK, &fields).unwrap();
        let read = CounterfactualReport::of(&join(&rows, &policy).unwrap());
        let direct = CounterfactualReport::of(&shop.log(&visits, &plan, true));
        let truth = shop.clicks_of_list(&plan);
        for estimator in Estimator::ALL {
            let [read, direct] = [&read, &direct]
                .map(|report| *report.outcome(estimator).unwrap().estimate().unwrap());
            assert!(
                (read.value - direct.value).abs() < 1e-9,
                "{read:?} {direct:?}"
            );
            let truth = if estimator.is_of_lists() {
                truth
            } else {
                truth / PLACES as f64
            };
            assert!(read.low <= truth && truth <= read.high, "{read:?}, {truth}");
        }
    }
}
