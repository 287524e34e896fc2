//! What the units can see at all, and the map cut to it.

use ndarray::{Array2, s};

use super::OPERATOR;
use super::question::Question;
use crate::error::{Result, check_range};
use crate::net::analysis::receptive_field::region;
use crate::net::graph::{Graph, Node, NodeId};
use crate::net::op::span::Span;
use crate::net::reference::plan::Part;

/// Most rows and columns of units.
const UNIT_LIMIT: f64 = 256.0;

/// The units asked for, as a part of their node's map.
pub(super) fn units<F>(node: &Node, question: &Question<F>) -> Result<Part> {
    if let (Some(channel), Some(channels)) = (question.channel, node.shape.channels()) {
        let last = (channels - 1) as f64;
        check_range(OPERATOR, "channel", [0.0, last], channel as f64)?;
    }
    let axis = |axis: usize, argument| {
        let count = question.units[axis];
        let extent = node.shape.spatial()[axis];
        let most = extent.map_or(f64::from(u32::MAX), |extent| extent as f64);
        check_range(OPERATOR, "units", [1.0, most.min(UNIT_LIMIT)], count as f64)?;
        let middle = extent.map_or(0, |extent| (extent - count) / 2);
        let start = question.position.map_or(middle, |position| position[axis]);
        check_range(OPERATOR, argument, [0.0, most - count as f64], start as f64)?;
        Ok(Span {
            start: start as i64,
            end: (start + count) as i64,
        })
    };
    Ok([axis(0, "row")?, axis(1, "column")?])
}

/// The theoretical field of some units.
#[derive(Clone, Copy, Debug)]
pub(super) struct Theoretical {
    pub unclipped: [[i64; 2]; 2],
    pub inside: Option<[[i64; 2]; 2]>,
}

/// The fields of all units together. What is seen along one axis does not depend on the other, so
/// the units on a diagonal will do.
pub(super) fn theoretical(graph: &Graph, node: NodeId, units: Part) -> Result<Theoretical> {
    let (mut unclipped, mut inside) = ([None; 2], [None; 2]);
    for step in 0..units[0].len().max(units[1].len()) {
        let unit = units.map(|span| span.start as usize + step.min(span.len() - 1));
        let regions = region(graph, node, unit)?;
        let Some(field) = regions
            .first()
            .filter(|region| region.node == NodeId::INPUT)
        else {
            continue;
        };
        for axis in [0, 1] {
            unclipped[axis] = union(unclipped[axis], field.unclipped[axis]);
            inside[axis] = union(inside[axis], field.inside.and_then(|inside| inside[axis]));
        }
    }
    let given = |[rows, cols]: [Option<[i64; 2]>; 2]| Some([rows?, cols?]);
    Ok(Theoretical {
        unclipped: given(unclipped).unwrap_or([[0, -1]; 2]),
        inside: given(inside),
    })
}

fn union(one: Option<[i64; 2]>, other: Option<[i64; 2]>) -> Option<[i64; 2]> {
    match (one, other) {
        (Some(one), Some(other)) => Some([one[0].min(other[0]), one[1].max(other[1])]),
        _ => one.or(other),
    }
}

/// The map without rows and columns outside the theoretical field: what was computed may be more.
pub(super) fn trimmed(
    map: Array2<f64>,
    held: Part,
    inside: Option<[[i64; 2]; 2]>,
) -> (Array2<f64>, [i64; 2]) {
    let Some(inside) = inside else {
        return (map, held.map(|span| span.start));
    };
    let [rows, cols] = [0, 1].map(|axis| {
        let [first, last] = inside[axis];
        Span {
            start: first.max(held[axis].start),
            end: (last + 1).min(held[axis].end),
        }
    });
    let [row_range, col_range] = [rows.within(held[0]), cols.within(held[1])];
    (
        map.slice_move(s![row_range, col_range]),
        [rows.start, cols.start],
    )
}
