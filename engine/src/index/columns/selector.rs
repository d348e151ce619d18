//! A selector, compiled against the catalogue's names: whether a rule is about an item.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::{
    CATEGORY_SEPARATOR,
    names::{NameId, Names},
    row::{Hot, Row, attribute_hash, id_hash},
};
use crate::config::selector::Selector;

/// A selector as numbers. Every part that is named must be met.
#[derive(Debug, Clone, Default)]
pub struct CompiledSelector {
    categories: Option<Categories>,
    brands: Option<Keyed>,
    tags: Option<Keyed>,
    sellers: Option<Keyed>,
    items: Option<Arc<Items>>,
    origins: Option<Vec<String>>,
    attributes: Option<Arc<FxHashSet<u64>>>,
}

/// The numbers of wanted category paths and of all below them.
#[derive(Debug, Clone)]
struct Categories {
    /// Folded level by level.
    wanted: Vec<Vec<String>>,
    found: FxHashSet<NameId>,
    /// Names that were compared; the empty one is not.
    seen: usize,
}

/// Wanted ids.
#[derive(Debug)]
struct Items {
    ids: FxHashSet<Box<str>>,
    hashes: FxHashSet<u32>,
}

/// The numbers of wanted names.
#[derive(Debug, Clone)]
struct Keyed {
    wanted: Vec<String>,
    found: FxHashSet<NameId>,
}

impl CompiledSelector {
    /// Compiles a selector. `key` folds script and case, as the names were folded.
    pub fn compile(selector: &Selector, names: &Names, key: &dyn Fn(&str) -> String) -> Self {
        let folded = |wanted: &[String]| named(wanted.iter().map(|name| key(name)));
        let path = |path: &Vec<String>| path.iter().map(|level| key(level)).collect();
        let mut compiled = Self {
            categories: (!selector.categories.is_empty()).then(|| Categories {
                wanted: selector.categories.iter().map(path).collect(),
                found: FxHashSet::default(),
                seen: 0,
            }),
            brands: folded(&selector.brands),
            tags: folded(&selector.tags),
            sellers: named(selector.sellers.iter().cloned()),
            items: (!selector.items.is_empty()).then(|| Arc::new(Items::of(&selector.items))),
            origins: (!selector.origins.is_empty()).then(|| selector.origins.clone()),
            attributes: listed(
                selector
                    .attributes
                    .iter()
                    .map(|(name, value)| attribute_hash(name, value)),
            ),
        };
        compiled.take_names(names, key);
        compiled
    }

    /// Finds what it names among names that have come since.
    pub fn take_names(&mut self, names: &Names, key: &dyn Fn(&str) -> String) {
        if let Some(categories) = &mut self.categories {
            categories.take_names(names, key);
        }
        if let Some(brands) = &mut self.brands {
            brands.find(|key| names.brands.with_key(key));
        }
        if let Some(tags) = &mut self.tags {
            tags.find(|key| names.tags.with_key(key));
        }
        if let Some(sellers) = &mut self.sellers {
            let wanted = sellers.wanted.iter();
            sellers.found = wanted.filter_map(|id| names.sellers.find(id)).collect();
        }
    }

    /// Whether the rule is about an item. What lies near is asked first: most items are told by it, and a rule is held
    /// against all of them.
    pub fn selects(&self, hot: &Hot, row: &Row) -> bool {
        self.meets_category(hot) && self.meets_facts(hot, row) && self.meets_origin(row)
    }

    /// The same, where a category or origin that is unknown counts as one that is asked for.
    pub fn may_select(&self, hot: &Hot, row: &Row) -> bool {
        (hot.category == NameId::default() || self.meets_category(hot))
            && self.meets_facts(hot, row)
            && (row.origin == [0; 2] || self.meets_origin(row))
    }

    fn meets_category(&self, hot: &Hot) -> bool {
        let asked = self.categories.as_ref();
        asked.is_none_or(|asked| asked.found.contains(&hot.category))
    }

    fn meets_origin(&self, row: &Row) -> bool {
        let origin = std::str::from_utf8(&row.origin).unwrap_or_default();
        let asked = self.origins.as_ref();
        asked.is_none_or(|asked| asked.iter().any(|code| code == origin))
    }

    /// All but category and origin.
    fn meets_facts(&self, hot: &Hot, row: &Row) -> bool {
        let has = |asked: &Option<Keyed>, id: NameId| {
            asked.as_ref().is_none_or(|asked| asked.found.contains(&id))
        };
        let items = self.items.as_ref();
        has(&self.brands, hot.brand)
            && has(&self.sellers, hot.seller)
            && items.is_none_or(|items| items.hashes.contains(&hot.id_hash))
            && items.is_none_or(|items| items.ids.contains(&row.id))
            && self
                .tags
                .as_ref()
                .is_none_or(|asked| row.tags.iter().any(|tag| asked.found.contains(tag)))
            && self
                .attributes
                .as_ref()
                .is_none_or(|asked| row.attributes.iter().any(|hash| asked.contains(hash)))
    }
}

impl Categories {
    /// A wanted path selects every path that begins with it, compared level by level without regard to script.
    fn take_names(&mut self, names: &Names, key: &dyn Fn(&str) -> String) {
        let new = names.categories.iter().skip(self.seen);
        for (id, text) in new {
            let path: Vec<String> = text.split(CATEGORY_SEPARATOR).map(key).collect();
            if self.wanted.iter().any(|wanted| path.starts_with(wanted)) {
                self.found.insert(id);
            }
        }
        self.seen = names.categories.len() - 1;
    }
}

impl Items {
    fn of(ids: &[String]) -> Self {
        Self {
            ids: ids.iter().map(|id| id.as_str().into()).collect(),
            hashes: ids.iter().map(|id| id_hash(id)).collect(),
        }
    }
}

impl Keyed {
    fn find<'n>(&mut self, with_key: impl Fn(&str) -> &'n [NameId]) {
        let wanted = self.wanted.iter();
        self.found = wanted.flat_map(|key| with_key(key)).copied().collect();
    }
}

fn named(wanted: impl Iterator<Item = String>) -> Option<Keyed> {
    let wanted: Vec<String> = wanted.collect();
    (!wanted.is_empty()).then(|| Keyed {
        wanted,
        found: FxHashSet::default(),
    })
}

fn listed<T: std::hash::Hash + Eq>(values: impl Iterator<Item = T>) -> Option<Arc<FxHashSet<T>>> {
    let values: FxHashSet<T> = values.collect();
    (!values.is_empty()).then(|| Arc::new(values))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unknown_of_an_item_is_selected_only_by_the_strict_reading() {
        let selector = Selector {
            categories: vec![vec!["食品".to_owned()]],
            origins: vec!["jp".to_owned()],
            ..Selector::default()
        };
        let names = Names::default();
        let compiled = CompiledSelector::compile(&selector, &names, &|text| text.to_owned());
        let (hot, mut row) = (Hot::default(), Row::default());
        assert!(compiled.may_select(&hot, &row) && !compiled.selects(&hot, &row));
        row.origin = *b"us";
        assert!(!compiled.may_select(&hot, &row), "a known origin decides");
    }
}
