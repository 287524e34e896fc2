//! Receptive fields: which pixels of the input a position of a feature map can depend on.
//!
//! Along one axis, position u of a feature map sees the input pixels u · S − P to u · S − P + R − 1,
//! where R is the size of the receptive field, S the effective stride and P the effective padding.
//! These figures ignore where the input ends; [`region()`] also says what lies inside it.
//!
//! The relations of Araujo, Norris and Sim, *Computing Receptive Fields of Convolutional Neural
//! Networks*, Distill 2019, doi 10.23915/distill.00021, hold for a path of windows:
//!
//! - size: R = 1 + Σ (kernel − 1) · dilation · strides before it;
//! - effective stride: S = Π stride;
//! - effective padding: P = Σ padding · strides before it;
//! - region: first pixel = u · S − P, last pixel = first + R − 1;
//! - centre: u · S − P + (R − 1) / 2.
//!
//! A network with branches has exponentially many paths, so this module does not evaluate them path by
//! path: it carries what the positions see from node to node. That also covers operators that enlarge
//! a map. After them neighbouring positions see different numbers of pixels in a pattern that repeats:
//! R is the largest of these numbers, S a fraction, and P such that the relation for the centre holds
//! on average.

mod merge;
mod region;
mod track;

use crate::error::{Axis, Error, Result};
use crate::net::graph::{Graph, Node, NodeId};
use crate::net::op::footprint::Footprint;
use crate::net::refusal::in_layer;

use merge::{Alignment, merge};
use track::{FIELD_LIMIT, Overflow, Sight, Track};

pub use merge::{Branch, Misalignment};
pub use region::{Region, region};
pub use track::Span;

const OPERATOR: &str = "receptiveField";

/// The receptive field of a node's positions.
#[derive(Clone, Debug, PartialEq)]
pub struct ReceptiveField {
    /// Along the rows and along the columns.
    pub axes: [AxisField; 2],
    /// Whether all paths from the input to this node move alike and are centred on the same pixels;
    /// `None` if that depends on an extent that is not known.
    pub aligned: Option<bool>,
    /// How the inputs of this very node differ, for each axis along which they are not aligned.
    pub misaligned: Vec<Misalignment>,
}

/// The receptive field along one axis.
///
/// Where inputs meet that move differently, there is no common figure: these are then the figures of
/// the largest field among them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AxisField {
    /// Pixels from the first to the last, also those outside the input. `None` if that depends on an
    /// extent that is not known.
    pub size: Option<f64>,
    /// Input pixels between the fields of neighbouring positions. `None` also if every position sees
    /// the same.
    pub stride: Option<f64>,
    /// Pixels by which the field of position 0 begins before the input.
    pub padding: Option<f64>,
    /// Whether the field of every position holds the whole input.
    pub everything: bool,
    /// How the size follows from that of the layer before.
    pub formula: Option<Formula>,
}

/// size = sizeBefore + (kernel − 1) · dilation · strideBefore
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Formula {
    /// The input with the largest field.
    pub from: NodeId,
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

/// The receptive fields of all nodes, in their order.
///
/// # Errors
/// [`Error::Layer`] around [`Error::OutOfRange`] for a field too large for exact numbers.
pub fn receptive_fields(graph: &Graph) -> Result<Vec<ReceptiveField>> {
    let mut seen: Vec<[State; 2]> = Vec::with_capacity(graph.nodes().len());
    let mut fields = Vec::with_capacity(graph.nodes().len());
    for (id, node) in graph.iter() {
        let states = [
            State::new(graph, &seen, id, Axis::Height)?,
            State::new(graph, &seen, id, Axis::Width)?,
        ];
        let [height, width] = &states;
        fields.push(ReceptiveField {
            axes: [
                axis_field(graph, &seen, node, height, Axis::Height),
                axis_field(graph, &seen, node, width, Axis::Width),
            ],
            aligned: all(height.aligned, width.aligned),
            misaligned: states
                .iter()
                .filter_map(|state| state.misaligned.clone())
                .collect(),
        });
        seen.push(states);
    }
    Ok(fields)
}

/// What is known of a node along an axis.
struct State {
    sight: Sight,
    aligned: Option<bool>,
    misaligned: Option<Misalignment>,
    footprint: Footprint,
}

impl State {
    fn new(graph: &Graph, seen: &[[State; 2]], id: NodeId, axis: Axis) -> Result<State> {
        let node = &graph[id];
        let Some(op) = &node.op else {
            return Ok(State {
                sight: Sight::input(),
                aligned: Some(true),
                misaligned: None,
                footprint: Footprint::POINT,
            });
        };
        let shape = graph[node.inputs[0]].shape;
        let footprint = Footprint::of(op, shape, axis)?;
        let before = |input: &NodeId| &seen[input.index()][axis as usize];
        let inherited = node.inputs.iter().map(|input| before(input).aligned);
        let inherited = inherited.reduce(all).unwrap_or(Some(true));
        let state = || {
            if let [input] = node.inputs[..] {
                let sight = before(&input).sight.through(&footprint, id)?;
                return Ok((sight, Alignment::Aligned));
            }
            let sights = node
                .inputs
                .iter()
                .map(|input| (*input, &before(input).sight));
            merge(&sights.collect::<Vec<_>>(), id)
        };
        let (sight, alignment) = state().map_err(|Overflow| too_large(node))?;
        Ok(State {
            sight,
            aligned: all(inherited, alignment.known()),
            misaligned: match alignment {
                Alignment::Misaligned(branches) => Some(Misalignment { axis, branches }),
                Alignment::Aligned | Alignment::Unknown => None,
            },
            footprint,
        })
    }

    fn track(&self) -> Option<&Track> {
        match &self.sight {
            Sight::Track(track) => Some(track),
            Sight::Everything | Sight::Unknown => None,
        }
    }
}

/// Whether two statements hold, as far as is known.
fn all(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    match (one, other) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

fn too_large(node: &Node) -> Error {
    let reason = Error::OutOfRange {
        operator: OPERATOR,
        argument: "size",
        min: 0.0,
        max: FIELD_LIMIT as f64,
        got: f64::INFINITY,
    };
    in_layer(OPERATOR, &node.id, reason)
}

fn axis_field(
    graph: &Graph,
    seen: &[[State; 2]],
    node: &Node,
    state: &State,
    axis: Axis,
) -> AxisField {
    let Some(track) = state.track() else {
        return AxisField {
            size: None,
            stride: None,
            padding: None,
            everything: state.sight == Sight::Everything,
            formula: None,
        };
    };
    let size = track.size() as f64;
    let input = graph[NodeId::INPUT].shape.spatial()[axis as usize];
    let output = node.shape.spatial()[axis as usize];
    AxisField {
        size: Some(size),
        stride: (track.shift > 0).then(|| stride(track)),
        padding: match (track.origin, centre(track)) {
            (None, Some(centre)) => Some((size - 1.0) / 2.0 - centre),
            _ => None,
        },
        everything: match (input, output) {
            (Some(input), Some(output)) => holds(track, input as i64, output as i64),
            _ => false,
        },
        formula: formula(seen, node, state, axis, size),
    }
}

fn stride(track: &Track) -> f64 {
    track.shift as f64 / track.period() as f64
}

/// The centre of the field of position 0, on the line through all centres.
fn centre(track: &Track) -> Option<f64> {
    let [doubled, denominator] = track.centre()?;
    Some(doubled as f64 / denominator as f64 / 2.0)
}

/// Whether each of `output` positions sees all of `input` pixels.
fn holds(track: &Track, input: i64, output: i64) -> bool {
    let alike = output.min(track.period());
    let mut ends = (0..alike).chain(output - alike..output);
    ends.all(
        |at| matches!(track.at(at), Ok(Some([first, last])) if first <= 0 && last >= input - 1),
    )
}

/// The step from the input with the largest field, if the layer's window makes it.
fn formula(
    seen: &[[State; 2]],
    node: &Node,
    state: &State,
    axis: Axis,
    size: f64,
) -> Option<Formula> {
    let Footprint::Window {
        kernel, dilation, ..
    } = state.footprint
    else {
        return None;
    };
    let track = |input: NodeId| seen[input.index()][axis as usize].track();
    let (&first, rest) = node.inputs.split_first()?;
    let (from, before) = rest
        .iter()
        .try_fold((first, track(first)?), |largest, &input| {
            let track = track(input)?;
            Some(if track.size() > largest.1.size() {
                (input, track)
            } else {
                largest
            })
        })?;
    let formula = Formula {
        from,
        size_before: before.size() as f64,
        kernel,
        dilation,
        stride_before: stride(before),
        size,
    };
    let grown = ((kernel - 1) * dilation) as f64 * formula.stride_before;
    (formula.size_before + grown == size).then_some(formula)
}
