//! Answers to one query side by side: what each hit is, how it is judged, and how it moved.

use std::collections::HashMap;

use crate::{
    evaluate::{catalogue::Catalogue, metrics::Judged},
    report::{ResultLine, Tone},
};

/// What is known of the items of a list.
pub struct KnownItems<'k> {
    titles: HashMap<&'k str, &'k str>,
    judged: &'k HashMap<String, Judged>,
}

impl<'k> KnownItems<'k> {
    /// Without a catalogue, items have no titles.
    pub fn new(catalogue: Option<&'k Catalogue>, judged: &'k HashMap<String, Judged>) -> Self {
        let items = catalogue.into_iter().flat_map(Catalogue::items);
        let title = |item: &'k sampan_proto::v1::Item| {
            Some((item.id.as_str(), item.titles.first()?.text.as_str()))
        };
        Self {
            titles: items.filter_map(title).collect(),
            judged,
        }
    }

    /// An item on a query's list, with its grade.
    pub fn line(&self, query: &str, item: &str) -> ResultLine {
        let judged = self.judged.get(query);
        let grade = judged.and_then(|judged| judged.get(item)).copied();
        ResultLine {
            id: item.to_owned(),
            title: self
                .titles
                .get(item)
                .copied()
                .unwrap_or_default()
                .to_owned(),
            highlights: Vec::new(),
            note: grade.map_or_else(String::new, |grade| format!("grade {grade}")),
            tone: match grade {
                Some(1..) => Tone::Good,
                _ => Tone::Plain,
            },
        }
    }
}

/// Marks each line with what became of it: new or gone, and how far it moved up or down.
pub fn mark_moves(before: &mut [ResultLine], after: &mut [ResultLine]) {
    let places = |lines: &[ResultLine]| -> HashMap<String, usize> {
        lines
            .iter()
            .enumerate()
            .map(|(place, line)| (line.id.clone(), place))
            .collect()
    };
    let (was, is) = (places(before), places(after));
    for line in before.iter_mut().filter(|line| !is.contains_key(&line.id)) {
        mark(line, "gone".to_owned(), Tone::Bad);
    }
    for (place, line) in after.iter_mut().enumerate() {
        match was.get(&line.id) {
            None => mark(line, "new".to_owned(), Tone::Good),
            Some(was) if *was > place => mark(line, format!("↑ {}", was - place), Tone::Good),
            Some(was) if *was < place => mark(line, format!("↓ {}", place - was), Tone::Bad),
            Some(_) => {}
        }
    }
}

/// A note joins those that are there; what is known to be good or bad stays so.
fn mark(line: &mut ResultLine, note: String, tone: Tone) {
    line.note = match line.note.as_str() {
        "" => note,
        known => format!("{known}, {note}"),
    };
    if line.tone == Tone::Plain {
        line.tone = tone;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_are_marked() {
        let lines = |ids: &[&str]| -> Vec<ResultLine> {
            ids.iter()
                .map(|id| ResultLine {
                    id: (*id).into(),
                    ..Default::default()
                })
                .collect()
        };
        let (mut before, mut after) = (lines(&["a", "b", "c"]), lines(&["c", "b", "d", "a"]));
        before[0].note = "grade 2".into();
        mark_moves(&mut before, &mut after);
        let notes = |lines: &[ResultLine]| -> Vec<String> {
            lines.iter().map(|line| line.note.clone()).collect()
        };
        assert_eq!(notes(&before), ["grade 2", "", ""]);
        assert_eq!(notes(&after), ["↑ 2", "", "new", "↓ 3"]);
        let (mut before, mut after) = (lines(&["a"]), lines(&[]));
        before[0].note = "grade 2".into();
        mark_moves(&mut before, &mut after);
        assert_eq!(
            (notes(&before), before[0].tone),
            (vec!["grade 2, gone".to_owned()], Tone::Bad)
        );
    }
}
