//! Heat maps: how strongly each pixel of a picture counts, painted over the picture.

use ndarray::{ArrayView2, Zip};

use super::color::Theme;
use super::display::{ColorMap, Legend, Rendered};

/// Paints non-negative `values` over `picture`, whose brightness is 0 to 1.
///
/// Where a value is 0, the picture is shown in dimmed grey; where it is the largest, only the
/// colour of positive values is. In between, the opacity of the colour is the square root of the
/// value over the largest value, so that weak values remain visible. The legend's strip follows the
/// same rule, over middle grey.
///
/// # Shapes
/// Both `[h, w]`.
pub fn heat(values: ArrayView2<f32>, picture: ArrayView2<f32>, theme: Theme) -> Rendered {
    let (height, width) = values.dim();
    let largest = values.iter().copied().fold(0.0, f32::max);
    let unit = if largest > 0.0 { largest } else { 1.0 };
    let mut rgba = Vec::with_capacity(4 * values.len());
    Zip::from(values).and(picture).for_each(|&value, &grey| {
        rgba.extend(blended(f64::from(value / unit), f64::from(grey), theme));
    });
    let smallest = values.iter().copied().fold(unit, f32::min);
    Rendered {
        width,
        height,
        rgba,
        legend: Legend {
            map: ColorMap::Heat,
            min: 0.0,
            max: f64::from(unit),
            strip: (0..=255)
                .flat_map(|step| blended(f64::from(step) / 255.0, 0.5, theme))
                .collect(),
            value_min: f64::from(smallest),
            value_max: f64::from(largest),
            below: 0,
            above: 0,
            count: values.len(),
        },
    }
}

/// Tints `picture`, whose brightness is 0 to 1, with `values`, which may be negative: the opacity of the
/// colour grows evenly with the magnitude, up to three quarters, so that the picture stays visible.
///
/// The legend starts at 0 if no value is negative, and is symmetric otherwise.
///
/// # Shapes
/// Both `[h, w]`.
pub fn tint(values: ArrayView2<f32>, picture: ArrayView2<f32>, theme: Theme) -> Rendered {
    let (height, width) = values.dim();
    let largest = values
        .iter()
        .fold(0.0_f32, |most, value| most.max(value.abs()));
    let unit = if largest > 0.0 { largest } else { 1.0 };
    let mut rgba = Vec::with_capacity(4 * values.len());
    Zip::from(values).and(picture).for_each(|&value, &grey| {
        rgba.extend(tinted(f64::from(value / unit), f64::from(grey), theme));
    });
    let [least, most] = values.iter().fold([unit, -unit], |[least, most], &value| {
        [least.min(value), most.max(value)]
    });
    let signed = least < 0.0;
    let lowest = if signed { -1.0 } else { 0.0 };
    Rendered {
        width,
        height,
        rgba,
        legend: Legend {
            map: if signed {
                ColorMap::Diverging
            } else {
                ColorMap::Heat
            },
            min: lowest * f64::from(unit),
            max: f64::from(unit),
            strip: (0..=255)
                .flat_map(|step| {
                    let share = lowest + (1.0 - lowest) * f64::from(step) / 255.0;
                    tinted(share, 0.5, theme)
                })
                .collect(),
            value_min: f64::from(least),
            value_max: f64::from(most),
            below: 0,
            above: 0,
            count: values.len(),
        },
    }
}

/// RGBA of a value, given as its `share` of the largest magnitude, over a grey.
fn tinted(share: f64, grey: f64, theme: Theme) -> [u8; 4] {
    let color = match (theme, share < 0.0) {
        (Theme::Light, true) => [0x5e, 0x3c, 0x99],
        (Theme::Light, false) => [0xd9, 0x5f, 0x0e],
        (Theme::Dark, true) => [0x9d, 0x7f, 0xd6],
        (Theme::Dark, false) => [0xf2, 0x96, 0x4a],
    };
    mixed(grey, color, 0.75 * share.abs().min(1.0), theme)
}

/// A colour of the given opacity over a grey that is brighter on a light page than on a dark one.
fn mixed(grey: f64, color: [u8; 3], opacity: f64, theme: Theme) -> [u8; 4] {
    let (dimmest, span) = match theme {
        Theme::Light => (0.35, 0.6),
        Theme::Dark => (0.05, 0.5),
    };
    let ground = 255.0 * (dimmest + span * grey.clamp(0.0, 1.0));
    let [red, green, blue] = color.map(|byte| {
        let mixed = ground + (f64::from(byte) - ground) * opacity;
        mixed.round_ties_even() as u8
    });
    [red, green, blue, 255]
}

/// RGBA of a value, given as its `share` of the largest value, over a grey.
fn blended(share: f64, grey: f64, theme: Theme) -> [u8; 4] {
    let color = match theme {
        Theme::Light => [0xd9, 0x5f, 0x0e],
        Theme::Dark => [0xf2, 0x96, 0x4a],
    };
    mixed(grey, color, share.clamp(0.0, 1.0).sqrt(), theme)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn the_largest_value_is_pure_color_and_zero_leaves_the_picture() {
        let values = array![[0.0, 2.0], [0.5, 0.0]];
        let picture = array![[0.0, 1.0], [0.5, 1.0]];
        let painted = heat(values.view(), picture.view(), Theme::Light);
        let pixels: Vec<_> = painted.rgba.chunks_exact(4).collect();
        assert_eq!(pixels[0], [89, 89, 89, 255]);
        assert_eq!(pixels[1], [0xd9, 0x5f, 0x0e, 255]);
        assert_eq!(pixels[3], [242, 242, 242, 255]);
        // A quarter of the largest value is half opaque: between grey 166 and (217, 95, 14).
        assert_eq!(pixels[2], [191, 130, 90, 255]);
        let Legend {
            min,
            max,
            value_min,
            value_max,
            ..
        } = painted.legend;
        assert_eq!([min, max, value_min, value_max], [0.0, 2.0, 0.0, 2.0]);
        assert_eq!(painted.legend.strip[4 * 255..], [0xd9, 0x5f, 0x0e, 255]);
    }

    #[test]
    fn a_map_of_zeros_is_the_picture() {
        let zeros = ndarray::Array2::zeros((2, 3));
        let painted = heat(zeros.view(), zeros.view(), Theme::Dark);
        assert!(
            painted
                .rgba
                .chunks_exact(4)
                .all(|pixel| pixel == [13, 13, 13, 255])
        );
        assert_eq!(painted.legend.max, 1.0);
    }

    #[test]
    fn a_tint_is_three_quarters_opaque_at_most_and_its_legend_has_as_many_signs_as_the_values() {
        let picture = array![[0.0, 0.0]];
        let signed = tint(array![[-2.0, 1.0]].view(), picture.view(), Theme::Light);
        // Over grey 89: three quarters of (94, 60, 153), three eighths of (217, 95, 14).
        assert_eq!(signed.rgba, [93, 67, 137, 255, 137, 91, 61, 255]);
        assert_eq!([signed.legend.min, signed.legend.max], [-2.0, 2.0]);
        assert_eq!(signed.legend.map, ColorMap::Diverging);
        let positive = tint(array![[0.0, 4.0]].view(), picture.view(), Theme::Light);
        assert_eq!(positive.rgba[..4], [89, 89, 89, 255]);
        assert_eq!([positive.legend.min, positive.legend.max], [0.0, 4.0]);
        assert_eq!(positive.legend.map, ColorMap::Heat);
    }
}
