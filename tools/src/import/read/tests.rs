use std::{io::Write, sync::Arc};

use ::parquet::{
    data_type::{ByteArray, ByteArrayType, DoubleType, FloatType, Int64Type},
    file::{properties::WriterProperties, writer::SerializedFileWriter},
    schema::parser::parse_message_type,
};
use flate2::{Compression, write::GzEncoder};
use tempfile::TempDir;

use super::*;

/// Writes a file and reads it back; each line as "number: texts at `a`, texts at `b`" or "number: ! reason".
fn read(name: &str, content: &[u8], columns: Option<&[&str]>, after: u64) -> Vec<String> {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    let columns: Option<Vec<String>> =
        columns.map(|names| names.iter().map(|name| name.to_string()).collect());
    let paths = ["a", "b"].map(|path| (format!("item.{path}"), path.to_owned()));
    match CatalogueFile::open(&path, columns.as_deref(), &paths, after) {
        Ok(file) => file.map(|line| shown(line.unwrap())).collect(),
        Err(error) => vec![
            error
                .to_string()
                .replace(&path.display().to_string(), "FILE"),
        ],
    }
}

fn shown(line: Line) -> String {
    match line.record {
        Ok(record) => {
            let texts = |path| record.texts(path).unwrap().join("+");
            format!("{}: {} | {}", line.number, texts("a"), texts("b"))
        }
        Err(reason) => format!("{}: ! {reason}", line.number),
    }
}

#[test]
fn json_lines_are_numbered_and_bad_ones_told() {
    let content = b"\xef\xbb\xbf{\"a\":1,\"b\":[\"x\",\"y\"]}\r\n\n{\"a\":\n[1]\n\xff\n{\"a\":2}";
    let lines = read("f.jsonl", content, None, 0);
    assert_eq!(lines[0], "1: 1 | x+y");
    assert!(
        lines[1].starts_with("3: ! the line is not JSON:"),
        "{lines:?}"
    );
    assert_eq!(lines[2], "4: ! the line is JSON but no object ({...})");
    assert_eq!(lines[3], "5: ! not UTF-8 at byte 0 of the line");
    assert_eq!(lines[4], "6: 2 | ");
    assert_eq!(read("f.ndjson", content, None, 5), ["6: 2 | "]);
}

#[test]
fn tabs_cut_and_quotes_are_text() {
    let content = "a\tb\r\n1\t\"15\" 電視\"\r\n2\n\n3\tx".as_bytes();
    let expected = [
        "2: 1 | \"15\" 電視\"",
        "3: ! the row has 1 cells; there are 2 columns",
        "5: 3 | x",
    ];
    assert_eq!(read("f.tsv", content, None, 0), expected);
    assert_eq!(read("f.tsv", content, None, 3), expected[2..]);
    assert_eq!(read("f.tsv", b"1\tx", Some(&["a", "b"]), 0), ["1: 1 | x"]);
}

#[test]
fn quotes_hold_commas_and_line_ends() {
    let content = "a,b\n1,\"x, \"\"y\"\"\nz\"\n2\n3,w\n".as_bytes();
    let expected = [
        "2: 1 | x, \"y\"\nz",
        "4: ! the row has 1 cells; there are 2 columns",
        "5: 3 | w",
    ];
    assert_eq!(read("f.csv", content, None, 0), expected);
    assert_eq!(read("f.csv", content, None, 4), expected[2..]);
    assert_eq!(read("f.csv", b"1,x\n", Some(&["a", "b"]), 0), ["1: 1 | x"]);
}

#[test]
fn gzip_is_unpacked_also_in_several_members() {
    let mut packed = Vec::new();
    for part in ["{\"a\":1}\n", "{\"a\":2}\n"] {
        let mut member = GzEncoder::new(Vec::new(), Compression::fast());
        member.write_all(part.as_bytes()).unwrap();
        packed.extend(member.finish().unwrap());
    }
    assert_eq!(read("f.jsonl.gz", &packed, None, 0), ["1: 1 | ", "2: 2 | "]);
}

#[test]
fn what_cannot_be_read_is_said() {
    let columns = read("f.csv", b"a,c\n1,2\n", None, 0);
    assert_eq!(
        columns,
        ["FILE: item.b reads the column \"b\", which the file does not have; it has a, c"]
    );
    assert!(read("f.tsv", b"", None, 0)[0].contains("the file is empty"));
    for name in ["f.xlsx", "f", "f.parquet.gz", "f.json"] {
        assert!(
            read(name, b"", None, 0)[0].contains("cannot tell the format"),
            "{name}"
        );
    }
    assert!(read("f.parquet", b"PAR0", None, 0)[0].contains("not a readable Parquet file"));
}

#[test]
fn a_line_without_end_is_refused_and_the_next_one_read() {
    let mut content = vec![b'x'; LINE_BYTES_MAX as usize + 5];
    content.extend_from_slice(b"\n{\"a\":1}\n");
    let lines = read("f.jsonl", &content, None, 0);
    assert_eq!(
        lines[0],
        format!("1: ! the line is longer than {LINE_BYTES_MAX} bytes")
    );
    assert_eq!(lines[1], "2: 1 | ");
}

/// Two rows of a text without a UTF-8 mark, a price as 32-bit float, one as 64-bit float, and a time in milliseconds.
fn parquet_bytes() -> Vec<u8> {
    let schema = "message m { required binary a; required float b; required double c; \
                  required int64 t (TIMESTAMP_MILLIS); }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let properties = Arc::new(WriterProperties::builder().build());
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, properties).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let texts = [ByteArray::from("雪櫃"), ByteArray::from("冰箱")];
    let mut column = group.next_column().unwrap().unwrap();
    column
        .typed::<ByteArrayType>()
        .write_batch(&texts, None, None)
        .unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column
        .typed::<FloatType>()
        .write_batch(&[28.9, 0.1], None, None)
        .unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column
        .typed::<DoubleType>()
        .write_batch(&[28.9, 1200.0], None, None)
        .unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    let times = [1_666_310_400_250, -1];
    column
        .typed::<Int64Type>()
        .write_batch(&times, None, None)
        .unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
    bytes
}

#[test]
fn parquet_rows_keep_text_prices_and_times() {
    let bytes = parquet_bytes();
    assert_eq!(
        read("f.parquet", &bytes, None, 0),
        ["1: 雪櫃 | 28.9", "2: 冰箱 | 0.1"]
    );
    assert_eq!(read("f.parquet", &bytes, None, 1), ["2: 冰箱 | 0.1"]);

    let folder = TempDir::new().unwrap();
    let path = folder.path().join("f.parquet");
    std::fs::write(&path, bytes).unwrap();
    let mut lines = CatalogueFile::open(&path, None, &[], 0).unwrap();
    let record = lines.next().unwrap().unwrap().record.unwrap();
    assert_eq!(record.texts("c").unwrap(), ["28.9"]);
    assert_eq!(record.texts("t").unwrap(), ["2022-10-21T00:00:00.250Z"]);
    assert_eq!((lines.progress().done(), lines.progress().total), (1, 2));
    let missing = [("item.brand".to_owned(), "brand.tc".to_owned())];
    let error = CatalogueFile::open(&path, None, &missing, 0)
        .err()
        .unwrap()
        .to_string();
    assert!(
        error.ends_with("which the file does not have; it has a, b, c, t"),
        "{error}"
    );
}
