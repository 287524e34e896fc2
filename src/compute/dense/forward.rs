//! The forward pass of a dense layer, without allocation.

use std::array::from_fn;

use crate::compute::dot::LANES;
use crate::compute::layout::block;
use crate::compute::simd::F32x4;

/// Writes `input` `[n, inputs]` · `weights`ᵀ `[outputs, inputs]` + `bias` to `output` `[n,
/// outputs]`.
///
/// Every sum has the bits of [`crate::compute::dot::dot`]. A single image is bound by memory
/// bandwidth, so four rows of weights are read at a time. With more images, two images share two
/// rows of weights.
///
/// # Panics
/// If the length of a slice does not match its shape.
pub(crate) fn dense(
    input: &[f32],
    weights: &[f32],
    bias: Option<&[f32]>,
    [n, inputs, outputs]: [usize; 3],
    output: &mut [f32],
) {
    assert_eq!(input.len(), n * inputs);
    assert_eq!(weights.len(), outputs * inputs);
    assert_eq!(output.len(), n * outputs);
    let operands = Operands {
        input,
        weights,
        inputs,
        outputs,
    };
    let pairs = if n == 1 { 0 } else { n / 2 * 2 };
    for image in (0..pairs).step_by(2) {
        let rows = outputs / 2 * 2;
        (0..rows)
            .step_by(2)
            .for_each(|row| operands.tile::<2, 2>(image, row, output));
        (rows..outputs).for_each(|row| operands.tile::<2, 1>(image, row, output));
    }
    for image in pairs..n {
        let rows = outputs / 4 * 4;
        (0..rows)
            .step_by(4)
            .for_each(|row| operands.tile::<1, 4>(image, row, output));
        (rows..outputs).for_each(|row| operands.tile::<1, 1>(image, row, output));
    }
    if let Some(bias) = bias {
        for row in output.chunks_exact_mut(outputs.max(1)) {
            row.iter_mut()
                .zip(bias)
                .for_each(|(sum, bias)| *sum += bias);
        }
    }
}

/// A batch of inputs and a layer's weights, row by row.
struct Operands<'a> {
    input: &'a [f32],
    weights: &'a [f32],
    inputs: usize,
    outputs: usize,
}

impl Operands<'_> {
    /// Computes the sums of `N` images from `image` on with `R` rows of weights from `row` on.
    #[inline(always)]
    fn tile<const N: usize, const R: usize>(&self, image: usize, row: usize, output: &mut [f32]) {
        let inputs = from_fn(|idx| &self.input[block(image + idx, self.inputs)]);
        let rows = from_fn(|idx| &self.weights[block(row + idx, self.inputs)]);
        for (image_idx, sums) in dots::<N, R>(inputs, rows).iter().enumerate() {
            let start = (image + image_idx) * self.outputs + row;
            output[start..start + R].copy_from_slice(sums);
        }
    }
}

/// The dot product ([`crate::compute::dot::dot`]) of every slice of `left` with every slice of
/// `right`; all have the same length.
#[inline(never)]
fn dots<const N: usize, const R: usize>(left: [&[f32]; N], right: [&[f32]; R]) -> [[f32; R]; N] {
    let blocks = left[0].len() / LANES;
    let left_blocks = left.map(|values| &values.as_chunks::<LANES>().0[..blocks]);
    let right_blocks = right.map(|values| &values.as_chunks::<LANES>().0[..blocks]);
    let mut sums = [[[F32x4::constant(0.0); 2]; R]; N];
    for idx in 0..blocks {
        let left = left_blocks.map(|blocks| halves(&blocks[idx]));
        let right = right_blocks.map(|blocks| halves(&blocks[idx]));
        for (sums, left) in sums.iter_mut().zip(left) {
            for (sums, right) in sums.iter_mut().zip(right) {
                *sums = from_fn(|half| sums[half].add_product(left[half], right[half]));
            }
        }
    }
    from_fn(|n| {
        from_fn(|r| {
            let [first, last] = sums[n][r].map(F32x4::to_array);
            let mut lanes = [0.0; LANES];
            lanes[..4].copy_from_slice(&first);
            lanes[4..].copy_from_slice(&last);
            let rest = left[n].iter().zip(right[r]).skip(blocks * LANES);
            for (lane, (left, right)) in lanes.iter_mut().zip(rest) {
                *lane += left * right;
            }
            lanes.into_iter().sum()
        })
    })
}

#[inline(always)]
fn halves(values: &[f32; LANES]) -> [F32x4; 2] {
    let (halves, _) = values.as_chunks::<4>();
    [F32x4::load(&halves[0]), F32x4::load(&halves[1])]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compute::dot::dot;

    #[test]
    fn every_sum_has_the_bits_of_a_dot_product() {
        let mut rng = crate::data::rng::Rng::new(3);
        for n in [0, 1, 2, 3, 5] {
            for inputs in [0, 1, 7, 8, 9, 31, 100] {
                for outputs in [0, 1, 2, 3, 4, 5, 9] {
                    let mut fill = |len| (0..len).map(|_| rng.normal() as f32).collect::<Vec<_>>();
                    let (input, weights) = (fill(n * inputs), fill(outputs * inputs));
                    let bias = fill(outputs);
                    let mut output = vec![f32::NAN; n * outputs];
                    dense(
                        &input,
                        &weights,
                        Some(&bias),
                        [n, inputs, outputs],
                        &mut output,
                    );
                    for (idx, sum) in output.iter().enumerate() {
                        let (image, row) = (idx / outputs, idx % outputs);
                        let of = |values: &[f32], idx| values[block(idx, inputs)].to_vec();
                        let expected = dot(&of(&input, image), &of(&weights, row)) + bias[row];
                        assert_eq!(sum.to_bits(), expected.to_bits(), "{n} {inputs} {outputs}");
                    }
                }
            }
        }
    }
}
