//! Random networks with branches, and values for them.

use cnn_playground::data::rng::Rng;
use cnn_playground::net::graph::{Graph, NodeId};
use cnn_playground::net::op::shape::Shape;
use cnn_playground::net::spec::Spec;
use cnn_playground::net::weights::{Initial, Weights, parameters};
use ndarray::ArrayD;
use serde_json::{Value, json};

/// Which layers a network may have.
#[derive(Clone, Copy, PartialEq)]
pub enum Kinks {
    /// None that have a kink, where differences say nothing.
    Without,
    /// Maxima and ReLU too.
    With,
}

/// Draws.
pub struct Draw(pub Rng);

impl Draw {
    /// A whole number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.0.uniform() * end as f64) as usize
    }

    /// A normal array.
    pub fn array(&mut self, shape: &[usize]) -> ArrayD<f64> {
        ArrayD::from_shape_simple_fn(shape, || self.0.normal())
    }

    /// A network of up to a dozen layers, whose last one depends on most of them.
    pub fn network(&mut self, kinks: Kinks) -> Spec {
        let input =
            json!({ "channels": 2, "height": 7 + self.below(6), "width": 7 + self.below(6) });
        let mut layers: Vec<Value> = Vec::new();
        let mut last = "input".to_owned();
        let wanted = 3 + self.below(10);
        for attempt in 0..100 {
            let mut layer = match self.below(3) {
                0 => self.join(&input, &layers, &last),
                _ => self.layer(kinks),
            };
            let id = format!("n{attempt}");
            layer["id"] = json!(id);
            if layer.get("from").is_none() {
                // Mostly a chain; now and then a branch from further back.
                let earlier = layers.len().saturating_sub(1 + self.below(4));
                layer["from"] = match (self.below(4), layers.get(earlier)) {
                    (0, Some(layer)) => layer["id"].clone(),
                    _ => json!(last),
                };
            }
            layers.push(layer);
            let spec = json!({ "input": input, "layers": layers });
            let graph = Graph::new(&serde_json::from_value::<Spec>(spec).unwrap());
            let small = graph.is_ok_and(|graph| {
                let end = graph.nodes().last().unwrap();
                end.shape.values().is_some_and(|values| values < 3000)
            });
            if small {
                last = id;
            } else {
                layers.pop();
            }
            if layers.len() == wanted {
                break;
            }
        }
        serde_json::from_value(json!({ "input": input, "layers": layers })).unwrap()
    }

    /// Two nodes of one shape added, or of one size put together.
    fn join(&mut self, input: &Value, layers: &[Value], last: &str) -> Value {
        let spec = json!({ "input": input, "layers": layers });
        let spec: Spec = serde_json::from_value(spec).unwrap();
        let Ok(graph) = Graph::new(&spec) else {
            return json!({ "op": "add", "from": ["input", "input"] });
        };
        let end = &graph[graph.find(last).unwrap()];
        let concat = self.below(2) == 0;
        let fits = |shape: Shape| match concat {
            true => {
                shape.spatial() == end.shape.spatial()
                    && shape.extents().len() == end.shape.extents().len()
            }
            false => shape == end.shape,
        };
        let fitting = graph.nodes().iter().filter(|node| fits(node.shape));
        let fitting = fitting.collect::<Vec<_>>();
        let other = fitting[self.below(fitting.len())].id.clone();
        json!({ "op": if concat { "concat" } else { "add" }, "from": [last, other] })
    }

    fn pair(&mut self, range: std::ops::Range<usize>) -> [usize; 2] {
        [0, 1].map(|_| range.start + self.below(range.len()))
    }

    fn sides(&mut self, end: usize) -> [usize; 4] {
        [0, 1, 2, 3].map(|_| self.below(end))
    }

    fn padding(&mut self) -> Value {
        match self.below(4) {
            0 => json!("same"),
            1 => json!("full"),
            _ => json!(self.sides(4)),
        }
    }

    /// Norms with an epsilon under which differences of two nearly equal values stay smooth.
    fn layer(&mut self, kinks: Kinks) -> Value {
        let smooth = ["tanh", "sigmoid", "silu", "gelu"];
        let kinked = ["relu", "leaky_relu"];
        let activation = |draw: &mut Draw| match kinks {
            Kinks::Without => smooth[draw.below(4)],
            Kinks::With => kinked[draw.below(2)],
        };
        let pooling = |draw: &mut Draw, kinds: &[&'static str]| match kinks {
            Kinks::Without => "average",
            Kinks::With => kinds[draw.below(kinds.len())],
        };
        match self.below(24) {
            0..4 => json!({ "op": "conv2d", "channels": 2 * (1 + self.below(2)),
                "kernel": self.pair(1..4), "stride": self.pair(1..3), "dilation": self.pair(1..3),
                "padding": self.padding(), "groups": 1 + self.below(2),
                "bias": self.below(2) == 0 }),
            4 => json!({ "op": "conv2d", "channels": 2, "kernel": 2,
                "connections": [[0], [0, 1]] }),
            5..8 => json!({ "op": "convTranspose2d", "channels": 2, "kernel": self.pair(1..4),
                "stride": self.pair(1..4), "dilation": self.pair(1..3), "padding": self.sides(2),
                "outputPadding": self.pair(0..3), "groups": 1 + self.below(2),
                "bias": self.below(2) == 0 }),
            8 | 9 => json!({ "op": "pool2d", "kind": pooling(self, &["max", "average", "lp"]),
                "size": self.pair(1..4), "stride": self.pair(1..4), "padding": self.sides(2),
                "ceilMode": self.below(2) == 0, "countIncludePad": self.below(2) == 0 }),
            10 => json!({ "op": "globalPool2d", "kind": pooling(self, &["max", "average", "lp"]) }),
            11 => json!({ "op": "adaptivePool2d", "kind": pooling(self, &["max", "average"]),
                "size": self.pair(1..5) }),
            12 => {
                json!({ "op": "blurPool2d", "taps": 2 + self.below(4), "stride": self.pair(1..3) })
            }
            13 => json!({ "op": "pad2d", "padding": self.sides(4),
                "mode": (["zeros", "reflect", "replicate", "circular"][self.below(4)]) }),
            14 => json!({ "op": "resize2d", "scale": self.pair(1..4),
                "kind": (["nearest", "bilinear"][self.below(2)]) }),
            15 => json!({ "op": "activation", "kind": activation(self) }),
            16 => match (kinks, self.below(2)) {
                (Kinks::With, 0) => json!({ "op": "prelu" }),
                _ => json!({ "op": "channelScale" }),
            },
            17 => json!({ "op": "batchNorm", "epsilon": 0.1, "scale": self.below(2) == 0 }),
            18 => json!({ "op": "groupNorm", "epsilon": 0.1, "groups": 2 }),
            19 => {
                json!({ "op": "localResponseNorm", "size": 3, "alpha": 0.5, "beta": 0.75, "k": 1 })
            }
            20 => json!({ "op": "softmax" }),
            21 | 22 => {
                json!({ "op": "dense", "features": 3, "bias": self.below(2) == 0 })
            }
            _ => match self.below(3) {
                0 => json!({ "op": "flatten" }),
                1 => json!({ "op": "scale", "factor": -0.5 }),
                _ => json!({ "op": "dropout", "probability": 0.5 }),
            },
        }
    }

    /// Random values for every parameter of a node and of what it depends on.
    pub fn weights(&mut self, graph: &Graph, node: NodeId) -> Weights<f64> {
        let mut weights = Weights::new(graph, node, Initial::Uniform).unwrap();
        for node in node.up_to() {
            for parameter in parameters(graph, node).unwrap() {
                let mut values = self.array(&parameter.shape);
                if parameter.name == "runningVariance" {
                    values.mapv_inplace(|value| 0.5 + value * value);
                }
                weights
                    .set(graph, &graph[node].id, parameter.name, values)
                    .unwrap();
            }
        }
        weights
    }
}
