//! The rejects file: what was refused, where and why, as tab-separated values.

use std::{
    fs::{File, OpenOptions},
    io::{self, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use super::item::Refusal;

const HEADER: &str = "file\tline\tid\tfield\treason\n";

/// A rejects file; it exists only once something was refused.
#[derive(Debug)]
pub struct Rejects {
    path: PathBuf,
    file: Option<File>,
    bytes: u64,
}

impl Rejects {
    /// Goes on after the first `keep_bytes` bytes of an earlier run; with 0 an old file is removed.
    ///
    /// # Errors
    /// The file cannot be opened, cut or removed.
    pub fn open(path: &Path, keep_bytes: u64) -> io::Result<Self> {
        let mut rejects = Self {
            path: path.to_owned(),
            file: None,
            bytes: 0,
        };
        if keep_bytes == 0 {
            return match std::fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(rejects),
            };
        }
        let mut file = OpenOptions::new()
            .create(true)
            .write(true)
            .truncate(false)
            .open(path)?;
        rejects.bytes = keep_bytes.min(file.metadata()?.len());
        file.set_len(rejects.bytes)?;
        file.seek(SeekFrom::End(0))?;
        rejects.file = Some(file);
        Ok(rejects)
    }

    /// Adds refusals of one catalogue file, by line.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn add(&mut self, file: &Path, refusals: &[(u64, Refusal)]) -> io::Result<()> {
        if refusals.is_empty() {
            return Ok(());
        }
        let mut text = if self.bytes == 0 {
            HEADER.to_owned()
        } else {
            String::new()
        };
        let name = file.display().to_string();
        for (line, refusal) in refusals {
            let line = line.to_string();
            let cells = [
                &name,
                &line,
                &refusal.item_id,
                &refusal.field,
                &refusal.reason,
            ];
            text.push_str(&cells.map(|cell| one_cell(cell)).join("\t"));
            text.push('\n');
        }
        let out = match &mut self.file {
            Some(out) => out,
            None => self.file.insert(File::create(&self.path)?),
        };
        out.write_all(text.as_bytes())?;
        self.bytes += text.len() as u64;
        Ok(())
    }

    /// Length of the file, bytes.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

fn one_cell(text: &str) -> String {
    text.replace(['\t', '\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(reason: &str) -> Refusal {
        Refusal {
            item_id: "1".into(),
            field: "item.titles".into(),
            reason: reason.into(),
        }
    }

    #[test]
    fn lines_hold_five_cells_and_a_later_run_goes_on() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("rejects.tsv");
        let mut rejects = Rejects::open(&path, 0).unwrap();
        rejects.add(Path::new("a.jsonl"), &[]).unwrap();
        assert!(!path.exists());
        rejects
            .add(Path::new("a.jsonl"), &[(3, refusal("a\tb\nc"))])
            .unwrap();
        let kept = rejects.bytes();
        rejects
            .add(Path::new("a.jsonl"), &[(4, refusal("lost"))])
            .unwrap();
        drop(rejects);

        let mut rejects = Rejects::open(&path, kept).unwrap();
        rejects
            .add(Path::new("a.jsonl"), &[(5, refusal("kept"))])
            .unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let expected = "file\tline\tid\tfield\treason\n\
                        a.jsonl\t3\t1\titem.titles\ta b c\na.jsonl\t5\t1\titem.titles\tkept\n";
        assert_eq!(text, expected);
        assert_eq!(rejects.bytes(), text.len() as u64);
        drop(rejects);
        Rejects::open(&path, 0).unwrap();
        assert!(!path.exists());
    }
}
