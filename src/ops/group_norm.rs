//! Group and instance normalisation: groups of channels are normalised within each sample.

use ndarray::{ArrayD, ArrayView1, ArrayViewD};

use crate::compute::check_budget;
use crate::error::Result;
use crate::math::arrays::shaped;
use crate::math::real::Real;
use crate::ops::normalize::{
    AffineGradients, BackwardPass, Blocks, check_epsilon, check_per_channel, inverse_std,
};
use crate::ops::shape::{Channels, check_groups, check_shape, values};

/// Options of group norm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GroupNormOptions {
    /// Number of groups, which must divide the number of channels. 1 is layer norm over a whole
    /// sample.
    pub groups: usize,
    /// Added to the variance.
    pub epsilon: f64,
}

impl Default for GroupNormOptions {
    fn default() -> Self {
        GroupNormOptions {
            groups: 1,
            epsilon: 1e-5,
        }
    }
}

/// (x − mean) / √(variance + epsilon) · `weights` + `bias`; mean and variance are taken over the
/// channels of a group and all positions of one sample, in two passes in `f64`.
///
/// # Shapes
/// `input` `[n, c, ...]`; `weights` (γ, default 1) and `bias` (β, default 0) `[c]`. Returns the
/// input's shape.
///
/// # Errors
/// [`crate::error::Error::GroupsMismatch`] if the groups do not divide the channels;
/// [`crate::error::Error::ShapeMismatch`] if the shapes do not match;
/// [`crate::error::Error::OutOfRange`] for epsilon; [`crate::error::Error::TooLarge`] beyond the
/// memory budget.
///
/// # Source
/// Wu and He, Group Normalization, arXiv:1803.08494, equations 1 to 7.
pub fn group_norm<F: Real>(
    input: ArrayViewD<F>,
    weights: Option<ArrayView1<F>>,
    bias: Option<ArrayView1<F>>,
    options: &GroupNormOptions,
) -> Result<ArrayD<F>> {
    forward(
        "groupNorm",
        input,
        weights,
        bias,
        Some(options.groups),
        options.epsilon,
    )
}

/// The gradients of [`group_norm`].
///
/// # Shapes
/// `d_output` as `input`.
///
/// # Errors
/// As [`group_norm`].
pub fn group_norm_backward<F: Real>(
    input: ArrayViewD<F>,
    weights: Option<ArrayView1<F>>,
    d_output: ArrayViewD<F>,
    options: &GroupNormOptions,
) -> Result<AffineGradients<F>> {
    backward(
        "groupNorm",
        input,
        weights,
        d_output,
        Some(options.groups),
        options.epsilon,
    )
}

/// [`group_norm`] with one group per channel.
///
/// # Shapes, errors
/// As [`group_norm`].
///
/// # Source
/// Ulyanov, Vedaldi and Lempitsky, Instance Normalization, arXiv:1607.08022, equation 4.
pub fn instance_norm<F: Real>(
    input: ArrayViewD<F>,
    weights: Option<ArrayView1<F>>,
    bias: Option<ArrayView1<F>>,
    epsilon: f64,
) -> Result<ArrayD<F>> {
    forward("instanceNorm", input, weights, bias, None, epsilon)
}

/// The gradients of [`instance_norm`].
///
/// # Shapes, errors
/// As [`group_norm_backward`].
pub fn instance_norm_backward<F: Real>(
    input: ArrayViewD<F>,
    weights: Option<ArrayView1<F>>,
    d_output: ArrayViewD<F>,
    epsilon: f64,
) -> Result<AffineGradients<F>> {
    backward("instanceNorm", input, weights, d_output, None, epsilon)
}

/// `None` groups: one per channel.
fn forward<F: Real>(
    operator: &'static str,
    input: ArrayViewD<F>,
    weights: Option<ArrayView1<F>>,
    bias: Option<ArrayView1<F>>,
    groups: Option<usize>,
    epsilon: f64,
) -> Result<ArrayD<F>> {
    let (blocks, channels) = check(operator, &input, weights, groups, epsilon)?;
    check_per_channel(operator, "bias", bias, channels)?;
    check_budget(
        operator,
        &[input.shape(), input.shape(), &[blocks.count(), 6]],
    )?;
    let (weights, bias) = (weights.map(|w| w.to_vec()), bias.map(|b| b.to_vec()));
    let input_values = values(&input);
    let moments = blocks.moments(&input_values);
    let inverse_std = inverse_std(&moments.variance, epsilon);
    let (weights, bias) = (weights.as_deref(), bias.as_deref());
    let output = blocks.normalize(&input_values, &moments.mean, &inverse_std, weights, bias);
    Ok(shaped(input.shape(), output))
}

fn backward<F: Real>(
    operator: &'static str,
    input: ArrayViewD<F>,
    weights: Option<ArrayView1<F>>,
    d_output: ArrayViewD<F>,
    groups: Option<usize>,
    epsilon: f64,
) -> Result<AffineGradients<F>> {
    let (blocks, channels) = check(operator, &input, weights, groups, epsilon)?;
    check_shape(operator, "dOutput", input.shape(), d_output.shape())?;
    check_budget(
        operator,
        &[
            input.shape(),
            input.shape(),
            input.shape(),
            &[blocks.count(), 10],
        ],
    )?;
    let weights = weights.map(|weights| weights.to_vec());
    let input_values = values(&input);
    let moments = blocks.moments(&input_values);
    let pass = BackwardPass {
        values: &input_values,
        d_output: &values(&d_output),
        mean: &moments.mean,
        inverse_std: &inverse_std(&moments.variance, epsilon),
        weights: weights.as_deref(),
        moments_of_values: true,
    };
    Ok(blocks.backward(&pass, input.shape(), &[channels]))
}

/// The blocks and the number of channels.
fn check<F: Real>(
    operator: &'static str,
    input: &ArrayViewD<F>,
    weights: Option<ArrayView1<F>>,
    groups: Option<usize>,
    epsilon: f64,
) -> Result<(Blocks, usize)> {
    let map = Channels::of(operator, input.shape())?;
    let groups = groups.unwrap_or(map.c.max(1));
    check_groups(operator, "input", map.c, groups)?;
    check_per_channel(operator, "weights", weights, map.c)?;
    check_epsilon(operator, epsilon)?;
    // Any number of groups divides 0 channels.
    check_budget(operator, &[&[map.n, groups]])?;
    Ok((Blocks::groups(map, groups), map.c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use ndarray::{Array, array};

    fn input() -> ArrayD<f64> {
        array![[[1.0, 3.0], [5.0, 7.0]], [[0.0, 2.0], [0.0, 4.0]]].into_dyn()
    }

    #[test]
    fn one_group_normalizes_a_sample_over_all_its_channels() {
        let options = GroupNormOptions {
            groups: 1,
            epsilon: 4.0,
        };
        let output = group_norm(input().view(), None, None, &options).unwrap();
        let first = array![[-1.0, -1.0 / 3.0], [1.0 / 3.0, 1.0]].into_dyn();
        assert!(
            (&output.index_axis(ndarray::Axis(0), 0) - &first)
                .iter()
                .all(|d| d.abs() < 1e-15)
        );
    }

    #[test]
    fn instance_norm_is_group_norm_with_a_group_per_channel() {
        let (weights, bias) = (array![2.0, 3.0], array![0.5, -0.5]);
        let (weights, bias) = (Some(weights.view()), Some(bias.view()));
        let options = GroupNormOptions {
            groups: 2,
            epsilon: 0.0,
        };
        let grouped = group_norm(input().view(), weights, bias, &options).unwrap();
        let instance = instance_norm(input().view(), weights, bias, 0.0).unwrap();
        assert_eq!(grouped, instance);
        assert_eq!(instance[[0, 0, 1]], 2.5);
        assert_eq!(instance[[1, 1, 0]], -3.5);
        let d_output = input();
        assert_eq!(
            group_norm_backward(input().view(), weights, d_output.view(), &options),
            instance_norm_backward(input().view(), weights, d_output.view(), 0.0)
        );
    }

    #[test]
    fn groups_must_divide_the_channels_and_shapes_must_fit() {
        let run = |shape: &[usize], groups| {
            let options = GroupNormOptions {
                groups,
                ..Default::default()
            };
            group_norm(ArrayD::<f32>::zeros(shape).view(), None, None, &options)
        };
        for groups in [0, 2, 4, usize::MAX] {
            assert!(matches!(
                run(&[2, 3, 4], groups),
                Err(Error::GroupsMismatch {
                    operator: "groupNorm",
                    ..
                })
            ));
        }
        assert!(run(&[3], 1).is_err());
        assert!(run(&[2, 0, 4], usize::MAX).is_err());
        for shape in [[0, 3, 4], [2, 3, 0], [2, 0, 4]] {
            assert!(run(&shape, 1).is_ok());
            let empty = ArrayD::<f32>::zeros(&shape[..]);
            assert!(instance_norm(empty.view(), None, None, 0.1).is_ok());
            assert!(instance_norm_backward(empty.view(), None, empty.view(), 0.1).is_ok());
        }
        let two = Array::zeros(2);
        let three = ArrayD::<f32>::zeros(vec![2, 3]);
        assert!(instance_norm(three.view(), None, Some(two.view()), 0.1).is_err());
        assert!(instance_norm(three.view(), None, None, -0.1).is_err());
    }
}
