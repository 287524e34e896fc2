//! Local response normalisation: neighbouring channels inhibit each other, as in AlexNet.

use std::ops::Range;

use ndarray::{ArrayD, ArrayViewD};

use crate::compute::check_budget;
use crate::error::{Result, check_range};
use crate::math::arrays::shaped;
use crate::math::elementary::pow;
use crate::math::real::Real;
use crate::ops::shape::{Channels, check_shape, values};

const OPERATOR: &str = "localResponseNorm";

/// How strongly channels inhibit each other. The defaults are PyTorch's, except for the size, which
/// has no default there. AlexNet used size 5, k 2, beta 0.75 and, since it did not divide alpha by
/// the size, the equivalent of alpha 5 · 10⁻⁴.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LocalResponseNormOptions {
    /// Number of neighbouring channels in the window, including the channel itself.
    pub size: usize,
    /// Weight of the mean square of the window.
    pub alpha: f64,
    /// Exponent of the denominator.
    pub beta: f64,
    /// Constant part of the denominator; ONNX calls it `bias`.
    pub k: f64,
}

impl Default for LocalResponseNormOptions {
    fn default() -> Self {
        LocalResponseNormOptions {
            size: 5,
            alpha: 1e-4,
            beta: 0.75,
            k: 1.0,
        }
    }
}

/// x / (k + alpha / size · Σ squares of the window)^beta, computed in `f64`.
///
/// The window of a channel has size / 2 channels before it (rounded down) and the rest from it on,
/// as in PyTorch; for even sizes, ONNX has the extra channel after it instead. Missing channels
/// count as zeros.
///
/// # Shapes
/// `input` `[n, c, ...]`; returns the same shape.
///
/// # Errors
/// [`crate::error::Error::OutOfRange`] for a size of 0 or a number that is not finite;
/// [`crate::error::Error::ShapeMismatch`] if there are fewer than two axes;
/// [`crate::error::Error::TooLarge`] beyond the memory budget.
///
/// # Source
/// Krizhevsky, Sutskever and Hinton, ImageNet Classification with Deep Convolutional Neural
/// Networks, NIPS 2012, section 3.3, with alpha divided by the size as in PyTorch and ONNX.
pub fn local_response_norm<F: Real>(
    input: ArrayViewD<F>,
    options: &LocalResponseNormOptions,
) -> Result<ArrayD<F>> {
    let map = check(&input, options)?;
    // An `f64` per value takes the memory of two `f32`.
    check_budget(OPERATOR, &[input.shape(); 4])?;
    let input_values = values(&input);
    let bases = bases(&input_values, map, options);
    let scaled = input_values.iter().zip(bases);
    let output = scaled.map(|(x, base)| F::of(x.as_f64() * pow(base, -options.beta)));
    Ok(shaped(input.shape(), output.collect()))
}

/// The gradient of [`local_response_norm`] with respect to its input.
///
/// # Shapes
/// `d_output` as `input`; returns the same shape.
///
/// # Errors
/// As [`local_response_norm`]; [`crate::error::Error::ShapeMismatch`] if the shapes differ.
pub fn local_response_norm_backward<F: Real>(
    input: ArrayViewD<F>,
    d_output: ArrayViewD<F>,
    options: &LocalResponseNormOptions,
) -> Result<ArrayD<F>> {
    let map = check(&input, options)?;
    check_shape(OPERATOR, "dOutput", input.shape(), d_output.shape())?;
    check_budget(OPERATOR, &[input.shape(); 8])?;
    let (input_values, d_output) = (values(&input), values(&d_output));
    let bases = bases(&input_values, map, options);
    let LocalResponseNormOptions {
        size, alpha, beta, ..
    } = *options;
    // The gradient that each output passes to the squares in its window.
    let inhibition = input_values.iter().zip(d_output.iter()).zip(&bases);
    let inhibition = inhibition
        .map(|((x, d), &base)| d.as_f64() * x.as_f64() * pow(base, -beta - 1.0))
        .collect::<Vec<_>>();
    let received = window_sums(&inhibition, map, [(size - 1) / 2, size / 2]);
    let factor = 2.0 * alpha * beta / size as f64;
    let own = input_values.iter().zip(d_output.iter()).zip(bases);
    let d_input = own.zip(received).map(|(((x, d), base), received)| {
        F::of(d.as_f64() * pow(base, -beta) - factor * x.as_f64() * received)
    });
    Ok(shaped(input.shape(), d_input.collect()))
}

fn check<F: Real>(input: &ArrayViewD<F>, options: &LocalResponseNormOptions) -> Result<Channels> {
    const FINITE: [f64; 2] = [-f32::MAX as f64, f32::MAX as f64];
    let size = options.size as f64;
    check_range(OPERATOR, "size", [1.0, f64::INFINITY], size)?;
    check_range(OPERATOR, "alpha", FINITE, options.alpha)?;
    check_range(OPERATOR, "beta", FINITE, options.beta)?;
    check_range(OPERATOR, "k", FINITE, options.k)?;
    Channels::of(OPERATOR, input.shape())
}

/// k + alpha / size · Σ squares of the window, for every value.
fn bases<F: Real>(values: &[F], map: Channels, options: &LocalResponseNormOptions) -> Vec<f64> {
    let LocalResponseNormOptions { size, alpha, k, .. } = *options;
    let squares = values
        .iter()
        .map(|x| x.as_f64() * x.as_f64())
        .collect::<Vec<_>>();
    let mut bases = window_sums(&squares, map, [size / 2, (size - 1) / 2]);
    bases
        .iter_mut()
        .for_each(|sum| *sum = k + alpha / size as f64 * *sum);
    bases
}

/// For every value, the sum over the channels from `before` before its own to `after` after it.
fn window_sums(values: &[f64], map: Channels, [before, after]: [usize; 2]) -> Vec<f64> {
    let mut sums = vec![0.0; values.len()];
    let plane = |sample: usize, channel: usize| -> Range<usize> {
        let start = (sample * map.c + channel) * map.positions;
        start..start + map.positions
    };
    for sample in 0..map.n {
        for channel in 0..map.c {
            let last = channel.saturating_add(after).min(map.c - 1);
            for neighbor in channel.saturating_sub(before)..=last {
                let sums = &mut sums[plane(sample, channel)];
                let values = &values[plane(sample, neighbor)];
                sums.iter_mut()
                    .zip(values)
                    .for_each(|(sum, value)| *sum += value);
            }
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use ndarray::array;

    fn options(size: usize) -> LocalResponseNormOptions {
        LocalResponseNormOptions {
            size,
            alpha: size as f64,
            beta: 1.0,
            k: 0.0,
        }
    }

    #[test]
    fn the_window_of_an_even_size_reaches_further_back() {
        let input = array![[1.0, 2.0, 3.0, 4.0]].into_dyn();
        let output = |size| local_response_norm(input.view(), &options(size)).unwrap();
        assert_eq!(output(1), array![[1.0, 0.5, 1.0 / 3.0, 0.25]].into_dyn());
        assert_eq!(output(2), array![[1.0, 0.4, 3.0 / 13.0, 0.16]].into_dyn());
        assert_eq!(
            output(3),
            array![[0.2, 2.0 / 14.0, 3.0 / 29.0, 0.16]].into_dyn()
        );
    }

    #[test]
    fn a_window_larger_than_the_channels_takes_them_all() {
        let input = array![[3.0, 4.0]].into_dyn();
        let options = LocalResponseNormOptions {
            size: usize::MAX,
            alpha: 0.0,
            beta: 0.5,
            k: 4.0,
        };
        let output = local_response_norm(input.view(), &options).unwrap();
        assert_eq!(output, array![[1.5, 2.0]].into_dyn());
        assert!(local_response_norm_backward(input.view(), input.view(), &options).is_ok());
    }

    #[test]
    fn hostile_options_and_shapes_are_refused() {
        let input = ArrayD::<f32>::zeros(vec![1, 2]);
        assert!(matches!(
            local_response_norm(input.view(), &options(0)),
            Err(Error::OutOfRange {
                argument: "size",
                ..
            })
        ));
        let nan = LocalResponseNormOptions {
            k: f64::NAN,
            ..Default::default()
        };
        assert!(local_response_norm(input.view(), &nan).is_err());
        let vector = ArrayD::<f32>::zeros(vec![2]);
        assert!(local_response_norm(vector.view(), &options(1)).is_err());
        for shape in [[0, 2, 3], [2, 0, 3], [2, 3, 0]] {
            let empty = ArrayD::<f32>::zeros(&shape[..]);
            assert!(local_response_norm_backward(empty.view(), empty.view(), &options(3)).is_ok());
        }
    }
}
