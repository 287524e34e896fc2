//! The effective receptive field as a heat map over the picture.

use ndarray::{Array2, Array3, Axis, s};
use serde::Deserialize;

use super::Edges;
use crate::data::picture::{ColorMode, Picture};
use crate::error::Result;
use crate::net::analysis::effective::{
    EffectiveReceptiveField, Learned, Question, Simplified, Spread, effective_receptive_field,
};
use crate::net::spec::Spec;
use crate::render::color::Theme;
use crate::render::display::Rendered;
use crate::render::heat::heat;
use crate::window::forms;

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

/// A measured field over the picture.
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
    /// Multiply-adds and their like that it took.
    pub operations: f64,
}

/// Measures how strongly each pixel of the picture acts on one position.
///
/// A network for one or three channels looks at the picture itself, any other at noise.
///
/// # Errors
/// As [`effective_receptive_field`].
pub fn effective(picture: &Picture, spec: &Spec, options: &Options) -> Result<Effective> {
    let input = input(picture, spec);
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
    let field = effective_receptive_field(spec, &question)?;
    let [rows, cols] = field.theoretical;
    Ok(Effective {
        rendered: over_picture(picture, spec, &field, options.theme),
        mass: mass(&field.spread),
        theoretical: Edges {
            top: rows[0] as f64,
            left: cols[0] as f64,
            bottom: (rows[1] + 1) as f64,
            right: (cols[1] + 1) as f64,
        },
        operations: field.operations,
        spread: field.spread,
    })
}

fn size(picture: &Picture, spec: &Spec) -> [usize; 2] {
    let [height, width] = [spec.input.height, spec.input.width];
    [
        height.unwrap_or(picture.height()),
        width.unwrap_or(picture.width()),
    ]
}

fn input(picture: &Picture, spec: &Spec) -> Option<Array3<f32>> {
    let mode = match spec.input.channels {
        1 => ColorMode::Grey,
        3 => ColorMode::Color,
        _ => return None,
    };
    let [height, width] = size(picture, spec);
    let tensor = picture.resized(height, width).to_tensor(mode);
    Some(tensor.remove_axis(Axis(0)))
}

/// The map in its place on the picture, which is brought to the size of the input.
fn over_picture(
    picture: &Picture,
    spec: &Spec,
    field: &EffectiveReceptiveField,
    theme: Theme,
) -> Rendered {
    let [height, width] = size(picture, spec);
    let mut values = Array2::zeros((height, width));
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
    let grey = picture.resized(height, width).to_tensor(ColorMode::Grey);
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

    /// Two boxes of 3 make 1 2 3 2 1 along each axis: 3 · 3 of 81 in the middle, 1 in the corner.
    #[test]
    fn uniform_weights_make_the_product_of_two_triangles() {
        let found = effective(&picture(), &spec(3), &options("b", [4, 3])).unwrap();
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
        let found = effective(&picture(), &spec(3), &options("b", [0, 0])).unwrap();
        assert_eq!(found.theoretical.top, -2.0);
        assert_eq!(found.rendered.rgba.len(), 4 * 9 * 7);
    }

    #[test]
    fn a_network_with_other_channels_looks_at_noise() {
        assert!(effective(&picture(), &spec(5), &options("b", [4, 3])).is_ok());
    }

    #[test]
    fn the_seed_decides_the_random_weights() {
        let with = |seed| {
            let options = Options {
                weights: Weights::Random,
                seed,
                ..options("b", [4, 3])
            };
            effective(&picture(), &spec(3), &options)
                .unwrap()
                .rendered
                .rgba
        };
        assert_eq!(with(1), with(1));
        assert_ne!(with(1), with(2));
    }
}
