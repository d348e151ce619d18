//! Builds the command anew when the demo catalogue that it holds has changed; `include_dir` alone would not tell.

fn main() {
    println!("cargo:rerun-if-changed=demo");
}
