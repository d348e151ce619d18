//! Spoken queries: whether they bring what the written form of the same want brings.

use super::{sets::SpokenPair, shoppers::Shoppers};
use crate::evaluate::{
    metrics::{Judged, measure},
    run::Ranked,
};

/// Hits of the written form that are judgements, and places that are measured.
const DEPTH: usize = 10;

/// What the spoken forms brought, against the written ones.
#[derive(Debug, Default, serde::Serialize)]
pub struct SpokenResult {
    /// Pairs whose written form finds anything.
    pub measured: usize,
    /// Mean nDCG@10 of the spoken forms. The hits of the written form are the judgements, with gains 10 for the first
    /// to 1 for the tenth, so that the written form itself has 1.
    pub ndcg_10: f64,
    /// Mean share of the written form's first ten hits among the spoken form's.
    pub recall_10: f64,
    /// Share of pairs whose spoken form has the same first hit.
    pub same_first: f64,
    pub pairs: Vec<MeasuredPair>,
}

/// One pair.
#[derive(Debug, serde::Serialize)]
pub struct MeasuredPair {
    pub id: String,
    pub spoken: String,
    pub written: String,
    pub ndcg_10: f64,
    pub recall_10: f64,
}

/// Asks both forms of every pair in its region.
///
/// # Errors
/// A query cannot be answered, or its region is not among the shoppers'.
pub fn compare(pairs: &[SpokenPair], shoppers: &Shoppers<'_>) -> anyhow::Result<SpokenResult> {
    let mut result = SpokenResult::default();
    for pair in pairs {
        let written = shoppers.search(&pair.region, &pair.written, DEPTH)?;
        let spoken = shoppers.search(&pair.region, &pair.spoken, DEPTH)?;
        let ids: Vec<&str> = spoken.iter().map(|(id, _)| id.as_str()).collect();
        let Some(measures) = measure(&ids, &judgements(&written)) else {
            continue;
        };
        let first = |ranked: &Ranked| ranked.first().map(|(id, _)| id.clone());
        result.measured += 1;
        result.ndcg_10 += measures.ndcg_10;
        result.recall_10 += measures.recall_10;
        result.same_first += f64::from(u8::from(first(&written) == first(&spoken)));
        result.pairs.push(MeasuredPair {
            id: pair.id.clone(),
            spoken: pair.spoken.clone(),
            written: pair.written.clone(),
            ndcg_10: measures.ndcg_10,
            recall_10: measures.recall_10,
        });
    }
    let count = result.measured.max(1) as f64;
    for sum in [
        &mut result.ndcg_10,
        &mut result.recall_10,
        &mut result.same_first,
    ] {
        *sum /= count;
    }
    Ok(result)
}

fn judgements(written: &Ranked) -> Judged {
    let gains = (1..=DEPTH as i32).rev();
    let ids = written.iter().map(|(id, _)| id.clone());
    ids.zip(gains).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::run::Searcher;

    struct Fixed;

    impl Searcher for Fixed {
        fn search(&self, query: &str, depth: usize) -> anyhow::Result<Ranked> {
            let ids = query.split_whitespace().take(depth);
            Ok(ids.map(|id| (id.to_owned(), 1.0)).collect())
        }
    }

    #[test]
    fn the_written_forms_hits_are_the_judgements() {
        let pair = |written: &str, spoken: &str| SpokenPair {
            id: "p".into(),
            region: "hk".into(),
            spoken: spoken.into(),
            written: written.into(),
        };
        let pairs = [pair("a b", "a b c"), pair("a b", "c"), pair("", "a")];
        let shoppers = Shoppers::all_alike(&Fixed, &["hk"]);
        let result = compare(&pairs, &shoppers).unwrap();
        assert_eq!((result.measured, result.ndcg_10), (2, 0.5));
        assert_eq!((result.recall_10, result.same_first), (0.5, 0.5));
        // The second hit first: 9 + 10 ÷ log2 3 of 10 + 9 ÷ log2 3.
        let turned = compare(&[pair("a b", "b a")], &shoppers).unwrap().ndcg_10;
        let discount = 3f64.log2();
        assert!((turned - (9.0 + 10.0 / discount) / (10.0 + 9.0 / discount)).abs() < 1e-12);
    }
}
