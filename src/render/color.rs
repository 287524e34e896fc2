//! The two colour maps: grey for magnitudes, purple to orange for signed values.

use std::sync::LazyLock;

use serde::Deserialize;

use super::finite;

/// Whether the page is light or dark, which determines the colour of zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// Zero is nearly white, strong values are dark.
    Light,
    /// Zero is nearly black, strong values are bright.
    Dark,
}

/// The sRGB colour of `t` in -1..=1: purple at -1, the background colour at 0, orange at 1.
///
/// Interpolated in OKLab on either side of 0 by |t|^0.7 and quantised to 256 steps per side, so
/// that lightness is monotonic on each side. `t` is clamped. The exponent makes weak responses,
/// which are most of an edge map, distinguishable from the background; the legend uses the same
/// map.
///
/// # Source
/// Hues: PuOr of ColorBrewer (Harrower and Brewer, doi 10.1179/000870403235002042), safe for the
/// colour-blind.
pub fn diverging(t: f64, theme: Theme) -> [u8; 3] {
    let index = (finite(t).clamp(-1.0, 1.0) + 1.0) * STEPS as f64;
    diverging_table(theme)[index.round_ties_even() as usize]
}

/// The sRGB grey of `t` in 0..=1, black to white: byte = 255 t, rounded. `t` is clamped.
pub fn grey(t: f64) -> [u8; 3] {
    GREY_TABLE[(finite(t).clamp(0.0, 1.0) * 255.0).round_ties_even() as usize]
}

/// Black to white: entry i is byte i.
pub(super) static GREY_TABLE: [[u8; 3]; 256] = {
    let mut table = [[0; 3]; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = [byte as u8; 3];
        byte += 1;
    }
    table
};

/// The colours from -1 to 1 in even steps, 0 in the middle.
pub(super) fn diverging_table(theme: Theme) -> &'static [[u8; 3]] {
    static LIGHT: LazyLock<DivergingTable> =
        LazyLock::new(|| interpolate([[0x5e, 0x3c, 0x99], [0xf7, 0xf6, 0xf3], [0xd9, 0x5f, 0x0e]]));
    static DARK: LazyLock<DivergingTable> =
        LazyLock::new(|| interpolate([[0x9d, 0x7f, 0xd6], [0x24, 0x26, 0x2c], [0xf2, 0x96, 0x4a]]));
    match theme {
        Theme::Light => LIGHT.as_slice(),
        Theme::Dark => DARK.as_slice(),
    }
}

/// Exponent of |t| in [`diverging`].
const CURVE: f64 = 0.7;

/// Steps of the diverging map on either side of 0.
const STEPS: usize = 256;

type DivergingTable = [[u8; 3]; 2 * STEPS + 1];

/// Linear light of an sRGB byte, 0 to 1.
///
/// # Source
/// IEC 61966-2-1.
pub(super) fn linear(byte: u8) -> f64 {
    let encoded = f64::from(byte) / 255.0;
    if encoded <= 0.04045 {
        encoded / 12.92
    } else {
        ((encoded + 0.055) / 1.055).powf(2.4)
    }
}

/// The table that interpolates the colours of -1, 0 and 1.
fn interpolate([negative, zero, positive]: [[u8; 3]; 3]) -> DivergingTable {
    let zero = to_oklab(zero);
    let ends = [to_oklab(negative), to_oklab(positive)];
    std::array::from_fn(|index| {
        let end = ends[usize::from(index > STEPS)];
        let share = index.abs_diff(STEPS) as f64 / STEPS as f64;
        mix(zero, end, share.powf(CURVE)).map(|byte| byte.round() as u8)
    })
}

/// The colour at fraction `share` between two OKLab colours, as sRGB on the scale of bytes.
fn mix(from: [f64; 3], to: [f64; 3], share: f64) -> [f64; 3] {
    to_bytes([0, 1, 2].map(|i| from[i] + (to[i] - from[i]) * share))
}

// The four matrices: Ottosson, "A perceptual color space for image processing", 2020.
const RGB_TO_CONES: Matrix = [
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
];
const CONES_TO_LAB: Matrix = [
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
];
const LAB_TO_CONES: Matrix = [
    [1.0, 0.3963377774, 0.2158037573],
    [1.0, -0.1055613458, -0.0638541728],
    [1.0, -0.0894841775, -1.2914855480],
];
const CONES_TO_RGB: Matrix = [
    [4.0767416621, -3.3077115913, 0.2309699292],
    [-1.2684380046, 2.6097574011, -0.3413193965],
    [-0.0041960863, -0.7034186147, 1.7076147010],
];

type Matrix = [[f64; 3]; 3];

fn to_oklab(rgb: [u8; 3]) -> [f64; 3] {
    multiply(
        &CONES_TO_LAB,
        multiply(&RGB_TO_CONES, rgb.map(linear)).map(f64::cbrt),
    )
}

/// sRGB on the scale of bytes, not yet rounded.
fn to_bytes(oklab: [f64; 3]) -> [f64; 3] {
    let cones = multiply(&LAB_TO_CONES, oklab).map(|root| root * root * root);
    multiply(&CONES_TO_RGB, cones).map(|light| {
        let encoded = if light <= 0.0031308 {
            12.92 * light
        } else {
            1.055 * light.powf(1.0 / 2.4) - 0.055
        };
        255.0 * encoded
    })
}

fn multiply(matrix: &Matrix, vector: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row[0] * vector[0] + row[1] * vector[1] + row[2] * vector[2])
}

#[cfg(test)]
mod tests {
    use super::*;

    const THEMES: [Theme; 2] = [Theme::Light, Theme::Dark];

    #[test]
    fn lightness_is_monotonic_from_zero_outwards() {
        for theme in THEMES {
            let lightness = |index: usize| to_oklab(diverging_table(theme)[index])[0];
            for step in 0..STEPS {
                for (inner, outer) in [
                    (STEPS + step, STEPS + step + 1),
                    (STEPS - step, STEPS - step - 1),
                ] {
                    let rise = lightness(outer) - lightness(inner);
                    let outwards = if theme == Theme::Light { -rise } else { rise };
                    assert!(
                        (0.0..0.012).contains(&outwards),
                        "{theme:?} {inner} {outwards}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_positive_value_is_warmer_than_its_opposite_however_small() {
        for theme in THEMES {
            let table = diverging_table(theme);
            let warmth = |index: usize| i32::from(table[index][0]) - i32::from(table[index][2]);
            for step in 1..=STEPS {
                assert!(
                    warmth(STEPS - step) < warmth(STEPS + step),
                    "{theme:?} {step}"
                );
            }
        }
    }

    /// `powf` and `cbrt` may differ between platforms by about 1e-16; no entry may depend on that.
    #[test]
    fn no_byte_depends_on_the_platform() {
        for theme in THEMES {
            let ends = [0, STEPS, 2 * STEPS].map(|index| to_oklab(diverging_table(theme)[index]));
            for step in 0..=STEPS {
                let share = (step as f64 / STEPS as f64).powf(CURVE);
                for end in [ends[0], ends[2]] {
                    for byte in mix(ends[1], end, share) {
                        assert!((0.0..=255.0).contains(&byte));
                        assert!((byte.fract() - 0.5).abs() > 1e-6, "{theme:?} {step} {byte}");
                    }
                }
            }
        }
    }

    #[test]
    fn oklab_agrees_with_its_definition() {
        for (rgb, expected) in [
            ([255, 255, 255], [1.0, 0.0, 0.0]),
            ([255, 0, 0], [0.627_955, 0.224_863, 0.125_846]),
            ([0, 255, 0], [0.866_440, -0.233_888, 0.179_498]),
            ([0, 0, 255], [0.452_014, -0.032_457, -0.311_528]),
        ] {
            for (got, expected) in to_oklab(rgb).into_iter().zip(expected) {
                assert!((got - expected).abs() < 1e-5, "{rgb:?} {got} {expected}");
            }
            let back = to_bytes(to_oklab(rgb));
            for (got, expected) in back.into_iter().zip(rgb) {
                assert!((got - f64::from(expected)).abs() < 0.01);
            }
        }
    }
}
