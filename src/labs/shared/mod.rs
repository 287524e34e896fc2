//! Code that several labs share.

pub(super) mod csv;
mod grids;
mod index;
mod picture;
#[cfg(test)]
pub(super) mod testing;

pub(super) use grids::inspection_cells;
pub(super) use index::check_index;
pub(super) use picture::{PictureTensors, render_batch};
