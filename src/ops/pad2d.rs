//! Padding: the input with a border of zeros, mirrored, repeated or wrapped pixels.

use ndarray::{Array4, ArrayView4, s};

use crate::compute::check_budget;
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
    check_budget(operator, &[&[n, c, rows.len(), cols.len()]])?;
    let mut padded = Array4::zeros((n, c, rows.len(), cols.len()));
    let Sides { left, .. } = padding;
    for (row_idx, row) in rows.iter().enumerate() {
        let Some(row) = *row else { continue };
        padded
            .slice_mut(s![.., .., row_idx, left..left + in_w])
            .assign(&input.slice(s![.., .., row, ..]));
        for (col_idx, col) in cols.iter().enumerate() {
            if (left..left + in_w).contains(&col_idx) {
                continue;
            }
            if let Some(col) = *col {
                padded
                    .slice_mut(s![.., .., row_idx, col_idx])
                    .assign(&input.slice(s![.., .., row, col]));
            }
        }
    }
    Ok(padded)
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
        assert_eq!(
            padded(PaddingMode::Zeros, Sides::default()).dim(),
            (1, 1, 2, 3)
        );
    }
}
