//! Convolution, pooling, padding and resizing against ONNX's backend node tests.
//!
//! Cases with one spatial axis run as pictures of height 1; those with three are not covered, for
//! the operators are two-dimensional.

use cnn_playground::error::Result;
use cnn_playground::ops::adaptive_pool2d::AdaptivePoolKind;
use cnn_playground::ops::conv_transpose2d::{ConvTranspose2dOptions, conv_transpose2d};
use cnn_playground::ops::conv2d::{Conv2dOptions, conv2d};
use cnn_playground::ops::global_pool2d::global_pool2d;
use cnn_playground::ops::pad2d::{Pad2dOptions, pad2d};
use cnn_playground::ops::pool2d::{Pool2dOptions, PoolKind, pool2d};
use cnn_playground::ops::resize2d::{Resize2dOptions, ResizeKind, ResizeTarget, resize2d};
use cnn_playground::ops::unpool2d::{Unpool2dOptions, unpool2d};
use cnn_playground::window::{Padding, PaddingMode, Sides, Window};
use ndarray::{Array1, Array4, ArrayD, Ix1};

use crate::tally::{Comparison, Tally};
use crate::truth::{Case, onnx, wholes};

#[test]
fn conv2d_agrees_with_onnx() {
    check("Conv", 14, 5, |case| {
        let (x, w, b) = conv_arguments(case);
        let options = Conv2dOptions {
            stride: case.pair("strides", [1, 1]),
            padding: Padding::Explicit(pads(case)),
            dilation: case.pair("dilations", [1, 1]),
            groups: whole(case, "group", 1),
            ..Default::default()
        };
        let run = |x: &Array4<f32>, w: &Array4<f32>, b: Option<&Array1<f32>>| {
            conv2d(x.view(), w.view(), b.map(|b| b.view()), &options)
        };
        let got = run(&x, &w, b.as_ref())?;
        let magnitude = run(
            &absolute(&x),
            &absolute(&w),
            b.map(|b| b.mapv(f32::abs)).as_ref(),
        )?;
        let terms = w.len() / w.dim().0 + 1;
        Ok(vec![output(case, &got, terms, &magnitude)])
    });
}

#[test]
fn conv_transpose2d_agrees_with_onnx() {
    check("ConvTranspose", 10, 0, |case| {
        let (x, w, b) = conv_arguments(case);
        let options = transpose_options(case, &x, &w);
        let run = |x: &Array4<f32>, w: &Array4<f32>, b: Option<&Array1<f32>>| {
            conv_transpose2d(x.view(), w.view(), b.map(|b| b.view()), &options)
        };
        let got = run(&x, &w, b.as_ref())?;
        let magnitude = run(
            &absolute(&x),
            &absolute(&w),
            b.map(|b| b.mapv(f32::abs)).as_ref(),
        )?;
        let terms = w.len() / w.dim().1 + 1;
        Ok(vec![output(case, &got, terms, &magnitude)])
    });
}

/// ONNX may give the output's extents instead of the padding: what is too little is then added below
/// and to the right, what is too much is cut off both sides.
fn transpose_options(case: &Case, x: &Array4<f32>, w: &Array4<f32>) -> ConvTranspose2dOptions {
    let stride = case.pair("strides", [1, 1]);
    let dilation = case.pair("dilations", [1, 1]);
    let mut output_padding = case.pair("output_padding", [0, 0]);
    let mut sides = pads(case);
    let same = case
        .attr("auto_pad")
        .is_some_and(|auto| auto == "SAME_UPPER");
    let given = case.attr("output_shape").is_some();
    if same || given {
        let input = [x.dim().2, x.dim().3];
        let kernel = [w.dim().2, w.dim().3];
        let default = [input[0] * stride[0], input[1] * stride[1]];
        let wanted = case.pair("output_shape", default);
        let surplus = [0, 1].map(|axis| {
            let full = (input[axis] - 1) * stride[axis] + dilation[axis] * (kernel[axis] - 1) + 1;
            let full = full + output_padding[axis];
            output_padding[axis] += wanted[axis].saturating_sub(full);
            full.saturating_sub(wanted[axis])
        });
        sides = Sides {
            top: surplus[0] / 2,
            left: surplus[1] / 2,
            bottom: surplus[0].div_ceil(2),
            right: surplus[1].div_ceil(2),
        };
    }
    ConvTranspose2dOptions {
        stride,
        padding: sides,
        output_padding,
        dilation,
        groups: whole(case, "group", 1),
    }
}

#[test]
fn pool2d_agrees_with_onnx() {
    check("MaxPool", 11, 4, |case| pool_case(case, PoolKind::Max, 0));
    check("AveragePool", 12, 3, |case| {
        let kind = PoolKind::Average {
            count_include_pad: whole(case, "count_include_pad", 0) == 1,
            divisor_override: None,
        };
        pool_case(case, kind, 1)
    });
    check("LpPool", 6, 0, |case| {
        let p = whole(case, "p", 2);
        pool_case(case, PoolKind::Lp { p: p as f64 }, p + 3)
    });
}

fn pool_case(case: &Case, kind: PoolKind, extra_roundings: usize) -> Result<Vec<Comparison>> {
    let x = case.map::<f32>(&["inputs", "0"]);
    let (size, stride) = (
        case.pair("kernel_shape", [1, 1]),
        case.pair("strides", [1, 1]),
    );
    let dilation = case.pair("dilations", [1, 1]);
    let extents = [x.dim().2, x.dim().3];
    let same = Window::new("test", size, stride, dilation, Padding::Same, extents)?.padding;
    let padding = match case.attr("auto_pad").and_then(|auto| auto.as_str()) {
        Some("SAME_UPPER") => same,
        Some("SAME_LOWER") => Sides {
            top: same.bottom,
            left: same.right,
            bottom: same.top,
            right: same.left,
        },
        _ => pads(case),
    };
    let options = Pool2dOptions {
        kind,
        size,
        stride: Some(stride),
        padding: Padding::Explicit(padding),
        dilation,
        ceil_mode: whole(case, "ceil_mode", 0) == 1,
    };
    let got = pool2d(x.view(), &options)?.output;
    let magnitude = match kind {
        PoolKind::Max => absolute(&got),
        _ => pool2d(absolute(&x).view(), &options)?.output,
    };
    let terms = size[0] * size[1] + extra_roundings;
    let compared = output(case, &got, terms, &magnitude);
    // ONNX writes the pixels and means of this one case with four decimals.
    let four_decimals = case.name() == "test_averagepool_2d_ceil_last_window_starts_on_pad";
    Ok(vec![if four_decimals {
        compared.written_in(1e-4)
    } else {
        compared
    }])
}

#[test]
fn global_pool2d_agrees_with_onnx() {
    check("GlobalMaxPool", 2, 0, |case| {
        let x = case.map::<f32>(&["inputs", "0"]);
        let got = global_pool2d(x.view(), AdaptivePoolKind::Max)?.output;
        Ok(vec![output(case, &got, 1, &absolute(&got))])
    });
}

#[test]
fn unpool2d_agrees_with_onnx() {
    check("MaxUnpool", 1, 0, |case| {
        let x = case.map::<f32>(&["inputs", "0"]);
        let indices = case.map::<f64>(&["inputs", "1"]).mapv(|idx| idx as i32);
        assert_eq!(
            (x.dim().0, x.dim().1),
            (1, 1),
            "ONNX counts through the batch"
        );
        let options = Unpool2dOptions {
            size: case.pair("kernel_shape", [1, 1]),
            stride: Some(case.pair("strides", [1, 1])),
            padding: pads(case),
            output_size: None,
        };
        let got = unpool2d(x.view(), indices.view(), &options)?;
        Ok(vec![output(case, &got, 0, &got)])
    });
}

#[test]
fn pad2d_agrees_with_onnx() {
    check("Pad", 7, 0, |case| {
        let x = case.map::<f32>(&["inputs", "0"]);
        let options = Pad2dOptions {
            padding: listed_pads(case),
            mode: match case.attr("mode").and_then(|mode| mode.as_str()) {
                Some("edge") => PaddingMode::Replicate,
                Some("wrap") => PaddingMode::Circular,
                Some("reflect") => PaddingMode::Reflect,
                _ => PaddingMode::Zeros,
            },
            value: match case.attr("value") {
                Some(value) => value.as_f64().unwrap(),
                None => scalar(case.array(&["inputs", "2"])),
            },
        };
        let got = pad2d(x.view(), &options)?;
        Ok(vec![output(case, &got, 1, &absolute(&got))])
    });
}

/// Pads of the axes named, or of all; only rows and columns may have any.
fn listed_pads(case: &Case) -> Sides {
    let list = |path: &[&str]| {
        let list = case.array::<f64>(path)?;
        Some(
            list.iter()
                .map(|number| *number as isize)
                .collect::<Vec<_>>(),
        )
    };
    let pads = case.attr("pads").map(wholes);
    let pads = pads.unwrap_or_else(|| {
        let pads = list(&["inputs", "1"]).unwrap();
        pads.into_iter().map(|pad| pad as usize).collect()
    });
    let axes = list(&["inputs", "3"]).unwrap_or_else(|| vec![0, 1, 2, 3]);
    let along = |axis: isize| {
        let place = axes.iter().position(|&named| named.rem_euclid(4) == axis);
        place.map_or([0, 0], |place| [pads[place], pads[place + axes.len()]])
    };
    assert_eq!((along(0), along(1)), ([0, 0], [0, 0]), "{}", case.name());
    let ([top, bottom], [left, right]) = (along(2), along(3));
    Sides {
        top,
        left,
        bottom,
        right,
    }
}

#[test]
fn resize2d_agrees_with_onnx() {
    check("Upsample", 1, 0, |case| {
        let x = case.map::<f32>(&["inputs", "0"]);
        let scales = case.array::<f64>(&["inputs", "1"]).unwrap();
        assert_eq!((scales[0], scales[1]), (1.0, 1.0), "{}", case.name());
        let options = Resize2dOptions {
            kind: ResizeKind::Nearest,
            target: ResizeTarget::Scale([scales[2], scales[3]]),
        };
        let got = resize2d(x.view(), &options)?;
        Ok(vec![output(case, &got, 0, &got)])
    });
}

fn check(
    op: &'static str,
    passed: usize,
    uncovered: usize,
    run: impl Fn(&Case) -> Result<Vec<Comparison>>,
) {
    let mut tally = Tally::new(op);
    for case in onnx(op) {
        if case.spatial() > 2 {
            tally.uncovered(case.name(), "it has three spatial axes");
        } else {
            tally.check(case.name(), run(case));
        }
    }
    tally.finish(passed, uncovered);
}

fn conv_arguments(case: &Case) -> (Array4<f32>, Array4<f32>, Option<Array1<f32>>) {
    let bias = case.array(&["inputs", "2"]);
    (
        case.map(&["inputs", "0"]),
        case.map(&["inputs", "1"]),
        bias.map(|bias| bias.into_dimensionality::<Ix1>().unwrap()),
    )
}

fn output(case: &Case, got: &Array4<f32>, terms: usize, magnitude: &Array4<f32>) -> Comparison {
    let expected = case.array(&["outputs", "0"]).unwrap();
    let magnitude = magnitude.mapv(|value| f64::from(value).abs());
    Comparison::new("output", got, &expected, terms, &magnitude)
}

fn absolute(array: &Array4<f32>) -> Array4<f32> {
    array.mapv(f32::abs)
}

fn scalar(array: Option<ArrayD<f64>>) -> f64 {
    array.map_or(0.0, |array| *array.first().unwrap())
}

fn pads(case: &Case) -> Sides {
    match case.wholes("pads").as_deref() {
        None => Sides::default(),
        Some(&[left, right]) => Sides {
            left,
            right,
            ..Sides::default()
        },
        Some(&[top, left, bottom, right]) => Sides {
            top,
            left,
            bottom,
            right,
        },
        Some(others) => panic!("{}: pads are {others:?}", case.name()),
    }
}

fn whole(case: &Case, name: &str, default: usize) -> usize {
    let value = case.attr(name).map(|value| value.as_u64().unwrap());
    value.map_or(default, |value| value as usize)
}
