//! Learning-rate schedules.

pub mod plateau;

use std::f64::consts::PI;

use serde::Deserialize;

use crate::error::Result;
use crate::error::range::{LIMIT, check_finite_range};
use crate::math::elementary::{cos, pow};
use crate::train::rules::rule::power;
use crate::train::schedule::plateau::ReduceOnPlateau;

pub(crate) const OPERATOR: &str = "learningRate";

/// The learning rate η as a function of the step t, which counts from 0; η₀ is the base rate.
///
/// A step may be an update or an epoch, as the caller counts. All formulas are in closed form: any
/// step can be asked for in any order. Names, meanings and defaults are PyTorch's.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum Schedule {
    /// η₀ · factor before step `total_steps`, then η₀. PyTorch's `ConstantLR`; with factor 1 the
    /// rate never changes.
    Constant {
        /// From 0 to 10⁶.
        #[serde(default = "default::factor")]
        factor: f64,
        /// First step at the full rate.
        #[serde(default = "default::total_steps")]
        total_steps: usize,
    },
    /// η₀ γ^⌊t / step_size⌋.
    Step {
        /// Steps between two reductions, at least 1.
        step_size: usize,
        /// γ, from 0 to 10⁶.
        #[serde(default = "default::gamma")]
        gamma: f64,
    },
    /// η₀ γⁿ, where n of the milestones are at most t.
    MultiStep {
        /// Steps at which the rate changes; one that stands twice counts twice.
        milestones: Vec<usize>,
        /// γ, from 0 to 10⁶.
        #[serde(default = "default::gamma")]
        gamma: f64,
    },
    /// η₀ γᵗ.
    Exponential {
        /// γ, from 0 to 10⁶.
        gamma: f64,
    },
    /// η_min + ½ (η₀ − η_min) (1 + cos(π t / total_steps)).
    ///
    /// Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", ICLR 2017,
    /// equation 5. Beyond `total_steps` the cosine goes on and the rate grows again, as in PyTorch;
    /// TensorFlow's `CosineDecay` stays at η_min.
    Cosine {
        /// Steps from η₀ to η_min, at least 1.
        total_steps: usize,
        /// η_min, 0 or more.
        #[serde(default)]
        min_learning_rate: f64,
    },
    /// See [`OneCycle`].
    OneCycle(OneCycle),
    /// η₀ (1 − t / total_steps)^power, 0 from `total_steps` on.
    ///
    /// Liu, Rabinovich and Berg, "ParseNet: Looking Wider to See Better", 2015, section 3.3.
    Polynomial {
        /// Steps to rate 0, at least 1.
        #[serde(default = "default::total_steps")]
        total_steps: usize,
        /// From 0 to 10⁶.
        #[serde(default = "default::power")]
        power: f64,
    },
    /// η₀ times a factor that goes in a straight line from `start_factor` to `end_factor`, and
    /// stays there from `total_steps` on: the linear warm-up of Goyal et al., "Accurate, Large
    /// Minibatch SGD: Training ImageNet in 1 Hour", 2017, section 2.2.
    Linear {
        /// From 0 to 10⁶.
        #[serde(default = "default::start_factor")]
        start_factor: f64,
        /// From 0 to 10⁶.
        #[serde(default = "default::factor")]
        end_factor: f64,
        /// Steps between the two, at least 1.
        #[serde(default = "default::total_steps")]
        total_steps: usize,
    },
    /// See [`ReduceOnPlateau`].
    ReduceOnPlateau(ReduceOnPlateau),
}

/// One cycle: up from max / div_factor to max, then down to max / div_factor / final_div_factor.
///
/// # Source
/// Smith and Topin, "Super-Convergence: Very Fast Training of Neural Networks Using Large Learning
/// Rates", 2018. PyTorch's `OneCycleLR` is followed, without its cycling of the momentum. The base
/// rate does not matter. From the last step on the rate stays, where PyTorch refuses.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OneCycle {
    /// The highest rate.
    pub max_learning_rate: f64,
    /// Steps of the whole cycle, at least 1: the lowest rate is that of step `total_steps` − 1.
    pub total_steps: usize,
    /// The part of the cycle that is spent growing, 0 to 1 (PyTorch's `pct_start`).
    #[serde(default = "default::warm_up_fraction")]
    pub warm_up_fraction: f64,
    /// The curve between two rates.
    #[serde(default)]
    pub anneal: Anneal,
    /// Highest rate / first rate, from 10⁻⁶ to 10¹².
    #[serde(default = "default::div_factor")]
    pub div_factor: f64,
    /// First rate / last rate, from 10⁻⁶ to 10¹².
    #[serde(default = "default::final_div_factor")]
    pub final_div_factor: f64,
    /// Come down to the first rate in as many steps as the growth took, then go on to the last.
    #[serde(default)]
    pub three_phase: bool,
}

/// The curve between two learning rates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Anneal {
    /// Half a wave: slow, fast, slow.
    #[default]
    Cosine,
    /// A straight line.
    Linear,
}

impl Default for OneCycle {
    fn default() -> Self {
        OneCycle {
            max_learning_rate: 0.1,
            total_steps: 1,
            warm_up_fraction: default::warm_up_fraction(),
            anneal: Anneal::default(),
            div_factor: default::div_factor(),
            final_div_factor: default::final_div_factor(),
            three_phase: false,
        }
    }
}

/// PyTorch's defaults.
mod default {
    pub fn factor() -> f64 {
        1.0
    }

    pub fn start_factor() -> f64 {
        1.0 / 3.0
    }

    pub fn total_steps() -> usize {
        5
    }

    pub fn gamma() -> f64 {
        0.1
    }

    pub fn power() -> f64 {
        1.0
    }

    pub fn warm_up_fraction() -> f64 {
        0.3
    }

    pub fn div_factor() -> f64 {
        25.0
    }

    pub fn final_div_factor() -> f64 {
        1e4
    }
}

/// The base rate beside the options of a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct BaseRate {
    /// η₀.
    pub learning_rate: f64,
}

impl Default for BaseRate {
    fn default() -> Self {
        BaseRate { learning_rate: 0.1 }
    }
}

/// The learning rate of `schedule` at `step`, counted from 0, for the base rate `base`.
///
/// The same bits natively and in WebAssembly.
///
/// # Errors
/// [`OutOfRange`](crate::error::Error::OutOfRange) or
/// [`NotFinite`](crate::error::Error::NotFinite) naming a wrong option, or the step if
/// [`ReduceOnPlateau`] has fewer metrics than that.
pub fn learning_rate(schedule: &Schedule, base: f64, step: usize) -> Result<f64> {
    check(schedule, base, step)?;
    let so_far = |total_steps: usize| step.min(total_steps) as f64 / total_steps as f64;
    Ok(match schedule {
        Schedule::Constant {
            factor,
            total_steps,
        } if step < *total_steps => base * factor,
        Schedule::Constant { .. } => base,
        Schedule::Step { step_size, gamma } => base * power(*gamma, (step / step_size) as u64),
        Schedule::MultiStep { milestones, gamma } => {
            let passed = milestones.iter().filter(|&&milestone| milestone <= step);
            base * power(*gamma, passed.count() as u64)
        }
        Schedule::Exponential { gamma } => base * power(*gamma, step as u64),
        Schedule::Cosine {
            total_steps,
            min_learning_rate,
        } => {
            let wave = cos(PI * step as f64 / *total_steps as f64);
            min_learning_rate + (base - min_learning_rate) * (1.0 + wave) / 2.0
        }
        Schedule::OneCycle(cycle) => cycle.learning_rate(step),
        Schedule::Polynomial { total_steps, power } => {
            base * pow(1.0 - so_far(*total_steps), *power)
        }
        Schedule::Linear {
            start_factor,
            end_factor,
            total_steps,
        } => base * (start_factor + (end_factor - start_factor) * so_far(*total_steps)),
        Schedule::ReduceOnPlateau(plateau) => plateau.learning_rate(base, step),
    })
}

fn check(schedule: &Schedule, base: f64, step: usize) -> Result<()> {
    let factor = |name, value| check_finite_range(OPERATOR, name, [0.0, LIMIT], value);
    let steps = |name, count: usize| {
        check_finite_range(OPERATOR, name, [1.0, f64::from(u32::MAX)], count as f64)
    };
    factor("learningRate", base)?;
    match schedule {
        Schedule::Constant { factor: value, .. } => factor("factor", *value),
        Schedule::Step { step_size, gamma } => {
            steps("stepSize", *step_size)?;
            factor("gamma", *gamma)
        }
        Schedule::MultiStep { gamma, .. } | Schedule::Exponential { gamma } => {
            factor("gamma", *gamma)
        }
        Schedule::Cosine {
            total_steps,
            min_learning_rate,
        } => {
            steps("totalSteps", *total_steps)?;
            factor("minLearningRate", *min_learning_rate)
        }
        Schedule::OneCycle(cycle) => {
            let divisor = |name, value| {
                check_finite_range(OPERATOR, name, [1.0 / LIMIT, DIVISOR_LIMIT], value)
            };
            factor("maxLearningRate", cycle.max_learning_rate)?;
            steps("totalSteps", cycle.total_steps)?;
            check_finite_range(
                OPERATOR,
                "warmUpFraction",
                [0.0, 1.0],
                cycle.warm_up_fraction,
            )?;
            divisor("divFactor", cycle.div_factor)?;
            divisor("finalDivFactor", cycle.final_div_factor)
        }
        Schedule::Polynomial { total_steps, power } => {
            steps("totalSteps", *total_steps)?;
            factor("power", *power)
        }
        Schedule::Linear {
            start_factor,
            end_factor,
            total_steps,
        } => {
            factor("startFactor", *start_factor)?;
            factor("endFactor", *end_factor)?;
            steps("totalSteps", *total_steps)
        }
        Schedule::ReduceOnPlateau(plateau) => {
            plateau.check()?;
            let observed = plateau.metrics.len() as f64;
            check_finite_range(OPERATOR, "step", [0.0, observed], step as f64)
        }
    }
}

/// Largest divisor of a rate.
const DIVISOR_LIMIT: f64 = 1e12;

impl OneCycle {
    fn learning_rate(&self, step: usize) -> f64 {
        let first = self.max_learning_rate / self.div_factor;
        let last = first / self.final_div_factor;
        let total = self.total_steps as f64;
        let up = self.warm_up_fraction * total - 1.0;
        let mut corners = vec![(0.0, first), (up, self.max_learning_rate)];
        if self.three_phase {
            corners.push((2.0 * self.warm_up_fraction * total - 2.0, first));
        }
        corners.push((total - 1.0, last));
        let step = step as f64;
        let leg = corners.windows(2).find(|leg| step <= leg[1].0);
        let Some(&[(start, from), (end, to)]) = leg else {
            return last;
        };
        // A leg of no length is passed at once.
        let part = if end > start {
            (step - start) / (end - start)
        } else {
            1.0
        };
        match self.anneal {
            Anneal::Cosine => to + (from - to) / 2.0 * (1.0 + cos(PI * part)),
            Anneal::Linear => from + (to - from) * part,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rates(schedule: &Schedule, steps: usize) -> Vec<f64> {
        (0..steps)
            .map(|step| learning_rate(schedule, 1.0, step).unwrap())
            .collect()
    }

    fn assert_close(got: &[f64], expected: &[f64]) {
        assert_eq!(got.len(), expected.len());
        for (got, expected) in got.iter().zip(expected) {
            assert!((got - expected).abs() < 1e-15, "{got}, not {expected}");
        }
    }

    #[test]
    fn closed_forms_by_hand() {
        let constant = Schedule::Constant {
            factor: 0.5,
            total_steps: 2,
        };
        assert_eq!(rates(&constant, 4), [0.5, 0.5, 1.0, 1.0]);
        let milestones = vec![1, 3, 3];
        let multi_step = Schedule::MultiStep {
            milestones,
            gamma: 0.5,
        };
        assert_eq!(rates(&multi_step, 4), [1.0, 0.5, 0.5, 0.125]);
        let step = Schedule::Step {
            step_size: 2,
            gamma: 0.5,
        };
        assert_eq!(rates(&step, 5), [1.0, 1.0, 0.5, 0.5, 0.25]);
        assert_eq!(
            rates(&Schedule::Exponential { gamma: 0.5 }, 3),
            [1.0, 0.5, 0.25]
        );
        let cosine = Schedule::Cosine {
            total_steps: 4,
            min_learning_rate: 0.2,
        };
        let root = 0.5_f64.sqrt();
        assert_close(
            &rates(&cosine, 6),
            &[
                1.0,
                0.6 + 0.4 * root,
                0.6,
                0.6 - 0.4 * root,
                0.2,
                0.6 - 0.4 * root,
            ],
        );
        let warm_up = Schedule::Linear {
            start_factor: 0.2,
            end_factor: 1.0,
            total_steps: 4,
        };
        assert_close(&rates(&warm_up, 6), &[0.2, 0.4, 0.6, 0.8, 1.0, 1.0]);
        let polynomial = Schedule::Polynomial {
            total_steps: 2,
            power: 3.0,
        };
        assert_close(&rates(&polynomial, 4), &[1.0, 0.125, 0.0, 0.0]);
    }

    #[test]
    fn one_cycle_goes_through_its_corners() {
        let cycle = OneCycle {
            max_learning_rate: 0.8,
            total_steps: 10,
            warm_up_fraction: 0.4,
            anneal: Anneal::Linear,
            div_factor: 4.0,
            final_div_factor: 10.0,
            three_phase: false,
        };
        let two = rates(&Schedule::OneCycle(cycle), 12);
        assert_close(&two[..5], &[0.2, 0.4, 0.6, 0.8, 0.8 - 0.78 / 6.0]);
        assert_close(&two[9..], &[0.02, 0.02, 0.02]);
        let three = rates(
            &Schedule::OneCycle(OneCycle {
                three_phase: true,
                ..cycle
            }),
            10,
        );
        assert_close(&three[3..], &[0.8, 0.6, 0.4, 0.2, 0.14, 0.08, 0.02]);
    }

    #[test]
    fn a_cycle_without_room_is_finite() {
        for total_steps in [1, 2, 3] {
            for warm_up_fraction in [0.0, 0.3, 0.5, 1.0] {
                for three_phase in [false, true] {
                    let cycle = OneCycle {
                        total_steps,
                        warm_up_fraction,
                        three_phase,
                        ..Default::default()
                    };
                    let rates = rates(&Schedule::OneCycle(cycle), 5);
                    assert!(
                        rates.iter().all(|rate| (0.0..=0.1).contains(rate)),
                        "{cycle:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn options_that_are_left_out_have_their_defaults() {
        let read = |text: &str| serde_json::from_str::<Schedule>(text);
        let linear = Schedule::Linear {
            start_factor: 1.0 / 3.0,
            end_factor: 1.0,
            total_steps: 5,
        };
        assert_eq!(read(r#"{ "linear": {} }"#).unwrap(), linear);
        let cycle = OneCycle {
            max_learning_rate: 0.5,
            total_steps: 9,
            ..OneCycle::default()
        };
        let given = r#"{ "one_cycle": { "maxLearningRate": 0.5, "totalSteps": 9 } }"#;
        assert_eq!(read(given).unwrap(), Schedule::OneCycle(cycle));
        let plateau = ReduceOnPlateau {
            metrics: vec![1.0],
            ..ReduceOnPlateau::default()
        };
        let given = r#"{ "reduce_on_plateau": { "metrics": [1] } }"#;
        assert_eq!(read(given).unwrap(), Schedule::ReduceOnPlateau(plateau));
        for missing in ["step", "multi_step", "exponential", "cosine", "one_cycle"] {
            assert!(read(&format!(r#"{{ "{missing}": {{}} }}"#)).is_err());
        }
        assert!(read(r#"{ "reduce_on_plateau": {} }"#).is_err());
    }

    #[test]
    fn options_out_of_range_are_refused() {
        let bad = [
            Schedule::Constant {
                factor: f64::NAN,
                total_steps: 0,
            },
            Schedule::Step {
                step_size: 0,
                gamma: 0.5,
            },
            Schedule::Step {
                step_size: 1,
                gamma: -0.5,
            },
            Schedule::Exponential {
                gamma: f64::INFINITY,
            },
            Schedule::Cosine {
                total_steps: 0,
                min_learning_rate: 0.0,
            },
            Schedule::Polynomial {
                total_steps: 0,
                power: 1.0,
            },
            Schedule::Polynomial {
                total_steps: 1,
                power: -1.0,
            },
            Schedule::Linear {
                start_factor: 0.1,
                end_factor: 1.0,
                total_steps: 0,
            },
            Schedule::OneCycle(OneCycle {
                total_steps: 0,
                ..Default::default()
            }),
            Schedule::OneCycle(OneCycle {
                div_factor: 0.0,
                ..Default::default()
            }),
            Schedule::OneCycle(OneCycle {
                warm_up_fraction: 1.5,
                ..Default::default()
            }),
            Schedule::ReduceOnPlateau(ReduceOnPlateau {
                factor: 1.0,
                ..Default::default()
            }),
        ];
        for schedule in bad {
            assert!(learning_rate(&schedule, 0.1, 0).is_err(), "{schedule:?}");
        }
        let plateau = Schedule::ReduceOnPlateau(ReduceOnPlateau::default());
        assert!(learning_rate(&plateau, 0.1, 0).is_ok());
        assert!(learning_rate(&plateau, 0.1, 1).is_err());
        let exponential = Schedule::Exponential { gamma: 0.5 };
        assert!(learning_rate(&exponential, -0.1, 0).is_err());
        assert_eq!(learning_rate(&exponential, 0.1, usize::MAX), Ok(0.0));
    }
}
