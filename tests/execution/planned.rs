//! Planned networks against the plain one, which computes layer by layer.

use cnn_playground::data::rng::Rng;
use cnn_playground::net::graph::Graph;
use cnn_playground::net::planned::Network;
use cnn_playground::net::reference::ReferenceNetwork;
use cnn_playground::net::spec::{Layer, Op, Pooling, Spec};
use cnn_playground::net::weights::{Initial, Weights, parameters};
use cnn_playground::net::zoo::{ARCHITECTURES, find};
use ndarray::{Array4, ArrayD};

use crate::draw::{Draw, Kinks};

/// A graph with weights and an input.
struct Case {
    graph: Graph,
    weights: Weights<f32>,
    input: Array4<f32>,
}

impl Case {
    fn new(graph: Graph, seed: u64) -> Case {
        let mut rng = Rng::new(seed);
        let last = graph.last();
        let mut weights = Weights::new(&graph, last, Initial::Uniform).unwrap();
        for (id, node) in graph.iter() {
            for parameter in parameters(&graph, id).unwrap() {
                let cells = parameter.shape[1..].iter().product::<usize>() as f64;
                let scale = (2.0 / cells).sqrt();
                let value = |_: &_| match parameter.name {
                    "runningVariance" => 0.5 + rng.uniform(),
                    "runningMean" | "bias" => rng.uniform() - 0.5,
                    // Uniform with the variance 2 / fan-in.
                    "weights" if parameter.shape.len() > 1 => {
                        (rng.uniform() - 0.5) * 12_f64.sqrt() * scale
                    }
                    _ => 0.5 + rng.uniform(),
                };
                let count = parameter.shape.iter().product::<usize>();
                let values = vec![0; count];
                let values = values.iter().map(value).map(|value| value as f32);
                let values = values.collect::<Vec<_>>();
                let values = ArrayD::from_shape_vec(&parameter.shape[..], values).unwrap();
                weights
                    .set(&graph, &node.id, parameter.name, values)
                    .unwrap();
            }
        }
        let extents = graph.nodes()[0].shape.extents();
        let extents = extents.into_iter().map(Option::unwrap).collect::<Vec<_>>();
        let shape = [1, extents[0], extents[1], extents[2]];
        let input = Array4::from_shape_simple_fn(shape, || rng.normal() as f32);
        Case {
            graph,
            weights,
            input,
        }
    }

    fn planned(&self) -> Network {
        let weights = |node| Ok(self.weights.of(node).to_vec());
        Network::new(self.graph.clone(), weights).unwrap()
    }

    /// What the plan makes of the input after a run on NaN, which leaves NaN wherever it writes.
    fn run(&self) -> Vec<f32> {
        let mut planned = self.planned();
        planned.input_mut().fill(f32::NAN);
        planned.run().unwrap();
        planned
            .input_mut()
            .copy_from_slice(self.input.as_slice().unwrap());
        planned.run().unwrap();
        let output = planned.output().to_vec();
        assert_eq!(planned.input(), self.input.as_slice().unwrap());
        planned.run().unwrap();
        assert_eq!(planned.output(), output, "a second run");
        output
    }

    /// What the plain network makes of it, and the sum over the layers of the terms of a sum there.
    fn expected(&self) -> (Vec<f32>, usize) {
        let last = self.graph.last();
        let network = ReferenceNetwork::new(self.graph.clone(), self.weights.clone());
        let pass = network.forward(self.input.view(), last, false).unwrap();
        let terms = last
            .up_to()
            .map(|node| match self.weights.of(node).first() {
                Some(weights) => weights.shape()[1..].iter().product::<usize>(),
                None => 0,
            });
        let output = pass.values(last).unwrap().iter().copied().collect();
        (output, terms.sum())
    }

    /// Half a unit in the last place for each number that is summed on the way, of the largest output.
    fn check_close(&self, name: &str) {
        let (got, (expected, terms)) = (self.run(), self.expected());
        assert_eq!(got.len(), expected.len());
        let largest = expected
            .iter()
            .fold(0.0_f32, |most, value| most.max(value.abs()));
        let tolerance = terms as f32 * f32::EPSILON / 2.0 * largest;
        assert!(largest > 0.0 && largest.is_finite(), "{name}: {largest}");
        for (got, expected) in got.iter().zip(&expected) {
            let error = (got - expected).abs();
            assert!(
                error <= tolerance,
                "{name}: {got} for {expected}: {error:e} above {tolerance:e}"
            );
        }
    }
}

/// Whether a layer may round otherwise: what is folded into others has weights that are rounded once
/// more, and a plan sums small windows and whole planes in `f32`, the plain network in `f64`.
fn may_round_otherwise(op: &Op) -> bool {
    match op {
        Op::BatchNorm { .. } | Op::ChannelScale {} | Op::Scale { .. } => true,
        Op::Pool2d { kind, size, .. } => {
            *kind == Pooling::Average && [[2, 2], [3, 3]].contains(size)
        }
        Op::GlobalPool2d { kind } => *kind == Pooling::Average,
        Op::AdaptivePool2d { kind, size } => *kind == Pooling::Average && *size == [1, 1],
        _ => false,
    }
}

#[test]
fn random_networks_have_the_bits_of_the_plain_one() {
    let mut compared = 0;
    for seed in 0..500 {
        let spec = Draw(Rng::new(seed)).network(Kinks::With);
        if spec
            .layers
            .iter()
            .any(|layer| may_round_otherwise(&layer.op))
        {
            continue;
        }
        let case = Case::new(Graph::new(&spec).unwrap(), seed);
        assert_eq!(case.run(), case.expected().0, "seed {seed}: {spec:?}");
        compared += 1;
    }
    assert!(compared > 150, "{compared}");
}

/// The network with an eighth of its channels, or a thirty-second if it needs large pictures, on the
/// smallest input that it takes: every connection of it, in a fraction of the time.
fn thin(spec: &Spec) -> Graph {
    let small = (28..100).step_by(4).map(|extent| (8, [Some(extent); 2]));
    let large = (100..300).step_by(4).map(|extent| (32, [Some(extent); 2]));
    let full = (1, [spec.input.height, spec.input.width]);
    let mut all = small.chain(large).chain([full]);
    all.find_map(|(by, extents)| thinned(spec, by, extents))
        .unwrap()
}

fn thinned(spec: &Spec, by: usize, extents: [Option<usize>; 2]) -> Option<Graph> {
    let mut thin = spec.clone();
    [thin.input.height, thin.input.width] = extents;
    for layer in &mut thin.layers {
        match &mut layer.op {
            // Its table names channels.
            Op::Conv2d {
                connections: Some(_),
                ..
            } if by > 1 => return None,
            Op::Conv2d {
                channels, groups, ..
            } => {
                if *groups >= by {
                    *groups /= by;
                }
                *channels = channels.div_ceil(by);
            }
            Op::Dense { features, .. } => *features = features.div_ceil(by),
            _ => {}
        }
    }
    Graph::new(&thin).ok()
}

#[test]
fn every_network_of_the_zoo_comes_close_to_the_plain_one() {
    // The deeper variants repeat the blocks of the others.
    let deeper = ["13", "19", "101", "152", "169", "200"];
    let is_deeper = |name: &str| deeper.iter().any(|depth| name.contains(depth));
    for known in ARCHITECTURES.iter().filter(|known| !is_deeper(known.name)) {
        Case::new(thin(&(known.spec)()), 7).check_close(known.name);
    }
}

#[test]
fn groups_of_any_width_stay_apart() {
    for (groups, width) in [(2, 8), (3, 9), (4, 16), (16, 1), (8, 2)] {
        let channels = groups * width;
        let layer = |id: &str| {
            serde_json::json!({ "id": id, "op": "conv2d", "channels": channels, "kernel": 3,
                "padding": 1, "groups": groups })
        };
        let spec = serde_json::json!({
            "input": { "channels": channels, "height": 16, "width": 15 },
            "layers": [layer("a"), layer("b")],
        });
        let graph = Graph::new(&serde_json::from_value(spec).unwrap()).unwrap();
        Case::new(graph, 3).check_close(&format!("{groups} groups of {width}"));
    }
}

#[test]
fn wide_layers_whose_algorithm_rounds_otherwise_come_close_too() {
    let mut spec = (find("resnet18").unwrap().spec)();
    spec.layers.truncate(
        spec.layers
            .iter()
            .position(|layer| layer.id == "layer2.0.conv1")
            .unwrap(),
    );
    (spec.input.height, spec.input.width) = (Some(64), Some(64));
    Case::new(Graph::new(&spec).unwrap(), 7).check_close("the first half of resnet18");
}

/// A network with weights of 0, and the bytes of the given weights and of its two largest activations.
fn sizes(name: &str) -> (Network, usize, usize) {
    let graph = Graph::new(&(find(name).unwrap().spec)()).unwrap();
    let shapes = |node| parameters(&graph, node).unwrap().into_iter();
    let zeros = |node| shapes(node).map(|parameter| ArrayD::zeros(&parameter.shape[..]));
    let network = Network::new(graph.clone(), |node| Ok(zeros(node).collect())).unwrap();
    let count = |shape: Vec<usize>| shape.iter().product::<usize>();
    let nodes = graph.last().up_to();
    let weights = nodes.flat_map(|node| shapes(node).map(|parameter| count(parameter.shape)));
    let activations = graph.nodes().iter().skip(1);
    let mut activations = activations
        .map(|node| node.shape.values().unwrap() as usize)
        .collect::<Vec<_>>();
    activations.sort_unstable();
    let largest = activations.iter().rev().take(2).sum::<usize>();
    (network, 4 * weights.sum::<usize>(), 4 * largest)
}

#[test]
fn resnet18_stays_within_twice_its_weights_and_its_two_largest_activations() {
    let (network, weights, activations) = sizes("resnet18");
    let memory = network.memory();
    println!("{memory:?}, weights {weights}, activations {activations}");
    // The figures of the paper's table: 11.69 M parameters, 64 maps of 112 x 112.
    assert!((46_750_000..46_850_000).contains(&weights));
    assert_eq!(activations, 2 * 4 * 64 * 112 * 112);
    assert!(memory.arena <= activations, "{memory:?}");
    assert!(
        memory.arena + memory.weights <= 2 * weights + activations,
        "{memory:?}"
    );
}

/// Layers after an input `[4, 6, 5]` that are folded, or must not be. Numbers in them are powers of two.
const FOLDED: [&str; 9] = [
    r#"[{ "id": "a", "op": "conv2d", "channels": 8, "kernel": 3, "bias": false },
        { "id": "b", "op": "scale", "factor": -0.5 },
        { "id": "c", "op": "dropout", "probability": 0.5 },
        { "id": "d", "op": "batchNorm", "epsilon": 0.25 },
        { "id": "e", "op": "activation", "kind": "relu6" }]"#,
    r#"[{ "id": "a", "op": "conv2d", "channels": 4, "kernel": 2, "groups": 4, "padding": 1 },
        { "id": "b", "op": "batchNorm", "epsilon": 0.25, "scale": false },
        { "id": "c", "op": "channelScale" },
        { "id": "d", "op": "activation", "kind": "hardtanh" }]"#,
    r#"[{ "id": "a", "op": "flatten" },
        { "id": "b", "op": "dense", "features": 5, "bias": false },
        { "id": "c", "op": "batchNorm", "epsilon": 0.25 },
        { "id": "d", "op": "activation", "kind": "relu" }]"#,
    // Batch norm of a vector, whose channels are not those of the convolution.
    r#"[{ "id": "a", "op": "conv2d", "channels": 2, "kernel": 3 },
        { "id": "b", "op": "flatten" },
        { "id": "c", "op": "batchNorm", "epsilon": 0.25 },
        { "id": "d", "op": "activation", "kind": "relu" }]"#,
    // Two layers need the convolution as it is.
    r#"[{ "id": "a", "op": "conv2d", "channels": 4, "kernel": 1 },
        { "id": "b", "op": "batchNorm", "epsilon": 0.25 },
        { "id": "c", "op": "add", "from": ["a", "b"] },
        { "id": "d", "op": "activation", "kind": "relu" },
        { "id": "e", "op": "concat", "from": ["a", "d", "input", "d"] }]"#,
    // Batch norm first, with the input kept.
    r#"[{ "id": "a", "op": "batchNorm", "epsilon": 0.25 },
        { "id": "b", "op": "channelScale" },
        { "id": "c", "op": "activation", "kind": "relu" },
        { "id": "d", "op": "add", "from": ["c", "input", "c"] }]"#,
    // An activation limits before batch norm does anything.
    r#"[{ "id": "a", "op": "conv2d", "channels": 4, "kernel": 1 },
        { "id": "b", "op": "activation", "kind": "relu" },
        { "id": "c", "op": "batchNorm", "epsilon": 0.25 },
        { "id": "d", "op": "activation", "kind": "relu" },
        { "id": "e", "op": "activation", "kind": "relu6" }]"#,
    // A concatenation in a concatenation, of which one part is summed in its place.
    r#"[{ "id": "a", "op": "conv2d", "channels": 4, "kernel": 1 },
        { "id": "b", "op": "conv2d", "channels": 4, "kernel": 1, "from": "input" },
        { "id": "c", "op": "add", "from": ["a", "b"] },
        { "id": "d", "op": "concat", "from": ["c", "input"] },
        { "id": "e", "op": "batchNorm", "epsilon": 0.25, "from": "input" },
        { "id": "f", "op": "concat", "from": ["e", "d", "b"] },
        { "id": "g", "op": "pool2d", "kind": "max", "size": 2 }]"#,
    r#"[{ "id": "a", "op": "dropout", "probability": 0.5 },
        { "id": "b", "op": "concat", "from": ["a"] }]"#,
];

#[test]
fn layers_that_are_folded_have_the_bits_of_the_plain_ones_where_nothing_is_rounded() {
    let mut rng = Rng::new(1);
    let mut power = || [-2.0, -1.0, -0.5, 0.25, 0.5, 1.0, 2.0][(rng.uniform() * 7.0) as usize];
    for layers in FOLDED {
        let text = format!(
            r#"{{ "input": {{ "channels": 4, "height": 6, "width": 5 }}, "layers": {layers} }}"#
        );
        let graph = Graph::new(&serde_json::from_str(&text).unwrap()).unwrap();
        let mut case = Case::new(graph.clone(), 1);
        case.input.mapv_inplace(|_| power());
        for (id, node) in graph.iter() {
            for parameter in parameters(&graph, id).unwrap() {
                let value = || match parameter.name {
                    // With epsilon, the square of 1/2 or 2.
                    "runningVariance" => [0.0, 3.75][usize::from(power() > 0.0)],
                    _ => power(),
                };
                let values = ArrayD::from_shape_simple_fn(&parameter.shape[..], value);
                case.weights
                    .set(&graph, &node.id, parameter.name, values)
                    .unwrap();
            }
        }
        assert_eq!(case.run(), case.expected().0, "{layers}");
    }
}

#[test]
fn weights_that_are_replaced_are_those_of_the_next_run() {
    let spec = (find("unet_small").unwrap().spec)();
    let graph = Graph::new(&spec).unwrap();
    let [first, second] = [1, 2].map(|seed| Case::new(graph.clone(), seed));
    let mut network = first.planned();
    network
        .replace_weights(|node| Ok(second.weights.of(node).to_vec()))
        .unwrap();
    let (bytes, arena) = (network.memory().weights, network.memory().arena);
    network
        .input_mut()
        .copy_from_slice(second.input.as_slice().unwrap());
    network.run().unwrap();
    assert_eq!(network.output(), second.run());
    assert_eq!(network.memory(), second.planned().memory());
    assert!(bytes > 0 && arena > 0);
}

#[test]
fn arrays_of_other_shapes_and_networks_without_an_extent_are_refused() {
    let text = r#"{ "input": { "channels": 2, "height": 4 },
        "layers": [{ "id": "a", "op": "conv2d", "channels": 3, "kernel": 2 }] }"#;
    let mut spec: Spec = serde_json::from_str(text).unwrap();
    let refusal = |spec: &Spec, shapes: &[&[usize]]| {
        let arrays = shapes
            .iter()
            .map(|shape| ArrayD::zeros(*shape))
            .collect::<Vec<_>>();
        let graph = Graph::new(spec).unwrap();
        Network::new(graph, |_| Ok(arrays.clone()))
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        refusal(&spec, &[]),
        "Network: layer input: Network: input must have shape a given height and width, got [2, 4, ?]"
    );
    spec.input.width = Some(4);
    assert_eq!(
        refusal(&spec, &[&[3, 2, 2, 2]]),
        "Network: layer a: Network: expected 2 to 2 arrays, got 1"
    );
    assert_eq!(
        refusal(&spec, &[&[3, 2, 2, 2], &[2]]),
        "Network: layer a: Network: bias must have shape [3], got [2]"
    );
    spec.layers[0].op = serde_json::from_value::<Layer>(serde_json::json!(
        { "id": "a", "op": "conv2d", "channels": 1 << 20, "kernel": 32, "padding": 32 }
    ))
    .unwrap()
    .op;
    let large = refusal(&spec, &[]);
    assert!(
        large.starts_with("Network: would need") && large.ends_with("2147483648"),
        "{large}"
    );
}

/// Every node of random networks, kept: as the plain network computes it, and after a second run too.
#[test]
fn kept_values_are_those_of_the_plain_network() {
    let mut kept_nodes = 0;
    for seed in 0..60 {
        let spec = Draw(Rng::new(seed)).network(Kinks::With);
        let case = Case::new(Graph::new(&spec).unwrap(), seed);
        let nodes = case.graph.iter().map(|(id, _)| id).collect::<Vec<_>>();
        let weights = |node| Ok(case.weights.of(node).to_vec());
        let mut planned = Network::keeping(case.graph.clone(), &nodes, weights).unwrap();
        let input = case.input.as_slice().unwrap();
        planned.input_mut().copy_from_slice(input);
        planned.run().unwrap();
        planned.run().unwrap();
        let network = ReferenceNetwork::new(case.graph.clone(), case.weights.clone());
        for &node in &nodes {
            let Some(kept) = planned.value(node) else {
                continue;
            };
            // A pass to a later node may need but a part of this one.
            let pass = network.forward(case.input.view(), node, false).unwrap();
            let expected = pass.values(node).unwrap();
            assert_eq!(kept.len(), expected.len());
            let largest = expected
                .iter()
                .fold(1.0_f32, |most, value| most.max(value.abs()));
            kept_nodes += 1;
            for (&value, &wanted) in kept.iter().zip(&expected) {
                // Twelve layers of at most 100 products each, in another order.
                let tolerance = 1200.0 * f32::EPSILON * largest;
                assert!(
                    (value - wanted).abs() <= tolerance,
                    "seed {seed}, {}",
                    case.graph[node].id
                );
            }
        }
    }
    assert!(kept_nodes > 300, "{kept_nodes}");
}
