//! A part of a network, computed alone, against the same part of the whole.

use cnn_playground::data::rng::Rng;
use cnn_playground::net::analysis::effective::{
    Learned, Measure, Question, effective_receptive_field,
};
use cnn_playground::net::graph::{Graph, NodeId};
use cnn_playground::net::op::schema;
use cnn_playground::net::reference::ReferenceNetwork;
use ndarray::{ArrayD, Axis, Ix4, Slice};

use crate::draw::{Draw, Kinks};

/// The fields of single units and of rectangles of units, anywhere in maps of networks with every
/// operator: the gradient of the whole network, cut out, and nothing is left outside.
#[test]
fn a_field_computed_alone_is_the_gradient_of_the_whole_network() {
    let mut seen = std::collections::BTreeMap::new();
    let mut smaller = 0;
    for seed in 0..400 {
        let draw = &mut Draw(Rng::new(seed));
        let spec = draw.network(Kinks::With);
        let graph = Graph::new(&spec).unwrap();
        let last = graph.last();
        for layer in &spec.layers {
            *seen.entry(layer.op.name()).or_insert(0) += 1;
        }
        let weights = draw.weights(&graph, last);
        let shape = graph[NodeId::INPUT].shape.extents();
        let shape = shape.into_iter().map(Option::unwrap).collect::<Vec<_>>();
        let input = draw.array(&[1, shape[0], shape[1], shape[2]]);
        let input = input.into_dimensionality::<Ix4>().unwrap();

        let node = &graph[last];
        let map = node.shape.spatial().map(Option::unwrap);
        let units = map.map(|extent| 1 + draw.below(extent.min(3)));
        let position = [0, 1].map(|axis| draw.below(map[axis] - units[axis] + 1));
        let channels = node.shape.channels().unwrap();
        let channel = (draw.below(2) == 0).then(|| draw.below(channels));
        let field = effective_receptive_field(
            &spec,
            &Question {
                position: Some(position),
                units,
                channel,
                weights: Learned::Given(&weights),
                input: Some(input.index_axis(Axis(0), 0)),
                measure: Measure::Squared,
                ..Question::about(&node.id)
            },
        );
        let field = field.unwrap();

        let network = ReferenceNetwork::new(graph.clone(), weights);
        let pass = network.forward(input.view(), last, false).unwrap();
        let mut d_output = ArrayD::zeros(pass.values(last).unwrap().shape());
        let wanted = channel.map_or(0..channels, |channel| channel..channel + 1);
        let mut part = d_output.slice_axis_mut(Axis(1), Slice::from(wanted));
        for axis in 0..part.ndim() - 2 {
            let range = position[axis]..position[axis] + units[axis];
            part.slice_axis_inplace(Axis(axis + 2), Slice::from(range));
        }
        part.fill(1.0 / (units[0] * units[1]) as f64);
        let gradient = network.backward(&pass, d_output.view()).unwrap().d_input;
        let squares = (&gradient * &gradient).sum_axis(Axis(0)).sum_axis(Axis(0));

        let largest = squares.iter().copied().fold(0.0, f64::max);
        let name = || format!("seed {seed}: {}", serde_json::to_string(&spec).unwrap());
        let [top, left] = field.origin;
        for (at, expected) in squares.indexed_iter() {
            let row = (at[0] as i64)
                .checked_sub(top)
                .and_then(|row| usize::try_from(row).ok());
            let col = (at[1] as i64)
                .checked_sub(left)
                .and_then(|col| usize::try_from(col).ok());
            let got = row
                .zip(col)
                .and_then(|(row, col)| field.map.get([row, col]));
            let got = got.copied().unwrap_or(0.0);
            // Up to 12 layers of at most 100 summed products each, in another order.
            let tolerance = 1200.0 * f64::EPSILON * largest;
            assert!(
                (got - expected).abs() <= tolerance,
                "{}: {at:?}: {got}, expected {expected}",
                name()
            );
        }
        smaller += usize::from(field.map.len() < squares.len());
    }
    assert_eq!(seen.len(), schema().len(), "every operator: {seen:?}");
    assert!(smaller > 100, "{smaller} fields smaller than the input");
}
