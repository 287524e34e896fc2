//! Examples drawn from a seed: as many as wanted, of classes that differ in one thing.

use std::f64::consts::{FRAC_PI_4, PI, TAU};

use ndarray::Array4;
use serde::Deserialize;

use crate::data::examples::Examples;
use crate::data::rng::Rng;
use crate::math::elementary::cos;

/// Extent of a generated picture in rows and in columns.
pub const SIDE: usize = 16;

/// What the classes of a generated set are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Generated {
    /// Stripes in four directions, of random phase, width, contrast and noise. One channel.
    Stripes,
    /// A disc, a square, a triangle or a cross of random place, size and colour. Three channels.
    Shapes,
    /// One bright dot: the quarter of the picture in which it lies. One channel.
    Dot,
    /// A red or a blue disc or square: colour and form together make four classes. Three channels.
    ColorAndShape,
}

/// Every set has as many classes.
pub const CLASSES: usize = 4;

impl Generated {
    /// Channels of its pictures.
    pub const fn channels(self) -> usize {
        match self {
            Generated::Stripes | Generated::Dot => 1,
            Generated::Shapes | Generated::ColorAndShape => 3,
        }
    }

    /// `count` examples, the classes taking turns. Fewer of the same seed are the first of more.
    pub fn draw(self, count: usize, seed: u64) -> Examples {
        let mut rng = Rng::new(seed);
        let mut inputs = Array4::zeros((count, self.channels(), SIDE, SIDE));
        let labels = (0..count).map(|n| n % CLASSES).collect::<Vec<_>>();
        for (mut picture, &class) in inputs.outer_iter_mut().zip(&labels) {
            let paint = self.painted(class, &mut rng);
            for ((channel, row, col), value) in picture.indexed_iter_mut() {
                *value = paint(channel, [row as f64 + 0.5, col as f64 + 0.5]) as f32;
            }
            for value in &mut picture {
                *value = (*value + 0.06 * rng.normal() as f32).clamp(0.0, 1.0);
            }
        }
        Examples {
            inputs,
            labels: labels.iter().map(|&class| class as i32).collect(),
            classes: CLASSES,
        }
    }

    /// The value of each channel at each place of one picture.
    fn painted(self, class: usize, rng: &mut Rng) -> Box<dyn Fn(usize, [f64; 2]) -> f64> {
        match self {
            Generated::Stripes => stripes(class, rng),
            Generated::Dot => dot(class, rng),
            Generated::Shapes => {
                let color = [0; 3].map(|_| between(rng, 0.35, 1.0));
                shape(Form::ALL[class], color, rng)
            }
            Generated::ColorAndShape => {
                let shade = between(rng, 0.6, 1.0);
                let color = [[shade, 0.1, 0.1], [0.1, 0.1, shade]][class % 2];
                shape([Form::Disc, Form::Square][class / 2], color, rng)
            }
        }
    }
}

/// What [`Generated::Shapes`] draws.
#[derive(Clone, Copy, Debug)]
enum Form {
    Disc,
    Square,
    Triangle,
    Cross,
}

impl Form {
    const ALL: [Form; CLASSES] = [Form::Disc, Form::Square, Form::Triangle, Form::Cross];

    /// Whether the form of the given radius around the origin covers a place.
    fn covers(self, [down, right]: [f64; 2], radius: f64) -> bool {
        let (down, right) = (down / radius, right / radius);
        match self {
            Form::Disc => down * down + right * right <= 1.0,
            Form::Square => down.abs().max(right.abs()) <= 0.85,
            Form::Triangle => down <= 0.8 && right.abs() <= 0.55 * (down + 1.0),
            Form::Cross => down.abs().min(right.abs()) <= 0.3 && down.abs().max(right.abs()) <= 1.0,
        }
    }
}

fn between(rng: &mut Rng, low: f64, high: f64) -> f64 {
    low + (high - low) * rng.uniform()
}

fn stripes(class: usize, rng: &mut Rng) -> Box<dyn Fn(usize, [f64; 2]) -> f64> {
    let angle = class as f64 * FRAC_PI_4;
    let (down, right) = (cos(angle), cos(angle - PI / 2.0));
    let period = between(rng, 3.5, 7.0);
    let phase = between(rng, 0.0, TAU);
    let contrast = between(rng, 0.15, 0.5);
    Box::new(move |_, [row, col]| {
        0.5 + contrast * cos(TAU * (row * down + col * right) / period + phase)
    })
}

fn dot(class: usize, rng: &mut Rng) -> Box<dyn Fn(usize, [f64; 2]) -> f64> {
    let half = SIDE as f64 / 2.0;
    let [top, left] = [(class / 2) as f64 * half, (class % 2) as f64 * half];
    let row = top + between(rng, 1.5, half - 1.5);
    let col = left + between(rng, 1.5, half - 1.5);
    Box::new(move |_, [y, x]| {
        if (y - row).abs().max((x - col).abs()) <= 1.0 {
            1.0
        } else {
            0.1
        }
    })
}

fn shape(form: Form, color: [f64; 3], rng: &mut Rng) -> Box<dyn Fn(usize, [f64; 2]) -> f64> {
    let radius = between(rng, 3.0, 5.5);
    let place = [0; 2].map(|_| between(rng, radius + 0.5, SIDE as f64 - radius - 0.5));
    Box::new(move |channel, [row, col]| {
        if form.covers([row - place[0], col - place[1]], radius) {
            color[channel]
        } else {
            0.08
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Generated; 4] = [
        Generated::Stripes,
        Generated::Shapes,
        Generated::Dot,
        Generated::ColorAndShape,
    ];

    #[test]
    fn fewer_examples_are_the_first_of_more() {
        for set in ALL {
            let [few, many] = [12, 40].map(|count| set.draw(count, 5));
            assert_eq!(few, many.select(&(0..12).collect::<Vec<_>>()));
            assert_ne!(set.draw(12, 6), few);
            assert_eq!(many.inputs.dim(), (40, set.channels(), SIDE, SIDE));
            assert!(many.inputs.iter().all(|value| (0.0..=1.0).contains(value)));
            for class in 0..CLASSES as i32 {
                assert_eq!(
                    many.labels.iter().filter(|&&label| label == class).count(),
                    10
                );
            }
        }
    }

    #[test]
    fn a_dot_lies_in_the_quarter_of_its_class() {
        let dots = Generated::Dot.draw(200, 1);
        for (picture, &label) in dots.inputs.outer_iter().zip(&dots.labels) {
            let quarter = |class: usize| {
                let [top, left] = [class / 2 * 8, class % 2 * 8];
                picture
                    .slice(ndarray::s![0, top..top + 8, left..left + 8])
                    .sum()
            };
            let brightest = (0..4).max_by(|&a, &b| quarter(a).total_cmp(&quarter(b)));
            assert_eq!(brightest, Some(label as usize));
        }
    }

    #[test]
    fn stripes_vary_across_their_direction_and_not_along_it() {
        let stripes = Generated::Stripes.draw(4, 2);
        let change = |n: usize, down: usize, right: usize| {
            let picture = stripes.inputs.index_axis(ndarray::Axis(0), n);
            let mut sum = 0.0;
            for row in 1..15 {
                for col in 1..15 {
                    let to = picture[[0, row + down - 1, col + right - 1]];
                    sum += (picture[[0, row, col]] - to).abs();
                }
            }
            sum
        };
        // Class 0 varies down the rows, class 2 along the columns, the others along a diagonal.
        assert!(change(0, 2, 1) > 1.5 * change(0, 1, 2));
        assert!(change(2, 1, 2) > 1.5 * change(2, 2, 1));
        assert!(change(1, 2, 2) > 1.5 * change(1, 2, 0));
        assert!(change(3, 2, 0) > 1.5 * change(3, 2, 2));
    }
}
