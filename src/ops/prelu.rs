//! Parametric rectified linear unit: a leaky ReLU with learned slopes.

use ndarray::{ArrayD, ArrayViewD, IxDyn, Zip};

use crate::compute::check_budget;
use crate::error::{Error, Result};
use crate::math::arrays::shaped;
use crate::math::real::Real;
use crate::ops::shape::{check_shape, sum_to_shape};

const OPERATOR: &str = "prelu";

/// The gradients of [`prelu`].
#[derive(Clone, Debug, PartialEq)]
pub struct PreluGradients<F> {
    /// With respect to the input, of its shape.
    pub d_input: ArrayD<F>,
    /// With respect to the slopes, of their shape.
    pub d_weights: ArrayD<F>,
}

/// x above 0, `weights` · x elsewhere.
///
/// # Shapes
/// `input` of any shape; `weights` is one slope or, as in PyTorch, one per channel (axis 1 of
/// `input`); with two or more axes it broadcasts to the input by NumPy's rule, as in ONNX. Returns
/// the input's shape.
///
/// # Errors
/// [`Error::ShapeMismatch`] if the shape of the slopes does not match; [`Error::TooLarge`] beyond
/// the memory budget.
///
/// # Source
/// He, Zhang, Ren and Sun, Delving Deep into Rectifiers, arXiv:1502.01852, equation 1.
pub fn prelu<F: Real>(input: ArrayViewD<F>, weights: ArrayViewD<F>) -> Result<ArrayD<F>> {
    check_budget(OPERATOR, &[input.shape()])?;
    let slopes = aligned(&input, &weights)?;
    let slopes = broadcast(&slopes, &input, &weights)?;
    Ok(Zip::from(&input)
        .and(&slopes)
        .map_collect(|&x, &slope| if x > F::zero() { x } else { slope * x }))
}

/// The gradients of [`prelu`]; at 0 the derivative is the slope, as in PyTorch.
///
/// Sums over the values that share a slope are accumulated in `f64`.
///
/// # Shapes
/// `d_output` as `input`.
///
/// # Errors
/// As [`prelu`]; [`Error::ShapeMismatch`] if `d_output` differs from the input.
pub fn prelu_backward<F: Real>(
    input: ArrayViewD<F>,
    weights: ArrayViewD<F>,
    d_output: ArrayViewD<F>,
) -> Result<PreluGradients<F>> {
    check_shape(OPERATOR, "dOutput", input.shape(), d_output.shape())?;
    // The gradient, and one slope gradient per value in `F` and in `f64`.
    check_budget(OPERATOR, &[input.shape(); 4])?;
    let aligned = aligned(&input, &weights)?;
    let slopes = broadcast(&aligned, &input, &weights)?;
    let d_input = Zip::from(&input)
        .and(&slopes)
        .and(&d_output)
        .map_collect(|&x, &slope, &d| if x > F::zero() { d } else { slope * d });
    let per_value = Zip::from(&input)
        .and(&d_output)
        .map_collect(|&x, &d| if x > F::zero() { F::zero() } else { x * d });
    let summed = sum_to_shape(&per_value.view(), aligned.shape());
    let d_weights = shaped(weights.shape(), summed.iter().copied().collect());
    Ok(PreluGradients { d_input, d_weights })
}

/// The slopes with axes added, so that NumPy's rule broadcasts them along the channels.
fn aligned<'a, F: Real>(
    input: &ArrayViewD<F>,
    weights: &'a ArrayViewD<F>,
) -> Result<ArrayViewD<'a, F>> {
    let count = weights.len();
    if weights.ndim() > 1 || count == 1 {
        return Ok(weights.view());
    }
    if input.ndim() < 2 || input.shape()[1] != count {
        return Err(mismatch(input, weights));
    }
    let mut shape = vec![1; input.ndim() - 1];
    shape[0] = count;
    let shape = IxDyn(&shape);
    let slopes = weights.view().into_shape_with_order(shape);
    slopes.map_err(|_| mismatch(input, weights))
}

fn broadcast<'a, F: Real>(
    slopes: &'a ArrayViewD<F>,
    input: &ArrayViewD<F>,
    weights: &ArrayViewD<F>,
) -> Result<ArrayViewD<'a, F>> {
    let slopes = slopes.broadcast(input.raw_dim());
    slopes.ok_or_else(|| mismatch(input, weights))
}

fn mismatch<F>(input: &ArrayViewD<F>, weights: &ArrayViewD<F>) -> Error {
    let expected = match *input.shape() {
        [_, channels, ..] if weights.ndim() <= 1 => format!("[1] or [{channels}]"),
        _ => format!("[1] or one that broadcasts to {:?}", input.shape()),
    };
    Error::ShapeMismatch {
        operator: OPERATOR,
        argument: "weights",
        expected,
        got: format!("{:?}", weights.shape()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array, array};

    #[test]
    fn each_channel_has_its_slope() {
        let input = array![[-1.0, -2.0], [3.0, -4.0]].into_dyn();
        let slopes = array![0.5, 0.25].into_dyn();
        let output = prelu(input.view(), slopes.view()).unwrap();
        assert_eq!(output, array![[-0.5, -0.5], [3.0, -1.0]].into_dyn());
    }

    #[test]
    fn the_gradient_of_a_slope_sums_the_negative_values_that_use_it() {
        let input = array![[-1.0, -2.0], [3.0, -4.0]].into_dyn();
        let slopes = array![0.5, 0.25].into_dyn();
        let d_output = array![[1.0, 10.0], [100.0, 1000.0]].into_dyn();
        let gradients = prelu_backward(input.view(), slopes.view(), d_output.view()).unwrap();
        assert_eq!(
            gradients.d_input,
            array![[0.5, 2.5], [100.0, 250.0]].into_dyn()
        );
        assert_eq!(gradients.d_weights, array![-1.0, -4020.0].into_dyn());
    }

    #[test]
    fn slopes_with_axes_of_their_own_broadcast() {
        let input = Array::from_elem(vec![2, 3, 2], -1.0);
        let slopes = array![[1.0, 2.0]].into_dyn();
        let output = prelu(input.view(), slopes.view()).unwrap();
        assert_eq!(output[[1, 2, 1]], -2.0);
        let ones = Array::ones(vec![2, 3, 2]);
        let gradients = prelu_backward(input.view(), slopes.view(), ones.view()).unwrap();
        assert_eq!(gradients.d_weights, array![[-6.0, -6.0]].into_dyn());
    }

    #[test]
    fn slopes_that_do_not_broadcast_are_refused() {
        let input = ArrayD::<f32>::zeros(vec![2, 3, 2]);
        for shape in [vec![2], vec![0], vec![4, 1, 1, 1], vec![3, 3]] {
            let slopes = ArrayD::zeros(shape);
            assert!(matches!(
                prelu(input.view(), slopes.view()),
                Err(Error::ShapeMismatch {
                    argument: "weights",
                    ..
                })
            ));
        }
        let vector = ArrayD::<f32>::zeros(vec![2]);
        assert!(prelu(vector.view(), vector.view()).is_err());
        assert!(prelu(vector.view(), ArrayD::zeros(vec![]).view()).is_ok());
    }
}
