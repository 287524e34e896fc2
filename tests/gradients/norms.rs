//! Gradients of the normalisations.
//!
//! Epsilon is never small here: the deviation of two close values bends too much for differences.

use cnn_playground::ops::batch_norm::{
    BatchNormOptions, Statistics, batch_norm, batch_norm_backward,
};
use cnn_playground::ops::group_norm::{
    GroupNormOptions, group_norm, group_norm_backward, instance_norm, instance_norm_backward,
};
use cnn_playground::ops::layer_norm::{LayerNormOptions, layer_norm, layer_norm_backward};
use cnn_playground::ops::local_response_norm::{
    LocalResponseNormOptions, local_response_norm, local_response_norm_backward,
};
use cnn_playground::ops::normalize::AffineGradients;
use ndarray::{ArrayD, ArrayView1, Ix1};

use crate::check::check;
use crate::draw::{Draw, for_seeds, weighted};

#[test]
fn batch_norm_in_training_and_inference() {
    for_seeds(60, |draw| {
        let mut shape = draw.shape(2..5);
        shape[0] = draw.whole(2..4);
        let [x, w, b, dy] = arguments(draw, &shape);
        let options = BatchNormOptions {
            training: draw.coin(),
            epsilon: draw.number(0.1..0.5),
            ..Default::default()
        };
        let running = Statistics {
            mean: vector(&draw.array(&[shape[1]])).to_owned(),
            variance: vector(&draw.array(&[shape[1]])).mapv(|value| value * value),
        };
        let weights = Some(vector(&w));
        let backward = batch_norm_backward(x.view(), weights, Some(&running), dy.view(), &options);
        let analytic = listed(backward.unwrap());
        check("batchNorm", &[x, w.clone(), b], &analytic, |arguments| {
            let [x, w, b] = arguments else { unreachable!() };
            let (w, b) = (Some(vector(w)), Some(vector(b)));
            let result = batch_norm(x.view(), w, b, Some(&running), &options).unwrap();
            weighted(&result.output, &dy)
        });
    });
}

#[test]
fn layer_norm_from_any_axis_on() {
    for_seeds(60, |draw| {
        let shape = draw.shape(1..5);
        let axis = draw.whole(0..shape.len());
        let (x, dy) = (draw.array(&shape), draw.array(&shape));
        let (w, b) = (draw.array(&shape[axis..]), draw.array(&shape[axis..]));
        let options = LayerNormOptions {
            axis: axis as isize,
            epsilon: draw.number(0.1..0.5),
        };
        let backward = layer_norm_backward(x.view(), Some(w.view()), dy.view(), &options);
        let analytic = listed(backward.unwrap());
        check("layerNorm", &[x, w, b], &analytic, |arguments| {
            let [x, w, b] = arguments else { unreachable!() };
            let result = layer_norm(x.view(), Some(w.view()), Some(b.view()), &options);
            weighted(&result.unwrap().output, &dy)
        });
    });
}

#[test]
fn group_norm_of_any_number_of_groups() {
    for_seeds(60, |draw| {
        let mut shape = draw.shape(2..5);
        let groups = draw.whole(1..4);
        shape[1] *= groups;
        let [x, w, b, dy] = arguments(draw, &shape);
        let options = GroupNormOptions {
            groups,
            epsilon: draw.number(0.1..0.5),
        };
        let weights = Some(vector(&w));
        let backward = group_norm_backward(x.view(), weights, dy.view(), &options);
        let analytic = listed(backward.unwrap());
        check("groupNorm", &[x, w.clone(), b], &analytic, |arguments| {
            let [x, w, b] = arguments else { unreachable!() };
            let (w, b) = (Some(vector(w)), Some(vector(b)));
            weighted(&group_norm(x.view(), w, b, &options).unwrap(), &dy)
        });
    });
}

#[test]
fn instance_norm_without_and_with_weights() {
    for_seeds(60, |draw| {
        let shape = draw.shape(2..5);
        let [x, w, b, dy] = arguments(draw, &shape);
        let epsilon = draw.number(0.1..0.5);
        let plain = instance_norm_backward(x.view(), None, dy.view(), epsilon).unwrap();
        check(
            "instanceNorm",
            std::slice::from_ref(&x),
            &[plain.d_input],
            |arguments| {
                weighted(
                    &instance_norm(arguments[0].view(), None, None, epsilon).unwrap(),
                    &dy,
                )
            },
        );
        let weights = Some(vector(&w));
        let backward = instance_norm_backward(x.view(), weights, dy.view(), epsilon);
        let analytic = listed(backward.unwrap());
        check("instanceNorm", &[x, w.clone(), b], &analytic, |arguments| {
            let [x, w, b] = arguments else { unreachable!() };
            let (w, b) = (Some(vector(w)), Some(vector(b)));
            weighted(&instance_norm(x.view(), w, b, epsilon).unwrap(), &dy)
        });
    });
}

#[test]
fn local_response_norm_of_odd_and_even_sizes() {
    for_seeds(60, |draw| {
        let mut shape = draw.shape(2..5);
        shape[1] = draw.whole(1..8);
        let (x, dy) = (draw.array(&shape), draw.array(&shape));
        let options = LocalResponseNormOptions {
            size: draw.whole(1..10),
            alpha: draw.number(0.1..2.0),
            beta: draw.number(0.3..1.5),
            k: draw.number(1.0..2.0),
        };
        let gradient = local_response_norm_backward(x.view(), dy.view(), &options).unwrap();
        check("localResponseNorm", &[x], &[gradient], |arguments| {
            weighted(
                &local_response_norm(arguments[0].view(), &options).unwrap(),
                &dy,
            )
        });
    });
}

/// An input of `shape`, weights and bias for its channels, and the gradient of its output.
fn arguments(draw: &mut Draw, shape: &[usize]) -> [ArrayD<f64>; 4] {
    let channels = [shape[1]];
    [shape, &channels, &channels, shape].map(|shape| draw.array(shape))
}

fn listed(gradients: AffineGradients<f64>) -> [ArrayD<f64>; 3] {
    [gradients.d_input, gradients.d_weights, gradients.d_bias]
}

fn vector(array: &ArrayD<f64>) -> ArrayView1<'_, f64> {
    array.view().into_dimensionality::<Ix1>().unwrap()
}
