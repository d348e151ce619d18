mod encoding;
mod files;
mod parity;
mod reference;
mod synthetic;
mod taken_means;
