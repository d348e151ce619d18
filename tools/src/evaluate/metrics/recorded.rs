//! Our measures beside those of ir-measures, on runs that both sides draw alike (tools/tests/fixtures/
//! record_ir_measures.py), so that only the figures need to be kept.

use super::{Judged, Measure, measure};

/// Knuth's multiplier and increment (MMIX).
struct Congruential(u64);

impl Congruential {
    /// A whole number below `bound`.
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) * bound) >> 31
    }
}

const DOCUMENTS: [u64; 4] = [5, 20, 60, 200];
const GRADES: [&[i32]; 5] = [
    &[0, 1],
    &[0, 1, 2, 3],
    &[-1, 0, 1, 2],
    &[0, 0, 0, 0, 1],
    &[0, 1, 2, 3, 4],
];
/// Few levels make many ties.
const LEVELS: [u64; 3] = [3, 10, 1_000];

/// One query: its judgements, and its documents in the order that TREC tools read a run: by score, and of equal scores
/// by id, both descending.
fn draw(random: &mut Congruential) -> (Judged, Vec<String>) {
    let documents = DOCUMENTS[random.below(4) as usize];
    let grades = GRADES[random.below(5) as usize];
    let levels = LEVELS[random.below(3) as usize];
    let judged_percent = 1 + random.below(100);
    let found_percent = random.below(100);
    let (mut judged, mut scored) = (Judged::new(), Vec::new());
    for number in 0..documents {
        let id = format!("d{number:03}");
        if random.below(100) < judged_percent {
            judged.insert(
                id.clone(),
                grades[random.below(grades.len() as u64) as usize],
            );
        }
        if random.below(100) < found_percent {
            scored.push((random.below(levels), id));
        }
    }
    if judged.values().all(|grade| *grade <= 0) {
        judged.insert("d000".to_owned(), 1);
    }
    scored.sort_by(|a, b| b.cmp(a));
    (judged, scored.into_iter().map(|(_, id)| id).collect())
}

#[test]
fn every_measure_is_what_ir_measures_says_on_a_thousand_runs() {
    let fixture = include_str!("../../../tests/fixtures/ir_measures.tsv");
    let mut lines = fixture.lines();
    let names: Vec<&str> = lines.next().unwrap().split('\t').collect();
    let mut random = Congruential(20);
    let mut compared = 0;
    for (number, line) in lines.enumerate() {
        let (judged, ranked) = draw(&mut random);
        let ranked: Vec<&str> = ranked.iter().map(String::as_str).collect();
        let measured = measure(&ranked, &judged).unwrap();
        let expected: Vec<f64> = line.split('\t').map(|cell| cell.parse().unwrap()).collect();
        assert_eq!(expected.len(), Measure::ALL.len(), "run {number}");
        for (name, value) in names.iter().zip(expected) {
            let known = serde_json::Value::from(*name);
            let ours = measured.of(serde_json::from_value(known).unwrap());
            assert!(
                (ours - value).abs() < 1e-9,
                "run {number}: {name} {ours} ≠ {value}"
            );
            compared += 1;
        }
    }
    assert_eq!(compared, 9_000);
}
