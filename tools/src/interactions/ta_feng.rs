//! The Ta-Feng log: purchases of a Taiwanese supermarket, as CSV or zipped CSV with a header.
//!
//! A basket is what a customer bought on one day. Columns that are read: `TRANSACTION_DT` (month/day/year),
//! `CUSTOMER_ID`, `PRODUCT_ID`, and where there is one `AGE_GROUP`.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use prost_types::Timestamp;
use zip::ZipArchive;

use sampan_engine::recommend::{Gatherer, InteractionLog, visits::Places};

use super::InteractionsError;

const COLUMNS: [&str; 3] = ["TRANSACTION_DT", "CUSTOMER_ID", "PRODUCT_ID"];
const AGE_GROUP: &str = "AGE_GROUP";

/// Purchases, and what the log says of the customers.
#[derive(Debug)]
pub struct Purchases {
    pub log: InteractionLog,
    /// Of each shopper of the log; "" when unknown, and empty when the log has no such column.
    pub age_groups: Vec<String>,
}

/// Reads the log.
///
/// # Errors
/// The file cannot be read, has not the columns, or a line has no date; the line is named.
pub fn read(path: &Path) -> Result<Purchases, InteractionsError> {
    let failed = |source: io::Error| InteractionsError::Io {
        path: path.to_owned(),
        source,
    };
    let file = File::open(path).map_err(failed)?;
    if path.extension().is_some_and(|extension| extension == "zip") {
        let mut archive = ZipArchive::new(file).map_err(|error| failed(error.into()))?;
        let entry = archive.by_index(0).map_err(|error| failed(error.into()))?;
        return rows(path, entry);
    }
    rows(path, file)
}

fn rows(path: &Path, source: impl Read) -> Result<Purchases, InteractionsError> {
    let content = |reason: String| InteractionsError::Content {
        path: path.to_owned(),
        reason,
    };
    let mut reader = csv::Reader::from_reader(source);
    let header = reader
        .byte_headers()
        .map_err(|error| content(error.to_string()))?;
    let place = |column: &str| {
        header.iter().position(|name| {
            // The first name may stand after a byte order mark, which keeps its quotes from being seen.
            String::from_utf8_lossy(name).trim_matches(['\u{feff}', '"']) == column
        })
    };
    let places =
        COLUMNS.map(|column| place(column).ok_or_else(|| content(format!("no column {column}"))));
    let age_group = place(AGE_GROUP);
    let [date, customer, product] = places;
    let (date, customer, product) = (date?, customer?, product?);
    // Days are whole: what is of one day is of one basket.
    let mut gatherer = Gatherer::new(0);
    let mut customers = Places::default();
    let mut age_groups = Vec::new();
    for row in reader.byte_records() {
        let row = row.map_err(|error| content(error.to_string()))?;
        let text = |place: usize| String::from_utf8_lossy(row.get(place).unwrap_or_default());
        let seconds = seconds(&text(date)).ok_or_else(|| InteractionsError::Line {
            path: path.to_owned(),
            line: row.position().map_or(0, csv::Position::line),
            reason: format!("{}: {:?} is no date", COLUMNS[0], text(date)),
        })?;
        let name = text(customer);
        gatherer.add(&name, &text(product), seconds, 1.0);
        if let Some(place) = age_group
            && customers.of(&name) as usize == age_groups.len()
        {
            age_groups.push(text(place).trim().to_owned());
        }
    }
    Ok(Purchases {
        log: gatherer.finish(),
        age_groups,
    })
}

/// Seconds since 1970 of a day written as month/day/year.
fn seconds(date: &str) -> Option<i64> {
    let mut parts = date.split('/');
    let mut part = || parts.next();
    let (month, day, year) = (part()?, part()?, part()?);
    let year = year.parse().ok()?;
    let date = Timestamp::date(year, month.parse().ok()?, day.parse().ok()?);
    date.ok().map(|date| date.seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "\u{feff}\"TRANSACTION_DT\",\"CUSTOMER_ID\",\"PRODUCT_ID\",\"AMOUNT\"\n";

    fn read_text(rows: &str) -> Result<Purchases, InteractionsError> {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("log.csv");
        std::fs::write(&path, format!("{HEADER}{rows}")).unwrap();
        read(&path)
    }

    #[test]
    fn a_day_is_a_basket() {
        let rows = "\"12/31/2000\",\"c1\",\"p1\",\"2\"\n\"1/2/2001\",\"c1\",\"p2\",\"1\"\n\
                    \"1/2/2001\",\"c1\",\"p1\",\"1\"\n\"1/2/2001\",\"c1\",\"p1\",\"1\"\n";
        let Purchases { log, age_groups } = read_text(rows).unwrap();
        assert!(age_groups.is_empty());
        assert_eq!(log.items, ["p1", "p2"]);
        let history = &log.histories[0];
        assert_eq!(history[1].seconds - history[0].seconds, 2 * 86_400);
        assert_eq!((history[0].taken.len(), history[1].taken.len()), (1, 2));
    }

    #[test]
    fn an_age_group_is_the_customers() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("log.csv");
        let rows = "TRANSACTION_DT,CUSTOMER_ID,AGE_GROUP,PRODUCT_ID\n1/1/2001,c2,<25,p1\n\
                    1/2/2001,c1,>65 ,p2\n1/3/2001,c2,<25,p2\n";
        std::fs::write(&path, rows).unwrap();
        let read = read(&path).unwrap();
        assert_eq!(read.log.histories.len(), 2);
        assert_eq!(read.age_groups, ["<25", ">65"]);
    }

    #[test]
    fn what_is_no_date_is_named_with_its_line() {
        let error =
            read_text("\"12/31/2000\",\"c\",\"p\",\"2\"\n\"13/1/2000\",\"c\",\"p\",\"1\"\n");
        let error = error.unwrap_err().to_string();
        assert!(
            error.contains("line 3") && error.contains("13/1/2000"),
            "{error}"
        );
    }

    #[test]
    fn a_missing_column_is_named() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("log.csv");
        std::fs::write(&path, "TRANSACTION_DT,CUSTOMER_ID\n").unwrap();
        let error = read(&path).unwrap_err().to_string();
        assert!(error.contains("PRODUCT_ID"), "{error}");
    }
}
