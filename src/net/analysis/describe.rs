//! Everything a page shows of a network: for each node what it is, what it costs, what it sees.

use serde::Serialize;

use crate::error::{Axis, Result};
use crate::net::analysis::cost::costs;
use crate::net::analysis::receptive_field::{
    ReceptiveField, Region, Span, receptive_fields, region,
};
use crate::net::graph::{Graph, Node, NodeId};
use crate::net::op::cost::Cost;
use crate::net::spec::{INPUT, Op};

/// A network, node by node.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Description {
    /// The input and the layers, each after its inputs.
    pub nodes: Vec<NodeDescription>,
    /// The sums over all nodes.
    pub totals: Totals,
}

/// A node of a network.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NodeDescription {
    /// The name.
    pub id: String,
    /// What it computes; [`INPUT`] for the input.
    pub op: &'static str,
    /// The same with all options in their full forms; `None` for the input.
    pub options: Option<Op>,
    /// Ids of the nodes it takes its inputs from.
    pub from: Vec<String>,
    /// `[channels, height, width]` or `[features]`; `None` for an extent that is not known.
    pub shape: Vec<Option<usize>>,
    /// What it costs.
    #[serde(flatten)]
    pub cost: Cost,
    /// What it sees of the input.
    pub receptive_field: FieldDescription,
    /// How the size of the field follows from the one before, along the rows and along the columns;
    /// `None` where it is not a window that makes it.
    pub formula: [Option<FormulaDescription>; 2],
}

/// The costs of all nodes together.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// Number of layers; the input is none.
    pub layers: usize,
    /// The sums.
    #[serde(flatten)]
    pub cost: Cost,
}

/// The receptive field of a node by name.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NamedField {
    /// The node.
    pub id: String,
    /// Its field.
    #[serde(flatten)]
    pub field: FieldDescription,
    /// As in [`NodeDescription`].
    pub formula: [Option<FormulaDescription>; 2],
}

/// A receptive field: pairs are `[rows, columns]`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FieldDescription {
    /// Its size in pixels.
    pub size: [Option<f64>; 2],
    /// The effective stride.
    pub stride: [Option<f64>; 2],
    /// The effective padding before the first pixel.
    pub padding: [Option<f64>; 2],
    /// Whether every position sees the whole input.
    pub everything: [bool; 2],
    /// Whether all paths to the node are aligned; `None` if that is not known.
    pub aligned: Option<bool>,
    /// How this very node's inputs differ.
    pub misaligned: Vec<MisalignmentDescription>,
}

/// Inputs of a node that look at different pixels.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MisalignmentDescription {
    /// Along which axis.
    pub axis: Axis,
    /// Where each input looks.
    pub branches: Vec<BranchDescription>,
}

/// Where an input of a node looks.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BranchDescription {
    /// The input.
    pub id: String,
    /// Its effective stride.
    pub stride: f64,
    /// The centre of the field of its first position, in input pixels.
    pub centre: Option<f64>,
    /// That centre minus the first input's.
    pub offset: Option<f64>,
}

/// size = sizeBefore + (kernel − 1) · dilation · strideBefore
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FormulaDescription {
    /// The input with the largest field.
    pub from: String,
    /// Size of its field.
    pub size_before: f64,
    /// Kernel extent of this layer.
    pub kernel: usize,
    /// Distance between neighbouring kernel cells.
    pub dilation: usize,
    /// Effective stride of the input.
    pub stride_before: f64,
    /// Size of the field of this layer.
    pub size: f64,
}

/// The part of a node's map that a position depends on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NamedRegion {
    /// The node.
    pub id: String,
    /// First and last row, also where they lie outside the map; `None` if there is none.
    pub rows: Span,
    /// First and last column.
    pub cols: Span,
    /// What of it lies inside the map; `None` if nothing does or the map's extents are not known.
    pub inside: Option<Inside>,
}

/// The part of a region inside the map.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Inside {
    /// First and last row.
    pub rows: [i64; 2],
    /// First and last column.
    pub cols: [i64; 2],
}

/// Describes all nodes.
///
/// # Errors
/// As [`costs`] and [`receptive_fields`].
pub fn describe(graph: &Graph) -> Result<Description> {
    let (fields, costs) = (receptive_fields(graph)?, costs(graph)?);
    let described = graph.nodes().iter().zip(&fields).zip(&costs);
    let nodes = described.map(|((node, field), cost)| NodeDescription {
        id: node.id.clone(),
        op: node.op.as_ref().map_or(INPUT, Op::name),
        options: node.op.clone(),
        from: node.inputs.iter().map(|&input| id(graph, input)).collect(),
        shape: node.shape.extents(),
        cost: *cost,
        receptive_field: described_field(graph, field),
        formula: formulas(graph, field),
    });
    Ok(Description {
        nodes: nodes.collect(),
        totals: Totals {
            layers: graph.nodes().len() - 1,
            cost: costs.into_iter().sum(),
        },
    })
}

/// The receptive fields of all nodes.
///
/// # Errors
/// As [`receptive_fields`].
pub fn named_fields(graph: &Graph) -> Result<Vec<NamedField>> {
    let fields = receptive_fields(graph)?;
    let named = |(node, field): (&Node, &ReceptiveField)| NamedField {
        id: node.id.clone(),
        field: described_field(graph, field),
        formula: formulas(graph, field),
    };
    Ok(graph.nodes().iter().zip(&fields).map(named).collect())
}

/// The regions of a position in all nodes it depends on.
///
/// # Errors
/// As [`region`].
pub fn named_regions(
    graph: &Graph,
    node: NodeId,
    position: [usize; 2],
) -> Result<Vec<NamedRegion>> {
    let named = |region: &Region| {
        let [rows, cols] = region.unclipped;
        let inside = region.inside.and_then(|[rows, cols]| {
            Some(Inside {
                rows: rows?,
                cols: cols?,
            })
        });
        NamedRegion {
            id: id(graph, region.node),
            rows,
            cols,
            inside,
        }
    };
    Ok(region(graph, node, position)?.iter().map(named).collect())
}

fn id(graph: &Graph, node: NodeId) -> String {
    graph[node].id.clone()
}

fn described_field(graph: &Graph, field: &ReceptiveField) -> FieldDescription {
    let misaligned = field.misaligned.iter().map(|axis| MisalignmentDescription {
        axis: axis.axis,
        branches: axis
            .branches
            .iter()
            .map(|branch| BranchDescription {
                id: id(graph, branch.input),
                stride: branch.stride,
                centre: branch.centre,
                offset: branch.offset,
            })
            .collect(),
    });
    FieldDescription {
        size: field.axes.map(|axis| axis.size),
        stride: field.axes.map(|axis| axis.stride),
        padding: field.axes.map(|axis| axis.padding),
        everything: field.axes.map(|axis| axis.everything),
        aligned: field.aligned,
        misaligned: misaligned.collect(),
    }
}

fn formulas(graph: &Graph, field: &ReceptiveField) -> [Option<FormulaDescription>; 2] {
    field.axes.map(|axis| {
        let formula = axis.formula?;
        Some(FormulaDescription {
            from: id(graph, formula.from),
            size_before: formula.size_before,
            kernel: formula.kernel,
            dilation: formula.dilation,
            stride_before: formula.stride_before,
            size: formula.size,
        })
    })
}
