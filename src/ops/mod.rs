//! The operators: one file each, with its naive reference and its tests.

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
pub mod normalise;
pub mod batch_norm;
pub mod layer_norm;
pub mod group_norm;
pub mod local_response_norm;
pub mod dropout;
pub mod add;
pub mod concat;
pub mod loss;
pub(crate) mod shape;
