//! Random shapes, options and values, all from one seed.

use std::ops::Range;

use cnn_playground::data::rng::Rng;
use ndarray::ArrayD;
use proptest::prelude::any;

use crate::check::for_random;

/// Runs `test` on `cases` generators of different seeds, the same ones at every run.
pub fn for_seeds(cases: u32, test: impl Fn(&mut Draw)) {
    for_random(cases, any::<u64>(), |seed| test(&mut Draw(Rng::new(seed))));
}

/// Draws.
pub struct Draw(Rng);

impl Draw {
    /// A whole number of `range`, each as likely.
    pub fn whole(&mut self, range: Range<usize>) -> usize {
        range.start + (self.0.uniform() * range.len() as f64) as usize
    }

    /// A number of `range`, uniform.
    pub fn number(&mut self, range: Range<f64>) -> f64 {
        range.start + self.0.uniform() * (range.end - range.start)
    }

    /// Heads or tails.
    pub fn coin(&mut self) -> bool {
        self.0.uniform() < 0.5
    }

    /// As many axes as `rank` allows, each of 1 to 4.
    pub fn shape(&mut self, rank: Range<usize>) -> Vec<usize> {
        (0..self.whole(rank)).map(|_| self.whole(1..5)).collect()
    }

    /// Normal values.
    pub fn array(&mut self, shape: &[usize]) -> ArrayD<f64> {
        ArrayD::from_shape_simple_fn(shape, || self.0.normal())
    }

    /// Normal values of deviation 2, none within 0.001 of a `kink`.
    pub fn array_off(&mut self, shape: &[usize], kinks: &[f64]) -> ArrayD<f64> {
        ArrayD::from_shape_simple_fn(shape, || {
            loop {
                let value = 2.0 * self.0.normal();
                if kinks.iter().all(|kink| (value - kink).abs() > 1e-3) {
                    return value;
                }
            }
        })
    }
}

/// What the gradient of an output reaches: the sum of `output` · `d_output`.
pub fn weighted(output: &ArrayD<f64>, d_output: &ArrayD<f64>) -> f64 {
    (output * d_output).sum()
}
