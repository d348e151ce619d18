//! Judged queries.

use crate::{
    evaluate::{
        judgements::Query,
        metrics::Measure,
        report::{Report, Row},
        run::Run,
        slices::Slice,
    },
    report::{Block, Cell, Document, ResultLine, ResultList, SideBySide, Table},
};

/// Queries whose lists are shown: those with the lowest nDCG@10, which are to be looked at.
const LISTS: usize = 200;
/// Hits of a list.
pub const HITS: usize = 10;

/// The report. `runs`: as the report's rows, in their order. `line`: an item of a run's list (by its place) for a query.
pub fn document(
    report: &Report,
    runs: &[(&str, &Run)],
    line: &dyn Fn(usize, &Query, &str) -> ResultLine,
) -> Document {
    let mut document = Document {
        title: format!("Search from {}", report.region),
        facts: vec![
            format!(
                "{} items ({} refused), {} queries, {} of them without a relevant judgement, depth {}",
                report.items, report.refused, report.queries, report.unjudged_queries, report.depth
            ),
            format!(
                "{} relevant documents are not in the catalogue",
                report.relevant_missing
            ),
        ],
        sections: Vec::new(),
    };
    document.add("Summary", vec![Block::Table(summary(report))]);
    if !report.slices.is_empty() {
        document.add("Slices", vec![Block::Table(slices(&report.slices))]);
    }
    document.add("Queries", queries(report, runs, line));
    document
}

fn summary(report: &Report) -> Table {
    let mut columns = vec![String::new()];
    columns.extend(report.rows.iter().map(|row| format!(">{}", row.name)));
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let line = |name: &str, value: &dyn Fn(&Row) -> Cell| {
        let mut cells = vec![Cell::from(name)];
        cells.extend(report.rows.iter().map(value));
        cells
    };
    let measures = Measure::ALL.map(|measure| {
        line(measure.name(), &|row| {
            Cell::figure(row.measures.of(measure))
        })
    });
    let millis = |millis: f64| Cell::number(millis, format!("{millis:.3}"));
    Table::new(&columns).with(measures).with([
        line("zero results", &|row| Cell::figure(row.zero_result_rate)),
        line("p50 ms", &|row| millis(row.latency_p50_ms)),
        line("p99 ms", &|row| millis(row.latency_p99_ms)),
    ])
}

fn slices(slices: &[Slice]) -> Table {
    let columns = [
        "by",
        "",
        ">queries",
        ">judged",
        ">nDCG@10",
        ">95 %",
        ">MRR@10",
        ">recall@10",
        ">zero results",
    ];
    let row = |slice: &Slice| {
        let mut cells = vec![
            slice.dimension.into(),
            slice.name.clone().into(),
            Cell::count(slice.queries),
            Cell::count(slice.judged),
        ];
        match slice.ndcg_interval {
            Some((low, high)) => cells.extend([
                Cell::figure(slice.measures.ndcg_10),
                format!("{low:.4} … {high:.4}").into(),
                Cell::figure(slice.measures.mrr_10),
                Cell::figure(slice.measures.recall_10),
            ]),
            None => cells.extend([(); 4].map(|()| Cell::from("–"))),
        }
        cells.push(Cell::figure(slice.zero_result_rate));
        cells
    };
    Table::new(&columns).with(slices.iter().map(row))
}

fn queries(
    report: &Report,
    runs: &[(&str, &Run)],
    line: &dyn Fn(usize, &Query, &str) -> ResultLine,
) -> Vec<Block> {
    let Some((_, first)) = runs.first() else {
        return Vec::new();
    };
    let ndcg = |run: &Run, place: usize| Some(run.answers.get(place)?.measures?.ndcg_10);
    let mut order: Vec<usize> = (0..first.answers.len()).collect();
    // Queries that are not judged come last.
    let key = |place: &usize| ndcg(first, *place).unwrap_or(f64::INFINITY);
    order.sort_by(|a, b| key(a).total_cmp(&key(b)));
    let mut columns = vec!["query".to_owned()];
    columns.extend(
        report
            .rows
            .iter()
            .map(|row| format!(">nDCG@10, {}", row.name)),
    );
    columns.push(">found".to_owned());
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let rows = order.iter().enumerate().map(|(shown, place)| {
        let answer = &first.answers[*place];
        let leads_to = if shown < LISTS {
            format!("q{place}")
        } else {
            String::new()
        };
        let mut cells = vec![Cell {
            leads_to,
            ..Cell::from(&*answer.query.text)
        }];
        let figures = runs
            .iter()
            .map(|(_, run)| ndcg(run, *place).map_or_else(|| "–".into(), Cell::figure));
        cells.extend(figures);
        cells.push(Cell::count(answer.ranked.len()));
        cells
    });
    let mut blocks = vec![Block::Table(Table::long(&columns).with(rows))];
    blocks.extend(order.iter().take(LISTS).map(|place| {
        let list = |(of, (name, run)): (usize, &(&str, &Run))| {
            let answer = run.answers.get(*place)?;
            let ids = answer.ranked.iter().take(HITS);
            let name = report.rows.get(of).map_or(*name, |row| &row.name);
            Some(ResultList {
                name: name.to_owned(),
                lines: ids.map(|(id, _)| line(of, &answer.query, id)).collect(),
            })
        };
        let note = ndcg(first, *place).map_or_else(
            || "not judged".to_owned(),
            |ndcg| format!("nDCG@10 {ndcg:.4}"),
        );
        Block::Lists(SideBySide {
            anchor: format!("q{place}"),
            title: first.answers[*place].query.text.clone(),
            note,
            reasons: Vec::new(),
            lists: runs.iter().enumerate().filter_map(list).collect(),
        })
    }));
    blocks
}
