//! Which part of every map is needed for a part of one map.
//!
//! A unit depends on its receptive field alone, so no more than that is computed: also a network
//! that would not fit into memory as a whole, and one whose input has no ends.

use crate::compute::BUDGET_BYTES;
use crate::error::{Axis, Error, Result};
use crate::net::graph::{Graph, NodeId};
use crate::net::op::shape::Shape;
use crate::net::op::slice::AxisOperator;
use crate::net::op::span::Span;
use crate::net::refusal::{in_layer, size_not_given};
use crate::window::Sides;

const OPERATOR: &str = "network";

/// Rows and columns of a map. A vector is one position, at which all its values stand.
pub(crate) type Part = [Span; 2];

/// All of a map, if its extents are known.
pub(crate) fn whole(shape: Shape) -> Option<Part> {
    let [rows, cols] = shape.spatial();
    let span = |extent: usize| Span {
        start: 0,
        end: extent as i64,
    };
    Some([span(rows?), span(cols?)])
}

/// What is computed, and of what.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// The node asked for.
    pub node: NodeId,
    /// The part of each node that is kept for others; `None` for one that nothing needs.
    pub parts: Vec<Option<Part>>,
    /// How each node gets its part from its inputs; `None` for the input too.
    pub stages: Vec<Option<Stage>>,
    /// Whether batch norm takes the moments of the batch.
    pub batch_statistics: bool,
}

/// How a node gets its part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stage {
    /// What it takes of each of its inputs.
    pub taken: Part,
    /// What its operator makes of that; holds the part.
    pub computed: Part,
    /// What remains of the padding.
    pub padding: Sides,
    /// Rows and columns that a transposed convolution adds.
    pub output_padding: [usize; 2],
}

impl Plan {
    /// # Errors
    /// [`Error::Layer`] around [`Error::ShapeMismatch`] for a layer that needs an extent of the
    /// input that is not given; [`Error::TooLarge`] for parts beyond all bounds.
    pub fn new(graph: &Graph, node: NodeId, part: Part, batch_statistics: bool) -> Result<Plan> {
        let mut plan = Plan {
            node,
            parts: vec![None; node.index() + 1],
            stages: vec![None; node.index() + 1],
            batch_statistics,
        };
        plan.parts[node.index()] = Some(part);
        for node in node.up_to().skip(1).rev() {
            let Some(part) = plan.parts[node.index()] else {
                continue;
            };
            let stage = plan.stage(graph, node, part);
            let id = &graph[node].id;
            let stage = stage.map_err(|reason| in_layer(OPERATOR, id, reason))?;
            for input in &graph[node].inputs {
                let part = &mut plan.parts[input.index()];
                *part = Some(match *part {
                    None => stage.taken,
                    Some([rows, cols]) => {
                        [rows.around(stage.taken[0]), cols.around(stage.taken[1])]
                    }
                });
            }
            plan.stages[node.index()] = Some(stage);
        }
        Ok(plan)
    }

    fn stage(&self, graph: &Graph, node: NodeId, part: Part) -> Result<Stage> {
        let output = graph[node].shape;
        let (Some(op), Some(input)) = (&graph[node].op, graph.input_shapes(node).next()) else {
            return Ok(Stage::alike(part));
        };
        let [rows, cols] = [Axis::Height, Axis::Width].map(|axis| {
            let along = AxisOperator::new(op, axis, input, output, self.batch_statistics)?;
            let slice = along.slice(part[axis as usize]);
            let slice = slice.ok_or_else(|| size_not_given(OPERATOR, input))?;
            check_bounds(slice.input_span)?;
            Ok(slice)
        });
        let (rows, cols) = (rows?, cols?);
        Ok(Stage {
            taken: [rows.input_span, cols.input_span],
            computed: [rows.computed, cols.computed],
            padding: Sides {
                top: rows.padding[0],
                bottom: rows.padding[1],
                left: cols.padding[0],
                right: cols.padding[1],
            },
            output_padding: [rows.output_padding, cols.output_padding],
        })
    }
}

impl Stage {
    fn alike(part: Part) -> Stage {
        Stage {
            taken: part,
            computed: part,
            padding: Sides::default(),
            output_padding: [0, 0],
        }
    }
}

/// Keeps lengths within 32 bits, and positions far within 64: one step multiplies them by at most
/// 2^20.
fn check_bounds(span: Span) -> Result<()> {
    const LIMIT: i64 = 1 << 30;
    if span.start > -LIMIT && span.end < LIMIT {
        return Ok(());
    }
    Err(Error::TooLarge {
        operator: OPERATOR,
        limit: BUDGET_BYTES,
        needed: usize::MAX,
    })
}
