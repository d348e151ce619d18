//! Who was on shoppers' screens.

use sampan_proto::v1;

use crate::{
    plot::{Plot, Point, Series},
    report::{Block, Cell, Document, Table, Tone},
};

/// Share below which points of a Lorenz curve lie five hundredths apart: a curve of those who are seldom shown is flat.
const COARSE_BELOW: usize = 90;
const COARSE_STEP: usize = 5;

/// The report.
pub fn document(region: &str, report: &v1::ReportExposureResponse) -> Document {
    let mut document = Document {
        title: format!("Exposure: {region}"),
        facts: facts(report),
        sections: Vec::new(),
    };
    document.add("Promised shares", promises(report));
    document.add("How unevenly it is spread", spread(report));
    for part in report.parts.iter().filter(|part| part.by != "item") {
        document.add(&format!("By {}", heading(&part.by)), groups(part, report));
    }
    document
}

/// The Lorenz curves of a report.
pub fn lorenz(report: &v1::ReportExposureResponse) -> Plot {
    let curves = report.parts.iter().filter(|part| !part.lorenz.is_empty());
    let mut series: Vec<Series> = curves
        .map(|part| Series {
            name: format!("{}, Gini {:.3}", plural(&part.by), part.gini),
            points: points(&part.lorenz),
            is_joined: true,
        })
        .collect();
    if !series.is_empty() {
        let even: Vec<f64> = (0..=100).map(|part| f64::from(part) / 100.0).collect();
        series.push(Series {
            name: "all alike".to_owned(),
            points: points(&even),
            is_joined: true,
        });
    }
    Plot {
        title: "Lorenz curves of exposure".to_owned(),
        across: "share of those that could be shown, least shown first".to_owned(),
        up: "share of impressions".to_owned(),
        logarithmic: false,
        series,
    }
}

fn points(curve: &[f64]) -> Vec<Point> {
    let kept = curve.iter().enumerate();
    let kept = kept.filter(|(part, _)| *part >= COARSE_BELOW || part % COARSE_STEP == 0);
    kept.map(|(part, share)| Point {
        across: part as f64 / 100.0,
        up: *share,
        label: String::new(),
    })
    .collect()
}

fn facts(report: &v1::ReportExposureResponse) -> Vec<String> {
    let moment = |time: &Option<sampan_proto::Timestamp>| {
        time.as_ref().map_or_else(String::new, ToString::to_string)
    };
    let mut facts = vec![format!(
        "{} impressions from {} to {}",
        report.impressions,
        moment(&report.since),
        moment(&report.until)
    )];
    if report.gone > 0 {
        facts.push(format!(
            "{} of them of items that are no longer there, counted nowhere below",
            report.gone
        ));
    }
    facts
}

fn promises(report: &v1::ReportExposureResponse) -> Vec<Block> {
    if report.promises.is_empty() {
        return Vec::new();
    }
    let rows = report.promises.iter().map(|promise| {
        let (verdict, tone) = match promise.held >= promise.promised {
            true => ("held", Tone::Good),
            false => ("NOT held", Tone::Bad),
        };
        vec![
            promise.pool.clone().into(),
            Cell::percent(promise.promised),
            Cell::percent(promise.held),
            Cell::from(verdict).toned(tone),
        ]
    });
    vec![Block::Table(
        Table::new(&["pool", ">promised", ">had", ""]).with(rows),
    )]
}

fn spread(report: &v1::ReportExposureResponse) -> Vec<Block> {
    if report.impressions == report.gone {
        return Vec::new();
    }
    let told = report.parts.iter().filter(|part| !part.lorenz.is_empty());
    let rows = told.map(|part| {
        let of_most = part.lorenz.get(90).map_or(0.0, |below| 1.0 - below);
        vec![
            plural(&part.by).into(),
            Cell::count(part.groups_total as usize),
            Cell::number(part.gini, format!("{:.3}", part.gini)),
            Cell::percent(of_most),
        ]
    });
    vec![
        Block::Table(
            Table::new(&["", ">could be shown", ">Gini", ">the most shown tenth has"]).with(rows),
        ),
        Block::Plot(lorenz(report)),
        Block::Paragraph(
            "Gini: 0 when all are shown alike, near 1 when one has everything; what was never shown counts.".to_owned(),
        ),
    ]
}

fn groups(part: &v1::ExposureBy, report: &v1::ReportExposureResponse) -> Vec<Block> {
    if part.groups.is_empty() {
        return Vec::new();
    }
    let all = (report.impressions - report.gone).max(1) as f64;
    let rows = part.groups.iter().map(|group| {
        let name = match group.name.as_str() {
            "" => "(none)",
            name => name,
        };
        vec![
            name.into(),
            Cell::count(group.impressions as usize),
            Cell::percent(group.impressions as f64 / all),
            Cell::count(group.shown as usize),
            Cell::count(group.items as usize),
        ]
    });
    let columns = ["", ">impressions", ">share", ">items shown", ">of"];
    let mut blocks = vec![Block::Table(Table::long(&columns).with(rows))];
    let untold = part.groups_total as usize - part.groups.len();
    if untold > 0 {
        blocks.push(Block::Paragraph(format!("{untold} more were shown less.")));
    }
    if matches!(part.by.as_str(), "ship_mode" | "pool") {
        let note = "An item may be in several, and counts for each.";
        blocks.push(Block::Paragraph(note.to_owned()));
    }
    blocks
}

fn heading(by: &str) -> &str {
    match by {
        "ship_mode" => "way to ship",
        "age" => "age (new: no older than 30 days when shown)",
        "place" => "how it came to its place",
        by => by,
    }
}

fn plural(by: &str) -> String {
    match by {
        "category" => "categories".to_owned(),
        by => format!("{by}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        report::{html, markdown, terminal},
        terminal::Output,
    };

    fn report() -> v1::ReportExposureResponse {
        let group = |name: &str, impressions| v1::ExposedGroup {
            name: name.to_owned(),
            items: 4,
            shown: 2,
            impressions,
        };
        v1::ReportExposureResponse {
            impressions: 101,
            gone: 1,
            parts: vec![v1::ExposureBy {
                by: "seller".to_owned(),
                groups: vec![group("<b>茶莊</b>", 75), group("", 25)],
                groups_total: 3,
                gini: 0.5,
                lorenz: (0..=100)
                    .map(|part| f64::from(part * part) / 10_000.0)
                    .collect(),
            }],
            promises: vec![
                v1::PromisedExposure {
                    pool: "gems".to_owned(),
                    promised: 0.2,
                    held: 0.25,
                },
                v1::PromisedExposure {
                    pool: "local".to_owned(),
                    promised: 0.2,
                    held: 0.1,
                },
            ],
            ..Default::default()
        }
    }

    #[test]
    fn every_form_has_the_shares_the_verdicts_and_the_curve() {
        let document = document("hk", &report());
        let page = html::page(&document);
        assert!(page.contains("&lt;b&gt;茶莊") && !page.contains("<b>茶莊"));
        assert!(page.contains("<svg") && page.contains("Gini 0.500"));
        let told = terminal::text(&document, &Output::with_width(120));
        for text in [&page, &markdown::text(&document), &told] {
            for wanted in ["75.00 %", "NOT held", "19.00 %", "1 more were shown less"] {
                assert!(text.contains(wanted), "{wanted}: {text}");
            }
        }
        assert!(
            told.contains("● sellers, Gini 0.500   · all alike"),
            "{told}"
        );
    }

    #[test]
    fn a_report_of_nothing_says_so() {
        let empty = v1::ReportExposureResponse::default();
        let document = document("hk", &empty);
        assert!(document.facts[0].starts_with("0 impressions") && document.sections.is_empty());
    }
}
