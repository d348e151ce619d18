//! Glyphs that shops write for another one: `dictionaries/common/shop_glyphs.tsv`.

use std::error::Error;
use std::fs;
use std::path::Path;

/// From the folder of the package.
const FILE: &str = "../dictionaries/common/shop_glyphs.tsv";

/// A glyph, and the usual one that it is written for.
pub struct ShopGlyph {
    pub glyph: char,
    pub usual: char,
}

/// Reads the table; a line that cannot be used is named.
pub fn read() -> Result<Vec<ShopGlyph>, Box<dyn Error>> {
    let text = fs::read_to_string(Path::new(FILE)).map_err(|error| format!("{FILE}: {error}"))?;
    let lines = text.lines().enumerate();
    let mut rows = lines.filter(|(_, line)| !line.starts_with('#') && !line.is_empty());
    let header = rows.next().map(|(_, line)| line);
    if header != Some("usual\tglyphs\tsource") {
        return Err(format!("{FILE}: the header is not usual, glyphs, source").into());
    }
    let mut found = Vec::new();
    for (number, line) in rows {
        let wrong = || {
            format!(
                "{FILE}:{}: want single characters, with | between",
                number + 1
            )
        };
        let mut cells = line.split('\t');
        let (usual, glyphs) = cells.next().zip(cells.next()).ok_or_else(wrong)?;
        let usual = single(usual).ok_or_else(wrong)?;
        for glyph in glyphs.split('|') {
            let glyph = single(glyph).ok_or_else(wrong)?;
            found.push(ShopGlyph { glyph, usual });
        }
    }
    Ok(found)
}

fn single(text: &str) -> Option<char> {
    let mut characters = text.chars();
    characters.next().filter(|_| characters.next().is_none())
}
