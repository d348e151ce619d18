//! The index survives restarts, and damaged files cost their own rows only.

use std::fs;
use std::path::{Path, PathBuf};

use super::super::{Everything, VectorError, VectorWriter};
use super::clustered::{Clustered, options};

const ROWS: u32 = 2_500;

fn data() -> Clustered {
    Clustered::new(ROWS as usize, 16, 40, 21)
}

/// Two segments and a tail, flushed at sequence 5.
fn write(directory: &Path) {
    let data = data();
    let mut writer = VectorWriter::open(directory, options(500)).unwrap();
    for (ordinal, vector) in (0..2_000).zip(&data.vectors) {
        writer.upsert(ordinal, vector).unwrap();
    }
    writer.settle();
    for (ordinal, vector) in (2_000..ROWS - 100).zip(&data.vectors[2_000..]) {
        writer.upsert(ordinal, vector).unwrap();
    }
    writer
        .upsert(ROWS - 100, &data.vectors[ROWS as usize - 100])
        .unwrap();
    (10..20).for_each(|ordinal| writer.delete(ordinal));
    writer.flush(5).unwrap();
}

fn segment_files(directory: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = files
        .filter(|path| path.extension().is_some_and(|e| e == "vectors"))
        .collect();
    files.sort();
    files
}

#[test]
fn a_restart_keeps_everything_that_was_flushed() {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path());
    let mut writer = VectorWriter::open(directory.path(), options(500)).unwrap();
    assert_eq!(writer.flushed_sequence(), 5);
    assert!(writer.warnings().is_empty(), "{:?}", writer.warnings());
    let expected = (0..10).chain(20..ROWS - 99);
    assert!(writer.ordinals().iter().eq(expected));
    assert_eq!(
        writer.files().len(),
        segment_files(directory.path()).len() + 1
    );
    assert!(writer.files().iter().all(|file| file.exists()));
    let data = data();
    let snapshot = writer.publish();
    for ordinal in [0, 500, 1_999, 2_000, 2_300] {
        let found = snapshot
            .search(&data.vectors[ordinal as usize], 1, &Everything)
            .unwrap();
        assert_eq!(found[0].ordinal, ordinal);
    }
    // And it goes on from there.
    writer.upsert(15, &data.vectors[15]).unwrap();
    writer.delete(0);
    writer.flush(6).unwrap();
    drop(writer);
    let writer = VectorWriter::open(directory.path(), options(500)).unwrap();
    assert_eq!(writer.flushed_sequence(), 6);
    assert!(
        writer
            .ordinals()
            .iter()
            .eq((1..10).chain([15]).chain(20..ROWS - 99))
    );
}

#[test]
fn what_was_not_flushed_is_gone_and_leaves_no_files() {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path());
    let before = segment_files(directory.path());
    let data = data();
    let mut writer = VectorWriter::open(directory.path(), options(100)).unwrap();
    data.fill(&mut writer);
    writer.settle();
    drop(writer);
    fs::write(directory.path().join("000000000099.aside"), b"half").unwrap();
    let writer = VectorWriter::open(directory.path(), options(100)).unwrap();
    assert!(writer.ordinals().iter().eq((0..10).chain(20..ROWS - 99)));
    assert_eq!(segment_files(directory.path()), before);
    assert!(!directory.path().join("000000000099.aside").exists());
}

#[test]
fn a_damaged_segment_is_reported_left_out_and_filled_again() {
    type Damage = fn(&mut Vec<u8>);
    let damages: [(&str, Damage); 5] = [
        ("truncated", |bytes| bytes.truncate(bytes.len() / 2)),
        ("one bit altered in the codes", |bytes| {
            *bytes.last_mut().unwrap() ^= 1
        }),
        ("header altered", |bytes| bytes[20] ^= 0x40),
        ("another version", |bytes| bytes[8] = 99),
        ("empty", Vec::clear),
    ];
    for (damage, apply) in damages {
        let directory = tempfile::tempdir().unwrap();
        write(directory.path());
        let file = segment_files(directory.path()).remove(0);
        let mut bytes = fs::read(&file).unwrap();
        apply(&mut bytes);
        fs::write(&file, bytes).unwrap();
        let mut writer = VectorWriter::open(directory.path(), options(500)).unwrap();
        let [VectorError::Corrupt { path, .. } | VectorError::Io { path, .. }] = writer.warnings()
        else {
            panic!("{damage}: {:?}", writer.warnings());
        };
        assert_eq!(path, &file);
        let held = writer.ordinals();
        assert!(
            held.len() >= 300 && held.len() < u64::from(ROWS) - 100,
            "{damage}: {held:?}"
        );
        let data = data();
        for ordinal in (0..ROWS).filter(|ordinal| !held.contains(*ordinal)) {
            writer
                .upsert(ordinal, &data.vectors[ordinal as usize])
                .unwrap();
        }
        assert_eq!(writer.publish().len(), ROWS as usize);
        writer.flush(6).unwrap();
        drop(writer);
        let writer = VectorWriter::open(directory.path(), options(500)).unwrap();
        assert!(
            writer.warnings().is_empty(),
            "{damage}: {:?}",
            writer.warnings()
        );
        assert_eq!(writer.ordinals().len(), u64::from(ROWS));
    }
}

/// Any single altered byte of a segment is either noticed or was padding between sections.
#[test]
fn altered_bytes_anywhere_never_give_a_wrong_answer() {
    let directory = tempfile::tempdir().unwrap();
    let mut writer = VectorWriter::open(directory.path(), options(10)).unwrap();
    let data = Clustered::new(40, 4, 4, 2);
    data.fill(&mut writer);
    writer.settle();
    writer.flush(1).unwrap();
    drop(writer);
    let file = segment_files(directory.path()).remove(0);
    let whole = fs::read(&file).unwrap();
    for position in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[position] ^= 0xFF;
        fs::write(&file, &bytes).unwrap();
        let mut writer = VectorWriter::open(directory.path(), options(10)).unwrap();
        let left_out = writer.warnings().len() == 1 && writer.ordinals().is_empty();
        assert!(left_out || whole[position] == 0, "byte {position}");
        if !left_out {
            let found = writer
                .publish()
                .search(&data.vectors[3], 1, &Everything)
                .unwrap();
            assert_eq!(found[0].ordinal, 3, "byte {position}");
        }
    }
}

#[test]
fn a_damaged_manifest_leaves_an_empty_index_to_fill_again() {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path());
    let manifest = directory.path().join("vectors.manifest");
    let mut bytes = fs::read(&manifest).unwrap();
    bytes[12] ^= 1;
    fs::write(&manifest, bytes).unwrap();
    let mut writer = VectorWriter::open(directory.path(), options(500)).unwrap();
    assert_eq!((writer.warnings().len(), writer.flushed_sequence()), (1, 0));
    assert!(writer.ordinals().is_empty());
    writer.upsert(3, &[1.0, 0.0]).unwrap();
    writer.flush(9).unwrap();
    drop(writer);
    let writer = VectorWriter::open(directory.path(), options(500)).unwrap();
    assert_eq!((writer.ordinals().len(), writer.flushed_sequence()), (1, 9));
}
