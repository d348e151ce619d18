//! Logs in the format of the Open Bandit Dataset (Saito, Aihara, Matsutani and Narita, NeurIPS 2021 datasets): CSV with
//! the columns `item_id`, `position`, `click`, `propensity_score`, a `timestamp` and features of user and item.
//!
//! Two columns more are read where they are: `user_id` (who saw it) and `request_id` (the list it was on).

use std::{fs::File, path::Path};

use super::row::{LogError, Row, propensity};

const ITEM: &str = "item_id";
const POSITION: &str = "position";
const PROPENSITY: &str = "propensity_score";
const USER: &str = "user_id";
const LIST: &str = "request_id";

/// The reward that the format has.
pub const CLICK: &str = "click";

/// Places of the columns.
struct Columns {
    item: usize,
    position: usize,
    reward: usize,
    propensity: usize,
    user: Option<usize>,
    list: Option<usize>,
    fields: Vec<usize>,
}

/// Reads a file. `reward`: the column of the reward, usually [`CLICK`]. `fields`: columns to keep besides.
///
/// # Errors
/// The file cannot be read, lacks a column or holds nothing, or a line is wrong; it is named.
pub fn read(path: &Path, reward: &str, fields: &[String]) -> Result<Vec<Row>, LogError> {
    let csv_error = |source| LogError::Csv {
        path: path.to_owned(),
        source,
    };
    let file = File::open(path).map_err(|error| csv_error(error.into()))?;
    let mut reader = csv::Reader::from_reader(std::io::BufReader::new(file));
    let header = reader.headers().map_err(csv_error)?.clone();
    let columns = Columns::find(path, &header, reward, fields)?;
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(csv_error)?;
        let row = columns
            .row(&record)
            .map_err(|(column, reason)| LogError::Field {
                path: path.to_owned(),
                place: format!("line {}", record.position().map_or(0, csv::Position::line)),
                field: header.get(column).unwrap_or_default().to_owned(),
                reason,
            })?;
        rows.push(row);
    }
    match rows.is_empty() {
        true => Err(LogError::Empty {
            path: path.to_owned(),
        }),
        false => Ok(rows),
    }
}

impl Columns {
    fn find(
        path: &Path,
        header: &csv::StringRecord,
        reward: &str,
        fields: &[String],
    ) -> Result<Self, LogError> {
        let place = |name: &str| header.iter().position(|known| known.trim() == name);
        let required = |name: &str| {
            place(name).ok_or_else(|| LogError::Column {
                path: path.to_owned(),
                column: name.to_owned(),
                known: header.iter().collect::<Vec<_>>().join(", "),
            })
        };
        Ok(Self {
            item: required(ITEM)?,
            position: required(POSITION)?,
            reward: required(reward)?,
            propensity: required(PROPENSITY)?,
            user: place(USER),
            list: place(LIST),
            fields: fields
                .iter()
                .map(|name| required(name))
                .collect::<Result<_, _>>()?,
        })
    }

    /// One line; else the column that is wrong, and why.
    fn row(&self, record: &csv::StringRecord) -> Result<Row, (usize, String)> {
        let cell = |column: usize| record.get(column).unwrap_or_default().trim();
        let owned = |column: usize| cell(column).to_owned();
        let number = |column: usize| {
            let text = cell(column);
            let number: Option<f64> = text.parse().ok();
            let number = number.filter(|number| number.is_finite());
            number.ok_or((column, format!("\"{text}\" is no number")))
        };
        let position = cell(self.position);
        let position = position
            .parse()
            .map_err(|_| (self.position, format!("\"{position}\" is no whole number")))?;
        Ok(Row {
            item: owned(self.item),
            position,
            reward: number(self.reward)?,
            propensity: propensity(cell(self.propensity)).map_err(|why| (self.propensity, why))?,
            user: self.user.map(owned).filter(|user| !user.is_empty()),
            list: self.list.map(owned).filter(|list| !list.is_empty()),
            fields: self.fields.iter().map(|column| owned(*column)).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str, fields: &[&str]) -> Result<Vec<Row>, LogError> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        let fields: Vec<String> = fields.iter().map(|field| (*field).to_owned()).collect();
        read(file.path(), CLICK, &fields)
    }

    const HEADER: &str = ",timestamp,item_id,position,click,propensity_score,user_feature_0\n";

    #[test]
    fn a_line_of_the_data_set_is_read() {
        let line = "0,2019-11-24 00:00:03.800821+00:00,14,3,1,0.0125,cef3390ed299\n";
        let rows = read_text(&format!("{HEADER}{line}"), &["user_feature_0"]).unwrap();
        let row = Row {
            item: "14".into(),
            position: 3,
            reward: 1.0,
            propensity: 0.0125,
            user: None,
            list: None,
            fields: vec!["cef3390ed299".into()],
        };
        assert_eq!(rows, [row]);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let cases = [
            (
                "0,t,14,3,1,0,x\n",
                &["user_feature_0"][..],
                "line 2: propensity_score: 0 is not",
            ),
            ("0,t,14,3,1,1.5,x\n", &[], "line 2: propensity_score"),
            ("0,t,14,3,1,NaN,x\n", &[], "line 2: propensity_score"),
            ("0,t,14,3,maybe,0.5,x\n", &[], "line 2: click: \"maybe\""),
            ("0,t,14,-1,1,0.5,x\n", &[], "line 2: position"),
            ("0,t,14,3,1,0.5,x\n", &["age"], "the column age is missing"),
            ("", &[], "no impression"),
        ];
        for (line, fields, part) in cases {
            let error = read_text(&format!("{HEADER}{line}"), fields).unwrap_err();
            assert!(error.to_string().contains(part), "{error}");
        }
    }
}
