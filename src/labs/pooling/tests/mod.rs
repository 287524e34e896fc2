//! The lab against definitions written out pixel by pixel, properties and hand-worked cases.

mod cases;
mod naive;
mod outputs;
mod parts;
mod restoring;
mod shifting;
