//! One page that needs nothing else: styles, script and plots are in it, and it may load nothing (its own
//! Content-Security-Policy says so). It is well-formed XML as well, so that any tool can read it.

use std::fmt::Write as _;

use super::document::{Block, Cell, Document, ResultLine, Section, SideBySide, Table, Tone};
use crate::terminal::table::Align;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The page.
pub fn page(document: &Document) -> String {
    let title = escaped(&document.title);
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
         script-src 'unsafe-inline'\"/>\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{title}</h1>\n"
    );
    for fact in &document.facts {
        write(
            &mut html,
            format_args!("<p class=\"fact\">{}</p>\n", escaped(fact)),
        );
    }
    html.push_str("</header>\n<nav>");
    for (place, section) in document.sections.iter().enumerate() {
        let title = escaped(&section.title);
        write(&mut html, format_args!("<a href=\"#s{place}\">{title}</a>"));
    }
    html.push_str("</nav>\n<main>\n");
    for (place, of) in document.sections.iter().enumerate() {
        section(&mut html, place, of);
    }
    write(
        &mut html,
        format_args!(
            "</main>\n<script>\n//<![CDATA[\n{SCRIPT}//]]>\n</script>\n</body>\n</html>\n"
        ),
    );
    html
}

fn section(html: &mut String, place: usize, section: &Section) {
    let title = escaped(&section.title);
    write(
        html,
        format_args!("<section id=\"s{place}\">\n<h2>{title}</h2>\n"),
    );
    for block in &section.blocks {
        match block {
            Block::Paragraph(text) => write(html, format_args!("<p>{}</p>\n", escaped(text))),
            Block::Table(of) => table(html, of),
            Block::Plot(plot) => write(html, format_args!("<figure>\n{}</figure>\n", plot.svg())),
            Block::Lists(lists) => side_by_side(html, lists),
        }
    }
    html.push_str("</section>\n");
}

fn table(html: &mut String, table: &Table) {
    let class = if table.is_long { " class=\"long\"" } else { "" };
    write(
        html,
        format_args!("<div class=\"wide\"><table{class}>\n<thead><tr>"),
    );
    for (name, align) in &table.columns {
        write(
            html,
            format_args!("<th{}>{}</th>", aligned(*align), escaped(name)),
        );
    }
    html.push_str("</tr></thead>\n<tbody>\n");
    for row in &table.rows {
        html.push_str("<tr>");
        for (place, of) in row.iter().enumerate() {
            let align = table
                .columns
                .get(place)
                .map_or(Align::Left, |(_, align)| *align);
            cell(html, of, align);
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody>\n</table></div>\n");
}

fn cell(html: &mut String, cell: &Cell, align: Align) {
    let number = cell.number.filter(|number| number.is_finite());
    let number = number.map_or(String::new(), |number| format!(" data-number=\"{number}\""));
    let text = escaped(&cell.text);
    let text = match cell.leads_to.as_str() {
        "" => text,
        anchor => format!("<a href=\"#{}\">{text}</a>", escaped(anchor)),
    };
    let (class, align) = (toned(cell.tone), aligned(align));
    write(html, format_args!("<td{align}{class}{number}>{text}</td>"));
}

fn side_by_side(html: &mut String, lists: &SideBySide) {
    let (anchor, title) = (escaped(&lists.anchor), escaped(&lists.title));
    let note = escaped(&lists.note);
    write(
        html,
        format_args!(
            "<details id=\"{anchor}\"><summary><b>{title}</b> <span class=\"note\">{note}</span></summary>\n"
        ),
    );
    if !lists.reasons.is_empty() {
        html.push_str("<ul class=\"reasons\">\n");
        for reason in &lists.reasons {
            write(html, format_args!("<li>{}</li>\n", escaped(reason)));
        }
        html.push_str("</ul>\n");
    }
    html.push_str("<div class=\"lists\">\n");
    for list in &lists.lists {
        write(
            html,
            format_args!("<div><h3>{}</h3>\n", escaped(&list.name)),
        );
        if list.lines.is_empty() {
            html.push_str("<p class=\"note\">nothing</p>\n");
        } else {
            html.push_str("<ol>\n");
            list.lines.iter().for_each(|line| hit(html, line));
            html.push_str("</ol>\n");
        }
        html.push_str("</div>\n");
    }
    html.push_str("</div>\n</details>\n");
}

fn hit(html: &mut String, line: &ResultLine) {
    write(html, format_args!("<li{}>", toned(line.tone)));
    for (text, matches) in line.pieces() {
        let text = escaped(text);
        match matches {
            true => write(html, format_args!("<mark>{text}</mark>")),
            false => html.push_str(&text),
        }
    }
    write(
        html,
        format_args!(" <span class=\"id\">{}</span>", escaped(&line.id)),
    );
    if !line.note.is_empty() {
        write(
            html,
            format_args!(" <span class=\"tag\">{}</span>", escaped(&line.note)),
        );
    }
    html.push_str("</li>\n");
}

fn aligned(align: Align) -> &'static str {
    match align {
        Align::Left => "",
        Align::Right => " align=\"right\"",
    }
}

fn toned(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "",
        Tone::Good => " class=\"good\"",
        Tone::Bad => " class=\"bad\"",
    }
}

/// Text that is text wherever it stands: between tags and in quoted attributes. Control characters, which XML does not
/// know, become spaces.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            control if control.is_control() => safe.push(' '),
            '\u{fffe}' | '\u{ffff}' => safe.push('\u{fffd}'),
            other => safe.push(other),
        }
    }
    safe
}

fn write(html: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = html.write_fmt(arguments);
}
