//! OpenCC at build time: converts the lexicon, and lists its data files for embedding.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use opencc_rust::OpenCC;

/// Rust source of `OPENCC_FILES: &[(name, bytes)]`, in name order.
pub fn bundle_source(data: &Path) -> Result<String, Box<dyn Error>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(data)? {
        let name = entry?
            .file_name()
            .into_string()
            .map_err(|_| "odd file name")?;
        if name.ends_with(".json") || name.ends_with(".ocd2") {
            names.push(name);
        }
    }
    names.sort();
    let mut source = String::from("pub static OPENCC_FILES: &[(&str, &[u8])] = &[\n");
    for name in &names {
        let path = fs::canonicalize(data.join(name))?;
        writeln!(source, "    ({name:?}, include_bytes!({path:?})),")?;
    }
    source.push_str("];\n");
    Ok(source)
}

/// The conversions that the lexicon needs.
pub struct Converters {
    pub s2t: OpenCC,
    pub t2s: OpenCC,
    pub t2hk: OpenCC,
    pub t2tw: OpenCC,
    pub hk2t: OpenCC,
    pub tw2t: OpenCC,
}

impl Converters {
    pub fn open(data: &Path) -> Result<Self, Box<dyn Error>> {
        let open = |name: &str| {
            OpenCC::new(data.join(format!("{name}.json")))
                .map_err(|error| format!("{name}: {error}"))
        };
        Ok(Self {
            s2t: open("s2t")?,
            t2s: open("t2s")?,
            t2hk: open("t2hk")?,
            t2tw: open("t2tw")?,
            hk2t: open("hk2t")?,
            tw2t: open("tw2t")?,
        })
    }
}

/// Converts many words in one call: a line each, which OpenCC keeps apart.
pub fn convert_lines(converter: &OpenCC, words: &[&str]) -> Result<Vec<String>, Box<dyn Error>> {
    let converted = converter.convert(words.join("\n"))?;
    let lines: Vec<String> = converted.split('\n').map(str::to_owned).collect();
    if lines.len() != words.len() {
        return Err("OpenCC changed the number of lines".into());
    }
    Ok(lines)
}
