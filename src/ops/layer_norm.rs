//! Layer normalisation: every sample is normalised separately, over its trailing axes.

use ndarray::{ArrayD, ArrayViewD};

use crate::compute::check_budget;
use crate::error::Result;
use crate::math::arrays::shaped;
use crate::math::real::Real;
use crate::ops::normalize::{
    AffineGradients, BackwardPass, Blocks, check_epsilon, inverse_std, rounded,
};
use crate::ops::shape::{axis_index, check_shape, values};

const OPERATOR: &str = "layerNorm";

/// Options of layer norm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LayerNormOptions {
    /// First of the axes that are normalised together; counts from the end if negative. 1 means all
    /// axes except the batch.
    pub axis: isize,
    /// Added to the variance.
    pub epsilon: f64,
}

impl Default for LayerNormOptions {
    fn default() -> Self {
        LayerNormOptions {
            axis: -1,
            epsilon: 1e-5,
        }
    }
}

/// The result of [`layer_norm`].
#[derive(Clone, Debug, PartialEq)]
pub struct LayerNorm<F> {
    /// The normalised input, of its shape.
    pub output: ArrayD<F>,
    /// The means: the input's shape with extent 1 along the normalised axes.
    pub mean: ArrayD<F>,
    /// 1 / √(variance + epsilon), with the shape of the means.
    pub inverse_std: ArrayD<F>,
}

/// (x − mean) / √(variance + epsilon) · `weights` + `bias`; mean and variance are taken over the
/// axes from `axis` on, in two passes in `f64`.
///
/// A single value minus its own mean is 0, so it becomes `bias`.
///
/// # Shapes
/// `input` of any shape with at least one axis; `weights` (γ, default 1) and `bias` (β, default 0)
/// have the extents from `axis` on.
///
/// # Errors
/// [`crate::error::Error::OutOfRange`] for axis or epsilon; [`crate::error::Error::ShapeMismatch`]
/// if the shapes do not match; [`crate::error::Error::TooLarge`] beyond the memory budget.
///
/// # Source
/// Ba, Kiros and Hinton, Layer Normalization, arXiv:1607.06450, equation 3. The results besides the
/// output are those of ONNX.
pub fn layer_norm<F: Real>(
    input: ArrayViewD<F>,
    weights: Option<ArrayViewD<F>>,
    bias: Option<ArrayViewD<F>>,
    options: &LayerNormOptions,
) -> Result<LayerNorm<F>> {
    let axis = check(&input, &weights, options)?;
    if let Some(bias) = &bias {
        check_shape(OPERATOR, "bias", &input.shape()[axis..], bias.shape())?;
    }
    let mut moments_shape = input.shape().to_vec();
    moments_shape[axis..].fill(1);
    let moment = &moments_shape[..];
    // Mean, variance and inverse in `f64`, each of which takes the memory of two `f32`, and the
    // results.
    check_budget(OPERATOR, &[&[input.shape(); 2][..], &[moment; 8]].concat())?;
    let blocks = blocks(&input, axis);
    let input_values = values(&input);
    let moments = blocks.moments(&input_values);
    let inverse_std = inverse_std(&moments.variance, options.epsilon);
    let output = blocks.normalize(
        &input_values,
        &moments.mean,
        &inverse_std,
        weights.as_ref().map(values).as_deref(),
        bias.as_ref().map(values).as_deref(),
    );
    Ok(LayerNorm {
        output: shaped(input.shape(), output),
        mean: shaped(&moments_shape[..], rounded(&moments.mean)),
        inverse_std: shaped(&moments_shape[..], rounded(&inverse_std)),
    })
}

/// The gradients of [`layer_norm`].
///
/// # Shapes
/// `d_output` as `input`.
///
/// # Errors
/// As [`layer_norm`].
pub fn layer_norm_backward<F: Real>(
    input: ArrayViewD<F>,
    weights: Option<ArrayViewD<F>>,
    d_output: ArrayViewD<F>,
    options: &LayerNormOptions,
) -> Result<AffineGradients<F>> {
    let axis = check(&input, &weights, options)?;
    check_shape(OPERATOR, "dOutput", input.shape(), d_output.shape())?;
    check_budget(OPERATOR, &[input.shape(); 3])?;
    let blocks = blocks(&input, axis);
    let input_values = values(&input);
    let moments = blocks.moments(&input_values);
    let weights = weights.as_ref().map(values);
    let pass = BackwardPass {
        values: &input_values,
        d_output: &values(&d_output),
        mean: &moments.mean,
        inverse_std: &inverse_std(&moments.variance, options.epsilon),
        weights: weights.as_deref(),
        moments_of_values: true,
    };
    Ok(blocks.backward(&pass, input.shape(), &input.shape()[axis..]))
}

fn check<F: Real>(
    input: &ArrayViewD<F>,
    weights: &Option<ArrayViewD<F>>,
    options: &LayerNormOptions,
) -> Result<usize> {
    let axis = axis_index(OPERATOR, options.axis, input.ndim())?;
    if let Some(weights) = weights {
        check_shape(OPERATOR, "weights", &input.shape()[axis..], weights.shape())?;
    }
    check_epsilon(OPERATOR, options.epsilon)?;
    Ok(axis)
}

fn blocks<F>(input: &ArrayViewD<F>, axis: usize) -> Blocks {
    let (before, after) = input.shape().split_at(axis);
    Blocks::consecutive(before.iter().product(), after.iter().product())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use ndarray::array;

    #[test]
    fn each_sample_is_normalized_over_the_axes_from_axis_on() {
        let input = array![[1.0, 3.0], [10.0, 30.0]].into_dyn();
        let run = |axis| {
            let options = LayerNormOptions { axis, epsilon: 0.0 };
            layer_norm(input.view(), None, None, &options).unwrap()
        };
        let last = run(-1);
        assert_eq!(last.output, array![[-1.0, 1.0], [-1.0, 1.0]].into_dyn());
        assert_eq!(last.mean, array![[2.0], [20.0]].into_dyn());
        assert_eq!(last.inverse_std, array![[1.0], [0.1]].into_dyn());
        assert_eq!(run(0).mean, array![[11.0]].into_dyn());
    }

    #[test]
    fn weights_and_bias_apply_per_element() {
        let input = array![[1.0, 3.0], [10.0, 30.0]].into_dyn();
        let (weights, bias) = (array![2.0, 3.0].into_dyn(), array![0.0, 1.0].into_dyn());
        let options = LayerNormOptions {
            axis: 1,
            epsilon: 0.0,
        };
        let result = layer_norm(
            input.view(),
            Some(weights.view()),
            Some(bias.view()),
            &options,
        );
        assert_eq!(
            result.unwrap().output,
            array![[-2.0, 4.0], [-2.0, 4.0]].into_dyn()
        );
    }

    #[test]
    fn a_constant_sample_becomes_the_bias() {
        let input = ArrayD::from_elem(vec![2, 3], 7.0_f32);
        let result = layer_norm(input.view(), None, None, &Default::default()).unwrap();
        assert_eq!(result.output, ArrayD::<f32>::zeros(vec![2, 3]));
    }

    #[test]
    fn bad_shapes_and_options_are_refused() {
        let input = ArrayD::<f32>::zeros(vec![2, 3]);
        let two = ArrayD::zeros(vec![2]);
        let run = |axis, epsilon, weights: Option<&ArrayD<f32>>| {
            let options = LayerNormOptions { axis, epsilon };
            layer_norm(input.view(), weights.map(|w| w.view()), None, &options)
        };
        assert!(matches!(
            run(-1, 0.1, Some(&two)),
            Err(Error::ShapeMismatch { .. })
        ));
        assert!(matches!(
            run(2, 0.1, None),
            Err(Error::OutOfRange {
                argument: "axis",
                ..
            })
        ));
        assert!(matches!(
            run(0, f64::NAN, None),
            Err(Error::OutOfRange { .. })
        ));
        for shape in [vec![0, 3], vec![3, 0]] {
            let empty = ArrayD::<f32>::zeros(shape);
            let options = LayerNormOptions::default();
            assert!(layer_norm(empty.view(), None, None, &options).is_ok());
            assert!(layer_norm_backward(empty.view(), None, empty.view(), &options).is_ok());
        }
    }
}
