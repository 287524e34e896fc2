//! The parts of error messages that quote the text.

use super::OPERATOR;
use crate::error::Error;

/// The [`Error::TextUnexpected`] for `got`, which is empty where the text ends.
pub(super) fn unexpected(row: usize, expected: &'static str, got: &str) -> Error {
    let got = match got.trim() {
        "" => "end of text".into(),
        got => shortened(got),
    };
    Error::TextUnexpected {
        operator: OPERATOR,
        row,
        expected,
        got,
    }
}

/// The [`Error::TextAmbiguous`] for `got`, which can mean `first` or `second`.
pub(super) fn ambiguous(got: &str, first: &str, second: &str) -> Error {
    Error::TextAmbiguous {
        operator: OPERATOR,
        got: shortened(got.trim()),
        first: first.into(),
        second: second.into(),
    }
}

/// The first characters of `text`, enough to find it again.
pub(super) fn shortened(text: &str) -> String {
    const LENGTH: usize = 24;
    match text.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into(),
    }
}
