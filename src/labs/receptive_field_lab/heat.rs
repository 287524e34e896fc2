//! The effective receptive field as a heat map over the picture.

use ndarray::{ArrayView2, Axis};

use crate::data::picture::{ColorMode, Picture};
use crate::render::color::Theme;
use crate::render::display::Rendered;
use crate::render::heat::heat;

/// `magnitudes` painted over `picture`, which is brought to their size: the network's input.
///
/// # Shapes
/// `magnitudes` `[height, width]` of the input, none below 0.
pub fn over_picture(picture: &Picture, magnitudes: ArrayView2<f32>, theme: Theme) -> Rendered {
    let (height, width) = magnitudes.dim();
    let grey = picture.resized(height, width).to_tensor(ColorMode::Grey);
    let grey = grey.index_axis(Axis(0), 0);
    heat(magnitudes, grey.index_axis(Axis(0), 0), theme)
}
