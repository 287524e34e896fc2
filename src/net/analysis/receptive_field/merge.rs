//! What a node sees where several inputs meet, and whether they look at the same pixels.

use super::track::{Overflow, Sight, Track};
use super::{centre, stride};
use crate::error::Axis;
use crate::net::graph::NodeId;

/// Inputs that meet in one node but look at different pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct Misalignment {
    /// The axis along which they do.
    pub axis: Axis,
    /// The inputs, in the node's order.
    pub branches: Vec<Branch>,
}

/// Where an input of a node looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Branch {
    /// The input.
    pub input: NodeId,
    /// Its effective stride.
    pub stride: f64,
    /// The centre of the field of its position 0, in input pixels; `None` if it is not known or the
    /// position sees nothing.
    pub centre: Option<f64>,
    /// That centre minus the first branch's.
    pub offset: Option<f64>,
}

/// Whether inputs look at the same pixels.
#[derive(Clone, Debug, PartialEq)]
pub enum Alignment {
    Aligned,
    Misaligned(Vec<Branch>),
    /// It depends on an extent that is not known.
    Unknown,
}

impl Alignment {
    pub fn known(&self) -> Option<bool> {
        match self {
            Alignment::Aligned => Some(true),
            Alignment::Misaligned(_) => Some(false),
            Alignment::Unknown => None,
        }
    }
}

/// What `node` sees through all of `inputs`, each with what it sees.
///
/// Inputs are aligned if they have the same effective stride and the same centres; an input whose
/// positions all see the same is aligned with any other.
///
/// # Errors
/// [`Overflow`].
pub fn merge(inputs: &[(NodeId, &Sight)], node: NodeId) -> Result<(Sight, Alignment), Overflow> {
    let tracks = inputs.iter().filter_map(|(input, sight)| match sight {
        Sight::Track(track) => Some((*input, track)),
        Sight::Everything | Sight::Unknown => None,
    });
    let tracks = tracks.collect::<Vec<_>>();
    let alignment = alignment(&tracks);
    let unknown = inputs.iter().any(|(_, sight)| **sight == Sight::Unknown);
    let alignment = match alignment {
        Alignment::Aligned if unknown => Alignment::Unknown,
        other => other,
    };
    if inputs.iter().any(|(_, sight)| **sight == Sight::Everything) {
        return Ok((Sight::Everything, alignment));
    }
    if unknown {
        return Ok((Sight::Unknown, alignment));
    }
    Ok((together(&tracks, node)?, alignment))
}

fn alignment(tracks: &[(NodeId, &Track)]) -> Alignment {
    let moving = tracks.iter().filter(|(_, track)| track.shift > 0);
    let moving = moving.map(|&(_, track)| track).collect::<Vec<_>>();
    let Some((first, rest)) = moving.split_first() else {
        return Alignment::Aligned;
    };
    let at_pace = rest.iter().all(|track| track.keeps_pace_with(first));
    if at_pace && rest.iter().any(|track| track.origin != first.origin) {
        return Alignment::Unknown;
    }
    if at_pace && rest.iter().all(|track| centred_alike(track, first)) {
        return Alignment::Aligned;
    }
    let first = tracks.first().and_then(|(_, track)| known_centre(track));
    let branch = |&(input, track): &(NodeId, &Track)| {
        let centre = known_centre(track);
        Branch {
            input,
            stride: stride(track),
            centre,
            offset: centre.zip(first).map(|(centre, first)| centre - first),
        }
    };
    Alignment::Misaligned(tracks.iter().map(branch).collect())
}

fn known_centre(track: &Track) -> Option<f64> {
    match track.origin {
        None => centre(track),
        Some(_) => None,
    }
}

fn centred_alike(one: &Track, other: &Track) -> bool {
    match (one.centre(), other.centre()) {
        (Some([centre, denominator]), Some([other_centre, other_denominator])) => {
            centre * other_denominator == other_centre * denominator
        }
        // A branch that sees nothing looks nowhere else.
        _ => true,
    }
}

/// What inputs see together; of those that move differently, the largest field.
fn together(tracks: &[(NodeId, &Track)], node: NodeId) -> Result<Sight, Overflow> {
    let Some(((_, first), rest)) = tracks.split_first() else {
        return Ok(Sight::Unknown);
    };
    let mut sum = (*first).clone();
    for (_, track) in rest {
        if track.keeps_pace_with(&sum) && track.origin == sum.origin {
            match sum.with(track)? {
                Some(both) => sum = both,
                None => return Ok(Sight::Unknown),
            }
        } else {
            let origin = if track.origin == sum.origin {
                sum.origin
            } else {
                Some(node)
            };
            if track.size() > sum.size() {
                sum = (*track).clone();
            }
            sum.origin = origin;
        }
    }
    Ok(Sight::Track(sum))
}
