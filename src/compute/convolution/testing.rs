//! Inputs for the tests of convolutions and of their gradients.

use crate::compute::convolution::Geometry;
use crate::compute::correlation::Correlation;
use crate::data::rng::Rng;
use crate::window::{Padding, Sides, Window};
use proptest::prelude::*;

/// Normally distributed numbers.
pub(crate) fn values(seed: u64, len: usize) -> Vec<f32> {
    let mut rng = Rng::new(seed);
    (0..len).map(|_| rng.normal() as f32).collect()
}

/// The geometry of `groups` groups with that many channels each; `None` if the kernel does not fit.
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

/// Up to three zeros on each side.
pub(crate) fn sides() -> impl Strategy<Value = Sides> {
    [0..4_usize, 0..4, 0..4, 0..4].prop_map(|[top, left, bottom, right]| Sides {
        top,
        left,
        bottom,
        right,
    })
}

/// The definition, for that many images.
pub(crate) fn correlation(geometry: &Geometry, images: usize) -> Correlation {
    Correlation {
        n: images,
        groups: geometry.groups,
        in_channels: geometry.in_channels,
        out_channels: geometry.out_channels,
        padded_input: geometry.padded(),
        output: geometry.output,
        kernel: geometry.kernel,
        stride: geometry.stride,
        dilation: geometry.dilation,
    }
}
