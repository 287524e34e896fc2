use ndarray::Array2;
use proptest::prelude::*;

use super::cases::{METHODS, cases, grey, plain};
use crate::data::picture::ColorMode;
use crate::error::Error;
use crate::labs::pooling::{Inspection, Layout, Method, PoolingLab, PoolingLabSpec, method};
use crate::labs::shared::testing::noise;
use crate::ops::adaptive_pool2d::AdaptivePoolKind;
use crate::ops::pool2d::{Pool2dOptions, pool2d};
use crate::window::PaddingMode;

/// Products of up to 144 values, each rounded to single precision.
const TOLERANCE: f32 = 144.0 * f32::EPSILON;

fn near(got: f32, expected: f32) -> bool {
    (got - expected).abs() <= TOLERANCE * expected.abs().max(1.0)
}

/// The weights of the inspection added up on the input, through the mirrored border and, for
/// blurred maxima, through their argmax.
fn weights_on_input(
    inspection: &Inspection,
    spec: &PoolingLabSpec,
    input: &ndarray::Array4<f32>,
) -> Array2<f32> {
    let (_, _, in_h, in_w) = input.dim();
    let channel = inspection.channel;
    let maxima = matches!(spec.method, Method::MaxBlur { .. }).then(|| {
        let options = Pool2dOptions {
            size: spec.slide.size,
            stride: Some([1, 1]),
            padding: spec.slide.padding,
            dilation: spec.slide.dilation,
            ..Default::default()
        };
        pool2d(input.view(), &options).unwrap().indices.unwrap()
    });
    let [map_h, map_w] = maxima.as_ref().map_or([in_h, in_w], |maxima| {
        let (_, _, height, width) = maxima.dim();
        [height, width]
    });
    let mode = match spec.method {
        Method::Blur { .. } | Method::MaxBlur { .. } => PaddingMode::Reflect,
        _ => PaddingMode::Zeros,
    };
    let mut on_input = Array2::zeros((in_h, in_w));
    for (row_idx, &row) in inspection.rows.iter().enumerate() {
        for (col_idx, &col) in inspection.cols.iter().enumerate() {
            let source = mode.source(row, map_h).zip(mode.source(col, map_w));
            let Some((row, col)) = source else { continue };
            let (row, col) = match &maxima {
                Some(argmax) => {
                    let idx = argmax[[0, channel, row, col]] as usize;
                    (idx / in_w, idx % in_w)
                }
                None => (row, col),
            };
            on_input[[row, col]] += inspection.weights[row_idx * inspection.cols.len() + col_idx];
        }
    }
    on_input
}

proptest! {
    #[test]
    fn the_parts_make_up_every_output_and_the_weights_are_its_gradient((picture, spec) in cases()) {
        let lab = PoolingLab::new(picture.clone());
        let input = picture.to_tensor(spec.color);
        let Ok(output) = spec.run(input.view()) else { return Ok(()) };
        for ((_, channel, row, col), &value) in output.output.indexed_iter() {
            let parts = lab.inspect(&spec, [row, col], channel).unwrap();
            prop_assert!(near(parts.value, value), "{} {}", parts.value, value);
            prop_assert!(near(parts.products.iter().sum(), value));
            let mut d_output = ndarray::Array4::zeros(output.output.raw_dim());
            d_output[[0, channel, row, col]] = 1.0;
            let d_input =
                method::backward(spec.method, &spec.slide, input.view(), d_output.view()).unwrap();
            let on_input = weights_on_input(&parts, &spec, &input);
            for ((_, at, row, col), &expected) in d_input.indexed_iter() {
                let got = if at == channel { on_input[[row, col]] } else { 0.0 };
                prop_assert!(near(got, expected), "{got} {expected}");
            }
        }
    }

    #[test]
    fn the_winner_is_the_pixel_that_the_operator_chose((picture, spec) in cases()) {
        let lab = PoolingLab::new(picture.clone());
        let input = picture.to_tensor(spec.color);
        let Ok(pooled) = spec.run(input.view()) else { return Ok(()) };
        for ((_, channel, row, col), &value) in pooled.output.indexed_iter() {
            let parts = lab.inspect(&spec, [row, col], channel).unwrap();
            let expected = pooled.indices.as_ref().map(|indices| {
                let idx = indices[[0, channel, row, col]] as usize;
                [idx / picture.width(), idx % picture.width()]
            });
            prop_assert_eq!(parts.winner, expected);
            if let Some([row, col]) = parts.winner {
                prop_assert_eq!(input[[0, channel, row, col]], value);
                prop_assert_eq!(parts.value, value);
            }
        }
    }

    #[test]
    fn what_has_no_output_has_no_parts_and_no_gradient((picture, spec) in cases()) {
        let lab = PoolingLab::new(picture);
        let refused = lab.output(&spec).err();
        prop_assert_eq!(lab.inspect(&spec, [0, 0], 0).err(), refused.clone());
        prop_assert_eq!(lab.gradient(&spec, None, 0).err(), refused.clone());
        prop_assert_eq!(lab.savings(&spec, 1).err(), refused);
    }

    /// The backward pass is linear: the gradient of all outputs is the sum of their gradients.
    #[test]
    fn the_gradient_of_all_outputs_is_the_sum_of_each((picture, spec) in cases()) {
        let lab = PoolingLab::new(picture);
        let Ok(frame) = lab.output(&spec) else { return Ok(()) };
        let all = lab.gradient(&spec, None, 0).unwrap();
        let mut sum = 0.0;
        let [rows, cols] = frame.layout.output;
        for row in 0..rows {
            for col in 0..cols {
                sum += lab.gradient(&spec, Some([row, col]), 0).unwrap().sum;
            }
        }
        prop_assert!((all.sum - sum).abs() < 1e-4 * sum.abs().max(1.0), "{} {}", all.sum, sum);
        prop_assert_eq!(all.pixels, frame.layout.input.iter().product::<usize>());
    }
}

/// The bytes 51 and 204 are 0.2 and 0.8.
#[test]
fn a_window_worked_out_by_hand() {
    let lab = PoolingLab::new(grey(&[[51, 204], [102, 153]]));
    let parts = |method| lab.inspect(&plain(method), [0, 0], 0).unwrap();
    let close = |got: &[f32], expected: &[f64]| {
        assert_eq!(got.len(), expected.len());
        for (got, expected) in got.iter().zip(expected) {
            assert!(
                (f64::from(*got) - expected).abs() < 1e-6,
                "{got} {expected}"
            );
        }
    };
    let max = parts(Method::Max);
    close(&max.window, &[0.2, 0.8, 0.4, 0.6]);
    close(&max.weights, &[0.0, 1.0, 0.0, 0.0]);
    assert_eq!((max.winner, max.count), (Some([0, 1]), 4));
    let mean = parts(Method::Average {
        count_include_pad: true,
    });
    close(&mean.weights, &[0.25; 4]);
    close(&mean.products, &[0.05, 0.2, 0.1, 0.15]);
    close(&[mean.value], &[0.5]);
    // The root of 0.04 + 0.64 + 0.16 + 0.36 = 1.2; the weights are the values divided by it.
    let norm = parts(Method::Lp { p: 2.0 });
    let root = 1.2_f64.sqrt();
    close(&[norm.value], &[root]);
    close(
        &norm.weights,
        &[0.2 / root, 0.8 / root, 0.4 / root, 0.6 / root],
    );
}

#[test]
fn a_window_too_large_to_be_shown_still_has_its_winner() {
    let picture = noise(40, 30);
    let lab = PoolingLab::new(picture.clone());
    let spec = plain(Method::Global {
        kind: AdaptivePoolKind::Max,
    });
    let parts = lab.inspect(&spec, [0, 0], 0).unwrap();
    assert_eq!((parts.size, parts.count), ([40, 30], 1200));
    assert!(parts.window.is_empty() && parts.weights.is_empty() && parts.outside.is_empty());
    let [row, col] = parts.winner.unwrap();
    let input = picture.to_tensor(ColorMode::Grey);
    let most = input.iter().copied().fold(f32::MIN, f32::max);
    assert_eq!((parts.value, input[[0, 0, row, col]]), (most, most));
}

#[test]
fn the_gradient_of_a_maximum_reaches_one_pixel_of_a_mean_all() {
    let lab = PoolingLab::new(grey(&[[1, 9, 2, 3], [4, 5, 6, 7]]));
    let reached = |method, position| {
        let gradient = lab.gradient(&plain(method), position, 0).unwrap();
        (gradient.reached, gradient.sum)
    };
    assert_eq!(reached(Method::Max, Some([0, 0])), (1, 1.0));
    assert_eq!(reached(Method::Max, None), (2, 2.0));
    let mean = Method::Average {
        count_include_pad: true,
    };
    assert_eq!(reached(mean, Some([0, 1])), (4, 1.0));
    assert_eq!(reached(mean, None), (8, 2.0));
}

#[test]
fn positions_and_channels_outside_are_named() {
    let lab = PoolingLab::new(noise(8, 6));
    for method in METHODS {
        let spec = plain(method);
        let [rows, cols] = Layout::new(method, &spec.slide, [8, 6]).unwrap().output;
        for (position, channel, name) in [
            ([rows, 0], 0, "row"),
            ([0, cols], 0, "column"),
            ([usize::MAX, 0], 0, "row"),
            ([0, 0], 1, "channel"),
        ] {
            let refused = [
                lab.inspect(&spec, position, channel).err(),
                lab.gradient(&spec, Some(position), channel).err(),
            ];
            for refused in refused {
                assert!(
                    matches!(refused, Some(Error::OutOfRange { argument, .. }) if argument == name)
                );
            }
        }
    }
}
