//! A step of a planned network: what computes it, and on which parts of the arena.

use std::ops::Range;

use ndarray::{ArrayD, ArrayViewD};

use crate::compute::convolution::Convolution;
use crate::compute::dot::dot;
use crate::error::Result;
use crate::net::network::layer::Layer;
use crate::net::network::operator::Operator;

/// A kernel with the places of what it takes and makes.
#[derive(Debug)]
pub(super) struct Step {
    pub kernel: Kernel,
    pub inputs: Vec<Range<usize>>,
    /// One of the inputs, where that is overwritten; else apart from all of them, but for parts of a
    /// concatenation.
    pub output: Range<usize>,
    pub scratch: Range<usize>,
}

/// What a step computes, with its weights.
#[derive(Debug)]
pub(super) enum Kernel {
    /// Nothing: its weights are being replaced.
    Empty,
    Convolution(Convolution),
    Dense(Dense),
    Affine(Affine),
    /// Limits every value.
    Clamp([f32; 2]),
    /// The sum of two inputs or more, limited.
    Sum([f32; 2]),
    /// The inputs one after the other.
    Concatenation,
    /// As the plain network does it, with memory of its own.
    Layer(Plain),
}

/// A matrix times a vector, plus a bias, limited.
#[derive(Debug)]
pub(super) struct Dense {
    /// `[outputs, inputs]`
    pub weights: Vec<f32>,
    /// One for each output, or none.
    pub bias: Vec<f32>,
    pub clamp: [f32; 2],
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

impl Step {
    /// Computes the output from the inputs, all in `arena`.
    ///
    /// # Errors
    /// What an operator refuses.
    pub fn run(&self, arena: &mut [f32]) -> Result<()> {
        let output = self.output.clone();
        match &self.kernel {
            Kernel::Empty => {}
            Kernel::Convolution(convolution) => {
                let parts = [self.inputs[0].clone(), output, self.scratch.clone()];
                let [input, output, scratch] = apart(arena, parts);
                convolution.run(input, output, scratch);
            }
            Kernel::Dense(dense) => {
                let [input, output] = apart(arena, [self.inputs[0].clone(), output]);
                dense.run(input, output);
            }
            Kernel::Affine(affine) => affine.run(self.moved(arena)),
            Kernel::Clamp(clamp) => {
                let values = self.moved(arena);
                values
                    .iter_mut()
                    .for_each(|value| *value = limited(*value, *clamp));
            }
            Kernel::Sum(clamp) => self.sum(arena, *clamp),
            Kernel::Concatenation => self.concatenate(arena),
            Kernel::Layer(plain) => {
                let made = plain.run(&self.inputs, arena)?;
                let to = arena[output].iter_mut();
                to.zip(&made).for_each(|(to, &value)| *to = value);
            }
        }
        Ok(())
    }

    /// The output as it begins: the values of the input.
    fn moved<'a>(&self, arena: &'a mut [f32]) -> &'a mut [f32] {
        self.begin(arena, 0);
        &mut arena[self.output.clone()]
    }

    fn begin(&self, arena: &mut [f32], input: usize) {
        if self.inputs[input] != self.output {
            arena.copy_within(self.inputs[input].clone(), self.output.start);
        }
    }

    /// The inputs are added in their order, but that the second may come first.
    fn sum(&self, arena: &mut [f32], clamp: [f32; 2]) {
        let first = usize::from(self.inputs[1] == self.output);
        self.begin(arena, first);
        let mut left = self.inputs.len() - 1;
        for (idx, input) in self.inputs.iter().enumerate() {
            if idx == first {
                continue;
            }
            left -= 1;
            let clamp = if left == 0 { clamp } else { UNLIMITED };
            let [more, sum] = apart(arena, [input.clone(), self.output.clone()]);
            for (sum, more) in sum.iter_mut().zip(more) {
                *sum = limited(*sum + *more, clamp);
            }
        }
    }

    fn concatenate(&self, arena: &mut [f32]) {
        let mut start = self.output.start;
        for input in &self.inputs {
            if input.start != start {
                arena.copy_within(input.clone(), start);
            }
            start += input.len();
        }
    }
}

impl Dense {
    fn run(&self, input: &[f32], output: &mut [f32]) {
        let rows = self.weights.chunks_exact(input.len());
        for (idx, (output, row)) in output.iter_mut().zip(rows).enumerate() {
            let sum = dot(input, row) + self.bias.get(idx).copied().unwrap_or_default();
            *output = limited(sum, self.clamp);
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

impl Plain {
    fn run(&self, inputs: &[Range<usize>], arena: &[f32]) -> Result<ArrayD<f32>> {
        let inputs = inputs.iter().zip(&self.shapes);
        let inputs = inputs.map(|(range, shape)| shaped(shape, &arena[range.clone()]));
        let layer = Layer {
            op: None,
            operator: self.operator,
            weights: &self.weights,
        };
        layer.forward(&inputs.collect::<Vec<_>>())
    }
}

impl Kernel {
    /// Number of values that a step may need beside its input and its output.
    pub fn scratch_len(&self) -> u64 {
        match self {
            Kernel::Convolution(convolution) => convolution.scratch_len() as u64,
            _ => 0,
        }
    }

    /// Memory of its weights.
    pub fn bytes(&self) -> usize {
        let values = match self {
            Kernel::Convolution(convolution) => return convolution.packed_bytes(),
            Kernel::Dense(dense) => dense.weights.len() + dense.bias.len(),
            Kernel::Affine(affine) => affine.factors.len() + affine.terms.len(),
            Kernel::Layer(plain) => plain.weights.iter().map(ArrayD::len).sum(),
            Kernel::Empty | Kernel::Clamp(_) | Kernel::Sum(_) | Kernel::Concatenation => 0,
        };
        values * size_of::<f32>()
    }
}

/// `value`, but at least the first limit and at most the second. NaN stays.
#[inline(always)]
fn limited(value: f32, [least, greatest]: [f32; 2]) -> f32 {
    let value = if value < least { least } else { value };
    if value > greatest { greatest } else { value }
}

#[expect(
    clippy::expect_used,
    reason = "the layout keeps apart what a step reads and writes, within the arena"
)]
fn apart<const N: usize>(arena: &mut [f32], parts: [Range<usize>; N]) -> [&mut [f32]; N] {
    arena
        .get_disjoint_mut(parts)
        .expect("the parts are apart and within the arena")
}

#[expect(
    clippy::expect_used,
    reason = "a value's part of the arena is as long as its shape holds"
)]
fn shaped<'a>(shape: &[usize], values: &'a [f32]) -> ArrayViewD<'a, f32> {
    ArrayViewD::from_shape(shape, values).expect("length is the product of the shape")
}
