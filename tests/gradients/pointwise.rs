//! Gradients of activations, softmax, dense layers, joins and dropout.

use cnn_playground::ops::activation::{Activation, GeluForm, activation, activation_backward};
use cnn_playground::ops::add::{add, add_backward};
use cnn_playground::ops::concat::{concat, concat_backward};
use cnn_playground::ops::dense::{dense, dense_backward};
use cnn_playground::ops::dropout::{DropoutOptions, dropout, dropout_backward};
use cnn_playground::ops::prelu::{prelu, prelu_backward};
use cnn_playground::ops::softmax::{log_softmax, log_softmax_backward, softmax, softmax_backward};
use ndarray::{ArrayD, ArrayViewD, Ix1, Ix2};

use crate::check::check;
use crate::draw::{Draw, for_seeds, weighted};

#[test]
fn activations() {
    for_seeds(20, |draw| {
        for kind in Activation::ALL {
            let (kind, kinks) = with_parameters(kind, draw);
            let shape = draw.shape(0..4);
            let x = draw.array_off(&shape, &kinks);
            let dy = draw.array(&shape);
            let gradient = activation_backward(x.view(), dy.view(), kind).unwrap();
            check(kind.name(), &[x], &[gradient], |arguments| {
                weighted(&activation(arguments[0].view(), kind).unwrap(), &dy)
            });
        }
    });
}

/// Random parameters, and where the function has a kink then.
fn with_parameters(kind: Activation, draw: &mut Draw) -> (Activation, Vec<f64>) {
    let parameter = draw.number(0.3..2.0);
    match kind {
        Activation::LeakyRelu { .. } => (Activation::LeakyRelu { slope: parameter }, vec![0.0]),
        Activation::Elu { .. } => (Activation::Elu { alpha: parameter }, vec![0.0]),
        Activation::Selu { scale, .. } => {
            let alpha = parameter;
            (Activation::Selu { alpha, scale }, vec![0.0])
        }
        Activation::Celu { .. } => (Activation::Celu { alpha: parameter }, vec![0.0]),
        Activation::Gelu { .. } => {
            let form = if draw.coin() {
                GeluForm::Erf
            } else {
                GeluForm::Tanh
            };
            (Activation::Gelu { form }, vec![])
        }
        Activation::Silu { .. } => (Activation::Silu { beta: parameter }, vec![]),
        Activation::Softplus { .. } => {
            let (beta, threshold) = (parameter, draw.number(1.0..4.0));
            (
                Activation::Softplus { beta, threshold },
                vec![threshold / beta],
            )
        }
        Activation::Hardtanh { .. } => {
            let (min, max) = (-parameter, draw.number(0.3..2.0));
            (Activation::Hardtanh { min, max }, vec![min, max])
        }
        Activation::Hardsigmoid { .. } => {
            let (alpha, beta) = (parameter, draw.number(0.1..0.9));
            let kinks = vec![-beta / alpha, (1.0 - beta) / alpha];
            (Activation::Hardsigmoid { alpha, beta }, kinks)
        }
        Activation::ThresholdedRelu { .. } => {
            let threshold = parameter;
            (Activation::ThresholdedRelu { threshold }, vec![threshold])
        }
        others => (others, vec![-3.0, 0.0, 3.0, 6.0]),
    }
}

#[test]
fn prelu_with_one_slope_one_per_channel_or_broadcast_ones() {
    for_seeds(60, |draw| {
        let shape = draw.shape(2..5);
        let slopes = match draw.whole(0..3) {
            0 => vec![1],
            1 => vec![shape[1]],
            _ => {
                let (rank, mut slopes) = (shape.len(), shape.clone());
                slopes
                    .iter_mut()
                    .filter(|_| draw.coin())
                    .for_each(|extent| *extent = 1);
                slopes.split_off(rank - draw.whole(2..rank + 1))
            }
        };
        let (x, w) = (draw.array_off(&shape, &[0.0]), draw.array(&slopes));
        let dy = draw.array(&shape);
        let gradients = prelu_backward(x.view(), w.view(), dy.view()).unwrap();
        let analytic = [gradients.d_input, gradients.d_weights];
        check("prelu", &[x, w], &analytic, |arguments| {
            weighted(
                &prelu(arguments[0].view(), arguments[1].view()).unwrap(),
                &dy,
            )
        });
    });
}

type Along = fn(ArrayViewD<f64>, isize) -> cnn_playground::error::Result<ArrayD<f64>>;
type AlongBackward =
    fn(ArrayViewD<f64>, ArrayViewD<f64>, isize) -> cnn_playground::error::Result<ArrayD<f64>>;

#[test]
fn softmax_and_its_logarithm() {
    let operators: [(&str, Along, AlongBackward); 2] = [
        ("softmax", softmax, softmax_backward),
        ("logSoftmax", log_softmax, log_softmax_backward),
    ];
    for (name, forward, backward) in operators {
        for_seeds(50, |draw| {
            let shape = draw.shape(1..5);
            let axis = draw.whole(0..2 * shape.len()) as isize - shape.len() as isize;
            let (x, dy) = (draw.array(&shape), draw.array(&shape));
            let gradient = backward(x.view(), dy.view(), axis).unwrap();
            check(name, &[x], &[gradient], |arguments| {
                weighted(&forward(arguments[0].view(), axis).unwrap(), &dy)
            });
        });
    }
}

#[test]
fn dense_layers() {
    for_seeds(50, |draw| {
        let (n, inputs, outputs) = (draw.whole(1..4), draw.whole(1..20), draw.whole(1..4));
        let (x, w) = (draw.array(&[n, inputs]), draw.array(&[outputs, inputs]));
        let (b, dy) = (draw.array(&[outputs]), draw.array(&[n, outputs]));
        let gradients = dense_backward(matrix(&x), matrix(&w), matrix(&dy)).unwrap();
        let analytic = [
            gradients.d_input.into_dyn(),
            gradients.d_weights.into_dyn(),
            gradients.d_bias.into_dyn(),
        ];
        check("dense", &[x, w, b], &analytic, |arguments| {
            let bias = arguments[2].view().into_dimensionality::<Ix1>().unwrap();
            let output = dense(matrix(&arguments[0]), matrix(&arguments[1]), Some(bias));
            weighted(&output.unwrap().into_dyn(), &dy)
        });
    });
}

#[test]
fn add_of_shapes_that_broadcast() {
    for_seeds(50, |draw| {
        let shape = draw.shape(0..4);
        let mut inputs = vec![draw.array(&shape)];
        for _ in 0..draw.whole(0..3) {
            let mut other = shape.clone();
            other
                .iter_mut()
                .filter(|_| draw.coin())
                .for_each(|extent| *extent = 1);
            let kept = other.split_off(draw.whole(0..shape.len() + 1));
            inputs.push(draw.array(&kept));
        }
        let dy = draw.array(&shape);
        let gradients = add_backward(&views(&inputs), dy.view()).unwrap();
        check("add", &inputs, &gradients, |arguments| {
            weighted(&add(&views(arguments)).unwrap(), &dy)
        });
    });
}

#[test]
fn concat_along_any_axis() {
    for_seeds(50, |draw| {
        let mut shape = draw.shape(1..5);
        let axis = draw.whole(0..shape.len());
        let inputs = (0..draw.whole(1..4))
            .map(|_| {
                shape[axis] = draw.whole(0..4);
                draw.array(&shape)
            })
            .collect::<Vec<_>>();
        let dy = draw.array(concat(&views(&inputs), axis as isize).unwrap().shape());
        let gradients = concat_backward(&views(&inputs), dy.view(), axis as isize).unwrap();
        check("concat", &inputs, &gradients, |arguments| {
            weighted(&concat(&views(arguments), axis as isize).unwrap(), &dy)
        });
    });
}

#[test]
fn dropout_of_any_probability() {
    for_seeds(50, |draw| {
        let shape = draw.shape(0..4);
        let options = DropoutOptions {
            probability: draw.number(0.0..0.9),
            training: draw.coin(),
            seed: draw.whole(0..1000) as u64,
        };
        let (x, dy) = (draw.array(&shape), draw.array(&shape));
        let gradient = dropout_backward(dy.view(), &options).unwrap();
        check("dropout", &[x], &[gradient], |arguments| {
            weighted(&dropout(arguments[0].view(), &options).unwrap().output, &dy)
        });
    });
}

fn views(arrays: &[ArrayD<f64>]) -> Vec<ArrayViewD<'_, f64>> {
    arrays.iter().map(|array| array.view()).collect()
}

fn matrix(array: &ArrayD<f64>) -> ndarray::ArrayView2<'_, f64> {
    array.view().into_dimensionality::<Ix2>().unwrap()
}
