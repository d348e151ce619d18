//! What a query costs each index at the same recall.

use crate::contestant::Contestant;
use crate::data::{Dataset, K};
use crate::engine::Index;
use crate::race::{Search, race};

/// Beam widths that are tried, ascending.
const BEAM_WIDTHS: [usize; 26] = [
    10, 12, 14, 16, 18, 20, 22, 24, 28, 32, 36, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 256,
    320, 384, 512, 768,
];
/// Recalls that the table has a column for.
pub const RECALLS: [f64; 2] = [0.95, 0.99];

/// What an index needs for one recall.
#[derive(Clone, Copy)]
pub struct Point {
    /// Between the widths around the recall.
    pub beam_width: f64,
    /// Processor time of a query, likewise.
    pub query_microseconds: f64,
}

/// The last beam width that misses a recall and the first that reaches it, each with what it reaches;
/// twice the same when the narrowest does.
#[derive(Clone, Copy)]
struct Bracket {
    below: (usize, f64),
    above: (usize, f64),
}

/// For each contestant a point for each of [`RECALLS`]; `None` where no beam reaches it.
pub fn measure(
    contestants: &[Contestant],
    dataset: &Dataset,
) -> Vec<[Option<Point>; RECALLS.len()]> {
    let brackets: Vec<_> = contestants
        .iter()
        .map(|contestant| brackets(contestant.index.as_ref(), dataset))
        .collect();
    let mut searches: Vec<Search<'_>> = Vec::new();
    for (contestant, brackets) in contestants.iter().zip(&brackets) {
        for bracket in brackets.iter().flatten() {
            for (width, _) in [bracket.below, bracket.above] {
                let index = contestant.index.as_ref();
                searches.push(Box::new(move |query| index.search(query, K, width)));
            }
        }
    }
    let mut times = race(&dataset.queries, &searches).into_iter();
    let mut next = || times.next().unwrap_or_default();
    let mut point = |wanted: f64, bracket: Bracket| {
        let (below, above) = (next(), next());
        let part = bracket.part(wanted);
        let between = |from: f64, to: f64| from + part * (to - from);
        Point {
            beam_width: between(bracket.below.0 as f64, bracket.above.0 as f64),
            query_microseconds: between(below, above),
        }
    };
    let mut points = Vec::new();
    for brackets in brackets {
        let mut row = [None; RECALLS.len()];
        for (place, bracket) in brackets.into_iter().enumerate() {
            row[place] = bracket.map(|bracket| point(RECALLS[place], bracket));
        }
        points.push(row);
    }
    points
}

fn brackets(index: &dyn Index, dataset: &Dataset) -> [Option<Bracket>; RECALLS.len()] {
    let mut brackets = [None; RECALLS.len()];
    let mut below = None;
    for width in BEAM_WIDTHS {
        let search = |query: &Vec<f32>| index.search(query, K, width);
        let found: Vec<Vec<u32>> = dataset.queries.iter().map(search).collect();
        let above = (width, dataset.recall(&found));
        for (wanted, bracket) in RECALLS.iter().zip(&mut brackets) {
            if bracket.is_none() && above.1 >= *wanted {
                let below = below.unwrap_or(above);
                *bracket = Some(Bracket { below, above });
            }
        }
        if brackets.iter().all(Option::is_some) {
            break;
        }
        below = Some(above);
    }
    brackets
}

impl Bracket {
    /// How far `wanted` lies between the two recalls, 0 to 1, on the scale of the logarithm of what is
    /// missed: there a recall is nearly a straight line over the width.
    fn part(&self, wanted: f64) -> f64 {
        let missed = |recall: f64| (1.0 - recall).max(1e-6).ln();
        let (below, above) = (missed(self.below.1), missed(self.above.1));
        if below == above {
            return 1.0;
        }
        ((missed(wanted) - below) / (above - below)).clamp(0.0, 1.0)
    }
}
