//! What the next layer saves because its input is smaller.

use crate::error::check_range;
use crate::error::{Axis, Result};
use crate::labs::pooling::layout::Layout;
use crate::window::{Padding, Window};

/// The cost of a 3 x 3 convolution with as many output as input channels, stride 1 and padding
/// "same", without pooling and after it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Savings {
    /// Channels of the layer.
    pub channels: usize,
    /// Bytes of the layer's input in `f32`: `[without, with]` pooling.
    pub bytes: [f64; 2],
    /// Multiply-adds, padding included: `[without, with]` pooling.
    pub multiply_adds: [f64; 2],
    /// The factor by which pooling reduces both.
    pub ratio: f64,
}

/// Kernel extents of the next layer.
const KERNEL: [usize; 2] = [3, 3];
const CHANNEL_LIMIT: f64 = 65536.0;

impl Savings {
    pub(super) fn new(layout: &Layout, channels: usize) -> Result<Self> {
        const OPERATOR: &str = "poolingLabSavings";
        check_range(OPERATOR, "channels", [1.0, CHANNEL_LIMIT], channels as f64)?;
        let pixels = |[rows, cols]: [usize; 2]| rows as f64 * cols as f64;
        let maps = [layout.input, layout.output];
        let outputs = |map: [usize; 2]| {
            let window = Window::new(OPERATOR, KERNEL, [1, 1], [1, 1], Padding::Same, map)?;
            Ok([
                window.output_extent(OPERATOR, Axis::Height, map[0])?,
                window.output_extent(OPERATOR, Axis::Width, map[1])?,
            ])
        };
        let width = channels as f64;
        let work = |map| Ok(pixels(outputs(map)?) * pixels(KERNEL) * width * width);
        Ok(Savings {
            channels,
            bytes: maps.map(|map| pixels(map) * width * size_of::<f32>() as f64),
            multiply_adds: [work(maps[0])?, work(maps[1])?],
            ratio: pixels(maps[0]) / pixels(maps[1]),
        })
    }
}
