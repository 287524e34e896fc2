//! Values as pixels, each picture with a legend that says what the colours mean.
//!
//! Pure functions of values, range and theme. Purple is negative, orange is positive, and the
//! background colour is zero. Values that are not finite are shown as 0.

pub mod cells;
pub mod color;
pub mod display;
pub mod heat;

/// `value`, or 0 if it is not finite.
fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { 0.0 }
}
