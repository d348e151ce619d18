mod encoding;
mod files;
mod parity;
mod reference;
mod synthetic;
