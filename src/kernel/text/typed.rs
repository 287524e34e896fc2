//! One number as a learner types it.

use super::number::Fraction;
use super::refusal::shortened;
use super::spelling::normalised;
use crate::error::{Error, Result};
use crate::kernel::check_weight;

/// Reads one typed number: `-1.5`, `1/9`, `−2`, `0,5`, `1e-3`.
///
/// # Errors
/// [`Error::NotANumber`], also for a division by 0; [`Error::OutOfRange`] beyond the
/// [`WEIGHT_LIMIT`](crate::kernel::WEIGHT_LIMIT).
pub fn parse_number(text: &str) -> Result<f64> {
    const OPERATOR: &str = "parseNumber";
    let number = Fraction::read(normalised(text).trim()).and_then(Fraction::value);
    let number = number.ok_or_else(|| Error::NotANumber {
        operator: OPERATOR,
        got: shortened(text.trim()),
    })?;
    check_weight(OPERATOR, "number", number)?;
    Ok(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_numbers_are_read() {
        for (text, value) in [
            ("-1.5", -1.5),
            (" 1/9 ", 1.0 / 9.0),
            ("1 / 9", 1.0 / 9.0),
            ("\u{2212}2", -2.0),
            ("0,5", 0.5),
            ("1e-3", 1e-3),
            ("+.5", 0.5),
            ("5.", 5.0),
            ("-1/\u{2212}4", 0.25),
            ("1000000", 1e6),
        ] {
            assert_eq!(parse_number(text), Ok(value), "{text:?}");
        }
    }

    #[test]
    fn typed_text_that_is_no_number_is_refused() {
        for text in [
            "", " ", "-", "abc", "1 2", "1/0", "nan", "inf", "1e999", "1.2.3", "1,2,3", "[1]",
            "1/2/3",
        ] {
            let got = text.trim().to_string();
            assert_eq!(
                parse_number(text),
                Err(Error::NotANumber {
                    operator: "parseNumber",
                    got
                })
            );
        }
        assert!(matches!(
            parse_number("1e7"),
            Err(Error::OutOfRange {
                operator: "parseNumber",
                argument: "number",
                got: 1e7,
                ..
            })
        ));
    }
}
