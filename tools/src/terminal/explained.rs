//! All that the dictionaries say of a term.

use sampan_analyzers::{
    Understood, Unit,
    explain::{Explanation, KindStep, Mention, RegionalReading},
};

use super::{
    Output,
    findings::place,
    highlight::safe,
    table::{Align, table, table_of_filled},
};

/// Alternatives of a word that are listed; the others are counted.
const ALTERNATIVES_SHOWN: usize = 12;
/// Columns of a row that are shown elsewhere in the table, or say nothing to a reader.
const NOT_REPEATED: [&str; 2] = ["source", "note"];

/// Sections: the term itself, where it stands, kinds, and what each region makes of it.
pub fn explained(explanation: &Explanation, output: &Output) -> String {
    let mut parts = vec![heading(explanation)];
    if explanation.mentions.is_empty() {
        parts.push("No line of the dictionaries has it.".to_owned());
    } else {
        parts.push(mention_table(&explanation.mentions, output));
    }
    for (title, steps) in [
        ("a kind of", &explanation.kinds_above),
        ("its kinds", &explanation.kinds_below),
    ] {
        if !steps.is_empty() {
            parts.push(kind_table(title, steps, output));
        }
    }
    parts.push(understood_table(&explanation.understood, output));
    parts.join("\n\n")
}

fn heading(explanation: &Explanation) -> String {
    let frequency = match explanation.general_frequency {
        Some(frequency) => format!("{frequency} in the general lexicon"),
        None => "not in the general lexicon".to_owned(),
    };
    format!(
        "{}   canonical {}   words {}   {frequency}",
        safe(&explanation.term),
        safe(&explanation.canonical),
        safe(&explanation.words.join(" ")),
    )
}

fn mention_table(mentions: &[Mention], output: &Output) -> String {
    let columns = [
        ("place", Align::Left),
        ("as", Align::Left),
        ("column", Align::Left),
        ("written", Align::Left),
        ("row", Align::Left),
    ];
    let rows = mentions.iter().map(|mention| {
        vec![
            place(&mention.file, mention.line, 0),
            mention.kind.to_owned(),
            safe(&mention.column),
            safe(&mention.text),
            row_text(mention),
        ]
    });
    table(&columns, rows.collect(), output)
}

fn row_text(mention: &Mention) -> String {
    let shown = mention
        .row
        .iter()
        .filter(|(column, _)| !NOT_REPEATED.contains(&column.as_str()));
    let mut texts: Vec<String> = shown
        .map(|(column, cell)| format!("{} {}", safe(column), safe(cell)))
        .collect();
    texts.extend(
        mention
            .row
            .get("note")
            .map(|note| format!("({})", safe(note))),
    );
    texts.join("; ")
}

fn kind_table(title: &str, steps: &[KindStep], output: &Output) -> String {
    let columns = [
        ("concept", Align::Left),
        (title, Align::Left),
        ("steps", Align::Right),
        ("weight", Align::Right),
        ("place", Align::Left),
    ];
    let rows = steps.iter().map(|step| {
        vec![
            safe(&step.concept),
            safe(&step.name),
            step.distance.to_string(),
            step.weight.to_string(),
            place(&step.file, step.line, 0),
        ]
    });
    table(&columns, rows.collect(), output)
}

fn understood_table(readings: &[RegionalReading], output: &Output) -> String {
    let columns = [
        ("typed in", Align::Left),
        ("word", Align::Left),
        ("also looked for", Align::Left),
        ("wishes", Align::Left),
    ];
    let mut rows = Vec::new();
    for reading in readings {
        let understood = &reading.understood;
        let mut regions = reading.regions.join(" ");
        let mut wishes = wishes(understood);
        for (unit, prefix) in units(understood) {
            rows.push(vec![
                std::mem::take(&mut regions),
                format!("{prefix}{}", source(understood, unit)),
                alternatives(understood, unit),
                std::mem::take(&mut wishes),
            ]);
        }
    }
    table_of_filled(&columns, rows, output)
}

fn units(understood: &Understood) -> impl Iterator<Item = (&Unit, &'static str)> {
    let wanted = understood.units.iter().map(|unit| (unit, ""));
    wanted.chain(understood.excluded.iter().map(|unit| (unit, "not ")))
}

fn source(understood: &Understood, unit: &Unit) -> String {
    safe(understood.text.get(unit.source.clone()).unwrap_or_default())
}

fn alternatives(understood: &Understood, unit: &Unit) -> String {
    let others = unit.alternatives.iter().skip(1);
    let mut shown: Vec<String> = others
        .take(ALTERNATIVES_SHOWN)
        .map(|alternative| {
            let edit = alternative.edit.and_then(|at| understood.edits.get(at));
            let from = edit.map_or("", |edit| match edit.region.as_str() {
                "" => edit.rule,
                region => region,
            });
            let (text, weight) = (safe(&alternative.text), alternative.weight);
            format!("{text} ({} {weight:.2})", safe(from))
        })
        .collect();
    let more = unit
        .alternatives
        .len()
        .saturating_sub(ALTERNATIVES_SHOWN + 1);
    if more > 0 {
        shown.push(format!("and {more} more"));
    }
    shown.join(", ")
}

fn wishes(understood: &Understood) -> String {
    let names = understood.preferences.iter().map(|preference| {
        let name = serde_json::to_value(preference).unwrap_or_default();
        name.as_str().unwrap_or_default().to_owned()
    });
    names.collect::<Vec<_>>().join(", ")
}
