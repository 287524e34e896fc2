//! Tests of the lab against definitions written out pixel by pixel, by properties, and against
//! cases worked out by hand.

mod cases;
mod naive;
mod outputs;
mod parts;
mod reconstruction;
mod shifting;
