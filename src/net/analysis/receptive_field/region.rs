//! Which positions of every node before it one position depends on.

use super::track::{FIELD_LIMIT, Span, union};
use crate::error::check_range;
use crate::error::{Axis, Error, Result};
use crate::net::graph::{Graph, NodeId};
use crate::net::op::footprint::{Footprint, Taps};
use crate::net::refusal::in_layer;
use crate::window::PaddingMode;

const OPERATOR: &str = "receptiveRegion";

/// The part of a node's map that one position of another node depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// The node.
    pub node: NodeId,
    /// Rows and columns as if maps had no ends: positions outside are padding.
    pub unclipped: [Span; 2],
    /// Rows and columns inside the map that it really depends on. These may be fewer than those of
    /// [`Region::unclipped`] inside the map: some may be reached only through the padding of a layer in
    /// between. `None` if the map's extents are not known.
    pub inside: Option<[Span; 2]>,
}

/// What position `position` `[row, column]` of `node` depends on: one region for each node on a path
/// from the input to it, in the graph's order, the input first and the node itself last.
///
/// A region is the smallest rectangle around all positions; those of dilated layers have gaps. A
/// vector has the one position `[0, 0]`.
///
/// # Errors
/// [`Error::OutOfRange`] for a position outside the node's map; [`Error::Layer`] around
/// [`Error::WrongType`] for a layer whose region depends on an extent of the input that is not
/// given; [`Error::TooLarge`] for regions beyond all bounds.
pub fn region(graph: &Graph, node: NodeId, position: [usize; 2]) -> Result<Vec<Region>> {
    let output = graph[node].shape.spatial();
    for (axis, argument) in [(0, "row"), (1, "column")] {
        let last = output[axis].map_or(f64::from(u32::MAX), |extent| (extent - 1) as f64);
        check_range(OPERATOR, argument, [0.0, last], position[axis] as f64)?;
    }
    let input = graph[NodeId::INPUT].shape.spatial();
    let [rows, cols] = [Axis::Height, Axis::Width].map(|axis| {
        let start = position[axis as usize] as i64;
        let unclipped = follow(graph, node, axis, start, Ends::Open)?;
        let inside = input[axis as usize]
            .map(|_| follow(graph, node, axis, start, Ends::Closed))
            .transpose()?;
        Ok((unclipped, inside))
    });
    let ((rows, rows_inside), (cols, cols_inside)) = (rows?, cols?);
    let inside = |idx: usize| {
        let (rows, cols) = (rows_inside.as_ref()?, cols_inside.as_ref()?);
        Some([rows[idx].as_ref()?.span(), cols[idx].as_ref()?.span()])
    };
    let found = node.up_to().filter_map(|node| {
        let (rows, cols) = (rows[node.index()].as_ref()?, cols[node.index()].as_ref()?);
        Some(Region {
            node,
            unclipped: [rows.span(), cols.span()],
            inside: inside(node.index()),
        })
    });
    Ok(found.collect())
}

/// Whether maps have ends.
#[derive(Clone, Copy, PartialEq)]
enum Ends {
    Open,
    Closed,
}

/// A set of positions.
#[derive(Clone, Debug)]
enum Positions {
    /// From the first to the last; none if the last comes before the first.
    Run([i64; 2]),
    /// Those marked as held from `start` on, with gaps.
    Scattered { start: i64, held: Vec<bool> },
}

impl Positions {
    const NONE: Positions = Positions::Run([0, -1]);

    fn new(start: i64, held: Vec<bool>) -> Self {
        let positions = Positions::Scattered { start, held };
        match (positions.span(), positions.iter().count() as i64) {
            (None, _) => Positions::NONE,
            (Some([first, last]), count) if count == last - first + 1 => {
                Positions::Run([first, last])
            }
            _ => positions,
        }
    }

    fn span(&self) -> Span {
        match self {
            Positions::Run([first, last]) => (first <= last).then_some([*first, *last]),
            Positions::Scattered { start, held } => {
                let first = held.iter().position(|&held| held)? as i64;
                let last = held.iter().rposition(|&held| held)? as i64;
                Some([start + first, start + last])
            }
        }
    }

    fn iter(&self) -> impl Iterator<Item = i64> {
        let (run, start, held) = match self {
            Positions::Run([first, last]) => (*first..last + 1, 0, &[][..]),
            Positions::Scattered { start, held } => (0..0, *start, &held[..]),
        };
        let scattered = (start..).zip(held);
        run.chain(scattered.filter_map(|(at, &held)| held.then_some(at)))
    }

    /// Adds more; the memory of the result counts as used.
    fn add(&mut self, more: &Positions, budget: &mut Budget) -> Result<()> {
        let together = match (self.span(), more.span()) {
            (_, None) => return Ok(()),
            (None, _) => more.clone(),
            (Some(own), Some(other)) => {
                let all = [own[0].min(other[0]), own[1].max(other[1])];
                let touching = own[0] <= other[1] + 1 && other[0] <= own[1] + 1;
                match (&*self, more) {
                    (Positions::Run(_), Positions::Run(_)) if touching => Positions::Run(all),
                    (Positions::Run(run), _) | (_, Positions::Run(run)) if *run == all => {
                        Positions::Run(all)
                    }
                    _ => {
                        let mut held = vec![false; budget.take(all)?];
                        for at in self.iter().chain(more.iter()) {
                            held[(at - all[0]) as usize] = true;
                        }
                        Positions::new(all[0], held)
                    }
                }
            }
        };
        *self = together;
        Ok(())
    }
}

/// The positions along `axis` that position `at` of `node` depends on, for each node up to it; `None`
/// for those it does not depend on.
fn follow(
    graph: &Graph,
    node: NodeId,
    axis: Axis,
    at: i64,
    ends: Ends,
) -> Result<Vec<Option<Positions>>> {
    let mut found: Vec<Option<Positions>> = vec![None; node.index() + 1];
    found[node.index()] = Some(Positions::Run([at, at]));
    let mut budget = Budget(0);
    for id in node.up_to().rev() {
        let node = &graph[id];
        let (Some(positions), Some(op)) = (&found[id.index()], &node.op) else {
            continue;
        };
        let before = graph[node.inputs[0]].shape;
        let footprint = Footprint::of(op, before, axis)?;
        let extent = match ends {
            Ends::Open => None,
            Ends::Closed => before.spatial()[axis as usize],
        };
        let touched = touched(&footprint, positions, extent, &mut budget);
        let touched = touched.map_err(|reason| in_layer(OPERATOR, &node.id, reason))?;
        for &input in &node.inputs {
            let before = found[input.index()].get_or_insert(Positions::NONE);
            before
                .add(&touched, &mut budget)
                .map_err(|reason| in_layer(OPERATOR, &node.id, reason))?;
        }
    }
    Ok(found)
}

/// Most bytes of sets and counts, which only positions with gaps need.
const BUDGET_BYTES: usize = 64 << 20;

/// Bytes used so far.
struct Budget(usize);

impl Budget {
    /// Counts the memory of a set of positions from the first to the last, and returns their number.
    fn take(&mut self, [first, last]: [i64; 2]) -> Result<usize> {
        let positions = usize::try_from(last - first + 1).unwrap_or(usize::MAX);
        let bytes = positions.saturating_mul(size_of::<bool>() + size_of::<i32>());
        self.0 = self.0.saturating_add(bytes);
        if self.0 <= BUDGET_BYTES {
            return Ok(positions);
        }
        Err(Error::TooLarge {
            operator: OPERATOR,
            limit: BUDGET_BYTES,
            needed: self.0,
        })
    }
}

/// All that `positions` touch of a map with the given extent, or without ends.
fn touched(
    footprint: &Footprint,
    positions: &Positions,
    extent: Option<usize>,
    budget: &mut Budget,
) -> Result<Positions> {
    let Some([first, last]) = positions.span() else {
        return Ok(Positions::NONE);
    };
    let taps = |at| footprint.taps(at).ok_or_else(|| refusal(footprint));
    let fill = extent.map_or(PaddingMode::Zeros, |_| footprint.fill());
    if footprint.overlaps() && fill == PaddingMode::Zeros && matches!(positions, Positions::Run(_))
    {
        let [start, end] = [taps(first)?.start, taps(last)?.end()];
        if start < -FIELD_LIMIT || end > FIELD_LIMIT {
            return Err(refusal(footprint));
        }
        return Ok(Positions::Run(match extent {
            Some(extent) => [start.max(0), end.min(extent as i64 - 1)],
            None => [start, end],
        }));
    }
    budget.take([first, last])?;
    let reach = match extent {
        Some(extent) => Some([0, extent as i64 - 1]),
        None => {
            let mut reach = None;
            for at in positions.iter() {
                let taps = taps(at)?;
                if taps.count > 0 {
                    reach = union(reach, Some([taps.start, taps.end()]));
                }
            }
            reach
        }
    };
    let Some(reach) = reach else {
        return Ok(Positions::NONE);
    };
    let start = reach[0];
    let mut held = vec![false; budget.take(reach)?];
    let taps = || positions.iter().filter_map(|at| footprint.taps(at));
    if fill != PaddingMode::Zeros {
        taps().for_each(|taps| mark_filled(fill, taps, &mut held));
    }
    mark(taps(), start, &mut held);
    Ok(Positions::new(start, held))
}

/// Why a footprint has no positions: they depend on an extent that is not given, or lie too far away
/// for exact numbers.
fn refusal(footprint: &Footprint) -> Error {
    if footprint.taps(0).is_some() {
        return Error::OutOfRange {
            operator: OPERATOR,
            argument: "size",
            min: 0.0,
            max: FIELD_LIMIT as f64,
            got: f64::INFINITY,
        };
    }
    Error::WrongType {
        operator: OPERATOR,
        argument: "input".into(),
        expected: "an input of given height and width".into(),
        got: "one without".into(),
    }
}

/// Marks the positions from `start` on that the taps touch; all taps have the same step.
fn mark(touched: impl Iterator<Item = Taps>, start: i64, held: &mut [bool]) {
    // How many more runs of taps begin than end at each position. Summed in their steps, these say how
    // many touch it.
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

/// Marks the positions whose values fill the taps outside a map of `held.len()` positions.
fn mark_filled(mode: PaddingMode, taps: Taps, held: &mut [bool]) {
    let extent = held.len();
    for idx in 0..taps.count {
        let at = taps.start + idx * taps.step;
        if !(0..extent as i64).contains(&at)
            && let Some(source) = mode.source(at as isize, extent)
            && let Some(held) = held.get_mut(source)
        {
            *held = true;
        }
    }
}
