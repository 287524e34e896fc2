//! Pictures and specs for the tests.

use proptest::prelude::*;

use crate::data::picture::{ColorMode, Picture};
use crate::labs::pooling::{Method, PoolingLabSpec, Slide, StridedKernel};
use crate::labs::shared::testing::{noise, paddings};
use crate::ops::adaptive_pool2d::AdaptivePoolKind;
use crate::render::color::Theme;
use crate::render::display::DisplayRange;
use crate::window::Padding;

/// `method` with adjacent windows of 2 x 2 pixels.
pub(super) fn plain(method: Method) -> PoolingLabSpec {
    PoolingLabSpec {
        method,
        slide: Slide {
            size: [2, 2],
            stride: [2, 2],
            padding: Padding::Valid,
            dilation: [1, 1],
            ceil_mode: false,
        },
        color: ColorMode::Grey,
        display: DisplayRange::Clip,
        theme: Theme::Light,
    }
}

/// A grey picture of the given rows of bytes.
pub(super) fn grey<const W: usize>(rows: &[[u8; W]]) -> Picture {
    let bytes = rows
        .iter()
        .flatten()
        .flat_map(|&byte| [byte, byte, byte, 255]);
    Picture::new("test", W, rows.len(), bytes.collect()).unwrap()
}

pub(super) const METHODS: [Method; 10] = [
    Method::Max,
    Method::Average {
        count_include_pad: true,
    },
    Method::Average {
        count_include_pad: false,
    },
    Method::Lp { p: 2.0 },
    Method::Strided(StridedKernel::Random { seed: 7 }),
    Method::Strided(StridedKernel::Binomial),
    Method::Blur { taps: 3 },
    Method::MaxBlur { taps: 4 },
    Method::Adaptive {
        kind: AdaptivePoolKind::Average,
        size: [2, 3],
    },
    Method::Global {
        kind: AdaptivePoolKind::Max,
    },
];

fn kinds() -> impl Strategy<Value = AdaptivePoolKind> {
    prop_oneof![Just(AdaptivePoolKind::Max), Just(AdaptivePoolKind::Average)]
}

fn kernels() -> impl Strategy<Value = StridedKernel> {
    prop_oneof![
        Just(StridedKernel::Identity),
        Just(StridedKernel::Box),
        Just(StridedKernel::Binomial),
        (0..99_u64).prop_map(|seed| StridedKernel::Random { seed }),
    ]
}

pub(super) fn methods() -> impl Strategy<Value = Method> {
    prop_oneof![
        Just(Method::Max),
        any::<bool>().prop_map(|count_include_pad| Method::Average { count_include_pad }),
        (1.0..9.0).prop_map(|p| Method::Lp { p }),
        kernels().prop_map(Method::Strided),
        (2..8_usize).prop_map(|taps| Method::Blur { taps }),
        (2..8_usize).prop_map(|taps| Method::MaxBlur { taps }),
        (kinds(), prop::array::uniform2(1..13_usize))
            .prop_map(|(kind, size)| Method::Adaptive { kind, size }),
        kinds().prop_map(|kind| Method::Global { kind }),
    ]
}

prop_compose! {
    pub(super) fn slides()(
        size in prop::array::uniform2(1..5_usize),
        stride in prop::array::uniform2(1..4_usize),
        padding in paddings(),
        dilation in prop::array::uniform2(1..4_usize),
        ceil_mode: bool,
    ) -> Slide {
        Slide { size, stride, padding, dilation, ceil_mode }
    }
}

prop_compose! {
    /// A picture and a spec for it, which may not fit the picture.
    pub(super) fn cases()(
        extents in prop::array::uniform2(1..12_usize),
        method in methods(),
        slide in slides(),
        color in prop::sample::select(vec![ColorMode::Grey, ColorMode::Color]),
    ) -> (Picture, PoolingLabSpec) {
        let spec = PoolingLabSpec { slide, color, ..plain(method) };
        (noise(extents[0], extents[1]), spec)
    }
}
