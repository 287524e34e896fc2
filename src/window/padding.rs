//! Padding: how much surrounds an input, and how it is filled.

use serde::{Deserialize, Serialize};

use crate::error::{Axis, Error, Result};

/// Pixels added around the input, per side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sides {
    /// Rows above the input.
    pub top: usize,
    /// Columns left of the input.
    pub left: usize,
    /// Rows below the input.
    pub bottom: usize,
    /// Columns right of the input.
    pub right: usize,
}

impl Sides {
    /// The same padding on all four sides.
    pub const fn all(extent: usize) -> Self {
        Sides {
            top: extent,
            left: extent,
            bottom: extent,
            right: extent,
        }
    }

    /// `[before, after]` along an axis.
    pub const fn along(&self, axis: Axis) -> [usize; 2] {
        match axis {
            Axis::Height => [self.top, self.bottom],
            Axis::Width => [self.left, self.right],
        }
    }
}

/// How much padding surrounds the input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Padding {
    /// No padding: the window stays inside the input.
    #[default]
    Valid,
    /// Output extent = ceil(input / stride); an odd pixel goes to the bottom and the right.
    ///
    /// The same as PyTorch's `"same"` at stride 1, and as TensorFlow's `SAME` and ONNX's
    /// `SAME_UPPER` at any stride.
    Same,
    /// Every position where the window and the input overlap at all.
    Full,
    /// Given per side.
    Explicit(Sides),
}

/// How padding is filled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaddingMode {
    /// Zeros.
    #[default]
    Zeros,
    /// The input mirrored at its border pixel, which is not repeated: `c b | a b c | b a`.
    Reflect,
    /// The border pixel repeated: `a a | a b c | c c`.
    Replicate,
    /// The input repeated: `b c | a b c | a b`.
    Circular,
}

impl PaddingMode {
    /// Every mode, in the order in which they are offered.
    pub const ALL: [PaddingMode; 4] = [
        PaddingMode::Zeros,
        PaddingMode::Reflect,
        PaddingMode::Replicate,
        PaddingMode::Circular,
    ];

    /// The name in options and links.
    pub const fn name(self) -> &'static str {
        match self {
            PaddingMode::Zeros => "zeros",
            PaddingMode::Reflect => "reflect",
            PaddingMode::Replicate => "replicate",
            PaddingMode::Circular => "circular",
        }
    }

    /// The index of the input pixel that fills `position` along an axis of `extent` pixels, or
    /// `None` for a zero.
    ///
    /// `position` may lie outside `0..extent` by at most what [`check_padding`] allows.
    pub fn source(self, position: isize, extent: usize) -> Option<usize> {
        let n = extent as isize;
        let inside = match self {
            PaddingMode::Zeros => (0..n).contains(&position).then_some(position),
            PaddingMode::Reflect if position < 0 => Some(-position),
            PaddingMode::Reflect if position >= n => Some(2 * (n - 1) - position),
            PaddingMode::Reflect => Some(position),
            PaddingMode::Replicate => Some(position.clamp(0, n - 1)),
            PaddingMode::Circular => Some(position.rem_euclid(n)),
        };
        inside.map(|index| index as usize)
    }
}

/// Checks that `mode` can fill `padding` around an input of `input` `[rows, columns]`.
///
/// # Errors
/// [`Error::PaddingTooLarge`]. As in PyTorch, reflection needs padding < input, wrapping needs
/// padding <= input, and an empty input has no border to repeat.
pub fn check_padding(
    operator: &'static str,
    mode: PaddingMode,
    padding: Sides,
    input: [usize; 2],
) -> Result<()> {
    for axis in [Axis::Height, Axis::Width] {
        let extent = input[axis as usize];
        let limit = match mode {
            PaddingMode::Zeros => continue,
            PaddingMode::Replicate if extent > 0 => continue,
            PaddingMode::Replicate => 0,
            PaddingMode::Reflect => extent.saturating_sub(1),
            PaddingMode::Circular => extent,
        };
        let got = padding.along(axis).into_iter().max().unwrap_or(0);
        if got > limit {
            return Err(Error::PaddingTooLarge {
                operator,
                axis,
                mode: mode.name(),
                limit,
                got,
            });
        }
    }
    Ok(())
}
