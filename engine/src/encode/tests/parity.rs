//! The encoder beside the Python package that its weights come from, on titles of the demo catalogue. Recorded by
//! `tools/encoder_parity.py`; needs the file that `sampan model fetch` makes, and says so when it is not there.

use std::{env, path::PathBuf};

use super::super::Encoder;

const TITLES: &str = include_str!("../../../tests/data/encoder_parity/titles.txt");
const VECTORS: &[u8] = include_bytes!("../../../tests/data/encoder_parity/vectors.i8");

/// Cosine that every title must reach.
const COSINE_MIN: f32 = 0.999;

/// `SAMPAN_MODEL`, or where the file is put when nothing else is said.
fn model() -> Option<PathBuf> {
    let named = env::var_os("SAMPAN_MODEL").map(PathBuf::from);
    let data = || env::var_os("XDG_DATA_HOME").map(PathBuf::from);
    let home = || Some(PathBuf::from(env::var_os("HOME")?).join(".local/share"));
    let usual = || {
        Some(
            data()
                .or_else(home)?
                .join("sampan/use-multilingual-3.encoder"),
        )
    };
    named.or_else(usual).filter(|path| path.exists())
}

#[test]
fn titles_have_the_vectors_of_the_python_package() {
    let Some(path) = model() else {
        eprintln!("skipped: no encoder's file; `sampan model fetch` gets it");
        return;
    };
    let encoder = Encoder::open(&path).expect("an encoder");
    let titles: Vec<&str> = TITLES.lines().collect();
    let vectors = encoder.encode_as_written(&titles);
    let dimensions = encoder.dimensions();
    assert_eq!(VECTORS.len(), titles.len() * dimensions);
    let mut cosines: Vec<(f32, &str)> = titles
        .iter()
        .zip(vectors.chunks(dimensions).zip(VECTORS.chunks(dimensions)))
        .map(|(title, (vector, recorded))| {
            let recorded = recorded.iter().map(|byte| f32::from(*byte as i8));
            let (mut product, mut square) = (0.0, 0.0);
            for (real, recorded) in vector.iter().zip(recorded) {
                product += real * recorded;
                square += recorded * recorded;
            }
            (product / square.sqrt(), *title)
        })
        .collect();
    cosines.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (worst, title) = cosines[0];
    eprintln!(
        "cosine: least {worst:.5}, median {:.5}",
        cosines[cosines.len() / 2].0
    );
    assert!(worst >= COSINE_MIN, "{worst} for {title}");
}
