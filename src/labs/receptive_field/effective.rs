//! The effective receptive field as a heat map over the picture.

use ndarray::{Array2, Array3, Axis, s};
use serde::Deserialize;

use super::Edges;
use crate::data::picture::{ColorMode, Picture};
use crate::error::{Result, check_range};
use crate::net::analysis::effective::{
    Drawn, EffectiveReceptiveField, Learned, Measurement, OPERATION_LIMIT, Question, Simplified,
    Spread,
};
use crate::net::spec::Spec;
use crate::render::color::Theme;
use crate::render::display::Rendered;
use crate::render::heat::heat;
use crate::window::forms;

const OPERATOR: &str = "receptiveFieldLabEffective";

/// Operations of one call, if it may have several draws: a fifth of a second in a browser.
const SLICE: f64 = 2e9;

/// What is measured, and how.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Options {
    /// Id of the node.
    pub node: String,
    /// Row and column of the position.
    #[serde(with = "forms::pair")]
    pub position: [usize; 2],
    /// The weights of the network.
    pub weights: Weights,
    /// What its activations do.
    pub activation: Activations,
    /// Decides the weights.
    pub seed: u64,
    /// Number of maps averaged.
    pub draws: usize,
    /// What the picture is painted for.
    pub theme: Theme,
}

/// The weights of the network that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weights {
    /// Every kernel takes the mean of what it sees.
    Uniform,
    /// Random ones of mean 0.
    Random,
}

/// What activations and maxima do in the network that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activations {
    /// Activations pass their input on, maxima are means.
    Linear,
    /// What they do in the network.
    Relu,
}

/// A measured field over the picture, as the draws so far show it.
#[derive(Clone, Debug)]
pub struct Effective {
    /// The picture at the size of the network's input, each pixel the warmer the more it counts.
    pub rendered: Rendered,
    /// How the influence is spread.
    pub spread: Spread,
    /// A square as large as the area that holds 95.45 % of the influence, around its mean; `None` if
    /// nothing counts.
    pub mass: Option<Edges>,
    /// The theoretical field, also outside the picture.
    pub theoretical: Edges,
    /// Multiply-adds and their like that all draws take.
    pub operations: f64,
    /// The draws so far.
    pub drawn: Drawn,
    /// How many there are to be: those asked for, or one where nothing is random.
    pub draws: usize,
}

/// Measures how strongly each pixel of the picture acts on one position, some draws at a time: those
/// so far come back, and are given to the next call until there are enough. What the draws come to
/// does not depend on how they are divided.
///
/// A network for one or three channels looks at the picture itself, any other at noise.
///
/// # Errors
/// As [`Measurement`]; [`OutOfRange`](crate::error::Error::OutOfRange) for more draws before than
/// there are to be.
pub fn effective(
    picture: &Picture,
    spec: &Spec,
    options: &Options,
    before: Drawn,
) -> Result<Effective> {
    let [height, width] = [spec.input.height, spec.input.width];
    let height = height.unwrap_or(picture.height());
    let seen = picture.resized(height, width.unwrap_or(picture.width()));
    let input = input(&seen, spec);
    let linear = options.activation == Activations::Linear;
    let question = Question {
        position: Some(options.position),
        weights: match options.weights {
            Weights::Random => Learned::Random,
            Weights::Uniform => Learned::Uniform,
        },
        input: input.as_ref().map(|input| input.view()),
        seed: options.seed,
        draws: options.draws,
        simplified: Simplified {
            linear,
            average_pooling: linear,
        },
        ..Question::about(&options.node)
    };
    let mut measurement = Measurement::new(spec, &question)?;
    let operations = measurement.operations();
    check_range(OPERATOR, "operations", [0.0, OPERATION_LIMIT], operations)?;
    let draws = measurement.draws();
    check_range(OPERATOR, "drawn", [0.0, draws as f64], before.draws as f64)?;
    let left = draws - before.draws;
    measurement.resume(before)?;
    for _ in 0..at_once(left, operations) {
        measurement.draw()?;
    }
    let field = measurement.field()?;
    let [rows, cols] = field.theoretical;
    Ok(Effective {
        rendered: over_picture(&seen, &field, options.theme),
        mass: mass(&field.spread),
        theoretical: Edges {
            top: rows[0] as f64,
            left: cols[0] as f64,
            bottom: (rows[1] + 1) as f64,
            right: (cols[1] + 1) as f64,
        },
        operations: field.operations,
        spread: field.spread,
        drawn: measurement.drawn().clone(),
        draws,
    })
}

/// How many of the draws that are left one call has.
fn at_once(left: usize, operations: f64) -> usize {
    left.min((SLICE / operations).max(1.0) as usize)
}

fn input(picture: &Picture, spec: &Spec) -> Option<Array3<f32>> {
    let mode = match spec.input.channels {
        1 => ColorMode::Grey,
        3 => ColorMode::Color,
        _ => return None,
    };
    Some(picture.to_tensor(mode).remove_axis(Axis(0)))
}

/// The map in its place on the picture, which has the size of the input.
fn over_picture(picture: &Picture, field: &EffectiveReceptiveField, theme: Theme) -> Rendered {
    let mut values = Array2::zeros((picture.height(), picture.width()));
    let (rows, cols) = field.map.dim();
    let [row, col] = field.origin.map(|first| first.max(0) as usize);
    let peak = if field.spread.peak > 0.0 {
        field.spread.peak
    } else {
        1.0
    };
    values
        .slice_mut(s![row..row + rows, col..col + cols])
        .assign(&field.map.mapv(|value| (value / peak) as f32));
    let grey = picture.to_tensor(ColorMode::Grey);
    let grey = grey.index_axis(Axis(0), 0);
    heat(values.view(), grey.index_axis(Axis(0), 0), theme)
}

fn mass(spread: &Spread) -> Option<Edges> {
    let [row, col] = spread.centre?;
    let half = spread.area.side / 2.0;
    // Pixel i covers i to i + 1, so its middle is i + 1/2.
    Some(Edges {
        top: row + 0.5 - half,
        left: col + 0.5 - half,
        bottom: row + 0.5 + half,
        right: col + 0.5 + half,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    fn options(node: &str, position: [usize; 2]) -> Options {
        Options {
            node: node.into(),
            position,
            weights: Weights::Uniform,
            activation: Activations::Linear,
            seed: 1,
            draws: 1,
            theme: Theme::Light,
        }
    }

    fn spec(channels: usize) -> Spec {
        serde_json::from_str(&format!(
            r#"{{ "input": {{ "channels": {channels}, "height": 9, "width": 7 }}, "layers": [
                 {{ "id": "a", "op": "conv2d", "channels": 2, "kernel": 3, "padding": 1 }},
                 {{ "id": "b", "op": "conv2d", "channels": 1, "kernel": 3, "padding": 1 }}] }}"#
        ))
        .unwrap()
    }

    fn picture() -> Picture {
        Picture::new("test", 4, 4, vec![0; 64]).unwrap()
    }

    fn all(spec: &Spec, options: &Options) -> Effective {
        effective(&picture(), spec, options, Drawn::default()).unwrap()
    }

    /// Two boxes of 3 make 1 2 3 2 1 along each axis: 3 · 3 of 81 in the middle, 1 in the corner.
    #[test]
    fn uniform_weights_make_the_product_of_two_triangles() {
        let found = all(&spec(3), &options("b", [4, 3]));
        assert_eq!([found.rendered.height, found.rendered.width], [9, 7]);
        assert_eq!(
            found.theoretical,
            Edges {
                top: 2.0,
                left: 1.0,
                bottom: 7.0,
                right: 6.0
            }
        );
        let pixel = |row: usize, col: usize| &found.rendered.rgba[4 * (7 * row + col)..][..3];
        // The peak is all colour, outside the field the picture stays: transparent, so white.
        assert_eq!(pixel(4, 3), [0xd9, 0x5f, 0x0e]);
        assert_eq!(pixel(0, 0), [242; 3]);
        assert_ne!(pixel(2, 1), [242; 3]);
        // Standard deviation of 1 2 3 2 1 over 9: sqrt(12 / 9).
        let [rows, cols] = found.spread.sd.unwrap();
        assert!((rows - (12.0_f64 / 9.0).sqrt()).abs() < 1e-6, "{rows}");
        assert!((cols - rows).abs() < 1e-6);
        let Edges { top, bottom, .. } = found.mass.unwrap();
        assert!(((top + bottom) / 2.0 - 4.5).abs() < 1e-6);
        assert!((bottom - top - found.spread.area.side).abs() < 1e-9);
    }

    #[test]
    fn a_field_that_reaches_outside_is_cut_off_on_the_picture_alone() {
        let found = all(&spec(3), &options("b", [0, 0]));
        assert_eq!(found.theoretical.top, -2.0);
        assert_eq!(found.rendered.rgba.len(), 4 * 9 * 7);
    }

    #[test]
    fn a_network_with_other_channels_looks_at_noise() {
        let found = all(&spec(5), &options("b", [4, 3]));
        assert_eq!(found.drawn.draws, 1);
    }

    #[test]
    fn the_seed_decides_the_random_weights() {
        let with = |seed| {
            let options = Options {
                weights: Weights::Random,
                seed,
                ..options("b", [4, 3])
            };
            all(&spec(3), &options).rendered.rgba
        };
        assert_eq!(with(1), with(1));
        assert_ne!(with(1), with(2));
    }

    #[test]
    fn draws_go_on_where_the_last_call_stopped() {
        let random = |draws| Options {
            weights: Weights::Random,
            draws,
            ..options("b", [4, 3])
        };
        let of = |draws, before| effective(&picture(), &spec(3), &random(draws), before);
        let all = of(3, Drawn::default()).unwrap();
        assert_eq!((all.drawn.draws, all.draws), (3, 3));
        let first = of(1, Drawn::default()).unwrap();
        assert_ne!(first.rendered.rgba, all.rendered.rgba);
        let rest = of(3, first.drawn).unwrap();
        assert_eq!((rest.drawn, rest.spread), (all.drawn.clone(), all.spread));
        // Nothing is left to be drawn.
        let again = of(3, all.drawn.clone()).unwrap();
        assert_eq!(again.rendered.rgba, all.rendered.rgba);
        let error = of(2, all.drawn).unwrap_err();
        assert!(matches!(error, Error::OutOfRange { .. }), "{error}");
        let short = Drawn {
            draws: 1,
            sum: vec![0.0; 3],
        };
        let error = of(2, short).unwrap_err();
        assert!(matches!(error, Error::ShapeMismatch { .. }), "{error}");
    }

    #[test]
    fn what_is_not_random_is_drawn_once() {
        let options = Options {
            draws: 5,
            ..options("b", [4, 3])
        };
        assert_eq!(all(&spec(3), &options).draws, 1);
    }

    #[test]
    fn a_call_has_at_least_one_draw_and_no_more_than_are_left() {
        assert_eq!(at_once(9, 1e10), 1);
        assert_eq!(at_once(9, 5e8), 4);
        assert_eq!(at_once(3, 5e8), 3);
        assert_eq!(at_once(0, 1e10), 0);
    }
}
