//! Numbers that answer what people ask about channels.

use ndarray::{Array4, ArrayView4, Axis};

use super::spec::CHANNELS;
use crate::error::Result;
use crate::labs::channels::presets::sobel;
use crate::ops::conv2d::{Conv2dOptions, conv2d};
use crate::window::Padding;

/// Sobel on the mean of the channels against the mean of Sobel on each channel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SobelComparison {
    /// Largest magnitude of Sobel on the mean.
    pub largest: f32,
    /// Largest difference of the two.
    pub difference: f32,
    /// Largest difference if the magnitudes are averaged instead: no longer linear.
    pub magnitude_difference: f32,
}

/// A convolution whose kernel slides over the depth, too.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DepthSlide {
    /// Depth of the kernel.
    pub depth: usize,
    /// Places of the kernel along the depth: maps out.
    pub maps: usize,
    /// Weights of the kernel.
    pub weights: usize,
    /// Weights of the two-dimensional filter, which has all channels as its depth.
    pub filter_weights: usize,
}

impl SobelComparison {
    /// Compares the two on `input` `[1, 3, h, w]`.
    ///
    /// # Errors
    /// As [`conv2d`].
    pub fn new(input: ArrayView4<f32>) -> Result<Self> {
        let sobel = sobel().mapv(|weight| weight as f32);
        let sobel = sobel.insert_axis(Axis(0)).insert_axis(Axis(0));
        let run = |planes: ArrayView4<f32>| {
            let channels = planes.dim().1;
            let weights = sobel.broadcast((channels, 1, 3, 3));
            let options = Conv2dOptions {
                padding: Padding::Same,
                groups: channels,
                ..Default::default()
            };
            weights.map_or_else(
                || Ok(Array4::zeros((1, 0, 0, 0))),
                |weights| conv2d(planes, weights, None, &options),
            )
        };
        let mean =
            |maps: &Array4<f32>| maps.sum_axis(Axis(1)).insert_axis(Axis(1)) / CHANNELS as f32;
        let largest = |maps: &Array4<f32>| {
            maps.iter()
                .fold(0.0_f32, |most, value| most.max(value.abs()))
        };
        let of_mean = run(mean(&input.to_owned()).view())?;
        let of_each = run(input)?;
        let magnitudes = mean(&of_each.mapv(f32::abs)) - of_mean.mapv(f32::abs);
        Ok(SobelComparison {
            largest: largest(&of_mean),
            difference: largest(&(&of_mean - mean(&of_each))),
            magnitude_difference: largest(&magnitudes),
        })
    }
}

impl DepthSlide {
    /// A kernel of `size` `[rows, columns]` and `depth` over the three channels.
    pub fn new(size: [usize; 2], depth: usize) -> Self {
        let area = size[0] * size[1];
        DepthSlide {
            depth,
            maps: (CHANNELS + 1).saturating_sub(depth),
            weights: area * depth,
            filter_weights: area * CHANNELS,
        }
    }
}
