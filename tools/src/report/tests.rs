//! Every renderer over one document that has everything, with texts that try to be markup.

use super::{
    Block, Cell, Document, ResultLine, ResultList, SideBySide, Table, Tone, html, markdown,
    terminal, well_formed,
};
use crate::{
    plot::{Plot, Point, Series},
    terminal::{Output, output::Form},
};

const EVIL: &str = "<script>alert(\"x\")</script> & 'q' | *b* _i_ [l](u) `c`\u{1b}[2J";

fn document() -> Document {
    let line = |title: &str, highlights: &[(usize, usize)]| ResultLine {
        id: "id-1".into(),
        title: title.into(),
        highlights: highlights.to_vec(),
        note: "new".into(),
        tone: Tone::Good,
    };
    let lists = SideBySide {
        anchor: "q1".into(),
        title: EVIL.into(),
        note: "overlap 0.5".into(),
        reasons: vec!["+ 雪柜 → <冰箱> (region.term)".to_owned()],
        lists: vec![
            ResultList {
                name: "before".into(),
                lines: vec![line("大雪櫃款", &[(3, 9), (10, 11)])],
            },
            ResultList {
                name: "after".into(),
                lines: Vec::new(),
            },
        ],
    };
    let point = |across, up| Point {
        across,
        up,
        label: EVIL.into(),
    };
    let plot = Plot {
        title: EVIL.into(),
        across: "a".into(),
        up: "b".into(),
        logarithmic: false,
        series: vec![Series {
            name: EVIL.into(),
            points: vec![point(0.0, 0.0), point(1.0, 2.0)],
            is_joined: true,
        }],
    };
    let rows = (0..12).map(|number| {
        let query = Cell {
            leads_to: "q1".into(),
            ..Cell::from(EVIL)
        };
        vec![query, Cell::figure(f64::from(number)).toned(Tone::Bad)]
    });
    let mut document = Document {
        title: EVIL.into(),
        facts: vec![EVIL.into()],
        sections: Vec::new(),
    };
    document.add("empty", Vec::new());
    document.add(
        "figures",
        vec![
            Block::Paragraph(EVIL.into()),
            Block::Table(Table::long(&["query", ">nDCG@10"]).with(rows)),
            Block::Plot(plot),
            Block::Lists(lists),
        ],
    );
    document
}

#[test]
fn a_page_is_well_formed_self_contained_and_whole() {
    let page = html::page(&document());
    assert_eq!(well_formed::fault(&page), None);
    assert!(page.contains("default-src 'none'"), "it may load nothing");
    for reference in ["src=\"", "<link", "@import", "url(", "href=\"http"] {
        assert!(!page.contains(reference), "{reference}");
    }
    let structure = [
        "<table class=\"long\">",
        "<th align=\"right\">nDCG@10</th>",
        "<td align=\"right\" class=\"bad\" data-number=\"11\">11.0000</td>",
        "<a href=\"#q1\">",
        "<details id=\"q1\">",
        "大<mark>雪櫃</mark>款",
        "<p class=\"note\">nothing</p>",
        "<svg ",
        "@media print",
        "prefers-color-scheme: dark",
    ];
    for part in structure {
        assert!(page.contains(part), "{part}");
    }
    assert_eq!(
        page.matches("<section ").count(),
        1,
        "an empty section is left out"
    );
    assert_eq!(page.matches("<tr>").count(), 13);
}

#[test]
fn no_text_becomes_markup() {
    let page = html::page(&document());
    assert_eq!(page.matches("<script>").count(), 1, "only its own");
    assert!(!page.contains('\u{1b}') && page.contains("&lt;script&gt;alert(&quot;x&quot;)"));
    let text = markdown::text(&document());
    assert!(
        !text.contains("<script>") && !text.contains("*b*") && !text.contains("[l](u)"),
        "{text}"
    );
    assert!(!text.contains('\u{1b}'));
    let shown = terminal::text(&document(), &Output::standard(Form::Tables));
    assert!(!shown.contains('\u{1b}'));
}

#[test]
fn markdown_has_the_tables_and_the_lists() {
    let text = markdown::text(&document());
    let lines: Vec<&str> = text.lines().collect();
    let header = lines
        .iter()
        .position(|line| *line == "| query | nDCG@10 |")
        .unwrap();
    assert_eq!(lines[header + 1], "| --- | ---: |");
    assert!(
        lines[header + 2].ends_with("| **0.0000** |"),
        "{}",
        lines[header + 2]
    );
    // Bars that end no cell are escaped.
    assert!(lines[header + 2].contains("\\|"));
    assert!(
        text.contains("1. 大<b>雪櫃</b>款 (id-1): new") && text.contains("after:\n\nnothing"),
        "{text}"
    );
}

#[test]
fn a_terminal_shows_the_beginning_of_what_is_long() {
    let shown = terminal::text(&document(), &Output::standard(Form::Tables));
    assert!(
        shown.contains("9.0000") && !shown.contains("10.0000"),
        "{shown}"
    );
    assert!(shown.contains("… and 2 more rows") && shown.contains("大雪櫃款 (new)"));
}
