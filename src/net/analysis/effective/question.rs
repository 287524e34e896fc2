//! What is asked of a network.

use ndarray::ArrayView3;

use super::linear::Simplified;
use crate::net::weights::Weights;

/// What is measured.
#[derive(Clone, Debug)]
pub struct Question<'a, F> {
    /// Id of the node.
    pub node: &'a str,
    /// Row and column of the unit, or of the first one; those in the middle of the map if `None`, or
    /// the first where the input has no given size.
    pub position: Option<[usize; 2]>,
    /// Rows and columns of units whose mean is measured.
    pub units: [usize; 2],
    /// The channel; the sum of all if `None`.
    pub channel: Option<usize>,
    /// The weights.
    pub weights: Learned<'a, F>,
    /// What the network looks at, `[channels, height, width]`; if `None` noise, uniform between 0
    /// and 1 as pixels are.
    pub input: Option<ArrayView3<'a, F>>,
    /// Decides all that is random.
    pub seed: u64,
    /// Number of maps averaged, each with new random weights and new noise.
    pub draws: usize,
    /// What is left out of the network.
    pub simplified: Simplified,
    /// What is averaged.
    pub measure: Measure,
}

/// The weights of the network.
#[derive(Clone, Debug)]
pub enum Learned<'a, F> {
    /// [`crate::net::weights::Initial::Uniform`].
    Uniform,
    /// [`crate::net::weights::Initial::Random`], new ones for each draw.
    Random,
    /// These, made for the spec's own graph.
    Given(&'a Weights<F>),
}

/// What of a gradient is averaged over the draws, and summed over the channels of the input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Measure {
    /// Its absolute value.
    #[default]
    Absolute,
    /// Its square.
    Squared,
}

impl<F> Question<'_, F> {
    /// The middle unit of `node`, all channels, uniform weights, the network as it is.
    pub fn about(node: &str) -> Question<'_, F> {
        Question {
            node,
            position: None,
            units: [1, 1],
            channel: None,
            weights: Learned::Uniform,
            input: None,
            seed: 0,
            draws: 1,
            simplified: Simplified::default(),
            measure: Measure::default(),
        }
    }
}
