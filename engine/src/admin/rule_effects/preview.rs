//! First pages of queries as they are, and as they would be.

use std::collections::BTreeMap;

use sampan_proto::v1;

use crate::{
    base::{clock, error::Result, limits, region::RegionIndex},
    config::rules::MerchandisingRule,
    index::{columns::CATEGORY_SEPARATOR, generation::Generation, rules::Rules},
    search::{pages::PageLists, search_under},
    store::state::Store,
};

/// Answers the queries of rules twice, and tells the difference.
pub struct Preview<'a> {
    pub generation: &'a Generation,
    pub store: &'a Store,
    pub after: &'a Rules,
    /// Requests that were answered: several rules may be about one query.
    pub tried: Vec<v1::SearchRequest>,
    /// Queries that came after the most that are tried.
    pub left_out: usize,
    pub response: &'a mut v1::PutDocumentResponse,
}

impl Preview<'_> {
    /// Tries the queries that a rule names, in each of its regions; when it is still to begin, as of then.
    pub fn of_rule(&mut self, rule: &MerchandisingRule, regions: &[RegionIndex]) -> Result<()> {
        let now = clock::now_seconds();
        let at = rule.when.validity.from.map_or(now, |from| from.max(now));
        for region in regions {
            let region = &self.generation.configuration.regions.get(*region).code;
            for request in self.requests(rule, region) {
                if self.tried.contains(&request) {
                    continue;
                }
                if self.tried.len() == limits::RULE_PREVIEWS_MAX {
                    self.left_out += 1;
                    continue;
                }
                self.answer_twice(&request, at)?;
                self.tried.push(request);
            }
        }
        Ok(())
    }

    /// Says how much was not tried.
    pub fn finish(self) {
        if self.left_out > 0 {
            let told = format!("{} more queries were not tried", self.left_out);
            self.response.effects.push(told);
        }
    }

    fn requests(&self, rule: &MerchandisingRule, region: &str) -> Vec<v1::SearchRequest> {
        let user = v1::UserContext {
            attributes: rule.when.segment.clone().into_iter().collect(),
            ..Default::default()
        };
        let request = |text: &str, category_path: Vec<String>| v1::SearchRequest {
            text: text.to_owned(),
            region: region.to_owned(),
            filters: Some(v1::Filters {
                category_path,
                ..Default::default()
            }),
            user: Some(user.clone()),
            explain: true,
            ..Default::default()
        };
        if rule.when.is_of_any_query() {
            return vec![request("", Vec::new())];
        }
        let texts = rule.when.queries.iter().chain(&rule.when.contains);
        let by_text = texts.map(|text| request(text, Vec::new()));
        let categories = rule.when.categories.iter();
        let paths = categories.filter_map(|path| self.as_catalogued(path));
        by_text.chain(paths.map(|path| request("", path))).collect()
    }

    /// A category path as the catalogue writes it.
    fn as_catalogued(&self, path: &[String]) -> Option<Vec<String>> {
        let key = |level: &str| self.generation.analyzer.fold_key(level);
        let wanted: Vec<String> = path.iter().map(|level| key(level)).collect();
        let mut known = self.generation.columns.names.categories.iter();
        known.find_map(|(_, text)| {
            let levels: Vec<&str> = text.split(CATEGORY_SEPARATOR).take(path.len()).collect();
            let is_same = levels
                .iter()
                .map(|level| key(level))
                .eq(wanted.iter().cloned());
            is_same.then(|| levels.into_iter().map(str::to_owned).collect())
        })
    }

    fn answer_twice(&mut self, request: &v1::SearchRequest, at: i64) -> Result<()> {
        let lists = PageLists::default();
        let under =
            |rules: &Rules| search_under(self.generation, rules, at, self.store, &lists, request);
        let now = under(&self.generation.rules)?;
        let then = under(self.after)?;
        let asked = match request
            .filters
            .as_ref()
            .map(|filters| &*filters.category_path)
        {
            Some(path @ [_, ..]) => path.join(CATEGORY_SEPARATOR),
            _ => request.text.clone(),
        };
        let asked = format!("{} {asked:?}", request.region);
        let changes = self.changes(&asked, &now, &then)?;
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for change in &changes {
            *counts.entry(&change.change).or_default() += 1;
        }
        let counted = counts
            .iter()
            .map(|(change, count)| format!("{count} {change}"));
        let mut told: Vec<String> = counted.collect();
        told.extend(beside_hits(&now, &then));
        if told.is_empty() {
            told.push("nothing changes on the first page".to_owned());
        }
        self.response
            .effects
            .push(format!("{asked}: {}", told.join(", ")));
        self.response.changes_total += changes.len() as u64;
        let room = limits::DRY_RUN_CHANGES_MAX.saturating_sub(self.response.changes.len());
        self.response.changes.extend(changes.into_iter().take(room));
        Ok(())
    }

    /// Items that gain or lose a place, those that are there afterwards first.
    fn changes(
        &self,
        asked: &str,
        now: &v1::SearchResponse,
        then: &v1::SearchResponse,
    ) -> Result<Vec<v1::ItemChange>> {
        let mut changes = Vec::new();
        let change = |hit: &v1::Hit, change: &str, detail: String| v1::ItemChange {
            item_id: hit.item_id.clone(),
            change: change.to_owned(),
            detail: format!("{asked}: {detail}"),
        };
        for hit in &then.hits {
            let place = hit.position + 1;
            let old = now.hits.iter().find(|old| old.item_id == hit.item_id);
            let was = old.map_or_else(|| "none".to_owned(), |old| (old.position + 1).to_string());
            let moved = format!("place {was} -> {place}");
            let lift = shift_of(hit) - old.map_or(0.0, shift_of);
            if !hit.pinned_by.is_empty() && old.is_none_or(|old| old.pinned_by != hit.pinned_by) {
                changes.push(change(
                    hit,
                    "pinned",
                    format!("{moved} by {}", hit.pinned_by),
                ));
            } else if lift != 0.0 {
                let what = if lift > 0.0 { "boosted" } else { "buried" };
                changes.push(change(hit, what, moved));
            } else if old.is_none() {
                changes.push(change(hit, "enters", moved));
            }
        }
        for hit in &now.hits {
            if !then.hits.iter().any(|new| new.item_id == hit.item_id) {
                let what = match self.is_hidden(hit, then)? {
                    true => "hidden",
                    false => "leaves",
                };
                changes.push(change(
                    hit,
                    what,
                    format!("place {} -> none", hit.position + 1),
                ));
            }
        }
        Ok(changes)
    }

    /// Whether a rule that holds afterwards hides an item.
    fn is_hidden(&self, hit: &v1::Hit, then: &v1::SearchResponse) -> Result<bool> {
        let Some(stored) = self.store.item(&hit.item_id)? else {
            return Ok(false);
        };
        let columns = &self.generation.columns;
        let Some(row) = columns.row(stored.ordinal) else {
            return Ok(false);
        };
        let hot = columns.hot(stored.ordinal);
        let mut applied = then.applied_rules.iter();
        let hidden = applied.any(|applied| {
            let hide = self.after.hidden_by(&applied.rule);
            hide.is_some_and(|hide| hide.selects(&hot, row))
        });
        Ok(hidden)
    }
}

/// What rules add to a hit's score.
fn shift_of(hit: &v1::Hit) -> f64 {
    let parts = hit
        .explanation
        .iter()
        .flat_map(|explanation| &explanation.parts);
    let mut shifts = parts.filter(|part| part.signal == "rule");
    shifts.next().map_or(0.0, |part| part.contribution)
}

/// What a page would show beside its hits, where that changes.
fn beside_hits(now: &v1::SearchResponse, then: &v1::SearchResponse) -> Vec<String> {
    let mut told = Vec::new();
    if now.redirect != then.redirect {
        told.push(match then.redirect.as_str() {
            "" => "no redirect any more".to_owned(),
            address => format!("redirects to {address}"),
        });
    }
    if now.banners != then.banners {
        told.push(format!(
            "{} banners in place of {}",
            then.banners.len(),
            now.banners.len()
        ));
    }
    if replacement(now) != replacement(then) {
        told.push(match replacement(then) {
            None => "answered as typed".to_owned(),
            Some(query) => format!("answered as {query:?}"),
        });
    }
    told
}

fn replacement(response: &v1::SearchResponse) -> Option<&str> {
    let first = response.rewrites.first()?;
    let is_replaced = first.rule.starts_with("merchandising.");
    is_replaced.then_some(first.target.as_str())
}
