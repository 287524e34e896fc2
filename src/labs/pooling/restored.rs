//! What is lost: the picture made again from the output alone, and the difference.

use ndarray::{Array4, ArrayView4};

use crate::error::{Error, Result};
use crate::labs::pooling::{Spec, shown};
use crate::ops::resize2d::{Resize2dOptions, ResizeKind, ResizeTarget, resize2d};
use crate::ops::unpool2d::{Unpool2dOptions, unpool2d};
use crate::render::display::{DisplayRange, Rendered};

/// How an output is brought back to the extents of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restoring {
    /// Each value is repeated over its share of the picture.
    Nearest,
    /// Each maximum goes back to the place where it was found; the rest is 0.
    Unpool,
}

/// The picture made again from an output.
#[derive(Clone, Debug)]
pub struct Restored {
    /// The picture made again, as a photograph.
    pub rendered: Rendered,
    /// Input minus the picture made again, by sign.
    pub difference: Rendered,
    /// Mean of the magnitudes of the difference.
    pub mean_absolute_difference: f64,
    /// Values of the output.
    pub kept: usize,
    /// Values of the input.
    pub values: usize,
}

impl Restored {
    pub(super) fn new(input: ArrayView4<f32>, spec: &Spec, restoring: Restoring) -> Result<Self> {
        let restored = restore(input, spec, restoring)?;
        let difference = &input - &restored.picture;
        let sum = difference.iter().map(|&value| f64::from(value.abs()));
        Ok(Restored {
            rendered: shown(restored.picture.view(), &DisplayRange::Clip, spec.theme),
            difference: shown(difference.view(), &DisplayRange::Symmetric, spec.theme),
            mean_absolute_difference: sum.sum::<f64>() / input.len() as f64,
            kept: restored.kept,
            values: input.len(),
        })
    }
}

struct Again {
    picture: Array4<f32>,
    kept: usize,
}

fn restore(input: ArrayView4<f32>, spec: &Spec, restoring: Restoring) -> Result<Again> {
    let pooled = spec.run(input)?;
    let (_, _, in_h, in_w) = input.dim();
    let picture = match (restoring, &pooled.indices) {
        (Restoring::Nearest, _) => {
            let options = Resize2dOptions {
                kind: ResizeKind::Nearest,
                target: ResizeTarget::Size([in_h, in_w]),
            };
            resize2d(pooled.output.view(), &options)?
        }
        (Restoring::Unpool, Some(indices)) => {
            let options = Unpool2dOptions {
                output_size: Some([in_h, in_w]),
                // Overlapping windows that chose the same pixel write the same value.
                ..Default::default()
            };
            unpool2d(pooled.output.view(), indices.view(), &options)?
        }
        (Restoring::Unpool, None) => {
            return Err(Error::UnknownName {
                operator: "poolingLabRestored",
                argument: "restoring".into(),
                expected: "nearest".into(),
                got: "unpool".into(),
            });
        }
    };
    Ok(Again {
        picture,
        kept: pooled.output.len(),
    })
}
