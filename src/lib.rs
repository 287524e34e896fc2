//! Convolutional neural networks to see and test.
//!
//! This crate is the whole engine of CNN Playground: the operators, the pictures made of
//! their results, and the words for what cannot be done. The front end in `www/` only
//! holds controls.
//!
//! # Axes
//! A feature map is NCHW: batch, channel, row, column; `n`, `c`, `h`, `w` in names such as
//! `in_h` or `c_out`. Weights are OIHW: output channel, input channel of the group, kernel
//! row, kernel column. Values are `f32` unless a doc comment says otherwise; a picture's
//! values run from 0 (black) to 1 (white).
//!
//! # The convolution of CNNs is cross-correlation
//! [`ops::conv2d`] does not flip the kernel unless asked to: like PyTorch, ONNX and
//! TensorFlow, and unlike the convolution of signal processing.
//!
//! # Reading order
//! The modules are listed from the ground up; each uses only those above it.

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
