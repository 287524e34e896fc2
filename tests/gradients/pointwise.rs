//! Gradients of the operators of this group.
