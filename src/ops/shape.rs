//! Shape checks and views that operators share.

use std::borrow::Cow;

use ndarray::{ArrayD, ArrayViewD, Axis};

use crate::error::{Error, Result, check_range};
use crate::math::arrays::shaped;
use crate::math::real::Real;

/// Checks that an argument has the `expected` shape.
///
/// # Errors
/// [`Error::ShapeMismatch`].
pub(crate) fn check_shape(
    operator: &'static str,
    argument: &'static str,
    expected: &[usize],
    got: &[usize],
) -> Result<()> {
    if expected == got {
        return Ok(());
    }
    Err(Error::ShapeMismatch {
        operator,
        argument,
        expected: format!("{expected:?}"),
        got: format!("{got:?}"),
    })
}

/// Checks that `channels` can be split into `groups` equal groups.
///
/// # Errors
/// [`Error::GroupsMismatch`].
pub(crate) fn check_groups(
    operator: &'static str,
    argument: &'static str,
    channels: usize,
    groups: usize,
) -> Result<()> {
    if groups == 0 || !channels.is_multiple_of(groups) {
        return Err(Error::GroupsMismatch {
            operator,
            argument,
            channels,
            groups,
        });
    }
    Ok(())
}

/// The index of `axis` among `rank` axes, where -1 is the last axis.
///
/// # Errors
/// [`Error::OutOfRange`]; [`Error::ShapeMismatch`] for an array without axes.
pub(crate) fn axis_index(operator: &'static str, axis: isize, rank: usize) -> Result<usize> {
    if rank == 0 {
        return Err(Error::ShapeMismatch {
            operator,
            argument: "input",
            expected: "at least one axis".into(),
            got: "[]".into(),
        });
    }
    let (min, max) = (-(rank as isize), rank as isize - 1);
    check_range(operator, "axis", [min as f64, max as f64], axis as f64)?;
    Ok(axis.rem_euclid(rank as isize) as usize)
}

/// A feature map with any number of spatial axes, as `[batch, channels, positions]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Channels {
    pub n: usize,
    pub c: usize,
    pub positions: usize,
}

impl Channels {
    /// # Errors
    /// [`Error::ShapeMismatch`] if there are fewer than two axes.
    pub fn of(operator: &'static str, shape: &[usize]) -> Result<Self> {
        match *shape {
            [n, c, ref spatial @ ..] => Ok(Channels {
                n,
                c,
                positions: spatial.iter().product(),
            }),
            _ => Err(Error::ShapeMismatch {
                operator,
                argument: "input",
                expected: "[batch, channels, ...]".into(),
                got: format!("{shape:?}"),
            }),
        }
    }
}

/// The values in row-major order, copied only if the view is not in that order already.
pub(crate) fn values<'a, T: Clone>(view: &'a ArrayViewD<'_, T>) -> Cow<'a, [T]> {
    match view.as_slice() {
        Some(values) => Cow::Borrowed(values),
        None => Cow::Owned(view.iter().cloned().collect()),
    }
}

/// Sums a gradient over the axes along which an array of `shape` was broadcast (NumPy's rule).
///
/// Sums are accumulated in `f64`.
pub(crate) fn sum_to_shape<F: Real>(gradient: &ArrayViewD<F>, shape: &[usize]) -> ArrayD<F> {
    let mut sums = gradient.mapv(F::as_f64);
    let leading = sums.ndim() - shape.len();
    for axis in 0..sums.ndim() {
        let kept = axis >= leading && shape[axis - leading] != 1;
        if !kept {
            sums = sums.sum_axis(Axis(axis)).insert_axis(Axis(axis));
        }
    }
    shaped(shape, sums.iter().map(|&sum| F::of(sum)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{arr0, array};

    #[test]
    fn negative_axes_count_from_the_end() {
        assert_eq!(axis_index("test", 0, 3), Ok(0));
        assert_eq!(axis_index("test", -1, 3), Ok(2));
        assert_eq!(axis_index("test", -3, 3), Ok(0));
        for axis in [3, -4, isize::MIN, isize::MAX] {
            assert!(matches!(
                axis_index("test", axis, 3),
                Err(Error::OutOfRange {
                    min: -3.0,
                    max: 2.0,
                    ..
                })
            ));
        }
        assert!(axis_index("test", 0, 0).is_err());
    }

    #[test]
    fn nan_is_never_in_range() {
        assert!(check_range("test", "p", [0.0, f64::INFINITY], f64::NAN).is_err());
        assert!(check_range("test", "p", [0.0, f64::INFINITY], 1e300).is_ok());
    }

    #[test]
    fn values_of_a_transposed_view_come_in_its_own_order() {
        let array = array![[1, 2], [3, 4]].into_dyn();
        assert_eq!(values(&array.view()).as_ref(), [1, 2, 3, 4]);
        assert_eq!(values(&array.t()).as_ref(), [1, 3, 2, 4]);
    }

    #[test]
    fn a_gradient_is_summed_over_what_was_broadcast() {
        let gradient = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]].into_dyn();
        let gradient = gradient.view();
        assert_eq!(
            sum_to_shape(&gradient, &[2, 1]),
            array![[6.0], [15.0]].into_dyn()
        );
        assert_eq!(
            sum_to_shape(&gradient, &[3]),
            array![5.0, 7.0, 9.0].into_dyn()
        );
        assert_eq!(sum_to_shape(&gradient, &[]), arr0(21.0).into_dyn());
    }
}
