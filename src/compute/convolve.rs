//! From operators on any numbers to the convolutions in `f32`.

use crate::compute::convolution::{Convolution, Geometry, exact};
use crate::compute::correlation::Correlation;
use crate::compute::gemm::Epilogue;
use crate::compute::layout::{area, block};
use crate::math::real::Real;
use crate::window::Sides;

/// [`Correlation::correlate`] as fast as the number type allows, with the same bits.
pub(crate) fn correlate<F: Real>(
    correlation: &Correlation,
    padded_input: &[F],
    weights: &[F],
) -> Vec<F> {
    let padding = Sides::default();
    convolve(correlation, padding, padded_input, weights, &[], exact)
        .unwrap_or_else(|| correlation.correlate(padded_input, weights))
}

/// Chooses an algorithm for a convolution and packs its weights.
pub(crate) type Prepare = fn(Geometry, &[f32], Epilogue) -> Box<dyn Convolution>;

/// The output for an `input` without its `padding` of zeros, with a `bias` per output channel or
/// none; `None` if the numbers are not `f32`.
pub(crate) fn convolve<F: Real>(
    correlation: &Correlation,
    padding: Sides,
    input: &[F],
    weights: &[F],
    bias: &[F],
    prepare: Prepare,
) -> Option<Vec<F>> {
    let epilogue = Epilogue {
        bias: F::as_f32_slice(bias)?.to_vec(),
        clamp: None,
    };
    let geometry = Geometry::of(correlation, padding);
    let convolution = prepare(geometry, F::as_f32_slice(weights)?, epilogue);
    F::from_f32_vec(run_batch(
        &*convolution,
        &geometry,
        correlation.n,
        F::as_f32_slice(input)?,
    ))
}

/// The outputs of `count` images.
pub(crate) fn run_batch(
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
