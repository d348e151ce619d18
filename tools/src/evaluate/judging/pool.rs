//! What is to be judged: the first hits of several runs together (Spärck Jones and van Rijsbergen 1975; TREC). What no run
//! brings is taken for not relevant.

use std::{
    collections::{HashMap, HashSet},
    fmt::Write as _,
    fs,
    path::Path,
};

use anyhow::Context as _;

use crate::evaluate::{judgements::Query, run::Ranked};

/// An item to be judged for a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub query: String,
    pub text: String,
    pub item: String,
    /// "": not known.
    pub title: String,
}

/// Pools the first `depth` hits of each run. Queries come in their order; the items of one in an order that says nothing of
/// where they stood, which would sway the judge.
pub fn pool(
    queries: &[Query],
    runs: &[HashMap<String, Ranked>],
    depth: usize,
    titles: &HashMap<&str, &str>,
) -> Vec<Candidate> {
    let of_query = |query: &Query| {
        let lists = runs.iter().filter_map(|run| run.get(&query.id));
        let items: HashSet<&str> = lists
            .flat_map(|ranked| ranked.iter().take(depth))
            .map(|(id, _)| id.as_str())
            .collect();
        let mut items: Vec<&str> = items.into_iter().collect();
        items.sort_by_cached_key(|item| {
            *blake3::hash(format!("{}\t{item}", query.id).as_bytes()).as_bytes()
        });
        let candidate = |item: &str| Candidate {
            query: query.id.clone(),
            text: query.text.clone(),
            item: item.to_owned(),
            title: titles.get(item).copied().unwrap_or_default().to_owned(),
        };
        items.into_iter().map(candidate).collect::<Vec<_>>()
    };
    queries.iter().flat_map(of_query).collect()
}

/// Lines of `query<TAB>text<TAB>item<TAB>title`. Tabs and line ends within a field become spaces.
pub fn lines(pool: &[Candidate]) -> String {
    let mut text = String::new();
    for its in pool {
        let fields = [&its.query, &its.text, &its.item, &its.title];
        let fields = fields.map(|field| field.replace(['\t', '\n', '\r'], " "));
        let _ = writeln!(text, "{}", fields.join("\t"));
    }
    text
}

/// Reads such lines.
///
/// # Errors
/// The file cannot be read, or a line has not four fields; it is named.
pub fn read(path: &Path) -> anyhow::Result<Vec<Candidate>> {
    let place = || path.display().to_string();
    let text = fs::read_to_string(path).with_context(place)?;
    let lines = (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty());
    let candidate = |(number, line): (usize, &str)| {
        let fields: Vec<&str> = line.split('\t').collect();
        let [query, text, item, title] = fields[..] else {
            anyhow::bail!(
                "{}, line {number}: want query, text, item and title, with tabs between",
                place()
            );
        };
        Ok(Candidate {
            query: query.to_owned(),
            text: text.to_owned(),
            item: item.to_owned(),
            title: title.to_owned(),
        })
    };
    lines.map(candidate).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tops_of_runs_are_pooled_once_and_read_back() {
        let queries = ["q1", "q2"].map(|id| Query {
            id: id.into(),
            text: format!("text\tof {id}"),
        });
        let ranked =
            |ids: &[&str]| -> Ranked { ids.iter().map(|id| ((*id).to_owned(), 1.0)).collect() };
        let runs = [
            HashMap::from([
                ("q1".to_owned(), ranked(&["a", "b", "c"])),
                ("q2".to_owned(), ranked(&["d"])),
            ]),
            HashMap::from([("q1".to_owned(), ranked(&["b", "e"]))]),
        ];
        let found = pool(&queries, &runs, 2, &HashMap::from([("a", "茶")]));
        let mut items: Vec<&str> = found[..3].iter().map(|its| its.item.as_str()).collect();
        items.sort_unstable();
        assert_eq!((items, found.len()), (vec!["a", "b", "e"], 4));
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), lines(&found)).unwrap();
        let read_back = read(file.path()).unwrap();
        assert_eq!(read_back.len(), 4);
        assert_eq!(
            (&*read_back[3].text, &*read_back[3].item),
            ("text of q2", "d")
        );
        fs::write(file.path(), "q1\ttext\n").unwrap();
        assert!(
            read(file.path())
                .unwrap_err()
                .to_string()
                .contains("line 1")
        );
    }
}
