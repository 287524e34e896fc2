//! What one position sees, layer by layer, as rectangles on the picture.

use serde::Serialize;

use crate::error::Result;
use crate::net::analysis::receptive_field::{
    AxisField, ReceptiveField, Region, Span, receptive_fields, region,
};
use crate::net::graph::{Graph, NodeId};

/// The field of one position, nested through all layers before it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Regions {
    /// The input first, the node itself last.
    pub nodes: Vec<Nested>,
    /// The picture and the fields of all positions of the node together.
    pub world: Edges,
    /// The fields of the node's inputs at the same position, if these are not aligned.
    pub branches: Vec<Branch>,
}

/// The part of a node's map that the position sees.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Nested {
    /// The node.
    pub id: String,
    /// First and last row, also outside the map.
    pub rows: Span,
    /// First and last column.
    pub cols: Span,
    /// Rows and columns of it inside the map; `None` if there are none.
    pub inside: Option<[[i64; 2]; 2]>,
    /// Where it lies on the picture: the pixels at the centres of its positions' fields. `None` for
    /// positions that all see the same.
    pub edges: Option<Edges>,
}

/// The field of an input of the node.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Branch {
    /// The input.
    pub id: String,
    /// First and last row of the picture, also outside.
    pub rows: Span,
    /// First and last column.
    pub cols: Span,
}

/// A rectangle in input pixels: pixel (r, c) covers r to r + 1 and c to c + 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Edges {
    /// The upper end.
    pub top: f64,
    /// The left end.
    pub left: f64,
    /// The lower end.
    pub bottom: f64,
    /// The right end.
    pub right: f64,
}

/// Positions of a map on the picture, in input pixels.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Lattice {
    /// The corner `[row, column]` of the first position's square, whose middle is the centre of its
    /// field.
    pub origin: [f64; 2],
    /// From each to the next.
    pub step: [f64; 2],
}

/// Where the positions of each node lie on the picture, in the graph's order; `None` for nodes whose
/// positions all see the same.
///
/// # Errors
/// As [`receptive_fields`].
pub fn lattices(graph: &Graph) -> Result<Vec<Option<Lattice>>> {
    Ok(receptive_fields(graph)?.iter().map(lattice).collect())
}

/// What `position` `[row, column]` of `node` sees.
///
/// # Errors
/// As [`region`] and [`receptive_fields`].
pub fn regions(graph: &Graph, node: NodeId, position: [usize; 2]) -> Result<Regions> {
    let fields = receptive_fields(graph)?;
    let nodes = region(graph, node, position)?;
    let nested = nodes.iter().map(|region| Nested {
        id: graph[region.node].id.clone(),
        rows: region.unclipped[0],
        cols: region.unclipped[1],
        inside: region.inside.and_then(|[rows, cols]| Some([rows?, cols?])),
        edges: edges(&fields[region.node.index()], region.unclipped),
    });
    Ok(Regions {
        nodes: nested.collect(),
        world: world(graph, node)?,
        branches: branches(graph, &fields[node.index()], node, position)?,
    })
}

/// The picture and what the first and the last position see; all other fields lie between these.
fn world(graph: &Graph, node: NodeId) -> Result<Edges> {
    let extents = graph[node].shape.spatial();
    let last = extents.map(|extent| extent.unwrap_or(1) - 1);
    let [height, width] = graph[NodeId::INPUT].shape.spatial();
    let mut world = Edges {
        top: 0.0,
        left: 0.0,
        bottom: height.unwrap_or(1) as f64,
        right: width.unwrap_or(1) as f64,
    };
    for corner in [[0, 0], last] {
        let seen = region(graph, node, corner)?;
        if let Some(&Region {
            unclipped: [Some(rows), Some(cols)],
            ..
        }) = seen.first()
        {
            world.top = world.top.min(rows[0] as f64);
            world.left = world.left.min(cols[0] as f64);
            world.bottom = world.bottom.max((rows[1] + 1) as f64);
            world.right = world.right.max((cols[1] + 1) as f64);
        }
    }
    Ok(world)
}

fn branches(
    graph: &Graph,
    field: &ReceptiveField,
    node: NodeId,
    position: [usize; 2],
) -> Result<Vec<Branch>> {
    if field.misaligned.is_empty() {
        return Ok(Vec::new());
    }
    let inputs = graph[node].inputs.iter();
    let seen = inputs.map(|&input| {
        let [rows, cols] = match region(graph, input, position)?.first() {
            Some(region) => region.unclipped,
            None => [None, None],
        };
        Ok(Branch {
            id: graph[input].id.clone(),
            rows,
            cols,
        })
    });
    seen.collect()
}

fn lattice(field: &ReceptiveField) -> Option<Lattice> {
    let [rows, cols] = [cell(&field.axes[0])?, cell(&field.axes[1])?];
    Some(Lattice {
        origin: [rows[0], cols[0]],
        step: [rows[1], cols[1]],
    })
}

fn edges(field: &ReceptiveField, [rows, cols]: [Span; 2]) -> Option<Edges> {
    let Lattice { origin, step } = lattice(field)?;
    let (rows, cols) = (rows?, cols?);
    let at = |axis: usize, position: i64| origin[axis] + step[axis] * position as f64;
    Some(Edges {
        top: at(0, rows[0]),
        left: at(1, cols[0]),
        bottom: at(0, rows[1] + 1),
        right: at(1, cols[1] + 1),
    })
}

/// Where the square of position 0 begins, and its side. A map whose positions all see the same has no
/// such squares.
fn cell(axis: &AxisField) -> Option<[f64; 2]> {
    let (size, stride, padding) = (axis.size?, axis.stride?, axis.padding?);
    // Pixel i covers i to i + 1, so its middle is i + 1/2.
    let centre = (size - 1.0) / 2.0 - padding + 0.5;
    Some([centre - stride / 2.0, stride])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::spec::Spec;
    use crate::net::zoo;

    fn graph(layers: &str) -> Graph {
        let text = format!(
            r#"{{ "input": {{ "channels": 1, "height": 12, "width": 12 }}, "layers": [{layers}] }}"#
        );
        let spec: Spec = serde_json::from_str(&text).unwrap();
        Graph::new(&spec).unwrap()
    }

    const TWO: &str = r#"
        { "id": "conv1", "op": "conv2d", "channels": 1, "kernel": 3, "padding": 1 },
        { "id": "pool", "op": "pool2d", "kind": "max", "size": 2 },
        { "id": "conv2", "op": "conv2d", "channels": 1, "kernel": 3, "padding": 1 }"#;

    fn square(from: f64, to: f64) -> Option<Edges> {
        Some(Edges {
            top: from,
            left: from,
            bottom: to,
            right: to,
        })
    }

    /// Worked by hand: conv2 at 0 sees pool −1..=1, that conv1 −2..=3, and that the pixels −3..=4.
    #[test]
    fn the_rectangles_are_nested_around_the_centre_of_the_field() {
        let found = regions(&graph(TWO), graph(TWO).last(), [0, 0]).unwrap();
        let shown: Vec<_> = found
            .nodes
            .iter()
            .map(|node| (node.id.as_str(), node.rows, node.inside, node.edges))
            .collect();
        assert_eq!(
            shown,
            [
                ("input", Some([-3, 4]), Some([[0, 4]; 2]), square(-3.0, 5.0)),
                ("conv1", Some([-2, 3]), Some([[0, 3]; 2]), square(-2.0, 4.0)),
                ("pool", Some([-1, 1]), Some([[0, 1]; 2]), square(-2.0, 4.0)),
                ("conv2", Some([0, 0]), Some([[0, 0]; 2]), square(0.0, 2.0)),
            ]
        );
        assert_eq!(
            lattices(&graph(TWO)).unwrap()[3],
            Some(Lattice {
                origin: [0.0; 2],
                step: [2.0; 2]
            })
        );
        // The last of 6 positions sees the pixels 7..=14.
        assert_eq!(Some(found.world), square(-3.0, 15.0));
        assert_eq!(found.branches, []);
    }

    #[test]
    fn positions_that_all_see_the_same_have_no_rectangle() {
        let all = graph(&format!(
            r#"{TWO}, {{ "id": "mean", "op": "globalPool2d", "kind": "average" }},
               {{ "id": "flat", "op": "flatten" }}"#
        ));
        let found = regions(&all, all.last(), [0, 0]).unwrap();
        assert_eq!(lattices(&all).unwrap()[4..], [None, None]);
        assert_eq!(found.nodes[5].edges, None);
        assert_eq!(found.nodes[0].inside, Some([[0, 11]; 2]));
    }

    #[test]
    fn inputs_that_are_not_aligned_are_shown_apart() {
        let spec = (zoo::find("misaligned_two_branch").unwrap().spec)();
        let graph = Graph::new(&spec).unwrap();
        let sum = graph.find("sum").unwrap();
        let found = regions(&graph, sum, [1, 1]).unwrap();
        // L1: window 5, stride 2, padding 2 before; L3: two windows of 3 without padding.
        let seen: Vec<_> = found
            .branches
            .iter()
            .map(|branch| (branch.id.as_str(), branch.rows))
            .collect();
        assert_eq!(seen.len(), 2);
        assert!(seen.contains(&("L1", Some([0, 4]))), "{seen:?}");
        assert!(seen.contains(&("L3", Some([1, 5]))), "{seen:?}");
    }

    #[test]
    fn a_position_outside_the_map_is_refused() {
        assert!(regions(&graph(TWO), graph(TWO).last(), [6, 0]).is_err());
    }
}
