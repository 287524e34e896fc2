//! Small grids of numbers, such as a kernel: a colour for each cell and a readable text colour on
//! it.

use super::color::{Theme, diverging, grey, linear};
use super::finite;

/// The dark text colour, sRGB. It must be black: only then does one of the two inks have a contrast
/// of at least 4.5 : 1 on every colour. The minimum is √21 ≈ 4.58, at a relative luminance of
/// 0.179.
pub const DARK_INK: [u8; 3] = [0; 3];

/// The light text colour, sRGB.
pub const LIGHT_INK: [u8; 3] = [255; 3];

/// Colours and inks of the cells of a grid, in the order of its values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cells {
    /// RGBA of each cell, alpha always 255.
    pub colors: Vec<u8>,
    /// For each cell, 0 if [`DARK_INK`] has the higher contrast on it, 1 if [`LIGHT_INK`] has; the
    /// contrast is at least 4.5 : 1 (WCAG 2.2, criterion 1.4.3).
    pub inks: Vec<u8>,
}

/// Signed values on the diverging colour map, from -m to m, where m is the largest magnitude.
pub fn cells(values: &[f64], theme: Theme) -> Cells {
    let largest = values
        .iter()
        .map(|&value| finite(value).abs())
        .fold(0.0, f64::max);
    let unit = if largest > 0.0 { largest } else { 1.0 };
    paint(
        values
            .iter()
            .map(|&value| diverging(finite(value) / unit, theme)),
    )
}

/// Brightness values from 0 (black) to 1 (white); values outside are clamped.
pub fn grey_cells(values: &[f64]) -> Cells {
    paint(values.iter().map(|&value| grey(value)))
}

fn paint(colors: impl Iterator<Item = [u8; 3]>) -> Cells {
    let mut cells = Cells::default();
    for color in colors {
        let [r, g, b] = color;
        cells.colors.extend([r, g, b, 255]);
        cells.inks.push(ink(color));
    }
    cells
}

fn ink(color: [u8; 3]) -> u8 {
    u8::from(contrast(color, LIGHT_INK) > contrast(color, DARK_INK))
}

/// The contrast ratio of two colours, 1 to 21.
///
/// # Source
/// WCAG 2.2, definitions of contrast ratio and relative luminance.
fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance(color: [u8; 3]) -> f64 {
    let [r, g, b] = color.map(linear);
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

#[cfg(test)]
mod tests {
    use super::super::color::diverging_table;
    use super::*;

    #[test]
    fn every_color_has_an_ink_with_a_contrast_of_4_5() {
        let greys: Vec<[u8; 3]> = (0..=255).map(|byte| [byte; 3]).collect();
        let colors = diverging_table(Theme::Light)
            .iter()
            .chain(diverging_table(Theme::Dark));
        for &color in colors.chain(&greys) {
            let [dark, light] = [DARK_INK, LIGHT_INK].map(|ink| contrast(color, ink));
            let chosen = [dark, light][usize::from(ink(color))];
            assert!(
                chosen >= 4.5 && chosen == dark.max(light),
                "{color:?} {dark} {light}"
            );
            assert!(
                (dark - light).abs() > 1e-9,
                "{color:?}: the choice depends on the platform"
            );
        }
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 1e-12);
        assert_eq!(contrast([9, 8, 7], [9, 8, 7]), 1.0);
        // #767676 is the lightest grey that passes on white, #777777 the darkest that fails.
        assert!(contrast([0x76; 3], [255; 3]) >= 4.5);
        assert!(contrast([0x77; 3], [255; 3]) < 4.5);
    }
}
