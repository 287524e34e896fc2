//! The code that batch, layer, group and instance norm share: normalisation of blocks of values.

use ndarray::{ArrayD, ArrayView1};

use crate::compute::sums::{sum, sum_and_dot};
use crate::error::{Result, check_range};
use crate::math::arrays::shaped;
use crate::math::real::Real;
use crate::ops::shape::{Channels, check_shape};

/// The gradients of a normalisation with a learned scale and shift.
#[derive(Clone, Debug, PartialEq)]
pub struct AffineGradients<F> {
    /// With respect to the input, of its shape.
    pub d_input: ArrayD<F>,
    /// With respect to the weights (γ, the scale), of their shape, even if they were omitted.
    pub d_weights: ArrayD<F>,
    /// With respect to the bias (β, the shift), of its shape, even if it was omitted.
    pub d_bias: ArrayD<F>,
}

/// Checks that epsilon is finite and not negative.
pub(crate) fn check_epsilon(operator: &'static str, epsilon: f64) -> Result<()> {
    check_range(operator, "epsilon", [0.0, f64::from(f32::MAX)], epsilon)
}

/// Checks that a scale or shift has one value per channel.
pub(crate) fn check_per_channel<F>(
    operator: &'static str,
    argument: &'static str,
    values: Option<ArrayView1<F>>,
    channels: usize,
) -> Result<()> {
    values.map_or(Ok(()), |values| {
        check_shape(operator, argument, &[channels], values.shape())
    })
}

/// How the row-major values of an array are divided into blocks that are normalised together, and
/// which element of the scale and shift applies to each value.
///
/// Values are stored in runs of length `run`, each within one block; runs are assigned to blocks in
/// turn, `runs_per_turn` at a time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Blocks {
    run: usize,
    runs_per_turn: usize,
    count: usize,
    affine: Affine,
}

/// Which element of the scale and shift applies to a value.
#[derive(Clone, Copy, Debug)]
enum Affine {
    /// The element of its channel: runs cycle through `channels` channels.
    PerChannel { channels: usize },
    /// The element at its index in the run.
    PerElement,
}

impl Blocks {
    /// One block per channel, over the batch.
    pub fn channels(Channels { c, positions, .. }: Channels) -> Self {
        Blocks {
            run: positions,
            runs_per_turn: 1,
            count: c,
            affine: Affine::PerChannel { channels: c },
        }
    }

    /// One block per sample and group of channels.
    pub fn groups(Channels { n, c, positions }: Channels, groups: usize) -> Self {
        Blocks {
            run: positions,
            runs_per_turn: c / groups,
            count: n * groups,
            affine: Affine::PerChannel { channels: c },
        }
    }

    /// `count` blocks of `run` values, one after the other.
    pub fn consecutive(count: usize, run: usize) -> Self {
        Blocks {
            run,
            runs_per_turn: 1,
            count,
            affine: Affine::PerElement,
        }
    }

    /// Number of blocks.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Mean and variance of each block, in two passes in `f64`.
    pub fn moments<F: Real>(&self, values: &[F]) -> Moments {
        let per_block = values.len() as f64 / self.count as f64;
        let mut mean = vec![0.0; self.count];
        self.runs(values).for_each(|(_, block, run)| {
            mean[block] += sum(run, |x| x);
        });
        mean.iter_mut().for_each(|sum| *sum /= per_block);
        let mut variance = vec![0.0; self.count];
        self.runs(values).for_each(|(_, block, run)| {
            let mean = mean[block];
            variance[block] += sum(run, |x| (x - mean) * (x - mean));
        });
        variance.iter_mut().for_each(|sum| *sum /= per_block);
        Moments { mean, variance }
    }

    /// (x − mean) · `inverse_std` · `weights` + `bias`, computed in `f64`.
    pub fn normalize<F: Real>(
        &self,
        values: &[F],
        mean: &[f64],
        inverse_std: &[f64],
        weights: Option<&[F]>,
        bias: Option<&[F]>,
    ) -> Vec<F> {
        let mut output = Vec::with_capacity(values.len());
        for (run_idx, block, run) in self.runs(values) {
            let (mean, inverse_std) = (mean[block], inverse_std[block]);
            let normalized = run.iter().map(|x| (x.as_f64() - mean) * inverse_std);
            match self.affine {
                Affine::PerChannel { channels } => {
                    let channel = run_idx % channels;
                    let (weight, bias) = (at(weights, channel, 1.0), at(bias, channel, 0.0));
                    output.extend(normalized.map(|x| F::of(x * weight + bias)));
                }
                Affine::PerElement => output.extend(
                    normalized
                        .enumerate()
                        .map(|(idx, x)| F::of(x * at(weights, idx, 1.0) + at(bias, idx, 0.0))),
                ),
            }
        }
        output
    }

    /// The gradients of [`Blocks::normalize`] for an input of `shape` and weights of
    /// `affine_shape`; sums are accumulated in `f64`.
    ///
    /// # Source
    /// Ioffe and Szegedy, arXiv:1502.03167, section 3.
    pub fn backward<F: Real>(
        &self,
        pass: &BackwardPass<F>,
        shape: &[usize],
        affine_shape: &[usize],
    ) -> AffineGradients<F> {
        let BackwardPass {
            values,
            d_output,
            mean,
            inverse_std,
            ..
        } = pass;
        let affine_len = affine_shape.iter().product();
        let (mut d_weights, mut d_bias) = (vec![0.0; affine_len], vec![0.0; affine_len]);
        let (mut sums, mut products) = (vec![0.0; self.count], vec![0.0; self.count]);
        for ((run_idx, block, run), (.., d_run)) in self.runs(values).zip(self.runs(d_output)) {
            let (mean, inverse_std) = (mean[block], inverse_std[block]);
            let normalized = |x: f64| (x - mean) * inverse_std;
            match self.affine {
                Affine::PerChannel { channels } => {
                    let channel = run_idx % channels;
                    let [sum, product] = sum_and_dot(run, d_run, normalized);
                    d_weights[channel] += product;
                    d_bias[channel] += sum;
                    let weight = at(pass.weights, channel, 1.0);
                    sums[block] += weight * sum;
                    products[block] += weight * product;
                }
                Affine::PerElement => {
                    for (idx, (x, d)) in run.iter().zip(d_run).enumerate() {
                        let (normalized, d) = (normalized(x.as_f64()), d.as_f64());
                        d_weights[idx] += d * normalized;
                        d_bias[idx] += d;
                        let d_normalized = d * at(pass.weights, idx, 1.0);
                        sums[block] += d_normalized;
                        products[block] += d_normalized * normalized;
                    }
                }
            }
        }
        let per_block = values.len() as f64 / self.count as f64;
        let through = if pass.moments_of_values {
            1.0 / per_block
        } else {
            0.0
        };
        let mut d_values = Vec::with_capacity(values.len());
        for ((run_idx, block, run), (.., d_run)) in self.runs(values).zip(self.runs(d_output)) {
            let (mean, inverse_std) = (mean[block], inverse_std[block]);
            let (sum, product) = (sums[block], products[block]);
            let pairs = run.iter().zip(d_run);
            let d_value = |(x, d): (&F, &F), weight: f64| {
                let normalized = (x.as_f64() - mean) * inverse_std;
                let indirect = through * (sum + normalized * product);
                F::of(inverse_std * (d.as_f64() * weight - indirect))
            };
            match self.affine {
                Affine::PerChannel { channels } => {
                    let weight = at(pass.weights, run_idx % channels, 1.0);
                    d_values.extend(pairs.map(|pair| d_value(pair, weight)));
                }
                Affine::PerElement => d_values.extend(
                    pairs
                        .enumerate()
                        .map(|(idx, pair)| d_value(pair, at(pass.weights, idx, 1.0))),
                ),
            }
        }
        AffineGradients {
            d_input: shaped(shape, d_values),
            d_weights: shaped(affine_shape, rounded(&d_weights)),
            d_bias: shaped(affine_shape, rounded(&d_bias)),
        }
    }

    /// Each run with its index and the index of its block.
    fn runs<'a, F>(&self, values: &'a [F]) -> impl Iterator<Item = (usize, usize, &'a [F])> {
        let Blocks {
            runs_per_turn,
            count,
            ..
        } = *self;
        // An empty array has no runs, whatever their length.
        let runs = values.chunks(self.run.max(1)).enumerate();
        runs.map(move |(run_idx, run)| (run_idx, run_idx / runs_per_turn % count, run))
    }
}

/// Mean and (population) variance of each block.
pub(crate) struct Moments {
    pub mean: Vec<f64>,
    pub variance: Vec<f64>,
}

/// The arguments of a normalisation, and the gradient of its output.
pub(crate) struct BackwardPass<'a, F> {
    pub values: &'a [F],
    pub d_output: &'a [F],
    pub mean: &'a [f64],
    pub inverse_std: &'a [f64],
    pub weights: Option<&'a [F]>,
    /// Whether mean and standard deviation were computed from the values, so that gradients flow
    /// through them.
    pub moments_of_values: bool,
}

/// 1 / √(variance + epsilon) of each block.
pub(crate) fn inverse_std(variance: &[f64], epsilon: f64) -> Vec<f64> {
    variance
        .iter()
        .map(|variance| 1.0 / (variance + epsilon).sqrt())
        .collect()
}

/// The numbers, rounded to `F`.
pub(crate) fn rounded<F: Real>(values: &[f64]) -> Vec<F> {
    values.iter().map(|&value| F::of(value)).collect()
}

fn at<F: Real>(values: Option<&[F]>, idx: usize, default: f64) -> f64 {
    values.map_or(default, |values| values[idx].as_f64())
}
