//! What several labs do alike.

pub(super) mod csv;
mod index;
#[cfg(test)]
pub(super) mod testing;

pub(super) use index::check_index;
