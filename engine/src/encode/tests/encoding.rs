use proptest::prelude::*;

use super::{reference, synthetic};
use crate::base::limits::ENCODED_TEXT_BYTES_MAX;

/// Cosine that coding may cost a text.
const COSINE_MIN: f32 = 0.9995;

fn cosine(one: &[f32], other: &[f32]) -> f32 {
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}

#[test]
fn a_vector_is_that_of_plain_reals() {
    let (encoder, parts) = (synthetic::encoder(), synthetic::parts());
    for text in [
        "red shoe",
        "鞋",
        "鞋子 shoered 红红红 red",
        "",
        "?",
        "redredred shoe shoe 檸 鞋子子 redshoe",
    ] {
        let vector = encoder.encode(&[text]);
        let wanted = reference::vector(&parts, &encoder.pieces_of(text));
        let cosine = cosine(&vector, &wanted);
        assert!(cosine > COSINE_MIN, "{text:?}: {cosine}");
    }
}

#[test]
fn a_text_has_one_vector_in_whatever_company() {
    let encoder = synthetic::encoder();
    let texts: Vec<String> = (0..300)
        .map(|n| format!("red{} 鞋子 {}", " shoe".repeat(n % 7), n))
        .collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let together = encoder.encode(&texts);
    assert_eq!(together.len(), texts.len() * encoder.dimensions());
    for (text, vector) in texts.iter().zip(together.chunks(encoder.dimensions())) {
        assert_eq!(encoder.encode(&[text]), vector, "{text}");
    }
}

#[test]
fn a_query_is_remembered_as_it_was_encoded() {
    let encoder = synthetic::encoder();
    let first = encoder.encode_query("red shoe");
    let again = encoder.encode_query("red shoe");
    assert!(std::sync::Arc::ptr_eq(&first, &again));
    assert_eq!(*first, *encoder.encode(&["red shoe"]));
}

#[test]
fn the_most_probable_pieces_are_taken() {
    let encoder = synthetic::encoder();
    // By number: 3 is ▁, 4 ▁red, 5 red, 9 shoe, 10 ▁shoe, 14 鞋子 (as one better than as two).
    assert_eq!(encoder.pieces_of("red shoe"), [1, 4, 10, 2]);
    assert_eq!(encoder.pieces_of("鞋子"), [1, 3, 14, 2]);
    assert_eq!(encoder.pieces_of("shoered"), [1, 10, 5, 2]);
}

#[test]
fn characters_are_brought_to_the_form_that_is_known() {
    let encoder = synthetic::encoder();
    for (typed, known) in [
        ("Ｒed", "red"),
        ("①d", "red"),
        ("\u{3000}red\u{3000}\u{3000}shoe ", "red shoe"),
        ("re\u{200b}d", "red"),
        ("紅鞋", "红鞋"),
        ("柠", "檸"),
        ("靴靴子", "鞋鞋子"),
        // The longest word, in any case, and after its characters have taken their forms.
        ("sT靴", "s red shoe "),
        ("t靴s", " red shoe s"),
        ("紅舄", "红鞋"),
        ("红", "红"),
    ] {
        assert_eq!(
            encoder.pieces_of(typed),
            encoder.pieces_of(known),
            "{typed}"
        );
    }
}

#[test]
fn unknown_characters_are_counted_and_encoded() {
    let encoder = synthetic::encoder();
    let counted = encoder.count_pieces("red 煲樽");
    assert_eq!((counted.pieces, counted.unknown), (4, 2));
    assert_eq!(encoder.pieces_of(""), [1, 0, 2]);
    assert_eq!(encoder.pieces_of(" \u{200b}\u{3000}"), [1, 0, 2]);
}

#[test]
fn a_long_text_is_read_to_its_limit() {
    let encoder = synthetic::encoder();
    // 鞋 has three bytes: the limit falls inside one.
    let limit = "鞋".repeat(ENCODED_TEXT_BYTES_MAX / 3);
    let above = "鞋".repeat(ENCODED_TEXT_BYTES_MAX);
    assert_eq!(encoder.pieces_of(&above), encoder.pieces_of(&limit));
    assert_eq!(
        encoder.count_pieces(&above).pieces,
        1 + ENCODED_TEXT_BYTES_MAX / 3
    );
    assert_eq!(encoder.encode(&[&above]), encoder.encode(&[&limit]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_text_has_a_vector_of_length_one(text in "[redshoＲ①紅红鞋子柠檸煲 \u{3000}\u{200b}😀]{0,40}|\\PC{0,40}") {
        let vector = synthetic::shared().encode(&[&text]);
        let length = cosine(&vector, &vector);
        prop_assert!((length - 1.0).abs() < 1e-4, "{text:?}: {length}");
    }
}
