//! A step of a planned network, on its parts of the arena.

use std::ops::Range;

use crate::error::Result;
use crate::net::planned::kernel::{Kernel, UNLIMITED, limited};

/// A kernel and where its input and output lie.
#[derive(Debug)]
pub(super) struct Step {
    pub kernel: Kernel,
    pub inputs: Vec<Range<usize>>,
    /// One of the inputs if that is overwritten. Otherwise it overlaps none of them, except parts of a
    /// concatenation.
    pub output: Range<usize>,
    pub scratch: Range<usize>,
}

impl Step {
    /// Computes the output from the inputs, all in `arena`.
    ///
    /// # Errors
    /// What an operator refuses.
    pub fn run(&self, arena: &mut [f32]) -> Result<()> {
        match &self.kernel {
            Kernel::Empty => {}
            Kernel::Apart(kernel) => {
                let parts = [&self.inputs[0], &self.output, &self.scratch];
                let [input, output, scratch] = apart(arena, parts);
                kernel.run(input, output, scratch);
            }
            Kernel::InPlace(kernel) => {
                self.begin(arena, 0);
                kernel.run(&mut arena[self.output.clone()]);
            }
            Kernel::Sum(clamp) => self.sum(arena, *clamp),
            Kernel::Concatenation => self.concatenate(arena),
            Kernel::Layer(plain) => {
                let made = plain.run(&self.inputs, arena)?;
                let output = arena[self.output.clone()].iter_mut();
                output.zip(&made).for_each(|(to, &value)| *to = value);
            }
        }
        Ok(())
    }

    /// Copies an input into the output, unless it is there already.
    fn begin(&self, arena: &mut [f32], input: usize) {
        if self.inputs[input] != self.output {
            arena.copy_within(self.inputs[input].clone(), self.output.start);
        }
    }

    /// The inputs are added in their order, except that the second may come first.
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
            let [more, sum] = apart(arena, [input, &self.output]);
            for (sum, more) in sum.iter_mut().zip(more) {
                *sum = limited(*sum + *more, clamp);
            }
        }
    }

    /// Copies the inputs that are not at their place in the output already.
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

#[expect(
    clippy::expect_used,
    reason = "the layout keeps apart what a step reads and writes, within the arena"
)]
fn apart<'a, const N: usize>(
    arena: &'a mut [f32],
    parts: [&Range<usize>; N],
) -> [&'a mut [f32]; N] {
    arena
        .get_disjoint_mut(parts.map(Range::clone))
        .expect("the parts are apart and within the arena")
}
