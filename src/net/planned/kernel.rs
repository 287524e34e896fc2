//! What computes a step, with its weights.

use std::ops::Range;

use ndarray::{ArrayD, ArrayViewD};

use crate::compute::convolution::Convolution;
use crate::compute::dense::dense;
use crate::compute::elementwise;
use crate::error::Result;
use crate::math::elementary::exp;
use crate::net::reference::layer::Layer;
use crate::net::reference::operator::Operator;
use crate::ops::activation::Activation;
use crate::ops::adaptive_pool2d::{AdaptivePoolKind, Regions};
use crate::ops::pool2d;

/// What computes a step.
#[derive(Debug)]
pub(super) enum Kernel {
    /// Nothing: its weights are being replaced.
    Empty,
    /// From an input to an output in other memory.
    Apart(Apart),
    /// From an input to an output that overwrites it.
    InPlace(InPlace),
    /// The sum of two inputs or more, limited.
    Sum([f32; 2]),
    /// The inputs, joined.
    Concatenation,
    /// The plain operator, which allocates its output.
    Layer(Plain),
}

/// What computes an output in other memory than its input.
#[derive(Debug)]
pub(super) enum Apart {
    Convolution(Box<dyn Convolution>),
    Dense(Dense),
    Pool(Box<pool2d::Plan>),
    AdaptivePool(AdaptivePoolKind, Regions),
}

/// What replaces values by others.
#[derive(Debug)]
pub(super) enum InPlace {
    Affine(Affine),
    /// Limits every value.
    Clamp([f32; 2]),
    Activation(Activation),
    /// Over so many channels.
    Softmax(usize),
}

/// A matrix times a vector, plus a bias, limited.
#[derive(Debug)]
pub(super) struct Dense {
    /// `[outputs, inputs]`
    pub weights: Vec<f32>,
    /// One for each output, or none.
    pub bias: Vec<f32>,
    pub clamp: Option<[f32; 2]>,
}

/// Channel by channel a factor and a term, limited.
#[derive(Debug)]
pub(super) struct Affine {
    pub factors: Vec<f32>,
    pub terms: Vec<f32>,
    pub clamp: [f32; 2],
}

/// An operator of [`crate::ops`].
#[derive(Debug)]
pub(super) struct Plain {
    pub operator: Operator,
    pub weights: Vec<ArrayD<f32>>,
    /// Shapes of the inputs, with the one example.
    pub shapes: Vec<Vec<usize>>,
}

/// Limits that limit nothing.
pub(super) const UNLIMITED: [f32; 2] = [f32::NEG_INFINITY, f32::INFINITY];

/// `value`, but at least the first limit and at most the second. NaN stays.
#[inline(always)]
pub(super) fn limited(value: f32, [least, greatest]: [f32; 2]) -> f32 {
    let value = if value < least { least } else { value };
    if value > greatest { greatest } else { value }
}

impl From<Apart> for Kernel {
    fn from(kernel: Apart) -> Kernel {
        Kernel::Apart(kernel)
    }
}

impl Kernel {
    /// Number of values of scratch space that a step needs.
    pub fn scratch_len(&self) -> u64 {
        match self {
            Kernel::Apart(kernel) => kernel.scratch_len() as u64,
            _ => 0,
        }
    }

    /// Memory of its weights.
    pub fn bytes(&self) -> usize {
        let values = match self {
            Kernel::Apart(kernel) => return kernel.bytes(),
            Kernel::InPlace(InPlace::Affine(affine)) => affine.factors.len() + affine.terms.len(),
            Kernel::Layer(plain) => plain.weights.iter().map(ArrayD::len).sum(),
            _ => 0,
        };
        values * size_of::<f32>()
    }
}

impl Apart {
    pub fn run(&self, input: &[f32], output: &mut [f32], scratch: &mut [f32]) {
        match self {
            Apart::Convolution(convolution) => convolution.run(input, output, scratch),
            Apart::Dense(dense) => dense.run(input, output),
            Apart::Pool(pool) => pool.run(input, output, scratch),
            Apart::AdaptivePool(kind, regions) => regions.run_in_f32(*kind, input, output),
        }
    }

    fn scratch_len(&self) -> usize {
        match self {
            Apart::Convolution(convolution) => convolution.scratch_len(),
            Apart::Pool(pool) => pool.scratch_len(),
            Apart::Dense(_) | Apart::AdaptivePool(..) => 0,
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Apart::Convolution(convolution) => convolution.packed_len() * size_of::<f32>(),
            Apart::Dense(dense) => (dense.weights.len() + dense.bias.len()) * size_of::<f32>(),
            Apart::Pool(_) | Apart::AdaptivePool(..) => 0,
        }
    }
}

impl InPlace {
    pub fn run(&self, values: &mut [f32]) {
        match self {
            InPlace::Affine(affine) => affine.run(values),
            InPlace::Clamp(clamp) => elementwise::clamp(values, *clamp),
            InPlace::Activation(kind) => {
                for value in values {
                    *value = kind.value(f64::from(*value)) as f32;
                }
            }
            InPlace::Softmax(channels) => softmax(values, *channels),
        }
    }
}

impl Dense {
    fn run(&self, input: &[f32], output: &mut [f32]) {
        let bias = (!self.bias.is_empty()).then_some(&self.bias[..]);
        let extents = [1, input.len(), output.len()];
        dense(input, &self.weights, bias, extents, output);
        if let Some(clamp) = self.clamp {
            elementwise::clamp(output, clamp);
        }
    }
}

impl Affine {
    fn run(&self, values: &mut [f32]) {
        let positions = values.len() / self.factors.len();
        let planes = values.chunks_exact_mut(positions);
        for ((plane, factor), term) in planes.zip(&self.factors).zip(&self.terms) {
            for value in plane {
                *value = limited(*value * factor + term, self.clamp);
            }
        }
    }
}

/// As [`crate::ops::softmax`], in `f64`, but each power is computed twice instead of being stored.
fn softmax(values: &mut [f32], channels: usize) {
    let positions = values.len() / channels;
    for position in 0..positions {
        let lane = || (position..values.len()).step_by(positions);
        let wide = |idx: usize| f64::from(values[idx]);
        let largest = lane().map(wide).fold(f64::NEG_INFINITY, f64::max);
        let total = lane().map(|idx| exp(wide(idx) - largest)).sum::<f64>();
        for value in values[position..].iter_mut().step_by(positions) {
            *value = (exp(f64::from(*value) - largest) / total) as f32;
        }
    }
}

impl Plain {
    /// The operator's output for inputs in the given parts of the arena.
    ///
    /// # Errors
    /// What it refuses.
    pub fn run(&self, inputs: &[Range<usize>], arena: &[f32]) -> Result<ArrayD<f32>> {
        let inputs = inputs.iter().zip(&self.shapes);
        let inputs = inputs.map(|(range, shape)| shaped(shape, &arena[range.clone()]));
        let layer = Layer {
            op: None,
            operator: self.operator,
            weights: &self.weights,
        };
        Ok(layer.forward(&inputs.collect::<Vec<_>>())?.values)
    }
}

#[expect(
    clippy::expect_used,
    reason = "a value's part of the arena is as long as its shape holds"
)]
fn shaped<'a>(shape: &[usize], values: &'a [f32]) -> ArrayViewD<'a, f32> {
    ArrayViewD::from_shape(shape, values).expect("length is the product of the shape")
}
