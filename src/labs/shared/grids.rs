//! The grids of numbers that explain one output value.

use crate::render::cells::{Cells, cells, grey_cells};
use crate::render::color::Theme;

/// Colours of the three grids: `window` as a photograph, `weights` and `products` by sign.
pub(in crate::labs) fn inspection_cells(
    [window, weights, products]: [&[f32]; 3],
    theme: Theme,
) -> [Cells; 3] {
    let to_f64 = |values: &[f32]| {
        let values = values.iter().map(|&value| f64::from(value));
        values.collect::<Vec<_>>()
    };
    [
        grey_cells(&to_f64(window)),
        cells(&to_f64(weights), theme),
        cells(&to_f64(products), theme),
    ]
}
