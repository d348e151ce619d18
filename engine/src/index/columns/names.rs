//! Names that many items share (categories, brands, sellers, tags), each kept once and known by a number.

use sampan_analyzers::memory::{ARC_BYTES, map_bytes, vec_bytes};
use std::sync::Arc;

use rustc_hash::FxHashMap;

/// Number of a name; 0 is the empty name.
pub type NameId = u32;

/// Joins the levels of a category path where it is shown as one text.
pub const CATEGORY_SEPARATOR: &str = " > ";

/// One kind of name: number to text, and key to numbers.
#[derive(Clone)]
pub struct NameTable {
    texts: Vec<Arc<str>>,
    by_text: FxHashMap<Arc<str>, NameId>,
    /// Names equal but for script, case and spacing share a key.
    by_key: FxHashMap<Arc<str>, Vec<NameId>>,
}

impl Default for NameTable {
    fn default() -> Self {
        let empty: Arc<str> = "".into();
        Self {
            texts: vec![empty.clone()],
            by_text: [(empty, 0)].into_iter().collect(),
            by_key: FxHashMap::default(),
        }
    }
}

impl NameTable {
    /// Bytes on the heap; a text is shared by both of its places.
    pub fn heap_bytes(&self) -> u64 {
        let texts = self.texts.iter().map(|text| ARC_BYTES + text.len() as u64);
        let keys = self.by_key.iter();
        let keys = keys.map(|(key, ids)| ARC_BYTES + key.len() as u64 + vec_bytes(ids));
        vec_bytes(&self.texts)
            + map_bytes(&self.by_text)
            + map_bytes(&self.by_key)
            + texts.sum::<u64>()
            + keys.sum::<u64>()
    }

    #[inline]
    pub fn text(&self, id: NameId) -> &Arc<str> {
        &self.texts[id as usize]
    }

    /// Number of exactly this text.
    pub fn find(&self, text: &str) -> Option<NameId> {
        self.by_text.get(text).copied()
    }

    /// Numbers of all names with this key.
    pub fn with_key(&self, key: &str) -> &[NameId] {
        self.by_key.get(key).map_or(&[], Vec::as_slice)
    }

    /// Names there are, the empty one included.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// All names but the empty one.
    pub fn iter(&self) -> impl Iterator<Item = (NameId, &Arc<str>)> {
        self.texts
            .iter()
            .enumerate()
            .skip(1)
            .map(|(id, text)| (id as NameId, text))
    }

    fn intern(&mut self, text: &str, key: impl FnOnce() -> String) -> NameId {
        let text: Arc<str> = text.into();
        let id = self.texts.len() as NameId;
        self.texts.push(text.clone());
        self.by_text.insert(text, id);
        self.by_key.entry(key().into()).or_default().push(id);
        id
    }
}

/// All shared names of the catalogue.
#[derive(Clone, Default)]
pub struct Names {
    /// Whole paths, joined with [`CATEGORY_SEPARATOR`].
    pub categories: NameTable,
    /// Names of single levels of the paths.
    pub levels: NameTable,
    /// Levels of each of `categories`, outermost first.
    levels_of: Vec<Box<[NameId]>>,
    pub brands: NameTable,
    pub sellers: NameTable,
    pub tags: NameTable,
}

impl Names {
    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> u64 {
        let levels = self.levels_of.iter();
        let levels: u64 = levels.map(|levels| size_of_val(&**levels) as u64).sum();
        let tables = [
            &self.categories,
            &self.levels,
            &self.brands,
            &self.sellers,
            &self.tags,
        ];
        let tables = tables.into_iter().map(NameTable::heap_bytes);
        vec_bytes(&self.levels_of) + levels + tables.sum::<u64>()
    }

    /// Levels of a category, outermost first.
    pub fn levels_of(&self, category: NameId) -> &[NameId] {
        let levels = self.levels_of.get(category as usize);
        levels.map_or(&[], |levels| levels)
    }

    /// Numbers of a category path and of all paths below it.
    pub fn category_subtree(&self, path: &[String]) -> Vec<NameId> {
        let whole = path.join(CATEGORY_SEPARATOR);
        let below = format!("{whole}{CATEGORY_SEPARATOR}");
        self.categories
            .iter()
            .filter(|(_, text)| ***text == *whole || text.starts_with(&below))
            .map(|(id, _)| id)
            .collect()
    }
}

/// Gives a category path its number, and its levels theirs; see [`intern`].
pub fn intern_category(
    names: &mut Arc<Names>,
    path: &[String],
    key: &dyn Fn(&str) -> String,
) -> NameId {
    let joined = path.join(CATEGORY_SEPARATOR);
    if let Some(known) = names.categories.find(&joined) {
        return known;
    }
    let levels = path.iter().map(|level| {
        intern(
            names,
            |names| &names.levels,
            |names| &mut names.levels,
            level,
            || key(level),
        )
    });
    let levels: Box<[NameId]> = levels.collect();
    let names = Arc::make_mut(names);
    let id = names.categories.intern(&joined, || key(&joined));
    names.levels_of.resize(id as usize + 1, Box::default());
    names.levels_of[id as usize] = levels;
    id
}

/// Gives a name its number, adding it when it is new. Copies the table only then, and only when a snapshot shares it.
pub fn intern(
    names: &mut Arc<Names>,
    pick: fn(&Names) -> &NameTable,
    pick_mut: fn(&mut Names) -> &mut NameTable,
    text: &str,
    key: impl FnOnce() -> String,
) -> NameId {
    match pick(names).find(text) {
        Some(id) => id,
        None => pick_mut(Arc::make_mut(names)).intern(text, key),
    }
}
