//! Processor time of searches that are run by turns, so that what else the machine does meets all of
//! them alike.

use std::time::Duration;

use cpu_time::ThreadTime;

/// Queries of one turn.
const BLOCK_QUERIES: usize = 50;
/// Passes over all queries, of which each block's best time counts.
const PASSES: usize = 9;

/// A way to search; its answers do not matter here.
pub type Search<'a> = Box<dyn Fn(&[f32]) -> Vec<u32> + 'a>;

/// Microseconds of processor time that a query takes each of `searches`, on one thread: the mean over
/// blocks of queries of each block's best pass.
pub fn race(queries: &[Vec<f32>], searches: &[Search<'_>]) -> Vec<f64> {
    let blocks: Vec<&[Vec<f32>]> = queries.chunks(BLOCK_QUERIES).collect();
    let mut best = vec![vec![Duration::MAX; blocks.len()]; searches.len()];
    for pass in 0..PASSES {
        for (place, block) in blocks.iter().enumerate() {
            // Another one begins each time: none always follows the same neighbour.
            for turn in 0..searches.len() {
                let number = (turn + pass + place) % searches.len();
                let started = ThreadTime::now();
                for query in *block {
                    std::hint::black_box(searches[number](query));
                }
                let time = started.elapsed();
                best[number][place] = best[number][place].min(time);
            }
        }
    }
    let mean = |times: &Vec<Duration>| {
        times.iter().sum::<Duration>().as_secs_f64() * 1e6 / queries.len() as f64
    };
    best.iter().map(mean).collect()
}
