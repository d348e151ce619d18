//! What must hold before a plan is launched. A bound whose figure cannot be measured is not kept: silence is no pass.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{exposure::Dimension, simulation::Simulation};
use crate::evaluate::metrics::Measure;

/// Bounds, from the plan's file. All are optional.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checklist {
    /// nDCG@10 of the judged queries: present − plan.
    pub max_relevance_loss: Option<f64>,
    /// Visits that are shown nothing: plan − present, in shares of all.
    pub max_zero_results_rise: Option<f64>,
    /// Items shown under the plan whose market restrictions bar them from.
    pub max_barred: Option<u64>,
    /// Items shown at present that the plan's restrictions take out.
    pub max_taken_out: Option<u64>,
    /// Mean freight of what is looked at: plan ÷ present − 1.
    pub max_freight_rise: Option<f64>,
    /// Expected orders of a visit: plan ÷ present − 1.
    pub min_orders_rise: Option<f64>,
    /// Visits that the node refuses under the plan.
    pub max_refused: Option<u64>,
    /// Largest share of exposure of any one seller under the plan.
    pub max_seller_exposure: Option<f64>,
    /// Share of exposure under the plan, by way to ship.
    #[serde(default)]
    pub min_exposure: BTreeMap<ShipWay, f64>,
    #[serde(default)]
    pub max_exposure: BTreeMap<ShipWay, f64>,
}

/// A way to ship, as files call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShipWay {
    DirectMail,
    FreeShipping,
    Consolidated,
    Local,
}

impl ShipWay {
    fn name(self) -> &'static str {
        match self {
            Self::DirectMail => "direct_mail",
            Self::FreeShipping => "free_shipping",
            Self::Consolidated => "consolidated",
            Self::Local => "local",
        }
    }
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Check {
    /// As the plan's file has it.
    pub name: String,
    pub bound: f64,
    /// None where it could not be measured.
    pub measured: Option<f64>,
    pub passes: bool,
}

impl Checklist {
    /// Holds a simulation against the bounds.
    pub fn check(&self, found: &Simulation) -> Vec<Check> {
        let mut checks = Checks::default();
        let loss = found.relevance.as_ref().and_then(|relevance| {
            let ndcg = relevance
                .measures
                .iter()
                .find(|its| its.measure == Measure::Ndcg10)?;
            Some(-ndcg.effect.mean)
        });
        let (before, after) = (&found.outcomes.before, &found.outcomes.after);
        let rise = |before: Option<f64>, after: Option<f64>| {
            Some(after? / before.filter(|before| *before > 0.0)? - 1.0)
        };
        let whole = |bound: Option<u64>| bound.map(|bound| bound as f64);
        checks.at_most("max_relevance_loss", self.max_relevance_loss, loss);
        let emptier = after.zero_results - before.zero_results;
        checks.at_most(
            "max_zero_results_rise",
            self.max_zero_results_rise,
            Some(emptier),
        );
        let barred = found.barred.shown.len() as f64;
        checks.at_most("max_barred", whole(self.max_barred), Some(barred));
        let taken_out = found.barred.taken_out.len() as f64;
        checks.at_most("max_taken_out", whole(self.max_taken_out), Some(taken_out));
        checks.at_most(
            "max_freight_rise",
            self.max_freight_rise,
            rise(before.freight, after.freight),
        );
        let orders = rise(before.orders_of_1000_visits, after.orders_of_1000_visits);
        checks.at_least("min_orders_rise", self.min_orders_rise, orders);
        let refused = found.log.refused_under_plan as f64;
        checks.at_most("max_refused", whole(self.max_refused), Some(refused));
        let sellers = found
            .exposure_of(Dimension::Seller)
            .iter()
            .filter(|its| its.name != "(none)");
        let largest = sellers.map(|its| its.after).fold(0.0, f64::max);
        checks.at_most(
            "max_seller_exposure",
            self.max_seller_exposure,
            Some(largest),
        );
        let ways = found.exposure_of(Dimension::ShipMode);
        let share = |way: ShipWay| {
            let exposed = ways.iter().find(|its| its.name == way.name());
            Some(exposed.map_or(0.0, |its| its.after))
        };
        for (way, bound) in &self.min_exposure {
            checks.at_least(
                &format!("min_exposure.{}", way.name()),
                Some(*bound),
                share(*way),
            );
        }
        for (way, bound) in &self.max_exposure {
            checks.at_most(
                &format!("max_exposure.{}", way.name()),
                Some(*bound),
                share(*way),
            );
        }
        checks.0
    }
}

#[derive(Default)]
struct Checks(Vec<Check>);

/// A measured figure may miss its bound by so much: rounding.
const ROUNDING: f64 = 1e-12;

impl Checks {
    fn at_most(&mut self, name: &str, bound: Option<f64>, measured: Option<f64>) {
        self.add(name, bound, measured, |measured, bound| {
            measured <= bound + ROUNDING
        });
    }

    fn at_least(&mut self, name: &str, bound: Option<f64>, measured: Option<f64>) {
        self.add(name, bound, measured, |measured, bound| {
            measured >= bound - ROUNDING
        });
    }

    fn add(
        &mut self,
        name: &str,
        bound: Option<f64>,
        measured: Option<f64>,
        keeps: impl Fn(f64, f64) -> bool,
    ) {
        self.0.extend(bound.map(|bound| Check {
            name: name.to_owned(),
            bound,
            measured,
            passes: measured.is_some_and(|measured| keeps(measured, bound)),
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::simulate::exposure::Exposed;

    fn found() -> Simulation {
        let mut found = Simulation::default();
        found.outcomes.before.freight = Some(100.0);
        found.outcomes.after.freight = Some(110.0);
        found.outcomes.after.zero_results = 0.02;
        found.exposure.push((
            Dimension::ShipMode,
            vec![Exposed {
                name: "direct_mail".into(),
                after: 0.3,
                ..Default::default()
            }],
        ));
        found
    }

    fn checked(text: &str) -> Vec<(String, bool)> {
        let list: Checklist = toml::from_str(text).unwrap();
        list.check(&found())
            .into_iter()
            .map(|check| (check.name, check.passes))
            .collect()
    }

    #[test]
    fn bounds_hold_at_and_fail_beyond() {
        let at = "max_zero_results_rise = 0.02\nmax_barred = 0\nmax_freight_rise = 0.1\nmin_exposure.direct_mail = 0.3\n\
                  max_exposure.local = 0.0\n";
        assert!(
            checked(at).iter().all(|(_, passes)| *passes),
            "{:?}",
            checked(at)
        );
        assert_eq!(checked(at).len(), 5);
        let beyond = "max_zero_results_rise = 0.019\nmax_freight_rise = 0.09\nmin_exposure.direct_mail = 0.31\n\
                      max_exposure.direct_mail = 0.29\nmin_exposure.local = 0.1\n";
        assert!(
            checked(beyond).iter().all(|(_, passes)| !passes),
            "{:?}",
            checked(beyond)
        );
    }

    #[test]
    fn what_was_not_measured_does_not_pass() {
        let told = checked("max_relevance_loss = 1.0\nmin_orders_rise = -1.0\n");
        let expected =
            ["max_relevance_loss", "min_orders_rise"].map(|name| (name.to_owned(), false));
        assert_eq!(told, expected);
        assert!(checked("").is_empty());
    }
}
