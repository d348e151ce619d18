//! What judges said, a line each, written as they say it: judging goes on where it was left. Of two lines of one judge about
//! one item the later counts.

use std::{
    collections::BTreeMap,
    fs::{self, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, ensure};

/// Highest grade: what was asked for. 0 is not relevant.
pub const GRADE_MAX: u8 = 3;

/// Judgements of all judges, by query and item.
pub type Judgements = BTreeMap<(String, String), BTreeMap<String, u8>>;

/// A file of `query<TAB>item<TAB>grade<TAB>judge` lines.
#[derive(Debug)]
pub struct Record {
    path: PathBuf,
    pub judgements: Judgements,
}

impl Record {
    /// Reads a file; one that is not there is empty.
    ///
    /// # Errors
    /// It cannot be read, or a line is none; it is named.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let place = || path.display().to_string();
        let text = match fs::read_to_string(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            read => read.with_context(place)?,
        };
        let mut judgements = Judgements::new();
        for (number, line) in (1..)
            .zip(text.lines())
            .filter(|(_, line)| !line.trim().is_empty())
        {
            let fields: Vec<&str> = line.split('\t').collect();
            let parsed = match fields[..] {
                [query, item, grade, judge] => {
                    grade.parse().ok().map(|grade| (query, item, grade, judge))
                }
                _ => None,
            };
            let known = parsed.filter(|(_, _, grade, _)| *grade <= GRADE_MAX);
            let (query, item, grade, judge) = known.with_context(|| {
                format!("{}, line {number}: want query, item, a grade of 0 to {GRADE_MAX} and judge, with tabs between", place())
            })?;
            let key = (query.to_owned(), item.to_owned());
            judgements
                .entry(key)
                .or_default()
                .insert(judge.to_owned(), grade);
        }
        Ok(Self {
            path: path.to_owned(),
            judgements,
        })
    }

    /// Adds a judgement, on disk before it returns.
    ///
    /// # Errors
    /// The judge has no name or one with a tab or line end, the grade is too high, or the file cannot be written.
    pub fn add(
        &mut self,
        (query, item): (&str, &str),
        judge: &str,
        grade: u8,
    ) -> anyhow::Result<()> {
        let is_name = !judge.trim().is_empty() && !judge.contains(char::is_control);
        ensure!(is_name, "judge: want a name");
        ensure!(grade <= GRADE_MAX, "grade: {grade}; want 0 to {GRADE_MAX}");
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.path)
            .with_context(|| self.path.display().to_string())?;
        writeln!(file, "{query}\t{item}\t{grade}\t{judge}")?;
        file.sync_data()?;
        let key = (query.to_owned(), item.to_owned());
        self.judgements
            .entry(key)
            .or_default()
            .insert(judge.to_owned(), grade);
        Ok(())
    }

    /// What a judge said of an item.
    pub fn grade(&self, (query, item): (&str, &str), judge: &str) -> Option<u8> {
        let key = (query.to_owned(), item.to_owned());
        self.judgements.get(&key)?.get(judge).copied()
    }

    /// TREC qrels: of several judges the middle grade, the lower of two.
    pub fn qrels(&self) -> String {
        let lines = self.judgements.iter().map(|((query, item), by_judge)| {
            let mut grades: Vec<u8> = by_judge.values().copied().collect();
            grades.sort_unstable();
            format!("{query} 0 {item} {}\n", grades[(grades.len() - 1) / 2])
        });
        lines.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn judging_goes_on_where_it_was_left_and_the_later_word_counts() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("judged.tsv");
        let mut record = Record::open(&path).unwrap();
        record.add(("q1", "a"), "mei", 3).unwrap();
        record.add(("q1", "a"), "mei", 1).unwrap();
        record.add(("q1", "a"), "ho", 2).unwrap();
        record.add(("q1", "b"), "ho", 0).unwrap();
        for (judge, grade) in [(" ", 1), ("a\tb", 1), ("mei", 4)] {
            assert!(record.add(("q1", "a"), judge, grade).is_err());
        }
        let record = Record::open(&path).unwrap();
        assert_eq!(
            (
                record.grade(("q1", "a"), "mei"),
                record.grade(("q1", "b"), "mei")
            ),
            (Some(1), None)
        );
        assert_eq!(record.qrels(), "q1 0 a 1\nq1 0 b 0\n");
        fs::write(&path, "q1\ta\t9\tmei\n").unwrap();
        assert!(
            Record::open(&path)
                .unwrap_err()
                .to_string()
                .contains("line 1")
        );
    }
}
