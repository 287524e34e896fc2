//! Max unpooling: puts each maximum back at its argmax.

use ndarray::{Array4, ArrayView4};

use crate::compute::check_budget;
use crate::compute::layout::{block, row_major};
use crate::error::{Axis, Error, Result};
use crate::math::arrays::shaped;
use crate::math::real::Real;
use crate::ops::shape::check_shape;
use crate::window::{Padding, Sides, Window, check_extents};

const OPERATOR: &str = "unpool2d";

/// The max pooling that is undone. The default has adjacent windows of 2 x 2 pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unpool2dOptions {
    /// Extents of the pooling window `[rows, columns]`.
    pub size: [usize; 2],
    /// Stride of the pooling window `[rows, columns]`; `None` means `size`.
    pub stride: Option<[usize; 2]>,
    /// Padding of the pooling per side.
    pub padding: Sides,
    /// Extents of the output `[rows, columns]`; `None` means the smallest extents that the
    /// pooling's input may have had.
    pub output_size: Option<[usize; 2]>,
}

impl Default for Unpool2dOptions {
    fn default() -> Self {
        Unpool2dOptions {
            size: [2, 2],
            stride: None,
            padding: Sides::default(),
            output_size: None,
        }
    }
}

/// Writes each value of `input` at its index into an output of zeros. If several values have the
/// same index, because windows overlapped, the last one is kept.
///
/// # Shapes
/// `input` and `indices` `[n, c, in_h, in_w]`, indices as in [`crate::ops::pool2d::Pooled`] but in
/// the output plane; returns `[n, c, out_h, out_w]`, extents from
/// [`Unpool2dOptions::output_size`] or else [`Window::transposed_extent`].
///
/// # Errors
/// [`Error::ShapeMismatch`] if `indices` is not shaped like `input`; [`Error::OutOfRange`] for an
/// index outside the output plane and as in [`Window::new`]; [`Error::TooLarge`] beyond the memory
/// budget.
///
/// # Source
/// Zeiler and Fergus, arXiv:1311.2901, section 2.1; options as in PyTorch's `max_unpool2d`.
pub fn unpool2d<F: Real>(
    input: ArrayView4<F>,
    indices: ArrayView4<i32>,
    options: &Unpool2dOptions,
) -> Result<Array4<F>> {
    let plan = Plan::new(OPERATOR, input, indices, options)?;
    let values = row_major(input);
    let mut output = vec![F::zero(); plan.output_shape.iter().product()];
    for idx in 0..plan.planes {
        let output = &mut output[block(idx, plan.out_len)];
        let indices = &plan.indices[block(idx, plan.in_len)];
        for (&value, &to) in values[block(idx, plan.in_len)].iter().zip(indices) {
            output[to] = value;
        }
    }
    Ok(shaped(plan.output_shape, output))
}

/// Gradient of a loss with respect to the input of [`unpool2d`], from `d_output`, its gradient with
/// respect to the output. A value that was overwritten by another receives 0 (PyTorch gives it the
/// same gradient as the value that was kept).
///
/// # Shapes
/// `input` and `indices` as in [`unpool2d`], `d_output` as its output; returns the shape of
/// `input`.
///
/// # Errors
/// As [`unpool2d`], and [`Error::ShapeMismatch`] if `d_output` is not shaped like the output.
pub fn unpool2d_backward<F: Real>(
    input: ArrayView4<F>,
    indices: ArrayView4<i32>,
    d_output: ArrayView4<F>,
    options: &Unpool2dOptions,
) -> Result<Array4<F>> {
    let operator = "unpool2dBackward";
    let plan = Plan::new(operator, input, indices, options)?;
    check_shape(operator, "dOutput", &plan.output_shape, d_output.shape())?;
    let mut d_values = row_major(d_output).into_owned();
    let mut d_input = vec![F::zero(); input.len()];
    for idx in 0..plan.planes {
        let d_output = &mut d_values[block(idx, plan.out_len)];
        let indices = &plan.indices[block(idx, plan.in_len)];
        // From the last value to the first: the last value at an index takes its gradient, and
        // earlier ones get 0.
        let kept = d_input[block(idx, plan.in_len)]
            .iter_mut()
            .zip(indices)
            .rev();
        for (d_value, &from) in kept {
            *d_value = std::mem::take(&mut d_output[from]);
        }
    }
    Ok(shaped(input.dim(), d_input))
}

/// The checked arguments.
struct Plan {
    output_shape: [usize; 4],
    planes: usize,
    in_len: usize,
    out_len: usize,
    /// Checked indices into the output planes, row-major.
    indices: Vec<usize>,
}

impl Plan {
    fn new<F: Real>(
        operator: &'static str,
        input: ArrayView4<F>,
        indices: ArrayView4<i32>,
        options: &Unpool2dOptions,
    ) -> Result<Self> {
        let (n, c, in_h, in_w) = input.dim();
        check_shape(operator, "indices", input.shape(), indices.shape())?;
        let window = Window::new(
            operator,
            options.size,
            options.stride.unwrap_or(options.size),
            [1, 1],
            Padding::Explicit(options.padding),
            [in_h, in_w],
        )?;
        let [out_h, out_w] = match options.output_size {
            Some(size) => {
                check_extents(operator, "outputSize", &size, 1)?;
                size
            }
            None => [
                window.transposed_extent(operator, Axis::Height, in_h, 0)?,
                window.transposed_extent(operator, Axis::Width, in_w, 0)?,
            ],
        };
        let output_shape = [n, c, out_h, out_w];
        // Each index takes as much memory as two `f32`.
        let indices_shape = [n, c, in_h, in_w, 2];
        check_budget(operator, &[&output_shape, input.shape(), &indices_shape])?;
        let out_len = out_h * out_w;
        let checked = |&idx: &i32| {
            let inside = usize::try_from(idx).ok().filter(|idx| *idx < out_len);
            inside.ok_or(Error::OutOfRange {
                operator,
                argument: "indices",
                min: 0.0,
                max: (out_len - 1) as f64,
                got: f64::from(idx),
            })
        };
        Ok(Plan {
            output_shape,
            planes: n * c,
            in_len: in_h * in_w,
            out_len,
            indices: indices.iter().map(checked).collect::<Result<_>>()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::pool2d::{Pool2dOptions, pool2d};
    use ndarray::array;

    #[test]
    fn each_maximum_returns_to_its_argmax() {
        let input = array![[[[1., 5., 2., 0.], [4., 3., 9., 1.]]]];
        let pooled = pool2d(input.view(), &Pool2dOptions::default()).unwrap();
        let indices = pooled.indices.unwrap();
        let back = unpool2d(
            pooled.output.view(),
            indices.view(),
            &Unpool2dOptions::default(),
        );
        assert_eq!(
            back.unwrap(),
            array![[[[0., 5., 0., 0.], [0., 0., 9., 0.]]]]
        );
    }

    #[test]
    fn of_values_with_the_same_index_the_last_is_kept_and_has_the_gradient() {
        let options = Unpool2dOptions {
            size: [1, 1],
            ..Default::default()
        };
        let (input, indices) = (array![[[[3., 4., 5.]]]], array![[[[2, 2, 0]]]]);
        let output = unpool2d(input.view(), indices.view(), &options).unwrap();
        assert_eq!(output, array![[[[5., 0., 4.]]]]);
        let d_output = array![[[[1., 10., 100.]]]];
        let d_input = unpool2d_backward(input.view(), indices.view(), d_output.view(), &options);
        assert_eq!(d_input.unwrap(), array![[[[0., 100., 1.]]]]);
    }

    #[test]
    fn indices_outside_the_output_are_refused() {
        let input = array![[[[3.0_f32]]]];
        let run = |index: i32, options: &Unpool2dOptions| {
            unpool2d(input.view(), array![[[[index]]]].view(), options)
        };
        let default = Unpool2dOptions::default();
        for index in [-1, 4, i32::MIN, i32::MAX] {
            assert!(matches!(
                run(index, &default),
                Err(Error::OutOfRange {
                    argument: "indices",
                    max: 3.0,
                    ..
                })
            ));
        }
        let sized = |size| Unpool2dOptions {
            output_size: Some(size),
            ..default
        };
        assert!(run(5, &sized([2, 3])).is_ok());
        assert!(matches!(
            run(0, &sized([0, 3])),
            Err(Error::OutOfRange { .. })
        ));
        assert!(matches!(
            run(0, &sized([1 << 20; 2])),
            Err(Error::TooLarge { .. })
        ));
        let few = Array4::<i32>::zeros((1, 1, 1, 2));
        assert!(matches!(
            unpool2d(input.view(), few.view(), &default),
            Err(Error::ShapeMismatch {
                argument: "indices",
                ..
            })
        ));
    }
}
