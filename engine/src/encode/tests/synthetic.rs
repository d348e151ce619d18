//! A tiny model in the format of the real one: no download, and every kind of piece and character.

use std::path::PathBuf;

use tempfile::TempDir;

use super::super::{Description, Encoder, MatrixPart, ModelParts, Piece, Shape, SpecialPieces};

/// Width of every layer: the least there is.
const WIDTH: u32 = 64;

/// Texts of pieces behind the special ones, with how probable they are.
const TEXTS: [(&str, f32); 14] = [
    ("▁", -3.0),
    ("▁red", -4.0),
    ("red", -6.0),
    ("r", -7.0),
    ("e", -7.0),
    ("d", -7.0),
    ("shoe", -5.0),
    ("▁shoe", -4.5),
    ("s", -7.0),
    ("鞋", -5.0),
    ("子", -5.0),
    ("鞋子", -9.0),
    ("红", -5.0),
    ("檸", -6.0),
];

/// Numbers that look random and are the same in every run.
pub struct Noise(pub u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        self.0 >> 33
    }

    /// Between -1 and 1.
    fn real(&mut self) -> f32 {
        (self.next() % 20_001) as f32 / 10_000.0 - 1.0
    }

    fn reals(&mut self, count: usize, middle: f32, size: f32) -> Vec<f32> {
        (0..count).map(|_| middle + size * self.real()).collect()
    }
}

/// The parts of the model.
pub fn parts() -> ModelParts {
    let mut noise = Noise(42);
    let shape = Shape {
        embedding: WIDTH,
        branch: WIDTH,
        hidden: WIDTH,
        dimensions: 2 * WIDTH,
    };
    let special = ["", "", ""].map(|text| (text, 0.0));
    let pieces: Vec<Piece> = (0u8..)
        .zip(special.iter().chain(&TEXTS))
        .map(|(number, (text, score))| Piece {
            text: (*text).to_owned(),
            score: *score,
            group: number % 2,
        })
        .collect();
    let matrix = |(inputs, outputs): (usize, usize)| MatrixPart {
        weights: (0..inputs * outputs)
            .map(|_| (noise.next() % 255) as u8 as i8)
            .collect(),
        scale: 0.002,
    };
    let matrices = shape.matrices().into_iter().map(matrix).collect();
    let [a, b, c, d, e, f, g, h, _] = shape.reals();
    ModelParts {
        description: Description {
            name: "synthetic".into(),
            version: "1".into(),
            origin: "made by a test".into(),
        },
        shape,
        character_map: character_map(&[
            ("Ｒ", "r"),
            ("\u{3000}", " "),
            ("\u{200b}", ""),
            ("①", "re"),
        ]),
        forms: vec![('柠', '檸'), ('紅', '红')],
        words: [("靴", "鞋"), ("t靴", " red shoe "), ("红舄", "红鞋")]
            .map(|(word, form)| (word.to_owned(), form.to_owned()))
            .into(),
        codes: (0..pieces.len() * WIDTH as usize)
            .map(|_| (noise.next() % 64) as u8)
            .collect(),
        pieces,
        unknown_score: -20.0,
        special: SpecialPieces {
            unknown: 0,
            begin: 1,
            end: 2,
        },
        steps: vec![(0.05, -1.5), (0.1, -3.0)],
        matrices,
        reals: vec![
            noise.reals(a, 0.0, 0.5),
            noise.reals(b, 1.0, 0.3),
            noise.reals(c, 0.0, 0.3),
            noise.reals(d, 0.0, 0.2),
            noise.reals(e, 0.0, 0.2),
            noise.reals(f, 1.0, 0.3),
            noise.reals(g, 0.0, 0.3),
            noise.reals(h, 0.0, 0.1),
            vec![1e-12],
        ],
    }
}

/// The model's file, and the folder that holds it.
pub fn file() -> (TempDir, PathBuf) {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("synthetic.encoder");
    parts().write(&path).expect("a file");
    (folder, path)
}

/// The model, opened. The file may go: a mapping stays.
pub fn encoder() -> Encoder {
    let (_folder, path) = file();
    Encoder::open(&path).expect("an encoder")
}

/// A character map as sentencepiece stores it: a double-array trie, here with 256 places a node, and the
/// replacements.
fn character_map(mapped: &[(&str, &str)]) -> Vec<u8> {
    const PLACES: usize = 256;
    const HAS_LEAF: u32 = 0x100;
    const LEAF: u32 = 0x8000_0000;
    let offset = |from: usize, to: usize| ((from ^ to) as u32) << 10;
    // An unused unit has a label that is no byte's.
    let mut units = vec![LEAF; 2 * PLACES];
    units[0] = offset(0, PLACES);
    let mut replacements = Vec::new();
    for (from, to) in mapped {
        let mut block = PLACES;
        let last = from.len() - 1;
        for (at, byte) in from.bytes().enumerate() {
            let place = block + usize::from(byte);
            if units[place] == LEAF {
                let below = units.len();
                units.resize(below + PLACES, LEAF);
                units[place] = offset(place, below) | u32::from(byte);
            }
            block = place ^ (units[place] >> 10) as usize;
            if at == last {
                units[place] |= HAS_LEAF;
                units[block] = LEAF | replacements.len() as u32;
            }
        }
        replacements.extend(to.bytes());
        replacements.push(0);
    }
    let mut bytes = ((units.len() * 4) as u32).to_le_bytes().to_vec();
    bytes.extend(units.into_iter().flat_map(u32::to_le_bytes));
    bytes.extend(replacements);
    bytes
}

/// One encoder for all cases of a property.
pub fn shared() -> &'static Encoder {
    static SHARED: std::sync::LazyLock<Encoder> = std::sync::LazyLock::new(encoder);
    &SHARED
}
