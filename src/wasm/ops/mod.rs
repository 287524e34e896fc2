//! The operators as functions on tensors, one file each as in `crate::ops`.
//!
//! A backward function takes what its forward takes, `dOutput` before the options, and returns
//! `{ dInput, ... }`: the gradient of sum(output * dOutput) by each argument.

mod activation;
mod adaptive_pool2d;
mod add;
mod batch_norm;
mod blur_pool2d;
mod concat;
mod conv2d;
mod conv_transpose2d;
mod dense;
mod dropout;
mod flatten;
mod global_pool2d;
mod group_norm;
mod layer_norm;
mod local_response_norm;
mod loss;
mod pad2d;
mod pool2d;
mod prelu;
mod resize2d;
mod softmax;
mod unpool2d;
