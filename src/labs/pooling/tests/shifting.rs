use ndarray::{Array3, s};

use super::cases::{METHODS, plain};
use super::naive;
use crate::data::picture::{ColorMode, Picture};
use crate::error::Error;
use crate::labs::pooling::{
    Measure, Method, PoolingLab, PoolingLabSpec, SHIFT_LIMIT, Slide, StridedKernel,
};
use crate::labs::shared::testing::noise;
use crate::ops::adaptive_pool2d::AdaptivePoolKind;
use crate::render::color::Theme;
use crate::window::Padding;

const STEPPING: [Method; 6] = [
    Method::Max,
    Method::Average {
        count_include_pad: true,
    },
    Method::Lp { p: 3.0 },
    Method::Strided(StridedKernel::Identity),
    Method::Blur { taps: 3 },
    Method::MaxBlur { taps: 3 },
];

/// Stripes of `period` columns, half black, half white.
fn stripes(period: usize, side: usize) -> Picture {
    let byte = |col: usize| if col % period < period / 2 { 0 } else { 255 };
    let pixels =
        (0..side * side).flat_map(|idx| [[byte(idx % side); 3].as_slice(), &[255]].concat());
    Picture::new("test", side, side, pixels.collect()).unwrap()
}

/// The range of pixels that output `idx` of a 2 x 2 window, or of a blur with 3 taps, sees.
fn seen(method: Method, idx: i64, stride: i64) -> [i64; 2] {
    match method {
        Method::Blur { .. } => [idx * stride - 1, idx * stride + 2],
        Method::MaxBlur { .. } => [idx * stride - 1, idx * stride + 3],
        _ => [idx * stride, idx * stride + 2],
    }
}

/// Both measures for an integer shift, straight from their definitions: crop the picture twice,
/// pool twice, compare. The second is meaningful only if the stride divides the shift.
fn by_hand(picture: &Picture, spec: &PoolingLabSpec, [down, right]: [i64; 2]) -> [f64; 2] {
    let input = picture.to_tensor(ColorMode::Grey);
    let input = input.index_axis(ndarray::Axis(0), 0).mapv(f64::from);
    let margin = SHIFT_LIMIT as i64;
    let size = [input.dim().1, input.dim().2].map(|extent| extent as i64 - 2 * margin);
    let stride = spec.slide.stride[0] as i64;
    let cut = |down: i64, right: i64| -> Array3<f64> {
        let (top, left) = ((margin - down) as isize, (margin - right) as isize);
        let (bottom, end) = (top + size[0] as isize, left + size[1] as isize);
        naive::pooled(
            spec.method,
            &spec.slide,
            input.slice(s![.., top..bottom, left..end]),
        )
    };
    let (before, after) = (cut(0, 0), cut(down, right));
    let inset = (margin as f64 / stride as f64).ceil() as i64;
    let inside = |idx: i64, extent: i64| {
        let [first, end] = seen(spec.method, idx, stride);
        first >= 0 && end <= extent
    };
    let counts = |idx: i64, extent: i64| inside(idx - inset, extent) && inside(idx + inset, extent);
    let (mut stay, mut follow, mut values) = (0.0, 0.0, Vec::new());
    for ((_, row, col), got) in after.indexed_iter() {
        let (row, col) = (row as i64, col as i64);
        if !counts(row, size[0]) || !counts(col, size[1]) {
            continue;
        }
        let at = |row: i64, col: i64| before[[0, row as usize, col as usize]];
        stay += (got - at(row, col)).powi(2);
        follow += (got - at(row - down / stride, col - right / stride)).powi(2);
        values.push(at(row, col));
    }
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values
        .iter()
        .map(|value| (value - mean).powi(2))
        .sum::<f64>()
        / count;
    [stay, follow].map(|sum| (sum / count / variance).sqrt())
}

fn changes(lab: &PoolingLab, spec: &PoolingLabSpec, shift: [f64; 2]) -> [Option<f64>; 2] {
    let shifted = lab.shift(spec, shift, Measure::Stay).unwrap();
    [shifted.stay.relative, shifted.follow.relative]
}

#[test]
fn an_integer_shift_agrees_with_two_crops_of_the_picture() {
    let picture = noise(50, 57);
    let lab = PoolingLab::new(picture.clone());
    for method in STEPPING {
        for stride in [1, 2, 3] {
            let mut spec = plain(method);
            spec.slide.stride = [stride; 2];
            for shift in [[0, 1], [6, -6], [-3, 8], [5, 0]] {
                let [stay, follow] = by_hand(&picture, &spec, shift);
                let got = changes(&lab, &spec, shift.map(|part| part as f64));
                assert!((got[0].unwrap() - stay).abs() < 1e-5, "{got:?} {stay}");
                if shift.iter().all(|part| part % stride as i64 == 0) {
                    assert!((got[1].unwrap() - follow).abs() < 1e-5, "{got:?} {follow}");
                }
            }
        }
    }
}

/// Shift-equivariance modulo the stride: at its multiples the output is exactly shifted along.
#[test]
fn every_method_follows_multiples_of_the_stride() {
    let lab = PoolingLab::new(noise(48, 52));
    for method in STEPPING {
        let spec = plain(method);
        for shift in [[0.0, 0.0], [2.0, 0.0], [0.0, -8.0], [4.0, 6.0]] {
            let shifted = lab.shift(&spec, shift, Measure::Follow).unwrap();
            assert_eq!(shifted.follow.relative, Some(0.0));
            assert_eq!(shifted.outputs, shift.map(|part| part / 2.0));
            let is_still = shift == [0.0, 0.0];
            assert_eq!(shifted.stay.relative == Some(0.0), is_still);
        }
        let between = lab.shift(&spec, [0.0, 1.0], Measure::Follow).unwrap();
        assert!(between.follow.relative.unwrap() > 0.1);
    }
}

/// Stripes of 4 columns (0 0 1 1) at stride 2: subsampling keeps 0 1 0 1 .... Shifted left by one
/// pixel the output is the same; shifted right it is inverted, a difference of 1 at a standard
/// deviation of 1/2.
#[test]
fn stripes_worked_out_by_hand() {
    let lab = PoolingLab::new(stripes(4, 64));
    let spec = plain(Method::Strided(StridedKernel::Identity));
    let stay = |right| changes(&lab, &spec, [0.0, right])[0].unwrap();
    for right in [-4.0, -1.0, 0.0, 3.0, 8.0] {
        assert!(stay(right) < 1e-6, "{right}");
    }
    for right in [-3.0, -2.0, 1.0, 2.0, 5.0] {
        assert!((stay(right) - 2.0).abs() < 1e-6, "{right}");
    }
    // Shifting down, along the stripes, changes nothing.
    assert!(changes(&lab, &spec, [3.5, 0.0])[0].unwrap() < 1e-6);
    // Half a pixel between 0 0 1 1 gives 0 1/2 1 1/2: half of the values change by 1/2 ...
    let half = lab
        .shifted_input(ColorMode::Grey, Theme::Light, [0.0, 0.5])
        .unwrap()
        .1;
    // ... so the mean square is 1/8, and the deviation of stripes is 1/2.
    assert!((half.absolute.unwrap() - 0.125_f64.sqrt()).abs() < 1e-6);
    assert!((half.relative.unwrap() - 0.5_f64.sqrt()).abs() < 1e-6);
}

#[test]
fn a_flat_output_has_no_relative_change() {
    // Every 2 x 2 window sees both colours of stripes with a period of two pixels.
    let lab = PoolingLab::new(stripes(2, 64));
    let shifted = lab
        .shift(&plain(Method::Max), [0.0, 1.0], Measure::Stay)
        .unwrap();
    assert_eq!(shifted.stay.relative, None);
    assert_eq!(shifted.stay.absolute, Some(0.0));
}

#[test]
fn global_pooling_has_no_output_to_follow() {
    let lab = PoolingLab::new(noise(40, 40));
    let spec = plain(Method::Global {
        kind: AdaptivePoolKind::Average,
    });
    let shifted = lab.shift(&spec, [0.0, 3.0], Measure::Stay).unwrap();
    assert!(
        shifted
            .stay
            .absolute
            .is_some_and(|change| change > 0.0 && change < 0.05)
    );
    assert_eq!(
        (shifted.stay.relative, shifted.follow.absolute),
        (None, None)
    );
    let none = lab.shift(&spec, [0.0, 3.0], Measure::Follow).unwrap();
    assert!(none.difference.is_none());
}

#[test]
fn scaling_or_offsetting_the_output_changes_nothing() {
    // The 1-norm is four times the mean.
    let lab = PoolingLab::new(noise(48, 48));
    let norm = changes(&lab, &plain(Method::Lp { p: 1.0 }), [1.5, -2.25]);
    let mean = plain(Method::Average {
        count_include_pad: true,
    });
    let mean = changes(&lab, &mean, [1.5, -2.25]);
    for (norm, mean) in norm.into_iter().zip(mean) {
        assert!((norm.unwrap() - mean.unwrap()).abs() < 1e-5);
    }
}

#[test]
fn padding_and_border_have_no_influence() {
    let lab = PoolingLab::new(noise(60, 60));
    let valid = plain(Method::Average {
        count_include_pad: true,
    });
    let padded = PoolingLabSpec {
        slide: Slide {
            padding: Padding::Explicit(crate::window::Sides::all(2)),
            size: [3, 3],
            ..valid.slide
        },
        ..valid
    };
    // Two pixels of padding shift the grid of windows by exactly one stride.
    let bare = PoolingLabSpec {
        slide: Slide {
            padding: Padding::Valid,
            ..padded.slide
        },
        ..padded
    };
    let [with, without] = [padded, bare].map(|spec| changes(&lab, &spec, [0.0, 3.0]));
    for (with, without) in with.into_iter().zip(without) {
        assert!((with.unwrap() - without.unwrap()).abs() < 1e-9);
    }
}

#[test]
fn the_curve_is_the_changes_one_by_one_and_the_input_has_one() {
    let lab = PoolingLab::new(noise(40, 44));
    for method in METHODS {
        let spec = plain(method);
        let curve = lab.curve(&spec).unwrap();
        let steps = (0..=16).map(|step| f64::from(step) / 2.0);
        assert_eq!(curve.shifts, steps.collect::<Vec<_>>());
        for (idx, &right) in curve.shifts.iter().enumerate() {
            assert_eq!(
                [curve.stay[idx], curve.follow[idx]],
                changes(&lab, &spec, [0.0, right])
            );
        }
    }
    let curve = lab.input_curve(ColorMode::Grey).unwrap();
    let (_, three) = lab
        .shifted_input(ColorMode::Grey, Theme::Light, [0.0, 3.0])
        .unwrap();
    assert_eq!((curve.stay[0], curve.stay[6]), (Some(0.0), three.relative));
    assert!(curve.follow.iter().all(Option::is_none));
}

#[test]
fn small_pictures_shift_less_and_wild_shifts_are_refused() {
    for side in 1..9 {
        let lab = PoolingLab::new(noise(side, side));
        for method in METHODS {
            let spec = plain(method);
            let (output, shifted) = (
                lab.output(&spec),
                lab.shift(&spec, [8.0, -8.0], Measure::Stay),
            );
            assert!(output.is_ok() || shifted.is_err());
            let curve = lab.curve(&spec);
            assert_eq!(curve.is_ok(), shifted.is_ok());
            if let Ok(curve) = curve {
                assert_eq!(curve.shifts.last(), Some(&((side / 4) as f64)));
            }
        }
    }
    let lab = PoolingLab::new(noise(40, 40));
    for wild in [8.5, -9.0, f64::NAN, f64::INFINITY] {
        let refused = lab.shift(&plain(Method::Max), [0.0, wild], Measure::Stay);
        assert!(matches!(
            refused,
            Err(Error::OutOfRange {
                argument: "shift",
                ..
            })
        ));
        assert!(
            lab.shifted_input(ColorMode::Grey, Theme::Light, [wild, 0.0])
                .is_err()
        );
    }
}

#[test]
fn a_large_picture_is_cropped() {
    let lab = PoolingLab::new(noise(300, 280));
    let (seen, _) = lab
        .shifted_input(ColorMode::Color, Theme::Light, [0.0, 0.0])
        .unwrap();
    assert_eq!((seen.height, seen.width), (256, 256));
    let shifted = lab
        .shift(&plain(Method::Max), [0.0, 1.0], Measure::Stay)
        .unwrap();
    assert_eq!(
        (shifted.rendered.height, shifted.rendered.width),
        (128, 128)
    );
}
