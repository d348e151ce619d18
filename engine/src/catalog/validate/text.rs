//! Checks on texts and counts that many fields share.

use crate::base::{
    error::{Result, SampanError},
    limits,
};

/// A text of at most `bytes_max` bytes without control characters.
pub fn bounded(field: &str, text: &str, bytes_max: usize) -> Result<()> {
    if text.len() > bytes_max {
        let reason = format!("{} bytes; at most {bytes_max}", text.len());
        return Err(SampanError::invalid(field, reason));
    }
    if text.chars().any(char::is_control) {
        return Err(SampanError::invalid(field, "holds a control character"));
    }
    Ok(())
}

/// As [`bounded`], and not empty.
pub fn identifier(field: &str, text: &str, bytes_max: usize) -> Result<()> {
    if text.trim().is_empty() {
        return Err(SampanError::invalid(field, "must not be empty"));
    }
    bounded(field, text, bytes_max)
}

/// The name of a shopper's segment, or none.
pub fn segment(field: &str, text: &str) -> Result<()> {
    bounded(field, text, limits::SEGMENT_BYTES_MAX)?;
    if text.trim() != text {
        let reason = "must not begin or end with white space";
        return Err(SampanError::invalid(field, reason));
    }
    Ok(())
}

/// At most `max` of something.
pub fn countable(field: &str, count: usize, max: usize) -> Result<()> {
    if count > max {
        return Err(SampanError::invalid(
            field,
            format!("{count}; at most {max}"),
        ));
    }
    Ok(())
}
