//! Shares and means as cells, each with its interval.

use crate::evaluate::statistics::Share;

/// A share, its 95 % interval, and of how many cases; "–" of none.
pub fn share(share: &Share) -> [String; 3] {
    match share.of {
        0 => ["–".to_owned(), String::new(), "0".to_owned()],
        of => [
            format!("{:.4}", share.share),
            interval(share.low, share.high),
            of.to_string(),
        ],
    }
}

/// A 95 % interval.
pub fn interval(low: f64, high: f64) -> String {
    format!("{low:.3} … {high:.3}")
}

/// A share and of how many cases, in one cell.
pub fn share_of(share: &Share) -> String {
    match share.of {
        0 => "–".to_owned(),
        of => format!("{:.4} of {of}", share.share),
    }
}
