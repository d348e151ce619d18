//! Standard output: its width, whether it may be styled, and whether it wants JSON.

use std::{
    env,
    io::{self, IsTerminal, Write},
};

use prost::Message;

use super::json;

/// Whether text is written for people or for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Tables,
    Json,
}

/// Where and how a command writes its results.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    form: Form,
    styled: bool,
    /// Columns; none when unknown, and lines may be as long as they are.
    width: Option<u16>,
}

impl Output {
    /// Output to this process's standard output. `NO_COLOR` and pipes turn styles off; `COLUMNS` sets the width of a
    /// pipe.
    pub fn standard(form: Form) -> Self {
        let terminal = io::stdout().is_terminal();
        let no_color = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let columns = env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
        let measured = comfy_table::Table::new().width();
        Self {
            form,
            styled: terminal && !no_color,
            width: measured.or(columns).filter(|columns| *columns > 0),
        }
    }

    /// Tables of a given width, without styles.
    #[cfg(test)]
    pub fn with_width(width: u16) -> Self {
        Self {
            form: Form::Tables,
            styled: false,
            width: Some(width),
        }
    }

    pub fn is_json(&self) -> bool {
        self.form == Form::Json
    }

    pub fn is_styled(&self) -> bool {
        self.styled
    }

    pub fn width(&self) -> Option<u16> {
        self.width
    }

    /// Writes a text and a line end.
    ///
    /// # Errors
    /// Standard output is closed or full.
    pub fn line(&self, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())?;
        out.write_all(b"\n")
    }

    /// Writes a message of the contract as one JSON document.
    ///
    /// # Errors
    /// Standard output is closed or full, or `name` is no message of the contract.
    pub fn message(&self, name: &str, message: &impl Message) -> anyhow::Result<()> {
        Ok(self.line(&json::pretty(&json::value(name, message)?)?)?)
    }

    /// Writes a JSON value.
    ///
    /// # Errors
    /// Standard output is closed or full.
    pub fn value(&self, value: &serde_json::Value) -> anyhow::Result<()> {
        Ok(self.line(&json::pretty(value)?)?)
    }
}
