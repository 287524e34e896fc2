//! Convolutional neural networks to see and test.
//!
//! This crate is the engine of CNN Playground: operators, networks and training, the pictures of
//! their results, and errors that say what is wrong. The front end in `www/` holds only the
//! controls.
//!
//! # Example
//! From a picture to a feature map, and to a picture of the feature map:
//! ```
//! use cnn_playground::data::patterns::{Pattern, draw};
//! use cnn_playground::render::display::render;
//! use cnn_playground::{
//!     ColorMode, Conv2dOptions, DisplayRange, Padding, Theme, conv2d, filters,
//! };
//! use ndarray::Axis;
//!
//! let picture = draw(Pattern::Circle, 64, 0)?;
//! let input = picture.to_tensor(ColorMode::Grey); // [1, 1, 64, 64]
//!
//! let sobel = filters::kernel("sobel_x", &[])?.mapv(|weight| weight as f32);
//! let weights = sobel.insert_axis(Axis(0)).insert_axis(Axis(0)); // [1, 1, 3, 3]
//! let options = Conv2dOptions {
//!     padding: Padding::Same,
//!     ..Default::default()
//! };
//! let edges = conv2d(input.view(), weights.view(), None, &options)?;
//! assert_eq!(edges.shape(), [1, 1, 64, 64]);
//! assert!(edges[[0, 0, 32, 8]] > 0.0); // at the left edge of the disc brightness increases
//!
//! let range = DisplayRange::Symmetric;
//! let rendered = render(edges.index_axis(Axis(0), 0), &range, Theme::Light);
//! assert_eq!(rendered.rgba.len(), 4 * 64 * 64);
//! # Ok::<(), cnn_playground::Error>(())
//! ```
//!
//! # Axes
//! A feature map is NCHW: batch, channel, row, column; `n`, `c`, `h`, `w` in names such as `in_h`
//! or `c_out`. Weights are OIHW: output channel, input channel within the group, kernel row,
//! kernel column. Values are `f32` unless a doc comment says otherwise; the values of a picture run
//! from 0 (black) to 1 (white).
//!
//! # The convolution of CNNs is cross-correlation
//! [`conv2d`] does not flip the kernel unless asked to, like PyTorch, ONNX and TensorFlow, and
//! unlike the convolution of signal processing.
//!
//! # Reading order
//! The modules are listed from the bottom up; each uses only those above it.

pub mod error;
pub mod math;
pub mod window;
pub mod data;
pub mod kernel;
pub mod filters;
mod compute;
pub mod ops;
pub mod init;
pub mod net;
pub mod train;
pub mod render;
pub mod labs;

#[cfg(target_arch = "wasm32")]
mod wasm;

pub use data::picture::{ColorMode, Picture};
pub use error::{Error, Result};
pub use math::real::Real;
pub use ops::activation::{Activation, GeluForm, activation, activation_backward};
pub use ops::adaptive_pool2d::{
    AdaptivePool2dOptions, AdaptivePoolKind, adaptive_pool2d, adaptive_pool2d_backward,
};
pub use ops::add::{add, add_backward};
pub use ops::batch_norm::{
    BatchNorm, BatchNormOptions, Statistics, batch_norm, batch_norm_backward,
};
pub use ops::blur_pool2d::{BlurPool2dOptions, blur_pool2d, blur_pool2d_backward};
pub use ops::concat::{concat, concat_backward};
pub use ops::conv_transpose2d::{
    ConvTranspose2dOptions, conv_transpose2d, conv_transpose2d_backward, conv_transpose2d_naive,
};
pub use ops::conv2d::{Conv2dGradients, Conv2dOptions, conv2d, conv2d_backward, conv2d_naive};
pub use ops::dense::{DenseGradients, dense, dense_backward, dense_naive};
pub use ops::dropout::{Dropout, DropoutOptions, dropout, dropout_backward};
pub use ops::flatten::flatten;
pub use ops::global_pool2d::{global_pool2d, global_pool2d_backward};
pub use ops::group_norm::{
    GroupNormOptions, group_norm, group_norm_backward, instance_norm, instance_norm_backward,
};
pub use ops::layer_norm::{LayerNorm, LayerNormOptions, layer_norm, layer_norm_backward};
pub use ops::local_response_norm::{
    LocalResponseNormOptions, local_response_norm, local_response_norm_backward,
};
pub use ops::loss::Reduction;
pub use ops::loss::binary_cross_entropy::{binary_cross_entropy, binary_cross_entropy_backward};
pub use ops::loss::cross_entropy::{CrossEntropyOptions, cross_entropy, cross_entropy_backward};
pub use ops::loss::hinge::{HingeLossOptions, hinge_loss, hinge_loss_backward};
pub use ops::loss::huber::{HuberLossOptions, huber_loss, huber_loss_backward};
pub use ops::loss::l1::{l1_loss, l1_loss_backward};
pub use ops::loss::mean_squared_error::{mean_squared_error, mean_squared_error_backward};
pub use ops::loss::negative_log_likelihood::{
    NegativeLogLikelihoodOptions, negative_log_likelihood, negative_log_likelihood_backward,
};
pub use ops::normalize::AffineGradients;
pub use ops::pad2d::{Pad2dOptions, pad2d, pad2d_backward};
pub use ops::pool2d::{Pool2dOptions, PoolKind, Pooled, pool2d, pool2d_backward, pool2d_naive};
pub use ops::prelu::{PreluGradients, prelu, prelu_backward};
pub use ops::resize2d::{Resize2dOptions, ResizeKind, ResizeTarget, resize2d, resize2d_backward};
pub use ops::softmax::{log_softmax, log_softmax_backward, softmax, softmax_backward};
pub use ops::unpool2d::{Unpool2dOptions, unpool2d, unpool2d_backward};
pub use render::color::Theme;
pub use render::display::{ColorMap, DisplayRange, Legend, Rendered};
pub use window::{Padding, PaddingMode, Sides, Window};
