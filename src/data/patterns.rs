//! Test patterns: inputs simple enough to predict what a kernel does to them.

use super::picture::{Picture, check_side};
use super::rng::Rng;
use crate::error::{Error, Result};

const OPERATOR: &str = "testPattern";

/// A test pattern, grey and opaque.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// One white pixel on black, in row and column `size / 2`: the output is the kernel itself,
    /// rotated by 180°.
    Impulse,
    /// Black left of column `size / 2`, white from there on.
    Step,
    /// Squares of `size / 16` (at least 1) pixels, black at the top left.
    Checkerboard,
    /// A linear ramp from black in the first column to white in the last.
    Gradient,
    /// A white disc of radius 3/8 `size` in the middle, on black, anti-aliased over one pixel.
    Circle,
    /// Independent bytes, all 256 values equally likely; the only pattern that uses the seed.
    Noise,
}

impl Pattern {
    /// Every pattern, in the order in which they are offered.
    pub const ALL: [Pattern; 6] = [
        Pattern::Impulse,
        Pattern::Step,
        Pattern::Checkerboard,
        Pattern::Gradient,
        Pattern::Circle,
        Pattern::Noise,
    ];

    /// The name in options and links.
    pub const fn name(self) -> &'static str {
        match self {
            Pattern::Impulse => "impulse",
            Pattern::Step => "step",
            Pattern::Checkerboard => "checkerboard",
            Pattern::Gradient => "gradient",
            Pattern::Circle => "circle",
            Pattern::Noise => "noise",
        }
    }

    /// The pattern called `name`.
    ///
    /// # Errors
    /// [`Error::UnknownName`] if there is none.
    pub fn from_name(name: &str) -> Result<Self> {
        Pattern::ALL
            .into_iter()
            .find(|pattern| pattern.name() == name)
            .ok_or_else(|| Error::UnknownName {
                operator: OPERATOR,
                argument: "name".into(),
                expected: Pattern::ALL.map(Pattern::name).join(", "),
                got: name.to_owned(),
            })
    }
}

/// Draws `pattern` as a square of `size` x `size` pixels.
///
/// # Errors
/// [`Error::OutOfRange`] if `size` is not in 1..=[`SIDE_LIMIT`](super::picture::SIDE_LIMIT).
pub fn draw(pattern: Pattern, size: usize, seed: u64) -> Result<Picture> {
    check_side(OPERATOR, "size", size)?;
    let mut rng = Rng::new(seed);
    let middle = size / 2;
    let square = (size / 16).max(1);
    let mut rgba = Vec::with_capacity(4 * size * size);
    for row in 0..size {
        for column in 0..size {
            let byte = match pattern {
                Pattern::Impulse => white_if(row == middle && column == middle),
                Pattern::Step => white_if(column >= middle),
                Pattern::Checkerboard => white_if((row / square + column / square) % 2 == 1),
                Pattern::Gradient => ramp(column, size),
                Pattern::Circle => disc(row, column, size),
                Pattern::Noise => (256.0 * rng.uniform()) as u8,
            };
            rgba.extend([byte, byte, byte, 255]);
        }
    }
    Picture::new(OPERATOR, size, size, rgba)
}

fn white_if(white: bool) -> u8 {
    if white { 255 } else { 0 }
}

/// 255 · column / (size − 1), rounded.
fn ramp(column: usize, size: usize) -> u8 {
    let last = (size - 1).max(1);
    ((255 * column + last / 2) / last) as u8
}

/// The disc's brightness at a pixel, falling from white to black over one pixel at the edge.
fn disc(row: usize, column: usize, size: usize) -> u8 {
    let from_center = |index: usize| index as f64 + 0.5 - size as f64 / 2.0;
    let (y, x) = (from_center(row), from_center(column));
    let inside = 0.375 * size as f64 - (x * x + y * y).sqrt();
    (255.0 * (inside + 0.5).clamp(0.0, 1.0) + 0.5) as u8
}

#[cfg(test)]
mod tests {
    use super::super::picture::SIDE_LIMIT;
    use super::*;

    fn bytes(pattern: Pattern, size: usize, seed: u64) -> Vec<u8> {
        let picture = draw(pattern, size, seed).unwrap();
        assert_eq!((picture.width(), picture.height()), (size, size));
        let pixels = picture.rgba().chunks_exact(4);
        pixels
            .map(|pixel| {
                assert_eq!(pixel, [pixel[0], pixel[0], pixel[0], 255]);
                pixel[0]
            })
            .collect()
    }

    #[test]
    fn impulse_is_one_white_pixel_in_the_center() {
        for (size, center) in [(5, 2 * 5 + 2), (4, 2 * 4 + 2), (1, 0)] {
            let got = bytes(Pattern::Impulse, size, 0);
            let expected: Vec<u8> = (0..size * size)
                .map(|i| if i == center { 255 } else { 0 })
                .collect();
            assert_eq!(got, expected);
        }
    }

    #[test]
    fn step_is_black_on_the_left_half() {
        assert_eq!(bytes(Pattern::Step, 4, 0), [0, 0, 255, 255].repeat(4));
    }

    #[test]
    fn checkerboard_has_sixteen_squares_per_side() {
        let got = bytes(Pattern::Checkerboard, 32, 0);
        for (i, &byte) in got.iter().enumerate() {
            let white = (i / 32 / 2) % 2 != (i % 32 / 2) % 2;
            assert_eq!(byte, if white { 255 } else { 0 });
        }
        assert_eq!(bytes(Pattern::Checkerboard, 2, 0), [0, 255, 255, 0]);
    }

    #[test]
    fn gradient_rises_evenly_from_black_to_white() {
        assert_eq!(bytes(Pattern::Gradient, 4, 0), [0, 85, 170, 255].repeat(4));
        let row: Vec<u8> = (0..=255).collect();
        assert_eq!(bytes(Pattern::Gradient, 256, 0), row.repeat(256));
        assert_eq!(bytes(Pattern::Gradient, 1, 0), [0]);
    }

    #[test]
    fn circle_is_symmetric_has_the_disc_s_area_and_a_smooth_border() {
        let size = 64;
        let got = bytes(Pattern::Circle, size, 0);
        let area = got.iter().map(|&byte| f64::from(byte) / 255.0).sum::<f64>();
        let expected = std::f64::consts::PI * 24.0 * 24.0;
        assert!((area - expected).abs() < 2.0, "{area} {expected}");
        assert!(got.iter().any(|byte| (1..255).contains(byte)));
        assert_eq!((got[0], got[32 * size + 32]), (0, 255));
        for row in 0..size {
            for column in 0..size {
                let byte = got[row * size + column];
                assert_eq!(byte, got[column * size + row]);
                assert_eq!(byte, got[row * size + size - 1 - column]);
            }
        }
    }

    #[test]
    fn noise_depends_on_the_seed_alone_and_spreads_evenly() {
        let noise = bytes(Pattern::Noise, 128, 5);
        assert_eq!(noise, bytes(Pattern::Noise, 128, 5));
        assert_ne!(noise, bytes(Pattern::Noise, 128, 6));
        assert_eq!(bytes(Pattern::Noise, 2, 0), [252, 62, 96, 170]);
        let mut counts = [0_u32; 256];
        for byte in noise {
            counts[usize::from(byte)] += 1;
        }
        assert!(
            counts.iter().all(|count| (30..=110).contains(count)),
            "{counts:?}"
        );
    }

    #[test]
    fn a_size_of_zero_or_beyond_the_limit_is_an_error() {
        for pattern in Pattern::ALL {
            for size in [0, SIDE_LIMIT + 1, usize::MAX] {
                let error = draw(pattern, size, 0).unwrap_err();
                assert!(matches!(
                    error,
                    Error::OutOfRange {
                        operator: "testPattern",
                        argument: "size",
                        ..
                    }
                ));
            }
        }
        assert!(draw(Pattern::Step, SIDE_LIMIT, 0).is_ok());
    }

    #[test]
    fn names_lead_back_to_their_patterns() {
        for pattern in Pattern::ALL {
            assert_eq!(Pattern::from_name(pattern.name()), Ok(pattern));
        }
        assert!(matches!(
            Pattern::from_name("plaid"),
            Err(Error::UnknownName {
                operator: "testPattern",
                ..
            })
        ));
    }
}
