mod encoding;
mod files;
mod parity;
mod reference;
pub(crate) mod synthetic;
