//! Global pooling: one value per channel.

use ndarray::{Array4, ArrayView4};

use crate::error::Result;
use crate::math::real::Real;
use crate::ops::adaptive_pool2d::{AdaptivePool2dOptions, AdaptivePoolKind, pool, pool_backward};
use crate::ops::pool2d::Pooled;

/// The mean or the maximum of each channel of `input`: adaptive pooling with one region.
///
/// # Shapes
/// `input` `[n, c, in_h, in_w]`; returns `[n, c, 1, 1]`.
///
/// # Errors
/// [`crate::error::Error::OutOfRange`] for an empty input; [`crate::error::Error::TooLarge`] beyond
/// the memory budget.
///
/// # Source
/// Lin, Chen and Yan, Network in Network, arXiv:1312.4400, section 3.2; ONNX's `GlobalAveragePool`
/// and `GlobalMaxPool`.
pub fn global_pool2d<F: Real>(input: ArrayView4<F>, kind: AdaptivePoolKind) -> Result<Pooled<F>> {
    pool("globalPool2d", input, &whole(kind))
}

/// Gradient of a loss with respect to the input of [`global_pool2d`], from `d_output`, its gradient
/// with respect to the output.
///
/// # Shapes
/// `input` `[n, c, in_h, in_w]`, `d_output` `[n, c, 1, 1]`; returns the shape of `input`.
///
/// # Errors
/// As [`global_pool2d`], and [`crate::error::Error::ShapeMismatch`] if `d_output` is not shaped
/// like the output.
pub fn global_pool2d_backward<F: Real>(
    input: ArrayView4<F>,
    d_output: ArrayView4<F>,
    kind: AdaptivePoolKind,
) -> Result<Array4<F>> {
    pool_backward("globalPool2dBackward", input, d_output, &whole(kind))
}

fn whole(kind: AdaptivePoolKind) -> AdaptivePool2dOptions {
    AdaptivePool2dOptions { kind, size: [1, 1] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use ndarray::array;

    #[test]
    fn each_channel_becomes_one_value() {
        let input = array![[[[1., 2.], [3., 6.]], [[-1., -2.], [-3., f64::NAN]]]];
        let means = global_pool2d(input.view(), AdaptivePoolKind::Average).unwrap();
        assert_eq!(means.output[[0, 0, 0, 0]], 3.0);
        assert!(means.output[[0, 1, 0, 0]].is_nan());
        let maxima = global_pool2d(input.view(), AdaptivePoolKind::Max).unwrap();
        assert_eq!(maxima.output[[0, 0, 0, 0]], 6.0);
        assert_eq!(maxima.indices, Some(array![[[[3]], [[3]]]]));
    }

    #[test]
    fn a_mean_of_many_pixels_keeps_its_digits() {
        let input = Array4::from_elem((1, 1, 2000, 2000), 0.1_f32);
        let means = global_pool2d(input.view(), AdaptivePoolKind::Average).unwrap();
        assert_eq!(means.output, array![[[[0.1]]]]);
    }

    #[test]
    fn errors_name_the_operator() {
        let empty = Array4::<f32>::zeros((1, 1, 0, 2));
        assert!(matches!(
            global_pool2d(empty.view(), AdaptivePoolKind::Max),
            Err(Error::OutOfRange {
                operator: "globalPool2d",
                argument: "input",
                ..
            })
        ));
    }
}
