//! The sentence encoder: titles a second, the time of a query, and its products beside the same ones in f32.

use std::{
    hint::black_box,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use clap::Args;
use cpu_time::ThreadTime;
use ndarray::Array2;
use sampan_engine::encode::Encoder;
use sampan_tools::{demo::catalogue, model::place::ModelPlace};

use crate::{
    Outcome,
    latency::{Latencies, readable},
    machine,
    table::{Table, grouped},
    texts,
};

/// Windows of the model's convolutions.
const WINDOWS: [usize; 3] = [2, 3, 5];

/// Pieces that mark a text's begin and end.
const MARKS: usize = 2;

/// What to measure.
#[derive(Args)]
pub struct EncoderOptions {
    #[command(flatten)]
    pub model: ModelPlace,
    /// Titles, the last tab-separated field of each line. Default: those of the demo catalogue.
    #[arg(long)]
    pub titles: Option<PathBuf>,
    /// Queries, one a line. Default: the first characters of the titles.
    #[arg(long)]
    pub query_log: Option<PathBuf>,
    /// Characters of a query that is made of a title.
    #[arg(long, default_value_t = 6)]
    pub query_characters: usize,
    /// Queries at most.
    #[arg(long, default_value_t = 2_000)]
    pub queries: usize,
    /// Turns of each way; its best counts.
    #[arg(long, default_value_t = 7)]
    pub passes: usize,
}

/// Measures, and writes the tables.
pub fn run(options: &EncoderOptions) -> Outcome<String> {
    let path = options.model.path().ok_or("no encoder's file")?;
    let encoder = Encoder::open(&path).map_err(|error| format!("{error}; `sampan model fetch`"))?;
    let titles = titles(options.titles.as_deref())?;
    let queries = match &options.query_log {
        Some(path) => texts::spread(texts::read(path)?, options.queries),
        None => texts::spread(titles.clone(), options.queries)
            .iter()
            .map(|title| title.chars().take(options.query_characters).collect())
            .collect(),
    };
    Ok(format!(
        "{}\n\n{}\n{}",
        machine::describe(),
        title_table(&encoder, &titles, options.passes),
        query_table(&encoder, &queries)?
    ))
}

fn titles(path: Option<&Path>) -> Outcome<Vec<String>> {
    if let Some(path) = path {
        return texts::read(path);
    }
    let titles = catalogue::items()?.into_iter().flat_map(|item| item.titles);
    Ok(titles.map(|title| title.text).collect())
}

/// Processor time of one thread, so that neighbours count for little.
fn least_time(passes: usize, mut work: impl FnMut()) -> Duration {
    let times = (0..passes).map(|_| {
        let begun = ThreadTime::now();
        work();
        begun.elapsed()
    });
    times.min().unwrap_or_default()
}

fn title_table(encoder: &Encoder, titles: &[String], passes: usize) -> Table {
    let texts: Vec<&str> = titles.iter().map(String::as_str).collect();
    let lengths: Vec<usize> = texts
        .iter()
        .map(|text| encoder.count_pieces(text).pieces + MARKS)
        .collect();
    let count = titles.len() as f64;
    let mean = lengths.iter().sum::<usize>() as f64 / count;
    let mut table = Table::new([
        "one thread, processor time",
        "pieces a title",
        "titles/s",
        "a title",
    ]);
    let mut row = |name: &str, time: Duration| {
        table.row([
            name.to_owned(),
            format!("{mean:.1}"),
            grouped((count / time.as_secs_f64()) as u64),
            readable(time.div_f64(count)),
        ]);
    };
    let cut = || {
        texts
            .iter()
            .map(|text| encoder.count_pieces(text).pieces)
            .sum::<usize>()
    };
    row(
        "cut into pieces",
        least_time(passes, || _ = black_box(cut())),
    );
    let encode = || encoder.encode(&texts);
    row(
        "encoded, signed bytes",
        least_time(passes, || _ = black_box(encode())),
    );
    let twin = PlainTwin::new(encoder);
    let multiply = || {
        lengths
            .iter()
            .map(|pieces| twin.multiply(*pieces))
            .sum::<f32>()
    };
    row(
        "its products alone, f32",
        least_time(passes, || _ = black_box(multiply())),
    );
    table
}

fn query_table(encoder: &Encoder, queries: &[String]) -> Outcome<Table> {
    let mut latencies = [Latencies::new()?, Latencies::new()?];
    for query in queries {
        let begun = Instant::now();
        black_box(encoder.encode(&[query]));
        latencies[0].add(begun.elapsed())?;
    }
    for query in queries {
        black_box(encoder.encode_query(query));
        let begun = Instant::now();
        black_box(encoder.encode_query(query));
        latencies[1].add(begun.elapsed())?;
    }
    let mut table = Table::new(["query, wall clock", "p50", "p99", "p99.9"]);
    for (name, latencies) in ["encoded", "remembered"].into_iter().zip(&latencies) {
        let [p50, p99, p999] = latencies.cells();
        table.row([name.to_owned(), p50, p99, p999]);
    }
    Ok(table)
}

/// Matrices of the encoder's widths in f32. Their values change no time; normalisation and the rest are left out, so that
/// the twin is cheaper than an f32 encoder would be.
struct PlainTwin {
    embedding: usize,
    branch: usize,
    projection: Array2<f32>,
    /// Two of each window.
    convolutions: Vec<(usize, Array2<f32>)>,
    /// Pooling and the layers behind it.
    head: Vec<Array2<f32>>,
}

impl PlainTwin {
    fn new(encoder: &Encoder) -> Self {
        let shape = encoder.shape();
        let [embedding, branch, hidden, dimensions] = [
            shape.embedding,
            shape.branch,
            shape.hidden,
            shape.dimensions,
        ]
        .map(|n| n as usize);
        let matrix = |inputs, outputs| Array2::from_elem((inputs, outputs), 0.01);
        let features = embedding + WINDOWS.len() * branch;
        let twice = WINDOWS.into_iter().chain(WINDOWS);
        Self {
            embedding,
            branch,
            projection: matrix(embedding, WINDOWS.len() * branch),
            convolutions: twice
                .map(|window| (window, matrix(window * branch, branch)))
                .collect(),
            head: vec![
                matrix(features, dimensions),
                matrix(dimensions, hidden),
                matrix(dimensions, hidden),
                matrix(hidden, hidden),
                matrix(hidden, dimensions),
                matrix(hidden, dimensions),
                matrix(dimensions, dimensions),
            ],
        }
    }

    /// All products of a text of so many pieces; a number that depends on each, lest one be left out.
    fn multiply(&self, pieces: usize) -> f32 {
        let rows = |width| Array2::from_elem((pieces, width), 0.5);
        let mut sum = rows(self.embedding).dot(&self.projection)[[0, 0]];
        for (window, matrix) in &self.convolutions {
            sum += rows(window * self.branch).dot(matrix)[[0, 0]];
        }
        for matrix in &self.head {
            let row = Array2::<f32>::from_elem((1, matrix.nrows()), 0.5);
            sum += row.dot(matrix)[[0, 0]];
        }
        sum
    }
}
