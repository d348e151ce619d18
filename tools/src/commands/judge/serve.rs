//! `sampan judge serve`: one page for a browser, and what it asks for. One judge after another; judgements are few, so
//! connections are answered in turn.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    time::Duration,
};

use anyhow::{Context as _, ensure};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Sheet, open_places};
use crate::{
    evaluate::judging::{pool::Candidate, record::Record},
    terminal::Output,
};

const PAGE: &str = include_str!("page.html");

/// Longest request line, header and body, bytes; most headers.
const LINE_BYTES_MAX: u64 = 8 * 1024;
const BODY_BYTES_MAX: usize = 64 * 1024;
const HEADERS_MAX: usize = 100;
/// How long a browser may take to say what it wants.
const READ_TIMEOUT: Duration = Duration::from_secs(5);

/// Judge in a browser: a key an item.
#[derive(Debug, clap::Args)]
pub struct ServeArguments {
    #[command(flatten)]
    sheet: Sheet,
    /// Address and port to listen on. Who reaches it may judge: keep it to this machine or to people you trust.
    #[arg(long, default_value = "127.0.0.1:8321", value_name = "ADDRESS")]
    listen: String,
}

/// What a browser asks for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Request {
    method: String,
    path: String,
    body: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Judged {
    judge: String,
    query: String,
    item: String,
    grade: u8,
}

pub fn run(arguments: &ServeArguments, output: &Output) -> anyhow::Result<()> {
    let (pool, mut record) = arguments.sheet.open()?;
    let listener = TcpListener::bind(&arguments.listen)
        .with_context(|| format!("cannot listen on {}", arguments.listen))?;
    output.line(&format!(
        "judge at http://{}; Ctrl-C ends it",
        listener.local_addr()?
    ))?;
    for stream in listener.incoming() {
        let answered = stream
            .map_err(Into::into)
            .and_then(|stream| answer(stream, &pool, &mut record));
        if let Err(error) = answered {
            eprintln!("a request was not answered: {error:#}");
        }
    }
    Ok(())
}

fn answer(mut stream: TcpStream, pool: &[Candidate], record: &mut Record) -> anyhow::Result<()> {
    stream.set_read_timeout(Some(READ_TIMEOUT))?;
    let (status, kind, body) = match read(&stream) {
        Ok(request) => respond(&request, pool, record),
        Err(error) => ("400 Bad Request", "text/plain", error.to_string()),
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\
         X-Content-Type-Options: nosniff\r\n\r\n{body}",
        body.len()
    )?;
    Ok(())
}

fn read(stream: &TcpStream) -> anyhow::Result<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = || -> anyhow::Result<String> {
        let mut line = String::new();
        reader.by_ref().take(LINE_BYTES_MAX).read_line(&mut line)?;
        ensure!(
            line.ends_with('\n'),
            "a line is longer than {LINE_BYTES_MAX} bytes, or does not end"
        );
        Ok(line.trim_end().to_owned())
    };
    let first = line()?;
    let mut words = first.split(' ');
    let (method, path) = (
        words.next().unwrap_or_default().to_owned(),
        words.next().unwrap_or_default().to_owned(),
    );
    let (mut length, mut host, mut origin) = (0, String::new(), None);
    for number in 0.. {
        ensure!(number < HEADERS_MAX, "more than {HEADERS_MAX} headers");
        let header = line()?;
        if header.is_empty() {
            break;
        }
        let (name, value) = header.split_once(':').context("a header without a colon")?;
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().context("Content-Length")?,
            "host" => host = value.trim().to_owned(),
            "origin" => origin = Some(value.trim().to_owned()),
            _ => {}
        }
    }
    // A page from elsewhere, open in the same browser, must not judge.
    let is_own = origin.is_none_or(|origin| origin == format!("http://{host}"));
    ensure!(is_own, "the request comes from another site's page");
    ensure!(
        length <= BODY_BYTES_MAX,
        "{length} bytes; at most {BODY_BYTES_MAX}"
    );
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(Request {
        method,
        path,
        body: String::from_utf8(body)?,
    })
}

/// Status, media type and body.
fn respond(
    request: &Request,
    pool: &[Candidate],
    record: &mut Record,
) -> (&'static str, &'static str, String) {
    let json = |value: Value| ("200 OK", "application/json", value.to_string());
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/") => ("200 OK", "text/html", PAGE.to_owned()),
        // The judge's name is in the body, where any name can be.
        ("POST", "/open") => json(open(pool, record, &request.body)),
        ("POST", "/judge") => match judge(&request.body, pool, record) {
            Ok(()) => json(json!({})),
            Err(error) => ("400 Bad Request", "text/plain", format!("{error:#}")),
        },
        _ => (
            "404 Not Found",
            "text/plain",
            "there is no such page".to_owned(),
        ),
    }
}

/// What a judge has not judged yet.
fn open(pool: &[Candidate], record: &Record, judge: &str) -> Value {
    let places = open_places(pool, record, judge.trim());
    let candidates = places.iter().filter_map(|place| pool.get(*place)).map(
        |its| json!({ "query": its.query, "text": its.text, "item": its.item, "title": its.title }),
    );
    json!({ "all": pool.len(), "open": candidates.collect::<Vec<_>>() })
}

fn judge(body: &str, pool: &[Candidate], record: &mut Record) -> anyhow::Result<()> {
    let judged: Judged = serde_json::from_str(body)?;
    let is_asked = |its: &Candidate| its.query == judged.query && its.item == judged.item;
    ensure!(
        pool.iter().any(is_asked),
        "item: {} is not to be judged for {}",
        judged.item,
        judged.query
    );
    record.add(
        (&judged.query, &judged.item),
        judged.judge.trim(),
        judged.grade,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool() -> Vec<Candidate> {
        let candidate = |item: &str| Candidate {
            query: "q1".into(),
            text: "茶".into(),
            item: item.into(),
            title: "<b>綠茶</b>".into(),
        };
        vec![candidate("a"), candidate("b")]
    }

    fn post(path: &str, body: &str) -> Request {
        Request {
            method: "POST".into(),
            path: path.into(),
            body: body.into(),
        }
    }

    #[test]
    fn what_is_judged_is_not_asked_again_and_what_is_wrong_is_told() {
        let folder = tempfile::TempDir::new().unwrap();
        let mut record = Record::open(&folder.path().join("judged.tsv")).unwrap();
        let pool = pool();
        let judged = r#"{"judge":"mei","query":"q1","item":"a","grade":2}"#;
        assert_eq!(
            respond(&post("/judge", judged), &pool, &mut record).0,
            "200 OK"
        );
        let (_, _, left) = respond(&post("/open", " mei "), &pool, &mut record);
        let left: Value = serde_json::from_str(&left).unwrap();
        assert_eq!(
            (&left["open"][0]["item"], &left["all"]),
            (&"b".into(), &2.into())
        );
        assert_eq!(left["open"].as_array().unwrap().len(), 1);
        for (wrong, part) in [
            (r#"{"judge":"","query":"q1","item":"a","grade":2}"#, "judge"),
            (
                r#"{"judge":"mei","query":"q1","item":"a","grade":4}"#,
                "grade",
            ),
            (
                r#"{"judge":"mei","query":"q1","item":"z","grade":1}"#,
                "not to be judged",
            ),
            ("{}", "judge"),
        ] {
            let (status, _, reason) = respond(&post("/judge", wrong), &pool, &mut record);
            assert!(
                status.starts_with("400") && reason.contains(part),
                "{reason}"
            );
        }
        assert_eq!(
            respond(&post("/else", ""), &pool, &mut record).0,
            "404 Not Found"
        );
    }

    #[test]
    fn a_browser_is_answered_over_the_wire_and_a_flood_is_not() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("judged.tsv");
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let ask = |text: String| {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.write_all(text.as_bytes()).unwrap();
            let (accepted, _) = listener.accept().unwrap();
            let mut record = Record::open(&path).unwrap();
            answer(accepted, &pool(), &mut record).unwrap();
            let mut answered = String::new();
            // A connection that is cut because too much was sent has been answered all the same.
            let _ = stream.read_to_string(&mut answered);
            answered
        };
        let page = ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n".to_owned());
        assert!(
            page.starts_with("HTTP/1.1 200 OK") && page.contains("<!DOCTYPE html>"),
            "{page}"
        );
        let open = ask("POST /open HTTP/1.1\r\ncontent-length: 3\r\n\r\nmei".to_owned());
        assert!(open.contains("\"all\":2"), "{open}");
        let long = ask(format!(
            "POST /open HTTP/1.1\r\nContent-Length: {}\r\n\r\n",
            BODY_BYTES_MAX + 1
        ));
        assert!(
            long.starts_with("HTTP/1.1 400") && long.contains("at most"),
            "{long}"
        );
        let foreign =
            "POST /open HTTP/1.1\r\nHost: x\r\nOrigin: http://y\r\nContent-Length: 0\r\n\r\n";
        assert!(ask(foreign.to_owned()).contains("another site"));
        let many = ask(format!(
            "GET / HTTP/1.1\r\n{}\r\n",
            "a: b\r\n".repeat(HEADERS_MAX)
        ));
        assert!(many.contains("more than"), "{many}");
    }
}
