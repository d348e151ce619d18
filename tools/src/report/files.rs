//! Where a report is written to.

use std::{fs, path::PathBuf};

use anyhow::Context as _;

use super::{Document, html, markdown};

/// Files that a command writes its report to.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct ReportFiles {
    /// Write the report as one HTML page that needs nothing else.
    #[arg(long, value_name = "OUT.html")]
    html: Option<PathBuf>,
    /// Write the report as Markdown.
    #[arg(long, value_name = "OUT.md")]
    markdown: Option<PathBuf>,
}

impl ReportFiles {
    /// Whether any is wanted.
    pub fn are_wanted(&self) -> bool {
        self.html.is_some() || self.markdown.is_some()
    }

    /// Writes those that are wanted.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn write(&self, document: &Document) -> anyhow::Result<()> {
        if let Some(path) = &self.html {
            fs::write(path, html::page(document)).with_context(|| path.display().to_string())?;
        }
        if let Some(path) = &self.markdown {
            fs::write(path, markdown::text(document))
                .with_context(|| path.display().to_string())?;
        }
        Ok(())
    }
}
