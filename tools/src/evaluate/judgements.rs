//! Query files (`id<TAB>text`) and relevance judgements (TREC qrels: `query 0 document grade`).

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
};

use sampan_analyzers::{Analyzer, Conversion};

use super::metrics::Judged;

/// A query to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    pub id: String,
    pub text: String,
}

/// Why a file of queries or judgements cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JudgementError {
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("{}, line {line}: {reason}", path.display())]
    Line {
        path: PathBuf,
        line: usize,
        reason: String,
    },
}

/// Reads `id<TAB>text` lines.
///
/// # Errors
/// The file cannot be read, a line has no tab, or an id comes twice.
pub fn queries(path: &Path) -> Result<Vec<Query>, JudgementError> {
    let mut queries: Vec<Query> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    each_line(path, |line| {
        let (id, text) = line
            .split_once('\t')
            .ok_or("want an id, a tab and a text")?;
        if !seen.insert(id.to_owned()) {
            return Err(format!("the query id {id} comes twice"));
        }
        queries.push(Query {
            id: id.to_owned(),
            text: text.trim().to_owned(),
        });
        Ok(())
    })?;
    Ok(queries)
}

/// Converts every query by an OpenCC configuration (`s2t`), when one is named.
///
/// # Errors
/// There is no such configuration, or it cannot be carried out.
pub fn convert(
    queries: &mut [Query],
    named: Option<&str>,
    analyzer: &Analyzer,
) -> anyhow::Result<()> {
    if let Some(conversion) = named.map(str::parse::<Conversion>).transpose()? {
        for query in queries {
            query.text = analyzer.convert(&query.text, conversion)?;
        }
    }
    Ok(())
}

/// Reads judgements, by query id.
///
/// # Errors
/// The file cannot be read, or a line has not four columns with a whole number last.
pub fn qrels(path: &Path) -> Result<HashMap<String, Judged>, JudgementError> {
    let mut judged: HashMap<String, Judged> = HashMap::new();
    each_line(path, |line| {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let [query, _iteration, document, grade] = columns[..] else {
            return Err(format!(
                "want four columns: query 0 document grade; found {}",
                columns.len()
            ));
        };
        let grade = grade
            .parse()
            .map_err(|_| format!("the grade {grade} is no whole number"))?;
        judged
            .entry(query.to_owned())
            .or_default()
            .insert(document.to_owned(), grade);
        Ok(())
    })?;
    Ok(judged)
}

/// Hands every line that is not empty to `read`.
fn each_line(
    path: &Path,
    mut read: impl FnMut(&str) -> Result<(), String>,
) -> Result<(), JudgementError> {
    let io_error = |source| JudgementError::Io {
        path: path.to_owned(),
        source,
    };
    let text = fs::read_to_string(path).map_err(io_error)?;
    for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        if !line.trim().is_empty() {
            read(line).map_err(|reason| JudgementError::Line {
                path: path.to_owned(),
                line: index + 1,
                reason,
            })?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("f.tsv");
        fs::write(&path, text).unwrap();
        (folder, path)
    }

    #[test]
    fn queries_and_judgements_are_read() {
        let (_folder, path) = file("q1\t大 落地窗\r\n\nq2\t种花\n");
        let texts: Vec<String> = queries(&path)
            .unwrap()
            .into_iter()
            .map(|q| q.text)
            .collect();
        assert_eq!(texts, ["大 落地窗", "种花"]);
        let (_folder, path) = file("q1\t0\td1\t1\nq1 0 d2 0\nq2 0 d1 -1\n");
        let judged = qrels(&path).unwrap();
        assert_eq!(
            judged["q1"],
            Judged::from([("d1".into(), 1), ("d2".into(), 0)])
        );
        assert_eq!(judged["q2"]["d1"], -1);
    }

    #[test]
    fn a_wrong_line_is_named() {
        for (text, part) in [
            ("a\tb\nno tab\n", "line 2"),
            ("a\tb\na\tc\n", "a comes twice"),
        ] {
            let (_folder, path) = file(text);
            let message = queries(&path).unwrap_err().to_string();
            assert!(message.contains(part), "{message}");
        }
        for (text, part) in [("q d 1\n", "found 3"), ("q 0 d high\n", "no whole number")] {
            let (_folder, path) = file(text);
            let message = qrels(&path).unwrap_err().to_string();
            assert!(
                message.contains("line 1") && message.contains(part),
                "{message}"
            );
        }
    }
}
