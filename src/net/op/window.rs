//! The window that an operator slides over its input.

use crate::error::{Axis, Result, check_range};
use crate::net::op::ranges::TAPS;
use crate::net::op::shape::MAP_EXTENT_LIMIT;
use crate::net::spec::Op;
use crate::ops::pool2d::check_covers_input;
use crate::window::{Padding, PaddingMode, Sides, Window, check_padding};

/// The window that `op` slides over a map of `input` `[rows, columns]`, if it has one. Along an axis
/// of unknown extent, [`Padding::Same`] is resolved for an extent of 0: see
/// [`Window::same_padding_before`].
///
/// # Errors
/// As [`Window::new`].
pub(crate) fn window(op: &Op, input: [Option<usize>; 2]) -> Result<Option<Window>> {
    let (kernel, stride, padding, dilation) = match *op {
        Op::Conv2d {
            kernel,
            stride,
            padding,
            dilation,
            ..
        } => (kernel, stride, padding, dilation),
        Op::ConvTranspose2d {
            kernel,
            stride,
            padding,
            dilation,
            ..
        } => (kernel, stride, Padding::Explicit(padding), dilation),
        Op::Pool2d {
            size,
            stride,
            padding,
            dilation,
            ..
        } => (size, stride.unwrap_or(size), padding, dilation),
        Op::BlurPool2d { taps, stride } => {
            let input = input.map(Option::unwrap_or_default);
            return blur_window(taps, stride, input).map(Some);
        }
        Op::GlobalPool2d { .. }
        | Op::AdaptivePool2d { .. }
        | Op::Pad2d { .. }
        | Op::Resize2d { .. }
        | Op::Activation { .. }
        | Op::Prelu {}
        | Op::BatchNorm { .. }
        | Op::GroupNorm { .. }
        | Op::LocalResponseNorm { .. }
        | Op::Dropout { .. }
        | Op::Scale { .. }
        | Op::ChannelScale {}
        | Op::Add {}
        | Op::Concat {}
        | Op::Flatten {}
        | Op::Dense { .. }
        | Op::Softmax {} => return Ok(None),
    };
    let input = input.map(Option::unwrap_or_default);
    Window::new(op.name(), kernel, stride, dilation, padding, input).map(Some)
}

/// The window of `blurPool2d`, padded so that its middle falls on every stride-th pixel.
///
/// # Errors
/// [`Error::OutOfRange`](crate::error::Error::OutOfRange) for other than 2 to 7 taps; as [`Window::new`].
pub(crate) fn blur_window(taps: usize, stride: [usize; 2], input: [usize; 2]) -> Result<Window> {
    const OPERATOR: &str = "blurPool2d";
    check_range(OPERATOR, "taps", TAPS.map(|taps| taps as f64), taps as f64)?;
    let (before, after) = ((taps - 1) / 2, taps / 2);
    let padding = Padding::Explicit(Sides {
        top: before,
        left: before,
        bottom: after,
        right: after,
    });
    Window::new(OPERATOR, [taps; 2], stride, [1, 1], padding, input)
}

/// The extents that `op`, which slides a window, makes of a map of `input` `[rows, columns]`.
///
/// # Errors
/// As [`Window::output_extent`]; for poolings also windows that see padding alone.
pub(in crate::net) fn output_extents(
    op: &Op,
    input: [Option<usize>; 2],
) -> Result<[Option<usize>; 2]> {
    let operator = op.name();
    let Some(window) = window(op, input)? else {
        return Ok(input);
    };
    if let Op::BlurPool2d { .. } = op {
        check_filling(operator, PaddingMode::Reflect, window.padding, input)?;
    }
    along_axes(|axis| {
        let Some(input) = input[axis as usize] else {
            return Ok(None);
        };
        let output = match op {
            Op::Pool2d {
                ceil_mode: true, ..
            } => window.output_extent_ceil(operator, axis, input)?,
            _ => window.output_extent(operator, axis, input)?,
        };
        if let Op::Pool2d { .. } = op {
            check_covers_input(operator, &window, axis, input, output)?;
        }
        Ok(Some(output))
    })
}

/// [`check_padding`] along the axes whose extents are known.
pub(in crate::net) fn check_filling(
    operator: &'static str,
    mode: PaddingMode,
    padding: Sides,
    input: [Option<usize>; 2],
) -> Result<()> {
    // An extent that is not known is taken to be large enough.
    let input = input.map(|extent| extent.unwrap_or(MAP_EXTENT_LIMIT.pow(2) / 2));
    check_padding(operator, mode, padding, input)
}

pub(in crate::net) fn along_axes<T>(of: impl Fn(Axis) -> Result<T>) -> Result<[T; 2]> {
    Ok([of(Axis::Height)?, of(Axis::Width)?])
}
