//! The measures of one list.
//!
//! As trec_eval and gdeval define them, which ir-measures wraps:
//!
//! - nDCG@10: the gain is the grade, the discount log2(place + 1), the ideal is over all judged documents
//!   (Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", TOIS 2002).
//! - MRR@10: 1 ÷ place of the first relevant document; 0 beyond the tenth.
//! - P@10: relevant among the first ten ÷ 10, also of a shorter list.
//! - AP@100: mean over all relevant documents of the precision at their places; 0 for those beyond the hundredth.
//! - ERR@10: Σ 1 ÷ place × probability that the shopper stops there, and not before, where a document of grade g stops
//!   with (2^g − 1) ÷ 2^4 (Chapelle, Metzler, Zhang and Grinspan, "Expected reciprocal rank for graded relevance", CIKM
//!   2009). The highest grade is 4, as in gdeval; a higher one counts as 4.
//! - judged@10: judged documents among the first ten ÷ documents there, 0 for an empty list. A low one says that the
//!   other figures tell more of who judged than of the ranking.
//!
//! Two are our own: recall@k is hits ÷ min(k, relevant), so that a list of k can always reach 1; hit@10 is 1 when any of
//! the first ten is relevant (trec_eval calls it success).

use super::{Judged, Measures};

/// The highest grade that [`Measures::err_10`] knows.
const ERR_GRADE_MAX: i32 = 4;

/// Measures a ranked list, best first; none when no document is judged relevant.
pub fn measure(ranked: &[&str], judged: &Judged) -> Option<Measures> {
    let relevant = judged.values().filter(|grade| **grade > 0).count();
    if relevant == 0 {
        return None;
    }
    let grades: Vec<i32> = ranked.iter().map(|id| grade(judged.get(*id))).collect();
    let hits_within = |k: usize| grades.iter().take(k).filter(|grade| **grade > 0).count();
    let recall = |k: usize| hits_within(k) as f64 / k.min(relevant) as f64;
    let first = grades.iter().take(10).position(|grade| *grade > 0);
    let mut ideal: Vec<i32> = judged.values().map(|its| grade(Some(its))).collect();
    ideal.sort_by(|a, b| b.cmp(a));
    let shown = ranked.len().min(10);
    let known = ranked
        .iter()
        .take(shown)
        .filter(|id| judged.contains_key(**id));
    Some(Measures {
        ndcg_10: discounted(&grades, 10) / discounted(&ideal, 10),
        mrr_10: first.map_or(0.0, |place| 1.0 / (place + 1) as f64),
        recall_10: recall(10),
        recall_100: recall(100),
        hit_10: f64::from(u8::from(first.is_some())),
        precision_10: hits_within(10) as f64 / 10.0,
        ap_100: average_precision(&grades, 100) / relevant as f64,
        err_10: expected_reciprocal_rank(&grades, 10),
        judged_10: known.count() as f64 / shown.max(1) as f64,
    })
}

fn grade(judged: Option<&i32>) -> i32 {
    judged.map_or(0, |grade| (*grade).max(0))
}

/// Discounted cumulative gain at k.
fn discounted(grades: &[i32], k: usize) -> f64 {
    let places = grades.iter().take(k).zip(2u32..);
    places
        .map(|(grade, place)| f64::from(*grade) / f64::from(place).log2())
        .sum()
}

/// Sum of the precisions at relevant places within k.
fn average_precision(grades: &[i32], k: usize) -> f64 {
    let (mut hits, mut sum) = (0u32, 0.0);
    for (grade, place) in grades.iter().take(k).zip(1u32..) {
        if *grade > 0 {
            hits += 1;
            sum += f64::from(hits) / f64::from(place);
        }
    }
    sum
}

fn expected_reciprocal_rank(grades: &[i32], k: usize) -> f64 {
    let (mut reaches, mut sum) = (1.0, 0.0);
    for (grade, place) in grades.iter().take(k).zip(1u32..) {
        let stops =
            (f64::from((*grade).min(ERR_GRADE_MAX)).exp2() - 1.0) / f64::from(ERR_GRADE_MAX).exp2();
        sum += reaches * stops / f64::from(place);
        reaches *= 1.0 - stops;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_without_relevant_documents_has_no_measures() {
        assert_eq!(measure(&["a"], &Judged::new()), None);
        assert_eq!(
            measure(&["a"], &Judged::from([("a".into(), 0), ("b".into(), -1)])),
            None
        );
    }

    #[test]
    fn a_grade_above_the_highest_counts_as_the_highest() {
        let of = |grade| measure(&["a"], &Judged::from([("a".into(), grade)])).unwrap();
        assert_eq!(of(4).err_10, 15.0 / 16.0);
        assert_eq!(of(5).err_10, of(4).err_10);
        assert_eq!(of(1).err_10, 1.0 / 16.0);
    }

    #[test]
    fn an_empty_list_has_zeros() {
        let measured = measure(&[], &Judged::from([("a".into(), 2)])).unwrap();
        assert_eq!(measured, Measures::default());
    }
}
