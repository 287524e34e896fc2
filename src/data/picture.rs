//! Pictures as the browser provides them, and as input tensors.

use ndarray::Array4;
use serde::Deserialize;

use crate::error::{Error, Result, check_range};
use crate::math::arrays::shaped;

/// Largest width and height of a picture, in pixels.
pub const SIDE_LIMIT: usize = 1024;

/// Whether a picture becomes one channel of luma or three of red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColorMode {
    /// One channel.
    Grey,
    /// Three channels: red, green, blue.
    Color,
}

impl ColorMode {
    /// Number of channels.
    pub const fn channels(self) -> usize {
        match self {
            ColorMode::Grey => 1,
            ColorMode::Color => 3,
        }
    }
}

/// A checked picture of 8-bit RGBA pixels, row by row from the top left.
///
/// Bytes are gamma-encoded sRGB and alpha is straight (not premultiplied), as in a browser's
/// `ImageData`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    width: usize,
    height: usize,
    rgba: Vec<u8>,
}

impl Picture {
    /// A picture of `width` x `height` pixels, with 4 bytes of `rgba` each.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if a side is not in 1..=[`SIDE_LIMIT`]; [`Error::ShapeMismatch`] if
    /// `rgba` has the wrong length.
    pub fn new(operator: &'static str, width: usize, height: usize, rgba: Vec<u8>) -> Result<Self> {
        check_side(operator, "width", width)?;
        check_side(operator, "height", height)?;
        if rgba.len() != 4 * width * height {
            return Err(Error::ShapeMismatch {
                operator,
                argument: "data",
                expected: format!("[{}]", 4 * width * height),
                got: format!("[{}]", rgba.len()),
            });
        }
        Ok(Picture {
            width,
            height,
            rgba,
        })
    }

    /// Pixels in a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Pixels in a column.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Red, green, blue, alpha of each pixel, row by row.
    pub fn rgba(&self) -> &[u8] {
        &self.rgba
    }

    /// The picture as the input of an operator.
    ///
    /// Transparent pixels are composited onto white. Values stay gamma-encoded, as is usual for
    /// CNNs (torchvision's `ToTensor`): 0.5 looks middle grey, but is not half the light.
    ///
    /// # Shapes
    /// Returns [1, c, height, width], with c = 1 for grey and 3 for colour.
    ///
    /// # Units
    /// byte / 255, so 0 is black and 1 is white. An opaque grey pixel has the same value in both
    /// modes.
    ///
    /// # Source
    /// Luma 0.299 R + 0.587 G + 0.114 B: Recommendation ITU-R BT.601-7, section 2.5.1.
    pub fn to_tensor(&self, mode: ColorMode) -> Array4<f32> {
        let pixels = self.rgba.chunks_exact(4).map(on_white);
        let mut values = Vec::with_capacity(mode.channels() * self.width * self.height);
        match mode {
            ColorMode::Grey => values.extend(pixels.map(luma)),
            ColorMode::Color => {
                for channel in 0..3 {
                    let value = |rgb: [u32; 3]| (f64::from(rgb[channel]) / FULL) as f32;
                    values.extend(pixels.clone().map(value));
                }
            }
        }
        shaped([1, mode.channels(), self.height, self.width], values)
    }

    /// The picture downscaled so that its longer side is at most `max_side` (at least 1) pixels.
    ///
    /// Each new pixel is the mean of the area it covers. Pixels at the border of the area are
    /// weighted by the fraction covered, and colours by their alpha. Means are taken of
    /// gamma-encoded bytes and rounded to nearest. A picture that already fits is returned
    /// unchanged.
    pub fn downscaled(&self, max_side: usize) -> Picture {
        let max_side = max_side.max(1);
        let longer = self.width.max(self.height);
        if longer <= max_side {
            return self.clone();
        }
        let shrink = |side: usize| ((side * max_side + longer / 2) / longer).max(1);
        self.resized(shrink(self.height), shrink(self.width))
    }

    /// The picture resized to `height` x `width` pixels (at least 1 x 1), each the mean of the area
    /// it covers, as in [`Picture::downscaled`].
    pub fn resized(&self, height: usize, width: usize) -> Picture {
        let columns: Vec<_> = (0..width).map(|i| covered(i, self.width, width)).collect();
        let mut rgba = Vec::with_capacity(4 * width * height);
        for row in 0..height {
            let rows = covered(row, self.height, height);
            for columns in &columns {
                rgba.extend(self.mean(&rows, columns));
            }
        }
        Picture {
            width,
            height,
            rgba,
        }
    }

    /// The mean colour of an area, given by its weighted rows and columns.
    fn mean(&self, rows: &[(usize, u64)], columns: &[(usize, u64)]) -> [u8; 4] {
        let mut sums = [0; 4];
        let mut area = 0;
        for &(row, row_weight) in rows {
            for &(column, column_weight) in columns {
                let start = 4 * (row * self.width + column);
                let weight = row_weight * column_weight;
                let alpha = weight * u64::from(self.rgba[start + 3]);
                for (sum, byte) in sums.iter_mut().zip(&self.rgba[start..start + 3]) {
                    *sum += alpha * u64::from(*byte);
                }
                sums[3] += alpha;
                area += weight;
            }
        }
        let [r, g, b, alpha] = sums;
        let rounded = |sum: u64, count: u64| ((sum + count / 2) / count.max(1)) as u8;
        [
            rounded(r, alpha),
            rounded(g, alpha),
            rounded(b, alpha),
            rounded(alpha, area),
        ]
    }
}

/// Checks that a side is in 1..=[`SIDE_LIMIT`].
pub(super) fn check_side(
    operator: &'static str,
    argument: &'static str,
    side: usize,
) -> Result<()> {
    check_range(operator, argument, [1.0, SIDE_LIMIT as f64], side as f64)
}

/// Full intensity in the units of [`on_white`].
const FULL: f64 = 255.0 * 255.0;

/// Luma of a pixel from [`on_white`], 0 to 1.
fn luma([r, g, b]: [u32; 3]) -> f32 {
    (f64::from(299 * r + 587 * g + 114 * b) / (1000.0 * FULL)) as f32
}

/// Red, green and blue composited onto white, in 1/255² of full intensity.
fn on_white(rgba: &[u8]) -> [u32; 3] {
    let alpha = u32::from(rgba[3]);
    [0, 1, 2].map(|channel| u32::from(rgba[channel]) * alpha + 255 * (255 - alpha))
}

/// The old pixels under new pixel `index` along an axis, each with the length covered in units of
/// 1/`new` pixels.
fn covered(index: usize, old: usize, new: usize) -> Vec<(usize, u64)> {
    let (start, end) = (index * old, (index + 1) * old);
    (start / new..end.div_ceil(new))
        .map(|pixel| {
            let length = end.min((pixel + 1) * new) - start.max(pixel * new);
            (pixel, length as u64)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grey(width: usize, height: usize, bytes: &[u8]) -> Picture {
        let rgba = bytes.iter().flat_map(|&b| [b, b, b, 255]).collect();
        Picture::new("test", width, height, rgba).unwrap()
    }

    fn pixel(rgba: [u8; 4]) -> Picture {
        Picture::new("test", 1, 1, rgba.to_vec()).unwrap()
    }

    fn reds(picture: &Picture) -> Vec<u8> {
        picture.rgba().iter().step_by(4).copied().collect()
    }

    #[test]
    fn a_picture_without_pixels_or_too_large_is_an_error() {
        for (width, height, argument) in [(0, 1, "width"), (1, 0, "height"), (1025, 1, "width")] {
            let error = Picture::new("test", width, height, vec![]).unwrap_err();
            assert!(matches!(error, Error::OutOfRange { argument: got, .. } if got == argument));
        }
        assert!(Picture::new("test", usize::MAX, usize::MAX, vec![]).is_err());
        assert!(Picture::new("test", 1024, 1, vec![0; 4096]).is_ok());
    }

    #[test]
    fn bytes_that_do_not_fill_the_picture_are_an_error() {
        assert_eq!(
            Picture::new("test", 2, 3, vec![0; 23]),
            Err(Error::ShapeMismatch {
                operator: "test",
                argument: "data",
                expected: "[24]".to_owned(),
                got: "[23]".to_owned(),
            })
        );
    }

    #[test]
    fn an_opaque_grey_byte_is_itself_over_255_in_both_modes() {
        let bytes: Vec<u8> = (0..=255).collect();
        let picture = grey(16, 16, &bytes);
        let expected: Vec<f32> = bytes.iter().map(|&b| f32::from(b) / 255.0).collect();
        let color = picture.to_tensor(ColorMode::Color);
        assert_eq!(color.shape(), [1, 3, 16, 16]);
        assert_eq!(color.as_slice().unwrap(), expected.repeat(3));
        let grey = picture.to_tensor(ColorMode::Grey);
        assert_eq!(grey.shape(), [1, 1, 16, 16]);
        assert_eq!(grey.as_slice().unwrap(), expected);
    }

    #[test]
    fn color_keeps_channels_and_rows_in_place() {
        let rgba = vec![
            255, 0, 51, 255, 0, 102, 0, 255, 0, 0, 0, 255, 255, 255, 255, 255,
        ];
        let tensor = Picture::new("test", 1, 4, rgba)
            .unwrap()
            .to_tensor(ColorMode::Color);
        assert_eq!(tensor.shape(), [1, 3, 4, 1]);
        assert_eq!(
            tensor.as_slice().unwrap(),
            [1.0, 0.0, 0.0, 1.0, 0.0, 0.4, 0.0, 1.0, 0.2, 0.0, 0.0, 1.0]
        );
    }

    #[test]
    fn grey_is_the_luma_of_bt_601() {
        for (rgba, luma) in [
            ([255, 0, 0, 255], 0.299),
            ([0, 255, 0, 255], 0.587),
            ([0, 0, 255, 255], 0.114),
        ] {
            assert_eq!(pixel(rgba).to_tensor(ColorMode::Grey)[[0, 0, 0, 0]], luma);
        }
    }

    #[test]
    fn transparency_shows_white() {
        let clear = pixel([7, 8, 9, 0]);
        assert!(clear.to_tensor(ColorMode::Color).iter().all(|&v| v == 1.0));
        let faint = pixel([0, 0, 0, 51]);
        assert!(faint.to_tensor(ColorMode::Grey).iter().all(|&v| v == 0.8));
    }

    #[test]
    fn downscaling_by_a_divisor_takes_the_mean_of_whole_blocks() {
        let picture = grey(4, 2, &[0, 10, 100, 101, 20, 30, 102, 104]);
        let half = picture.downscaled(2);
        assert_eq!((half.width(), half.height()), (2, 1));
        assert_eq!(reds(&half), [15, 102]);
    }

    #[test]
    fn downscaling_between_divisors_weighs_pixels_by_the_part_covered() {
        let picture = grey(3, 3, &[0, 90, 240, 0, 90, 240, 0, 90, 240]);
        assert_eq!(reds(&picture.downscaled(2)), [30, 190, 30, 190]);
    }

    #[test]
    fn downscaling_never_mixes_in_the_color_of_transparent_pixels() {
        let rgba = vec![200, 100, 50, 255, 0, 0, 0, 0];
        let mean = Picture::new("test", 2, 1, rgba).unwrap().downscaled(1);
        assert_eq!(mean.rgba(), [200, 100, 50, 128]);
    }

    #[test]
    fn downscaling_keeps_the_longer_side_at_the_limit_and_the_other_at_least_one() {
        for (width, height, max_side, expected) in [
            (1024, 512, 100, (100, 50)),
            (3, 1024, 100, (1, 100)),
            (7, 5, 3, (3, 2)),
            (7, 6, 3, (3, 3)),
            (7, 5, 0, (1, 1)),
            (7, 5, 7, (7, 5)),
            (7, 5, usize::MAX, (7, 5)),
        ] {
            let picture = grey(width, height, &vec![9; width * height]);
            let smaller = picture.downscaled(max_side);
            assert_eq!((smaller.width(), smaller.height()), expected);
            assert!(reds(&smaller).iter().all(|&byte| byte == 9));
        }
    }
}
