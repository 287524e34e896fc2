//! Flattening: a feature map as one row of numbers per sample, for a dense layer.

use ndarray::{Array2, ArrayViewD};

use crate::compute::check_budget;
use crate::error::{Result, check_range};
use crate::math::arrays::shaped;
use crate::math::real::Real;
use crate::ops::shape::values;

const OPERATOR: &str = "flatten";

/// The same values in row-major order with two axes: the product of the axes before `axis`, and of
/// the rest.
///
/// Its backward pass reshapes the gradient to the input's shape.
///
/// # Shapes
/// `input` of any shape; `axis` from 0 to the number of axes, or negative to count from the end; 1
/// keeps the batch. Returns `[product of the extents before, product of those from axis on]`.
///
/// # Errors
/// [`crate::error::Error::OutOfRange`] if there is no such axis;
/// [`crate::error::Error::TooLarge`] beyond the memory budget.
///
/// # Source
/// ONNX `Flatten`; at axis 1, PyTorch's `nn.Flatten`.
pub fn flatten<F: Real>(input: ArrayViewD<F>, axis: isize) -> Result<Array2<F>> {
    let rank = input.ndim() as isize;
    check_range(OPERATOR, "axis", [-rank as f64, rank as f64], axis as f64)?;
    check_budget(OPERATOR, &[input.shape()])?;
    let axis = if axis < 0 { axis + rank } else { axis } as usize;
    let (before, after) = input.shape().split_at(axis);
    let (rows, cols) = (before.iter().product(), after.iter().product());
    Ok(shaped((rows, cols), values(&input).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{ArrayD, array};

    #[test]
    fn axes_before_and_after_are_merged_in_row_major_order() {
        let input = array![[[1, 2], [3, 4]], [[5, 6], [7, 8]]]
            .mapv(f64::from)
            .into_dyn();
        let rows = |axis| flatten(input.view(), axis).unwrap();
        assert_eq!(rows(1), array![[1., 2., 3., 4.], [5., 6., 7., 8.]]);
        assert_eq!(rows(-1), array![[1., 2.], [3., 4.], [5., 6.], [7., 8.]]);
        assert_eq!(rows(0).dim(), (1, 8));
        assert_eq!(rows(3).dim(), (8, 1));
        assert_eq!(
            flatten(input.t(), 1).unwrap(),
            array![[1., 5., 3., 7.], [2., 6., 4., 8.]]
        );
    }

    #[test]
    fn a_missing_axis_is_refused_and_an_empty_batch_is_not() {
        let input = ArrayD::<f32>::zeros(vec![0, 3, 2]);
        assert!(flatten(input.view(), 4).is_err());
        assert!(flatten(input.view(), -4).is_err());
        assert_eq!(flatten(input.view(), 1).unwrap().dim(), (0, 6));
        assert_eq!(
            flatten(ArrayD::<f32>::zeros(vec![]).view(), 0)
                .unwrap()
                .dim(),
            (1, 1)
        );
    }
}
