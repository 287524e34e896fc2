//! Every gradient of random networks against central differences.

use cnn_playground::data::rng::Rng;
use cnn_playground::net::graph::Graph;
use cnn_playground::net::op::schema;
use cnn_playground::net::reference::ReferenceNetwork;
use cnn_playground::net::weights::parameters;
use ndarray::{ArrayD, Ix4};
use serde_json::json;

use crate::draw::{Draw, Kinks};

/// Step of the differences: their error is about step² · third derivative + ε / step.
const STEP: f64 = 1e-5;

/// Largest difference accepted, relative to the slope's size or 1.
const TOLERANCE: f64 = 1e-6;

#[test]
fn the_gradients_of_networks_with_branches_are_the_slopes() {
    let mut seen = std::collections::BTreeMap::new();
    let mut checked = 0;
    for seed in 0..150 {
        let draw = &mut Draw(Rng::new(seed));
        let spec = draw.network(Kinks::Without);
        let graph = Graph::new(&spec).unwrap();
        let last = graph.last();
        for layer in &spec.layers {
            *seen.entry(layer.op.name()).or_insert(0) += 1;
        }
        let weights = draw.weights(&graph, last);
        let Some([channels, height, width]) = extents(&graph) else {
            continue;
        };
        let batch_statistics = draw.below(2) == 0;
        let input = draw.array(&[2, channels, height, width]);
        let network = ReferenceNetwork::new(graph.clone(), weights.clone());
        let view = |input: &ArrayD<f64>| input.clone().into_dimensionality::<Ix4>().unwrap();
        let Ok(pass) = network.forward(view(&input).view(), last, batch_statistics) else {
            // Batch statistics of one value are none.
            continue;
        };
        checked += 1;
        let d_output = draw.array(pass.values(last).unwrap().shape());
        let gradients = network.backward(&pass, d_output.view()).unwrap();
        let objective = |network: &ReferenceNetwork<f64>, input: &ArrayD<f64>| {
            let pass = network.forward(view(input).view(), last, batch_statistics);
            (&pass.unwrap().values(last).unwrap() * &d_output).sum()
        };
        let name = |what: &str| {
            format!(
                "seed {seed}, {what} of {}",
                serde_json::to_string(&spec).unwrap()
            )
        };
        let direction = draw.array(input.shape());
        let slope = |shift: f64| objective(&network, &(&input + &(&direction * shift)));
        check(
            name("input"),
            &slope,
            (&gradients.d_input * &direction).sum(),
        );
        for (id, node) in graph.iter() {
            let learned = parameters(&graph, id).unwrap();
            let learned = learned
                .iter()
                .filter(|known| !known.name.starts_with("running"));
            for (parameter, gradient) in learned.zip(gradients.weights(id)) {
                let direction = draw.array(&parameter.shape);
                let all = parameters(&graph, id).unwrap();
                let at = all.iter().position(|known| known == parameter).unwrap();
                let slope = |shift: f64| {
                    let moved = &weights.of(id)[at] + &(&direction * shift);
                    let mut weights = weights.clone();
                    weights
                        .set(&graph, &node.id, parameter.name, moved)
                        .unwrap();
                    objective(&ReferenceNetwork::new(graph.clone(), weights), &input)
                };
                let what = format!("{} {}", node.id, parameter.name);
                check(name(&what), &slope, (gradient * &direction).sum());
            }
        }
    }
    assert!(checked > 130, "{checked} networks checked");
    // All but prelu.
    let smooth = schema().len() - 1;
    assert_eq!(
        seen.len(),
        smooth,
        "every operator without a kink: {seen:?}"
    );
}

#[test]
fn the_gradient_where_branches_part_is_the_sum_over_them() {
    for seed in 0..20 {
        let draw = &mut Draw(Rng::new(seed));
        let branch = |id: &str, kernel: usize| {
            json!({ "id": id, "op": "conv2d", "from": "stem", "channels": 3, "kernel": kernel,
                "padding": "same" })
        };
        let spec = json!({ "input": { "channels": 2, "height": 6, "width": 5 }, "layers": [
            { "id": "stem", "op": "conv2d", "channels": 2, "kernel": 3 },
            branch("one", 1), branch("three", 3), branch("five", 5),
            { "id": "sum", "op": "add", "from": ["one", "three", "five", "three"] },
        ] });
        let graph = Graph::new(&serde_json::from_value(spec).unwrap()).unwrap();
        let weights = draw.weights(&graph, graph.last());
        let input = draw
            .array(&[1, 2, 6, 5])
            .into_dimensionality::<Ix4>()
            .unwrap();
        let d_output = draw.array(&[1, 3, 4, 3]);
        let network = ReferenceNetwork::new(graph, weights);
        let d_input = |id: &str| {
            let node = network.graph().find(id).unwrap();
            let pass = network.forward(input.view(), node, false).unwrap();
            network.backward(&pass, d_output.view()).unwrap().d_input
        };
        let sum = d_input("one") + d_input("three") * 2.0 + d_input("five");
        let difference = (d_input("sum") - sum).mapv(f64::abs);
        // Three sums of 3 x 25 and 2 x 9 products of normal numbers, none above 5.
        let tolerance = 4.0 * (75.0 + 18.0) * 125.0 * f64::EPSILON;
        assert!(
            difference.iter().all(|value| *value <= tolerance),
            "{difference}"
        );
    }
}

/// The derivative of `along` at 0 is `slope`.
fn check(what: String, along: &dyn Fn(f64) -> f64, slope: f64) {
    let numeric = (along(STEP) - along(-STEP)) / (2.0 * STEP);
    assert!(
        (numeric - slope).abs() <= TOLERANCE * slope.abs().max(1.0),
        "{what}: {slope}, differences say {numeric}"
    );
}

fn extents(graph: &Graph) -> Option<[usize; 3]> {
    match graph.nodes()[0].shape.extents()[..] {
        [Some(channels), Some(height), Some(width)] => Some([channels, height, width]),
        _ => None,
    }
}
