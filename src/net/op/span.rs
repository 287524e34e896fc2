//! Runs of positions along an axis.

use std::ops::Range;

/// Positions from `start` to before `end`; never empty. They may lie outside a map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// The first position.
    pub start: i64,
    /// The position after the last.
    pub end: i64,
}

impl Span {
    /// Number of positions.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// The smallest span that contains both.
    pub(in crate::net) fn around(self, other: Span) -> Span {
        Span {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    /// Where this span lies within an array that holds `held`.
    pub(in crate::net) fn within(self, held: Span) -> Range<usize> {
        (self.start - held.start) as usize..(self.end - held.start) as usize
    }
}
