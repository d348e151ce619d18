use std::fs;

use super::{
    super::{
        Encoder, EncoderError,
        format::{ENCODER_FILE, Header},
    },
    synthetic,
};

/// How many bytes of the file one damage is from the next; no divisor of anything in it.
const DAMAGE_STEP: usize = 97;

#[test]
fn a_file_says_what_it_is() {
    let (_folder, path) = synthetic::file();
    let summary = Encoder::open(&path).expect("an encoder").summary();
    assert_eq!(summary.description.name, "synthetic");
    assert_eq!(summary.dimensions, 128);
    assert_eq!(summary.forms, 5);
    assert_eq!(summary.bytes, fs::metadata(&path).expect("a file").len());
}

#[test]
fn every_altered_byte_is_noticed() {
    let (folder, path) = synthetic::file();
    let whole = fs::read(&path).expect("a file");
    let altered = folder.path().join("altered.encoder");
    let header = Header::from_bytes(&ENCODER_FILE, &whole).expect("a header");
    let sections = header
        .sections
        .map(|entry| entry.offset as usize..(entry.offset + entry.length) as usize);
    for place in (0..Header::BYTES).chain((Header::BYTES..whole.len()).step_by(DAMAGE_STEP)) {
        let mut bytes = whole.clone();
        bytes[place] ^= 0x10;
        fs::write(&altered, &bytes).expect("a file");
        // Between sections are bytes that nobody reads.
        let is_read = place < Header::BYTES || sections.iter().any(|range| range.contains(&place));
        match Encoder::open(&altered) {
            Err(EncoderError::Damaged { .. }) => assert!(is_read, "byte {place}"),
            Err(other) => panic!("byte {place}: {other}"),
            Ok(_) => assert!(!is_read, "byte {place} was altered unnoticed"),
        }
    }
}

#[test]
fn a_truncated_or_missing_file_is_an_error() {
    let (folder, path) = synthetic::file();
    let whole = fs::read(&path).expect("a file");
    let cut = folder.path().join("cut.encoder");
    for length in [0, 7, 100, 300, whole.len() / 2, whole.len() - 1] {
        fs::write(&cut, &whole[..length]).expect("a file");
        assert!(Encoder::open(&cut).is_err(), "{length} bytes");
    }
    let missing = Encoder::open(&folder.path().join("missing"));
    assert!(matches!(missing, Err(EncoderError::Io { .. })));
    assert!(Encoder::open(folder.path()).is_err());
}

#[test]
fn parts_that_do_not_fit_are_not_written() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let path = folder.path().join("model.encoder");
    let mut short = synthetic::parts();
    short.codes.pop();
    let mut narrow = synthetic::parts();
    narrow.shape.hidden = 63;
    let mut few = synthetic::parts();
    few.matrices.pop();
    let mut doubled = synthetic::parts();
    doubled.pieces[5].text = doubled.pieces[4].text.clone();
    for parts in [short, narrow, few, doubled] {
        assert!(matches!(parts.write(&path), Err(EncoderError::Parts(_))));
    }
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
}

#[test]
fn a_piece_of_an_unknown_group_is_refused() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let path = folder.path().join("model.encoder");
    let mut parts = synthetic::parts();
    parts.pieces[3].group = 2;
    parts.write(&path).expect("a file");
    assert!(matches!(
        Encoder::open(&path),
        Err(EncoderError::Damaged { .. })
    ));
}
