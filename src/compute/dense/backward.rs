//! The gradients of a dense layer. Sums over outputs and over the batch are taken in order.

use std::ops::Range;

use crate::compute::gemm::{Columns, PackedRows, TILE_N, gemm};

/// Adds `d_output` `[n, outputs]` · `weights` `[outputs, inputs]` to `d_input` `[n, inputs]`.
///
/// # Panics
/// If the length of a slice does not match its shape.
pub(crate) fn d_input(
    d_output: &[f32],
    weights: &[f32],
    [n, inputs, outputs]: [usize; 3],
    d_input: &mut [f32],
) {
    let rows = PackedRows::new(n, outputs, |row, term| d_output[row * outputs + term]);
    gemm(&rows, &Matrix::new(weights, [outputs, inputs]), d_input);
}

/// Adds `d_output`ᵀ `[outputs, n]` · `input` `[n, inputs]` to `d_weights` `[outputs, inputs]`.
///
/// # Panics
/// If the length of a slice does not match its shape.
pub(crate) fn d_weights(
    d_output: &[f32],
    input: &[f32],
    [n, inputs, outputs]: [usize; 3],
    d_weights: &mut [f32],
) {
    let rows = PackedRows::new(outputs, n, |row, term| d_output[term * outputs + row]);
    gemm(&rows, &Matrix::new(input, [n, inputs]), d_weights);
}

/// A matrix `[k, n]`, stored row by row.
struct Matrix<'a> {
    values: &'a [f32],
    k: usize,
    n: usize,
}

impl<'a> Matrix<'a> {
    fn new(values: &'a [f32], [k, n]: [usize; 2]) -> Self {
        assert_eq!(values.len(), k * n);
        Matrix { values, k, n }
    }
}

impl Columns for Matrix<'_> {
    fn k(&self) -> usize {
        self.k
    }

    fn n(&self) -> usize {
        self.n
    }

    fn pack(&self, terms: Range<usize>, columns: Range<usize>, to: &mut [[f32; TILE_N]]) {
        let panels = to.chunks_exact_mut(terms.len().max(1));
        for (first, panel) in columns.clone().step_by(TILE_N).zip(panels) {
            let width = TILE_N.min(columns.end - first);
            for (term, to) in terms.clone().zip(panel) {
                let row = &self.values[term * self.n + first..];
                match row.first_chunk() {
                    Some(values) if width == TILE_N => *to = *values,
                    _ => to[..width].copy_from_slice(&row[..width]),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seeded(seed: u64, len: usize) -> Vec<f32> {
        let mut rng = crate::data::rng::Rng::new(seed);
        (0..len).map(|_| rng.normal() as f32).collect()
    }

    #[test]
    fn gradients_have_the_bits_of_sums_in_order() {
        for n in [0, 1, 3, 4, 9] {
            for inputs in [0, 1, 7, 8, 9, 17] {
                for outputs in [0, 1, 5, 8] {
                    let extents = [n, inputs, outputs];
                    let (input, weights) = (seeded(1, n * inputs), seeded(2, outputs * inputs));
                    let d_output = seeded(3, n * outputs);
                    let mut got = [vec![0.0; n * inputs], vec![0.0; outputs * inputs]];
                    d_input(&d_output, &weights, extents, &mut got[0]);
                    d_weights(&d_output, &input, extents, &mut got[1]);
                    let mut expected = [vec![0.0; n * inputs], vec![0.0; outputs * inputs]];
                    for row in 0..n {
                        for out in 0..outputs {
                            for col in 0..inputs {
                                let d = d_output[row * outputs + out];
                                expected[0][row * inputs + col] += d * weights[out * inputs + col];
                                expected[1][out * inputs + col] += d * input[row * inputs + col];
                            }
                        }
                    }
                    assert_eq!(got, expected, "{extents:?}");
                }
            }
        }
    }
}
