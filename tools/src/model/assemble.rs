//! The parts of an encoder's file, from the package.

use std::collections::{HashMap, HashSet};

use prost::Message;
use sampan_analyzers::Analyzer;
use sampan_engine::encode::{Description, MatrixPart, ModelParts, Piece, Shape, SpecialPieces};

use super::{
    forms::forms,
    numpy::Arrays,
    package::{PACKAGE, Package, PackageError, VERSION},
    scripts::is_kept,
    sentencepiece::{SentencePiece, SentencePieceModel},
    words::{KnownCharacters, words},
};

/// Numbers of the marks in the package's vocabulary.
const SPECIAL: SpecialPieces = SpecialPieces {
    unknown: 0,
    begin: 1,
    end: 2,
};

/// How much less than the least probable piece an unknown character is (sentencepiece's `kUnkPenalty`).
const UNKNOWN_PENALTY: f32 = 10.0;

/// Widths of the package's convolutions, in its arrays' names.
const CONVOLUTIONS: [usize; 3] = [2, 3, 5];

/// The largest signed byte that weights have.
const WEIGHT_MAX: f32 = 127.0;

/// How far from a whole number a weight in units of its scale may be.
const ROUNDING_MAX: f32 = 0.01;

/// Hexadecimal digits that tell one choice of pieces and forms from another.
const CHOICE_DIGITS: usize = 8;

/// A model, and how much of the package's vocabulary it has.
pub struct Assembled {
    pub parts: ModelParts,
    pub pieces_of_package: usize,
}

/// Reads the package, leaves out what is not needed, and finds the form of every character that is known.
///
/// # Errors
/// The package does not hold what it should.
pub fn assemble(package: Package, analyzer: &Analyzer) -> Result<Assembled, PackageError> {
    read(package, analyzer).map_err(PackageError::Content)
}

fn read(package: Package, analyzer: &Analyzer) -> Result<Assembled, String> {
    let vocabulary = SentencePieceModel::decode(package.vocabulary.as_slice());
    let vocabulary = vocabulary.map_err(|error| format!("sp.model: {error}"))?;
    let character_map = vocabulary
        .normalizer
        .and_then(|spec| spec.precompiled_charsmap);
    let mut arrays = Arrays::new(package.weights)?;
    let (steps, _) = arrays.reals("scale")?;
    let (lows, _) = arrays.reals("lo")?;
    let kept: Vec<usize> = (0..vocabulary.pieces.len())
        .filter(|number| is_kept(vocabulary.pieces[*number].text()))
        .collect();
    let (codes, embedding) = codes(&mut arrays, &kept, steps.len())?;
    let pieces = pieces(&vocabulary.pieces, &kept, steps.len());
    let scores = vocabulary.pieces.iter().filter_map(|piece| piece.score);
    let single = |piece: &Piece| {
        let mut characters = piece.text.chars();
        characters.next().filter(|_| characters.next().is_none())
    };
    let known: HashSet<char> = pieces.iter().filter_map(single).collect();
    let (matrices, shape) = matrices(&mut arrays, embedding)?;
    let forms = forms(analyzer, &known);
    let characters = KnownCharacters {
        known,
        forms: HashMap::from_iter(forms.iter().copied()),
    };
    let words = words(analyzer, &characters);
    let parts = ModelParts {
        description: Description {
            name: "use-multilingual-3".into(),
            version: format!("{VERSION}-{}", choice(&pieces, &forms, &words)),
            origin: format!("{PACKAGE} {VERSION}, Apache-2.0"),
        },
        shape,
        character_map: character_map.ok_or("sp.model has no character map")?,
        forms,
        words,
        unknown_score: scores.fold(0.0, f32::min) - UNKNOWN_PENALTY,
        pieces,
        special: SPECIAL,
        codes,
        steps: steps.into_iter().zip(lows).collect(),
        matrices,
        reals: reals(&mut arrays)?,
    };
    Ok(Assembled {
        parts,
        pieces_of_package: vocabulary.pieces.len(),
    })
}

/// Tells models apart that the same package makes: by the pieces kept and by what is encoded in the place of what.
fn choice(pieces: &[Piece], forms: &[(char, char)], words: &[(String, String)]) -> String {
    let mut hasher = blake3::Hasher::new();
    for piece in pieces {
        hasher.update(piece.text.as_bytes()).update(b"\n");
    }
    for (from, to) in forms {
        hasher.update(format!("{from}{to}\n").as_bytes());
    }
    for (word, form) in words {
        hasher.update(format!("{word}\t{form}\n").as_bytes());
    }
    hasher.finalize().to_hex()[..CHOICE_DIGITS].to_owned()
}

fn pieces(all: &[SentencePiece], kept: &[usize], groups: usize) -> Vec<Piece> {
    let piece = |number: &usize| Piece {
        text: all[*number].text().to_owned(),
        score: all[*number].score.unwrap_or(0.0),
        group: (number % groups) as u8,
    };
    kept.iter().map(piece).collect()
}

/// Embedding codes of the kept pieces, and how many numbers each has. The package deals pieces out to groups
/// in turn.
fn codes(arrays: &mut Arrays, kept: &[usize], groups: usize) -> Result<(Vec<u8>, usize), String> {
    let tables = (1..=groups).map(|group| arrays.bytes(&format!("q{group}")));
    let tables = tables.collect::<Result<Vec<_>, _>>()?;
    let width = tables.first().and_then(|(_, shape)| shape.last().copied());
    let width = width.ok_or("the package has no embedding")?;
    let mut codes = Vec::with_capacity(kept.len() * width);
    for number in kept {
        let (table, _) = &tables[number % groups];
        let at = number / groups * width;
        let row = table
            .get(at..at + width)
            .ok_or("a piece has no embedding")?;
        codes.extend_from_slice(row);
    }
    Ok((codes, width))
}

/// All matrices in the order of the file, and the widths of the layers.
fn matrices(arrays: &mut Arrays, embedding: usize) -> Result<(Vec<MatrixPart>, Shape), String> {
    let mut matrices = Vec::new();
    for width in CONVOLUTIONS {
        matrices.push(matrix(arrays, &format!("proj{width}"))?.0);
    }
    let mut branch = 0;
    for layer in ["w1", "w2"] {
        for width in CONVOLUTIONS {
            let (whole, outputs) = matrix(arrays, &format!("{layer}_{width}"))?;
            branch = outputs;
            let windows = whole.weights.chunks(whole.weights.len() / width);
            matrices.extend(windows.map(|weights| MatrixPart {
                weights: weights.to_vec(),
                scale: whole.scale,
            }));
        }
    }
    let mut widths = Vec::new();
    for name in ["cnn_W", "d0", "p1", "d1", "d2", "p3", "d3"] {
        let (matrix, outputs) = matrix(arrays, name)?;
        matrices.push(matrix);
        widths.push(outputs as u32);
    }
    let shape = Shape {
        embedding: embedding as u32,
        branch: branch as u32,
        hidden: widths[1],
        dimensions: widths[0],
    };
    Ok((matrices, shape))
}

/// A matrix as the signed bytes that it was published in, and how many outputs it has.
fn matrix(arrays: &mut Arrays, name: &str) -> Result<(MatrixPart, usize), String> {
    let (reals, shape) = arrays.reals(name)?;
    let outputs = *shape.last().ok_or_else(|| format!("{name} is no matrix"))?;
    let largest = reals
        .iter()
        .fold(0.0f32, |largest, real| largest.max(real.abs()));
    let scale = largest / WEIGHT_MAX;
    let byte = |real: &f32| {
        let exact = real / scale;
        let is_byte = (exact - exact.round()).abs() < ROUNDING_MAX;
        is_byte.then_some(exact.round() as i8)
    };
    let weights: Option<Vec<i8>> = reals.iter().map(byte).collect();
    let weights = weights.ok_or_else(|| format!("{name} is not made of signed bytes"))?;
    Ok((MatrixPart { weights, scale }, outputs))
}

/// All lists of reals in the order of the file.
fn reals(arrays: &mut Arrays) -> Result<Vec<Vec<f32>>, String> {
    let mut lists = Vec::new();
    for name in ["proj_b", "ln_g", "ln_b", "b1_", "b2_"] {
        let mut side_by_side = Vec::new();
        for width in CONVOLUTIONS {
            side_by_side.extend(arrays.reals(&format!("{name}{width}"))?.0);
        }
        lists.push(side_by_side);
    }
    for name in ["ln_g", "ln_b", "cnn_b"] {
        lists.push(arrays.reals(name)?.0);
    }
    lists.push(vec![arrays.double("eps")? as f32]);
    Ok(lists)
}
