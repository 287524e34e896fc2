//! Effective receptive fields against closed forms and against what was measured with PyTorch
//! (`tests/data/truth/erf.json`).

use cnn_playground::math::real::Real;
use cnn_playground::net::analysis::effective::{
    Drawn, Learned, Measurement, Question, Simplified, Spread, effective_receptive_field,
};
use cnn_playground::net::graph::Graph;
use cnn_playground::net::spec::Spec;
use cnn_playground::net::weights::{Initial, Weights};
use ndarray::{Array2, Axis};
use serde_json::{Value, json};

const FILE: &str = include_str!("../data/truth/erf.json");

#[test]
fn uniform_weights_give_the_closed_forms() {
    let cases = truth("uniform");
    assert_eq!(cases.len(), 17);
    for case in &cases {
        check_uniform::<f32>(case);
        check_uniform::<f64>(case);
    }
}

fn check_uniform<F: Real>(case: &Value) {
    let layers = case["layers"].as_array().unwrap();
    let windows = layers
        .iter()
        .map(|layer| [0, 1, 2].map(|idx| layer[idx].as_u64().unwrap()));
    let windows = windows.collect::<Vec<_>>();
    let spec = stack(&windows, 2, None);
    let field = effective_receptive_field::<F>(&spec, &Question::about("end")).unwrap();
    let number = |name: &str| case[name].as_f64().unwrap();
    let size = case["rf"].as_u64().unwrap() as usize;
    assert_eq!(field.map.shape(), [size, size]);
    let [rows, cols] = field.theoretical;
    assert_eq!(
        [rows[1] - rows[0] + 1, cols[1] - cols[0] + 1],
        [size as i64; 2]
    );

    // A value sums kernel² products of two channels in each layer, all of them positive.
    let summed = windows
        .iter()
        .map(|[kernel, ..]| 2 * kernel * kernel)
        .sum::<u64>();
    let rounding = summed as f64 * F::epsilon().as_f64();
    let [deviation, other] = field.spread.sd.unwrap();
    let expected = number("sd_theory");
    assert_near(deviation, expected, rounding * expected);
    assert_near(other, expected, rounding * expected);
    let middle = (size - 1) as f64 / 2.0;
    let centre = [0, 1].map(|axis| field.origin[axis] as f64 + middle);
    for axis in [0, 1] {
        let got = field.spread.centre.unwrap()[axis];
        assert_near(got, centre[axis], rounding * size as f64);
    }

    let masses = field.map.sum_axis(Axis(1));
    let moment = |power: i32| {
        let terms = masses.iter().enumerate();
        let terms = terms.map(|(at, mass)| mass * (at as f64 - middle).powi(power));
        terms.sum::<f64>() / field.spread.total
    };
    let kurtosis = moment(4) / moment(2).powi(2) - 3.0;
    assert_near(
        kurtosis,
        number("excess_kurtosis_measured"),
        4.0 * rounding * 3.0,
    );
    if let Some(expected) = case["excess_kurtosis_theory"].as_f64() {
        assert_near(kurtosis, expected, 4.0 * rounding * 3.0);
    }
    let share = number("share_of_rf_pixels_above_4p55_percent_of_peak");
    assert_near(field.spread.above.share, share, 1e-12);
    let near = |at: usize| (at as f64 - middle).abs() <= 2.0 * expected;
    // The file's figure is that of one axis.
    let inside = masses.iter().enumerate().filter(|(at, _)| near(*at));
    let inside = inside.map(|(_, mass)| mass).sum::<f64>() / field.spread.total;
    let expected = number("share_of_gradient_within_2sd_square");
    assert_near(inside, expected, 2.0 * rounding);
}

/// Against PyTorch's means over its own draws, and for squares without nonlinearity against the
/// deviation they have in expectation. Means are random: how much the figure varies from one set of
/// draws to another is estimated from ours by leaving out one at a time (the jackknife).
#[test]
fn random_weights_give_what_was_measured() {
    let cases = truth("random");
    assert_eq!(cases.len(), 10);
    for case in &cases {
        let number = |name: &str| case[name].as_u64().unwrap();
        let window = [number("kernel"), 1, 1];
        let activation = case["activation"].as_str().unwrap();
        let activation = (activation != "linear").then_some(activation);
        let spec = stack(
            &vec![window; number("layers") as usize],
            number("channels"),
            activation,
        );
        let draws = (0..DRAWS)
            .map(|seed| random_map(&spec, seed))
            .collect::<Vec<_>>();
        for (squared, name) in [
            (true, "sd_of_mean_squared_gradient"),
            (false, "sd_of_mean_absolute_gradient"),
        ] {
            let of_all_but = |left_out: Option<usize>| {
                let kept = draws
                    .iter()
                    .enumerate()
                    .filter(|(idx, _)| Some(*idx) != left_out);
                let sum = kept.fold(Array2::zeros(draws[0].raw_dim()), |sum, (_, map)| {
                    sum + map.mapv(|value| if squared { value * value } else { value })
                });
                Spread::of(&sum, [0, 0]).sd.unwrap()[0]
            };
            let got = of_all_but(None);
            let others = (0..draws.len())
                .map(|idx| of_all_but(Some(idx)))
                .collect::<Vec<_>>();
            let count = draws.len() as f64;
            let mean = others.iter().sum::<f64>() / count;
            let squares = others.iter().map(|other| (other - mean).powi(2));
            let ours = (count - 1.0) / count * squares.sum::<f64>();
            let theirs = ours * count / number("draws") as f64;
            let expected = case[name].as_f64().unwrap();
            let error = (ours + theirs).sqrt();
            assert_near(got, expected, 4.0 * error);
            assert!(error < 0.1 * expected, "{case}: {error} says nothing");
            if squared && activation.is_none() {
                let exact = case["sd_uniform_theory"].as_f64().unwrap();
                assert_near(got, exact, 4.0 * ours.sqrt());
            }
        }
    }
}

const DRAWS: u64 = 20;

/// The absolute gradient of one draw at the one channel of the input.
fn random_map(spec: &Spec, seed: u64) -> Array2<f64> {
    let mut spec = spec.clone();
    spec.input.channels = 1;
    let question = Question {
        weights: Learned::Random,
        channel: Some(0),
        seed,
        ..Question::about("end")
    };
    effective_receptive_field::<f32>(&spec, &question)
        .unwrap()
        .map
}

/// Also through poolings, and with an input just large enough: means are windows too.
#[test]
fn what_is_left_of_a_network_without_nonlinearity_is_a_sum_of_windows() {
    let spec = json!({ "input": { "channels": 3, "height": 48, "width": 64 }, "layers": [
        { "id": "conv1", "op": "conv2d", "channels": 4, "kernel": 3, "padding": 1 },
        { "id": "relu1", "op": "activation", "kind": "relu" },
        { "id": "pool1", "op": "pool2d", "kind": "max", "size": 2 },
        { "id": "conv2", "op": "conv2d", "channels": 4, "kernel": [5, 3], "padding": "same" },
        { "id": "norm2", "op": "batchNorm" },
        { "id": "relu2", "op": "activation", "kind": "relu" },
        { "id": "pool2", "op": "pool2d", "kind": "max", "size": 2 },
        { "id": "conv3", "op": "conv2d", "channels": 2, "kernel": 3, "dilation": 2, "padding": 2 },
        { "id": "softmax", "op": "softmax" },
    ] });
    let spec: Spec = serde_json::from_value(spec).unwrap();
    let simplified = Simplified {
        linear: true,
        average_pooling: true,
    };
    let question = Question {
        simplified,
        ..Question::<f64>::about("softmax")
    };
    let field = effective_receptive_field(&spec, &question).unwrap();
    let variance = |windows: [[f64; 2]; 5]| {
        let of =
            |[kernel, distance]: [f64; 2]| (kernel * kernel - 1.0) / 12.0 * distance * distance;
        windows.map(of).iter().sum::<f64>()
    };
    let rows = variance([[3.0, 1.0], [2.0, 1.0], [5.0, 2.0], [2.0, 2.0], [3.0, 8.0]]);
    let cols = variance([[3.0, 1.0], [2.0, 1.0], [3.0, 2.0], [2.0, 2.0], [3.0, 8.0]]);
    let [deviation_rows, deviation_cols] = field.spread.sd.unwrap();
    assert_near(deviation_rows, rows.sqrt(), 1e-12);
    assert_near(deviation_cols, cols.sqrt(), 1e-12);
    // 1 + 2 + 1 + 4 · 2 + 2 + 4 · 4 and with 2 · 2 in the place of 4 · 2.
    assert_eq!(field.map.shape(), [30, 26]);
    assert_eq!(field.position, [5, 7]);
    let [rows, cols] = field.theoretical;
    assert_eq!([rows, cols], [[7, 36], [17, 42]]);
    assert_eq!(field.origin, [7, 17]);
}

#[test]
fn a_seed_decides_everything_and_another_gives_another_map() {
    let spec = stack(&[[3, 1, 1]; 3], 2, Some("relu"));
    let map = |seed: u64, draws: usize| {
        let weights = Learned::Random;
        let question = Question {
            weights,
            seed,
            draws,
            ..Question::<f32>::about("end")
        };
        effective_receptive_field(&spec, &question).unwrap().map
    };
    assert_eq!(map(1, 3), map(1, 3));
    assert_ne!(map(1, 3), map(2, 3));
    assert_ne!(map(1, 3), map(1, 4));
}

/// With noise as the input and weights of each draw's own.
#[test]
fn draws_may_be_divided_among_measurements() {
    let spec = stack(&[[3, 1, 1], [3, 2, 1], [3, 1, 1]], 3, Some("relu"));
    let question = Question {
        weights: Learned::Random,
        seed: 4,
        draws: 5,
        ..Question::<f32>::about("end")
    };
    let expected = effective_receptive_field(&spec, &question).unwrap();
    for divided in [[5, 0], [0, 5], [2, 3], [4, 1]] {
        let mut drawn = Drawn::default();
        for draws in divided {
            let mut measurement = Measurement::new(&spec, &question).unwrap();
            assert_eq!(measurement.draws(), 5);
            measurement.resume(drawn).unwrap();
            (0..draws).for_each(|_| measurement.draw().unwrap());
            drawn = measurement.drawn().clone();
            let field = measurement.field().unwrap();
            assert_eq!(field == expected, drawn.draws == 5);
        }
    }
}

/// What the engine does faster than the definition moves values by rounding alone: the same weights
/// and the same picture in `f64`, where convolutions are as defined.
#[test]
fn a_field_is_that_of_the_definition_but_for_rounding() {
    let spec = json!({ "input": { "channels": 8, "height": 40, "width": 44 }, "layers": [
        { "id": "conv1", "op": "conv2d", "channels": 16, "kernel": 3, "padding": 1 },
        { "id": "norm1", "op": "batchNorm" },
        { "id": "relu1", "op": "activation", "kind": "relu" },
        { "id": "conv2", "op": "conv2d", "channels": 12, "kernel": 1 },
        { "id": "conv3", "op": "conv2d", "channels": 16, "kernel": 3, "padding": 1 },
        { "id": "add", "op": "add", "from": ["conv3", "relu1"] },
        { "id": "relu3", "op": "activation", "kind": "relu" },
        { "id": "conv4", "op": "conv2d", "channels": 9, "kernel": 5, "stride": 2 },
    ] });
    let spec: Spec = serde_json::from_value(spec).unwrap();
    let graph = Graph::new(&spec).unwrap();
    let initial = Initial::Random { seed: 6 };
    let rough = Weights::<f32>::new(&graph, graph.find("conv4").unwrap(), initial).unwrap();
    let mut exact = Weights::<f64>::new(&graph, graph.find("conv4").unwrap(), initial).unwrap();
    for id in ["conv1", "conv2", "conv3", "conv4"] {
        let values = &rough.of(graph.find(id).unwrap())[0];
        let values = values.mapv(f64::from);
        exact.set(&graph, id, "weights", values).unwrap();
    }
    // Both see the same noise.
    let rough = effective_receptive_field(
        &spec,
        &Question {
            units: [16, 16],
            weights: Learned::Given(&rough),
            ..Question::about("conv4")
        },
    )
    .unwrap();
    let exact = effective_receptive_field(
        &spec,
        &Question {
            units: [16, 16],
            weights: Learned::Given(&exact),
            ..Question::about("conv4")
        },
    )
    .unwrap();
    assert_eq!(rough.map.shape(), [39, 39]);
    let error = (&rough.map - &exact.map).mapv(f64::abs);
    let worst = error.iter().copied().fold(0.0, f64::max);
    // On the way back each of four convolutions adds at most 1e-5 of its largest value.
    assert!(worst <= 4e-5 * exact.spread.peak, "{worst}");
    assert_ne!(worst, 0.0);
}

fn stack(windows: &[[u64; 3]], channels: u64, activation: Option<&str>) -> Spec {
    let mut layers = Vec::new();
    for (idx, [kernel, stride, dilation]) in windows.iter().enumerate() {
        if let (Some(kind), true) = (activation, idx > 0) {
            layers.push(json!({ "id": format!("{kind}{idx}"), "op": "activation", "kind": kind }));
        }
        let id = if idx + 1 == windows.len() {
            "end".into()
        } else {
            format!("conv{idx}")
        };
        layers.push(
            json!({ "id": id, "op": "conv2d", "channels": channels, "kernel": kernel,
            "stride": stride, "dilation": dilation, "padding": dilation * (kernel / 2) }),
        );
    }
    serde_json::from_value(json!({ "input": { "channels": channels }, "layers": layers })).unwrap()
}

fn truth(list: &str) -> Vec<Value> {
    let file: Value = serde_json::from_str(FILE).unwrap();
    file[list].as_array().unwrap().clone()
}

#[track_caller]
fn assert_near(got: f64, expected: f64, tolerance: f64) {
    let error = (got - expected).abs();
    assert!(
        error <= tolerance,
        "{got}, expected {expected}: {error:e} above {tolerance:e}"
    );
}

#[test]
fn what_cannot_be_measured_is_said() {
    let net = json!({ "input": { "channels": 1, "height": 8, "width": 8 }, "layers": [
        { "id": "conv", "op": "conv2d", "channels": 2, "kernel": 3 },
        { "id": "pool", "op": "globalPool2d", "kind": "average" },
        { "id": "flat", "op": "flatten" },
    ] });
    let spec: Spec = serde_json::from_value(net.clone()).unwrap();
    let ask = |spec: &Spec, question: Question<f32>| {
        effective_receptive_field(spec, &question)
            .unwrap_err()
            .to_string()
    };
    let about = Question::about;
    assert_eq!(ask(&spec, about("con")), "network: there is no layer con");
    assert_eq!(
        ask(
            &spec,
            Question {
                position: Some([0, 6]),
                ..about("conv")
            }
        ),
        "effectiveReceptiveField: column must be between 0 and 5, got 6"
    );
    assert_eq!(
        ask(
            &spec,
            Question {
                units: [7, 1],
                ..about("conv")
            }
        ),
        "effectiveReceptiveField: units must be between 1 and 6, got 7"
    );
    assert_eq!(
        ask(
            &spec,
            Question {
                channel: Some(2),
                ..about("conv")
            }
        ),
        "effectiveReceptiveField: channel must be between 0 and 1, got 2"
    );
    assert_eq!(
        ask(
            &spec,
            Question {
                draws: 0,
                ..about("conv")
            }
        ),
        "effectiveReceptiveField: draws must be between 1 and 10000, got 0"
    );
    let picture = ndarray::Array3::zeros([3, 8, 8]);
    assert_eq!(
        ask(
            &spec,
            Question {
                input: Some(picture.view()),
                ..about("conv")
            }
        ),
        "effectiveReceptiveField: input must have shape [1, 8, 8], got [3, 8, 8]"
    );
    let huge = Question::<f32> {
        draws: 10_000,
        ..about("end")
    };
    let error = ask(&stack(&[[3, 1, 1]; 50], 64, None), huge);
    assert!(
        error.starts_with("effectiveReceptiveField: operations must be between 0 and"),
        "{error}"
    );

    // Without ends there is no whole map to take the mean of.
    let mut open = net;
    open["input"] = json!({ "channels": 1 });
    let open: Spec = serde_json::from_value(open).unwrap();
    assert!(
        ask(&open, about("flat")).contains("height and width"),
        "{}",
        ask(&open, about("flat"))
    );

    let dense = json!({ "input": { "channels": 3, "height": 224, "width": 224 }, "layers": [
        { "id": "flat", "op": "flatten" }, { "id": "dense", "op": "dense", "features": 1000 },
    ] });
    let dense: Spec = serde_json::from_value(dense).unwrap();
    // 4 bytes for each of 150,528 · 1000 + 1000 weights, for the picture, its gradient, what the layer
    // takes of it with room for padding, and for the output and its gradient.
    assert_eq!(
        ask(&dense, about("dense")),
        "network: would need 604532448 bytes, more than the budget of 268435456"
    );

    let given = [1e30_f32, 1e30].map(|value| ndarray::ArrayD::from_elem(vec![1, 1, 1, 1], value));
    let spec = stack(&[[1, 1, 1]; 2], 1, None);
    let graph = Graph::new(&spec).unwrap();
    let mut weights = Weights::new(&graph, graph.last(), Initial::Uniform).unwrap();
    for (id, values) in ["conv0", "end"].into_iter().zip(given) {
        weights.set(&graph, id, "weights", values).unwrap();
    }
    assert_eq!(
        ask(
            &spec,
            Question {
                weights: Learned::Given(&weights),
                ..about("end")
            }
        ),
        "effectiveReceptiveField: gradient must be a finite number, got inf"
    );
}
