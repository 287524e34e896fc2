//! Convolution, pooling, padding and resizing against PyTorch: outputs and gradients.

use cnn_playground::error::Result;
use cnn_playground::labs::channels::Layer;
use cnn_playground::math::real::Real;
use cnn_playground::ops::adaptive_pool2d::{
    AdaptivePool2dOptions, AdaptivePoolKind, adaptive_pool2d, adaptive_pool2d_backward,
};
use cnn_playground::ops::blur_pool2d::{BlurPool2dOptions, blur_pool2d, blur_pool2d_backward};
use cnn_playground::ops::conv_transpose2d::{
    ConvTranspose2dOptions, conv_transpose2d, conv_transpose2d_backward, conv_transpose2d_naive,
};
use cnn_playground::ops::conv2d::{Conv2dOptions, conv2d, conv2d_backward, conv2d_naive};
use cnn_playground::ops::global_pool2d::{global_pool2d, global_pool2d_backward};
use cnn_playground::ops::pad2d::{Pad2dOptions, pad2d, pad2d_backward};
use cnn_playground::ops::pool2d::{
    Pool2dOptions, PoolKind, Pooled, pool2d, pool2d_backward, pool2d_naive,
};
use cnn_playground::ops::resize2d::{
    Resize2dOptions, ResizeKind, ResizeTarget, resize2d, resize2d_backward,
};
use cnn_playground::window::{Padding, PaddingMode, Sides};
use ndarray::{Array, Array1, Array4, Dimension, Ix1};

use crate::tally::{Comparison, Tally, check_both};
use crate::truth::{Case, torch};

#[test]
fn conv2d_agrees_with_pytorch() {
    check_both("conv2d", 60, conv2d_case::<f32>, conv2d_case::<f64>);
}

/// The layers of the channels lab, through its own call.
#[test]
fn grouped_layers_of_the_channels_lab_agree_with_pytorch() {
    let mut tally = Tally::new("groups of the channels lab");
    for case in torch("conv2d").filter(|case| whole(case, "groups") > 1) {
        tally.check(case.name(), layer_case(case));
    }
    tally.finish(GROUPED, 0);
}

/// Cases of `conv2d` with more than one group.
const GROUPED: usize = 27;

fn layer_case(case: &Case) -> Result<Vec<Comparison>> {
    let (x, bias) = (input::<f32>(case), bias::<f32>(case));
    let layer = Layer {
        weights: weights(case),
        bias,
        conv: Conv2dOptions {
            stride: case.pair("stride", [1, 1]),
            padding: Padding::Explicit(sides(case)),
            dilation: case.pair("dilation", [1, 1]),
            groups: whole(case, "groups"),
            ..Default::default()
        },
    };
    let maps = layer.run(x.view())?;
    let (x, w) = (absolute(&x), absolute(&layer.weights));
    let bias = layer.bias.as_ref().map(absolute);
    let bias = bias.as_ref().map(|bias| bias.view());
    let magnitude = conv2d_naive(x.view(), w.view(), bias, &layer.conv)?;
    let output = case.array(&["output"]).unwrap();
    let terms = w.len() / w.dim().0 + 1;
    Ok(vec![Comparison::new(
        "output", &maps, &output, terms, &magnitude,
    )])
}

fn conv2d_case<F: Real>(case: &Case) -> Result<Vec<Comparison>> {
    let (x, w, dy) = (input::<F>(case), weights::<F>(case), d_output::<F>(case));
    let bias = bias::<F>(case);
    let options = Conv2dOptions {
        stride: case.pair("stride", [1, 1]),
        padding: Padding::Explicit(sides(case)),
        dilation: case.pair("dilation", [1, 1]),
        groups: whole(case, "groups"),
        ..Default::default()
    };
    let bias_view = bias.as_ref().map(|bias| bias.view());
    let fast = conv2d(x.view(), w.view(), bias_view, &options)?;
    let naive = conv2d_naive(x.view(), w.view(), bias_view, &options)?;
    let gradients = conv2d_backward(x.view(), w.view(), dy.view(), &options)?;

    let (x, w, dy) = (absolute(&x), absolute(&w), absolute(&dy));
    let magnitude_bias = bias.as_ref().map(absolute);
    let magnitude_bias = magnitude_bias.as_ref().map(|bias| bias.view());
    let magnitude = conv2d_naive(x.view(), w.view(), magnitude_bias, &options)?;
    let magnitudes = conv2d_backward(x.view(), w.view(), dy.view(), &options)?;
    let (taps, positions) = (w.len() / w.dim().0 + 1, dy.len() / dy.dim().1 + 1);
    let back_taps = w.len() / w.dim().1 + 1;
    let output = case.array(&["output"]).unwrap();
    let mut comparisons = vec![
        Comparison::new("output", &fast, &output, taps, &magnitude),
        Comparison::new("naive output", &naive, &output, taps, &magnitude),
        gradient(
            case,
            "x",
            &gradients.d_input,
            back_taps,
            &magnitudes.d_input,
        ),
        gradient(
            case,
            "w",
            &gradients.d_weights,
            positions,
            &magnitudes.d_weights,
        ),
    ];
    if bias.is_some() {
        let (got, magnitude) = (&gradients.d_bias, &magnitudes.d_bias);
        comparisons.push(gradient(case, "b", got, positions, magnitude));
    }
    Ok(comparisons)
}

#[test]
fn conv_transpose2d_agrees_with_pytorch() {
    let cases = (conv_transpose2d_case::<f32>, conv_transpose2d_case::<f64>);
    check_both("conv_transpose2d", 26, cases.0, cases.1);
}

fn conv_transpose2d_case<F: Real>(case: &Case) -> Result<Vec<Comparison>> {
    let (x, w, dy) = (input::<F>(case), weights::<F>(case), d_output::<F>(case));
    let bias = bias::<F>(case);
    let options = ConvTranspose2dOptions {
        stride: case.pair("stride", [1, 1]),
        padding: sides(case),
        output_padding: case.pair("output_padding", [0, 0]),
        dilation: case.pair("dilation", [1, 1]),
        groups: whole(case, "groups"),
    };
    let bias_view = bias.as_ref().map(|bias| bias.view());
    let fast = conv_transpose2d(x.view(), w.view(), bias_view, &options)?;
    let naive = conv_transpose2d_naive(x.view(), w.view(), bias_view, &options)?;
    let gradients = conv_transpose2d_backward(x.view(), w.view(), dy.view(), &options)?;

    let (x, w, dy) = (absolute(&x), absolute(&w), absolute(&dy));
    let magnitude_bias = bias.as_ref().map(absolute);
    let magnitude_bias = magnitude_bias.as_ref().map(|bias| bias.view());
    let magnitude = conv_transpose2d_naive(x.view(), w.view(), magnitude_bias, &options)?;
    let magnitudes = conv_transpose2d_backward(x.view(), w.view(), dy.view(), &options)?;
    let (taps, positions) = (w.len() / w.dim().1 + 1, x.len() / x.dim().1 + 1);
    let (back_taps, pixels) = (w.len() / w.dim().0 + 1, dy.len() / dy.dim().1 + 1);
    let output = case.array(&["output"]).unwrap();
    let mut comparisons = vec![
        Comparison::new("output", &fast, &output, taps, &magnitude),
        Comparison::new("naive output", &naive, &output, taps, &magnitude),
        gradient(
            case,
            "x",
            &gradients.d_input,
            back_taps,
            &magnitudes.d_input,
        ),
        gradient(
            case,
            "w",
            &gradients.d_weights,
            positions,
            &magnitudes.d_weights,
        ),
    ];
    if bias.is_some() {
        let (got, magnitude) = (&gradients.d_bias, &magnitudes.d_bias);
        comparisons.push(gradient(case, "b", got, pixels, magnitude));
    }
    Ok(comparisons)
}

#[test]
fn pool2d_agrees_with_pytorch() {
    check_both("maxpool2d", 28, max_case::<f32>, max_case::<f64>);
    check_both("avgpool2d", 34, average_case::<f32>, average_case::<f64>);
    check_both("lppool2d", 4, lp_case::<f32>, lp_case::<f64>);
}

fn max_case<F: Real>(case: &Case) -> Result<Vec<Comparison>> {
    let options = pool_options(case, PoolKind::Max);
    let mut comparisons = pool_case::<F>(case, &options, 0)?;
    let argmax = case.array(&["argmax"]).unwrap();
    for pool in [pool2d, pool2d_naive] {
        let found = pool(input::<F>(case).view(), &options)?.indices.unwrap();
        let (found, exact) = (found.mapv(f64::from), Array4::zeros(found.dim()));
        comparisons.push(Comparison::new("indices", &found, &argmax, 0, &exact));
    }
    Ok(comparisons)
}

fn average_case<F: Real>(case: &Case) -> Result<Vec<Comparison>> {
    let kind = PoolKind::Average {
        count_include_pad: flag(case, "count_include_pad"),
        divisor_override: case
            .attr("divisor_override")
            .map(|divisor| divisor.as_u64().unwrap() as usize),
    };
    pool_case::<F>(case, &pool_options(case, kind), 1)
}

/// A power, a root and the division by the largest magnitude round besides the sum.
fn lp_case<F: Real>(case: &Case) -> Result<Vec<Comparison>> {
    let p = case.attr("p").unwrap().as_f64().unwrap();
    let options = pool_options(case, PoolKind::Lp { p });
    pool_case::<F>(case, &options, p as usize + 3)
}

fn pool_case<F: Real>(
    case: &Case,
    options: &Pool2dOptions,
    extra_roundings: usize,
) -> Result<Vec<Comparison>> {
    let (x, dy) = (input::<F>(case), d_output::<F>(case));
    let fast = pool2d(x.view(), options)?;
    let naive = pool2d_naive(x.view(), options)?;
    let d_input = pool2d_backward(x.view(), dy.view(), options)?;

    // The same pixels are chosen if the magnitudes keep the order, so maxima are shifted instead.
    let (dy, x) = (absolute(&dy), x.mapv(|value| value.as_f64()));
    let magnitude = match options.kind {
        PoolKind::Max => pool2d_naive(x.view(), options)?.output.mapv(f64::abs),
        _ => pool2d_naive(x.mapv(f64::abs).view(), options)?.output,
    };
    let d_magnitude = match options.kind {
        PoolKind::Max => pool2d_backward(x.view(), dy.view(), options)?,
        _ => pool2d_backward(x.mapv(f64::abs).view(), dy.view(), options)?,
    };
    let terms = options.size[0] * options.size[1] + extra_roundings;
    let output = case.array(&["output"]).unwrap();
    Ok(vec![
        Comparison::new("output", &fast.output, &output, terms, &magnitude),
        Comparison::new("naive output", &naive.output, &output, terms, &magnitude),
        gradient(case, "x", &d_input, terms, &d_magnitude),
    ])
}

fn pool_options(case: &Case, kind: PoolKind) -> Pool2dOptions {
    Pool2dOptions {
        kind,
        size: case.pair("kernel", [1, 1]),
        stride: Some(case.pair("stride", [1, 1])),
        padding: match case.attr("pad") {
            Some(_) => Padding::Explicit(sides(case)),
            None => Padding::Valid,
        },
        dilation: case.pair("dilation", [1, 1]),
        ceil_mode: case.attr("ceil_mode").is_some() && flag(case, "ceil_mode"),
    }
}

#[test]
fn adaptive_pool2d_agrees_with_pytorch() {
    let average = |op, count| {
        check_both(
            op,
            count,
            |case| adaptive_case::<f32>(case, AdaptivePoolKind::Average),
            |case| adaptive_case::<f64>(case, AdaptivePoolKind::Average),
        );
    };
    average("adaptive_avgpool2d", 3);
    check_both(
        "adaptive_maxpool2d",
        4,
        |case| adaptive_case::<f32>(case, AdaptivePoolKind::Max),
        |case| adaptive_case::<f64>(case, AdaptivePoolKind::Max),
    );
}

fn adaptive_case<F: Real>(case: &Case, kind: AdaptivePoolKind) -> Result<Vec<Comparison>> {
    let size = case.pair("output_size", [1, 1]);
    let options = AdaptivePool2dOptions { kind, size };
    let (x, dy) = (input::<F>(case), d_output::<F>(case));
    let pooled = adaptive_pool2d(x.view(), &options)?;
    let d_input = adaptive_pool2d_backward(x.view(), dy.view(), &options)?;
    regions_case(case, pooled, d_input)
}

#[test]
fn global_pool2d_agrees_with_pytorch() {
    check_both("global_avgpool", 2, global_case::<f32>, global_case::<f64>);
}

fn global_case<F: Real>(case: &Case) -> Result<Vec<Comparison>> {
    let (x, dy) = (input::<F>(case), d_output::<F>(case));
    let pooled = global_pool2d(x.view(), AdaptivePoolKind::Average)?;
    let d_input = global_pool2d_backward(x.view(), dy.view(), AdaptivePoolKind::Average)?;
    regions_case(case, pooled, d_input)
}

/// A region has at most as many pixels as the input, and each pixel lies in at most four regions.
fn regions_case<F: Real>(
    case: &Case,
    pooled: Pooled<F>,
    d_input: Array4<F>,
) -> Result<Vec<Comparison>> {
    let (x, dy) = (absolute(&input::<F>(case)), absolute(&d_output::<F>(case)));
    let (_, _, in_h, in_w) = x.dim();
    let largest = |values: &Array4<f64>| values.iter().copied().fold(0.0, f64::max);
    let magnitude = Array4::from_elem(pooled.output.dim(), largest(&x));
    let d_magnitude = Array4::from_elem(x.dim(), largest(&dy));
    let output = case.array(&["output"]).unwrap();
    Ok(vec![
        Comparison::new(
            "output",
            &pooled.output,
            &output,
            in_h * in_w + 1,
            &magnitude,
        ),
        gradient(case, "x", &d_input, 4 + 1, &d_magnitude),
    ])
}

#[test]
fn blur_pool2d_agrees_with_pytorch() {
    check_both("blurpool", 7, blur_case::<f32>, blur_case::<f64>);
}

fn blur_case<F: Real>(case: &Case) -> Result<Vec<Comparison>> {
    let stride = whole(case, "stride");
    let options = BlurPool2dOptions {
        taps: case.wholes("filter").unwrap().len(),
        stride: [stride; 2],
        padding_mode: mode(case.attr("pad_mode").unwrap().as_str().unwrap()),
    };
    let (x, dy) = (input::<F>(case), d_output::<F>(case));
    let output = blur_pool2d(x.view(), &options)?;
    let d_input = blur_pool2d_backward(x.view(), dy.view(), &options)?;
    let magnitude = blur_pool2d(absolute(&x).view(), &options)?;
    let d_magnitude = blur_pool2d_backward(absolute(&x).view(), absolute(&dy).view(), &options)?;
    // Reflected borders are added to their pixel after the sum over the taps.
    let terms = options.taps * options.taps;
    let expected = case.array(&["output"]).unwrap();
    Ok(vec![
        Comparison::new("output", &output, &expected, terms, &magnitude),
        gradient(case, "x", &d_input, terms + 3, &d_magnitude),
    ])
}

#[test]
fn pad2d_agrees_with_pytorch() {
    check_both("pad", 4, pad_case::<f32>, pad_case::<f64>);
}

fn pad_case<F: Real>(case: &Case) -> Result<Vec<Comparison>> {
    let options = Pad2dOptions {
        padding: sides(case),
        mode: mode(case.attr("mode").unwrap().as_str().unwrap()),
        value: 0.0,
    };
    let (x, dy) = (input::<F>(case), d_output::<F>(case));
    let output = pad2d(x.view(), &options)?;
    let d_input = pad2d_backward(x.view(), dy.view(), &options)?;
    let d_magnitude = pad2d_backward(absolute(&x).view(), absolute(&dy).view(), &options)?;
    let (_, _, out_h, out_w) = output.dim();
    Ok(vec![
        Comparison::new(
            "output",
            &output,
            &case.array(&["output"]).unwrap(),
            1,
            &absolute(&output),
        ),
        gradient(case, "x", &d_input, out_h * out_w, &d_magnitude),
    ])
}

#[test]
fn resize2d_agrees_with_pytorch() {
    check_both(
        "upsample_nearest",
        3,
        nearest_case::<f32>,
        nearest_case::<f64>,
    );
    check_both(
        "upsample_bilinear",
        3,
        bilinear_case::<f32>,
        bilinear_case::<f64>,
    );
}

fn nearest_case<F: Real>(case: &Case) -> Result<Vec<Comparison>> {
    let scale = case.attr("scale").unwrap().as_f64().unwrap();
    let options = Resize2dOptions {
        kind: ResizeKind::Nearest,
        target: ResizeTarget::Scale([scale; 2]),
    };
    resize_case::<F>(case, &options)
}

fn bilinear_case<F: Real>(case: &Case) -> Result<Vec<Comparison>> {
    let align_corners = flag(case, "align_corners");
    let options = Resize2dOptions {
        kind: ResizeKind::Bilinear { align_corners },
        target: ResizeTarget::Size(case.pair("size", [1, 1])),
    };
    resize_case::<F>(case, &options)
}

/// A place is rounded relative to its distance from the border, at most `in_h + in_w`, and so are
/// the weights of the pixels around it.
fn resize_case<F: Real>(case: &Case, options: &Resize2dOptions) -> Result<Vec<Comparison>> {
    let (x, dy) = (input::<F>(case), d_output::<F>(case));
    let output = resize2d(x.view(), options)?;
    let d_input = resize2d_backward(x.view(), dy.view(), options)?;
    let (_, _, in_h, in_w) = x.dim();
    let (_, _, out_h, out_w) = output.dim();
    let terms = 4 + in_h + in_w;
    // Outputs whose place lies within a pixel of an input pixel.
    let sharing = (2 * out_h.div_ceil(in_h) + 1) * (2 * out_w.div_ceil(in_w) + 1);
    let largest = |values: &Array4<F>| absolute(values).iter().copied().fold(0.0, f64::max);
    let magnitude = Array4::from_elem(output.dim(), largest(&x));
    let d_magnitude = Array4::from_elem(x.dim(), largest(&dy));
    let expected = case.array(&["output"]).unwrap();
    Ok(vec![
        Comparison::new("output", &output, &expected, terms, &magnitude),
        gradient(case, "x", &d_input, terms * sharing, &d_magnitude),
    ])
}

fn gradient<F: Real, D: Dimension>(
    case: &Case,
    argument: &'static str,
    got: &Array<F, D>,
    terms: usize,
    magnitude: &Array<f64, D>,
) -> Comparison {
    let expected = case.array(&["grads", argument]).unwrap();
    Comparison::new(argument, got, &expected, terms, magnitude)
}

fn input<F: Real>(case: &Case) -> Array4<F> {
    case.map(&["inputs", "x"])
}

fn weights<F: Real>(case: &Case) -> Array4<F> {
    case.map(&["inputs", "w"])
}

fn d_output<F: Real>(case: &Case) -> Array4<F> {
    case.map(&["grad_output"])
}

fn bias<F: Real>(case: &Case) -> Option<Array1<F>> {
    let bias = case.array(&["inputs", "b"])?;
    Some(bias.into_dimensionality::<Ix1>().unwrap())
}

fn absolute<F: Real, D: Dimension>(array: &Array<F, D>) -> Array<f64, D> {
    array.map(|value| value.as_f64().abs())
}

fn sides(case: &Case) -> Sides {
    let [top, left, bottom, right] = case.wholes("pad").unwrap().try_into().unwrap();
    Sides {
        top,
        left,
        bottom,
        right,
    }
}

fn mode(name: &str) -> PaddingMode {
    let named = PaddingMode::ALL
        .into_iter()
        .find(|mode| mode.name() == name);
    named.unwrap_or_else(|| {
        assert!(["constant", "zero", "zeros"].contains(&name), "{name}");
        PaddingMode::Zeros
    })
}

fn whole(case: &Case, name: &str) -> usize {
    case.attr(name).unwrap().as_u64().unwrap() as usize
}

fn flag(case: &Case, name: &str) -> bool {
    case.attr(name).unwrap().as_bool().unwrap()
}
