//! The receptive-field lab: a network, and what one position of one of its maps sees of a picture.

mod effective;
mod regions;
mod table;

pub use effective::{Activations, Effective, Options, Weights, effective};
pub use regions::{Branch, Edges, Lattice, Nested, Regions, lattices, regions};
pub use table::{TableFormat, table};
