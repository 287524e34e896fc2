//! Networks as layer graphs: what they are, what they cost, what they see and how they run.

pub mod analysis;
pub mod graph;
pub mod op;
pub mod planned;
pub mod pytorch;
pub mod reference;
pub(crate) mod refusal;
pub mod spec;
pub mod weights;
pub mod zoo;
