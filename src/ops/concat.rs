//! Concatenation, as in Inception and DenseNet.

use ndarray::{ArrayD, ArrayViewD, Axis, Slice};

use crate::compute::check_budget;
use crate::error::{Error, Result};
use crate::math::real::Real;
use crate::ops::shape::{axis_index, check_shape};

const OPERATOR: &str = "concat";

/// Concatenates the `inputs` along `axis`.
///
/// # Shapes
/// Equal except along `axis`, which counts from the end if negative; axis 1 concatenates channels.
/// Returns that shape with the sum of the extents along `axis`.
///
/// # Errors
/// [`Error::ShapeMismatch`] if there are no inputs or the shapes differ along other axes;
/// [`Error::OutOfRange`] if there is no such axis; [`Error::TooLarge`] beyond the memory budget.
///
/// # Source
/// Szegedy et al., Going Deeper with Convolutions, arXiv:1409.4842, section 4; ONNX `Concat`.
pub fn concat<F: Real>(inputs: &[ArrayViewD<F>], axis: isize) -> Result<ArrayD<F>> {
    let (shape, axis) = plan(inputs, axis)?;
    check_budget(OPERATOR, &[&shape])?;
    let mut output = ArrayD::zeros(shape);
    let mut start = 0;
    for input in inputs {
        let slice = next_slice(&mut start, input, axis);
        output.slice_axis_mut(axis, slice).assign(input);
    }
    Ok(output)
}

/// The gradient of [`concat()`] with respect to each of its inputs: its slice of `d_output`.
///
/// # Shapes
/// `d_output` has the shape of the result; returns the shapes of the inputs.
///
/// # Errors
/// As [`concat()`]; [`Error::ShapeMismatch`] if `d_output` does not have the shape of the result.
pub fn concat_backward<F: Real>(
    inputs: &[ArrayViewD<F>],
    d_output: ArrayViewD<F>,
    axis: isize,
) -> Result<Vec<ArrayD<F>>> {
    let (shape, axis) = plan(inputs, axis)?;
    check_shape(OPERATOR, "dOutput", &shape, d_output.shape())?;
    check_budget(OPERATOR, &[&shape])?;
    let mut start = 0;
    let slices = inputs.iter().map(|input| {
        let slice = next_slice(&mut start, input, axis);
        d_output.slice_axis(axis, slice).to_owned()
    });
    Ok(slices.collect())
}

/// The shape of the result, and the axis.
fn plan<F>(inputs: &[ArrayViewD<F>], axis: isize) -> Result<(Vec<usize>, Axis)> {
    let Some((first, others)) = inputs.split_first() else {
        return Err(Error::ShapeMismatch {
            operator: OPERATOR,
            argument: "inputs",
            expected: "at least one input".into(),
            got: "none".into(),
        });
    };
    let axis = axis_index(OPERATOR, axis, first.ndim())?;
    let mut shape = first.shape().to_vec();
    for input in others {
        let mut expected = shape.clone();
        if let Some(&extent) = input.shape().get(axis) {
            expected[axis] = extent;
        }
        check_shape(OPERATOR, "inputs", &expected, input.shape())?;
        // An extent that overflows fails the budget check.
        shape[axis] = shape[axis].saturating_add(expected[axis]);
    }
    Ok((shape, Axis(axis)))
}

fn next_slice<F>(start: &mut usize, input: &ArrayViewD<F>, axis: Axis) -> Slice {
    let end = *start + input.len_of(axis);
    let slice = Slice::from(*start..end);
    *start = end;
    slice
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn inputs_are_concatenated_and_gradients_are_their_slices() {
        let (a, b) = (
            array![[1.], [2.]].into_dyn(),
            array![[3., 4.], [5., 6.]].into_dyn(),
        );
        let inputs = [a.view(), b.view()];
        let output = concat(&inputs, 1).unwrap();
        assert_eq!(output, array![[1., 3., 4.], [2., 5., 6.]].into_dyn());
        assert_eq!(concat(&inputs, -1).unwrap(), output);
        assert_eq!(
            concat_backward(&inputs, output.view(), 1).unwrap(),
            [a.clone(), b.clone()]
        );
    }

    #[test]
    fn shapes_may_differ_along_the_axis_only() {
        let zeros = |shape: &[usize]| ArrayD::<f32>::zeros(shape);
        let (a, b, c) = (zeros(&[2, 3]), zeros(&[2, 0]), zeros(&[2, 3, 1]));
        assert!(concat::<f32>(&[], 0).is_err());
        assert!(matches!(
            concat(&[a.view(), b.view()], 0),
            Err(Error::ShapeMismatch {
                argument: "inputs",
                ..
            })
        ));
        assert!(concat(&[a.view(), c.view()], 0).is_err());
        assert!(concat(&[c.view(), a.view()], 2).is_err());
        assert!(matches!(
            concat(&[a.view()], 2),
            Err(Error::OutOfRange { .. })
        ));
        assert!(concat(&[zeros(&[]).view()], 0).is_err());
        assert_eq!(concat(&[a.view(), b.view()], 1).unwrap(), a);
        assert!(concat_backward(&[a.view()], b.view(), 1).is_err());
    }
}
