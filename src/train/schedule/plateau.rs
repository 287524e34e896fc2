//! Reduce on plateau: lower the learning rate when a metric stops improving.

use serde::Deserialize;

use crate::error::Result;
use crate::error::range::{BELOW_ONE, LIMIT, check_finite_range};
use crate::train::schedule::OPERATOR;

/// Multiplies the learning rate by a factor after more than `patience` observations in a row
/// without improvement.
///
/// # Source
/// PyTorch's `ReduceLROnPlateau`, whose meanings and defaults these are.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReduceOnPlateau {
    /// The metric observed after each step so far, such as a validation loss. NaN is never better.
    pub metrics: Vec<f64>,
    /// Whether smaller or larger metrics are better.
    #[serde(default, rename = "mode")]
    pub goal: Goal,
    /// What the rate is multiplied by, in [0, 1).
    #[serde(default = "default::factor")]
    pub factor: f64,
    /// Observations without improvement that are borne.
    #[serde(default = "default::patience")]
    pub patience: usize,
    /// How much better a metric must be to count.
    #[serde(default = "default::threshold")]
    pub threshold: f64,
    /// What the threshold is measured against.
    #[serde(default)]
    pub threshold_mode: ThresholdMode,
    /// Observations after a reduction that are not counted.
    #[serde(default)]
    pub cooldown: usize,
    /// The rate never falls below this.
    #[serde(default)]
    pub min_learning_rate: f64,
    /// A reduction by no more than this is not made.
    #[serde(default = "default::epsilon")]
    pub epsilon: f64,
}

/// Which metrics are better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Goal {
    /// Smaller ones, such as a loss.
    #[default]
    Min,
    /// Larger ones, such as an accuracy.
    Max,
}

/// What an improvement is measured against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ThresholdMode {
    /// The best metric: better by the factor 1 ± threshold.
    #[default]
    Relative,
    /// Nothing: better by the threshold itself.
    Absolute,
}

impl Default for ReduceOnPlateau {
    fn default() -> Self {
        ReduceOnPlateau {
            metrics: Vec::new(),
            goal: Goal::default(),
            factor: default::factor(),
            patience: default::patience(),
            threshold: default::threshold(),
            threshold_mode: ThresholdMode::default(),
            cooldown: 0,
            min_learning_rate: 0.0,
            epsilon: default::epsilon(),
        }
    }
}

/// PyTorch's defaults.
mod default {
    pub fn factor() -> f64 {
        0.1
    }

    pub fn patience() -> usize {
        10
    }

    pub fn threshold() -> f64 {
        1e-4
    }

    pub fn epsilon() -> f64 {
        1e-8
    }
}

impl ReduceOnPlateau {
    pub(crate) fn check(&self) -> Result<()> {
        check_finite_range(OPERATOR, "factor", [0.0, BELOW_ONE], self.factor)?;
        check_finite_range(OPERATOR, "threshold", [0.0, LIMIT], self.threshold)?;
        check_finite_range(
            OPERATOR,
            "minLearningRate",
            [0.0, LIMIT],
            self.min_learning_rate,
        )?;
        check_finite_range(OPERATOR, "epsilon", [0.0, LIMIT], self.epsilon)
    }

    /// The rate after the first `step` observations, from the rate `base`.
    pub(crate) fn learning_rate(&self, base: f64, step: usize) -> f64 {
        let (mut rate, mut best) = (base, self.worst());
        let (mut bad_count, mut cooldown_left) = (0, 0);
        for &metric in &self.metrics[..step] {
            if self.is_better(metric, best) {
                best = metric;
                bad_count = 0;
            } else {
                bad_count += 1;
            }
            if cooldown_left > 0 {
                cooldown_left -= 1;
                bad_count = 0;
            }
            if bad_count > self.patience {
                let reduced = (rate * self.factor).max(self.min_learning_rate);
                if rate - reduced > self.epsilon {
                    rate = reduced;
                }
                cooldown_left = self.cooldown;
                bad_count = 0;
            }
        }
        rate
    }

    fn worst(&self) -> f64 {
        match self.goal {
            Goal::Min => f64::INFINITY,
            Goal::Max => f64::NEG_INFINITY,
        }
    }

    fn is_better(&self, metric: f64, best: f64) -> bool {
        match (self.goal, self.threshold_mode) {
            (Goal::Min, ThresholdMode::Relative) => metric < best * (1.0 - self.threshold),
            (Goal::Min, ThresholdMode::Absolute) => metric < best - self.threshold,
            (Goal::Max, ThresholdMode::Relative) => metric > best * (1.0 + self.threshold),
            (Goal::Max, ThresholdMode::Absolute) => metric > best + self.threshold,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rates(plateau: ReduceOnPlateau) -> Vec<f64> {
        let steps = 0..=plateau.metrics.len();
        steps.map(|step| plateau.learning_rate(1.0, step)).collect()
    }

    #[test]
    fn patience_is_counted_since_the_best_metric() {
        let plateau = ReduceOnPlateau {
            metrics: vec![5.0, 4.0, 4.0, 4.0, 3.0, 3.0, f64::NAN],
            factor: 0.5,
            patience: 1,
            ..Default::default()
        };
        assert_eq!(rates(plateau), [1.0, 1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25]);
    }

    #[test]
    fn a_cooldown_delays_and_a_floor_ends_the_reductions() {
        let plateau = ReduceOnPlateau {
            metrics: vec![1.0; 7],
            factor: 0.5,
            patience: 0,
            cooldown: 2,
            min_learning_rate: 0.4,
            ..Default::default()
        };
        assert_eq!(rates(plateau), [1.0, 1.0, 0.5, 0.5, 0.5, 0.4, 0.4, 0.4]);
    }

    #[test]
    fn accuracy_is_to_grow_and_small_gains_do_not_count() {
        let plateau = ReduceOnPlateau {
            metrics: vec![0.50, 0.55, 0.65],
            goal: Goal::Max,
            factor: 0.5,
            patience: 0,
            threshold: 0.1,
            threshold_mode: ThresholdMode::Absolute,
            ..Default::default()
        };
        assert_eq!(rates(plateau), [1.0, 1.0, 0.5, 0.5]);
    }
}
