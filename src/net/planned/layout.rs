//! Where each value lies in the arena.
//!
//! Values live in buffers. A value that only a concatenation reads is made at its place in the result;
//! one that a step adds to or limits, and nothing else reads, is overwritten; every other has a buffer
//! of its own. A buffer lives from the first step that writes into it to the last that reads it. That
//! of the network's input already lives before all steps and that of its output still lives after them,
//! so an input stays until another is given.

use std::ops::Range;

use crate::net::graph::{Graph, NodeId};
use crate::net::planned::fuse::{Fused, Values, is_affine, length};
use crate::net::spec::Op;

/// Buffers start at multiples of this many values: 64 bytes, a cache line.
const ALIGNMENT: u64 = 16;

/// The arena's plan. Offsets are counted in `f32` values.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Layout {
    /// Where each node's value lies; empty for nodes without one of their own.
    pub values: Vec<Range<u64>>,
    /// The scratch space of each step.
    pub scratch: Vec<Range<u64>>,
    /// Length of the arena.
    pub len: u64,
}

impl Layout {
    /// The arena of the given steps, which need so many values of `scratch` space each.
    pub fn new(graph: &Graph, values: &Values, steps: &[Fused], scratch: &[u64]) -> Layout {
        let homes = homes(graph, values, steps);
        let mut buffers = Vec::new();
        for home in homes.iter().flatten() {
            buffers.resize(buffers.len().max(home.buffer + 1), Buffer::default());
        }
        let last = steps.len();
        let mut lives = |value: NodeId, from: usize, to: usize| {
            let Some(home) = homes[value.index()] else {
                return;
            };
            let end = home.start + length(graph[value].shape);
            buffers[home.buffer].covers(end, from, to);
        };
        lives(NodeId::INPUT, 0, last);
        for (idx, step) in steps.iter().enumerate() {
            lives(step.output, idx, idx);
            step.inputs.iter().for_each(|&input| lives(input, idx, idx));
        }
        for value in values.kept().chain([values.of(graph.last())]) {
            lives(value, last, last);
        }
        let first_scratch = buffers.len();
        buffers.extend(scratch.iter().enumerate().map(|(idx, &len)| Buffer {
            len,
            lifetime: Some([idx, idx]),
        }));
        let (starts, len) = arranged(&buffers);
        let at = |home: Home| starts[home.buffer] + home.start;
        Layout {
            values: homes
                .iter()
                .zip(graph.nodes())
                .map(|(home, node)| {
                    let start = home.map_or(0, at);
                    let len = home.map_or(0, |_| length(node.shape));
                    start..start + len
                })
                .collect(),
            scratch: (first_scratch..buffers.len())
                .map(|idx| match buffers[idx].len {
                    // An empty range in the middle of another would count as an overlap.
                    0 => 0..0,
                    len => starts[idx]..starts[idx] + len,
                })
                .collect(),
            len,
        }
    }

    /// Memory of the arena.
    pub fn bytes(&self) -> f64 {
        self.len as f64 * size_of::<f32>() as f64
    }
}

/// Where a value lies within a buffer.
#[derive(Clone, Copy, Debug)]
struct Home {
    buffer: usize,
    start: u64,
}

/// The buffer of each value.
fn homes(graph: &Graph, values: &Values, steps: &[Fused]) -> Vec<Option<Home>> {
    let mut homes: Vec<Option<Home>> = vec![None; graph.nodes().len()];
    let mut buffers = 0..;
    let mut new = || {
        let buffer = buffers.next().unwrap_or_default();
        Home { buffer, start: 0 }
    };
    homes[NodeId::INPUT.index()] = Some(new());
    let is_concat = |step: &Fused| graph[step.main].op == Some(Op::Concat {});
    // From the last to the first: a part of a concatenation may itself be one.
    for step in steps.iter().rev().filter(|step| is_concat(step)) {
        let Home { buffer, mut start } = *homes[step.output.index()].get_or_insert_with(&mut new);
        for &input in &step.inputs {
            if values.uses(input) == 1 && homes[input.index()].is_none() {
                homes[input.index()] = Some(Home { buffer, start });
            }
            start += length(graph[input].shape);
        }
    }
    for step in steps {
        if homes[step.output.index()].is_none() {
            let overwritten = overwritable(graph, step)
                .iter()
                .find(|&&input| input != NodeId::INPUT && values.uses(input) == 1);
            homes[step.output.index()] = match overwritten {
                Some(input) => homes[input.index()],
                None => Some(new()),
            };
        }
    }
    homes
}

/// The inputs that a step may overwrite with its output.
fn overwritable<'a>(graph: &Graph, step: &'a Fused) -> &'a [NodeId] {
    match &graph[step.main].op {
        // A sum starts with one of the first two, so that the order of summing stays.
        Some(Op::Add {}) => &step.inputs[..2],
        Some(Op::Activation { .. } | Op::Softmax {}) => &step.inputs,
        Some(op) if is_affine(op) => &step.inputs,
        _ => &[],
    }
}

/// Memory that one or several values share.
#[derive(Clone, Debug, Default)]
struct Buffer {
    len: u64,
    /// The first and the last step that need it; none if nothing does.
    lifetime: Option<[usize; 2]>,
}

impl Buffer {
    fn covers(&mut self, end: u64, from: usize, to: usize) {
        self.len = self.len.max(end);
        let [first, last] = self.lifetime.unwrap_or([from, to]);
        self.lifetime = Some([first.min(from), last.max(to)]);
    }

    fn meets(&self, other: &Buffer) -> bool {
        match (self.lifetime, other.lifetime) {
            (Some([first, last]), Some([other_first, other_last])) => {
                first <= other_last && other_first <= last
            }
            _ => false,
        }
    }
}

/// The start of each buffer and the length of all: the largest first, each in the smallest gap between
/// those that live at the same time.
///
/// Greedy by size for offsets: Pisarchyk and Lee, Efficient Memory Management for Deep Neural Net
/// Inference, arXiv:2001.03288, section 5.2.
fn arranged(buffers: &[Buffer]) -> (Vec<u64>, u64) {
    let mut order = (0..buffers.len()).collect::<Vec<_>>();
    order.sort_by_key(|&idx| (std::cmp::Reverse(buffers[idx].len), idx));
    let mut starts = vec![0; buffers.len()];
    // Those that have their place, by their starts.
    let mut placed: Vec<usize> = Vec::new();
    let mut total = 0;
    for idx in order {
        let len = buffers[idx].len.next_multiple_of(ALIGNMENT);
        let mut free = 0;
        let mut best: Option<Range<u64>> = None;
        for &other in placed
            .iter()
            .filter(|&&other| buffers[other].meets(&buffers[idx]))
        {
            let gap = free..starts[other];
            let fits = gap.start < gap.end && gap.end - gap.start >= len;
            let smaller = |best: &Range<u64>| gap.end - gap.start < best.end - best.start;
            if fits && best.as_ref().is_none_or(smaller) {
                best = Some(gap);
            }
            free = free.max(starts[other] + buffers[other].len.next_multiple_of(ALIGNMENT));
        }
        starts[idx] = best.map_or(free, |gap| gap.start);
        total = total.max(starts[idx] + len);
        let at = placed.partition_point(|&other| starts[other] <= starts[idx]);
        placed.insert(at, idx);
    }
    (starts, total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn buffer(len: u64, lifetime: [usize; 2]) -> Buffer {
        Buffer {
            len,
            lifetime: Some(lifetime),
        }
    }

    #[test]
    fn what_does_not_live_at_the_same_time_shares_memory() {
        // A chain a, b, c, of which a and c never meet, and d that fits into the gap below c.
        let buffers = [
            buffer(64, [0, 1]),
            buffer(32, [1, 2]),
            buffer(48, [2, 3]),
            buffer(16, [2, 3]),
        ];
        let (starts, len) = arranged(&buffers);
        assert_eq!((starts, len), (vec![0, 64, 0, 48], 96));
    }

    proptest! {
        #[test]
        fn what_lives_at_the_same_time_stands_apart(
            buffers in prop::collection::vec((0..300_u64, 0..20_usize, 0..6_usize), 0..60),
        ) {
            let buffers = buffers.into_iter().map(|(len, first, more)| buffer(len, [first, first + more]));
            let buffers = buffers.collect::<Vec<_>>();
            let (starts, len) = arranged(&buffers);
            for (idx, one) in buffers.iter().enumerate() {
                prop_assert!(starts[idx].is_multiple_of(ALIGNMENT));
                prop_assert!(starts[idx] + one.len <= len);
                for (other_idx, other) in buffers.iter().enumerate().skip(idx + 1) {
                    let apart = starts[idx] + one.len <= starts[other_idx]
                        || starts[other_idx] + other.len <= starts[idx];
                    prop_assert!(apart || !one.meets(other), "{idx} and {other_idx}");
                }
            }
        }
    }
}
