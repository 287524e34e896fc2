//! Laws that hold for every input, on random ones.
//!
//! The tensors hold multiples of 1/8 up to 4: every product and sum of a few hundred of them is exact
//! in `f32`, so that both sides of a law must agree to the last bit, whatever the order of the sums.
//! Only where the two sides take roots, exponentials or means is there a tolerance.
//!
//! The environment variable `PROPTEST_CASES` sets the number of cases; `npm run test:long` takes
//! 10,000.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, also in its helpers"
)]

use cnn_playground::data::rng::Rng;
use cnn_playground::ops::conv_transpose2d::{
    ConvTranspose2dOptions, conv_transpose2d, conv_transpose2d_naive,
};
use cnn_playground::ops::conv2d::{Conv2dOptions, conv2d, conv2d_backward, conv2d_naive};
use cnn_playground::ops::dense::{dense, dense_naive};
use cnn_playground::ops::pool2d::{Pool2dOptions, PoolKind, pool2d, pool2d_naive};
use cnn_playground::ops::softmax::{log_softmax, softmax};
use cnn_playground::window::{Padding, PaddingMode, Sides};
use ndarray::{
    Array, Array1, Array2, Array4, Axis, Dimension, IxDyn, ShapeBuilder, concatenate, s,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

const CASES: u32 = 64;

/// A convolution whose window fits.
#[derive(Clone, Debug)]
struct Convolution {
    n: usize,
    groups: usize,
    group_channels: [usize; 2],
    kernel: [usize; 2],
    stride: [usize; 2],
    dilation: [usize; 2],
    padding: Sides,
    /// Pixels beyond the least that the window needs.
    room: [usize; 2],
    seed: u64,
}

fn convolutions() -> impl Strategy<Value = Convolution> {
    let pair = |from: usize, to: usize| [from..=to, from..=to];
    let sides = [0..=3_usize, 0..=3, 0..=3, 0..=3];
    let channels = (1..=2_usize, 1..=3_usize, pair(1, 3));
    let window = (pair(1, 4), pair(1, 3), pair(1, 3), sides, pair(0, 6));
    (channels, window, any::<u64>()).prop_map(|(channels, window, seed)| {
        let (n, groups, group_channels) = channels;
        let (kernel, stride, dilation, [top, left, bottom, right], room) = window;
        Convolution {
            n,
            groups,
            group_channels,
            kernel,
            stride,
            dilation,
            padding: Sides {
                top,
                left,
                bottom,
                right,
            },
            room,
            seed,
        }
    })
}

impl Convolution {
    fn input_size(&self) -> [usize; 2] {
        let pads = [
            self.padding.top + self.padding.bottom,
            self.padding.left + self.padding.right,
        ];
        [0, 1].map(|axis| {
            let covered = self.dilation[axis] * (self.kernel[axis] - 1) + 1;
            covered.saturating_sub(pads[axis]).max(1) + self.room[axis]
        })
    }

    fn input(&self, salt: u64) -> Array4<f32> {
        let [h, w] = self.input_size();
        exact(
            (self.n, self.groups * self.group_channels[0], h, w),
            self.seed ^ salt,
        )
    }

    fn weights(&self) -> Array4<f32> {
        let [inputs, outputs] = self.group_channels;
        let [h, w] = self.kernel;
        exact((self.groups * outputs, inputs, h, w), !self.seed)
    }

    fn options(&self) -> Conv2dOptions {
        Conv2dOptions {
            stride: self.stride,
            padding: Padding::Explicit(self.padding),
            dilation: self.dilation,
            groups: self.groups,
            ..Default::default()
        }
    }

    fn run(&self, input: &Array4<f32>) -> Array4<f32> {
        conv2d(input.view(), self.weights().view(), None, &self.options()).unwrap()
    }
}

#[test]
fn convolution_is_linear() {
    check(convolutions(), |case| {
        let (a, b) = (case.input(1), case.input(2));
        let sum = case.run(&(&a * 2.0 - &b));
        assert_eq!(sum, case.run(&a) * 2.0 - case.run(&b));
    });
}

#[test]
fn convolution_commutes_with_shifts_away_from_borders() {
    check(
        (convolutions(), 0..4_usize, 0..4_usize),
        |(case, rows, cols)| {
            let case = Convolution {
                padding: Sides::default(),
                ..case
            };
            let [h, w] = case.input_size();
            let shift = [rows * case.stride[0], cols * case.stride[1]];
            let channels = case.groups * case.group_channels[0];
            let large = exact((case.n, channels, h + shift[0], w + shift[1]), case.seed);
            let shifted = large.slice(s![.., .., shift[0].., shift[1]..]).to_owned();
            let [whole, part] = [case.run(&large), case.run(&shifted)];
            assert_eq!(part, whole.slice(s![.., .., rows.., cols..]));
        },
    );
}

#[test]
fn fast_convolution_is_the_naive_one() {
    let modes = proptest::sample::select(&PaddingMode::ALL[..]);
    check(
        (convolutions(), modes, any::<bool>()),
        |(case, padding_mode, flip_kernel)| {
            let options = Conv2dOptions {
                padding_mode,
                flip_kernel,
                ..case.options()
            };
            let (input, weights) = (case.input(0), case.weights());
            let bias: Array1<f32> = exact(weights.dim().0, case.seed ^ 3);
            let bias = Some(bias.view());
            let fast = conv2d(input.view(), weights.view(), bias, &options);
            assert_eq!(
                fast,
                conv2d_naive(input.view(), weights.view(), bias, &options)
            );
        },
    );
}

#[test]
fn fast_transposed_convolution_is_the_naive_one() {
    check(convolutions(), |case| {
        let options = ConvTranspose2dOptions {
            stride: case.stride,
            padding: case.padding,
            dilation: case.dilation,
            groups: case.groups,
            ..Default::default()
        };
        // The roles of the channels change: this input has those of the convolution's output.
        let channels = case.groups * case.group_channels[1];
        let input: Array4<f32> = exact((case.n, channels, 3, 2), case.seed);
        let weights = case.weights();
        let fast = conv_transpose2d(input.view(), weights.view(), None, &options);
        let naive = conv_transpose2d_naive(input.view(), weights.view(), None, &options);
        assert_eq!(fast, naive);
    });
}

#[test]
fn the_output_has_one_value_per_position_of_the_window() {
    check(convolutions(), |case| {
        let input = case.input(0);
        let (_, _, out_h, out_w) = case.run(&input).dim();
        let [top, left] = [case.padding.top, case.padding.left];
        let padded = [
            top + input.dim().2 + case.padding.bottom,
            left + input.dim().3 + case.padding.right,
        ];
        let positions = [0, 1].map(|axis| {
            let last_cell = (case.kernel[axis] - 1) * case.dilation[axis];
            (0..padded[axis])
                .step_by(case.stride[axis])
                .filter(|start| start + last_cell < padded[axis])
                .count()
        });
        assert_eq!([out_h, out_w], positions);
    });
}

#[test]
fn transposed_convolution_is_the_adjoint() {
    check(convolutions(), |case| {
        let (x, weights) = (case.input(0), case.weights());
        let forward = case.run(&x);
        let y: Array4<f32> = exact(forward.raw_dim(), case.seed ^ 5);
        let (_, _, out_h, out_w) = forward.dim();
        // Rows and columns that no window reaches come back as output padding.
        let [in_h, in_w] = case.input_size();
        let rest = |axis: usize, input: usize, output: usize, pads: usize| {
            let covered = case.dilation[axis] * (case.kernel[axis] - 1) + 1;
            input + pads - covered - (output - 1) * case.stride[axis]
        };
        let Sides {
            top,
            left,
            bottom,
            right,
        } = case.padding;
        let options = ConvTranspose2dOptions {
            stride: case.stride,
            padding: case.padding,
            output_padding: [
                rest(0, in_h, out_h, top + bottom),
                rest(1, in_w, out_w, left + right),
            ],
            dilation: case.dilation,
            groups: case.groups,
        };
        let back = conv_transpose2d(y.view(), weights.view(), None, &options).unwrap();
        assert_eq!(inner(&forward, &y), inner(&x, &back));
        let gradients = conv2d_backward(x.view(), weights.view(), y.view(), &case.options());
        assert_eq!(gradients.unwrap().d_input, back);
    });
}

#[test]
fn grouped_convolution_is_one_convolution_per_group() {
    check(convolutions(), |case| {
        let (input, weights) = (case.input(0), case.weights());
        let single = Conv2dOptions {
            groups: 1,
            ..case.options()
        };
        let [inputs, outputs] = case.group_channels;
        let blocks = (0..case.groups).map(|group| {
            let channels = input.slice(s![.., group * inputs..(group + 1) * inputs, .., ..]);
            let kernels = weights.slice(s![group * outputs..(group + 1) * outputs, .., .., ..]);
            conv2d(channels, kernels, None, &single).unwrap()
        });
        let blocks = blocks.collect::<Vec<_>>();
        let views = blocks.iter().map(|block| block.view()).collect::<Vec<_>>();
        assert_eq!(case.run(&input), concatenate(Axis(1), &views).unwrap());
    });
}

#[test]
fn same_padding_keeps_the_size_at_stride_1() {
    check(convolutions(), |case| {
        let input = case.input(0);
        let options = Conv2dOptions {
            padding: Padding::Same,
            stride: [1, 1],
            ..case.options()
        };
        let output = conv2d(input.view(), case.weights().view(), None, &options).unwrap();
        assert_eq!(output.shape()[2..], input.shape()[2..]);
    });
}

fn pools() -> impl Strategy<Value = (Convolution, PoolKind, bool)> {
    let average = |(count_include_pad, divisor_override)| PoolKind::Average {
        count_include_pad,
        divisor_override,
    };
    let kinds = prop_oneof![
        Just(PoolKind::Max),
        (any::<bool>(), proptest::option::of(1..9_usize)).prop_map(average),
        (1..5_u32).prop_map(|p| PoolKind::Lp { p: f64::from(p) }),
    ];
    (convolutions(), kinds, any::<bool>())
}

fn pool_options(case: &Convolution, kind: PoolKind, ceil_mode: bool) -> Pool2dOptions {
    Pool2dOptions {
        kind,
        size: case.kernel,
        stride: Some(case.stride),
        padding: Padding::Explicit(case.padding),
        dilation: case.dilation,
        ceil_mode,
    }
}

#[test]
fn fast_pooling_is_the_naive_one() {
    check(pools(), |(case, kind, ceil_mode)| {
        let input = case.input(0);
        let options = pool_options(&case, kind, ceil_mode);
        let (fast, naive) = (
            pool2d(input.view(), &options),
            pool2d_naive(input.view(), &options),
        );
        match (fast, naive) {
            (Ok(fast), Ok(naive)) => {
                assert_eq!(fast.indices, naive.indices);
                // At most 16 powers, their sum and a root, all rounded in both.
                assert_close(&fast.output, &naive.output, 32.0 * f64::from(f32::EPSILON));
            }
            (fast, naive) => assert_eq!(fast.err(), naive.err()),
        }
    });
}

/// The case that the law above once found: column 2 of the window never meets the only pixel.
#[test]
fn a_window_may_leap_over_the_input() {
    let input = Array4::from_elem((1, 1, 2, 1), 1.5_f32);
    let options = Pool2dOptions {
        size: [2, 4],
        stride: Some([1, 3]),
        padding: Padding::Explicit(Sides {
            left: 3,
            right: 1,
            ..Sides::default()
        }),
        ceil_mode: true,
        ..Default::default()
    };
    let fast = pool2d(input.view(), &options).unwrap();
    assert_eq!(fast, pool2d_naive(input.view(), &options).unwrap());
    assert_eq!(fast.output, Array4::from_elem((1, 1, 1, 2), 1.5));
}

#[test]
fn pooling_a_constant_gives_it_back() {
    check(
        (pools(), 1..32_u32),
        |((case, kind, ceil_mode), eighths)| {
            let kind = match kind {
                PoolKind::Average { .. } => PoolKind::Average {
                    count_include_pad: false,
                    divisor_override: None,
                },
                // The norm of a constant is that constant only for the maximum norm.
                PoolKind::Lp { .. } | PoolKind::Max => PoolKind::Max,
            };
            let constant = eighths as f32 / 8.0;
            let input = Array4::from_elem(case.input(0).raw_dim(), constant);
            if let Ok(pooled) = pool2d(input.view(), &pool_options(&case, kind, ceil_mode)) {
                assert!(
                    pooled.output.iter().all(|&value| value == constant),
                    "{:?}",
                    pooled.output
                );
            }
        },
    );
}

#[test]
fn the_norm_of_a_constant_grows_with_the_root_of_the_count() {
    check(
        (convolutions(), 1..32_u32, 1..5_u32),
        |(case, eighths, p)| {
            let case = Convolution {
                padding: Sides::default(),
                ..case
            };
            let (constant, p) = (eighths as f32 / 8.0, f64::from(p));
            let input = Array4::from_elem(case.input(0).raw_dim(), constant);
            let options = pool_options(&case, PoolKind::Lp { p }, false);
            let output = pool2d(input.view(), &options).unwrap().output;
            let count = (case.kernel[0] * case.kernel[1]) as f64;
            let expected = output.mapv(|_| (f64::from(constant) * count.powf(1.0 / p)) as f32);
            assert_close(&output, &expected, 32.0 * f64::from(f32::EPSILON));
        },
    );
}

fn scores() -> impl Strategy<Value = (Array<f32, IxDyn>, isize)> {
    let shapes = proptest::collection::vec(1..6_usize, 1..5);
    (shapes, any::<u64>(), 0..4_usize).prop_map(|(shape, seed, axis)| {
        let axis = (axis % shape.len()) as isize;
        (exact(IxDyn(&shape), seed) * 8.0, axis)
    })
}

#[test]
fn softmax_sums_to_1_and_ignores_a_common_shift() {
    check(scores(), |(scores, axis)| {
        let probabilities = softmax(scores.view(), axis).unwrap();
        let classes = scores.shape()[axis as usize] as f64;
        for lane in probabilities.lanes(Axis(axis as usize)) {
            let sum = lane.iter().map(|&p| f64::from(p)).sum::<f64>();
            assert!(
                (sum - 1.0).abs() <= classes * f64::from(f32::EPSILON),
                "{sum}"
            );
            assert!(lane.iter().all(|p| (0.0..=1.0).contains(p)));
        }
        let shifted = softmax((&scores + 16.0).view(), axis).unwrap();
        assert_eq!(probabilities, shifted);
        let logarithms = log_softmax(scores.view(), axis).unwrap();
        for (p, log) in probabilities.iter().zip(&logarithms) {
            // A relative error of p is an absolute one of ln p, which has its own.
            let allowed = (2.0 + log.abs()) * 2.0 * f32::EPSILON;
            assert!(
                *p < f32::MIN_POSITIVE || (p.ln() - log).abs() <= allowed,
                "{p} {log}"
            );
        }
    });
}

#[test]
fn a_dense_layer_is_its_definition_and_a_1x1_convolution() {
    check(
        (1..5_usize, 1..40_usize, 1..9_usize, any::<u64>()),
        |(n, inputs, outputs, seed)| {
            let x: Array2<f32> = exact((n, inputs), seed);
            let weights: Array2<f32> = exact((outputs, inputs), !seed);
            let output = dense(x.view(), weights.view(), None).unwrap();
            assert_eq!(output, dense_naive(x.view(), weights.view(), None).unwrap());
            let x = x.into_shape_with_order((n, inputs, 1, 1)).unwrap();
            let weights = weights
                .into_shape_with_order((outputs, inputs, 1, 1))
                .unwrap();
            let pixels = conv2d(x.view(), weights.view(), None, &Conv2dOptions::default()).unwrap();
            assert_eq!(output, pixels.into_shape_with_order((n, outputs)).unwrap());
        },
    );
}

/// Random multiples of 1/8 from -4 to 4.
fn exact<D: Dimension, Shape: ShapeBuilder<Dim = D>>(shape: Shape, seed: u64) -> Array<f32, D> {
    let mut rng = Rng::new(seed);
    Array::from_shape_simple_fn(shape, || {
        ((rng.uniform() * 65.0).floor() as f32 - 32.0) / 8.0
    })
}

fn inner(a: &Array4<f32>, b: &Array4<f32>) -> f64 {
    assert_eq!(a.shape(), b.shape());
    a.iter()
        .zip(b)
        .map(|(&a, &b)| f64::from(a) * f64::from(b))
        .sum()
}

fn assert_close(got: &Array4<f32>, expected: &Array4<f32>, relative: f64) {
    assert_eq!(got.shape(), expected.shape());
    for (&got, &expected) in got.iter().zip(expected) {
        let (got, expected) = (f64::from(got), f64::from(expected));
        // A mean of values of both signs may be small, but its terms are not: at most 4 each.
        let magnitude = expected.abs().max(4.0);
        assert!(
            (got - expected).abs() <= relative * magnitude,
            "{got}, expected {expected}"
        );
    }
}

/// Runs `law` on random cases, the same ones at every run.
fn check<S: Strategy>(cases: S, law: impl Fn(S::Value)) {
    let count = std::env::var("PROPTEST_CASES").map_or(CASES, |count| count.parse().unwrap());
    let config = Config {
        cases: count,
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[11; 32]);
    let outcome = TestRunner::new_with_rng(config, rng).run(&cases, |case| {
        law(case);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
