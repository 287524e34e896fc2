//! Networks as layer graphs: what they are, what they cost, what they see and how they run.

pub mod compiled;
pub mod cost;
pub mod graph;
pub mod network;
pub mod pytorch;
pub mod shape;
pub mod spec;
pub mod weights;
pub mod zoo;
