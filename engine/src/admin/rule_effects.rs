//! What a change of merchandising rules would do: which rules change, what is odd about them, and, for a dry run, how the
//! first pages of their queries change.

mod preview;

use sampan_proto::{Timestamp, v1};

use crate::{
    base::{clock, error::Result, limits, region::RegionIndex},
    config::{Configuration, rules::MerchandisingRule},
    flow::{
        filter::{Gate, Verdict},
        request::Market,
    },
    index::{generation::Generation, rules::Rules},
    store::state::Store,
};
use preview::Preview;

/// What a change is judged by.
pub struct RuleChange<'a> {
    pub generation: &'a Generation,
    pub store: &'a Store,
    pub before: &'a Configuration,
    pub after: &'a Configuration,
}

impl RuleChange<'_> {
    /// Sentences, and with `tried` the items that gain or lose a place on a first page.
    pub fn effects(&self, tried: bool) -> Result<v1::PutDocumentResponse> {
        let (before, after) = (&self.before.rules, &self.after.rules);
        let changed: Vec<&MerchandisingRule> = only_in(after, before).collect();
        let gone: Vec<&MerchandisingRule> = only_in(before, after).collect();
        let is_known = |rule: &&&MerchandisingRule| gone.iter().any(|known| known.id == rule.id);
        let edited = changed.iter().filter(is_known).count();
        let mut response = v1::PutDocumentResponse {
            effects: vec![format!(
                "{} rules are new, {edited} change, {} go",
                changed.len() - edited,
                gone.len() - edited
            )],
            ..Default::default()
        };
        for rule in &changed {
            let odd = self.odd(rule)?.into_iter();
            let told = odd.map(|what| format!("{}: rule {:?}: {what}", rule.place, rule.id));
            response.effects.extend(told);
        }
        if tried {
            let generation = self.generation;
            let names = &generation.columns.names;
            let mut preview = Preview {
                generation,
                store: self.store,
                after: &Rules::current(None, after, &generation.analyzer, names),
                tried: Vec::new(),
                left_out: 0,
                response: &mut response,
            };
            for rule in changed.iter().chain(&gone) {
                preview.of_rule(rule, &self.regions_of(rule))?;
            }
            preview.finish();
        }
        Ok(response)
    }

    fn regions_of(&self, rule: &MerchandisingRule) -> Vec<RegionIndex> {
        match rule.region {
            Some(region) => vec![region],
            None => self.after.regions.iter().map(|(index, _)| index).collect(),
        }
    }

    /// What a merchandiser may not have meant; none of it is an error, for catalogue and time go on.
    fn odd(&self, rule: &MerchandisingRule) -> Result<Vec<String>> {
        let mut odd = Vec::new();
        let now = clock::now_seconds();
        if let Some(until) = rule.when.validity.until.filter(|until| *until <= now) {
            let ended = Timestamp {
                seconds: until,
                nanos: 0,
            };
            odd.push(format!("ended at {ended}"));
        }
        for item in items_of(rule) {
            if self.store.item(item)?.is_none() {
                odd.push(format!("item {item:?} does not exist"));
            }
        }
        let moves = rule.then.boost.is_some() || rule.then.bury.is_some();
        for region in self.regions_of(rule) {
            let code = &self.after.regions.get(region).code;
            let gate = self.gate(code)?;
            for pin in &rule.then.pins {
                let Some(stored) = self.store.item(&pin.item)? else {
                    continue;
                };
                let why = match gate.check(stored.ordinal) {
                    Verdict::Barred => "is barred",
                    Verdict::Out => "is not sold",
                    Verdict::Pass(_) | Verdict::Hidden => continue,
                };
                odd.push(format!(
                    "item {:?} {why} in {code}: it is not shown",
                    pin.item
                ));
            }
            if moves && self.after.profile(region).weight("rule") == 0.0 {
                odd.push(format!(
                    "{code}'s profile lets rules move nothing ([boosts] rule)"
                ));
            }
        }
        Ok(odd)
    }

    fn gate(&self, region: &str) -> Result<Gate<'_>> {
        let configuration = &self.generation.configuration;
        let market = Market::resolve(configuration, region, "", 0, "")?;
        Ok(Gate::new(&self.generation.columns, configuration, market))
    }
}

/// Rules of one set that are not in another, or differ there.
fn only_in<'r>(
    rules: &'r [MerchandisingRule],
    others: &'r [MerchandisingRule],
) -> impl Iterator<Item = &'r MerchandisingRule> {
    rules
        .iter()
        .filter(|rule| !others.iter().any(|other| rule.is_like(other)))
}

fn items_of(rule: &MerchandisingRule) -> impl Iterator<Item = &String> {
    let then = &rule.then;
    let shifts = [&then.boost, &then.bury].into_iter().flatten();
    let selectors = then.hide.iter().chain(shifts.map(|shift| &shift.selector));
    let pinned = then.pins.iter().map(|pin| &pin.item);
    let items = pinned.chain(selectors.flat_map(|selector| &selector.items));
    items.take(limits::RULE_SELECTED_MAX)
}
