//! Generated items in a file, so that neither generating them nor keeping them disturbs what is measured.

use std::{
    fs::File,
    io::{BufReader, BufWriter, Read as _, Write as _},
    path::Path,
};

use prost::Message as _;
use rayon::prelude::*;
use sampan_analyzers::Analyzer;
use sampan_proto::v1;
use sampan_tools::generate::Generator;

use crate::Outcome;

/// The items of every run.
const SEED: u64 = 1;
/// Items generated at a time.
const BLOCK_ITEMS: u64 = 20_000;

/// Items `0..count`, always the same.
pub fn generate(analyzer: &Analyzer, count: u64) -> Outcome<Vec<v1::Item>> {
    let generator = Generator::new(analyzer, SEED)?;
    Ok((0..count)
        .map(|number| generator.item(number))
        .collect::<Result<_, _>>()?)
}

/// Writes items `0..count`, each as its length (four bytes, little-endian) and its message.
pub fn write(analyzer: &Analyzer, count: u64, path: &Path) -> Outcome<()> {
    let generator = Generator::new(analyzer, SEED)?;
    let mut file = BufWriter::new(File::create(path)?);
    for first in (0..count).step_by(BLOCK_ITEMS as usize) {
        let numbers = first..(first + BLOCK_ITEMS).min(count);
        let encoded = numbers
            .into_par_iter()
            .map(|number| generator.item(number).map(|item| item.encode_to_vec()))
            .collect::<Result<Vec<_>, _>>()?;
        for message in encoded {
            file.write_all(&u32::try_from(message.len())?.to_le_bytes())?;
            file.write_all(&message)?;
        }
    }
    Ok(file.flush()?)
}

/// Calls `each` with every batch of at most `size` items, in the order in which they were written.
pub fn each_batch(
    path: &Path,
    size: usize,
    each: &mut dyn FnMut(Vec<v1::Item>) -> Outcome<()>,
) -> Outcome<()> {
    let mut file = BufReader::with_capacity(1 << 20, File::open(path)?);
    let mut left = file.get_ref().metadata()?.len();
    let mut message = Vec::new();
    let mut batch = Vec::with_capacity(size);
    while left > 0 {
        let mut length = [0; 4];
        file.read_exact(&mut length)?;
        message.resize(u32::from_le_bytes(length) as usize, 0);
        file.read_exact(&mut message)?;
        left -= (length.len() + message.len()) as u64;
        batch.push(v1::Item::decode(message.as_slice())?);
        if batch.len() == size || left == 0 {
            each(std::mem::replace(&mut batch, Vec::with_capacity(size)))?;
        }
    }
    Ok(())
}
