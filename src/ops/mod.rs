//! The operators: one file each, with a naive reference and tests.
//!
//! Every operator is a function on array views that checks its arguments, with a backward pass next
//! to it. The crate's root re-exports the functions and their options.

pub mod conv2d;
pub mod conv_transpose2d;
pub mod pool2d;
pub mod unpool2d;
pub mod adaptive_pool2d;
pub mod global_pool2d;
pub mod blur_pool2d;
pub mod pad2d;
pub mod resize2d;
pub mod activation;
pub mod prelu;
pub mod softmax;
pub mod flatten;
pub mod dense;
pub mod normalize;
pub mod batch_norm;
pub mod layer_norm;
pub mod group_norm;
pub mod local_response_norm;
pub mod dropout;
pub mod add;
pub mod concat;
pub mod loss;
pub(crate) mod shape;
