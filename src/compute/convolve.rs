//! A correlation of any numbers, as fast as they allow. The result has the bits of the definition.

use std::any::Any;

use crate::compute::convolution::{Convolution, Geometry, Rounding};
use crate::compute::direct::{Correlation, area};
use crate::compute::gemm::Finish;
use crate::compute::same::same;
use crate::real::Real;
use crate::window::Sides;

/// The narrow planes of a correlation, see [`Correlation::correlate`].
pub(crate) fn correlate<F: Real>(correlation: &Correlation, wide: &[F], weights: &[F]) -> Vec<F> {
    in_f32(correlation, wide, weights).unwrap_or_else(|| correlation.correlate(wide, weights))
}

fn in_f32<F: Real>(correlation: &Correlation, wide: &[F], weights: &[F]) -> Option<Vec<F>> {
    let narrow: Box<dyn Any> = Box::new(images(correlation, same(wide)?, same(weights)?));
    narrow.downcast().ok().map(|values| *values)
}

/// The correlation of each image.
fn images(correlation: &Correlation, wide: &[f32], weights: &[f32]) -> Vec<f32> {
    let geometry = Geometry {
        groups: correlation.groups,
        in_channels: correlation.wide_channels,
        out_channels: correlation.narrow_channels,
        input: correlation.wide,
        output: correlation.narrow,
        kernel: correlation.kernel,
        stride: correlation.stride,
        dilation: correlation.dilation,
        padding: Sides::default(),
    };
    let convolution = Convolution::new(geometry, weights, Finish::default(), Rounding::AsDefined);
    let mut scratch = vec![0.0; convolution.scratch_len()];
    let output_len = correlation.narrow_channels * area(correlation.narrow);
    let mut narrow = vec![0.0; correlation.n * output_len];
    let inputs = wide.chunks_exact((correlation.wide_channels * area(correlation.wide)).max(1));
    for (input, output) in inputs.zip(narrow.chunks_exact_mut(output_len.max(1))) {
        convolution.run(input, output, &mut scratch);
    }
    narrow
}
