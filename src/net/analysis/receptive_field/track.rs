//! The receptive fields of all positions of one node along one axis, as a repeating pattern.

use crate::net::graph::NodeId;
use crate::net::op::footprint::{Footprint, Taps, gcd};

/// Longer patterns are not followed: no network enlarges its maps that often.
const PERIOD_LIMIT: i64 = 128;

/// Numbers beyond are not whole numbers that JavaScript holds exactly.
pub const FIELD_LIMIT: i64 = 1 << 53;

/// The first and the last position that something depends on; `None` if it depends on none.
pub type Span = Option<[i64; 2]>;

/// What the positions of a node see of the input along one axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Fields in a regular order.
    Track(Track),
    /// The whole of an input whose extent is not known.
    Everything,
    /// It depends on an extent that is not known, or has no short pattern.
    Unknown,
}

/// Fields that repeat: those of positions 0, 1, ... `spans.len()` − 1, then the same moved by
/// `shift` input pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Track {
    /// One period.
    pub spans: Vec<Span>,
    /// Input pixels from one period to the next; 0 if every position sees the same.
    pub shift: i64,
    /// The node whose padding depends on an extent that is not known: all spans are relative to an
    /// unknown position, the same for all nodes with this origin. `None` if they are absolute.
    pub origin: Option<NodeId>,
}

/// The field left the range of exact numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overflow;

impl Sight {
    /// Each position of the input sees itself.
    pub fn input() -> Sight {
        Sight::Track(Track {
            spans: vec![Some([0, 0])],
            shift: 1,
            origin: None,
        })
    }

    /// What `node` sees, whose positions touch this one's as `footprint` says.
    ///
    /// # Errors
    /// [`Overflow`].
    pub fn through(&self, footprint: &Footprint, node: NodeId) -> Result<Sight, Overflow> {
        match (self, footprint) {
            (Sight::Everything, _) | (_, Footprint::All(None)) => Ok(Sight::Everything),
            (Sight::Unknown, _) | (_, Footprint::Unknown) => Ok(Sight::Unknown),
            (Sight::Track(track), _) => track.through(footprint, node),
        }
    }
}

impl Track {
    fn through(&self, footprint: &Footprint, node: NodeId) -> Result<Sight, Overflow> {
        let (footprint, origin) = match *footprint {
            Footprint::Window {
                kernel,
                stride,
                dilation,
                before: None,
                fill,
            } => {
                if self.period() > 1 {
                    // Where the windows lie in the pattern is not known.
                    return Ok(Sight::Unknown);
                }
                let before = Some(0);
                let anywhere = Footprint::Window {
                    kernel,
                    stride,
                    dilation,
                    before,
                    fill,
                };
                (anywhere, Some(node))
            }
            known => (known, self.origin),
        };
        let [outputs, inputs] = footprint.pace();
        let periods = self.period() / gcd(self.period(), inputs);
        let period = periods * outputs;
        if period > PERIOD_LIMIT {
            return Ok(Sight::Unknown);
        }
        let shift = checked((periods * inputs / self.period()).checked_mul(self.shift))?;
        let spans = (0..period)
            .map(|at| self.over(footprint.taps(at).ok_or(Overflow)?))
            .collect::<Result<_, _>>()?;
        Ok(Sight::Track(Track {
            spans,
            shift,
            origin,
        }))
    }

    /// Number of positions after which the fields repeat.
    pub fn period(&self) -> i64 {
        self.spans.len() as i64
    }

    /// What position `at` sees.
    ///
    /// # Errors
    /// [`Overflow`].
    pub fn at(&self, at: i64) -> Result<Span, Overflow> {
        let Some([first, last]) = self.spans[at.rem_euclid(self.period()) as usize] else {
            return Ok(None);
        };
        let moved = checked(at.div_euclid(self.period()).checked_mul(self.shift))?;
        Ok(Some([
            checked(first.checked_add(moved))?,
            checked(last.checked_add(moved))?,
        ]))
    }

    /// What all of some positions see together.
    fn over(&self, taps: Taps) -> Result<Span, Overflow> {
        // Of the positions at the same point of the pattern, the first sees the first pixel and the
        // last sees the last one.
        let alike = taps.count.min(self.period());
        let indices = (0..alike).chain(taps.count - alike..taps.count);
        indices
            .map(|idx| self.at(taps.start + idx * taps.step))
            .try_fold(None, |sum, span| Ok(union(sum, span?)))
    }

    /// The largest number of pixels, from the first to the last, that a position sees.
    pub fn size(&self) -> i64 {
        let sizes = self
            .spans
            .iter()
            .flatten()
            .map(|[first, last]| last - first + 1);
        sizes.max().unwrap_or(0)
    }

    /// Twice the mean distance of the fields' centres from a line through pixel 0 at position 0, as
    /// numerator and denominator; `None` if no position sees anything.
    pub fn centre(&self) -> Option<[i128; 2]> {
        let period = i128::from(self.period());
        let seen = (0_i128..).zip(&self.spans).filter_map(|(at, span)| {
            let [first, last] = (*span)?.map(i128::from);
            Some((first + last) * period - 2 * at * i128::from(self.shift))
        });
        let (count, sum) = seen.fold((0, 0), |(count, sum), distance| (count + 1, sum + distance));
        (count > 0).then_some([sum, count * period])
    }

    /// Whether both move alike over the input.
    pub fn keeps_pace_with(&self, other: &Track) -> bool {
        i128::from(self.shift) * i128::from(other.period())
            == i128::from(other.shift) * i128::from(self.period())
    }

    /// What positions of both see together; `None` if the common pattern is too long. Both move
    /// alike.
    ///
    /// # Errors
    /// [`Overflow`].
    pub fn with(&self, other: &Track) -> Result<Option<Track>, Overflow> {
        let period = self.period() / gcd(self.period(), other.period()) * other.period();
        if period > PERIOD_LIMIT {
            return Ok(None);
        }
        let spans = (0..period)
            .map(|at| Ok(union(self.at(at)?, other.at(at)?)))
            .collect::<Result<_, _>>()?;
        Ok(Some(Track {
            spans,
            shift: checked((period / self.period()).checked_mul(self.shift))?,
            origin: self.origin,
        }))
    }
}

/// Both spans and what lies between.
pub fn union(one: Span, other: Span) -> Span {
    match (one, other) {
        (Some([first, last]), Some([other_first, other_last])) => {
            Some([first.min(other_first), last.max(other_last)])
        }
        _ => one.or(other),
    }
}

fn checked(value: Option<i64>) -> Result<i64, Overflow> {
    value
        .filter(|value| (-FIELD_LIMIT..=FIELD_LIMIT).contains(value))
        .ok_or(Overflow)
}
