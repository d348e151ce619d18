//! ARCHITECTURE.md promises that a module of the engine uses only modules on its own or lower floors.

use std::{fs, path::Path};

/// Rooms by floor, as in ARCHITECTURE.md.
const FLOORS: &[&[&str]] = &[
    &["base", "files", "trees"],
    &["config"],
    &[
        "store",
        "catalog",
        "behaviour",
        "encode",
        "exposure",
        "recommend",
    ],
    &["index"],
    &["flow"],
    &["search", "suggest", "feed", "admin"],
    &["node", "serve"],
];

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

/// Rooms named by `crate::room` or inside `use crate::{room::…, …}`.
fn rooms_used(text: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            None => rooms.extend(first_word(rest)),
            Some(group) => rooms.extend(rooms_of_group(group)),
        }
    }
    rooms
}

/// First names of a braced group, up to its closing brace.
fn rooms_of_group(group: &str) -> Vec<String> {
    let (mut rooms, mut depth, mut starts) = (Vec::new(), 0, true);
    for (place, character) in group.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => starts = true,
            c if starts && c.is_alphabetic() => {
                rooms.extend(first_word(&group[place..]));
                starts = false;
            }
            _ => {}
        }
    }
    rooms
}

fn first_word(text: &str) -> Option<String> {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_')?;
    Some(text[..end].to_owned())
}

fn check(folder: &Path, room: Option<&str>, faults: &mut Vec<String>, seen: &mut usize) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_stem()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let room = room.unwrap_or(name);
        if path.is_dir() {
            check(&path, Some(room), faults, seen);
            continue;
        }
        let Some(own) = floor(room) else {
            if room != "lib" {
                faults.push(format!("{room} stands on no floor"));
            }
            continue;
        };
        let text = fs::read_to_string(&path).expect("a source file");
        for used in rooms_used(&text) {
            *seen += 1;
            if floor(&used).is_some_and(|theirs| theirs > own) {
                faults.push(format!("{} uses {used}", path.display()));
            }
        }
    }
}

#[test]
fn no_module_looks_up() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../engine/src");
    let (mut faults, mut seen) = (Vec::new(), 0);
    check(&source, None, &mut faults, &mut seen);
    assert!(
        seen > 100,
        "only {seen} uses were read: the reader is broken"
    );
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_reader_sees_grouped_and_single_uses() {
    let text = "use crate::{base::{a, b}, flow::page, Node};\nuse crate::serve::x;\n";
    assert_eq!(rooms_used(text), ["base", "flow", "Node", "serve"]);
}
