//! Gradients of the losses.

use cnn_playground::ops::loss::Reduction;
use cnn_playground::ops::loss::binary_cross_entropy::{
    binary_cross_entropy, binary_cross_entropy_backward,
};
use cnn_playground::ops::loss::cross_entropy::{
    CrossEntropyOptions, cross_entropy, cross_entropy_backward,
};
use cnn_playground::ops::loss::hinge::{HingeLossOptions, hinge_loss, hinge_loss_backward};
use cnn_playground::ops::loss::huber::{HuberLossOptions, huber_loss, huber_loss_backward};
use cnn_playground::ops::loss::l1::{l1_loss, l1_loss_backward};
use cnn_playground::ops::loss::mean_squared_error::{
    mean_squared_error, mean_squared_error_backward,
};
use cnn_playground::ops::loss::negative_log_likelihood::{
    NegativeLogLikelihoodOptions, negative_log_likelihood, negative_log_likelihood_backward,
};
use ndarray::{ArrayD, ArrayView1, ArrayView2, Ix1, Ix2};

use crate::check::check;
use crate::draw::{Draw, for_seeds, weighted};

#[test]
fn mean_squared_errors() {
    for_seeds(50, |draw| {
        let (reduction, [x, target, dy]) = elementwise(draw, &[]);
        let gradient = mean_squared_error_backward(x.view(), target.view(), dy.view(), reduction);
        check(
            "meanSquaredError",
            &[x],
            &[gradient.unwrap()],
            |arguments| {
                let loss = mean_squared_error(arguments[0].view(), target.view(), reduction);
                weighted(&loss.unwrap(), &dy)
            },
        );
    });
}

#[test]
fn l1_losses() {
    for_seeds(50, |draw| {
        let (reduction, [x, target, dy]) = elementwise(draw, &[0.0]);
        let gradient = l1_loss_backward(x.view(), target.view(), dy.view(), reduction);
        check("l1Loss", &[x], &[gradient.unwrap()], |arguments| {
            weighted(
                &l1_loss(arguments[0].view(), target.view(), reduction).unwrap(),
                &dy,
            )
        });
    });
}

#[test]
fn binary_cross_entropies() {
    for_seeds(50, |draw| {
        let (reduction, [x, target, dy]) = elementwise(draw, &[]);
        let (input, targets) = (x.view(), target.view());
        let gradient = binary_cross_entropy_backward(input, targets, dy.view(), reduction).unwrap();
        check("binaryCrossEntropy", &[x], &[gradient], |arguments| {
            let loss = binary_cross_entropy(arguments[0].view(), target.view(), reduction);
            weighted(&loss.unwrap(), &dy)
        });
    });
}

#[test]
fn huber_losses() {
    for_seeds(50, |draw| {
        let delta = draw.number(0.1..3.0);
        let (reduction, [x, target, dy]) = elementwise(draw, &[-delta, delta]);
        let options = HuberLossOptions { delta, reduction };
        let gradient = huber_loss_backward(x.view(), target.view(), dy.view(), &options);
        check("huberLoss", &[x], &[gradient.unwrap()], |arguments| {
            weighted(
                &huber_loss(arguments[0].view(), target.view(), &options).unwrap(),
                &dy,
            )
        });
    });
}

#[test]
fn hinge_losses() {
    for_seeds(50, |draw| {
        let (n, classes) = (draw.whole(1..4), draw.whole(1..5));
        let options = HingeLossOptions {
            margin: draw.number(0.1..2.0),
            reduction: reduction(draw),
        };
        let target = targets(draw, &[n], classes, None);
        let x = loop {
            let x = draw.array(&[n, classes]);
            let far = x.indexed_iter().all(|(index, score)| {
                let right = x[[index[0], target[index[0]] as usize]];
                (options.margin - right + score).abs() > 1e-3
            });
            if far {
                break x;
            }
        };
        let dy = draw.array(reduced(options.reduction, &[n]));
        let classes = vector(&target);
        let gradient = hinge_loss_backward(matrix(&x), classes, dy.view(), &options).unwrap();
        check("hingeLoss", &[x], &[gradient.into_dyn()], |arguments| {
            weighted(
                &hinge_loss(matrix(&arguments[0]), classes, &options).unwrap(),
                &dy,
            )
        });
    });
}

#[test]
fn negative_log_likelihoods_with_weights_and_ignored_targets() {
    for_seeds(50, |draw| {
        let ClassCase {
            x,
            target,
            weights,
            reduction,
            dy,
        } = class_case(draw);
        let options = NegativeLogLikelihoodOptions {
            ignore_index: Some(IGNORED),
            reduction,
        };
        let weights = weights.as_ref().map(vector);
        let (input, targets) = (x.view(), target.view());
        let gradient =
            negative_log_likelihood_backward(input, targets, weights, dy.view(), &options);
        check(
            "negativeLogLikelihood",
            &[x],
            &[gradient.unwrap()],
            |arguments| {
                let input = arguments[0].view();
                let loss = negative_log_likelihood(input, target.view(), weights, &options);
                weighted(&loss.unwrap(), &dy)
            },
        );
    });
}

#[test]
fn cross_entropies_with_weights_smoothing_and_ignored_targets() {
    for_seeds(80, |draw| {
        let ClassCase {
            x,
            target,
            weights,
            reduction,
            dy,
        } = class_case(draw);
        let options = CrossEntropyOptions {
            label_smoothing: if draw.coin() {
                0.0
            } else {
                draw.number(0.0..1.0)
            },
            ignore_index: Some(IGNORED),
            reduction,
        };
        let weights = weights.as_ref().map(vector);
        let (input, targets) = (x.view(), target.view());
        let gradient = cross_entropy_backward(input, targets, weights, dy.view(), &options);
        check("crossEntropy", &[x], &[gradient.unwrap()], |arguments| {
            let loss = cross_entropy(arguments[0].view(), target.view(), weights, &options);
            weighted(&loss.unwrap(), &dy)
        });
    });
}

const IGNORED: i32 = -100;

struct ClassCase {
    x: ArrayD<f64>,
    target: ArrayD<i32>,
    weights: Option<ArrayD<f64>>,
    reduction: Reduction,
    dy: ArrayD<f64>,
}

/// The first target is never ignored: the mean of nothing has no gradient.
fn class_case(draw: &mut Draw) -> ClassCase {
    let shape = draw.shape(2..5);
    let mut samples = shape.clone();
    let classes = samples.remove(1);
    let mut target = targets(draw, &samples, classes, Some(IGNORED));
    *target.first_mut().unwrap() = draw.whole(0..classes) as i32;
    let weights = draw.array(&[classes]).mapv(|weight| 0.5 + weight.abs());
    let reduction = reduction(draw);
    ClassCase {
        x: draw.array(&shape),
        target,
        weights: draw.coin().then_some(weights),
        reduction,
        dy: draw.array(reduced(reduction, &samples)),
    }
}

fn targets(draw: &mut Draw, shape: &[usize], classes: usize, ignored: Option<i32>) -> ArrayD<i32> {
    ArrayD::from_shape_simple_fn(shape, || match ignored {
        Some(ignored) if draw.whole(0..4) == 0 => ignored,
        _ => draw.whole(0..classes) as i32,
    })
}

/// An input whose differences from the target are not near a `kink`, the target, and the gradient
/// of the loss.
fn elementwise(draw: &mut Draw, kinks: &[f64]) -> (Reduction, [ArrayD<f64>; 3]) {
    let (shape, reduction) = (draw.shape(0..4), reduction(draw));
    let target = draw.array(&shape);
    let x = draw.array_off(&shape, kinks) + &target;
    let dy = draw.array(reduced(reduction, &shape));
    (reduction, [x, target, dy])
}

fn reduction(draw: &mut Draw) -> Reduction {
    Reduction::ALL[draw.whole(0..3)]
}

fn reduced(reduction: Reduction, shape: &[usize]) -> &[usize] {
    match reduction {
        Reduction::None => shape,
        Reduction::Mean | Reduction::Sum => &[],
    }
}

fn vector<T>(array: &ArrayD<T>) -> ArrayView1<'_, T> {
    array.view().into_dimensionality::<Ix1>().unwrap()
}

fn matrix<T>(array: &ArrayD<T>) -> ArrayView2<'_, T> {
    array.view().into_dimensionality::<Ix2>().unwrap()
}
