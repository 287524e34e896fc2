//! The tolerance of operators that compute in `f64` whatever they are given.
//!
//! Against PyTorch, which computed in `f64` too, a result may differ by `terms` roundings of `f64`,
//! each of at most the largest value of the case, and by the one rounding to its own precision.
//! Against ONNX, which computed in `f32`, it may differ by `terms` roundings of `f32`.
//! `terms` counts the values summed into one result, to which the steps of its formula are added;
//! 0 terms are a copy, which must be exact.

use cnn_playground::math::real::Real;
use ndarray::{Array, ArrayD, Dimension};

use crate::tally::Comparison;
use crate::truth::Case;

/// Roundings of a formula with a few elementary functions, besides its sums.
const FORMULA: usize = 16;

/// `got` against the PyTorch array at `path`.
pub fn torch_array<F: Real, D: Dimension>(
    case: &Case,
    path: &[&'static str],
    got: &Array<F, D>,
    terms: usize,
) -> Comparison {
    let expected = case.array::<f64>(path).unwrap();
    let wide = roundings(terms) as f64 * f64::EPSILON * case.largest();
    let magnitude = expected.mapv(|value| value.abs() + wide / F::epsilon().as_f64());
    Comparison::new(
        path[path.len() - 1],
        got,
        &expected,
        terms.min(1),
        &magnitude,
    )
}

/// `got` against ONNX's output `idx`.
pub fn onnx_output<D: Dimension>(
    case: &Case,
    idx: &'static str,
    got: &Array<f32, D>,
    terms: usize,
) -> Comparison {
    let expected = case
        .array::<f32>(&["outputs", idx])
        .unwrap()
        .mapv(f64::from);
    let magnitude = ArrayD::from_elem(expected.raw_dim(), case.largest());
    Comparison::new("output", got, &expected, roundings(terms), &magnitude)
}

fn roundings(terms: usize) -> usize {
    if terms == 0 { 0 } else { terms + FORMULA }
}
