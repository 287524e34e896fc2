//! Filters worth seeing.

use ndarray::array;

use super::spec::{CHANNELS, Filter};
use crate::error::{Result, check_range};
use crate::kernel::Kernel;

/// Filters with a name.
#[derive(Clone, Debug)]
pub struct Preset {
    /// Its name.
    pub name: &'static str,
    /// One filter, or all filters of a layer.
    pub filters: Vec<Filter>,
    /// Where it comes from; empty if it is the lab's own.
    pub source: &'static str,
}

/// Shares of red, green and blue in brightness.
///
/// # Source
/// Recommendation ITU-R BT.601-7, section 2.5.1.
pub const LUMINANCE: [f64; CHANNELS] = [0.299, 0.587, 0.114];

const RED_GREEN: [f64; CHANNELS] = [1.0, -1.0, 0.0];
const BLUE_YELLOW: [f64; CHANNELS] = [-0.5, -0.5, 1.0];

/// All presets, in display order.
pub fn presets() -> Vec<Preset> {
    let (sobel, blur) = (sobel(), binomial());
    let one = |name, filter, source| Preset {
        name,
        filters: vec![filter],
        source,
    };
    let unit = |channel: usize| {
        let mut shares = [0.0; CHANNELS];
        shares[channel] = 1.0;
        shares
    };
    let third = [1.0 / CHANNELS as f64; CHANNELS];
    let channels = || 0..CHANNELS;
    vec![
        one("spot", spot(), ""),
        one(
            "luminance",
            mix(LUMINANCE),
            "Recommendation ITU-R BT.601-7, 2.5.1",
        ),
        one("red_green", mix(RED_GREEN), HERING),
        one("blue_yellow", mix(BLUE_YELLOW), HERING),
        one("edges_brightness", spread(&sobel, LUMINANCE), SOBEL),
        one("edges_color", spread(&sobel, RED_GREEN), SOBEL),
        Preset {
            name: "blur_apart",
            filters: channels()
                .map(|channel| spread(&blur, unit(channel)))
                .collect(),
            source: "",
        },
        Preset {
            name: "blur_mixed",
            filters: channels().map(|_| spread(&blur, third)).collect(),
            source: "",
        },
        Preset {
            name: "opponents",
            filters: [LUMINANCE, RED_GREEN, BLUE_YELLOW].map(mix).into(),
            source: HERING,
        },
    ]
}

/// Sobel's horizontal gradient.
///
/// # Source
/// Sobel and Feldman, A 3 x 3 Isotropic Gradient Operator for Image Processing (1968).
pub fn sobel() -> Kernel {
    array![[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]]
}

/// The 3 x 3 binomial blur.
fn binomial() -> Kernel {
    array![[1.0, 2.0, 1.0], [2.0, 4.0, 2.0], [1.0, 2.0, 1.0]] / 16.0
}

const HERING: &str = "Hering, Zur Lehre vom Lichtsinne (1878)";
const SOBEL: &str = "Sobel and Feldman, A 3 × 3 Isotropic Gradient Operator (1968)";

/// A filter that looks for the colour `rgb`, each from 0 to 1.
///
/// Its weights are the direction in which the colour differs from grey, and its bias asks for
/// nearly as much of it: with ReLU only pixels of that hue, about as strong, are left. Grey has no
/// such direction; its filter looks for brightness.
///
/// # Errors
/// [`crate::error::Error::OutOfRange`] for a part outside 0 to 1.
pub fn find_color(rgb: [f64; CHANNELS]) -> Result<Filter> {
    for part in rgb {
        check_range("findColor", "color", [0.0, 1.0], part)?;
    }
    let grey = rgb.iter().sum::<f64>() / CHANNELS as f64;
    let away = rgb.map(|part| part - grey);
    let norm = |parts: [f64; CHANNELS]| parts.iter().map(|part| part * part).sum::<f64>().sqrt();
    let direction = if norm(away) > LEAST_CHROMA {
        away
    } else {
        [1.0; CHANNELS]
    };
    let length = norm(direction);
    // Four decimals are as much as a person wants to read.
    let weights = direction.map(|part| (part / length * 1e4).round() / 1e4);
    let response = weights
        .iter()
        .zip(rgb)
        .map(|(weight, part)| weight * part)
        .sum::<f64>();
    let mut filter = mix(weights);
    filter.bias = -(response * THRESHOLD * 1e4).round() / 1e4;
    Ok(filter)
}

/// Share of the colour's own response that a pixel must exceed.
const THRESHOLD: f64 = 0.75;

/// Colours nearer to grey have no hue to look for.
const LEAST_CHROMA: f64 = 0.02;

/// Red in the middle, green and blue around.
pub fn spot() -> Filter {
    Filter {
        kernels: vec![
            array![[0.0, 1.0, 0.0], [1.0, 2.0, 1.0], [0.0, 1.0, 0.0]],
            array![[0.0, -1.0, 0.0], [-1.0, 0.0, -1.0], [0.0, -1.0, 0.0]],
            array![[-0.5, 0.0, -0.5], [0.0, 0.0, 0.0], [-0.5, 0.0, -0.5]],
        ],
        bias: -1.6,
    }
}

/// A 1 x 1 filter.
fn mix(weights: [f64; CHANNELS]) -> Filter {
    spread(&Kernel::ones((1, 1)), weights)
}

/// `kernel` on every channel, times the channel's share.
fn spread(kernel: &Kernel, shares: [f64; CHANNELS]) -> Filter {
    Filter {
        kernels: shares
            .map(|share| kernel.mapv(|weight| weight * share))
            .into(),
        bias: 0.0,
    }
}
