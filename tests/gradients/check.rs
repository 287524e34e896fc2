//! Central differences.

use ndarray::ArrayD;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// Step of the differences: their error is about step² · third derivative + ε / step.
const STEP: f64 = 1e-5;
/// Largest difference accepted, relative to the largest gradient or 1.
const TOLERANCE: f64 = 1e-6;

/// Checks `gradients`, those of `objective` at `arguments`, against central differences.
///
/// `objective` must be smooth around `arguments`: keep values away from kinks such as 0 of ReLU or
/// ties of a maximum.
pub fn check(
    name: &str,
    arguments: &[ArrayD<f64>],
    gradients: &[ArrayD<f64>],
    objective: impl Fn(&[ArrayD<f64>]) -> f64,
) {
    assert_eq!(
        arguments.len(),
        gradients.len(),
        "{name}: one gradient per argument"
    );
    for (argument_idx, gradient) in gradients.iter().enumerate() {
        assert_eq!(
            gradient.shape(),
            arguments[argument_idx].shape(),
            "{name}: gradient {argument_idx}"
        );
        let scale = gradient
            .iter()
            .fold(1.0, |scale: f64, value| scale.max(value.abs()));
        for (value_idx, &analytic) in gradient.iter().enumerate() {
            let at = |shift: f64| {
                let mut moved = arguments.to_vec();
                *moved[argument_idx].iter_mut().nth(value_idx).unwrap() += shift;
                objective(&moved)
            };
            let numeric = (at(STEP) - at(-STEP)) / (2.0 * STEP);
            assert!(
                (numeric - analytic).abs() <= TOLERANCE * scale,
                "{name}: argument {argument_idx}, value {value_idx}: {analytic}, differences say {numeric}"
            );
        }
    }
}

/// Runs `test` on `cases` random inputs from `strategy`, the same ones at every run.
pub fn for_random<S: proptest::strategy::Strategy>(
    cases: u32,
    strategy: S,
    test: impl Fn(S::Value),
) {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    let outcome = TestRunner::new_with_rng(config, rng).run(&strategy, |value| {
        test(value);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
