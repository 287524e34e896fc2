//! An optimiser with its state: parameters and gradients in, better parameters out.

use std::borrow::Cow;

use ndarray::ArrayD;
use serde::{Deserialize, Serialize};

use crate::compute::check_budget;
use crate::error::range::{LIMIT, check_finite_range};
use crate::error::{Error, Result};
use crate::math::real::Real;
use crate::ops::shape::values;
use crate::train::regularization::Regularization;
use crate::train::rules::adadelta::Adadelta;
use crate::train::rules::adagrad::Adagrad;
use crate::train::rules::adam::Adam;
use crate::train::rules::adamax::Adamax;
use crate::train::rules::nadam::Nadam;
use crate::train::rules::rmsprop::RmsProp;
use crate::train::rules::rule::{OPERATOR, Rule, Step};
use crate::train::rules::sgd::Sgd;

/// The update rule and its options.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Method {
    /// Gradient descent, momentum, Nesterov.
    Sgd(Sgd),
    /// AdaGrad.
    Adagrad(Adagrad),
    /// RMSProp, plain or centred.
    RmsProp(RmsProp),
    /// Adadelta.
    Adadelta(Adadelta),
    /// Adam, AMSGrad; AdamW with [`Regularization::decoupled`].
    Adam(Adam),
    /// Adamax.
    Adamax(Adamax),
    /// NAdam.
    Nadam(Nadam),
}

/// Evaluates `$body` with `$rule` bound to the rule of `$method`.
macro_rules! with_rule {
    ($method:expr, $rule:ident => $body:expr) => {
        match $method {
            Method::Sgd($rule) => $body,
            Method::Adagrad($rule) => $body,
            Method::RmsProp($rule) => $body,
            Method::Adadelta($rule) => $body,
            Method::Adam($rule) => $body,
            Method::Adamax($rule) => $body,
            Method::Nadam($rule) => $body,
        }
    };
}

/// A rule and what it is combined with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OptimizerOptions {
    /// The update rule.
    pub method: Method,
    /// Penalties on large parameters.
    pub regularization: Regularization,
}

/// An update rule with its state for a fixed list of parameters.
#[derive(Clone, Debug)]
pub struct Optimizer<F> {
    options: OptimizerOptions,
    shapes: Vec<Vec<usize>>,
    state: Snapshot<F>,
}

/// Everything an [`Optimizer`] remembers between steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Snapshot<F> {
    /// Steps taken.
    pub step: u64,
    /// NAdam's product of all momenta; 1 for the other rules.
    pub momentum_product: f64,
    /// The running quantities `[parameter][slot][value]`; the slots are those of
    /// [`Optimizer::slots`], the values in row-major order.
    pub slots: Vec<Vec<Vec<F>>>,
}

impl<F: Real> Optimizer<F> {
    /// An optimiser that has taken no step yet, for parameters of the given shapes.
    ///
    /// # Errors
    /// [`Error::OutOfRange`], [`Error::NotFinite`] or [`Error::WrongType`] naming a wrong option;
    /// [`Error::TooLarge`] if the state exceeds the memory budget.
    pub fn new(options: OptimizerOptions, shapes: &[&[usize]]) -> Result<Self> {
        with_rule!(&options.method, rule => rule.check())?;
        options.regularization.check()?;
        let (slots, initial) =
            with_rule!(&options.method, rule => (rule.slots().len(), rule.initial()));
        // The gradients are copied once beside the state.
        let allocated: Vec<&[usize]> = shapes.repeat(slots + 1);
        check_budget(OPERATOR, &allocated)?;
        let slots_of = |shape: &&[usize]| vec![vec![F::of(initial); shape.iter().product()]; slots];
        Ok(Optimizer {
            options,
            shapes: shapes.iter().map(|shape| shape.to_vec()).collect(),
            state: Snapshot {
                step: 0,
                momentum_product: 1.0,
                slots: shapes.iter().map(slots_of).collect(),
            },
        })
    }

    /// The names of the running quantities kept for every parameter value.
    pub fn slots(&self) -> &'static [&'static str] {
        with_rule!(&self.options.method, rule => rule.slots())
    }

    /// The shapes of the parameters.
    pub fn shapes(&self) -> &[Vec<usize>] {
        &self.shapes
    }

    /// Steps taken.
    pub fn steps(&self) -> u64 {
        self.state.step
    }

    /// Moves `params` one step against `grads`, the gradients of the loss without penalties.
    ///
    /// NaN and infinite gradients are passed on to the parameters they belong to.
    ///
    /// # Shapes
    /// As many parameters and gradients as [`Optimizer::new`] was told, of the same shapes.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`], or [`Error::OutOfRange`] or [`Error::NotFinite`] for the learning
    /// rate, which is 0 to 10⁶; nothing has changed then.
    pub fn step(
        &mut self,
        params: &mut [ArrayD<F>],
        grads: &[ArrayD<F>],
        learning_rate: f64,
    ) -> Result<()> {
        self.step_in_place(
            params.iter_mut().collect(),
            grads.iter().collect(),
            learning_rate,
        )
    }

    /// As [`Optimizer::step`], wherever the parameters and gradients stand.
    ///
    /// # Errors
    /// As [`Optimizer::step`].
    pub fn step_in_place(
        &mut self,
        params: Vec<&mut ArrayD<F>>,
        grads: Vec<&ArrayD<F>>,
        learning_rate: f64,
    ) -> Result<()> {
        check_finite_range(OPERATOR, "learningRate", [0.0, LIMIT], learning_rate)?;
        self.check_shapes("params", params.iter().map(|param| param.shape()))?;
        self.check_shapes("grads", grads.iter().map(|grad| grad.shape()))?;
        let count = self.state.step.saturating_add(1);
        if let Method::Nadam(nadam) = self.options.method {
            self.state.momentum_product *= nadam.momentum(count);
        }
        self.state.step = count;
        let step = Step {
            count,
            learning_rate,
            momentum_product: self.state.momentum_product,
        };
        for ((param, grad), state) in params.into_iter().zip(grads).zip(&mut self.state.slots) {
            let grad = grad.view();
            let gradient = values(&grad);
            if let Some(values) = param.as_slice_mut() {
                update(&self.options, &step, values, gradient, state);
                continue;
            }
            let mut values: Vec<F> = param.iter().copied().collect();
            update(&self.options, &step, &mut values, gradient, state);
            param
                .iter_mut()
                .zip(values)
                .for_each(|(param, value)| *param = value);
        }
        Ok(())
    }

    /// A copy of the state.
    pub fn snapshot(&self) -> Snapshot<F> {
        self.state.clone()
    }

    /// Continues from `snapshot`, taken from an optimiser with the same options and shapes.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] if it does not fit the options and shapes; [`Error::OutOfRange`] or
    /// [`Error::NotFinite`] for a momentum product outside 0 to 1. Nothing has changed then.
    pub fn restore(&mut self, snapshot: Snapshot<F>) -> Result<()> {
        check_finite_range(
            OPERATOR,
            "momentumProduct",
            [0.0, 1.0],
            snapshot.momentum_product,
        )?;
        let lengths = |slots: &[Vec<Vec<F>>]| -> Vec<Vec<usize>> {
            let of_param = |slots: &Vec<Vec<F>>| slots.iter().map(Vec::len).collect();
            slots.iter().map(of_param).collect()
        };
        let (expected, got) = (lengths(&self.state.slots), lengths(&snapshot.slots));
        if expected != got {
            return Err(mismatch("slots", &expected, &got));
        }
        self.state = snapshot;
        Ok(())
    }

    fn check_shapes<'a>(
        &self,
        argument: &'static str,
        got: impl Iterator<Item = &'a [usize]> + Clone,
    ) -> Result<()> {
        if self.shapes.iter().map(Vec::as_slice).eq(got.clone()) {
            return Ok(());
        }
        Err(mismatch(argument, &self.shapes, &got.collect::<Vec<_>>()))
    }
}

/// Moves the values of one parameter, penalties included; the gradient is copied only for those.
fn update<F: Real>(
    options: &OptimizerOptions,
    step: &Step,
    values: &mut [F],
    mut gradient: Cow<[F]>,
    state: &mut [Vec<F>],
) {
    let penalties = options.regularization;
    if penalties != Regularization::default() {
        penalties.add_to(gradient.to_mut(), values);
        penalties.shrink(values, step.learning_rate);
    }
    with_rule!(&options.method, rule => rule.update(step, values, &gradient, state));
}

fn mismatch(
    argument: &'static str,
    expected: &[Vec<usize>],
    got: &[impl std::fmt::Debug],
) -> Error {
    Error::ShapeMismatch {
        operator: OPERATOR,
        argument,
        expected: listed(expected),
        got: listed(got),
    }
}

/// The first few of a list, in numbers.
fn listed(shapes: &[impl std::fmt::Debug]) -> String {
    const SHOWN: usize = 8;
    match shapes.get(..SHOWN) {
        Some(first) if shapes.len() > SHOWN => {
            format!("{first:?} and {} more", shapes.len() - SHOWN)
        }
        _ => format!("{shapes:?}"),
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{ShapeBuilder, arr1};

    use super::*;

    const ALL: [fn() -> Method; 12] = [
        || Method::Sgd(Sgd::default()),
        || Method::Sgd(momentum(0.9, 0.0, false)),
        || Method::Sgd(momentum(0.9, 0.5, false)),
        || Method::Sgd(momentum(0.9, 0.0, true)),
        || Method::Adagrad(Adagrad::default()),
        || Method::RmsProp(RmsProp::default()),
        || {
            Method::RmsProp(RmsProp {
                centered: true,
                momentum: 0.5,
                ..Default::default()
            })
        },
        || Method::Adadelta(Adadelta::default()),
        || Method::Adam(Adam::default()),
        || {
            Method::Adam(Adam {
                amsgrad: true,
                ..Default::default()
            })
        },
        || Method::Adamax(Adamax::default()),
        || Method::Nadam(Nadam::default()),
    ];

    const fn momentum(momentum: f64, dampening: f64, nesterov: bool) -> Sgd {
        Sgd {
            momentum,
            dampening,
            nesterov,
        }
    }

    fn plain(method: Method) -> OptimizerOptions {
        OptimizerOptions {
            method,
            regularization: Regularization::default(),
        }
    }

    fn one(options: OptimizerOptions) -> Optimizer<f64> {
        Optimizer::new(options, &[&[1]]).unwrap()
    }

    /// One parameter after each of `gradients`, from 1 at learning rate 0.1.
    fn trajectory(method: Method, gradients: &[f64]) -> Vec<f64> {
        let mut optimizer = one(plain(method));
        let mut params = [arr1(&[1.0]).into_dyn()];
        let step = |&gradient: &f64| {
            optimizer
                .step(&mut params, &[arr1(&[gradient]).into_dyn()], 0.1)
                .unwrap();
            params[0][[0]]
        };
        gradients.iter().map(step).collect()
    }

    fn assert_close(got: &[f64], expected: &[f64]) {
        assert_eq!(got.len(), expected.len());
        for (got, expected) in got.iter().zip(expected) {
            assert!((got - expected).abs() < 1e-15, "{got}, not {expected}");
        }
    }

    #[test]
    fn gradient_descent_by_hand() {
        let sgd = |sgd| trajectory(Method::Sgd(sgd), &[1.0, 2.0]);
        assert_close(&sgd(Sgd::default()), &[0.9, 0.7]);
        // Velocities 1, then 0.5 + 2.
        assert_close(&sgd(momentum(0.5, 0.0, false)), &[0.9, 0.65]);
        // The first gradient is not damped: velocities 1, then 0.5 + 0.5.
        assert_close(&sgd(momentum(0.5, 0.75, false)), &[0.9, 0.8]);
        // Steps 1 + 0.5, then 2 + 0.5 · 2.5.
        assert_close(&sgd(momentum(0.5, 0.0, true)), &[0.85, 0.525]);
    }

    #[test]
    fn adaptive_rules_by_hand() {
        let exact = 0.0;
        let adagrad = Adagrad {
            epsilon: exact,
            ..Default::default()
        };
        // Square sums 9, then 25.
        assert_close(
            &trajectory(Method::Adagrad(adagrad), &[3.0, 4.0]),
            &[0.9, 0.82],
        );
        let rmsprop = RmsProp {
            alpha: 0.75,
            epsilon: exact,
            ..Default::default()
        };
        // Square means 1, then 3.
        assert_close(
            &trajectory(Method::RmsProp(rmsprop), &[2.0, 3.0]),
            &[0.8, 0.8 - 0.1 * 3.0 / 3.0_f64.sqrt()],
        );
        let adam = Adam {
            betas: [0.5, 0.75],
            epsilon: exact,
            amsgrad: false,
        };
        // Means 1, 2.5; corrected 2, 10/3. Squares 1, 4.75; corrected 4, 76/7.
        assert_close(
            &trajectory(Method::Adam(adam), &[2.0, 4.0]),
            &[0.9, 0.9 - 0.1 * (10.0 / 3.0) / (76.0_f64 / 7.0).sqrt()],
        );
        let adamax = Adamax {
            betas: [0.5, 0.5],
            epsilon: exact,
        };
        // Largest 4, then 2 rather than 1; means 2, 1.5, corrected 4, 2.
        assert_close(
            &trajectory(Method::Adamax(adamax), &[4.0, 1.0]),
            &[0.9, 0.8],
        );
    }

    #[test]
    fn amsgrad_never_lets_the_divisor_shrink() {
        let adam = |amsgrad| {
            let adam = Adam {
                betas: [0.0, 0.0],
                epsilon: 0.0,
                amsgrad,
            };
            trajectory(Method::Adam(adam), &[4.0, 1.0])
        };
        assert_close(&adam(false), &[0.9, 0.8]);
        assert_close(&adam(true), &[0.9, 0.875]);
    }

    #[test]
    fn a_steady_gradient_does_not_break_the_centred_form_in_f32() {
        let options = plain(Method::RmsProp(RmsProp {
            centered: true,
            ..Default::default()
        }));
        let mut optimizer = Optimizer::<f32>::new(options, &[&[1]]).unwrap();
        let mut params = [arr1(&[0.0_f32]).into_dyn()];
        for _ in 0..5000 {
            optimizer
                .step(&mut params, &[arr1(&[0.1]).into_dyn()], 1e-3)
                .unwrap();
        }
        assert!(params[0][[0]].is_finite());
    }

    #[test]
    fn restored_state_continues_bit_for_bit() {
        let gradient = |step: usize| [arr1(&[0.3 - step as f32 * 0.1, 0.7]).into_dyn()];
        for method in ALL {
            let mut straight = Optimizer::<f32>::new(plain(method()), &[&[2]]).unwrap();
            let mut params = [arr1(&[0.5_f32, -0.25]).into_dyn()];
            (0..4).for_each(|step| straight.step(&mut params, &gradient(step), 0.01).unwrap());
            let (snapshot, mut resumed_params) = (straight.snapshot(), params.clone());
            let text = serde_json::to_string(&snapshot).unwrap();
            let mut resumed = Optimizer::new(plain(method()), &[&[2]]).unwrap();
            resumed
                .restore(serde_json::from_str(&text).unwrap())
                .unwrap();
            for step in 4..8 {
                straight.step(&mut params, &gradient(step), 0.01).unwrap();
                resumed
                    .step(&mut resumed_params, &gradient(step), 0.01)
                    .unwrap();
            }
            assert_eq!(params, resumed_params, "{:?}", method());
            assert_eq!(straight.snapshot(), resumed.snapshot());
        }
    }

    #[test]
    fn the_memory_order_of_arrays_does_not_matter() {
        let values: Vec<f64> = (0..6).map(f64::from).collect();
        let row_major = ArrayD::from_shape_vec(vec![2, 3], values).unwrap();
        let mut column_major = ArrayD::zeros(vec![2, 3].f());
        column_major.assign(&row_major);
        for method in ALL {
            let run = |mut param: ArrayD<f64>, grad: &ArrayD<f64>| {
                let mut optimizer = Optimizer::new(plain(method()), &[&[2, 3]]).unwrap();
                for _ in 0..3 {
                    optimizer
                        .step(
                            std::slice::from_mut(&mut param),
                            std::slice::from_ref(grad),
                            0.1,
                        )
                        .unwrap();
                }
                param
            };
            assert_eq!(
                run(row_major.clone(), &column_major),
                run(column_major.clone(), &row_major)
            );
        }
    }

    #[test]
    fn broken_and_empty_gradients_pass_without_a_panic() {
        for method in ALL {
            let mut optimizer = Optimizer::new(plain(method()), &[&[3], &[0, 4], &[]]).unwrap();
            let mut params = [
                arr1(&[1.0, 1.0, 1.0]).into_dyn(),
                ArrayD::zeros(vec![0, 4]),
                ArrayD::ones(vec![]),
            ];
            let broken = [f64::NAN, f64::INFINITY, 0.0];
            let grads = [
                arr1(&broken).into_dyn(),
                params[1].clone(),
                ArrayD::ones(vec![]),
            ];
            optimizer.step(&mut params, &grads, 0.1).unwrap();
            assert!(params[0][[0]].is_nan(), "{:?} hides NaN", method());
            assert!(!params[0][[1]].is_finite() || params[0][[1]] <= 1.0);
            assert_eq!(params[0][[2]], 1.0);
            assert!(params[2].first().unwrap() < &1.0);
        }
    }

    #[test]
    fn arrays_that_do_not_fit_are_refused_and_change_nothing() {
        let mut optimizer = one(plain(Method::Adam(Adam::default())));
        let before = optimizer.snapshot();
        let good = [arr1(&[1.0]).into_dyn()];
        let bad = [arr1(&[1.0, 2.0]).into_dyn()];
        let mut params = good.clone();
        for (argument, result) in [
            ("grads", optimizer.step(&mut params, &bad, 0.1)),
            ("grads", optimizer.step(&mut params, &[], 0.1)),
            ("params", optimizer.step(&mut bad.clone(), &good, 0.1)),
        ] {
            let refused = matches!(result, Err(Error::ShapeMismatch { argument: named, .. }) if named == argument);
            assert!(refused, "{result:?}");
        }
        for rate in [-0.1, f64::NAN, f64::INFINITY, 1e7] {
            assert!(optimizer.step(&mut params, &good, rate).is_err());
        }
        let mut foreign = before.clone();
        foreign.slots[0].pop();
        assert!(optimizer.restore(foreign).is_err());
        let mut foreign = before.clone();
        foreign.momentum_product = f64::NAN;
        assert!(optimizer.restore(foreign).is_err());
        assert_eq!(params, good);
        assert_eq!(optimizer.snapshot(), before);
    }

    #[test]
    fn options_out_of_range_are_refused_by_name() {
        let adam = |betas| {
            Method::Adam(Adam {
                betas,
                ..Default::default()
            })
        };
        let cases = [
            ("momentum", Method::Sgd(momentum(-0.1, 0.0, false))),
            ("momentum", Method::Sgd(momentum(f64::NAN, 0.0, false))),
            ("dampening", Method::Sgd(momentum(0.9, 2.0, false))),
            ("nesterov", Method::Sgd(momentum(0.0, 0.0, true))),
            ("nesterov", Method::Sgd(momentum(0.9, 0.1, true))),
            ("betas", adam([1.0, 0.5])),
            ("betas", adam([0.9, f64::INFINITY])),
            (
                "epsilon",
                Method::Adam(Adam {
                    epsilon: -1.0,
                    ..Default::default()
                }),
            ),
            (
                "alpha",
                Method::RmsProp(RmsProp {
                    alpha: 1.0,
                    ..Default::default()
                }),
            ),
            (
                "rho",
                Method::Adadelta(Adadelta {
                    rho: 1.5,
                    ..Default::default()
                }),
            ),
            (
                "momentumDecay",
                Method::Nadam(Nadam {
                    momentum_decay: -1.0,
                    ..Default::default()
                }),
            ),
            (
                "learningRateDecay",
                Method::Adagrad(Adagrad {
                    learning_rate_decay: -1.0,
                    ..Default::default()
                }),
            ),
        ];
        for (argument, method) in cases {
            let error = Optimizer::<f32>::new(plain(method), &[&[1]]).unwrap_err();
            let named = match &error {
                Error::OutOfRange { argument, .. } | Error::NotFinite { argument, .. } => argument,
                Error::WrongType { argument, .. } => argument.as_str(),
                _ => "",
            };
            assert_eq!(named, argument, "{error}");
        }
        let decay = Regularization {
            weight_decay: -0.1,
            ..Default::default()
        };
        let options = OptimizerOptions {
            regularization: decay,
            ..plain(ALL[0]())
        };
        assert!(Optimizer::<f32>::new(options, &[&[1]]).is_err());
    }

    #[test]
    fn state_beyond_the_budget_is_refused_before_it_is_made() {
        let huge: &[&[usize]] = &[&[usize::MAX, 2], &[1 << 40]];
        for method in ALL {
            let result = Optimizer::<f32>::new(plain(method()), huge);
            assert!(matches!(result, Err(Error::TooLarge { .. })));
        }
    }
}
