//! Padding: the input with a border of zeros, mirrored, repeated or wrapped pixels.

use ndarray::{Array4, ArrayView4};

use crate::compute::{check_budget, row_major, tensor};
use crate::error::{Axis, Result};
use crate::window::{PaddingMode, Sides, check_padding};

/// Surrounds each channel of `input` with `padding` pixels.
///
/// # Shapes
/// `input` `[n, c, in_h, in_w]`; returns `[n, c, top + in_h + bottom, left + in_w + right]`.
///
/// # Errors
/// [`crate::error::Error::PaddingTooLarge`] if `mode` cannot reach that far;
/// [`crate::error::Error::TooLarge`] beyond the memory budget.
pub fn pad2d(
    operator: &'static str,
    input: ArrayView4<f32>,
    padding: Sides,
    mode: PaddingMode,
) -> Result<Array4<f32>> {
    let (n, c, in_h, in_w) = input.dim();
    check_padding(operator, mode, padding, [in_h, in_w])?;
    let rows = sources(mode, padding.along(Axis::Height), in_h);
    let cols = sources(mode, padding.along(Axis::Width), in_w);
    let shape = [n, c, rows.len(), cols.len()];
    check_budget(operator, &[&shape])?;
    let [before, after] = padding.along(Axis::Width);
    let (left, right) = (&cols[..before], &cols[cols.len() - after..]);
    let values = row_major(input);
    let mut padded = Vec::with_capacity(shape.iter().product());
    for plane in 0..n * c {
        for row in &rows {
            let Some(row) = row else {
                padded.resize(padded.len() + cols.len(), 0.0);
                continue;
            };
            let row = &values[(plane * in_h + row) * in_w..][..in_w];
            let value = |col: &Option<usize>| col.map_or(0.0, |col| row[col]);
            padded.extend(left.iter().map(value));
            padded.extend_from_slice(row);
            padded.extend(right.iter().map(value));
        }
    }
    Ok(tensor(shape, padded))
}

/// For each position of a padded axis, the input index that stands there.
fn sources(mode: PaddingMode, [before, after]: [usize; 2], extent: usize) -> Vec<Option<usize>> {
    let (before, end) = (before as isize, (extent + after) as isize);
    (-before..end)
        .map(|position| mode.source(position, extent))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array;

    fn padded(mode: PaddingMode, padding: Sides) -> Array4<f32> {
        let input = Array::from_shape_vec((1, 1, 2, 3), vec![1., 2., 3., 4., 5., 6.]).unwrap();
        pad2d("test", input.view(), padding, mode).unwrap()
    }

    #[test]
    fn each_mode_fills_the_border_as_named() {
        let sides = Sides {
            top: 1,
            left: 2,
            bottom: 0,
            right: 1,
        };
        let rows = |mode| padded(mode, sides).into_raw_vec_and_offset().0;
        assert_eq!(
            rows(PaddingMode::Zeros),
            [
                0., 0., 0., 0., 0., 0., 0., 0., 1., 2., 3., 0., 0., 0., 4., 5., 6., 0.
            ]
        );
        assert_eq!(
            rows(PaddingMode::Reflect),
            [
                6., 5., 4., 5., 6., 5., 3., 2., 1., 2., 3., 2., 6., 5., 4., 5., 6., 5.
            ]
        );
        assert_eq!(
            rows(PaddingMode::Replicate),
            [
                1., 1., 1., 2., 3., 3., 1., 1., 1., 2., 3., 3., 4., 4., 4., 5., 6., 6.
            ]
        );
        assert_eq!(
            rows(PaddingMode::Circular),
            [
                5., 6., 4., 5., 6., 4., 2., 3., 1., 2., 3., 1., 5., 6., 4., 5., 6., 4.
            ]
        );
    }

    #[test]
    fn no_padding_copies_the_input() {
        let input = padded(PaddingMode::Zeros, Sides::default());
        assert_eq!(
            input,
            Array::from_shape_vec((1, 1, 2, 3), vec![1., 2., 3., 4., 5., 6.]).unwrap()
        );
    }

    #[test]
    fn an_empty_input_has_no_pixel_to_repeat() {
        for shape in [(1, 1, 0, 3), (1, 1, 3, 0)] {
            let input = Array4::zeros(shape);
            for mode in [
                PaddingMode::Reflect,
                PaddingMode::Replicate,
                PaddingMode::Circular,
            ] {
                assert!(pad2d("test", input.view(), Sides::all(1), mode).is_err());
            }
            let zeros = pad2d("test", input.view(), Sides::all(1), PaddingMode::Zeros).unwrap();
            assert_eq!(zeros, Array4::zeros((1, 1, shape.2 + 2, shape.3 + 2)));
        }
    }
}
