//! The table and the JSON of an evaluation.

use std::{
    collections::HashMap,
    fs::File,
    io::{self, BufWriter, Write as _},
    path::Path,
};

use serde::Serialize;

use super::{
    metrics::{Judged, Measure, Measures},
    run::Run,
    slices::Slice,
};
use crate::terminal::{
    Output,
    table::{Align, table},
};

/// One engine's figures.
#[derive(Debug, Serialize)]
pub struct Row {
    pub name: String,
    #[serde(flatten)]
    pub measures: Measures,
    pub zero_result_rate: f64,
    pub latency_p50_ms: f64,
    pub latency_p99_ms: f64,
}

impl Row {
    pub fn of(name: &str, run: &Run) -> Self {
        Self {
            name: name.to_owned(),
            measures: run.measures(),
            zero_result_rate: run.zero_result_rate(),
            latency_p50_ms: run.latency_ms(0.50),
            latency_p99_ms: run.latency_ms(0.99),
        }
    }
}

/// What was evaluated, and how it came out.
#[derive(Debug, Serialize)]
pub struct Report {
    pub region: String,
    pub depth: usize,
    pub items: usize,
    /// Lines or items that were refused.
    pub refused: usize,
    pub queries: usize,
    /// Queries without a relevant judgement; they count for latency and zero results only.
    pub unjudged_queries: usize,
    /// Relevant documents that the catalogue does not hold.
    pub relevant_missing: usize,
    pub rows: Vec<Row>,
    /// Of the first row, when kinds of queries are asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub slices: Vec<Slice>,
}

/// The report for people: a line a measure, a column an engine.
pub fn text(report: &Report, output: &Output) -> String {
    let mut columns = vec![("", Align::Left)];
    columns.extend(report.rows.iter().map(|row| (&*row.name, Align::Right)));
    let line = |name: &str, value: &dyn Fn(&Row) -> String| {
        let mut cells = vec![name.to_owned()];
        cells.extend(report.rows.iter().map(value));
        cells
    };
    let measures = Measure::ALL.into_iter().map(|measure| {
        line(measure.name(), &|row| {
            format!("{:.4}", row.measures.of(measure))
        })
    });
    let mut lines: Vec<Vec<String>> = measures.collect();
    lines.push(line("zero results", &|row| {
        format!("{:.4}", row.zero_result_rate)
    }));
    lines.push(line("p50 ms", &|row| format!("{:.3}", row.latency_p50_ms)));
    lines.push(line("p99 ms", &|row| format!("{:.3}", row.latency_p99_ms)));
    let mut text = table(&columns, lines, output);
    text.push_str(&format!(
        "\n\n{} items ({} refused), {} queries from {}, depth {}",
        report.items, report.refused, report.queries, report.region, report.depth
    ));
    if report.unjudged_queries > 0 {
        let unjudged = report.unjudged_queries;
        text.push_str(&format!(
            "\n{unjudged} queries have no relevant judgement and are not measured"
        ));
    }
    if report.relevant_missing > 0 {
        let missing = report.relevant_missing;
        text.push_str(&format!(
            "\n{missing} relevant documents are not in the catalogue"
        ));
    }
    if !report.slices.is_empty() {
        text.push_str("\n\n");
        text.push_str(&sliced(&report.slices, output));
    }
    text
}

fn sliced(slices: &[Slice], output: &Output) -> String {
    const COLUMNS: [(&str, Align); 9] = [
        ("by", Align::Left),
        ("", Align::Left),
        ("queries", Align::Right),
        ("judged", Align::Right),
        ("nDCG@10", Align::Right),
        ("95 %", Align::Right),
        ("MRR@10", Align::Right),
        ("recall@10", Align::Right),
        ("zero results", Align::Right),
    ];
    let row = |slice: &Slice| {
        let mut cells = vec![
            slice.dimension.to_owned(),
            slice.name.clone(),
            slice.queries.to_string(),
            slice.judged.to_string(),
        ];
        match slice.ndcg_interval {
            Some((low, high)) => cells.extend([
                format!("{:.4}", slice.measures.ndcg_10),
                format!("{low:.4} … {high:.4}"),
                format!("{:.4}", slice.measures.mrr_10),
                format!("{:.4}", slice.measures.recall_10),
            ]),
            None => cells.extend([(); 4].map(|()| "–".to_owned())),
        }
        cells.push(format!("{:.4}", slice.zero_result_rate));
        cells
    };
    table(&COLUMNS, slices.iter().map(row).collect(), output)
}

/// Writes one line a query, with the measures of each run, for looking at what changed.
///
/// # Errors
/// The file cannot be written.
pub fn write_per_query(
    path: &Path,
    runs: &[(&str, &Run)],
    judged: &HashMap<String, Judged>,
) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    write!(out, "query\ttext\trelevant")?;
    for (name, _) in runs {
        for measure in Measure::ALL {
            write!(out, "\t{name}_{}", measure.key())?;
        }
        write!(out, "\t{name}_found\t{name}_first_ids")?;
    }
    writeln!(out)?;
    let Some((_, first)) = runs.first() else {
        return out.flush();
    };
    for (index, answer) in first.answers.iter().enumerate() {
        let relevant = judged.get(&answer.query.id).map_or(0, |judged| {
            judged.values().filter(|grade| **grade > 0).count()
        });
        write!(
            out,
            "{}\t{}\t{relevant}",
            answer.query.id, answer.query.text
        )?;
        for (_, run) in runs {
            let Some(answer) = run.answers.get(index) else {
                continue;
            };
            let measures = answer.measures.unwrap_or_default();
            let ids: Vec<&str> = answer
                .ranked
                .iter()
                .take(10)
                .map(|(id, _)| id.as_str())
                .collect();
            for measure in Measure::ALL {
                write!(out, "\t{:.4}", measures.of(measure))?;
            }
            write!(out, "\t{}\t{}", answer.ranked.len(), ids.join(" "))?;
        }
        writeln!(out)?;
    }
    out.flush()
}
