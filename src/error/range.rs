//! Range checks.

use crate::error::{Error, Result};

/// Largest learning rate, decay or variance accepted: far beyond any use, and small enough that
/// products stay finite.
pub(crate) const LIMIT: f64 = 1e6;

/// The largest number below 1: the upper end of a half-open range.
pub(crate) const BELOW_ONE: f64 = 1.0 - f64::EPSILON / 2.0;

/// Checks that `value` is finite and between `min` and `max`.
///
/// # Errors
/// [`Error::NotFinite`] or [`Error::OutOfRange`] naming `argument`.
pub(crate) fn check_finite_range(
    operator: &'static str,
    argument: &'static str,
    [min, max]: [f64; 2],
    value: f64,
) -> Result<()> {
    if !value.is_finite() {
        let got = value.to_string();
        return Err(Error::NotFinite {
            operator,
            argument,
            got,
        });
    }
    check_range(operator, argument, [min, max], value)
}

/// Checks that `got` lies in `min..=max`; NaN does not.
///
/// # Errors
/// [`Error::OutOfRange`].
pub(crate) fn check_range(
    operator: &'static str,
    argument: &'static str,
    [min, max]: [f64; 2],
    got: f64,
) -> Result<()> {
    if (min..=max).contains(&got) {
        return Ok(());
    }
    Err(Error::OutOfRange {
        operator,
        argument,
        min,
        max,
        got,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_belong_to_the_range_and_nan_does_not() {
        let check = |value| check_finite_range("test", "value", [0.0, BELOW_ONE], value);
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
