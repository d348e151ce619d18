//! From a tiny package, made here, to vectors.

use std::io::{Cursor, Write};

use prost::Message;
use sampan_analyzers::{Analyzer, DictionaryFiles};
use sampan_engine::encode::Encoder;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{
    assemble,
    package::{self, Package, PackageError},
    sentencepiece::{NormalizerSpec, SentencePiece, SentencePieceModel},
};

/// Width of every layer.
const WIDTH: usize = 64;

/// Pieces behind the marks. 餃 and 饺 are unknown, and of 檸 and 柠 only one is known.
const PIECES: [&str; 8] = ["▁", "▁dumpling", "檸", "橙", "холод", "子", "dump", "s"];

fn vocabulary() -> Vec<u8> {
    let piece = |text: &str, kind, score| SentencePiece {
        piece: Some(text.to_owned()),
        score: Some(score),
        kind: Some(kind),
    };
    let marks = [("<unk>", 2), ("<s>", 3), ("</s>", 3)].map(|(text, kind)| piece(text, kind, 0.0));
    let texts = PIECES.map(|text| piece(text, 1, -2.0));
    let model = SentencePieceModel {
        pieces: marks.into_iter().chain(texts).collect(),
        normalizer: Some(NormalizerSpec {
            // A map of nothing: a trie of no bytes.
            precompiled_charsmap: Some(vec![0; 4]),
        }),
    };
    model.encode_to_vec()
}

fn array(kind: &str, shape: &[usize], bytes: &[u8]) -> Vec<u8> {
    let shape: String = shape.iter().map(|length| format!("{length}, ")).collect();
    let header = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': ({shape}), }}\n");
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    file.extend((header.len() as u16).to_le_bytes());
    file.extend(header.as_bytes());
    file.extend(bytes);
    file
}

fn reals(shape: &[usize], of: impl Fn(usize) -> f32) -> Vec<u8> {
    let count = shape.iter().product();
    let bytes: Vec<u8> = (0..count)
        .flat_map(|place| of(place).to_le_bytes())
        .collect();
    array("<f4", shape, &bytes)
}

/// Weights as the package has them: whole multiples of a scale, up to 127 of them.
fn weights(inputs: usize) -> Vec<u8> {
    reals(&[inputs, WIDTH], |place| {
        ((place * 31 % 255) as f32 - 127.0) * 0.004
    })
}

/// The package's arrays. `matrix`: what `d0` is.
fn arrays(matrix: Vec<u8>) -> Vec<u8> {
    let rows = (3 + PIECES.len()).div_ceil(2);
    let codes = |by: usize| {
        let bytes: Vec<u8> = (0..rows * WIDTH)
            .map(|place| (place * by % 64) as u8)
            .collect();
        array("|u1", &[rows, WIDTH], &bytes)
    };
    let mut files = vec![
        ("q1".to_owned(), codes(7)),
        ("q2".to_owned(), codes(11)),
        ("scale".to_owned(), reals(&[2], |_| 0.1)),
        ("lo".to_owned(), reals(&[2], |_| -3.0)),
        ("eps".to_owned(), array("<f8", &[], &1e-12f64.to_le_bytes())),
        ("cnn_W".to_owned(), weights(4 * WIDTH)),
        ("cnn_b".to_owned(), reals(&[WIDTH], |_| 0.1)),
        ("ln_g".to_owned(), reals(&[4 * WIDTH], |_| 1.0)),
        ("ln_b".to_owned(), reals(&[4 * WIDTH], |_| 0.0)),
        ("d0".to_owned(), matrix),
    ];
    for width in [2, 3, 5] {
        files.push((format!("proj{width}"), weights(WIDTH)));
        files.push((format!("w1_{width}"), weights(width * WIDTH)));
        files.push((format!("w2_{width}"), weights(width * WIDTH)));
        for (name, middle) in [
            ("proj_b", 0.0),
            ("ln_g", 1.0),
            ("ln_b", 0.0),
            ("b1_", 0.1),
            ("b2_", 0.2),
        ] {
            files.push((format!("{name}{width}"), reals(&[WIDTH], |_| middle)));
        }
    }
    for name in ["p1", "d1", "d2", "p3", "d3"] {
        files.push((name.to_owned(), weights(WIDTH)));
    }
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive
            .start_file(format!("{name}.npy"), SimpleFileOptions::default())
            .expect("a file");
        archive.write_all(&bytes).expect("its bytes");
    }
    archive.finish().expect("an archive").into_inner()
}

fn package(matrix: Vec<u8>) -> Package {
    Package {
        vocabulary: vocabulary(),
        weights: arrays(matrix),
    }
}

fn analyzer() -> Analyzer {
    Analyzer::build(&DictionaryFiles::embedded()).expect("an analyser")
}

#[test]
fn a_package_becomes_an_encoder() {
    let assembled = assemble(package(weights(WIDTH)), &analyzer()).expect("a model");
    assert_eq!(assembled.pieces_of_package, 3 + PIECES.len());
    // Without холод, and without texts for the marks.
    let kept: Vec<&str> = assembled
        .parts
        .pieces
        .iter()
        .map(|piece| piece.text.as_str())
        .collect();
    assert_eq!(
        kept,
        ["", "", "", "▁", "▁dumpling", "檸", "橙", "子", "dump", "s"]
    );
    let folder = tempfile::TempDir::new().expect("a folder");
    let path = folder.path().join("model.encoder");
    assembled.parts.write(&path).expect("a file");
    let encoder = Encoder::open(&path).expect("an encoder");
    assert_eq!(encoder.dimensions(), WIDTH);
    // Both scripts' forms are one; a word with an unknown character is the one that is known.
    assert_eq!(encoder.encode(&["柠橙"]), encoder.encode(&["檸橙"]));
    assert_eq!(encoder.count_pieces("柠").unknown, 0);
    assert_eq!(encoder.count_pieces("餃子").unknown, 0);
    assert_eq!(encoder.count_pieces("餃").unknown, 1);
    assert_ne!(encoder.encode(&["橙"]), encoder.encode(&["檸"]));
}

#[test]
fn a_package_of_other_weights_is_refused() {
    let refused = |matrix| match assemble(package(matrix), &analyzer()) {
        Err(PackageError::Content(reason)) => reason,
        _ => panic!("it was not refused"),
    };
    let fractions = reals(&[WIDTH, WIDTH], |place| (place as f32).sqrt());
    assert!(refused(fractions).contains("d0"));
    assert!(refused(array("<f8", &[1], &[0; 8])).contains("d0"));
    let short = array("<f4", &[WIDTH, WIDTH], &[0; 8]);
    assert!(refused(short).contains("d0"));
}

#[test]
fn another_wheel_is_refused_by_its_hash() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let path = folder.path().join("other.whl");
    std::fs::write(&path, b"PK").expect("a file");
    assert!(matches!(
        package::open(&path),
        Err(PackageError::WrongHash { .. })
    ));
    assert!(matches!(
        package::open(&folder.path().join("missing.whl")),
        Err(PackageError::Io { .. })
    ));
}
