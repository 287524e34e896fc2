//! Pictures and specs for the tests of the labs.

use proptest::prelude::*;

use crate::data::picture::{ColorMode, Picture};
use crate::data::rng::Rng;
use crate::kernel::Kernel;
use crate::labs::kernel::KernelLabSpec;
use crate::ops::conv2d::Conv2dOptions;
use crate::render::color::Theme;
use crate::render::display::DisplayRange;
use crate::window::{Padding, PaddingMode, Sides};

/// A picture of random bytes, alpha included.
pub(in crate::labs) fn noise(height: usize, width: usize) -> Picture {
    let mut rng = Rng::new((height * 1000 + width) as u64);
    let bytes = (0..4 * height * width).map(|_| (256.0 * rng.uniform()) as u8);
    Picture::new("test", width, height, bytes.collect()).unwrap()
}

/// The kernel lab's spec for `kernel`, with everything else as simple as possible.
pub(in crate::labs) fn plain(kernel: Kernel) -> KernelLabSpec {
    KernelLabSpec {
        kernel,
        color: ColorMode::Grey,
        conv: Conv2dOptions::default(),
        bias: 0.0,
        relu: false,
        display: DisplayRange::Symmetric,
        theme: Theme::Light,
    }
}

pub(in crate::labs) fn paddings() -> impl Strategy<Value = Padding> {
    prop_oneof![
        Just(Padding::Valid),
        Just(Padding::Same),
        Just(Padding::Full),
        prop::array::uniform4(0..4_usize).prop_map(|[top, left, bottom, right]| {
            Padding::Explicit(Sides {
                top,
                left,
                bottom,
                right,
            })
        }),
    ]
}

prop_compose! {
    fn options()(
        stride in prop::array::uniform2(1..4_usize),
        dilation in prop::array::uniform2(1..4_usize),
        padding in paddings(),
        padding_mode in prop::sample::select(&PaddingMode::ALL[..]),
        flip_kernel: bool,
    ) -> Conv2dOptions {
        Conv2dOptions { stride, padding, padding_mode, dilation, groups: 1, flip_kernel }
    }
}

prop_compose! {
    /// A picture and a spec for it, which may not fit the picture.
    pub(in crate::labs) fn cases()(
        extents in prop::array::uniform2(1..11_usize),
        (height, width) in (1..6_usize, 1..6_usize),
        weights in prop::collection::vec(-2.0..2.0, 25),
        color in prop::sample::select(vec![ColorMode::Grey, ColorMode::Color]),
        conv in options(),
        bias in prop_oneof![Just(0.0), -2.0..2.0],
        relu: bool,
    ) -> (Picture, KernelLabSpec) {
        let kernel = Kernel::from_shape_fn((height, width), |(row, column)| weights[row * 5 + column]);
        let spec = KernelLabSpec { color, conv, bias, relu, ..plain(kernel) };
        (noise(extents[0], extents[1]), spec)
    }
}
