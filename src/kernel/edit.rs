//! One-click edits of a whole kernel.

use super::{Kernel, KernelSummary, LIMIT, check, summarize};
use crate::data::rng::Rng;
use crate::error::{Error, Result, check_range};

/// An edit of a whole kernel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Edit {
    /// A quarter turn clockwise.
    Rotate,
    /// Left and right swapped.
    Mirror,
    /// Top and bottom swapped.
    Flip,
    /// Rows and columns swapped.
    Transpose,
    /// Every weight times -1.
    Negate,
    /// Weights divided by their sum: flat areas keep their brightness.
    SumToOne,
    /// The mean weight subtracted: flat areas become 0.
    SumToZero,
    /// Weights divided by the sum of their magnitudes: outputs are never larger than inputs.
    L1ToOne,
    /// Every weight 0.
    Clear,
    /// Cropped or padded with zeros around the centre.
    ///
    /// The centre of an odd side is its middle. The centre of an even side of n weights is weight n
    /// / 2 (counted from 1), the one before the middle, as in "same" padding. So going from 3 to 4
    /// adds at the end, from 4 to 5 at the start, and shrinking removes exactly what was added.
    Resize {
        /// New number of rows, 1 to [`LIMIT`].
        height: usize,
        /// New number of columns, 1 to [`LIMIT`].
        width: usize,
    },
    /// Weights drawn from the standard normal distribution, rounded to two decimals.
    Random {
        /// The same seed and size give the same weights.
        seed: u64,
    },
}

/// `kernel` after `edit`. Only rotating, transposing and resizing change its size.
///
/// # Errors
/// [`Error::NotNormalisable`] if the sum or norm to divide by is 0 up to rounding,
/// [`Error::OutOfRange`] for a new size outside 1 to [`LIMIT`], otherwise as [`check`], before and
/// after the edit.
pub fn apply(kernel: &Kernel, edit: &Edit) -> Result<Kernel> {
    check(OPERATOR, kernel)?;
    let (height, width) = kernel.dim();
    let edited = match *edit {
        Edit::Rotate => Kernel::from_shape_fn((width, height), |(row, column)| {
            kernel[[height - 1 - column, row]]
        }),
        Edit::Mirror => Kernel::from_shape_fn((height, width), |(row, column)| {
            kernel[[row, width - 1 - column]]
        }),
        Edit::Flip => Kernel::from_shape_fn((height, width), |(row, column)| {
            kernel[[height - 1 - row, column]]
        }),
        Edit::Transpose => kernel.t().to_owned(),
        Edit::Negate => -kernel,
        Edit::SumToOne => kernel / sum(kernel)?,
        Edit::SumToZero => kernel - kernel.sum() / kernel.len() as f64,
        Edit::L1ToOne => kernel / l1(kernel)?,
        Edit::Clear => Kernel::zeros((height, width)),
        Edit::Resize { height, width } => resize(kernel, height, width)?,
        Edit::Random { seed } => random(height, width, seed),
    };
    // Adding 0 turns -0, which a grid would show as such, into 0.
    let edited = edited + 0.0;
    check(OPERATOR, &edited)?;
    Ok(edited)
}

const OPERATOR: &str = "editKernel";

/// The sum to divide by; a sum that is no larger than its rounding error counts as 0.
fn sum(kernel: &Kernel) -> Result<f64> {
    let KernelSummary { sum, l1 } = summarize(kernel);
    if sum.abs() <= l1 * f64::EPSILON * kernel.len() as f64 {
        return Err(Error::NotNormalisable {
            operator: OPERATOR,
            target: "sum 1",
            quantity: "sum",
        });
    }
    Ok(sum)
}

fn l1(kernel: &Kernel) -> Result<f64> {
    match summarize(kernel).l1 {
        0.0 => Err(Error::NotNormalisable {
            operator: OPERATOR,
            target: "L1 norm 1",
            quantity: "L1 norm",
        }),
        l1 => Ok(l1),
    }
}

fn resize(kernel: &Kernel, height: usize, width: usize) -> Result<Kernel> {
    check_side("height", height)?;
    check_side("width", width)?;
    let (old_height, old_width) = kernel.dim();
    Ok(Kernel::from_shape_fn((height, width), |(row, column)| {
        let old_row = old_index(row, height, old_height);
        let old_column = old_index(column, width, old_width);
        old_row
            .zip(old_column)
            .map_or(0.0, |(row, column)| kernel[[row, column]])
    }))
}

/// The index on a side of `old` weights that corresponds to `index` on a side of `new` weights,
/// both counted from the centre.
fn old_index(index: usize, new: usize, old: usize) -> Option<usize> {
    let center = |side: usize| (side - 1) / 2;
    (index + center(old))
        .checked_sub(center(new))
        .filter(|&index| index < old)
}

fn random(height: usize, width: usize, seed: u64) -> Kernel {
    let mut rng = Rng::new(seed);
    Kernel::from_shape_simple_fn((height, width), || (rng.normal() * 100.0).round() / 100.0)
}

fn check_side(argument: &'static str, side: usize) -> Result<()> {
    check_range(OPERATOR, argument, [1.0, LIMIT as f64], side as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::from_rows;
    use ndarray::array;
    use proptest::prelude::*;

    fn numbered() -> Kernel {
        array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
    }

    fn edited(edit: Edit) -> Kernel {
        apply(&numbered(), &edit).unwrap()
    }

    #[test]
    fn rotate_is_clockwise() {
        assert_eq!(
            edited(Edit::Rotate),
            array![[4.0, 1.0], [5.0, 2.0], [6.0, 3.0]]
        );
    }

    #[test]
    fn mirror_flip_and_transpose_swap_what_they_say() {
        assert_eq!(
            edited(Edit::Mirror),
            array![[3.0, 2.0, 1.0], [6.0, 5.0, 4.0]]
        );
        assert_eq!(edited(Edit::Flip), array![[4.0, 5.0, 6.0], [1.0, 2.0, 3.0]]);
        assert_eq!(
            edited(Edit::Transpose),
            array![[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]]
        );
    }

    #[test]
    fn clear_and_negate_leave_no_minus_zero() {
        assert_eq!(edited(Edit::Clear), Kernel::zeros((2, 3)));
        let negated = apply(&array![[0.0, 2.0]], &Edit::Negate).unwrap();
        assert_eq!(negated, array![[0.0, -2.0]]);
        assert!(negated[[0, 0]].is_sign_positive());
    }

    #[test]
    fn sums_and_norms_become_what_was_asked() {
        assert_eq!(
            apply(&array![[1.0, 2.0, 1.0]], &Edit::SumToOne),
            Ok(array![[0.25, 0.5, 0.25]])
        );
        assert_eq!(
            apply(&array![[1.0, 2.0, 3.0]], &Edit::SumToZero),
            Ok(array![[-1.0, 0.0, 1.0]])
        );
        assert_eq!(
            apply(&array![[-1.0, 2.0, 1.0]], &Edit::L1ToOne),
            Ok(array![[-0.25, 0.5, 0.25]])
        );
    }

    #[test]
    fn a_zero_sum_cannot_be_scaled_to_one_even_if_rounding_hides_it() {
        for kernel in [
            array![[0.0, 0.0]],
            array![[-1.0, 1.0]],
            array![[0.1, 0.2, -0.3]],
        ] {
            assert!(matches!(
                apply(&kernel, &Edit::SumToOne),
                Err(Error::NotNormalisable {
                    quantity: "sum",
                    ..
                })
            ));
        }
        assert!(matches!(
            apply(&array![[0.0, 0.0]], &Edit::L1ToOne),
            Err(Error::NotNormalisable {
                quantity: "L1 norm",
                ..
            })
        ));
    }

    #[test]
    fn a_result_beyond_the_weight_limit_is_an_error() {
        assert!(matches!(
            apply(&array![[1e6, -1e6, 1e-3]], &Edit::SumToOne),
            Err(Error::OutOfRange {
                argument: "kernel",
                ..
            })
        ));
    }

    #[test]
    fn resize_keeps_the_center() {
        let row = array![[1.0, 2.0, 3.0]];
        let resized = |width| apply(&row, &Edit::Resize { height: 1, width }).unwrap();
        assert_eq!(resized(1), array![[2.0]]);
        assert_eq!(resized(2), array![[2.0, 3.0]]);
        assert_eq!(resized(4), array![[1.0, 2.0, 3.0, 0.0]]);
        assert_eq!(resized(5), array![[0.0, 1.0, 2.0, 3.0, 0.0]]);
        let column = apply(
            &array![[1.0], [2.0]],
            &Edit::Resize {
                height: 3,
                width: 1,
            },
        )
        .unwrap();
        assert_eq!(column, array![[0.0], [1.0], [2.0]]);
    }

    #[test]
    fn resize_refuses_sizes_outside_the_limit() {
        for (height, width, argument) in [
            (0, 3, "height"),
            (3, 16, "width"),
            (usize::MAX, 1, "height"),
        ] {
            assert!(matches!(
                apply(&numbered(), &Edit::Resize { height, width }),
                Err(Error::OutOfRange { argument: named, .. }) if named == argument
            ));
        }
    }

    #[test]
    fn random_weights_depend_on_the_seed_only_and_have_two_decimals() {
        let draw = |seed| apply(&Kernel::ones((15, 15)), &Edit::Random { seed }).unwrap();
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
        for weight in draw(7) {
            assert_eq!((weight * 100.0).round() / 100.0, weight);
        }
        let mean = draw(7).sum() / 225.0;
        let variance = draw(7).mapv(|weight| (weight - mean).powi(2)).sum() / 225.0;
        assert!(mean.abs() < 0.3, "mean {mean}");
        assert!((0.6..1.5).contains(&variance), "variance {variance}");
    }

    fn kernels() -> impl Strategy<Value = Kernel> {
        (1..=LIMIT, 1..=LIMIT).prop_flat_map(|(height, width)| {
            prop::collection::vec(prop::collection::vec(-1e3..1e3, width), height)
                .prop_map(|rows| from_rows("test", &rows).unwrap())
        })
    }

    fn all(kernel: &Kernel, edits: &[Edit]) -> Kernel {
        edits
            .iter()
            .fold(kernel.clone(), |kernel, edit| apply(&kernel, edit).unwrap())
    }

    proptest! {
        #[test]
        fn rotating_and_mirroring_repeatedly_give_the_kernel_back(kernel in kernels()) {
            prop_assert_eq!(&all(&kernel, &[Edit::Rotate; 4]), &kernel);
            for edit in [Edit::Mirror, Edit::Flip, Edit::Transpose, Edit::Negate] {
                prop_assert_eq!(&all(&kernel, &[edit; 2]), &kernel);
            }
            prop_assert_eq!(all(&kernel, &[Edit::Rotate]), all(&kernel, &[Edit::Transpose, Edit::Mirror]));
            prop_assert_eq!(all(&kernel, &[Edit::Rotate; 2]), all(&kernel, &[Edit::Flip, Edit::Mirror]));
        }

        #[test]
        fn growing_and_shrinking_back_changes_nothing(kernel in kernels(), more in (0..LIMIT, 0..LIMIT)) {
            let (height, width) = kernel.dim();
            let grow = Edit::Resize { height: LIMIT.min(height + more.0), width: LIMIT.min(width + more.1) };
            prop_assert_eq!(&all(&kernel, &[grow, Edit::Resize { height, width }]), &kernel);
        }

        #[test]
        fn scaled_kernels_have_the_sum_they_promise(kernel in kernels()) {
            let zero = summarize(&all(&kernel, &[Edit::SumToZero])).sum;
            prop_assert!(zero.abs() < 1e-9, "sum {}", zero);
            if let Ok(one) = apply(&kernel, &Edit::SumToOne) {
                let KernelSummary { sum, l1 } = summarize(&one);
                prop_assert!((sum - 1.0).abs() < 1e-12 * l1, "sum {}", sum);
            }
            let l1 = summarize(&all(&kernel, &[Edit::L1ToOne])).l1;
            prop_assert!((l1 - 1.0).abs() < 1e-12, "L1 norm {}", l1);
        }
    }
}
