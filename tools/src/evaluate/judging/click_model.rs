//! Judgements that nobody made: what clicks say of an item for a query, its place taken out.
//!
//! The position-based model: a click is a look at the place and a liking for the item, independently (Craswell et al., WSDM
//! 2008). Both are learnt together by expectation maximisation (Chuklin, Markov and de Rijke, "Click Models for Web Search",
//! 2015; Wang et al., "Position bias estimation for unbiased learning to rank in personal search", WSDM 2018). It can only tell
//! them apart where items were seen at several places.

use std::collections::HashMap;

use sampan_proto::v1::{Event, EventKind};

use crate::evaluate::examination::Examination;

/// Rounds of learning; chances move by less than 0.001 long before.
const ROUNDS: usize = 100;
/// Impressions that stand for not knowing, and the share of them that are liked.
const PRIOR: f64 = 5.0;
const PRIOR_LIKED: f64 = 0.1;
/// Fewest impressions of an item for a query that a judgement is made of.
pub const IMPRESSIONS_MIN: usize = 20;
/// Lowest liking of grades 1, 2 and 3.
const GRADES: [f64; 3] = [0.05, 0.15, 0.3];

/// What was learnt.
#[derive(Debug)]
pub struct ClickModel {
    pub examination: Examination,
    pub liked: Vec<Liked>,
}

/// An item for a query.
#[derive(Debug, Clone, PartialEq)]
pub struct Liked {
    pub query: String,
    pub item: String,
    pub impressions: usize,
    /// Chance that one who looks clicks, 0 to 1.
    pub chance: f64,
}

impl Liked {
    /// A grade as judges give it.
    pub fn grade(&self) -> u8 {
        GRADES
            .iter()
            .filter(|lowest| self.chance >= **lowest)
            .count() as u8
    }
}

/// One impression: place among the liked, place on the list, and whether it was clicked.
type Seen = (usize, usize, bool);

impl ClickModel {
    /// Learns from impressions with query, request and position, of the first `places`; a click belongs to the impression of
    /// the same request and item. None when there are none.
    pub fn learn(events: &[Event], places: usize) -> Option<Self> {
        let (seen, mut liked) = seen(events, places);
        if seen.is_empty() {
            return None;
        }
        let mut looks: Vec<f64> = Examination::logarithmic(places).chances().to_vec();
        for _ in 0..ROUNDS {
            let mut of_items = vec![(PRIOR * PRIOR_LIKED, PRIOR); liked.len()];
            let mut of_places = vec![(0.0, 0.0); places];
            for (item, place, is_clicked) in &seen {
                let (look, like) = (looks[*place], liked[*item].chance);
                // What a list without a click says of the look and of the liking.
                let without = (1.0 - look * like).max(f64::MIN_POSITIVE);
                let (looked, likes) = match is_clicked {
                    true => (1.0, 1.0),
                    false => (look * (1.0 - like) / without, like * (1.0 - look) / without),
                };
                of_items[*item].0 += likes;
                of_items[*item].1 += 1.0;
                of_places[*place].0 += looked;
                of_places[*place].1 += 1.0;
            }
            for (its, (likes, of)) in liked.iter_mut().zip(of_items) {
                its.chance = likes / of;
            }
            for (look, (looked, of)) in looks.iter_mut().zip(of_places) {
                if of > 0.0 {
                    *look = looked / of;
                }
            }
        }
        // Only their product is told by clicks: the first place is the measure.
        let first = looks[0];
        for its in &mut liked {
            its.chance = (its.chance * first).min(1.0);
        }
        Some(Self {
            examination: Examination::of(looks),
            liked,
        })
    }

    /// TREC qrels of what was shown often enough. `ids`: of the queries, by their text; others are left out.
    pub fn qrels(&self, ids: &HashMap<&str, &str>) -> String {
        let told = self
            .liked
            .iter()
            .filter(|its| its.impressions >= IMPRESSIONS_MIN);
        let line = |its: &Liked| {
            let id = ids.get(its.query.as_str())?;
            Some(format!("{id} 0 {} {}\n", its.item, its.grade()))
        };
        told.filter_map(line).collect()
    }
}

fn seen(events: &[Event], places: usize) -> (Vec<Seen>, Vec<Liked>) {
    let clicks = events
        .iter()
        .filter(|event| event.kind() == EventKind::Click);
    let clicked: std::collections::HashSet<(&str, &str)> = clicks
        .map(|event| (event.request_id.as_str(), event.item_id.as_str()))
        .collect();
    let mut known: HashMap<(&str, &str), usize> = HashMap::new();
    let mut told = std::collections::HashSet::new();
    let (mut seen, mut liked) = (Vec::new(), Vec::new());
    for event in events
        .iter()
        .filter(|event| event.kind() == EventKind::Impression)
    {
        let key = (event.request_id.as_str(), event.item_id.as_str());
        let place = event
            .position
            .map(|place| place as usize)
            .filter(|place| *place < places);
        let (Some(place), false) = (place, event.query.is_empty() || key.0.is_empty()) else {
            continue;
        };
        if !told.insert(key) {
            continue;
        }
        let item = *known
            .entry((&event.query, &event.item_id))
            .or_insert_with(|| {
                liked.push(Liked {
                    query: event.query.clone(),
                    item: event.item_id.clone(),
                    impressions: 0,
                    chance: PRIOR_LIKED,
                });
                liked.len() - 1
            });
        liked[item].impressions += 1;
        seen.push((item, place, clicked.contains(&key)));
    }
    (seen, liked)
}

#[cfg(test)]
mod tests {
    use rand::{Rng as _, SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};

    use super::*;

    /// Looks at places, and likings of items, from which clicks are drawn.
    const LOOKS: [f64; 4] = [1.0, 0.6, 0.3, 0.15];
    const LIKED: [f64; 4] = [0.4, 0.2, 0.1, 0.02];

    fn log() -> Vec<Event> {
        let mut random = StdRng::seed_from_u64(3);
        let mut events = Vec::new();
        for number in 0..20_000 {
            let mut items = [0usize, 1, 2, 3];
            items.shuffle(&mut random);
            for (place, item) in items.into_iter().enumerate() {
                let event = |kind: EventKind| Event {
                    kind: kind.into(),
                    request_id: number.to_string(),
                    item_id: item.to_string(),
                    query: "茶 葉".into(),
                    position: Some(place as u32),
                    ..Default::default()
                };
                events.push(event(EventKind::Impression));
                let is_clicked = random.random::<f64>() < LOOKS[place] * LIKED[item];
                events.extend(is_clicked.then(|| event(EventKind::Click)));
            }
        }
        events
    }

    #[test]
    fn looks_and_likings_are_told_apart() {
        let model = ClickModel::learn(&log(), 4).unwrap();
        for (place, look) in LOOKS.iter().enumerate() {
            let found = model.examination.at(place);
            assert!((found - look).abs() < 0.05, "{place}: {found} {look}");
        }
        for (item, liked) in LIKED.iter().enumerate() {
            let found = model
                .liked
                .iter()
                .find(|its| its.item == item.to_string())
                .unwrap();
            assert!((found.chance - liked).abs() < 0.02, "{item}: {found:?}");
        }
        let ids = HashMap::from([("茶 葉", "q1")]);
        let mut qrels: Vec<String> = model.qrels(&ids).lines().map(str::to_owned).collect();
        qrels.sort();
        assert_eq!(qrels, ["q1 0 0 3", "q1 0 1 2", "q1 0 2 1", "q1 0 3 0"]);
    }

    #[test]
    fn what_was_seldom_shown_is_not_judged_and_no_impression_teaches_nothing() {
        let events = log();
        let few = ClickModel::learn(&events[..20], 4).unwrap();
        assert_eq!(few.qrels(&HashMap::from([("茶 葉", "q1")])), "");
        assert!(ClickModel::learn(&[], 4).is_none());
    }
}
