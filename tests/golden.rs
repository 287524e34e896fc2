//! Values to pixels: small inputs, literal bytes.
//!
//! The bytes of the diverging map were computed apart from the crate, by a Python script that
//! follows Ottosson's definition of OKLab.

use cnn_playground::error::Error;
use cnn_playground::render::cells::{cells, grey_cells};
use cnn_playground::render::color::{Theme, diverging, grey};
use cnn_playground::render::display::{ColorMap, DisplayRange, Legend, Rendered, render};
use ndarray::Array3;
use proptest::prelude::*;

const RANGES: [DisplayRange; 6] = [
    DisplayRange::Clip,
    DisplayRange::Symmetric,
    DisplayRange::Absolute,
    DisplayRange::Fixed {
        min: -1.0,
        max: 3.0,
    },
    DisplayRange::Fixed { min: 1.0, max: 3.0 },
    DisplayRange::Fixed {
        min: -3.0,
        max: -1.0,
    },
];

/// Values, as one row of pixels per channel.
fn row(channels: usize, values: &[f32], range: &DisplayRange, theme: Theme) -> Rendered {
    let width = values.len() / channels;
    let values = Array3::from_shape_fn((channels, 1, width), |(channel, _, column)| {
        values[channel * width + column]
    });
    render(values.view(), range, theme)
}

/// The pixels without their alpha, which must be 255.
fn opaque(rgba: &[u8]) -> Vec<[u8; 3]> {
    let pixels = rgba.chunks_exact(4);
    pixels
        .map(|pixel| {
            assert_eq!(pixel[3], 255);
            [pixel[0], pixel[1], pixel[2]]
        })
        .collect()
}

fn greys<const N: usize>(bytes: [u8; N]) -> [[u8; 3]; N] {
    bytes.map(|byte| [byte; 3])
}

/// Everything a legend says but its strip.
fn words(legend: &Legend) -> (ColorMap, [f64; 4], [usize; 3]) {
    let Legend {
        map,
        min,
        max,
        value_min,
        value_max,
        below,
        above,
        count,
        ..
    } = *legend;
    (map, [min, max, value_min, value_max], [below, above, count])
}

#[test]
fn the_diverging_map_goes_from_purple_over_paper_to_orange() {
    let at = [-1.0, -0.75, -0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 1.0];
    assert_eq!(
        at.map(|t| diverging(t, Theme::Light)),
        [
            [94, 60, 153],
            [119, 94, 171],
            [148, 131, 190],
            [185, 174, 211],
            [247, 246, 243],
            [241, 191, 166],
            [234, 156, 118],
            [226, 125, 74],
            [217, 95, 14],
        ]
    );
    assert_eq!(
        at.map(|t| diverging(t, Theme::Dark)),
        [
            [157, 127, 214],
            [133, 110, 180],
            [107, 91, 144],
            [78, 70, 103],
            [36, 38, 44],
            [108, 79, 61],
            [157, 105, 68],
            [201, 129, 72],
            [242, 150, 74],
        ]
    );
}

#[test]
fn maps_clamp_and_take_what_is_not_finite_for_zero() {
    for theme in [Theme::Light, Theme::Dark] {
        assert_eq!(diverging(-7.0, theme), diverging(-1.0, theme));
        assert_eq!(diverging(7.0, theme), diverging(1.0, theme));
        for t in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(diverging(t, theme), diverging(0.0, theme));
        }
    }
    assert_eq!(
        [-1.0, 0.0, 0.25, 0.5, 1.0, 2.0, f64::NAN].map(grey),
        greys([0, 0, 64, 128, 255, 255, 0])
    );
}

#[test]
fn clip_is_a_photograph() {
    let got = row(
        1,
        &[-0.5, 0.0, 0.25, 0.5, 1.0, 1.5, 2.0],
        &DisplayRange::Clip,
        Theme::Dark,
    );
    assert_eq!((got.width, got.height), (7, 1));
    assert_eq!(opaque(&got.rgba), greys([0, 0, 64, 128, 255, 255, 255]));
    assert_eq!(
        words(&got.legend),
        (ColorMap::Grey, [0.0, 1.0, -0.5, 2.0], [1, 2, 7])
    );
}

#[test]
fn clip_of_three_channels_is_a_colour_photograph() {
    let got = row(
        3,
        &[1.0, 0.2, 0.0, 0.4, -1.0, 0.6],
        &DisplayRange::Clip,
        Theme::Light,
    );
    assert_eq!(opaque(&got.rgba), [[255, 0, 0], [51, 102, 153]]);
    assert_eq!(
        words(&got.legend),
        (ColorMap::Rgb, [0.0, 1.0, -1.0, 1.0], [1, 0, 6])
    );
}

#[test]
fn symmetric_puts_zero_in_the_middle() {
    let got = row(
        1,
        &[-4.0, -2.0, 0.0, 1.0],
        &DisplayRange::Symmetric,
        Theme::Light,
    );
    assert_eq!(
        opaque(&got.rgba),
        [
            [94, 60, 153],
            [148, 131, 190],
            [247, 246, 243],
            [241, 191, 166]
        ]
    );
    assert_eq!(
        words(&got.legend),
        (ColorMap::Diverging, [-4.0, 4.0, -4.0, 1.0], [0, 0, 4])
    );
}

#[test]
fn symmetric_of_three_channels_puts_zero_at_middle_grey() {
    let got = row(
        3,
        &[2.0, 0.0, -2.0, 0.0, 1.0, 0.0],
        &DisplayRange::Symmetric,
        Theme::Dark,
    );
    assert_eq!(opaque(&got.rgba), [[255, 0, 191], [128, 128, 128]]);
    assert_eq!(
        words(&got.legend),
        (ColorMap::RgbSigned, [-2.0, 2.0, -2.0, 2.0], [0, 0, 6])
    );
}

#[test]
fn absolute_drops_the_sign() {
    let got = row(
        1,
        &[-4.0, -1.0, 0.0, 2.0],
        &DisplayRange::Absolute,
        Theme::Light,
    );
    assert_eq!(opaque(&got.rgba), greys([255, 64, 0, 128]));
    assert_eq!(
        words(&got.legend),
        (ColorMap::Grey, [0.0, 4.0, -4.0, 2.0], [0, 0, 4])
    );
}

#[test]
fn fixed_around_zero_keeps_the_colour_of_zero_and_clamps() {
    let range = DisplayRange::Fixed {
        min: -1.0,
        max: 2.0,
    };
    let got = row(1, &[-9.0, -1.0, 0.0, 1.0, 2.0, 3.0], &range, Theme::Light);
    let (half_purple, orange) = ([148, 131, 190], [217, 95, 14]);
    assert_eq!(
        opaque(&got.rgba),
        [
            half_purple,
            half_purple,
            [247, 246, 243],
            [234, 156, 118],
            orange,
            orange
        ]
    );
    assert_eq!(
        words(&got.legend),
        (ColorMap::Diverging, [-1.0, 2.0, -9.0, 3.0], [1, 1, 6])
    );
}

#[test]
fn fixed_around_zero_is_scaled_by_the_farther_end() {
    let range = DisplayRange::Fixed {
        min: -2.0,
        max: 1.0,
    };
    let got = row(1, &[-2.0, -1.0, 0.0, 1.0, 2.0], &range, Theme::Light);
    let half_orange = [234, 156, 118];
    assert_eq!(
        opaque(&got.rgba),
        [
            [94, 60, 153],
            [148, 131, 190],
            [247, 246, 243],
            half_orange,
            half_orange
        ]
    );
    assert_eq!(
        words(&got.legend),
        (ColorMap::Diverging, [-2.0, 1.0, -2.0, 2.0], [0, 1, 5])
    );
}

#[test]
fn fixed_that_only_touches_zero_or_lies_below_it_is_grey() {
    let below = DisplayRange::Fixed {
        min: -3.0,
        max: -1.0,
    };
    let got = row(1, &[-4.0, -3.0, -2.6, -1.0, 0.0], &below, Theme::Dark);
    assert_eq!(opaque(&got.rgba), greys([0, 0, 51, 255, 255]));
    for touching in [
        DisplayRange::Fixed {
            min: -5.0,
            max: 0.0,
        },
        DisplayRange::Fixed { min: 0.0, max: 5.0 },
    ] {
        let got = row(1, &[-4.0, 0.0, 1.0], &touching, Theme::Dark);
        assert_eq!(got.legend.map, ColorMap::Grey);
    }
}

#[test]
fn fixed_beside_zero_is_grey_from_end_to_end() {
    let range = DisplayRange::Fixed {
        min: 10.0,
        max: 15.0,
    };
    let got = row(
        1,
        &[0.0, 10.0, 11.0, 15.0, 16.0, 17.0],
        &range,
        Theme::Light,
    );
    assert_eq!(opaque(&got.rgba), greys([0, 0, 51, 255, 255, 255]));
    assert_eq!(
        words(&got.legend),
        (ColorMap::Grey, [10.0, 15.0, 0.0, 17.0], [1, 2, 6])
    );
}

#[test]
fn a_picture_of_zeros_has_a_range_all_the_same() {
    let zeros = [0.0, -0.0];
    let symmetric = row(1, &zeros, &DisplayRange::Symmetric, Theme::Dark);
    assert_eq!(opaque(&symmetric.rgba), [[36, 38, 44]; 2]);
    assert_eq!(words(&symmetric.legend).1, [-1.0, 1.0, 0.0, 0.0]);
    let negative_zero = row(1, &[-0.0], &DisplayRange::Symmetric, Theme::Dark).legend;
    assert!(negative_zero.value_min.is_sign_positive());
    assert!(negative_zero.value_max.is_sign_positive());
    let absolute = row(1, &zeros, &DisplayRange::Absolute, Theme::Dark);
    assert_eq!(opaque(&absolute.rgba), [[0; 3]; 2]);
    assert_eq!(words(&absolute.legend).1, [0.0, 1.0, 0.0, 0.0]);
}

#[test]
fn values_that_are_not_finite_are_shown_as_zero() {
    let values = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, -2.0, 1.0];
    let got = row(1, &values, &DisplayRange::Symmetric, Theme::Light);
    assert_eq!(
        opaque(&got.rgba),
        [
            [247, 246, 243],
            [247, 246, 243],
            [247, 246, 243],
            [94, 60, 153],
            [234, 156, 118]
        ]
    );
    assert_eq!(words(&got.legend).1, [-2.0, 2.0, -2.0, 1.0]);
}

#[test]
fn rows_stay_rows_whatever_the_order_in_memory() {
    let values = Array3::from_shape_vec((1, 2, 3), vec![0.0, 0.2, 0.4, 0.6, 0.8, 1.0]).unwrap();
    let got = render(values.view(), &DisplayRange::Clip, Theme::Light);
    assert_eq!((got.width, got.height), (3, 2));
    assert_eq!(opaque(&got.rgba), greys([0, 51, 102, 153, 204, 255]));
    let turned = render(
        values.view().permuted_axes([0, 2, 1]),
        &DisplayRange::Clip,
        Theme::Light,
    );
    assert_eq!((turned.width, turned.height), (2, 3));
    assert_eq!(opaque(&turned.rgba), greys([0, 153, 51, 204, 102, 255]));
}

#[test]
fn strips_begin_and_end_with_the_colours_of_min_and_max() {
    for theme in [Theme::Light, Theme::Dark] {
        for channels in [1, 3] {
            for range in &RANGES {
                let legend = row(channels, &[-2.0, 1.0, 0.5], range, theme).legend;
                let strip = opaque(&legend.strip);
                assert_eq!(strip.len(), 256);
                let ends = [legend.min as f32, legend.max as f32].repeat(3);
                let ends = opaque(&row(1, &ends, range, theme).rgba);
                if channels == 1 {
                    assert_eq!([strip[0], strip[255]], [ends[0], ends[1]], "{range:?}");
                } else {
                    assert!(strip.iter().all(|[r, g, b]| r == g && g == b), "{range:?}");
                    assert!(strip[255] > strip[0], "{range:?}");
                }
            }
        }
    }
}

#[test]
fn a_strip_around_zero_holds_the_whole_map_between_its_ends() {
    let legend = row(1, &[-2.0], &DisplayRange::Symmetric, Theme::Light).legend;
    let strip = opaque(&legend.strip);
    assert_eq!((strip[0], strip[255]), ([94, 60, 153], [217, 95, 14]));
    assert_eq!(strip[51], diverging(-0.6, Theme::Light));
    let range = DisplayRange::Fixed {
        min: -1.0,
        max: 2.0,
    };
    let strip = opaque(&row(1, &[0.0], &range, Theme::Light).legend.strip);
    assert_eq!(strip[85], [247, 246, 243]);
}

#[test]
fn cells_are_coloured_by_their_share_of_the_largest_magnitude() {
    let got = cells(&[-8.0, 0.0, 4.0, 2.0], Theme::Light);
    assert_eq!(
        opaque(&got.colors),
        [
            [94, 60, 153],
            [247, 246, 243],
            [234, 156, 118],
            [241, 191, 166]
        ]
    );
    assert_eq!(got.inks, [1, 0, 0, 0]);
    let dark = cells(&[-8.0, 0.0, 8.0], Theme::Dark);
    assert_eq!(
        opaque(&dark.colors),
        [[157, 127, 214], [36, 38, 44], [242, 150, 74]]
    );
    assert_eq!(dark.inks, [0, 1, 0]);
    assert_eq!(
        opaque(&cells(&[0.0; 2], Theme::Dark).colors),
        [[36, 38, 44]; 2]
    );
    assert_eq!(
        opaque(&cells(&[f64::NAN, 1.0], Theme::Dark).colors),
        [[36, 38, 44], [242, 150, 74]]
    );
}

#[test]
fn grey_cells_are_coloured_by_brightness() {
    let got = grey_cells(&[-1.0, 0.2, 0.5, 1.0, 9.0]);
    assert_eq!(opaque(&got.colors), greys([0, 51, 128, 255, 255]));
    assert_eq!(got.inks, [1, 1, 0, 0, 0]);
}

#[test]
fn a_typed_range_must_have_finite_ends_in_order() {
    let check = |min, max| DisplayRange::Fixed { min, max }.check("kernelLabOutput");
    for range in &RANGES {
        assert_eq!(range.check("kernelLabOutput"), Ok(()));
    }
    assert!(matches!(
        check(f64::NAN, 1.0),
        Err(Error::NotFinite {
            argument: "min",
            ..
        })
    ));
    assert!(matches!(
        check(0.0, f64::INFINITY),
        Err(Error::NotFinite {
            argument: "max",
            ..
        })
    ));
    for (min, max, refused) in [
        (1.0, 1.0, "max"),
        (1.0, 0.0, "max"),
        (0.0, 1e39, "max"),
        (-1e39, 0.0, "min"),
    ] {
        assert!(matches!(
            check(min, max),
            Err(Error::OutOfRange { operator: "kernelLabOutput", argument, .. }) if argument == refused
        ));
    }
}

fn any_range() -> impl Strategy<Value = DisplayRange> {
    prop_oneof![
        Just(DisplayRange::Clip),
        Just(DisplayRange::Symmetric),
        Just(DisplayRange::Absolute),
        (proptest::num::f64::ANY, proptest::num::f64::ANY)
            .prop_map(|(min, max)| DisplayRange::Fixed { min, max }),
    ]
}

proptest! {
    #[test]
    fn nothing_panics_and_every_pixel_is_there(
        (shape, values) in (0_usize..5, 0_usize..4, 0_usize..4).prop_flat_map(|(c, h, w)| {
            (Just((c, h, w)), prop::collection::vec(proptest::num::f32::ANY, c * h * w))
        }),
        range in any_range(),
        dark: bool,
    ) {
        let theme = if dark { Theme::Dark } else { Theme::Light };
        let (c, h, w) = shape;
        let shown = if c == 3 { 3 } else { c.min(1) };
        let values = Array3::from_shape_vec(shape, values).unwrap();
        let got = render(values.view(), &range, theme);
        prop_assert_eq!(got.rgba.len(), 4 * h * w);
        prop_assert_eq!(got.legend.count, shown * h * w);
        prop_assert!(got.legend.value_min.is_finite() && got.legend.value_max.is_finite());
    }

    #[test]
    fn counts_are_those_of_the_values_beyond_the_ends(
        values in prop::collection::vec(-4.0_f32..4.0, 1..40),
        min in -3.0_f64..0.0,
        span in 0.1_f64..5.0,
    ) {
        let max = min + span;
        let legend = row(1, &values, &DisplayRange::Fixed { min, max }, Theme::Light).legend;
        let outside = |beyond: fn(f64, f64) -> bool, end: f64| {
            values.iter().filter(|&&value| beyond(f64::from(value), end)).count()
        };
        prop_assert_eq!(legend.below, outside(|value, end| value < end, min));
        prop_assert_eq!(legend.above, outside(|value, end| value > end, max));
        let sorted = { let mut sorted = values.clone(); sorted.sort_by(f32::total_cmp); sorted };
        prop_assert_eq!(legend.value_min, f64::from(sorted[0]));
        prop_assert_eq!(legend.value_max, f64::from(sorted[sorted.len() - 1]));
    }

    #[test]
    fn negating_the_values_mirrors_the_signs(values in prop::collection::vec(-4.0_f32..4.0, 1..20)) {
        let negated: Vec<f32> = values.iter().map(|value| -value).collect();
        let got = row(1, &values, &DisplayRange::Symmetric, Theme::Light);
        let mirrored = row(1, &negated, &DisplayRange::Symmetric, Theme::Light);
        let table: Vec<_> = (-256..=256).map(|i| diverging(f64::from(i) / 256.0, Theme::Light)).collect();
        for (color, opposite) in opaque(&got.rgba).into_iter().zip(opaque(&mirrored.rgba)) {
            prop_assert!(table.iter().zip(table.iter().rev()).any(|(&a, &b)| (a, b) == (color, opposite)));
        }
    }
}
