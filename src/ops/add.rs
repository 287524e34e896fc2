//! Addition, which joins a residual connection.

use ndarray::{ArrayD, ArrayViewD};

use crate::compute::check_budget;
use crate::error::{Error, Result};
use crate::math::real::Real;
use crate::ops::shape::{check_shape, sum_to_shape};

const OPERATOR: &str = "add";

/// The sum of all `inputs`, added in order.
///
/// # Shapes
/// Equal, or broadcastable by NumPy's rule: aligned at the last axis, extents are equal or 1.
/// Returns the broadcast shape.
///
/// # Errors
/// [`Error::ShapeMismatch`] if there are no inputs, or if the shapes do not broadcast;
/// [`Error::TooLarge`] beyond the memory budget.
///
/// # Source
/// He, Zhang, Ren and Sun, Deep Residual Learning, arXiv:1512.03385, equation 1; broadcasting as
/// in ONNX `Add` and `Sum`.
pub fn add<F: Real>(inputs: &[ArrayViewD<F>]) -> Result<ArrayD<F>> {
    let shape = broadcast_shape(inputs)?;
    check_budget(OPERATOR, &[&shape])?;
    let mut sum = ArrayD::zeros(shape);
    for (idx, input) in inputs.iter().enumerate() {
        // The first is copied, because 0 + −0 would lose its sign.
        if idx == 0 {
            sum.zip_mut_with(input, |sum, &x| *sum = x);
        } else {
            sum += input;
        }
    }
    Ok(sum)
}

/// The gradient of [`add`] with respect to each of its inputs: `d_output`, summed in `f64` over the
/// axes along which that input was broadcast.
///
/// # Shapes
/// `d_output` has the shape of the sum; returns the shapes of the inputs.
///
/// # Errors
/// As [`add`]; [`Error::ShapeMismatch`] if `d_output` does not have the shape of the sum.
pub fn add_backward<F: Real>(
    inputs: &[ArrayViewD<F>],
    d_output: ArrayViewD<F>,
) -> Result<Vec<ArrayD<F>>> {
    let shape = broadcast_shape(inputs)?;
    check_shape(OPERATOR, "dOutput", &shape, d_output.shape())?;
    let mut needed = vec![&shape[..]; 2];
    needed.extend(inputs.iter().map(|input| input.shape()));
    check_budget(OPERATOR, &needed)?;
    let gradient = |input: &ArrayViewD<F>| {
        if input.shape() == d_output.shape() {
            d_output.to_owned()
        } else {
            sum_to_shape(&d_output, input.shape())
        }
    };
    Ok(inputs.iter().map(gradient).collect())
}

fn broadcast_shape<F>(inputs: &[ArrayViewD<F>]) -> Result<Vec<usize>> {
    let mut shape = Vec::new();
    for input in inputs {
        shape = joined(&shape, input.shape())?;
    }
    if inputs.is_empty() {
        return Err(Error::ShapeMismatch {
            operator: OPERATOR,
            argument: "inputs",
            expected: "at least one input".into(),
            got: "none".into(),
        });
    }
    Ok(shape)
}

fn joined(left: &[usize], right: &[usize]) -> Result<Vec<usize>> {
    let rank = left.len().max(right.len());
    let extent = |shape: &[usize], axis: usize| {
        let missing = rank - shape.len();
        if axis < missing {
            1
        } else {
            shape[axis - missing]
        }
    };
    (0..rank)
        .map(|axis| match (extent(left, axis), extent(right, axis)) {
            (left, right) if left == right => Ok(left),
            (1, other) | (other, 1) => Ok(other),
            _ => Err(Error::ShapeMismatch {
                operator: OPERATOR,
                argument: "inputs",
                expected: format!("one that broadcasts to {left:?}"),
                got: format!("{right:?}"),
            }),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{arr0, array};

    #[test]
    fn equal_shapes_are_added_value_by_value() {
        let (a, b) = (
            array![1.0_f32, -0.0].into_dyn(),
            array![10.0, 0.0].into_dyn(),
        );
        let sum = add(&[a.view(), b.view(), b.view()]).unwrap();
        assert_eq!(sum, array![21.0, 0.0].into_dyn());
        assert!(add(&[a.view()]).unwrap()[1].is_sign_negative());
    }

    #[test]
    fn each_shape_broadcasts_to_the_others_and_gets_the_summed_gradient() {
        let (row, col) = (
            array![1.0, 2.0, 3.0].into_dyn(),
            array![[10.0], [20.0]].into_dyn(),
        );
        let one = arr0(100.0).into_dyn();
        let inputs = [row.view(), col.view(), one.view()];
        let sum = add(&inputs).unwrap();
        assert_eq!(
            sum,
            array![[111.0, 112.0, 113.0], [121.0, 122.0, 123.0]].into_dyn()
        );
        let d_output = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]].into_dyn();
        let gradients = add_backward(&inputs, d_output.view()).unwrap();
        assert_eq!(gradients[0], array![5.0, 7.0, 9.0].into_dyn());
        assert_eq!(gradients[1], array![[6.0], [15.0]].into_dyn());
        assert_eq!(gradients[2], arr0(21.0).into_dyn());
    }

    #[test]
    fn shapes_that_do_not_broadcast_and_huge_results_are_refused() {
        let zeros = |shape: &[usize]| ArrayD::<f32>::zeros(shape);
        assert!(add::<f32>(&[]).is_err());
        assert!(matches!(
            add(&[zeros(&[2, 3]).view(), zeros(&[2]).view()]),
            Err(Error::ShapeMismatch { .. })
        ));
        assert!(add_backward(&[zeros(&[2]).view()], zeros(&[1, 2]).view()).is_err());
        let (tall, wide) = (zeros(&[1 << 16, 1]), zeros(&[1, 1 << 16]));
        assert!(matches!(
            add(&[tall.view(), wide.view()]),
            Err(Error::TooLarge { .. })
        ));
        assert_eq!(
            add(&[zeros(&[0, 3]).view(), zeros(&[1]).view()])
                .unwrap()
                .shape(),
            [0, 3]
        );
    }
}
