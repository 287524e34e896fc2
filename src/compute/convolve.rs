//! Correlations as fast as their numbers allow.

use std::any::Any;

use crate::compute::convolution::{Convolution, Geometry, exact};
use crate::compute::direct::{Correlation, area};
use crate::compute::gemm::Finish;
use crate::compute::layout::block;
use crate::compute::same::same;
use crate::math::real::Real;
use crate::window::Sides;

/// The narrow planes of a correlation, see [`Correlation::correlate`], to the bits of the definition.
pub(crate) fn correlate<F: Real>(correlation: &Correlation, wide: &[F], weights: &[F]) -> Vec<F> {
    convolve(correlation, Sides::default(), wide, weights, &[], exact)
        .unwrap_or_else(|| correlation.correlate(wide, weights))
}

/// What gives a convolution its way.
pub(crate) type Prepare = fn(Geometry, &[f32], Finish) -> Box<dyn Convolution>;

/// The narrow planes from wide ones without their `padding` of zeros, with a `bias` for each channel
/// or none; `None` if the numbers are not `f32`.
pub(crate) fn convolve<F: Real>(
    correlation: &Correlation,
    padding: Sides,
    planes: &[F],
    weights: &[F],
    bias: &[F],
    prepare: Prepare,
) -> Option<Vec<F>> {
    let finish = Finish {
        bias: same(bias)?.to_vec(),
        clamp: None,
    };
    let geometry = Geometry::of(correlation, padding);
    let convolution = prepare(geometry, same(weights)?, finish);
    let narrow: Box<dyn Any> = Box::new(images(
        &*convolution,
        &geometry,
        correlation.n,
        same(planes)?,
    ));
    narrow.downcast().ok().map(|values| *values)
}

/// The outputs of `count` images.
pub(crate) fn images(
    convolution: &dyn Convolution,
    geometry: &Geometry,
    count: usize,
    inputs: &[f32],
) -> Vec<f32> {
    let input_len = geometry.in_channels * area(geometry.input);
    let output_len = geometry.out_channels * area(geometry.output);
    let mut outputs = vec![0.0; count * output_len];
    let mut scratch = vec![0.0; convolution.scratch_len()];
    for idx in 0..count {
        let (input, output) = (block(idx, input_len), block(idx, output_len));
        convolution.run(&inputs[input], &mut outputs[output], &mut scratch);
    }
    outputs
}
