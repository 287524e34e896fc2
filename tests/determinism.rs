//! The same seed gives the same bits, here and in WebAssembly: both are compared with the hashes in
//! `tests/data/determinism.json`, this test for native code, `tests/js/determinism.test.js` for the
//! other.
//!
//! IEEE 754 fixes `+ - * /` and `sqrt`; everything else is computed from these (`elementary`). NaN is
//! left out: its bits are the one thing that WebAssembly does not fix.
#![allow(
    clippy::unwrap_used,
    reason = "a test fails by panicking, also in its helpers"
)]

use std::collections::BTreeMap;

use cnn_playground::init::initializer::{Distribution, Initializer, Kaiming, initialize};
use cnn_playground::ops::activation::{Activation, activation};
use cnn_playground::ops::batch_norm::{BatchNormOptions, batch_norm};
use cnn_playground::ops::blur_pool2d::{BlurPool2dOptions, blur_pool2d};
use cnn_playground::ops::conv_transpose2d::{ConvTranspose2dOptions, conv_transpose2d};
use cnn_playground::ops::conv2d::{Conv2dOptions, conv2d, conv2d_backward};
use cnn_playground::ops::dense::dense;
use cnn_playground::ops::dropout::{DropoutOptions, dropout};
use cnn_playground::ops::flatten::flatten;
use cnn_playground::ops::group_norm::{GroupNormOptions, group_norm};
use cnn_playground::ops::layer_norm::{LayerNormOptions, layer_norm};
use cnn_playground::ops::local_response_norm::{LocalResponseNormOptions, local_response_norm};
use cnn_playground::ops::loss::cross_entropy::{CrossEntropyOptions, cross_entropy};
use cnn_playground::ops::pool2d::{Pool2dOptions, PoolKind, pool2d};
use cnn_playground::ops::resize2d::{Resize2dOptions, ResizeKind, ResizeTarget, resize2d};
use cnn_playground::ops::softmax::{log_softmax, softmax};
use cnn_playground::train::optimizer::{Method, Optimizer, OptimizerOptions};
use cnn_playground::train::regularization::Regularization;
use cnn_playground::train::rules::adam::Adam;
use cnn_playground::window::{Padding, Sides};
use ndarray::{Array1, Array4, ArrayBase, ArrayD, Data, Dimension, Ix2, Ix4};

const STANDARD: Initializer = Initializer::Normal {
    mean: 0.0,
    std: 1.0,
};

#[test]
fn native_code_gives_the_committed_bits() {
    let committed = include_str!("data/determinism.json");
    let committed: BTreeMap<String, String> = serde_json::from_str(committed).unwrap();
    let native = results();
    let text = serde_json::to_string_pretty(&native).unwrap();
    assert_eq!(
        native, committed,
        "if this is meant, the file becomes:\n{text}\n"
    );
}

fn results() -> BTreeMap<String, String> {
    let mut hashes = BTreeMap::new();
    let mut keep = |name: &str, hash: String| assert!(hashes.insert(name.into(), hash).is_none());

    let image = map(normal(&[2, 4, 9, 8], 1));
    let weights = map(kaiming(&[6, 2, 3, 3], 2));
    keep("initialize normal", bits(&image));
    keep("initialize kaiming", bits(&weights));
    let orthogonal = Initializer::Orthogonal { gain: 1.0 };
    keep(
        "initialize orthogonal",
        bits(&initialize::<f32>(&[6, 2, 3, 3], orthogonal, 3).unwrap()),
    );

    let options = Conv2dOptions {
        stride: [2, 2],
        padding: Padding::Explicit(Sides::all(1)),
        groups: 2,
        ..Default::default()
    };
    let output = conv2d(image.view(), weights.view(), None, &options).unwrap();
    let d_output = map(normal(output.shape(), 4));
    let gradients = conv2d_backward(image.view(), weights.view(), d_output.view(), &options);
    keep("conv2d", bits(&output));
    keep("conv2dBackward", bits(&gradients.unwrap().d_weights));

    let options = ConvTranspose2dOptions {
        stride: [2, 2],
        padding: Sides::all(1),
        ..Default::default()
    };
    let kernels = map(kaiming(&[4, 3, 3, 3], 5));
    let transposed = conv_transpose2d(image.view(), kernels.view(), None, &options).unwrap();
    keep("convTranspose2d", bits(&transposed));

    for (name, kind) in [
        ("pool2d max", PoolKind::Max),
        ("pool2d average", PoolKind::AVERAGE),
        ("pool2d lp", PoolKind::Lp { p: 3.0 }),
    ] {
        let options = Pool2dOptions {
            kind,
            size: [3, 3],
            stride: Some([2, 2]),
            ..Default::default()
        };
        keep(name, bits(&pool2d(image.view(), &options).unwrap().output));
    }
    let options = BlurPool2dOptions {
        taps: 5,
        ..Default::default()
    };
    keep(
        "blurPool2d",
        bits(&blur_pool2d(image.view(), &options).unwrap()),
    );
    let options = Resize2dOptions {
        kind: ResizeKind::Bilinear {
            align_corners: false,
        },
        target: ResizeTarget::Size([13, 7]),
    };
    keep("resize2d", bits(&resize2d(image.view(), &options).unwrap()));

    let any = image.view().into_dyn();
    let flat = flatten(any.view(), 1).unwrap();
    let matrix = kaiming(&[10, 288], 6).into_dimensionality::<Ix2>().unwrap();
    keep(
        "dense",
        bits(&dense(flat.view(), matrix.view(), None).unwrap()),
    );

    let options = BatchNormOptions {
        training: true,
        ..Default::default()
    };
    keep(
        "batchNorm",
        bits(
            &batch_norm(any.view(), None, None, None, &options)
                .unwrap()
                .output,
        ),
    );
    let options = LayerNormOptions {
        axis: 1,
        ..Default::default()
    };
    keep(
        "layerNorm",
        bits(&layer_norm(any.view(), None, None, &options).unwrap().output),
    );
    let options = GroupNormOptions {
        groups: 2,
        ..Default::default()
    };
    keep(
        "groupNorm",
        bits(&group_norm(any.view(), None, None, &options).unwrap()),
    );
    let options = LocalResponseNormOptions {
        size: 3,
        alpha: 0.5,
        ..Default::default()
    };
    keep(
        "localResponseNorm",
        bits(&local_response_norm(any.view(), &options).unwrap()),
    );

    for kind in Activation::ALL {
        let name = format!("activation {}", kind.name());
        keep(&name, bits(&activation(any.view(), kind).unwrap()));
    }
    keep("softmax", bits(&softmax(any.view(), 1).unwrap()));
    keep("logSoftmax", bits(&log_softmax(any.view(), 1).unwrap()));
    let target = Array1::from_vec(vec![7, 200]).into_dyn();
    let options = CrossEntropyOptions {
        label_smoothing: 0.1,
        ..Default::default()
    };
    let scores = flat.view().into_dyn();
    keep(
        "crossEntropy",
        bits(&cross_entropy(scores, target.view(), None, &options).unwrap()),
    );

    let options = DropoutOptions {
        probability: 0.3,
        training: true,
        seed: 7,
    };
    keep(
        "dropout",
        bits(&dropout(any.view(), &options).unwrap().output),
    );

    let options = OptimizerOptions {
        method: Method::Adam(Adam::default()),
        regularization: Regularization::default(),
    };
    let mut params = [any.to_owned()];
    let mut optimizer = Optimizer::new(options, &[any.shape()]).unwrap();
    for step in 0..5 {
        let gradient = normal(any.shape(), 10 + step);
        optimizer.step(&mut params, &[gradient], 0.01).unwrap();
    }
    keep("Optimizer adam", bits(&params[0]));
    hashes
}

fn normal(shape: &[usize], seed: u64) -> ArrayD<f32> {
    initialize(shape, STANDARD, seed).unwrap()
}

fn kaiming(shape: &[usize], seed: u64) -> ArrayD<f32> {
    let kaiming = Kaiming {
        distribution: Distribution::Normal,
        ..Kaiming::default()
    };
    initialize(shape, Initializer::Kaiming(kaiming), seed).unwrap()
}

fn map(tensor: ArrayD<f32>) -> Array4<f32> {
    tensor.into_dimensionality::<Ix4>().unwrap()
}

/// The 32-bit FNV-1a hash of all values as little-endian bytes.
fn bits<S: Data<Elem = f32>, D: Dimension>(values: &ArrayBase<S, D>) -> String {
    let bytes = values.iter().flat_map(|value| value.to_le_bytes());
    let hash = bytes.fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    format!("{hash:08x}")
}
