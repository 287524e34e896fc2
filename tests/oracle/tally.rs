//! Comparing with the truth, and counting.

use cnn_playground::error::Result;
use cnn_playground::math::real::Real;
use ndarray::{Array, ArrayD, Dimension};

use crate::truth::{Case, torch};

/// Runs every PyTorch case of `op` in `f32` and in `f64`; all `count` must pass.
pub fn check_both(
    op: &'static str,
    count: usize,
    single: impl Fn(&Case) -> Result<Vec<Comparison>>,
    double: impl Fn(&Case) -> Result<Vec<Comparison>>,
) {
    let mut singles = Tally::new(format!("{op} in f32"));
    let mut doubles = Tally::new(format!("{op} in f64"));
    for case in torch(op) {
        singles.check(case.name(), single(case));
        doubles.check(case.name(), double(case));
    }
    singles.finish(count, 0);
    doubles.finish(count, 0);
}

/// One array of a case: what the operator gave, what the truth says, how far they may differ.
pub struct Comparison {
    what: &'static str,
    got: ArrayD<f64>,
    expected: ArrayD<f64>,
    tolerance: ArrayD<f64>,
}

impl Comparison {
    /// `got` may differ from `expected` by the rounding of `terms` summed products of which
    /// `magnitude` is the sum of absolute values; shapes may differ by axes of extent 1.
    pub fn new<F: Real, D: Dimension, E: Dimension>(
        what: &'static str,
        got: &Array<F, D>,
        expected: &ArrayD<f64>,
        terms: usize,
        magnitude: &Array<f64, E>,
    ) -> Self {
        let epsilon = F::epsilon().as_f64();
        let allowed = |value: &f64| terms as f64 * epsilon * value;
        let magnitude = magnitude.map(allowed).into_dyn();
        Comparison {
            what,
            got: got.map(|value| value.as_f64()).into_dyn(),
            expected: expected.clone(),
            tolerance: magnitude,
        }
    }

    /// The same for a mean where both the arguments and the expected values were written in
    /// multiples of `unit`: each moves it by at most half of that.
    pub fn written_in(mut self, unit: f64) -> Self {
        self.tolerance += unit;
        self
    }

    /// The largest difference, or what is wrong.
    fn check(&self) -> std::result::Result<f64, String> {
        let squeezed = |array: &ArrayD<f64>| {
            let extents = array.shape().iter().filter(|extent| **extent != 1);
            extents.copied().collect::<Vec<_>>()
        };
        let what = self.what;
        for other in [&self.got, &self.tolerance] {
            if squeezed(other) != squeezed(&self.expected) {
                let (got, expected) = (other.shape(), self.expected.shape());
                return Err(format!("{what}: shape {got:?}, expected {expected:?}"));
            }
        }
        let mut largest = 0.0_f64;
        let values = self.got.iter().zip(&self.expected).zip(&self.tolerance);
        for (idx, ((got, expected), tolerance)) in values.enumerate() {
            if got == expected || (got.is_nan() && expected.is_nan()) {
                continue;
            }
            let error = (got - expected).abs();
            if error.is_nan() || error > *tolerance {
                return Err(format!(
                    "{what}: value {idx} is {got}, expected {expected}, allowed {tolerance:e}"
                ));
            }
            largest = largest.max(error);
        }
        Ok(largest)
    }
}

/// Counts the cases of one operator.
pub struct Tally {
    operator: String,
    passed: usize,
    uncovered: Vec<String>,
    failures: Vec<String>,
    largest: f64,
}

impl Tally {
    /// Nothing counted yet.
    pub fn new(operator: impl Into<String>) -> Self {
        Tally {
            operator: operator.into(),
            passed: 0,
            uncovered: Vec::new(),
            failures: Vec::new(),
            largest: 0.0,
        }
    }

    /// Counts the case `name` as passed if every comparison holds.
    pub fn check(&mut self, name: &str, comparisons: Result<Vec<Comparison>>) {
        let largest = comparisons
            .map_err(|error| error.to_string())
            .and_then(|comparisons| {
                assert!(!comparisons.is_empty(), "{name} compares nothing");
                comparisons
                    .iter()
                    .try_fold(0.0, |largest: f64, comparison| {
                        Ok(largest.max(comparison.check()?))
                    })
            });
        match largest {
            Ok(largest) => {
                self.passed += 1;
                self.largest = self.largest.max(largest);
            }
            Err(message) => self.failures.push(format!("{name}: {message}")),
        }
    }

    /// Names a case that the operator does not claim to do.
    pub fn uncovered(&mut self, name: &str, reason: &str) {
        self.uncovered.push(format!("{name}: {reason}"));
    }

    /// Prints the count; fails if a case failed or the counts are not `passed` and `uncovered`.
    #[track_caller]
    pub fn finish(self, passed: usize, uncovered: usize) {
        println!(
            "{}: {} passed, {} not covered, largest error {:.1e}",
            self.operator,
            self.passed,
            self.uncovered.len(),
            self.largest
        );
        for case in &self.uncovered {
            println!("  not covered: {case}");
        }
        assert!(
            self.failures.is_empty(),
            "{}: {:#?}",
            self.operator,
            self.failures
        );
        assert_eq!((self.passed, self.uncovered.len()), (passed, uncovered));
    }
}
