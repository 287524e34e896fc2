//! Which positions of every node before it one position depends on.

use super::OPERATOR;
use super::footprint::{Footprint, Taps};
use super::track::{Span, union};
use crate::error::{Axis, Error, Result};
use crate::net::graph::{Graph, shortened};
use crate::ops::shape::check_range;
use crate::window::PaddingMode;

/// The part of a node's map that one position of another node depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// The node, as a place in [`Graph::nodes`].
    pub node: usize,
    /// Rows and columns as if maps had no ends: positions outside stand for padding.
    pub unclipped: [Span; 2],
    /// Rows and columns inside the map that it really depends on. They may be fewer than the part of
    /// [`Region::unclipped`] inside: a path may lead to them only through the padding of a layer
    /// between. `None` if the map's extents are not known.
    pub inside: Option<[Span; 2]>,
}

/// What position `position` `[row, column]` of the node at `place` depends on: one region for each
/// node on a way from the input to it, in the graph's order, the input first and the node last.
///
/// A region is the smallest rectangle around all positions; those of dilated layers have gaps. A
/// vector has the one position `[0, 0]`.
///
/// # Errors
/// [`Error::OutOfRange`] for a position outside the node's map; [`Error::Layer`] around
/// [`Error::WrongType`] for a layer whose region depends on an extent of the input that is not
/// given; [`Error::TooLarge`] for regions beyond all bounds.
pub fn region(graph: &Graph, place: usize, position: [usize; 2]) -> Result<Vec<Region>> {
    let output = graph.nodes()[place].shape.spatial();
    for (axis, argument) in [(0, "row"), (1, "column")] {
        let last = output[axis].map_or(f64::from(u32::MAX), |extent| (extent - 1) as f64);
        check_range(OPERATOR, argument, [0.0, last], position[axis] as f64)?;
    }
    let input = graph.nodes()[0].shape.spatial();
    let [rows, cols] = [Axis::Height, Axis::Width].map(|axis| {
        let start = position[axis as usize] as i64;
        let unclipped = follow(graph, place, axis, start, Ends::Open)?;
        let inside = input[axis as usize]
            .map(|_| follow(graph, place, axis, start, Ends::Closed))
            .transpose()?;
        Ok((unclipped, inside))
    });
    let ((rows, rows_inside), (cols, cols_inside)) = (rows?, cols?);
    let inside = |node: usize| {
        let (rows, cols) = (rows_inside.as_ref()?, cols_inside.as_ref()?);
        Some([rows[node].as_ref()?.span(), cols[node].as_ref()?.span()])
    };
    let nodes = 0..=place;
    let found = nodes.filter_map(|node| {
        let (rows, cols) = (rows[node].as_ref()?, cols[node].as_ref()?);
        Some(Region {
            node,
            unclipped: [rows.span(), cols.span()],
            inside: inside(node),
        })
    });
    Ok(found.collect())
}

/// Whether maps end.
#[derive(Clone, Copy, PartialEq)]
enum Ends {
    Open,
    Closed,
}

/// A set of positions, from `start` on.
#[derive(Clone, Debug, Default)]
struct Positions {
    start: i64,
    held: Vec<bool>,
}

impl Positions {
    fn span(&self) -> Span {
        let first = self.held.iter().position(|&held| held)? as i64;
        let last = self.held.iter().rposition(|&held| held)? as i64;
        Some([self.start + first, self.start + last])
    }

    fn iter(&self) -> impl Iterator<Item = i64> {
        let places = (self.start..).zip(&self.held);
        places.filter_map(|(place, &held)| held.then_some(place))
    }

    fn add(&mut self, other: Positions) {
        if self.held.is_empty() {
            *self = other;
            return;
        }
        let end = |positions: &Positions| positions.start + positions.held.len() as i64;
        let (start, past) = (self.start.min(other.start), end(self).max(end(&other)));
        let mut held = vec![false; (past - start) as usize];
        for positions in [&*self, &other] {
            for place in positions.iter() {
                held[(place - start) as usize] = true;
            }
        }
        *self = Positions { start, held };
    }
}

/// The positions along `axis` that position `at` of the node at `place` depends on, for each node up
/// to it; `None` for those it does not depend on.
fn follow(
    graph: &Graph,
    place: usize,
    axis: Axis,
    at: i64,
    ends: Ends,
) -> Result<Vec<Option<Positions>>> {
    let mut found: Vec<Option<Positions>> = vec![None; place + 1];
    found[place] = Some(Positions {
        start: at,
        held: vec![true],
    });
    let mut budget = Budget(0);
    for idx in (1..=place).rev() {
        let node = &graph.nodes()[idx];
        let (Some(positions), Some(op)) = (&found[idx], &node.op) else {
            continue;
        };
        let before = graph.nodes()[node.inputs[0]].shape;
        let footprint = Footprint::of(op, before, axis)?;
        let extent = match ends {
            Ends::Open => None,
            Ends::Closed => before.spatial()[axis as usize],
        };
        let reach = reach(&footprint, positions, extent).map_err(|reason| Error::Layer {
            operator: OPERATOR,
            layer: shortened(&node.id),
            reason: Box::new(reason),
        })?;
        budget.take((reach[1] - reach[0]) as usize, node.inputs.len())?;
        let touched = touched(&footprint, positions, reach, ends);
        for &input in &node.inputs {
            found[input].get_or_insert_default().add(touched.clone());
        }
    }
    Ok(found)
}

/// Most bytes of sets and counts: five times what Inception-ResNet v2 needs.
const BUDGET_BYTES: usize = 64 << 20;

/// Bytes that are used.
struct Budget(usize);

impl Budget {
    /// Takes the room of `positions` in each of `sets` sets, and of their counts.
    fn take(&mut self, positions: usize, sets: usize) -> Result<()> {
        let more = positions.saturating_mul(sets + size_of::<i32>());
        self.0 = self.0.saturating_add(more);
        if self.0 <= BUDGET_BYTES {
            return Ok(());
        }
        Err(Error::TooLarge {
            operator: OPERATOR,
            limit: BUDGET_BYTES,
            needed: self.0,
        })
    }
}

/// The positions of an input, open or of known extent, that a node's positions can touch.
fn reach(footprint: &Footprint, positions: &Positions, extent: Option<usize>) -> Result<[i64; 2]> {
    if let Some(extent) = extent {
        return Ok([0, extent as i64]);
    }
    let mut reach = None;
    for at in positions.iter() {
        let taps = footprint.taps(at).ok_or_else(|| Error::WrongType {
            operator: OPERATOR,
            argument: "input".into(),
            expected: "an input of given height and width".into(),
            got: "one without".into(),
        })?;
        if taps.count > 0 {
            reach = union(reach, Some([taps.start, taps.end() + 1]));
        }
    }
    Ok(reach.unwrap_or([0, 0]))
}

/// All that `positions` touch of the positions from `start` to before `past`.
fn touched(
    footprint: &Footprint,
    positions: &Positions,
    [start, past]: [i64; 2],
    ends: Ends,
) -> Positions {
    let mut held = vec![false; (past - start) as usize];
    let taps = || positions.iter().filter_map(|at| footprint.taps(at));
    if ends == Ends::Closed && footprint.fill() != PaddingMode::Zeros {
        for taps in taps() {
            fill(footprint.fill(), taps, &mut held);
        }
    }
    mark(taps(), start, &mut held);
    Positions { start, held }
}

/// Marks what the taps hold of the positions from `start` on; all taps have one step.
fn mark(touched: impl Iterator<Item = Taps>, start: i64, held: &mut [bool]) {
    // How many more taps begin than end at each position: summed in their steps, how many hold it.
    let mut counts = vec![0_i32; held.len()];
    let mut step = 1;
    for taps in touched.filter(|taps| taps.count > 0) {
        step = taps.step;
        let [first, last] = [taps.start - start, taps.end() - start];
        let first = first + (step - 1 - first).max(0) / step * step;
        if first > last || first >= held.len() as i64 {
            continue;
        }
        counts[first as usize] += 1;
        if let Some(count) = counts.get_mut((last + step) as usize) {
            *count -= 1;
        }
    }
    for idx in 0..held.len() {
        if let Some(before) = idx.checked_sub(step as usize) {
            counts[idx] += counts[before];
        }
        held[idx] |= counts[idx] > 0;
    }
}

/// Marks the positions whose values stand where taps lie outside a map of `held.len()` positions.
fn fill(mode: PaddingMode, taps: Taps, held: &mut [bool]) {
    let extent = held.len();
    for idx in 0..taps.count {
        let place = taps.start + idx * taps.step;
        if !(0..extent as i64).contains(&place)
            && let Some(source) = mode.source(place as isize, extent)
            && let Some(held) = held.get_mut(source)
        {
            *held = true;
        }
    }
}
