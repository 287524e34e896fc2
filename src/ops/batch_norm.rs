//! Batch normalisation: every channel is normalised, then scaled and shifted by learned parameters.

use ndarray::{Array1, ArrayD, ArrayView1, ArrayViewD};

use crate::compute::check_budget;
use crate::error::{Error, Result, check_range};
use crate::math::arrays::shaped;
use crate::math::real::Real;
use crate::ops::normalize::{
    AffineGradients, BackwardPass, Blocks, Moments, check_epsilon, check_per_channel, inverse_std,
};
use crate::ops::shape::{Channels, check_shape, values};

const OPERATOR: &str = "batchNorm";

/// Options of batch norm. The defaults are PyTorch's, for inference.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BatchNormOptions {
    /// Whether to use the statistics of the batch and update the running ones (training), or to use
    /// the running ones (inference).
    pub training: bool,
    /// Weight of the batch in the new running statistics, 0 to 1. ONNX and Keras define momentum as
    /// 1 minus this.
    pub momentum: f64,
    /// Added to the variance.
    pub epsilon: f64,
    /// Whether the running variance is updated with the unbiased variance of the batch (divided by
    /// m − 1), as in PyTorch and the paper, or with the variance used to normalise (divided by m),
    /// as in ONNX and Keras.
    pub unbiased_running_variance: bool,
}

impl Default for BatchNormOptions {
    fn default() -> Self {
        BatchNormOptions {
            training: false,
            momentum: 0.1,
            epsilon: 1e-5,
            unbiased_running_variance: true,
        }
    }
}

/// Mean and variance of each channel, `[c]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Statistics<F> {
    /// The means.
    pub mean: Array1<F>,
    /// The variances.
    pub variance: Array1<F>,
}

/// The result of [`batch_norm`].
#[derive(Clone, Debug, PartialEq)]
pub struct BatchNorm<F> {
    /// The normalised feature map, of the input's shape.
    pub output: ArrayD<F>,
    /// The new running statistics; in inference, the given ones.
    pub running: Statistics<F>,
}

/// (x − mean) / √(variance + epsilon) · `weights` + `bias`, per channel.
///
/// In training, mean and variance are those of the batch, over all samples and positions, in two
/// passes in `f64`. In inference they are `running`, by default mean 0 and variance 1, as in a new
/// layer.
///
/// # Shapes
/// `input` `[n, c, ...]`; `weights` (γ, default 1), `bias` (β, default 0) and the running
/// statistics `[c]`.
///
/// # Errors
/// [`Error::ShapeMismatch`] if the shapes do not fit together, or, in training, if a channel has
/// fewer than two values (its variance is undefined); [`Error::OutOfRange`] for momentum or
/// epsilon; [`Error::TooLarge`] beyond the memory budget.
///
/// # Source
/// Ioffe and Szegedy, Batch Normalization, arXiv:1502.03167, algorithms 1 and 2.
///
/// # Examples
/// Inference with given running statistics:
/// ```
/// use cnn_playground::{BatchNormOptions, Statistics, batch_norm};
/// use ndarray::array;
///
/// let input = array![[5.0_f32], [-3.0]].into_dyn(); // [n, c]
/// let running = Statistics {
///     mean: array![1.0],
///     variance: array![4.0],
/// };
/// let options = BatchNormOptions {
///     epsilon: 0.0,
///     ..Default::default()
/// };
/// let result = batch_norm(input.view(), None, None, Some(&running), &options)?;
/// assert_eq!(result.output, array![[2.0], [-2.0]].into_dyn());
/// # Ok::<(), cnn_playground::Error>(())
/// ```
pub fn batch_norm<F: Real>(
    input: ArrayViewD<F>,
    weights: Option<ArrayView1<F>>,
    bias: Option<ArrayView1<F>>,
    running: Option<&Statistics<F>>,
    options: &BatchNormOptions,
) -> Result<BatchNorm<F>> {
    let map = check(&input, weights, running, options)?;
    check_per_channel(OPERATOR, "bias", bias, map.c)?;
    check_budget(OPERATOR, &[input.shape(); 2])?;
    let blocks = Blocks::channels(map);
    let (weights, bias) = (weights.map(|w| w.to_vec()), bias.map(|b| b.to_vec()));
    let input_values = values(&input);
    let moments = moments(&blocks, &input_values, running, options.training);
    let output = blocks.normalize(
        &input_values,
        &moments.mean,
        &inverse_std(&moments.variance, options.epsilon),
        weights.as_deref(),
        bias.as_deref(),
    );
    let running = running.cloned().unwrap_or_else(|| fresh(map.c));
    Ok(BatchNorm {
        output: shaped(input.shape(), output),
        running: if options.training {
            updated(&running, &moments, map.n * map.positions, options)
        } else {
            running
        },
    })
}

/// The gradients of [`batch_norm`]; in training they also flow through the statistics of the batch.
///
/// # Shapes
/// `d_output` as `input`.
///
/// # Errors
/// As [`batch_norm`].
pub fn batch_norm_backward<F: Real>(
    input: ArrayViewD<F>,
    weights: Option<ArrayView1<F>>,
    running: Option<&Statistics<F>>,
    d_output: ArrayViewD<F>,
    options: &BatchNormOptions,
) -> Result<AffineGradients<F>> {
    let map = check(&input, weights, running, options)?;
    check_shape(OPERATOR, "dOutput", input.shape(), d_output.shape())?;
    check_budget(OPERATOR, &[input.shape(); 3])?;
    let blocks = Blocks::channels(map);
    let weights = weights.map(|weights| weights.to_vec());
    let input_values = values(&input);
    let moments = moments(&blocks, &input_values, running, options.training);
    let pass = BackwardPass {
        values: &input_values,
        d_output: &values(&d_output),
        mean: &moments.mean,
        inverse_std: &inverse_std(&moments.variance, options.epsilon),
        weights: weights.as_deref(),
        moments_of_values: options.training,
    };
    Ok(blocks.backward(&pass, input.shape(), &[map.c]))
}

/// The gradient of [`batch_norm`] with respect to the input alone, if the statistics are given: then it
/// does not depend on the input. `variance` is the running one, 1 if left out.
///
/// # Errors
/// [`Error::ShapeMismatch`] if the shapes do not fit together; [`Error::TooLarge`] beyond the memory
/// budget.
pub(crate) fn batch_norm_input_gradient<F: Real>(
    weights: Option<ArrayView1<F>>,
    variance: Option<ArrayView1<F>>,
    d_output: ArrayViewD<F>,
    epsilon: f64,
) -> Result<ArrayD<F>> {
    let map = Channels::of(OPERATOR, d_output.shape())?;
    check_per_channel(OPERATOR, "weights", weights, map.c)?;
    check_per_channel(OPERATOR, "runningVariance", variance, map.c)?;
    check_budget(OPERATOR, &[d_output.shape()])?;
    let d_values = values(&d_output);
    let mut d_input = Vec::with_capacity(d_values.len());
    for (run_idx, run) in d_values.chunks(map.positions.max(1)).enumerate() {
        let of = |values: Option<ArrayView1<F>>| {
            values.map_or(1.0, |values| values[run_idx % map.c].as_f64())
        };
        let (weight, inverse_std) = (of(weights), 1.0 / (of(variance) + epsilon).sqrt());
        d_input.extend(
            run.iter()
                .map(|d| F::of(inverse_std * (d.as_f64() * weight))),
        );
    }
    Ok(shaped(d_output.shape(), d_input))
}

fn check<F: Real>(
    input: &ArrayViewD<F>,
    weights: Option<ArrayView1<F>>,
    running: Option<&Statistics<F>>,
    options: &BatchNormOptions,
) -> Result<Channels> {
    let map = Channels::of(OPERATOR, input.shape())?;
    check_per_channel(OPERATOR, "weights", weights, map.c)?;
    if let Some(Statistics { mean, variance }) = running {
        check_shape(OPERATOR, "runningMean", &[map.c], mean.shape())?;
        check_shape(OPERATOR, "runningVariance", &[map.c], variance.shape())?;
    }
    check_range(OPERATOR, "momentum", [0.0, 1.0], options.momentum)?;
    check_epsilon(OPERATOR, options.epsilon)?;
    if options.training && map.n * map.positions < 2 {
        return Err(Error::ShapeMismatch {
            operator: OPERATOR,
            argument: "input",
            expected: "at least 2 values per channel in training".into(),
            got: format!("{:?}", input.shape()),
        });
    }
    Ok(map)
}

fn moments<F: Real>(
    blocks: &Blocks,
    values: &[F],
    running: Option<&Statistics<F>>,
    training: bool,
) -> Moments {
    match running {
        _ if training => blocks.moments(values),
        Some(Statistics { mean, variance }) => Moments {
            mean: mean.iter().map(|mean| mean.as_f64()).collect(),
            variance: variance.iter().map(|variance| variance.as_f64()).collect(),
        },
        None => Moments {
            mean: vec![0.0; blocks.count()],
            variance: vec![1.0; blocks.count()],
        },
    }
}

fn fresh<F: Real>(channels: usize) -> Statistics<F> {
    Statistics {
        mean: Array1::zeros(channels),
        variance: Array1::ones(channels),
    }
}

fn updated<F: Real>(
    running: &Statistics<F>,
    batch: &Moments,
    per_channel: usize,
    options: &BatchNormOptions,
) -> Statistics<F> {
    let blend = |old: &Array1<F>, new: &[f64], factor: f64| {
        let blended = old.iter().zip(new).map(|(old, new)| {
            F::of((1.0 - options.momentum) * old.as_f64() + options.momentum * factor * new)
        });
        blended.collect()
    };
    let count = per_channel as f64;
    let bessel = if options.unbiased_running_variance {
        count / (count - 1.0)
    } else {
        1.0
    };
    Statistics {
        mean: blend(&running.mean, &batch.mean, 1.0),
        variance: blend(&running.variance, &batch.variance, bessel),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    const TRAINING: BatchNormOptions = BatchNormOptions {
        training: true,
        momentum: 0.25,
        epsilon: 0.0,
        unbiased_running_variance: true,
    };

    #[test]
    fn training_normalizes_each_channel_over_batch_and_positions() {
        let input = array![[[1.0, 3.0], [10.0, 10.0]], [[1.0, 3.0], [16.0, 16.0]]].into_dyn();
        let (weights, bias) = (array![2.0, 1.0], array![0.0, 5.0]);
        let (weights, bias) = (Some(weights.view()), Some(bias.view()));
        let result = batch_norm(input.view(), weights, bias, None, &TRAINING).unwrap();
        let expected = array![[[-2.0, 2.0], [4.0, 4.0]], [[-2.0, 2.0], [6.0, 6.0]]];
        assert_eq!(result.output, expected.into_dyn());
        assert_eq!(result.running.mean, array![0.5, 3.25]);
        assert_eq!(
            result.running.variance,
            array![0.75 + 1.0 / 3.0, 0.75 + 12.0 / 4.0]
        );
        let options = BatchNormOptions {
            unbiased_running_variance: false,
            ..TRAINING
        };
        let result = batch_norm(input.view(), None, None, None, &options).unwrap();
        assert_eq!(result.running.variance, array![1.0, 3.0]);
    }

    #[test]
    fn inference_uses_the_running_statistics_and_keeps_them() {
        let running = Statistics {
            mean: array![1.0],
            variance: array![4.0],
        };
        let options = BatchNormOptions {
            epsilon: 0.0,
            ..Default::default()
        };
        let input = array![[5.0]].into_dyn();
        let result = batch_norm(input.view(), None, None, Some(&running), &options).unwrap();
        assert_eq!(result.output, array![[2.0]].into_dyn());
        assert_eq!(result.running, running);
        let fresh = batch_norm(input.view(), None, None, None, &options).unwrap();
        assert_eq!(fresh.output, input);
    }

    #[test]
    fn a_large_mean_costs_no_digits() {
        let input = array![[10_000.0_f32], [10_001.0], [10_002.0]].into_dyn();
        let result = batch_norm(input.view(), None, None, None, &TRAINING).unwrap();
        let expected = 1.5_f32.sqrt();
        assert_eq!(
            result.output,
            array![[-expected], [0.0], [expected]].into_dyn()
        );
    }

    #[test]
    fn shapes_options_and_single_values_are_refused() {
        let run = |shape: &[usize], channels: usize, options: &BatchNormOptions| {
            let input = ArrayD::<f32>::zeros(shape);
            let weights = Array1::zeros(channels);
            batch_norm(input.view(), Some(weights.view()), None, None, options)
        };
        let inference = BatchNormOptions::default();
        assert!(run(&[2], 2, &inference).is_err());
        assert!(run(&[2, 3, 4], 2, &inference).is_err());
        assert!(run(&[1, 3], 3, &TRAINING).is_err());
        assert!(run(&[0, 3, 4], 3, &TRAINING).is_err());
        assert!(run(&[0, 3, 4], 3, &inference).is_ok());
        assert!(run(&[2, 3, 0], 3, &inference).is_ok());
        assert!(run(&[2, 0, 4], 0, &TRAINING).is_ok());
        for (momentum, epsilon) in [
            (1.5, 0.0),
            (f64::NAN, 0.0),
            (0.1, -1.0),
            (0.1, f64::INFINITY),
        ] {
            let options = BatchNormOptions {
                momentum,
                epsilon,
                ..inference
            };
            assert!(matches!(
                run(&[2, 3], 3, &options),
                Err(Error::OutOfRange { .. })
            ));
        }
        let empty = ArrayD::<f32>::zeros(vec![2, 3, 0]);
        let gradients = batch_norm_backward(empty.view(), None, None, empty.view(), &inference);
        assert_eq!(gradients.unwrap().d_bias, ArrayD::<f32>::zeros(vec![3]));
    }
}
