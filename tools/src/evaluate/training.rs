//! Rows that a ranking model learns from: the signals of judged hits under the names that rank.

use sampan_engine::config::profile::SIGNAL_NAMES;
use sampan_proto::v1;

use super::{judgements::Query, metrics::Judged};

/// A hit with its grade.
#[derive(Debug, PartialEq)]
pub struct TrainingRow<'a> {
    pub query: &'a str,
    pub item: &'a str,
    /// The judged grade; 0 for what is not judged, and for grades below.
    pub label: i32,
    /// In the order of the header.
    pub signals: Vec<f64>,
}

impl TrainingRow<'_> {
    /// The cells of the row, as [`header`] names them.
    pub fn cells(&self) -> Vec<String> {
        let mut cells = vec![
            self.query.to_owned(),
            self.item.to_owned(),
            self.label.to_string(),
        ];
        cells.extend(self.signals.iter().map(f64::to_string));
        cells
    }
}

/// Names of the columns.
pub fn header() -> Vec<&'static str> {
    let signals = SIGNAL_NAMES.iter().map(|(name, _)| *name);
    ["query", "item", "label"]
        .into_iter()
        .chain(signals)
        .collect()
}

/// The rows of one query's hits.
pub struct TrainingRows<'a> {
    query: &'a Query,
    judged: &'a Judged,
    hits: std::slice::Iter<'a, v1::Hit>,
}

impl<'a> TrainingRows<'a> {
    /// `hits` are explained.
    pub fn new(query: &'a Query, judged: &'a Judged, hits: &'a [v1::Hit]) -> Self {
        Self {
            query,
            judged,
            hits: hits.iter(),
        }
    }
}

impl<'a> Iterator for TrainingRows<'a> {
    type Item = TrainingRow<'a>;

    fn next(&mut self) -> Option<TrainingRow<'a>> {
        let hit = self.hits.next()?;
        let parts = hit.explanation.iter().flat_map(|why| &why.parts);
        let value = |name: &str| {
            let part = parts.clone().find(|part| part.signal == name);
            part.map_or(0.0, |part| part.value)
        };
        Some(TrainingRow {
            query: &self.query.id,
            item: &hit.item_id,
            label: self
                .judged
                .get(&hit.item_id)
                .map_or(0, |grade| (*grade).max(0)),
            signals: SIGNAL_NAMES.iter().map(|(name, _)| value(name)).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_its_grade_and_each_signal_under_its_name() {
        let query = Query {
            id: "q".into(),
            text: "t".into(),
        };
        let judged = Judged::from([("a".into(), 2), ("b".into(), -1)]);
        let part = |signal: &str, value| v1::ScorePart {
            signal: signal.into(),
            value,
            ..Default::default()
        };
        let hit = |id: &str, parts| v1::Hit {
            item_id: id.into(),
            explanation: Some(v1::Explanation {
                parts,
                ..Default::default()
            }),
            ..Default::default()
        };
        let hits = [
            hit("a", vec![part("sales", 0.25), part("lexical", 1.0)]),
            hit("b", vec![]),
            hit("c", vec![]),
        ];
        let rows: Vec<_> = TrainingRows::new(&query, &judged, &hits).collect();
        let labels: Vec<i32> = rows.iter().map(|row| row.label).collect();
        assert_eq!(labels, [2, 0, 0]);
        let column = |name: &str| header().iter().position(|known| *known == name).unwrap();
        let cells = rows[0].cells();
        assert_eq!(cells.len(), header().len());
        assert_eq!(
            (&*cells[column("lexical")], &*cells[column("sales")]),
            ("1", "0.25")
        );
        assert_eq!(&*cells[column("vector")], "0");
    }
}
