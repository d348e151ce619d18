//! Commands that turn each line of standard input into one line of output.

use std::io::{self, BufRead as _, BufWriter, Write as _};

/// Writes one output line an input line. Line ends (LF or CRLF) are not part of the line.
///
/// # Errors
/// Standard input is not UTF-8, standard output is closed, or `turn` fails.
pub fn each(mut turn: impl FnMut(&str) -> anyhow::Result<String>) -> anyhow::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let line = turn(&line?)?;
        out.write_all(line.as_bytes())?;
        out.write_all(b"\n")?;
    }
    Ok(out.flush()?)
}
