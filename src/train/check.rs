//! Refusals of numbers out of range.

use crate::error::{Error, Result};

/// Largest learning rate, decay or variance accepted: far beyond any use, and its products stay
/// finite.
pub(crate) const LIMIT: f64 = 1e6;

/// The largest number below 1: the upper end of a half-open range.
pub(crate) const BELOW_ONE: f64 = 1.0 - f64::EPSILON / 2.0;

/// Refuses `value` unless it is a number from `min` to `max`.
///
/// # Errors
/// [`Error::NotFinite`] or [`Error::OutOfRange`] naming `argument`.
pub(crate) fn range(
    operator: &'static str,
    argument: &'static str,
    value: f64,
    [min, max]: [f64; 2],
) -> Result<()> {
    if !value.is_finite() {
        let got = value.to_string();
        return Err(Error::NotFinite {
            operator,
            argument,
            got,
        });
    }
    if (min..=max).contains(&value) {
        return Ok(());
    }
    Err(Error::OutOfRange {
        operator,
        argument,
        min,
        max,
        got: value,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_belong_to_the_range_and_nan_does_not() {
        let check = |value| range("test", "value", value, [0.0, BELOW_ONE]);
        assert!(check(0.0).is_ok());
        assert!(check(BELOW_ONE).is_ok());
        assert!(matches!(
            check(1.0),
            Err(Error::OutOfRange { got: 1.0, .. })
        ));
        assert!(matches!(check(-1e-9), Err(Error::OutOfRange { .. })));
        assert!(matches!(check(f64::NAN), Err(Error::NotFinite { .. })));
        assert!(matches!(check(f64::INFINITY), Err(Error::NotFinite { .. })));
    }
}
