//! A model that is linked to the catalogue, and what content says of items that few events speak for.

use std::sync::Arc;

use super::{LearntModel, links::Links};
use crate::{
    base::Ordinal,
    index::{
        columns::Columns,
        vector::{Direction, VectorSnapshot},
    },
    recommend::{
        FeedModel, History, ItemIndex, Taken, Visit,
        content::{ContentMap, FEATURES_MAX, Features},
        factors::{FactorOptions, Factors, dot},
        training::TrainingOptions,
    },
};

/// Items with a vector that the content map is learnt on: of more, those that most events speak for.
const CONTENT_ITEMS_MAX: usize = 20_000;
/// With fewer there is nothing to learn: the map has more numbers than there are examples.
const CONTENT_ITEMS_MIN: usize = 200;
/// What a number of an item's vector must bring before it is believed. Vectors have length 1.
const CONTENT_RIDGE: f64 = 0.5;

/// A model that answers.
pub struct ServedModel {
    learnt: Arc<LearntModel>,
    links: Links,
    content: Option<Arc<LearntContent>>,
}

/// From items' vectors, around their mean, to those of the model.
struct LearntContent {
    map: ContentMap,
    /// Numbers of an item's vector.
    dimensions: usize,
    /// Items that were linked when it was learnt.
    linked: usize,
}

/// The map is learnt anew when so many times as many items are linked.
const CONTENT_GROWTH: usize = 2;

/// What a shopper wants, in both spaces.
#[derive(Debug, Clone)]
pub struct Wish {
    shopper: Vec<f32>,
    content: Option<ContentWish>,
}

/// How much an item is wanted, by what speaks for it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Wanted {
    /// What shoppers did with it.
    pub behaviour: f32,
    /// What it is.
    pub content: f32,
}

impl Wanted {
    /// By both.
    pub fn all(&self) -> f32 {
        self.behaviour + self.content
    }

    /// Which part of it is by content: below 0 or above 1 where both say the opposite, 0 where nothing is wanted.
    pub fn by_content(&self) -> f32 {
        match self.all() {
            all if all > 0.0 => self.content / all,
            _ => 0.0,
        }
    }
}

/// The same as a direction among items' vectors.
#[derive(Debug, Clone)]
struct ContentWish {
    direction: Direction,
    length: f32,
    constant: f32,
}

impl Wish {
    /// The shopper's vector among the model's.
    pub fn shopper(&self) -> &[f32] {
        &self.shopper
    }

    /// Where items lie that the shopper would like by their content; `None` when no content is known.
    pub fn direction(&self) -> Option<&Direction> {
        self.content.as_ref().map(|content| &content.direction)
    }
}

impl ServedModel {
    /// Bytes on the heap: the tables, ids, and which item is which ordinal.
    pub fn heap_bytes(&self) -> u64 {
        let content = self.content.as_ref();
        self.learnt.heap_bytes()
            + self.links.heap_bytes()
            + content.map_or(0, |content| content.map.heap_bytes())
    }

    /// Bytes of the index over its vectors, which is mapped.
    pub fn mapped_bytes(&self) -> u64 {
        self.learnt.mapped_bytes()
    }

    /// Links a model to a catalogue, and learns what its content says.
    pub fn link(learnt: Arc<LearntModel>, columns: &Columns, vectors: &VectorSnapshot) -> Self {
        let links = Links::new(&learnt.named.ids, columns);
        let content = learn_content(learnt.model(), &links, vectors);
        Self {
            content: content.map(Arc::new),
            learnt,
            links,
        }
    }

    /// The same model for a catalogue that has changed.
    pub fn relink(&self, columns: &Columns, vectors: &VectorSnapshot) -> Self {
        let learnt = self.learnt.clone();
        let links = Links::new(&learnt.named.ids, columns);
        let still_holds = |content: &&Arc<LearntContent>| {
            vectors.dimensions() == Some(content.dimensions)
                && links.linked() < CONTENT_GROWTH * content.linked
        };
        let content = match self.content.as_ref().filter(still_holds) {
            Some(content) => Some(content.clone()),
            None => learn_content(learnt.model(), &links, vectors).map(Arc::new),
        };
        Self {
            learnt,
            links,
            content,
        }
    }

    /// What was learnt.
    pub fn learnt(&self) -> &Arc<LearntModel> {
        &self.learnt
    }

    /// The numbers.
    pub fn model(&self) -> &FeedModel {
        self.learnt.model()
    }

    /// An item's place in the model; `None` when the model does not know it.
    pub fn item(&self, ordinal: Ordinal) -> Option<ItemIndex> {
        self.links.item(ordinal)
    }

    /// The other way round; `None` when the catalogue has it no more.
    pub fn ordinal(&self, item: ItemIndex) -> Option<Ordinal> {
        self.links.ordinal(item)
    }

    /// Items of the catalogue that the model knows.
    pub fn linked(&self) -> usize {
        self.links.linked()
    }

    /// Whether content speaks for items that few events speak for.
    pub fn has_content(&self) -> bool {
        self.content.is_some()
    }

    /// Visits to ordinals as visits to the model's items; what it does not know is left out.
    pub fn history(&self, visits: &[Visit]) -> History {
        let known = visits.iter().map(|visit| {
            let taken = visit.taken.iter();
            let taken = taken.filter_map(|taken| {
                let item = self.item(taken.item)?;
                Some(Taken { item, ..*taken })
            });
            Visit {
                seconds: visit.seconds,
                taken: taken.collect(),
            }
        });
        known.filter(|visit| !visit.taken.is_empty()).collect()
    }

    /// What a shopper of this vector wants.
    pub fn wish(&self, shopper: Vec<f32>, vectors: &VectorSnapshot) -> Wish {
        let content = self.content.as_ref().and_then(|content| {
            let mut wanted = content.map.wanted(&shopper);
            let constant = wanted.pop()?;
            // Vectors of another source than the map was learnt on say nothing.
            let direction = vectors.direction_among_items(&wanted).ok()?;
            Some(ContentWish {
                direction,
                length: dot(&wanted, &wanted).sqrt(),
                constant,
            })
        });
        Wish { shopper, content }
    }

    /// How much items are wanted: (n · by their own vector + k · by content) / (n + k), n the events that speak for one.
    pub fn wanted(
        &self,
        wish: &Wish,
        vectors: &VectorSnapshot,
        ordinals: &[Ordinal],
    ) -> Vec<Wanted> {
        let k = TrainingOptions::default().content_events;
        let by_content = |content: &ContentWish| {
            let near = vectors.similarities(&content.direction, ordinals);
            let wanted = near.into_iter();
            let wanted = wanted.map(|near| Some(content.length * near? + content.constant));
            wanted.collect()
        };
        let none = || vec![None; ordinals.len()];
        let by_content: Vec<Option<f32>> = wish.content.as_ref().map_or_else(none, by_content);
        let both = ordinals.iter().zip(by_content);
        let wanted = both.map(
            |(ordinal, by_content)| match (self.item(*ordinal), by_content) {
                (Some(item), Some(content)) => {
                    let n = self.model().events[item as usize];
                    let behaviour = self.model().factors.score(&wish.shopper, item);
                    Wanted {
                        behaviour: n * behaviour / (n + k),
                        content: k * content / (n + k),
                    }
                }
                (Some(item), None) => Wanted {
                    behaviour: self.model().factors.score(&wish.shopper, item),
                    content: 0.0,
                },
                (None, content) => Wanted {
                    behaviour: 0.0,
                    content: content.unwrap_or(0.0),
                },
            },
        );
        wanted.collect()
    }
}

/// Learns how items' vectors become the model's, on the items that most events speak for.
fn learn_content(
    model: &FeedModel,
    links: &Links,
    vectors: &VectorSnapshot,
) -> Option<LearntContent> {
    let dimensions = vectors.dimensions()?;
    let known = model.popular.iter().filter_map(|item| {
        let vector = vectors.vector(links.ordinal(*item)?)?;
        Some((*item, vector))
    });
    let known: Vec<(ItemIndex, Vec<f32>)> = known.take(CONTENT_ITEMS_MAX).collect();
    if known.len() < CONTENT_ITEMS_MIN || dimensions > FEATURES_MAX {
        return None;
    }
    let rows = known
        .iter()
        .map(|(_, vector)| (0..).zip(vector.iter().copied()).collect());
    let features = Features::new(dimensions, rows).ok()?;
    let of_model = known
        .iter()
        .flat_map(|(item, _)| model.factors.vector(*item));
    let options = FactorOptions {
        dimensions: model.factors.dimensions(),
        ..FactorOptions::default()
    };
    let factors = Factors::new(of_model.copied().collect(), &options);
    let events: Vec<f32> = known
        .iter()
        .map(|(item, _)| model.events[*item as usize])
        .collect();
    let k = TrainingOptions::default().content_events;
    Some(LearntContent {
        map: ContentMap::learn(&features, &factors, &events, k, CONTENT_RIDGE),
        dimensions,
        linked: links.linked(),
    })
}
