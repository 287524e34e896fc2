use proptest::prelude::*;

use super::cases::{METHODS, cases, grey, plain};
use super::naive;
use crate::data::picture::ColorMode;
use crate::error::{Axis, Error};
use crate::labs::pooling::{
    Layout, Method, PoolingLab, PoolingLabSpec, Slide, StageKind, StridedKernel,
};
use crate::labs::shared::testing::noise;
use crate::ops::adaptive_pool2d::AdaptivePoolKind;
use crate::window::{Padding, Sides};

/// Sums of up to 49 products in single precision, each rounded once more when added.
const TOLERANCE: f64 = 50.0 * f32::EPSILON as f64;

proptest! {
    #[test]
    fn every_method_is_what_its_definition_says((picture, spec) in cases()) {
        let input = picture.to_tensor(spec.color);
        let Ok(output) = spec.run(input.view()) else { return Ok(()) };
        let input_f64 = input.index_axis(ndarray::Axis(0), 0).mapv(f64::from);
        let expected = naive::pooled(spec.method, &spec.slide, input_f64.view());
        prop_assert_eq!(output.output.shape()[1..].to_vec(), expected.shape().to_vec());
        for (got, expected) in output.output.iter().zip(&expected) {
            let scale = expected.abs().max(1.0);
            prop_assert!((f64::from(*got) - expected).abs() <= TOLERANCE * scale, "{got} {expected}");
        }
    }

    #[test]
    fn the_layout_knows_the_extents_and_the_legend_the_values((picture, spec) in cases()) {
        let lab = PoolingLab::new(picture.clone());
        let output = spec.run(picture.to_tensor(spec.color).view());
        match (lab.output(&spec), output) {
            (Ok(frame), Ok(output)) => {
                let [_, channels, height, width] = output.output.shape()[..] else {
                    panic!("four axes")
                };
                prop_assert_eq!(frame.layout.output, [height, width]);
                prop_assert_eq!([frame.rendered.height, frame.rendered.width], [height, width]);
                prop_assert_eq!(frame.channels, channels);
                let most = output.output.iter().copied().fold(f32::MIN, f32::max);
                prop_assert_eq!(frame.rendered.legend.value_max, f64::from(most));
            }
            (frame, output) => {
                prop_assert_eq!(frame.err(), output.err());
            }
        }
    }

    /// The formula as shown on screen: floor or ceil of the steps, plus one, minus the dropped
    /// windows.
    #[test]
    fn the_size_formula_gives_the_size((picture, spec) in cases()) {
        let lab = PoolingLab::new(picture);
        let Ok(frame) = lab.output(&spec) else { return Ok(()) };
        let mut extents = frame.layout.input;
        for stage in &frame.layout.stages {
            prop_assert_eq!(stage.input, extents);
            for axis in [Axis::Height, Axis::Width] {
                let [before, after] = stage.window.padding.along(axis);
                let idx = axis as usize;
                let room = (stage.input[idx] + before + after) as f64
                    - stage.window.dilation[idx] as f64 * (stage.window.kernel[idx] as f64 - 1.0) - 1.0;
                let steps = room / stage.window.stride[idx] as f64;
                let steps = if stage.ceil_mode { steps.ceil() } else { steps.floor() };
                prop_assert_eq!(stage.output[idx] as f64, steps + 1.0 - stage.dropped[idx] as f64);
            }
            extents = stage.output;
        }
        if !frame.layout.stages.is_empty() {
            prop_assert_eq!(frame.layout.output, extents);
        }
    }

    /// Pixels outside the footprint have no influence on an output.
    #[test]
    fn an_output_depends_only_on_its_footprint((picture, spec) in cases()) {
        let input = picture.to_tensor(ColorMode::Grey);
        let Ok(before) = spec.run(input.view()) else { return Ok(()) };
        let (_, _, in_h, in_w) = input.dim();
        let layout = Layout::new(spec.method, &spec.slide, [in_h, in_w]).unwrap();
        for row in 0..layout.output[0] {
            for col in 0..layout.output[1] {
                let rows = layout.footprint(Axis::Height, row);
                let cols = layout.footprint(Axis::Width, col);
                let outside = |row: usize, col: usize| {
                    !rows.contains(&(row as isize)) || !cols.contains(&(col as isize))
                };
                let mut changed = input.clone();
                for ((_, _, row, col), value) in changed.indexed_iter_mut() {
                    // Mirrored borders read pixels inside the picture, so only inner outputs are
                    // tested.
                    if outside(row, col) { *value = 1.0 - *value }
                }
                let inner = rows.start >= 0 && rows.end <= in_h as isize
                    && cols.start >= 0 && cols.end <= in_w as isize;
                if !inner { continue }
                let after = spec.run(changed.view()).unwrap();
                prop_assert_eq!(after.output[[0, 0, row, col]], before.output[[0, 0, row, col]]);
            }
        }
    }

    #[test]
    fn outputs_are_drawn_around_the_centers_of_their_windows((picture, spec) in cases()) {
        let lab = PoolingLab::new(picture);
        let Ok(frame) = lab.output(&spec) else { return Ok(()) };
        let (origin, step) = (frame.layout.origin(), frame.layout.step());
        for axis in [Axis::Height, Axis::Width] {
            let idx = axis as usize;
            for output in 0..frame.layout.output[idx] {
                let drawn = origin[idx] + step[idx] * (output as f64 + 0.5);
                if frame.layout.stages.is_empty() {
                    let share = frame.layout.input[idx] as f64 / frame.layout.output[idx] as f64;
                    prop_assert!((drawn - share * (output as f64 + 0.5)).abs() < 1e-9);
                } else {
                    let seen = frame.layout.footprint(axis, output);
                    prop_assert_eq!(drawn, (seen.start + seen.end) as f64 / 2.0);
                }
            }
        }
    }
}

#[test]
fn max_then_blur_is_two_windows_and_the_size_is_that_of_the_second() {
    let lab = PoolingLab::new(noise(9, 9));
    let spec = plain(Method::MaxBlur { taps: 3 });
    let layout = lab.output(&spec).unwrap().layout;
    let kinds: Vec<_> = layout.stages.iter().map(|stage| stage.kind).collect();
    assert_eq!(kinds, [StageKind::Pool, StageKind::Blur]);
    assert_eq!(layout.stages[0].output, [8, 8]);
    assert_eq!(layout.output, [4, 4]);
    // Output 1 blurs maxima 1 to 3, which see pixels 1 to 4.
    assert_eq!(layout.footprint(Axis::Height, 1), 1..5);
    assert_eq!(layout.step(), [2.0, 2.0]);
}

#[test]
fn rounding_up_may_drop_a_window_that_would_see_padding_only() {
    let lab = PoolingLab::new(noise(5, 4));
    let spec = PoolingLabSpec {
        slide: Slide {
            size: [2, 2],
            stride: [3, 3],
            padding: Padding::Explicit(Sides::all(1)),
            ceil_mode: true,
            ..plain(Method::Max).slide
        },
        ..plain(Method::Max)
    };
    let stage = lab.output(&spec).unwrap().layout.stages[0];
    // For 5 pixels: ceil((5 + 2 - 2) / 3) + 1 = 3, but window 2 starts at 6 - 1 = 5.
    assert_eq!((stage.output[0], stage.dropped[0]), (2, 1));
    // For 4 pixels: ceil((4 + 2 - 2) / 3) + 1 = 3, and window 2 also starts after the last pixel.
    assert_eq!((stage.output[1], stage.dropped[1]), (2, 1));
}

#[test]
fn the_identity_kernel_subsamples() {
    let picture = grey(&[[10, 20, 30, 40], [50, 60, 70, 80]]);
    let input = picture.to_tensor(ColorMode::Grey);
    let spec = plain(Method::Strided(StridedKernel::Identity));
    let output = spec.run(input.view()).unwrap().output;
    assert_eq!(
        output.into_raw_vec_and_offset().0,
        [10, 30].map(|byte| byte as f32 / 255.0)
    );
}

#[test]
fn hostile_settings_are_refused_before_anything_is_allocated() {
    let lab = PoolingLab::new(noise(6, 7));
    let huge = 1_usize << 20;
    for method in METHODS {
        for slide in [
            Slide {
                size: [huge, huge],
                ..plain(method).slide
            },
            Slide {
                size: [0, 2],
                ..plain(method).slide
            },
        ] {
            let refused = lab.output(&PoolingLabSpec {
                slide,
                ..plain(method)
            });
            assert!(matches!(
                refused,
                Err(Error::OutOfRange {
                    argument: "size",
                    ..
                })
            ));
        }
    }
    let refused = |spec: &PoolingLabSpec| lab.output(spec).unwrap_err();
    let slide = plain(Method::Max).slide;
    let with = |slide| PoolingLabSpec {
        slide,
        ..plain(Method::Max)
    };
    assert!(matches!(
        refused(&with(Slide {
            stride: [0, 1],
            ..slide
        })),
        Error::OutOfRange {
            argument: "stride",
            ..
        }
    ));
    assert!(matches!(
        refused(&with(Slide {
            dilation: [9, 1],
            ..slide
        })),
        Error::WindowTooLarge {
            axis: Axis::Height,
            window: 10,
            input: 6,
            ..
        }
    ));
    assert!(matches!(
        refused(&with(Slide {
            padding: Padding::Explicit(Sides::all(huge)),
            ..slide
        })),
        Error::OutOfRange {
            argument: "padding",
            ..
        } | Error::TooLarge { .. }
    ));
    assert!(matches!(
        refused(&plain(Method::Blur { taps: 8 })),
        Error::OutOfRange {
            argument: "taps",
            ..
        }
    ));
    assert!(matches!(
        refused(&plain(Method::Lp { p: f64::NAN })),
        Error::OutOfRange { argument: "p", .. }
    ));
    for size in [[0, 1], [1, 1025]] {
        let method = Method::Adaptive {
            kind: AdaptivePoolKind::Max,
            size,
        };
        assert!(matches!(
            refused(&plain(method)),
            Error::OutOfRange {
                argument: "size",
                ..
            }
        ));
    }
}
