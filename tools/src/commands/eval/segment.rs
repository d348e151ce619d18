//! `sampan eval segment`

use std::{path::PathBuf, process::ExitCode};

use crate::{
    commands::dict::bar,
    evaluate::language::segmentation::{self, JiebaAlone, SegmentationReport},
    terminal::{Output, segmented},
};

/// Cut sentences into words, and measure the words against how people cut them.
///
/// Precision, recall and F1 of words, with an interval of a bootstrap over sentences, beside jieba over its own dictionary
/// (text converted to its script, unknown words guessed); recall by the kind of word; and what is cut otherwise most often.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A file has one sentence a line, with white space between words; the white space is taken out before the sentence is cut.
\"In the lexicon\" are words of Han characters that the dictionaries know.

Examples:
  sampan eval segment ud_cantonese_hk.dev.txt hkcancor.dev.txt
  sampan eval segment gold.txt --show 30                    # what is cut otherwise, the most frequent first
  sampan eval segment gold.txt --dictionaries ./dictionaries
  sampan --json eval segment gold.txt | jq '.[0].rows'")]
pub struct SegmentArguments {
    /// Sentences that people have cut.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Cuts that differ, and worst sentences, that are shown of each file.
    #[arg(long, value_name = "COUNT", default_value_t = 5)]
    show: usize,
    /// Folder with dictionaries, to see the effect of an edit. Default: those built into this binary.
    #[arg(long, value_name = "FOLDER")]
    dictionaries: Option<PathBuf>,
}

pub fn run(arguments: &SegmentArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let analyzer = super::analyzer(arguments.dictionaries.as_deref())?;
    let jieba = JiebaAlone::new(&analyzer)?;
    let mut reports: Vec<(String, SegmentationReport)> = Vec::new();
    for path in &arguments.files {
        let sentences = segmentation::read(path)?;
        let bar = bar(sentences.len());
        let mut each = || bar.inc(1);
        let report =
            segmentation::measure(&sentences, &analyzer, &jieba, arguments.show, &mut each);
        bar.finish_and_clear();
        reports.push((super::file_name(path), report));
    }
    if output.is_json() {
        output.value(&super::by_file(&reports)?)?;
    } else {
        output.line(&segmented::text(&reports, output))?;
    }
    Ok(ExitCode::SUCCESS)
}
