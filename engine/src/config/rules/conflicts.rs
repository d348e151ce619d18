//! Rules that contradict each other, found before they act.

use sampan_analyzers::Analyzer;

use super::{MerchandisingRule, QueryKeys, overlap::KeyedRule};
use crate::{
    base::error::{Result, SampanError},
    config::selector::Selector,
};

/// Refuses rules that can hold at once and cannot both have their way; the error names both with file and line. Also a
/// replacement that another one would replace again: a query is replaced once.
pub fn check_conflicts(rules: &[MerchandisingRule], analyzer: &Analyzer) -> Result<()> {
    let keyed: Vec<KeyedRule<'_>> = rules
        .iter()
        .map(|rule| KeyedRule::new(rule, analyzer))
        .collect();
    for (number, later) in keyed.iter().enumerate() {
        for earlier in &keyed[..number] {
            // The cheapest question first: there may be millions of pairs.
            if !later.can_meet(earlier) {
                continue;
            }
            let Some(conflict) = conflict(earlier.rule, later.rule, analyzer) else {
                continue;
            };
            if later.shares_query(earlier) {
                return Err(refused(later.rule, earlier.rule, &conflict));
            }
        }
    }
    check_chains(&keyed, analyzer)
}

/// What of two rules cannot both be done.
fn conflict(
    one: &MerchandisingRule,
    other: &MerchandisingRule,
    analyzer: &Analyzer,
) -> Option<String> {
    let same = |one: &str, other: &str| analyzer.fold_key(one) == analyzer.fold_key(other);
    pins(one, other)
        .or_else(|| pin_and_hide(one, other))
        .or_else(|| pin_and_hide(other, one))
        .or_else(|| boost_and_bury(one, other, analyzer))
        .or_else(|| boost_and_bury(other, one, analyzer))
        .or_else(|| {
            let (one, other) = (one.then.redirect.as_ref()?, other.then.redirect.as_ref()?);
            (one != other).then(|| format!("redirect to {one} and to {other}"))
        })
        .or_else(|| {
            let (one, other) = (one.then.replace.as_ref()?, other.then.replace.as_ref()?);
            (!same(one, other)).then(|| format!("replace the query by {one:?} and by {other:?}"))
        })
}

fn pins(one: &MerchandisingRule, other: &MerchandisingRule) -> Option<String> {
    let (one, other) = (&one.then.pins, &other.then.pins);
    let mut pairs = one
        .iter()
        .flat_map(|one| other.iter().map(move |other| (one, other)));
    pairs.find_map(
        |(one, other)| match (one.position == other.position, one.item == other.item) {
            (true, false) => Some(format!(
                "pin items {:?} and {:?} on place {}",
                one.item, other.item, one.position
            )),
            (false, true) => Some(format!(
                "pin item {:?} on places {} and {}",
                one.item, one.position, other.position
            )),
            _ => None,
        },
    )
}

fn pin_and_hide(pinning: &MerchandisingRule, hiding: &MerchandisingRule) -> Option<String> {
    let hidden = hiding.then.hide.as_ref()?;
    let mut pins = pinning.then.pins.iter();
    let pin = pins.find(|pin| hidden.items.contains(&pin.item))?;
    Some(format!("pin and hide item {:?}", pin.item))
}

fn boost_and_bury(
    boosting: &MerchandisingRule,
    burying: &MerchandisingRule,
    analyzer: &Analyzer,
) -> Option<String> {
    let (boost, bury) = (boosting.then.boost.as_ref()?, burying.then.bury.as_ref()?);
    let is_same = folded(&boost.selector, analyzer) == folded(&bury.selector, analyzer);
    is_same.then(|| "boost and bury the same items".to_owned())
}

/// Every list of a selector, sorted and without regard to script.
fn folded(selector: &Selector, analyzer: &Analyzer) -> [Vec<String>; 5] {
    let key = |text: &String| analyzer.fold_key(text);
    let path = |path: &Vec<String>| path.iter().map(key).collect::<Vec<_>>().join("\n");
    let mut lists = [
        selector.categories.iter().map(path).collect(),
        selector.brands.iter().map(key).collect(),
        selector.tags.iter().map(key).collect(),
        // Ids are compared as they are written.
        selector.sellers.clone(),
        selector.items.clone(),
    ];
    lists
        .iter_mut()
        .for_each(|list: &mut Vec<String>| list.sort());
    lists
}

/// A replacement must not be a query that a rule replaces, that rule itself included.
fn check_chains(keyed: &[KeyedRule<'_>], analyzer: &Analyzer) -> Result<()> {
    let replacing: Vec<&KeyedRule<'_>> = keyed
        .iter()
        .filter(|keyed| keyed.rule.then.replace.is_some())
        .collect();
    for first in &replacing {
        let Some(target) = &first.rule.then.replace else {
            continue;
        };
        let target_keys = QueryKeys::of_text(analyzer, target);
        for next in &replacing {
            if first.can_meet(next) && next.is_for(&target_keys) {
                let conflict = format!("replace a query by {target:?}, and that again");
                return Err(refused(first.rule, next.rule, &conflict));
            }
        }
    }
    Ok(())
}

fn refused(rule: &MerchandisingRule, other: &MerchandisingRule, conflict: &str) -> SampanError {
    SampanError::Configuration {
        place: rule.place.clone(),
        reason: format!(
            "rules {:?} and {:?} ({}) can hold for one query and {conflict}",
            rule.id, other.id, other.place
        ),
    }
}
