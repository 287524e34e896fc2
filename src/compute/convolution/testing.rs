//! What tests of convolutions and of their gradients start from.

use crate::compute::convolution::Geometry;
use crate::compute::direct::Correlation;
use crate::data::rng::Rng;
use crate::window::{Padding, Sides, Window};

/// Normal numbers.
pub(crate) fn values(seed: u64, len: usize) -> Vec<f32> {
    let mut rng = Rng::new(seed);
    (0..len).map(|_| rng.normal() as f32).collect()
}

/// Groups with so many channels each; `None` if the window does not fit.
pub(crate) fn geometry(
    [groups, in_channels, out_channels]: [usize; 3],
    input: [usize; 2],
    kernel: [usize; 2],
    [stride, dilation]: [[usize; 2]; 2],
    padding: Sides,
) -> Option<Geometry> {
    let padding = Padding::Explicit(padding);
    let window = Window::new("test", kernel, stride, dilation, padding, input).ok()?;
    Some(Geometry {
        groups,
        in_channels: groups * in_channels,
        out_channels: groups * out_channels,
        input,
        output: window.output_size("test", input).ok()?,
        kernel,
        stride,
        dilation,
        padding: window.padding,
    })
}

/// The definition, of that many images with their padding.
pub(crate) fn correlation(geometry: &Geometry, images: usize) -> Correlation {
    Correlation {
        n: images,
        groups: geometry.groups,
        wide_channels: geometry.in_channels,
        narrow_channels: geometry.out_channels,
        wide: geometry.padded(),
        narrow: geometry.output,
        kernel: geometry.kernel,
        stride: geometry.stride,
        dilation: geometry.dilation,
    }
}
