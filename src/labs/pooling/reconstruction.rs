//! What pooling loses: the picture reconstructed from the output alone, and the difference.

use ndarray::{Array4, ArrayView4};

use crate::error::{Error, Result};
use crate::labs::pooling::PoolingLabSpec;
use crate::labs::shared::render_batch;
use crate::ops::resize2d::{Resize2dOptions, ResizeKind, ResizeTarget, resize2d};
use crate::ops::unpool2d::{Unpool2dOptions, unpool2d};
use crate::render::display::{DisplayRange, Rendered};

/// How to reconstruct the input's extents from an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reconstruction {
    /// Repeats each value over its part of the picture.
    Nearest,
    /// Max unpooling: puts each maximum back at its argmax; the rest is 0.
    Unpool,
}

/// A picture reconstructed from an output.
#[derive(Clone, Debug)]
pub struct Reconstructed {
    /// The reconstructed picture, as a photograph.
    pub rendered: Rendered,
    /// Input minus reconstruction, by sign.
    pub difference: Rendered,
    /// Mean magnitude of the difference.
    pub mean_absolute_difference: f64,
    /// Number of values of the output.
    pub kept: usize,
    /// Number of values of the input.
    pub values: usize,
}

impl Reconstructed {
    pub(super) fn new(
        input: ArrayView4<f32>,
        spec: &PoolingLabSpec,
        reconstruction: Reconstruction,
    ) -> Result<Self> {
        let reconstructed = reconstruct(input, spec, reconstruction)?;
        let difference = &input - &reconstructed.picture;
        let sum = difference.iter().map(|&value| f64::from(value.abs()));
        Ok(Reconstructed {
            rendered: render_batch(
                reconstructed.picture.view(),
                &DisplayRange::Clip,
                spec.theme,
            ),
            difference: render_batch(difference.view(), &DisplayRange::Symmetric, spec.theme),
            mean_absolute_difference: sum.sum::<f64>() / input.len() as f64,
            kept: reconstructed.kept,
            values: input.len(),
        })
    }
}

struct Upsampled {
    picture: Array4<f32>,
    kept: usize,
}

fn reconstruct(
    input: ArrayView4<f32>,
    spec: &PoolingLabSpec,
    reconstruction: Reconstruction,
) -> Result<Upsampled> {
    let pooled = spec.run(input)?;
    let (_, _, in_h, in_w) = input.dim();
    let picture = match (reconstruction, &pooled.indices) {
        (Reconstruction::Nearest, _) => {
            let options = Resize2dOptions {
                kind: ResizeKind::Nearest,
                target: ResizeTarget::Size([in_h, in_w]),
            };
            resize2d(pooled.output.view(), &options)?
        }
        (Reconstruction::Unpool, Some(indices)) => {
            let options = Unpool2dOptions {
                output_size: Some([in_h, in_w]),
                // Overlapping windows with the same argmax write the same value.
                ..Default::default()
            };
            unpool2d(pooled.output.view(), indices.view(), &options)?
        }
        (Reconstruction::Unpool, None) => {
            return Err(Error::UnknownName {
                operator: "poolingLabRestored",
                argument: "restoring".into(),
                expected: "nearest".into(),
                got: "unpool".into(),
            });
        }
    };
    Ok(Upsampled {
        picture,
        kept: pooled.output.len(),
    })
}
