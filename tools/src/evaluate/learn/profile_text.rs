//! A region's profile with some of its numbers changed, as the text of its document.

use anyhow::Context as _;
use sampan_analyzers::DictionaryFiles;
use toml::{Table, Value};

/// The number that is in force for `table.key`: the region's own, else the common one.
///
/// # Errors
/// Neither profile has it.
pub fn number(files: &DictionaryFiles, region: &str, key: &str) -> anyhow::Result<Value> {
    for owner in [region, "common"] {
        let profile = profile(files, owner)?;
        if let Some((table, name)) = key.split_once('.')
            && let Some(value) = profile.get(table).and_then(|table| table.get(name))
        {
            return Ok(value.clone());
        }
    }
    anyhow::bail!("keys.\"{key}\": neither {region}/ranking.toml nor common/ranking.toml has it")
}

/// The region's own profile with other numbers. A table of which the region has no line yet begins as the common one:
/// some tables are overridden whole.
///
/// # Errors
/// The profile in force cannot be read.
pub fn with_numbers(
    files: &DictionaryFiles,
    region: &str,
    numbers: &[(&str, &Value)],
) -> anyhow::Result<String> {
    let common = profile(files, "common")?;
    let mut own = profile(files, region)?;
    for (key, number) in numbers {
        let (table, name) = key.split_once('.').context("keys have a table")?;
        let inherited = || common.get(table).cloned().unwrap_or(Table::new().into());
        let entry = own.entry(table).or_insert_with(inherited);
        let entry = entry.as_table_mut().context("a profile has only tables")?;
        entry.insert(name.to_owned(), (*number).clone());
    }
    Ok(toml::to_string(&own)?)
}

fn profile(files: &DictionaryFiles, owner: &str) -> anyhow::Result<Table> {
    let path = format!("{owner}/ranking.toml");
    let text = files.get(&path).unwrap_or_default();
    text.parse().with_context(|| path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> DictionaryFiles {
        let texts = [
            (
                "common/ranking.toml",
                "[weights]\na = 1.0\nb = 2.0\n[vectors]\nbelow = 5\nhigh = 6\n",
            ),
            (
                "hk/ranking.toml",
                "inherits = \"common\"\n[weights]\nb = 3.0\n",
            ),
        ];
        let owned = texts.map(|(path, text)| (path.to_owned(), text.to_owned()));
        DictionaryFiles(owned.into())
    }

    #[test]
    fn the_regions_own_number_counts_before_the_common_one() {
        let files = files();
        assert_eq!(
            number(&files, "hk", "weights.b").unwrap(),
            Value::Float(3.0)
        );
        assert_eq!(
            number(&files, "hk", "weights.a").unwrap(),
            Value::Float(1.0)
        );
        assert_eq!(
            number(&files, "tw", "weights.b").unwrap(),
            Value::Float(2.0)
        );
        let error = number(&files, "hk", "weights.c").unwrap_err().to_string();
        assert!(error.contains("weights.c"), "{error}");
    }

    #[test]
    fn other_lines_stay_and_a_new_table_begins_as_the_common_one() {
        let numbers = [
            ("weights.a", &Value::Float(0.5)),
            ("vectors.below", &Value::Integer(7)),
        ];
        let text = with_numbers(&files(), "hk", &numbers).unwrap();
        let read: Table = text.parse().unwrap();
        assert_eq!(read["inherits"].as_str(), Some("common"));
        assert_eq!(read["weights"]["b"].as_float(), Some(3.0));
        assert_eq!(read["weights"]["a"].as_float(), Some(0.5));
        assert_eq!(read["vectors"]["below"].as_integer(), Some(7));
        assert_eq!(read["vectors"]["high"].as_integer(), Some(6));
    }
}
