//! Whether the rates that ranking goes by are kept.

use sampan_proto::{Timestamp, v1};

use crate::report::{Block, Cell, Document, Table};

/// The report.
pub fn document(region: &str, report: &v1::ReportRatesResponse) -> Document {
    let mut document = Document {
        title: format!("Rates: {region}"),
        facts: facts(report),
        sections: Vec::new(),
    };
    if report.impressions > 0 {
        document.add("How well they are kept", overview(report));
        for rate in report.rates.iter().filter(|rate| rate.predicted > 0.0) {
            document.add(&rate.rate, bins(rate));
        }
    }
    document
}

fn facts(report: &v1::ReportRatesResponse) -> Vec<String> {
    let moment = |time: &Option<Timestamp>| time.map_or_else(String::new, |time| time.to_string());
    let mut facts = vec![format!(
        "{} impressions from {} to {}, each with what the events before it taught; answered within {} s",
        report.impressions,
        moment(&report.since),
        moment(&report.until),
        report.wait_seconds
    )];
    if report.gone > 0 {
        facts.push(format!(
            "{} more of items that are no longer there, counted nowhere below",
            report.gone
        ));
    }
    facts
}

fn overview(report: &v1::ReportRatesResponse) -> Vec<Block> {
    let rows = report.rates.iter().map(|rate| {
        vec![
            rate.rate.clone().into(),
            Cell::percent(rate.predicted),
            Cell::percent(rate.observed),
            points(rate.error),
            points(rate.error_by_chance),
        ]
    });
    let columns = ["", ">estimated", ">came", ">error", ">by chance"];
    let note = "Error: how far the estimates of a row below are from what came, the mean by impression, in percentage points. \
                By chance: the error were all estimates right.";
    vec![
        Block::Table(Table::new(&columns).with(rows)),
        Block::Paragraph(note.to_owned()),
    ]
}

fn bins(rate: &v1::RateReliability) -> Vec<Block> {
    let rows = rate.bins.iter().map(|bin| {
        vec![
            Cell::percent(bin.from),
            Cell::count(bin.impressions as usize),
            Cell::percent(bin.predicted),
            Cell::percent(bin.observed),
        ]
    });
    let columns = [">estimated at least", ">impressions", ">estimated", ">came"];
    vec![Block::Table(Table::new(&columns).with(rows))]
}

/// A difference of shares, in percentage points.
fn points(difference: f64) -> Cell {
    Cell::number(difference, format!("{:.3}", 100.0 * difference))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        report::terminal,
        terminal::{Output, output::Form},
    };

    #[test]
    fn what_was_never_estimated_has_no_table_of_its_own() {
        let rate = |name: &str, predicted: f64| v1::RateReliability {
            rate: name.to_owned(),
            predicted,
            observed: 0.0625,
            error: 0.0125,
            error_by_chance: 0.001,
            bins: vec![v1::RateBin {
                from: 0.0316,
                impressions: 16,
                predicted,
                observed: 0.0625,
            }],
        };
        let report = v1::ReportRatesResponse {
            impressions: 16,
            wait_seconds: 60,
            rates: vec![rate("click_rate", 0.05), rate("cart_rate", 0.0)],
            ..Default::default()
        };
        let document = document("hk", &report);
        let titles: Vec<&str> = document
            .sections
            .iter()
            .map(|its| its.title.as_str())
            .collect();
        assert_eq!(titles, ["How well they are kept", "click_rate"]);
        let text = terminal::text(&document, &Output::standard(Form::Tables));
        for part in ["1.250", "3.16 %", "6.25 %", "within 60 s"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(document_of_nothing().sections.is_empty());
    }

    fn document_of_nothing() -> Document {
        document("hk", &v1::ReportRatesResponse::default())
    }
}
