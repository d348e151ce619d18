//! `sampan judge show`

use anyhow::ensure;
use console::{Key, Term};

use super::{Sheet, open_places};
use crate::{
    evaluate::judging::record::GRADE_MAX,
    terminal::{Output, highlight::safe},
};

/// Judge in this terminal: a key an item.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Keys: 0–3 the grade, s to put an item off, b to judge the one before again, q to stop. What is judged is on disk at once.")]
pub struct ShowArguments {
    #[command(flatten)]
    sheet: Sheet,
    /// Who judges.
    #[arg(long, env = "USER", value_name = "NAME")]
    judge: String,
}

/// What a key asks for.
#[derive(Debug, PartialEq, Eq)]
enum Wish {
    Grade(u8),
    PutOff,
    Back,
    Stop,
}

pub fn run(arguments: &ShowArguments, output: &Output) -> anyhow::Result<()> {
    let term = Term::stdout();
    ensure!(
        term.is_term(),
        "sampan judge show needs a terminal; `sampan judge serve` judges in a browser"
    );
    let (pool, mut record) = arguments.sheet.open()?;
    let open = open_places(&pool, &record, &arguments.judge);
    let (mut at, mut judged) = (0, 0);
    while let Some(candidate) = open.get(at).and_then(|place| pool.get(*place)) {
        term.clear_screen()?;
        term.write_line(&format!(
            "{} of {} · {}\n",
            at + 1,
            open.len(),
            safe(&arguments.judge)
        ))?;
        term.write_line(&format!("  {}\n", safe(&candidate.text)))?;
        term.write_line(&format!(
            "  {}  {}\n",
            safe(&candidate.title),
            safe(&candidate.item)
        ))?;
        term.write_line(
            "3 what was asked for · 2 nearly · 1 related · 0 not · s put off · b back · q stop",
        )?;
        match wish(&term.read_key()?) {
            Some(Wish::Grade(grade)) => {
                record.add((&candidate.query, &candidate.item), &arguments.judge, grade)?;
                judged += 1;
                at += 1;
            }
            Some(Wish::PutOff) => at += 1,
            Some(Wish::Back) => at = at.saturating_sub(1),
            Some(Wish::Stop) => break,
            None => {}
        }
    }
    let left = open_places(&pool, &record, &arguments.judge).len();
    Ok(output.line(&format!("{judged} judged, {left} of {} left", pool.len()))?)
}

fn wish(key: &Key) -> Option<Wish> {
    match key {
        Key::Char(digit @ '0'..='9') => {
            let grade = digit
                .to_digit(10)
                .and_then(|digit| u8::try_from(digit).ok());
            grade.filter(|grade| *grade <= GRADE_MAX).map(Wish::Grade)
        }
        Key::Char('s') => Some(Wish::PutOff),
        Key::Char('b') => Some(Wish::Back),
        Key::Char('q') | Key::Escape | Key::CtrlC => Some(Wish::Stop),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_grades_and_others_are_passed_over() {
        assert_eq!(wish(&Key::Char('0')), Some(Wish::Grade(0)));
        assert_eq!(wish(&Key::Char('3')), Some(Wish::Grade(3)));
        assert_eq!((wish(&Key::Char('4')), wish(&Key::Char('x'))), (None, None));
        assert_eq!(
            (wish(&Key::Char('b')), wish(&Key::Escape)),
            (Some(Wish::Back), Some(Wish::Stop))
        );
    }
}
