//! A lab's picture as tensors, and tensors as pictures.

use std::sync::OnceLock;

use ndarray::{Array4, ArrayView4, Axis};

use crate::data::picture::{ColorMode, Picture};
use crate::render::color::Theme;
use crate::render::display::{DisplayRange, Rendered, render};

/// A picture and its tensors in grey and in colour, each computed when first needed.
#[derive(Clone, Debug)]
pub(in crate::labs) struct PictureTensors {
    picture: Picture,
    grey: OnceLock<Array4<f32>>,
    color: OnceLock<Array4<f32>>,
}

impl PictureTensors {
    pub fn new(picture: Picture) -> Self {
        PictureTensors {
            picture,
            grey: OnceLock::new(),
            color: OnceLock::new(),
        }
    }

    /// `[rows, columns]` of the picture.
    pub fn size(&self) -> [usize; 2] {
        [self.picture.height(), self.picture.width()]
    }

    /// The picture as `[1, c, h, w]`.
    pub fn tensor(&self, color: ColorMode) -> ArrayView4<'_, f32> {
        let tensor = match color {
            ColorMode::Grey => &self.grey,
            ColorMode::Color => &self.color,
        };
        tensor.get_or_init(|| self.picture.to_tensor(color)).view()
    }
}

/// Paints a batch of one feature map, `[1, c, h, w]`.
pub(in crate::labs) fn render_batch(
    batch: ArrayView4<f32>,
    range: &DisplayRange,
    theme: Theme,
) -> Rendered {
    render(batch.index_axis(Axis(0), 0), range, theme)
}
