//! What a refusal must look like: the caller's fault, and the field by its name.

use tonic::{Code, Status};

/// Checks that a call was refused as INVALID_ARGUMENT and that the message begins with the field's path.
///
/// # Panics
/// When it was not.
pub fn assert_names_field<T: std::fmt::Debug>(answer: Result<T, Status>, field: &str) {
    match answer {
        Ok(answer) => panic!("{field}: accepted, with {answer:?}"),
        Err(status) => {
            assert_eq!(status.code(), Code::InvalidArgument, "{field}: {status:?}");
            let named = status.message().split(": ").next().unwrap_or_default();
            assert_eq!(named, field, "{}", status.message());
            let reason = status.message()[named.len()..].trim_start_matches(": ");
            assert!(!reason.is_empty(), "{field}: refused without a reason");
        }
    }
}

/// Checks the code of a refusal.
///
/// # Panics
/// When the call was accepted or refused otherwise.
pub fn assert_code<T: std::fmt::Debug>(answer: Result<T, Status>, code: Code) -> String {
    match answer {
        Ok(answer) => panic!("accepted where {code:?} was due: {answer:?}"),
        Err(status) => {
            assert_eq!(status.code(), code, "{status:?}");
            status.message().to_owned()
        }
    }
}
