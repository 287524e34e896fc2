//! What can be said of a network without running all of it: its costs, and what its units see.

pub mod cost;
pub mod describe;
pub mod effective;
pub mod receptive_field;
