//! Effective receptive fields: how strongly each pixel of the input acts on a unit.
//!
//! The theoretical field says which pixels can act at all. The effective one is measured: the
//! gradient of the unit with respect to the input, in absolute value. It is largest in the middle,
//! because more paths lead there, and the spread of the map grows only like the square root of the
//! number of layers while the theoretical size grows with the number itself.
//!
//! For uniform weights without nonlinearity the map is known: each layer blurs it by its window, so
//! the variance along an axis is Σ (kernel² − 1) / 12 · (dilation · strides before it)². For random
//! weights of mean 0 the expected square of the gradient has the same shape.
//!
//! # Source
//! Luo, Li, Urtasun and Zemel, *Understanding the Effective Receptive Field in Deep Convolutional
//! Neural Networks*, NIPS 2016, arXiv:1701.04128. They count the pixels above 4.55 % of the value in
//! the centre ([`Spread::above`]); the area that holds 95.45 % of the whole
//! ([`Spread::area`]) does not hang on a single pixel.

mod linear;
mod question;
mod spread;

use ndarray::{Array2, Array4, ArrayD, ArrayView3, ArrayViewD, Axis as ArrayAxis, s};

use crate::compute::check_budget;
use crate::data::rng::Rng;
use crate::error::check_range;
use crate::error::{Error, Result};
use crate::math::real::Real;
use crate::net::analysis::receptive_field::region;
use crate::net::graph::{Graph, Node, NodeId};
use crate::net::op::shape::Shape;
use crate::net::op::span::Span;
use crate::net::reference::plan::{Part, Plan};
use crate::net::reference::{Purpose, ReferenceNetwork};
use crate::net::spec::Spec;
use crate::net::weights::{Initial, Parameter, Weights, next_seed, parameters};
use crate::ops::shape::check_shape;

pub use linear::Simplified;
pub use question::{Learned, Measure, Question};
pub use spread::{Area, SHARE, Spread};

const OPERATOR: &str = "effectiveReceptiveField";

/// Most operations of one call, over all draws: 20 to 40 seconds in a browser.
pub const OPERATION_LIMIT: f64 = 6e10;

/// Most draws of one call.
pub const DRAW_LIMIT: usize = 10_000;

/// Most rows and columns of units.
const UNIT_LIMIT: f64 = 256.0;

/// A measured field.
#[derive(Clone, Debug, PartialEq)]
pub struct EffectiveReceptiveField {
    /// The magnitude at each pixel of the theoretical field, as far as it lies inside the input.
    pub map: Array2<f64>,
    /// Row and column of the map's first pixel in the input; negative where the input has no ends.
    pub origin: [i64; 2],
    /// How the magnitude is spread.
    pub spread: Spread,
    /// The theoretical field: `[first, last]` row and `[first, last]` column, also outside the
    /// input. If the units see nothing, last is before first.
    pub theoretical: [[i64; 2]; 2],
    /// Row and column of the unit, or of the first one.
    pub position: [usize; 2],
    /// Multiply-adds and their like, forward and backward, over all draws; at most so many.
    pub operations: f64,
}

/// Measures the effective receptive field that `question` asks for.
///
/// Only what the units depend on is computed: an input without given size has no ends.
///
/// # Errors
/// As [`Graph::new`]; [`Error::LayerUnknown`]; [`Error::OutOfRange`] for a position, a channel,
/// units, draws, and for more operations than [`OPERATION_LIMIT`]; [`Error::ShapeMismatch`] if an input
/// has another shape than the network's; [`Error::TooLarge`] beyond the memory budget;
/// [`Error::NotFinite`] for gradients beyond all numbers; as [`region`] and [`ReferenceNetwork::forward`] for a
/// network that needs a given input size.
pub fn effective_receptive_field<F: Real>(
    spec: &Spec,
    question: &Question<F>,
) -> Result<EffectiveReceptiveField> {
    let graph = Graph::new(spec)?;
    let node = graph.find(question.node)?;
    let units = units(&graph[node], question)?;
    check_range(
        OPERATOR,
        "draws",
        [1.0, DRAW_LIMIT as f64],
        question.draws as f64,
    )?;
    let simplified = Graph::new(&question.simplified.applied(spec))?;
    let plan = Plan::new(&simplified, node, units, false)?;
    let held = plan.parts[0].unwrap_or(units);
    let theoretical = theoretical(&graph, node, units)?;
    let operations = question.draws as f64 * plan.operations(&simplified)?;
    check_range(OPERATOR, "operations", [0.0, OPERATION_LIMIT], operations)?;
    let extents = |part: Part| part.map(Span::len);
    let [height, width] = extents(held);
    let [unit_rows, unit_cols] = extents(units);
    let channels = |node: NodeId| graph[node].shape.channels().unwrap_or_default();
    check_budget(
        OPERATOR,
        &[
            // The map is `f64`.
            &[channels(NodeId::INPUT) + 2, height, width],
            &[channels(node), unit_rows, unit_cols],
        ],
    )?;
    let map = mean_map(&graph, &simplified, &plan, held, question)?;
    let (map, origin) = trimmed(map, held, theoretical.inside);
    Ok(EffectiveReceptiveField {
        spread: Spread::of(&map, origin),
        map,
        origin,
        theoretical: theoretical.unclipped,
        position: units.map(|span| span.start as usize),
        operations,
    })
}

/// The units asked for, as a part of their node's map.
fn units<F>(node: &Node, question: &Question<F>) -> Result<Part> {
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
struct Theoretical {
    unclipped: [[i64; 2]; 2],
    inside: Option<[[i64; 2]; 2]>,
}

/// The fields of all units together. What is seen along one axis does not depend on the other, so
/// the units on a diagonal will do.
fn theoretical(graph: &Graph, node: NodeId, units: Part) -> Result<Theoretical> {
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

fn mean_map<F: Real>(
    graph: &Graph,
    simplified: &Graph,
    plan: &Plan,
    held: Part,
    question: &Question<F>,
) -> Result<Array2<f64>> {
    let channels = graph[NodeId::INPUT].shape.channels().unwrap_or_default();
    let shape = [channels, held[0].len(), held[1].len()];
    let d_output = d_output(&simplified[plan.node], plan, question);
    let mut seeds = Rng::new(question.seed);
    let mut sum = Array2::zeros([shape[1], shape[2]]);
    let mut latest = None;
    for _ in 0..question.draws {
        let seed = next_seed(&mut seeds);
        let network = match (latest.take(), &question.weights) {
            (Some(network), Learned::Uniform | Learned::Given(_)) => network,
            (old, Learned::Random) => {
                // The old weights go before the new ones come.
                drop(old);
                network(graph, simplified, plan, Initial::Random { seed })?
            }
            (_, Learned::Uniform) => network(graph, simplified, plan, Initial::Uniform)?,
            (_, Learned::Given(weights)) => {
                ReferenceNetwork::new(simplified.clone(), (*weights).clone())
            }
        };
        let input = match question.input {
            Some(picture) => seen(graph, picture, held)?,
            None => noise(shape, next_seed(&mut seeds)),
        };
        let pass = network.run(input.view(), plan.clone(), Purpose::InputGradient)?;
        let gradients = network.backward(&pass, d_output.view())?;
        accumulate(&mut sum, gradients.d_input.view(), question.measure);
        latest = Some(network);
    }
    let mean = sum / question.draws as f64;
    match mean.iter().find(|value| !value.is_finite()) {
        None => Ok(mean),
        Some(value) => Err(Error::NotFinite {
            operator: OPERATOR,
            argument: "gradient",
            got: value.to_string(),
        }),
    }
}

/// The network with initial weights, which are held only if they are few.
fn network<F: Real>(
    graph: &Graph,
    simplified: &Graph,
    plan: &Plan,
    initial: Initial,
) -> Result<ReferenceNetwork<F>> {
    const MOST_BYTES: f64 = (64 << 20) as f64;
    let mut count = 0.0;
    for (node, stage) in plan.node.up_to().zip(&plan.stages) {
        if stage.is_some() {
            count += parameters(graph, node)?
                .iter()
                .map(Parameter::count)
                .sum::<f64>();
        }
    }
    Ok(if count * size_of::<F>() as f64 <= MOST_BYTES {
        ReferenceNetwork::new(simplified.clone(), Weights::new(graph, plan.node, initial)?)
    } else {
        ReferenceNetwork::remaking(simplified.clone(), initial)
    })
}

/// The gradient that starts at the units: that of their mean, over one channel or their sum.
fn d_output<F: Real>(node: &Node, plan: &Plan, question: &Question<F>) -> ArrayD<F> {
    let channels = node.shape.channels().unwrap_or_default();
    let part = plan.parts[plan.node.index()].map_or([1, 1], |part| part.map(Span::len));
    let share = F::of(1.0 / (part[0] * part[1]) as f64);
    let map = Array4::from_shape_fn([1, channels, part[0], part[1]], |(_, channel, ..)| {
        if question.channel.is_none_or(|wanted| wanted == channel) {
            share
        } else {
            F::zero()
        }
    });
    match node.shape {
        Shape::Map { .. } => map.into_dyn(),
        Shape::Vector { .. } => map
            .index_axis_move(ArrayAxis(3), 0)
            .index_axis_move(ArrayAxis(2), 0)
            .into_dyn(),
    }
}

/// The part of a picture that the units see.
fn seen<F: Real>(graph: &Graph, picture: ArrayView3<F>, held: Part) -> Result<Array4<F>> {
    let shape = graph[NodeId::INPUT].shape;
    let known = match (shape, shape.spatial()) {
        (Shape::Map { channels, .. }, [Some(rows), Some(cols)]) => [channels, rows, cols],
        _ => {
            return Err(Error::ShapeMismatch {
                operator: OPERATOR,
                argument: "input",
                expected: "none, as the network gives its input no size".into(),
                got: format!("{:?}", picture.shape()),
            });
        }
    };
    check_shape(OPERATOR, "input", &known, picture.shape())?;
    let [rows, cols] = held.map(|span| span.start as usize..span.end as usize);
    Ok(picture
        .slice(s![.., rows, cols])
        .to_owned()
        .insert_axis(ArrayAxis(0)))
}

fn noise<F: Real>([channels, rows, cols]: [usize; 3], seed: u64) -> Array4<F> {
    let mut rng = Rng::new(seed);
    Array4::from_shape_simple_fn([1, channels, rows, cols], || F::of(rng.uniform()))
}

fn accumulate<F: Real>(sum: &mut Array2<f64>, d_input: ArrayViewD<F>, measure: Measure) {
    let channels = d_input.index_axis(ArrayAxis(0), 0);
    for channel in channels.outer_iter() {
        for (sum, gradient) in sum.iter_mut().zip(channel.iter()) {
            let gradient = gradient.as_f64();
            *sum += match measure {
                Measure::Absolute => gradient.abs(),
                Measure::Squared => gradient * gradient,
            };
        }
    }
}

/// The map without rows and columns outside the theoretical field: what was computed may be more.
fn trimmed(map: Array2<f64>, held: Part, inside: Option<[[i64; 2]; 2]>) -> (Array2<f64>, [i64; 2]) {
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
