//! Tables whose columns line up, full-width characters counted as two columns.

use comfy_table::{
    Cell, CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle,
};

use super::Output;

/// How the cells of a column are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
}

/// A rule under the header and nothing else, so that a column can be selected and copied.
const STYLE: TableStyle =
    TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// Columns up to this wide are not wrapped when the others keep at least [`LONG_COLUMN_MIN`]; in terminal columns.
const SHORT_COLUMN: u16 = 16;
const LONG_COLUMN_MIN: u16 = 20;

/// Blank columns around each cell.
const PADDING: u16 = 2;

/// Sets rows under a header. Long cells are wrapped to the width of the output, when that is known.
pub fn table(columns: &[(&str, Align)], rows: Vec<Vec<String>>, output: &Output) -> String {
    let mut table = Table::new();
    table.load_style(STYLE).force_no_tty();
    if let Some(width) = output.width() {
        table
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(width);
    }
    table.set_header(columns.iter().map(|(name, _)| Cell::new(name)));
    for row in rows {
        table.add_row(row.into_iter().map(Cell::new));
    }
    for (index, (_, align)) in columns.iter().enumerate() {
        if let (Align::Right, Some(column)) = (align, table.column_mut(index)) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    if let Some(width) = output.width() {
        keep_short_columns_whole(&mut table, width);
    }
    table.trim_fmt()
}

/// Lets only long columns be wrapped (titles, reasons), as long as that leaves them room to be read.
fn keep_short_columns_whole(table: &mut Table, width: u16) {
    let widths = table.column_max_content_widths();
    let room = |width: &u16| {
        if *width <= SHORT_COLUMN {
            *width
        } else {
            LONG_COLUMN_MIN
        }
    };
    let needed: u16 = widths
        .iter()
        .map(|width| room(width).saturating_add(PADDING))
        .sum();
    if needed > width {
        return;
    }
    for (index, _) in widths
        .iter()
        .enumerate()
        .filter(|(_, width)| **width <= SHORT_COLUMN)
    {
        if let Some(column) = table.column_mut(index) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
}

/// As [`table`], without the columns that say nothing in any row ("" or "–").
pub fn table_of_filled(
    columns: &[(&str, Align)],
    mut rows: Vec<Vec<String>>,
    output: &Output,
) -> String {
    let said = |cell: Option<&String>| cell.is_some_and(|text| !matches!(text.as_str(), "" | "–"));
    let filled: Vec<bool> = (0..columns.len())
        .map(|index| rows.iter().any(|row| said(row.get(index))))
        .collect();
    if !rows.is_empty() {
        for row in &mut rows {
            let mut keep = filled.iter();
            row.retain(|_| keep.next().copied().unwrap_or(true));
        }
    }
    let kept = columns
        .iter()
        .zip(&filled)
        .filter(|(_, filled)| **filled || rows.is_empty());
    let columns: Vec<_> = kept.map(|(column, _)| *column).collect();
    table(&columns, rows, output)
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr as _;

    use super::*;
    use crate::terminal::output::Form;

    const COLUMNS: [(&str, Align); 3] = [
        ("商品", Align::Left),
        ("price", Align::Right),
        ("ships", Align::Left),
    ];

    fn rows() -> Vec<Vec<String>> {
        [
            ["雪櫃 Fridge", "2,999.00", "直郵"],
            ["ＵＳＢ手指", "5.00", "local"],
            ["é", "1", "集運 x"],
        ]
        .map(|row| row.map(str::to_owned).to_vec())
        .to_vec()
    }

    /// Display columns in front of the last cell of each line.
    fn last_column_starts(text: &str, cells: &[&str]) -> Vec<usize> {
        let start = |(line, cell): (&str, &&str)| line[..line.rfind(*cell).unwrap()].width();
        text.lines()
            .filter(|line| !line.starts_with('─'))
            .zip(cells)
            .map(start)
            .collect()
    }

    #[test]
    fn full_width_text_lines_up() {
        let output = Output::standard(Form::Tables);
        let text = table(&COLUMNS, rows(), &output);
        let starts = last_column_starts(&text, &["ships", "直郵", "local", "集運 x"]);
        assert!(
            starts.iter().all(|start| *start == starts[0]),
            "{starts:?}\n{text}"
        );
    }

    #[test]
    fn bold_text_takes_no_more_room_than_plain_text() {
        let output = Output::standard(Form::Tables);
        let mut bold = rows();
        bold[0][0] = "\u{1b}[1m雪櫃\u{1b}[0m Fridge".to_owned();
        let plain = table(&COLUMNS, rows(), &output);
        let styled = table(&COLUMNS, bold, &output);
        assert_eq!(
            styled.replace("\u{1b}[1m", "").replace("\u{1b}[0m", ""),
            plain
        );
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let output = Output::with_width(40);
        let mut long = rows();
        long[0][0] = "雙門變頻風冷無霜雪櫃家用大容量節能靜音".repeat(3);
        let text = table(&COLUMNS, long, &output);
        for line in text.lines() {
            assert!(line.width() <= 40, "{} columns: {line}", line.width());
        }
    }

    #[test]
    fn columns_that_say_nothing_are_left_out() {
        let output = Output::standard(Form::Tables);
        let rows = [["a", "–", ""], ["b", "", ""]].map(|row| row.map(str::to_owned).to_vec());
        let text = table_of_filled(&COLUMNS, rows.to_vec(), &output);
        assert!(text.contains("商品") && !text.contains("price") && !text.contains("ships"));
        let empty = table_of_filled(&COLUMNS, Vec::new(), &output);
        assert!(empty.contains("商品") && empty.contains("ships"), "{empty}");
    }

    #[test]
    fn short_columns_are_not_wrapped_while_a_long_one_can_be() {
        let mut long = rows();
        long[0][0] = "雙門變頻風冷無霜雪櫃家用大容量節能靜音".repeat(3);
        let text = table(&COLUMNS, long, &Output::with_width(60));
        assert!(
            text.contains("2,999.00") && text.contains("集運 x"),
            "{text}"
        );
        assert!(text.lines().all(|line| line.width() <= 60), "{text}");
    }
}
