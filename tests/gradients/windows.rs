//! Gradients of the operators that slide a window, pad or resize.

use cnn_playground::data::rng::Rng;
use cnn_playground::error::Result;
use cnn_playground::ops::adaptive_pool2d::{
    AdaptivePool2dOptions, AdaptivePoolKind, adaptive_pool2d, adaptive_pool2d_backward,
};
use cnn_playground::ops::blur_pool2d::{BlurPool2dOptions, blur_pool2d, blur_pool2d_backward};
use cnn_playground::ops::conv_transpose2d::{
    ConvTranspose2dOptions, conv_transpose2d, conv_transpose2d_backward,
};
use cnn_playground::ops::conv2d::{Conv2dOptions, conv2d, conv2d_backward};
use cnn_playground::ops::global_pool2d::{global_pool2d, global_pool2d_backward};
use cnn_playground::ops::pad2d::{Pad2dOptions, pad2d, pad2d_backward};
use cnn_playground::ops::pool2d::{Pool2dOptions, PoolKind, pool2d, pool2d_backward};
use cnn_playground::ops::resize2d::{
    Resize2dOptions, ResizeKind, ResizeTarget, resize2d, resize2d_backward,
};
use cnn_playground::ops::unpool2d::{Unpool2dOptions, unpool2d, unpool2d_backward};
use cnn_playground::window::{Padding, PaddingMode, Sides};
use ndarray::{Array, Array1, Array4, ArrayD, ArrayView1, ArrayView4, Dimension, Ix1, Ix4};
use proptest::prelude::*;

use crate::check::{check, for_random};

#[test]
fn conv2d_backward_is_the_gradient_of_conv2d() {
    let options = (
        (
            extents(1..4),
            padding(),
            prop::sample::select(&PaddingMode::ALL[..]),
        ),
        (extents(1..3), 1..3_usize, any::<bool>()),
    );
    let options = options.prop_map(
        |((stride, padding, padding_mode), (dilation, groups, flip_kernel))| Conv2dOptions {
            stride,
            padding,
            padding_mode,
            dilation,
            groups,
            flip_kernel,
        },
    );
    let shapes = (extents(1..3), extents(1..3), extents(3..7), extents(1..4));
    let cases = (options, shapes, seed());
    tested("conv2d", cases, |(options, shapes, seed)| {
        let ([n, group_c_in], [group_c_out, _], [in_h, in_w], [kernel_h, kernel_w]) = shapes;
        let groups = options.groups;
        let input = smooth(seed, [n, groups * group_c_in, in_h, in_w]);
        let weights = smooth(
            seed + 1,
            [groups * group_c_out, group_c_in, kernel_h, kernel_w],
        );
        let bias = smooth(seed + 2, [groups * group_c_out]);
        convolution_checked(
            "conv2d",
            (input, weights, bias),
            |x, w, b| conv2d(x, w, Some(b), &options),
            |x, w, dy| {
                let gradients = conv2d_backward(x, w, dy, &options).unwrap();
                (gradients.d_input, gradients.d_weights, gradients.d_bias)
            },
        )
    });
}

#[test]
fn conv_transpose2d_backward_is_the_gradient_of_conv_transpose2d() {
    let options = (
        extents(1..4),
        sides(0..2),
        extents(0..6),
        extents(1..3),
        1..3_usize,
    );
    let options = options.prop_map(|(stride, padding, drawn, dilation, groups)| {
        let output_padding = [0, 1].map(|axis| drawn[axis] % stride[axis].max(dilation[axis]));
        ConvTranspose2dOptions {
            stride,
            padding,
            output_padding,
            dilation,
            groups,
        }
    });
    let shapes = (extents(1..3), extents(1..3), extents(1..5), extents(1..4));
    let cases = (options, shapes, seed());
    tested("conv_transpose2d", cases, |(options, shapes, seed)| {
        let ([n, group_c_in], [group_c_out, _], [in_h, in_w], [kernel_h, kernel_w]) = shapes;
        let groups = options.groups;
        let input = smooth(seed, [n, groups * group_c_in, in_h, in_w]);
        let weights = smooth(
            seed + 1,
            [groups * group_c_in, group_c_out, kernel_h, kernel_w],
        );
        let bias = smooth(seed + 2, [groups * group_c_out]);
        convolution_checked(
            "conv_transpose2d",
            (input, weights, bias),
            |x, w, b| conv_transpose2d(x, w, Some(b), &options),
            |x, w, dy| {
                let gradients = conv_transpose2d_backward(x, w, dy, &options).unwrap();
                (gradients.d_input, gradients.d_weights, gradients.d_bias)
            },
        )
    });
}

#[test]
fn pool2d_backward_is_the_gradient_of_pool2d() {
    let kinds = prop_oneof![
        Just(PoolKind::Max),
        (any::<bool>(), prop::option::of(1..6_usize)).prop_map(
            |(count_include_pad, divisor_override)| PoolKind::Average {
                count_include_pad,
                divisor_override
            }
        ),
        prop::sample::select(vec![1.0, 1.5, 2.0, 3.0]).prop_map(|p| PoolKind::Lp { p }),
    ];
    let options = (
        (kinds, extents(1..4), prop::option::of(extents(1..4))),
        (padding(), extents(1..3), any::<bool>()),
    );
    let options =
        options.prop_map(
            |((kind, size, stride), (padding, dilation, ceil_mode))| Pool2dOptions {
                kind,
                size,
                stride,
                padding,
                dilation,
                ceil_mode,
            },
        );
    let cases = (options, shape(3..8), seed());
    tested("pool2d", cases, |(options, shape, seed)| {
        map_checked(
            "pool2d",
            distinct(seed, shape),
            |x| Ok(pool2d(x, &options)?.output),
            |x, dy| pool2d_backward(x, dy, &options),
        )
    });
}

#[test]
fn unpool2d_backward_is_the_gradient_of_unpool2d() {
    // Overlapping windows choose one pixel more than once.
    let cases = (extents(1..4), extents(1..3), shape(4..8), seed());
    tested("unpool2d", cases, |(size, stride, shape, seed)| {
        let pooling = Pool2dOptions {
            size,
            stride: Some(stride),
            ..Default::default()
        };
        let pooled = pool2d(distinct(seed, shape).view(), &pooling).unwrap();
        let indices = pooled.indices.unwrap();
        let options = Unpool2dOptions {
            size,
            stride: Some(stride),
            padding: Sides::default(),
            output_size: Some([shape[2], shape[3]]),
        };
        map_checked(
            "unpool2d",
            smooth(seed, indices.raw_dim()),
            |x| unpool2d(x, indices.view(), &options),
            |x, dy| unpool2d_backward(x, indices.view(), dy, &options),
        )
    });
}

#[test]
fn adaptive_and_global_pooling_pass_back_their_gradients() {
    let kinds = prop::sample::select(vec![AdaptivePoolKind::Average, AdaptivePoolKind::Max]);
    let cases = (kinds, extents(1..7), shape(1..7), seed());
    tested("adaptive_pool2d", cases, |(kind, size, shape, seed)| {
        let options = AdaptivePool2dOptions { kind, size };
        let adaptive = map_checked(
            "adaptive_pool2d",
            distinct(seed, shape),
            |x| Ok(adaptive_pool2d(x, &options)?.output),
            |x, dy| adaptive_pool2d_backward(x, dy, &options),
        );
        let global = map_checked(
            "global_pool2d",
            distinct(seed, shape),
            |x| Ok(global_pool2d(x, kind)?.output),
            |x, dy| global_pool2d_backward(x, dy, kind),
        );
        adaptive && global
    });
}

#[test]
fn blur_pool2d_backward_is_the_gradient_of_blur_pool2d() {
    let modes = prop::sample::select(&PaddingMode::ALL[..]);
    let options = (2..=7_usize, extents(1..4), modes);
    let options = options.prop_map(|(taps, stride, padding_mode)| BlurPool2dOptions {
        taps,
        stride,
        padding_mode,
    });
    let cases = (options, shape(4..8), seed());
    tested("blur_pool2d", cases, |(options, shape, seed)| {
        map_checked(
            "blur_pool2d",
            smooth(seed, shape),
            |x| blur_pool2d(x, &options),
            |x, dy| blur_pool2d_backward(x, dy, &options),
        )
    });
}

#[test]
fn pad2d_backward_is_the_gradient_of_pad2d() {
    let modes = prop::sample::select(&PaddingMode::ALL[..]);
    let options = (sides(0..4), modes, -2.0..2.0);
    let options = options.prop_map(|(padding, mode, value)| Pad2dOptions {
        padding,
        mode,
        value,
    });
    let cases = (options, shape(3..7), seed());
    tested("pad2d", cases, |(options, shape, seed)| {
        map_checked(
            "pad2d",
            smooth(seed, shape),
            |x| pad2d(x, &options),
            |x, dy| pad2d_backward(x, dy, &options),
        )
    });
}

#[test]
fn resize2d_backward_is_the_gradient_of_resize2d() {
    let kinds = prop_oneof![
        Just(ResizeKind::Nearest),
        any::<bool>().prop_map(|align_corners| ResizeKind::Bilinear { align_corners }),
    ];
    let targets = prop_oneof![
        extents(1..10).prop_map(ResizeTarget::Size),
        prop::array::uniform2(0.5..3.0).prop_map(ResizeTarget::Scale),
    ];
    let options = (kinds, targets).prop_map(|(kind, target)| Resize2dOptions { kind, target });
    let cases = (options, shape(2..7), seed());
    tested("resize2d", cases, |(options, shape, seed)| {
        map_checked(
            "resize2d",
            smooth(seed, shape),
            |x| resize2d(x, &options),
            |x, dy| resize2d_backward(x, dy, &options),
        )
    });
}

const CASES: u32 = 40;

/// Runs `test` on [`CASES`] random inputs; it says whether the operator took the options. More than
/// half must be taken, or the test would prove little.
fn tested<S: Strategy>(name: &str, cases: S, test: impl Fn(S::Value) -> bool) {
    let taken = std::cell::Cell::new(0);
    for_random(CASES, cases, |case| {
        taken.set(taken.get() + u32::from(test(case)));
    });
    println!("{name}: {} of {CASES} random cases checked", taken.get());
    assert!(taken.get() > CASES / 2, "{name}: {} taken", taken.get());
}

/// Checks an operator with one argument; `false` if it refuses the options.
fn map_checked(
    name: &str,
    input: Array4<f64>,
    forward: impl Fn(ArrayView4<f64>) -> Result<Array4<f64>>,
    backward: impl Fn(ArrayView4<f64>, ArrayView4<f64>) -> Result<Array4<f64>>,
) -> bool {
    let Ok(output) = forward(input.view()) else {
        return false;
    };
    let d_output = smooth(99, output.raw_dim());
    let d_input = backward(input.view(), d_output.view()).unwrap();
    check(name, &[input.into_dyn()], &[d_input.into_dyn()], |moved| {
        (forward(map(&moved[0])).unwrap() * &d_output).sum()
    });
    true
}

type Gradients = (Array4<f64>, Array4<f64>, Array1<f64>);

/// Checks an operator with input, weights and bias; `false` if it refuses the options.
fn convolution_checked(
    name: &str,
    (input, weights, bias): Gradients,
    forward: impl Fn(ArrayView4<f64>, ArrayView4<f64>, ArrayView1<f64>) -> Result<Array4<f64>>,
    backward: impl Fn(ArrayView4<f64>, ArrayView4<f64>, ArrayView4<f64>) -> Gradients,
) -> bool {
    let Ok(output) = forward(input.view(), weights.view(), bias.view()) else {
        return false;
    };
    let d_output = smooth(99, output.raw_dim());
    let (d_input, d_weights, d_bias) = backward(input.view(), weights.view(), d_output.view());
    let arguments = [input.into_dyn(), weights.into_dyn(), bias.into_dyn()];
    let gradients = [d_input.into_dyn(), d_weights.into_dyn(), d_bias.into_dyn()];
    check(name, &arguments, &gradients, |moved| {
        let bias = moved[2].view().into_dimensionality::<Ix1>().unwrap();
        let output = forward(map(&moved[0]), map(&moved[1]), bias).unwrap();
        (output * &d_output).sum()
    });
    true
}

fn map(array: &ArrayD<f64>) -> ArrayView4<'_, f64> {
    array.view().into_dimensionality::<Ix4>().unwrap()
}

fn extents(range: std::ops::Range<usize>) -> impl Strategy<Value = [usize; 2]> {
    prop::array::uniform2(range)
}

fn shape(extent: std::ops::Range<usize>) -> impl Strategy<Value = [usize; 4]> {
    (extents(1..3), extents(extent)).prop_map(|([n, c], [h, w])| [n, c, h, w])
}

fn sides(range: std::ops::Range<usize>) -> impl Strategy<Value = Sides> {
    prop::array::uniform4(range).prop_map(|[top, left, bottom, right]| Sides {
        top,
        left,
        bottom,
        right,
    })
}

fn padding() -> impl Strategy<Value = Padding> {
    prop_oneof![
        Just(Padding::Valid),
        Just(Padding::Same),
        Just(Padding::Full),
        sides(0..3).prop_map(Padding::Explicit),
    ]
}

fn seed() -> impl Strategy<Value = u64> {
    0..1000_u64
}

/// Values between -1 and 1.
fn smooth<Sh: ndarray::ShapeBuilder<Dim = D>, D: Dimension>(seed: u64, shape: Sh) -> Array<f64, D> {
    let mut rng = Rng::new(seed);
    Array::from_shape_simple_fn(shape, || 2.0 * rng.uniform() - 1.0)
}

/// Values of both signs that differ from each other and from 0 by far more than the step of the
/// differences, so that no maximum and no sign changes under it.
fn distinct(seed: u64, shape: [usize; 4]) -> Array4<f64> {
    let draws = smooth(seed, shape);
    let mut order = (0..draws.len()).collect::<Vec<_>>();
    let values = draws.iter().copied().collect::<Vec<_>>();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut spread = vec![0.0; order.len()];
    let middle = order.len() as f64 / 2.0;
    for (rank, &place) in order.iter().enumerate() {
        spread[place] = (rank as f64 - middle + 0.25) / middle.max(1.0);
    }
    Array4::from_shape_vec(shape, spread).unwrap()
}
