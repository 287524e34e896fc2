//! What the crate says of a network.

use cnn_playground::net::analysis::cost::costs;
use cnn_playground::net::analysis::receptive_field::{ReceptiveField, receptive_fields};
use cnn_playground::net::graph::{Graph, Node};
use cnn_playground::net::op::cost::Cost;
use cnn_playground::net::spec::{Op, Spec};
use cnn_playground::net::zoo;

/// A checked network with its costs and receptive fields, node by node.
pub struct Measured {
    pub graph: Graph,
    pub costs: Vec<Cost>,
    pub fields: Vec<ReceptiveField>,
}

/// The network of the zoo at its own input size.
pub fn measure(name: &str) -> Measured {
    measure_spec(&spec(name))
}

/// The network of the zoo on an input of `extent` rows and columns.
pub fn measure_at(name: &str, extent: Option<usize>) -> Measured {
    let mut spec = spec(name);
    spec.input.height = extent;
    spec.input.width = extent;
    measure_spec(&spec)
}

fn spec(name: &str) -> Spec {
    let found = zoo::find(name).unwrap_or_else(|| panic!("the zoo has no {name}"));
    (found.spec)()
}

fn measure_spec(spec: &Spec) -> Measured {
    let graph = Graph::new(spec).unwrap();
    Measured {
        costs: costs(&graph).unwrap(),
        fields: receptive_fields(&graph).unwrap(),
        graph,
    }
}

impl Measured {
    pub fn nodes(&self) -> &[Node] {
        self.graph.nodes()
    }

    /// The index of a node.
    pub fn index_of(&self, id: &str) -> usize {
        self.graph.find(id).unwrap().index()
    }

    /// The index of the node of this name, or of the last one in the block of this name.
    pub fn end_point(&self, name: &str) -> usize {
        let block = format!("{name}/");
        let of_name = |node: &Node| node.id == name || node.id.starts_with(&block);
        let found = self.nodes().iter().rposition(of_name);
        found.unwrap_or_else(|| panic!("no node or block {name}"))
    }

    /// The index of the last feature map before it is flattened or pooled whole.
    pub fn features(&self) -> usize {
        let head = |node: &&Node| {
            matches!(
                node.op,
                Some(Op::GlobalPool2d { .. } | Op::AdaptivePool2d { .. } | Op::Flatten {})
            )
        };
        let head = self.nodes().iter().find(head);
        head.map_or(self.nodes().len() - 1, |node| node.inputs[0].index())
    }

    /// Size, stride and padding of a node's field, the same along both axes.
    pub fn field(&self, idx: usize) -> [Option<f64>; 3] {
        let [rows, cols] = self.fields[idx].axes;
        let figures = [rows, cols].map(|axis| [axis.size, axis.stride, axis.padding]);
        assert_eq!(figures[0], figures[1], "{}", self.nodes()[idx].id);
        figures[0]
    }

    /// All parameters, buffers and multiply-adds.
    pub fn total(&self) -> Cost {
        self.costs.iter().copied().sum()
    }

    /// How many nodes pass the test.
    pub fn count(&self, counts: impl Fn(&Op) -> bool) -> usize {
        let ops = self.nodes().iter().filter_map(|node| node.op.as_ref());
        ops.filter(|op| counts(op)).count()
    }
}
