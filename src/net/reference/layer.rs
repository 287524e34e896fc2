//! One layer forward and backward.

use ndarray::{
    Array1, Array4, ArrayD, ArrayView, ArrayView1, ArrayView2, ArrayView4, ArrayViewD, Dimension, s,
};

use crate::compute::convolution::Rounding;
use crate::error::Result;
use crate::math::arrays::shaped;
use crate::math::real::Real;
use crate::net::reference::operator::Operator;
use crate::net::spec::Op;
use crate::net::weights::keep_connections;
use crate::ops::activation::{activation, activation_backward};
use crate::ops::adaptive_pool2d::{adaptive_pool2d, adaptive_pool2d_backward};
use crate::ops::add::{add, add_backward};
use crate::ops::batch_norm::{
    BatchNormOptions, Statistics, batch_norm, batch_norm_backward, batch_norm_input_gradient,
};
use crate::ops::blur_pool2d::{blur_pool2d, blur_pool2d_backward};
use crate::ops::concat::{concat, concat_backward};
use crate::ops::conv_transpose2d::{
    ConvTranspose2dOptions, conv_transpose2d, conv_transpose2d_backward,
};
use crate::ops::conv2d::{
    Conv2dGradients, Conv2dOptions, conv2d, conv2d_backward, conv2d_bounded, conv2d_bounded_once,
    conv2d_input_gradient, conv2d_weight_gradients,
};
use crate::ops::dense::{dense, dense_backward, dense_input_gradient, dense_weight_gradients};
use crate::ops::dropout::{dropout, dropout_backward};
use crate::ops::flatten::flatten;
use crate::ops::group_norm::{group_norm, group_norm_backward};
use crate::ops::local_response_norm::{local_response_norm, local_response_norm_backward};
use crate::ops::normalize::AffineGradients;
use crate::ops::pad2d::{pad2d, pad2d_backward};
use crate::ops::pool2d::{pool2d, pool2d_backward};
use crate::ops::prelu::{prelu, prelu_backward};
use crate::ops::resize2d::{resize2d, resize2d_backward};
use crate::ops::softmax::{softmax, softmax_backward};
use crate::window::Padding;

/// The axis of the channels.
const CHANNELS: isize = 1;

/// `channelScale` is the affine part of batch norm without the rest.
const NOT_NORMALISED: BatchNormOptions = BatchNormOptions {
    training: false,
    momentum: 0.0,
    epsilon: 0.0,
    unbiased_running_variance: false,
};

/// A layer with what it computes with beside its inputs.
pub(crate) struct Layer<'a, F> {
    pub op: Option<&'a Op>,
    pub operator: Operator,
    /// As [`crate::net::weights::parameters`] lists them.
    pub weights: &'a [ArrayD<F>],
}

/// What a layer makes of its inputs.
pub(crate) struct LayerOutput<F> {
    pub values: ArrayD<F>,
    /// The new running statistics of a batch norm that took those of the batch.
    pub running: Option<Statistics<F>>,
}

/// The gradients that are asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    pub inputs: bool,
    pub weights: bool,
}

/// Gradients with respect to what a layer takes.
pub(crate) struct LayerGradients<F> {
    /// One for each input; convolutions and dense layers that are not asked for them have none.
    pub d_inputs: Vec<ArrayD<F>>,
    /// One for each parameter that is learned, if they were asked for.
    pub d_weights: Vec<ArrayD<F>>,
}

impl<F: Real> Layer<'_, F> {
    /// What the layer makes of its inputs.
    pub fn forward(&self, inputs: &[ArrayViewD<F>]) -> Result<LayerOutput<F>> {
        let input = || inputs[0].view();
        let map = || four(inputs[0].view());
        let values = match &self.operator {
            Operator::Conv2d(options, rounding) => {
                let conv2d = match rounding {
                    Rounding::AsDefined => conv2d,
                    Rounding::BoundedOnce => conv2d_bounded_once,
                    Rounding::Bounded | Rounding::BoundedCompact => conv2d_bounded,
                };
                conv2d(map(), self.kernel(), self.bias(), options)?.into_dyn()
            }
            Operator::ConvTranspose2d(options) => {
                conv_transpose2d(map(), self.kernel(), self.bias(), options)?.into_dyn()
            }
            Operator::Pool2d(options) => pool2d(map(), options)?.output.into_dyn(),
            Operator::AdaptivePool2d(options) => adaptive_pool2d(map(), options)?.output.into_dyn(),
            Operator::BlurPool2d(options) => blur_pool2d(map(), options)?.into_dyn(),
            Operator::Pad2d(options) => pad2d(map(), options)?.into_dyn(),
            Operator::Resize2d(options) => resize2d(map(), options)?.into_dyn(),
            Operator::Activation(kind) => activation(input(), *kind)?,
            Operator::Prelu => prelu(input(), self.weights[0].view())?,
            Operator::BatchNorm(options) => {
                let (scale, shift, running) = self.affine();
                let normalised = batch_norm(input(), scale, Some(shift), Some(&running), options)?;
                return Ok(LayerOutput {
                    values: normalised.output,
                    running: options.training.then_some(normalised.running),
                });
            }
            Operator::ChannelScale => {
                let (scale, shift) = (Some(self.vector(0)), Some(self.vector(1)));
                batch_norm(input(), scale, shift, None, &NOT_NORMALISED)?.output
            }
            Operator::GroupNorm(options) => {
                let (scale, shift) = (Some(self.vector(0)), Some(self.vector(1)));
                group_norm(input(), scale, shift, options)?
            }
            Operator::LocalResponseNorm(options) => local_response_norm(input(), options)?,
            Operator::Dropout(options) => dropout(input(), options)?.output,
            Operator::Identity => input().to_owned(),
            Operator::Scale(factor) => input().mapv(|value| value * F::of(*factor)),
            Operator::Add => add(inputs)?,
            Operator::Concat => concat(inputs, CHANNELS)?,
            Operator::Flatten => flatten(input(), CHANNELS)?.into_dyn(),
            Operator::Dense => dense(two(input()), self.matrix(), self.bias())?.into_dyn(),
            Operator::Softmax => softmax(input(), CHANNELS)?,
        };
        Ok(LayerOutput {
            values,
            running: None,
        })
    }

    /// The gradients from `d_output`, that at the layer's output. The values of `inputs` count only
    /// where [`Operator::reads_input`] or weights are wanted; their shapes always do. Unless `WEIGHTS`,
    /// no gradients of weights are wanted, and their code is not linked.
    pub fn backward<const WEIGHTS: bool>(
        &self,
        inputs: &[ArrayViewD<F>],
        d_output: ArrayViewD<F>,
        wanted: Wanted,
    ) -> Result<LayerGradients<F>> {
        let wanted = Wanted {
            weights: WEIGHTS && wanted.weights,
            ..wanted
        };
        let input = || inputs[0].view();
        let map = || four(inputs[0].view());
        let d_map = || four(d_output.view());
        let d_input = match &self.operator {
            Operator::Conv2d(options, rounding) => {
                if !wanted.weights {
                    conv2d_input_gradient(map(), self.kernel(), d_map(), options, *rounding)?
                        .into_dyn()
                } else if wanted.inputs {
                    let gradients = conv2d_backward(map(), self.kernel(), d_map(), options)?;
                    return Ok(self.convolution(gradients));
                } else {
                    let (d_weights, d_bias) =
                        conv2d_weight_gradients(map(), self.kernel(), d_map(), options)?;
                    return Ok(LayerGradients {
                        d_inputs: Vec::new(),
                        d_weights: self.kernel_gradients(d_weights, d_bias),
                    });
                }
            }
            Operator::ConvTranspose2d(options) => {
                if wanted.weights {
                    let kernel = self.kernel();
                    let gradients = conv_transpose2d_backward(map(), kernel, d_map(), options)?;
                    return Ok(self.convolution(gradients));
                }
                conv_transpose2d_d_input(map(), self.kernel(), d_map(), options)?.into_dyn()
            }
            Operator::Pool2d(options) => pool2d_backward(map(), d_map(), options)?.into_dyn(),
            Operator::AdaptivePool2d(options) => {
                adaptive_pool2d_backward(map(), d_map(), options)?.into_dyn()
            }
            Operator::BlurPool2d(options) => {
                blur_pool2d_backward(map(), d_map(), options)?.into_dyn()
            }
            Operator::Pad2d(options) => pad2d_backward(map(), d_map(), options)?.into_dyn(),
            Operator::Resize2d(options) => resize2d_backward(map(), d_map(), options)?.into_dyn(),
            Operator::Activation(kind) => activation_backward(input(), d_output, *kind)?,
            Operator::Prelu => {
                let gradients = prelu_backward(input(), self.weights[0].view(), d_output)?;
                return Ok(LayerGradients {
                    d_inputs: vec![gradients.d_input],
                    d_weights: vec![gradients.d_weights],
                });
            }
            Operator::BatchNorm(options) if !options.training && !wanted.weights => {
                let (scale, _, running) = self.affine();
                let variance = Some(running.variance.view());
                batch_norm_input_gradient(scale, variance, d_output, options.epsilon)?
            }
            Operator::ChannelScale if !wanted.weights => {
                batch_norm_input_gradient(Some(self.vector(0)), None, d_output, 0.0)?
            }
            Operator::BatchNorm(options) => {
                let (scale, _, running) = self.affine();
                let gradients =
                    batch_norm_backward(input(), scale, Some(&running), d_output, options)?;
                return Ok(affine_gradients(gradients, scale.is_some()));
            }
            Operator::ChannelScale => {
                let scale = Some(self.vector(0));
                let gradients =
                    batch_norm_backward(input(), scale, None, d_output, &NOT_NORMALISED)?;
                return Ok(affine_gradients(gradients, true));
            }
            Operator::GroupNorm(options) => {
                let scale = Some(self.vector(0));
                let gradients = group_norm_backward(input(), scale, d_output, options)?;
                return Ok(affine_gradients(gradients, true));
            }
            Operator::LocalResponseNorm(options) => {
                local_response_norm_backward(input(), d_output, options)?
            }
            Operator::Dropout(options) => dropout_backward(d_output, options)?,
            Operator::Identity => d_output.to_owned(),
            Operator::Scale(factor) => d_output.mapv(|value| value * F::of(*factor)),
            Operator::Add => {
                return Ok(LayerGradients {
                    d_inputs: add_backward(inputs, d_output)?,
                    d_weights: Vec::new(),
                });
            }
            Operator::Concat => {
                return Ok(LayerGradients {
                    d_inputs: concat_backward(inputs, d_output, CHANNELS)?,
                    d_weights: Vec::new(),
                });
            }
            Operator::Flatten => shaped(inputs[0].shape(), d_output.iter().copied().collect()),
            Operator::Dense => {
                let (input, d_output) = (two(input()), two(d_output));
                if !wanted.weights {
                    dense_input_gradient(input, self.matrix(), d_output)?.into_dyn()
                } else if wanted.inputs {
                    let gradients = dense_backward(input, self.matrix(), d_output)?;
                    let d_weights = gradients.d_weights.into_dyn();
                    return Ok(LayerGradients {
                        d_inputs: vec![gradients.d_input.into_dyn()],
                        d_weights: self.with_bias(d_weights, gradients.d_bias.into_dyn()),
                    });
                } else {
                    let (d_weights, d_bias) =
                        dense_weight_gradients(input, self.matrix(), d_output)?;
                    return Ok(LayerGradients {
                        d_inputs: Vec::new(),
                        d_weights: self.with_bias(d_weights.into_dyn(), d_bias.into_dyn()),
                    });
                }
            }
            Operator::Softmax => softmax_backward(input(), d_output, CHANNELS)?,
        };
        Ok(LayerGradients {
            d_inputs: vec![d_input],
            d_weights: Vec::new(),
        })
    }

    fn convolution(&self, gradients: Conv2dGradients<F>) -> LayerGradients<F> {
        LayerGradients {
            d_inputs: vec![gradients.d_input.into_dyn()],
            d_weights: self.kernel_gradients(gradients.d_weights, gradients.d_bias),
        }
    }

    fn kernel_gradients(&self, d_weights: Array4<F>, d_bias: Array1<F>) -> Vec<ArrayD<F>> {
        let mut d_weights = d_weights.into_dyn();
        keep_connections(self.op, &mut d_weights);
        self.with_bias(d_weights, d_bias.into_dyn())
    }

    fn with_bias(&self, d_weights: ArrayD<F>, d_bias: ArrayD<F>) -> Vec<ArrayD<F>> {
        let d_bias = self.weights.get(1).map(|_| d_bias);
        std::iter::once(d_weights).chain(d_bias).collect()
    }

    fn kernel(&self) -> ArrayView4<'_, F> {
        four(self.weights[0].view())
    }

    fn matrix(&self) -> ArrayView2<'_, F> {
        two(self.weights[0].view())
    }

    fn bias(&self) -> Option<ArrayView1<'_, F>> {
        self.weights.get(1).map(|_| self.vector(1))
    }

    fn vector(&self, idx: usize) -> ArrayView1<'_, F> {
        with_rank(self.weights[idx].view())
    }

    /// Scale, shift and running statistics of a batch norm.
    fn affine(&self) -> (Option<ArrayView1<'_, F>>, ArrayView1<'_, F>, Statistics<F>) {
        let rest = self.weights.len() - 3;
        let running = Statistics {
            mean: self.vector(rest + 1).to_owned(),
            variance: self.vector(rest + 2).to_owned(),
        };
        (
            (rest > 0).then(|| self.vector(0)),
            self.vector(rest),
            running,
        )
    }
}

fn affine_gradients<F>(gradients: AffineGradients<F>, scale: bool) -> LayerGradients<F> {
    let d_scale = scale.then_some(gradients.d_weights);
    LayerGradients {
        d_inputs: vec![gradients.d_input],
        d_weights: d_scale.into_iter().chain([gradients.d_bias]).collect(),
    }
}

/// The input gradient of a transposed convolution alone: the convolution it transposes.
fn conv_transpose2d_d_input<F: Real>(
    input: ArrayView4<F>,
    weights: ArrayView4<F>,
    d_output: ArrayView4<F>,
    options: &ConvTranspose2dOptions,
) -> Result<Array4<F>> {
    let convolution = Conv2dOptions {
        stride: options.stride,
        padding: Padding::Explicit(options.padding),
        dilation: options.dilation,
        groups: options.groups,
        ..Conv2dOptions::default()
    };
    // Added rows and columns may leave room for windows that stand for no input.
    let (_, _, in_h, in_w) = input.dim();
    let d_input = conv2d(d_output, weights, None, &convolution)?;
    Ok(d_input.slice_move(s![.., .., ..in_h, ..in_w]))
}

fn four<F>(values: ArrayViewD<F>) -> ArrayView4<F> {
    with_rank(values)
}

fn two<F>(values: ArrayViewD<F>) -> ArrayView2<F> {
    with_rank(values)
}

#[expect(
    clippy::expect_used,
    reason = "a checked graph gives each operator maps or vectors as it takes them, and weights are checked against their parameters"
)]
fn with_rank<F, D: Dimension>(values: ArrayViewD<F>) -> ArrayView<F, D> {
    values
        .into_dimensionality()
        .expect("the rank is that of the operator")
}
