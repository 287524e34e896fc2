//! Padding: a border of constant, mirrored, repeated or wrapped pixels around the input.

use ndarray::{Array4, ArrayView4, Ix4, s};

use crate::compute::check_budget;
use crate::error::{Axis, Result};
use crate::math::real::Real;
use crate::ops::shape::check_shape;
use crate::window::{PaddingMode, Sides, check_extents, check_padding};

const OPERATOR: &str = "pad2d";

/// How much padding, and how it is filled. The default adds nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pad2dOptions {
    /// Pixels added per side.
    pub padding: Sides,
    /// How they are filled.
    pub mode: PaddingMode,
    /// The constant used instead of 0 under [`PaddingMode::Zeros`].
    pub value: f64,
}

/// Surrounds each channel of `input` with a border.
///
/// # Shapes
/// `input` `[n, c, in_h, in_w]`; returns `[n, c, top + in_h + bottom, left + in_w + right]`.
///
/// # Errors
/// [`crate::error::Error::PaddingTooLarge`] if the mode needs more pixels than the input has;
/// [`crate::error::Error::OutOfRange`] and [`crate::error::Error::TooLarge`] beyond the limits.
///
/// # Source
/// PyTorch's `torch.nn.functional.pad`; ONNX calls the modes `constant`, `reflect`, `edge` and
/// `wrap`.
pub fn pad2d<F: Real>(input: ArrayView4<F>, options: &Pad2dOptions) -> Result<Array4<F>> {
    let shape = padded_shape(OPERATOR, input, options)?;
    check_budget(OPERATOR, &[&shape])?;
    let Pad2dOptions {
        padding,
        mode,
        value,
    } = *options;
    if mode != PaddingMode::Zeros || value == 0.0 {
        return Ok(pad(input, padding, mode));
    }
    let (_, _, in_h, in_w) = input.dim();
    let Sides { top, left, .. } = padding;
    let mut padded = Array4::from_elem(shape, F::of(value));
    padded
        .slice_mut(s![.., .., top..top + in_h, left..left + in_w])
        .assign(&input);
    Ok(padded)
}

/// Gradient of a loss with respect to the input of [`pad2d`]: each pixel sums the gradients of its
/// copies.
///
/// # Shapes
/// `input` as in [`pad2d`] (only its shape matters), `d_output` as its output; returns the shape of
/// `input`.
///
/// # Errors
/// As [`pad2d`], and [`crate::error::Error::ShapeMismatch`] if `d_output` is not shaped like the
/// output.
pub fn pad2d_backward<F: Real>(
    input: ArrayView4<F>,
    d_output: ArrayView4<F>,
    options: &Pad2dOptions,
) -> Result<Array4<F>> {
    let operator = "pad2dBackward";
    let shape = padded_shape(operator, input, options)?;
    check_shape(operator, "dOutput", &shape, d_output.shape())?;
    check_budget(operator, &[input.shape()])?;
    Ok(fold(
        d_output,
        options.padding,
        options.mode,
        input.raw_dim(),
    ))
}

fn padded_shape<F>(
    operator: &'static str,
    input: ArrayView4<F>,
    options: &Pad2dOptions,
) -> Result<[usize; 4]> {
    let (n, c, in_h, in_w) = input.dim();
    let Sides {
        top,
        left,
        bottom,
        right,
    } = options.padding;
    check_extents(operator, "padding", &[top, left, bottom, right], 0)?;
    check_padding(operator, options.mode, options.padding, [in_h, in_w])?;
    Ok([n, c, top + in_h + bottom, left + in_w + right])
}

/// The padded input; the caller has checked padding and size.
pub(super) fn pad<F: Real>(input: ArrayView4<F>, padding: Sides, mode: PaddingMode) -> Array4<F> {
    let (n, c, in_h, in_w) = input.dim();
    let rows = sources(mode, padding.along(Axis::Height), in_h);
    let cols = sources(mode, padding.along(Axis::Width), in_w);
    let mut padded = Array4::zeros((n, c, rows.len(), cols.len()));
    if padded.is_empty() {
        return padded;
    }
    let inside = padding.left..padding.left + in_w;
    for (row_idx, row) in rows.iter().enumerate() {
        let Some(row) = *row else { continue };
        padded
            .slice_mut(s![.., .., row_idx, inside.clone()])
            .assign(&input.slice(s![.., .., row, ..]));
        for (col_idx, col) in outside(&cols, padding) {
            padded
                .slice_mut(s![.., .., row_idx, col_idx])
                .assign(&input.slice(s![.., .., row, col]));
        }
    }
    padded
}

/// The adjoint of [`pad`]: adds each padded pixel to the input pixel that it copies.
pub(super) fn fold<F: Real>(
    padded: ArrayView4<F>,
    padding: Sides,
    mode: PaddingMode,
    shape: Ix4,
) -> Array4<F> {
    let mut folded = Array4::zeros(shape);
    if padded.is_empty() {
        return folded;
    }
    let (_, _, in_h, in_w) = folded.dim();
    let rows = sources(mode, padding.along(Axis::Height), in_h);
    let cols = sources(mode, padding.along(Axis::Width), in_w);
    let inside = padding.left..padding.left + in_w;
    for (row_idx, row) in rows.iter().enumerate() {
        let Some(row) = *row else { continue };
        let mut sum = folded.slice_mut(s![.., .., row, ..]);
        sum += &padded.slice(s![.., .., row_idx, inside.clone()]);
        for (col_idx, col) in outside(&cols, padding) {
            let mut sum = folded.slice_mut(s![.., .., row, col]);
            sum += &padded.slice(s![.., .., row_idx, col_idx]);
        }
    }
    folded
}

/// The border columns that copy an input column, each with that column.
fn outside(cols: &[Option<usize>], padding: Sides) -> impl Iterator<Item = (usize, usize)> {
    let last = cols.len() - padding.right;
    cols.iter()
        .enumerate()
        .filter(move |(idx, _)| *idx < padding.left || *idx >= last)
        .filter_map(|(idx, col)| Some((idx, (*col)?)))
}

/// For each position of a padded axis, the input index that fills it.
fn sources(mode: PaddingMode, [before, after]: [usize; 2], extent: usize) -> Vec<Option<usize>> {
    let (before, end) = (before as isize, (extent + after) as isize);
    (-before..end)
        .map(|position| mode.source(position, extent))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use ndarray::Array;

    fn padded(mode: PaddingMode, padding: Sides) -> Array4<f32> {
        let input = Array::from_shape_vec((1, 1, 2, 3), vec![1., 2., 3., 4., 5., 6.]).unwrap();
        let options = Pad2dOptions {
            padding,
            mode,
            value: 0.0,
        };
        pad2d(input.view(), &options).unwrap()
    }

    #[test]
    fn each_mode_fills_the_border_as_named() {
        let sides = Sides {
            top: 1,
            left: 2,
            bottom: 0,
            right: 1,
        };
        let rows = |mode| padded(mode, sides).into_raw_vec_and_offset().0;
        assert_eq!(
            rows(PaddingMode::Zeros),
            [
                0., 0., 0., 0., 0., 0., 0., 0., 1., 2., 3., 0., 0., 0., 4., 5., 6., 0.
            ]
        );
        assert_eq!(
            rows(PaddingMode::Reflect),
            [
                6., 5., 4., 5., 6., 5., 3., 2., 1., 2., 3., 2., 6., 5., 4., 5., 6., 5.
            ]
        );
        assert_eq!(
            rows(PaddingMode::Replicate),
            [
                1., 1., 1., 2., 3., 3., 1., 1., 1., 2., 3., 3., 4., 4., 4., 5., 6., 6.
            ]
        );
        assert_eq!(
            rows(PaddingMode::Circular),
            [
                5., 6., 4., 5., 6., 4., 2., 3., 1., 2., 3., 1., 5., 6., 4., 5., 6., 4.
            ]
        );
    }

    #[test]
    fn a_constant_other_than_zero_surrounds_the_input() {
        let input = Array::from_shape_vec((1, 1, 1, 1), vec![7.0]).unwrap();
        let options = Pad2dOptions {
            padding: Sides {
                right: 2,
                ..Sides::default()
            },
            value: -1.5,
            ..Default::default()
        };
        let padded = pad2d(input.view(), &options).unwrap();
        assert_eq!(padded.into_raw_vec_and_offset().0, [7.0, -1.5, -1.5]);
    }

    #[test]
    fn each_pixel_sums_the_gradients_of_its_copies() {
        let copies = |mode| {
            let input = Array4::<f32>::zeros((1, 1, 1, 3));
            let options = Pad2dOptions {
                padding: Sides {
                    left: 2,
                    right: 1,
                    ..Sides::default()
                },
                mode,
                value: 3.0,
            };
            let d_output = Array4::ones((1, 1, 1, 6));
            let d_input = pad2d_backward(input.view(), d_output.view(), &options).unwrap();
            d_input.into_raw_vec_and_offset().0
        };
        assert_eq!(copies(PaddingMode::Zeros), [1., 1., 1.]);
        assert_eq!(copies(PaddingMode::Reflect), [1., 3., 2.]);
        assert_eq!(copies(PaddingMode::Replicate), [3., 1., 2.]);
        assert_eq!(copies(PaddingMode::Circular), [2., 2., 2.]);
    }

    #[test]
    fn borders_that_cannot_be_filled_are_refused() {
        let run = |input: [usize; 4], mode, extent| {
            let input = Array4::<f32>::zeros(input);
            let options = Pad2dOptions {
                padding: Sides::all(extent),
                mode,
                value: 0.0,
            };
            pad2d(input.view(), &options)
        };
        for mode in [
            PaddingMode::Reflect,
            PaddingMode::Replicate,
            PaddingMode::Circular,
        ] {
            let refused = run([1, 1, 0, 2], mode, 1);
            assert!(matches!(refused, Err(Error::PaddingTooLarge { .. })));
        }
        assert!(matches!(
            run([1, 1, 2, 2], PaddingMode::Zeros, usize::MAX),
            Err(Error::OutOfRange { .. })
        ));
        assert!(matches!(
            run([1, 1, 2, 2], PaddingMode::Replicate, 1 << 19),
            Err(Error::TooLarge { .. })
        ));
        assert_eq!(
            run([1, 1, 0, 1], PaddingMode::Zeros, 1).unwrap(),
            Array4::<f32>::zeros([1, 1, 2, 3])
        );
        let nothing = run([0, 2, 3, 3], PaddingMode::Replicate, 9);
        assert_eq!(nothing.unwrap().dim(), (0, 2, 21, 21));
        // On 32-bit targets the product of these extents overflows.
        assert!(matches!(
            run([0, 2, 3, 3], PaddingMode::Replicate, 1 << 19),
            Err(Error::TooLarge { .. })
        ));
    }

    #[test]
    fn no_padding_copies_the_input() {
        assert_eq!(
            padded(PaddingMode::Zeros, Sides::default()).dim(),
            (1, 1, 2, 3)
        );
    }
}
