//! Titles as sellers of each place write them.

use rand::{Rng, seq::IndexedRandom as _};

use super::{
    article::Style,
    vocabulary::{SizeKind, Thing, Wordings, Words},
};

/// Lengths of mainland titles, characters: sellers fill them with what shoppers may type. Mean and spread as measured on
/// real ones (quartiles 29, 30, 33 of 14,778).
const CN_LENGTH: (f64, f64) = (30.0, 4.0);

/// Lengths of Taiwan titles, characters.
const TW_LENGTH: (f64, f64) = (21.0, 4.0);

/// Longest title, characters.
const LENGTH_MAX: usize = 60;

impl Wordings {
    fn of(&self, style: Style) -> &[String] {
        match style {
            Style::Mainland => &self.cn,
            Style::HongKong => &self.hk,
            Style::Taiwan => &self.tw,
            Style::English => &self.en,
        }
    }
}

impl Thing {
    fn terms(&self, style: Style) -> &[String] {
        match style {
            Style::Mainland => &self.cn,
            Style::HongKong => &self.hk,
            Style::Taiwan => &self.tw,
            Style::English => &self.en,
        }
    }
}

fn pick<'w>(rng: &mut impl Rng, words: &'w [String]) -> &'w str {
    words.choose(rng).map_or("", String::as_str)
}

/// About normal, from the sum of four even numbers.
fn length(rng: &mut impl Rng, (mean, spread): (f64, f64)) -> usize {
    let sum: f64 = (0..4).map(|_| rng.random::<f64>() - 0.5).sum();
    ((mean + sum * spread * 1.7) as usize).clamp(8, LENGTH_MAX)
}

/// A title for a thing.
pub fn title(
    rng: &mut impl Rng,
    words: &Words,
    thing: &Thing,
    brand: &str,
    style: Style,
) -> String {
    match style {
        Style::Mainland => mainland(rng, words, thing, brand),
        Style::HongKong => hong_kong(rng, words, thing, brand),
        Style::Taiwan => taiwan(rng, words, thing, brand),
        Style::English => english(rng, words, thing, brand),
    }
}

/// Brand, then words without gaps until the title is full: adjectives, other names of the thing, for whom, which season.
fn mainland(rng: &mut impl Rng, words: &Words, thing: &Thing, brand: &str) -> String {
    let style = Style::Mainland;
    let wanted = length(rng, CN_LENGTH);
    let mut title = brand.to_owned();
    title.push_str(pick(rng, thing.terms(style)));
    let mut size_at = rng.random_range(2..5);
    let mut characters = title.chars().count();
    while characters < wanted {
        let part = match rng.random_range(0..10) {
            _ if size_at == 0 => size(rng, thing, style),
            0..6 => pick(rng, words.adjectives.of(style)).to_owned(),
            6..8 => pick(rng, thing.terms(style)).to_owned(),
            8 => pick(rng, words.audiences.of(style)).to_owned(),
            _ => pick(rng, words.seasons.of(style)).to_owned(),
        };
        // No word twice; there are far more words than fit, so the title does get full.
        if !title.contains(&part) {
            size_at -= 1;
            characters += part.chars().count();
            title.push_str(&part);
        }
    }
    title
}

/// Short and spaced: brand, adjective, thing, size.
fn hong_kong(rng: &mut impl Rng, words: &Words, thing: &Thing, brand: &str) -> String {
    let style = Style::HongKong;
    let mut title = format!("{brand} ");
    for _ in 0..rng.random_range(0..3) {
        title.push_str(pick(rng, words.adjectives.of(style)));
    }
    title.push_str(pick(rng, thing.terms(style)));
    title.push(' ');
    title.push_str(&size(rng, thing, style));
    if rng.random_bool(0.3) {
        title.push(' ');
        title.push_str(pick(rng, words.colours.of(style)));
    }
    title
}

/// Brand in brackets, then spaced phrases.
fn taiwan(rng: &mut impl Rng, words: &Words, thing: &Thing, brand: &str) -> String {
    let style = Style::Taiwan;
    let wanted = length(rng, TW_LENGTH);
    let mut title = format!("【{brand}】");
    title.push_str(pick(rng, words.adjectives.of(style)));
    title.push_str(pick(rng, thing.terms(style)));
    while title.chars().count() < wanted {
        let lists = [&words.adjectives, &words.audiences, &words.seasons];
        let list = lists[rng.random_range(0..lists.len())];
        let part = pick(rng, list.of(style));
        if !title.contains(part) {
            title.push(' ');
            title.push_str(part);
        }
    }
    title.push(' ');
    title.push_str(&size(rng, thing, style));
    title.push_str(&format!("({})", pick(rng, words.colours.of(style))));
    title
}

fn english(rng: &mut impl Rng, words: &Words, thing: &Thing, brand: &str) -> String {
    let style = Style::English;
    let adjective = pick(rng, words.adjectives.of(style)).to_owned();
    let term = pick(rng, thing.terms(style)).to_owned();
    let colour = pick(rng, words.colours.of(style)).to_owned();
    format!(
        "{brand} {adjective} {term} {} {colour}",
        size(rng, thing, style)
    )
}

/// The size of an article, as its kind of goods is sold.
fn size(rng: &mut impl Rng, thing: &Thing, style: Style) -> String {
    let mainland = style == Style::Mainland;
    let pack = match style {
        Style::Mainland => ["件装", "盒装", "包装"],
        Style::HongKong => ["件裝", "盒裝", "包裝"],
        Style::Taiwan => ["入組", "盒組", "包組"],
        Style::English => [" pcs", " boxes", " packs"],
    };
    let count = rng.random_range(2..25);
    match thing.goods.kind {
        SizeKind::Volume => {
            let millilitres = rng.random_range(1..40) * 25;
            let unit = if mainland { "毫升" } else { "mL" };
            format!("{millilitres}{unit}")
        }
        SizeKind::Weight => {
            let grams = rng.random_range(1..60) * 25;
            match style {
                Style::HongKong if rng.random_bool(0.4) => format!("{grams}克 x {count}"),
                Style::Mainland => format!("{grams}克"),
                _ => format!("{grams}g"),
            }
        }
        SizeKind::Count => format!("{count}{}", pack[rng.random_range(0..pack.len())]),
        SizeKind::Dimension => {
            let (width, height) = (rng.random_range(2..25) * 10, rng.random_range(2..25) * 10);
            format!("{width}x{height}cm")
        }
        SizeKind::Garment => {
            const SIZES: [&str; 7] = ["S", "M", "L", "XL", "XXL", "F", "均码"];
            SIZES[rng.random_range(0..SIZES.len())].to_owned()
        }
        SizeKind::Model => model_number(rng),
    }
}

/// A model number such as WH-1000X or KR45.
fn model_number(rng: &mut impl Rng) -> String {
    let letter = |rng: &mut _| char::from(b'A' + Rng::random_range(rng, 0..26u8));
    let mut number = String::new();
    for _ in 0..rng.random_range(1..4) {
        number.push(letter(rng));
    }
    if rng.random_bool(0.5) {
        number.push('-');
    }
    number.push_str(&rng.random_range(10..10_000).to_string());
    if rng.random_bool(0.4) {
        number.push(letter(rng));
    }
    number
}
