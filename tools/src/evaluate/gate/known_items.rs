//! Queries whose answer is known: items of the demo catalogue, asked for by the beginning of their own titles, in the
//! script that the title is not written in.

use std::collections::HashMap;

use sampan_analyzers::Analyzer;
use sampan_proto::v1::Item;

use crate::evaluate::{
    judgements::Query,
    metrics::Judged,
    scripts::{Script, forms, script},
};

/// How many.
const QUERIES: usize = 300;
/// Characters of a title that are asked for, at most; and the fewest that make a query.
const CHARACTERS: usize = 8;
const CHARACTERS_MIN: usize = 4;

/// The queries, and the item that each is of. Those of a hash of the ids: the same in every run.
///
/// # Errors
/// A title cannot be converted.
pub fn queries(
    items: &[Item],
    analyzer: &Analyzer,
) -> anyhow::Result<(Vec<Query>, HashMap<String, Judged>)> {
    let mut chosen: Vec<&Item> = items.iter().collect();
    chosen.sort_by_cached_key(|item| *blake3::hash(item.id.as_bytes()).as_bytes());
    let (mut queries, mut judged) = (Vec::new(), HashMap::new());
    for item in chosen {
        let title = item.titles.first().map_or("", |title| title.text.as_str());
        let words: String = title
            .chars()
            .filter(|its| its.is_alphanumeric())
            .take(CHARACTERS)
            .collect();
        let [simplified, hong_kong, ..] = forms(&words, analyzer)?;
        let text = match script(&words, analyzer)? {
            Script::Traditional => simplified,
            Script::Simplified => hong_kong,
            _ => continue,
        };
        if text.chars().count() >= CHARACTERS_MIN {
            judged.insert(item.id.clone(), Judged::from([(item.id.clone(), 1)]));
            queries.push(Query {
                id: item.id.clone(),
                text,
            });
        }
        if queries.len() == QUERIES {
            break;
        }
    }
    Ok((queries, judged))
}

#[cfg(test)]
mod tests {
    use sampan_analyzers::DictionaryFiles;

    use super::*;
    use crate::demo::catalogue::items;

    #[test]
    fn the_demo_catalogue_has_enough_and_they_are_in_the_other_script() {
        let analyzer = Analyzer::build(&DictionaryFiles::embedded()).unwrap();
        let (queries, judged) = queries(&items().unwrap(), &analyzer).unwrap();
        assert_eq!((queries.len(), judged.len()), (QUERIES, QUERIES));
        for query in queries {
            let length = query.text.chars().count();
            assert!(
                (CHARACTERS_MIN..=CHARACTERS).contains(&length),
                "{}",
                query.text
            );
        }
    }
}
