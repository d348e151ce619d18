//! `sampan judge agree`

use std::path::PathBuf;

use anyhow::Context as _;

use crate::{
    evaluate::judging::{
        agreement::{Agreement, agreement},
        record::Record,
    },
    report::{Block, Cell, Document, Table, files::ReportFiles, terminal},
    terminal::Output,
};

/// How far two judges agree beyond chance, and of what they think otherwise.
#[derive(Debug, clap::Args)]
pub struct AgreeArguments {
    /// Judgements of both.
    #[arg(value_name = "JUDGED.tsv")]
    record: PathBuf,
    /// The two judges; comma-separated.
    #[arg(
        long,
        value_delimiter = ',',
        num_args = 2,
        required = true,
        value_name = "A,B"
    )]
    judges: Vec<String>,
    /// Write TREC qrels of all judges: the middle grade, the lower of two.
    #[arg(long, value_name = "OUT.tsv")]
    qrels: Option<PathBuf>,
    #[command(flatten)]
    files: ReportFiles,
}

pub fn run(arguments: &AgreeArguments, output: &Output) -> anyhow::Result<()> {
    let record = Record::open(&arguments.record)?;
    let [one, other] = &arguments.judges[..] else {
        anyhow::bail!("--judges: want two names");
    };
    let found = agreement(&record.judgements, [one, other]);
    let found =
        found.with_context(|| format!("{one} and {other} have judged no item in common"))?;
    if let Some(path) = &arguments.qrels {
        std::fs::write(path, record.qrels()).with_context(|| path.display().to_string())?;
    }
    let document = document(&found);
    arguments.files.write(&document)?;
    if output.is_json() {
        return output.value(&serde_json::to_value(&found)?);
    }
    Ok(output.line(&terminal::text(&document, output))?)
}

fn document(found: &Agreement) -> Document {
    let [one, other] = &found.judges;
    let number =
        |kappa: Option<f64>| kappa.map_or("not defined".to_owned(), |kappa| format!("{kappa:.4}"));
    let mut document = Document {
        title: format!("Agreement of {one} and {other}"),
        facts: vec![
            format!(
                "{} items judged by both, {:.1} % alike",
                found.items,
                found.agreed * 100.0
            ),
            format!(
                "Cohen's kappa {}; weighted (squared distance) {}",
                number(found.kappa),
                number(found.weighted_kappa)
            ),
        ],
        sections: Vec::new(),
    };
    let mut columns = vec![format!("{one} ↓ {other} →")];
    columns.extend((0..found.table.len()).map(|grade| format!(">{grade}")));
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let rows = found.table.iter().enumerate().map(|(grade, row)| {
        let mut cells = vec![Cell::count(grade)];
        cells.extend(row.iter().map(|count| Cell::count(*count)));
        cells
    });
    document.add(
        "Grades",
        vec![Block::Table(Table::new(&columns).with(rows))],
    );
    let (of_one, of_other) = (format!(">{one}"), format!(">{other}"));
    let rows = found.disagreements.iter().map(|its| {
        let [one, other] = its.grades.map(|grade| Cell::count(grade.into()));
        vec![
            its.query.clone().into(),
            its.item.clone().into(),
            one,
            other,
        ]
    });
    let table = Table::long(&["query", "item", &of_one, &of_other]).with(rows);
    if !table.rows.is_empty() {
        document.add("Otherwise", vec![Block::Table(table)]);
    }
    document
}
