//! Fields and regions against dependencies traced one position at a time.

use std::collections::BTreeSet;

use cnn_playground::net::analysis::receptive_field::{ReceptiveField, receptive_fields, region};
use cnn_playground::net::graph::Graph;
use proptest::prelude::*;

use crate::draw::networks;
use crate::trace::{Ends, trace};

/// How many positions are compared.
const POSITIONS: i64 = 120;

fn span(positions: &BTreeSet<i64>) -> Option<[i64; 2]> {
    Some([*positions.first()?, *positions.last()?])
}

/// Whether inputs with different strides meet: these have no figures in common.
fn move_apart(field: &ReceptiveField) -> bool {
    let branches = field.misaligned.iter().map(|axis| &axis.branches);
    let mut pairs = branches.flat_map(|branches| branches.windows(2));
    pairs.any(|pair| pair[0].stride != pair[1].stride)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn regions_are_what_the_position_depends_on_in_every_node(
        spec in networks(),
        row in 0.0..1.0,
        column in 0.0..1.0,
    ) {
        let Ok(graph) = Graph::new(&spec) else {
            return Err(TestCaseError::reject("layers that do not fit"));
        };
        let last = graph.last();
        let extents = graph[last].shape.spatial().map(Option::unwrap);
        let position = [
            (row * extents[0] as f64) as usize,
            (column * extents[1] as f64) as usize,
        ];
        let regions = region(&graph, last, position).unwrap();
        for axis in [0, 1] {
            let at = position[axis] as i64;
            let (open, closed) = (
                trace(&graph, last, axis, at, Ends::Open),
                trace(&graph, last, axis, at, Ends::Closed),
            );
            let found = regions.iter().map(|region| {
                (region.node, region.unclipped[axis], region.inside.unwrap()[axis])
            });
            let expected = last.up_to().filter_map(|node| {
                let (open, closed) = (open[node.index()].as_ref()?, closed[node.index()].as_ref()?);
                Some((node, span(open), span(closed)))
            });
            prop_assert_eq!(found.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
        }
    }

    #[test]
    fn size_stride_and_padding_sum_up_what_the_positions_depend_on(spec in networks()) {
        let Ok(graph) = Graph::new(&spec) else {
            return Err(TestCaseError::reject("layers that do not fit"));
        };
        let fields = receptive_fields(&graph).unwrap();
        let last = graph.last();
        for axis in [0, 1] {
            let field = fields[last.index()].axes[axis];
            let spans = (0..POSITIONS)
                .map(|at| trace(&graph, last, axis, at, Ends::Open)[0].as_ref().and_then(span))
                .collect::<Vec<_>>();
            if fields.iter().any(move_apart) {
                continue;
            }
            if field.size.is_none() {
                // Enlarged so often that the pattern is too long to be followed.
                continue;
            }
            let stride = field.stride.unwrap_or(0.0);
            let moved = |span: [i64; 2], by: f64| span.map(|end| end as f64 + by);
            let shift = |period: usize| (period as f64 * stride * 1e9).round() / 1e9;
            let repeats = |period: usize| {
                (period..POSITIONS as usize).all(|at| {
                    spans[at].map(|span| moved(span, 0.0))
                        == spans[at - period].map(|span| moved(span, shift(period)))
                })
            };
            let Some(period) = (1..=POSITIONS as usize / 2).find(|&period| repeats(period)) else {
                // The pattern is longer; then its shift is no whole number of pixels before.
                let mut shorter = (1..=POSITIONS / 2).map(|period| period as f64 * stride);
                prop_assert!(shorter.all(|shift| (shift - shift.round()).abs() > 1e-9));
                continue;
            };
            let seen = spans[..period].iter().flatten().collect::<Vec<_>>();
            let sizes = seen.iter().map(|[first, last]| last - first + 1);
            prop_assert_eq!(field.size, Some(sizes.max().unwrap_or(0) as f64));
            let centres = spans[..period].iter().zip(0..).filter_map(|(span, at)| {
                let [first, last] = (*span)?;
                Some((first + last) as f64 / 2.0 - f64::from(at) * stride)
            });
            let sum = centres.sum::<f64>();
            match field.padding {
                None => prop_assert!(seen.is_empty()),
                Some(padding) => {
                    let centre = (field.size.unwrap() - 1.0) / 2.0 - padding;
                    prop_assert!((sum / seen.len() as f64 - centre).abs() < 1e-9);
                }
            }
        }
    }

    #[test]
    fn everything_means_that_all_positions_reach_from_end_to_end(spec in networks()) {
        let Ok(graph) = Graph::new(&spec) else {
            return Err(TestCaseError::reject("layers that do not fit"));
        };
        let fields = receptive_fields(&graph).unwrap();
        let last = graph.last();
        for axis in [0, 1] {
            let input = graph.nodes()[0].shape.spatial()[axis].unwrap() as i64;
            let output = graph[last].shape.spatial()[axis].unwrap() as i64;
            if fields.iter().any(move_apart) {
                continue;
            }
            let whole = (0..output).all(|at| {
                let seen = trace(&graph, last, axis, at, Ends::Open)[0].as_ref().and_then(span);
                seen.is_some_and(|[first, last]| first <= 0 && last >= input - 1)
            });
            prop_assert_eq!(fields[last.index()].axes[axis].everything, whole);
        }
    }
}
