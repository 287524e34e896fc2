//! Optimisers by their usual names, with the defaults of PyTorch.

use serde::Deserialize;

use crate::error::Result;
use crate::error::range::{LIMIT, check_finite_range};
use crate::train::optimizer::{Method, OptimizerOptions};
use crate::train::regularization::Regularization;
use crate::train::rules::adadelta::Adadelta;
use crate::train::rules::adagrad::Adagrad;
use crate::train::rules::adam::Adam;
use crate::train::rules::adamax::Adamax;
use crate::train::rules::nadam::Nadam;
use crate::train::rules::rmsprop::RmsProp;
use crate::train::rules::rule::OPERATOR;
use crate::train::rules::sgd::Sgd;

/// An optimiser by its name, with the options of its update rule.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NamedOptimizer {
    /// Gradient descent, momentum, Nesterov.
    Sgd(Sgd),
    /// AdaGrad.
    Adagrad(Adagrad),
    /// RMSProp.
    RmsProp(RmsProp),
    /// Adadelta.
    Adadelta(Adadelta),
    /// Adam, AMSGrad.
    Adam(Adam),
    /// Adam with decoupled weight decay.
    AdamW(Adam),
    /// Adamax.
    Adamax(Adamax),
    /// NAdam.
    Nadam(Nadam),
}

/// The options that all optimisers have; what is left out has the default of the optimiser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CommonOptions {
    /// The step size.
    pub learning_rate: Option<f64>,
    /// See [`Regularization::weight_decay`].
    pub weight_decay: Option<f64>,
    /// See [`Regularization::decoupled`].
    pub decoupled_weight_decay: Option<bool>,
    /// See [`Regularization::l1`].
    pub l1: f64,
}

impl NamedOptimizer {
    /// What the optimiser does with `common`, and its learning rate.
    ///
    /// # Errors
    /// [`OutOfRange`](crate::error::Error::OutOfRange) or
    /// [`NotFinite`](crate::error::Error::NotFinite) for a learning rate outside 0 to 10⁶.
    pub fn with(self, common: &CommonOptions) -> Result<(OptimizerOptions, f64)> {
        let is_adamw = matches!(self, NamedOptimizer::AdamW(_));
        let default_decay = if is_adamw { 0.01 } else { 0.0 };
        let (method, default_rate) = match self {
            NamedOptimizer::Sgd(rule) => (Method::Sgd(rule), 1e-3),
            NamedOptimizer::Adagrad(rule) => (Method::Adagrad(rule), 1e-2),
            NamedOptimizer::RmsProp(rule) => (Method::RmsProp(rule), 1e-2),
            NamedOptimizer::Adadelta(rule) => (Method::Adadelta(rule), 1.0),
            NamedOptimizer::Adam(rule) | NamedOptimizer::AdamW(rule) => (Method::Adam(rule), 1e-3),
            NamedOptimizer::Adamax(rule) => (Method::Adamax(rule), 2e-3),
            NamedOptimizer::Nadam(rule) => (Method::Nadam(rule), 2e-3),
        };
        let learning_rate = common.learning_rate.unwrap_or(default_rate);
        check_finite_range(OPERATOR, "learningRate", [0.0, LIMIT], learning_rate)?;
        let regularization = Regularization {
            l1: common.l1,
            weight_decay: common.weight_decay.unwrap_or(default_decay),
            decoupled: common.decoupled_weight_decay.unwrap_or(is_adamw),
        };
        let options = OptimizerOptions {
            method,
            regularization,
        };
        Ok((options, learning_rate))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: &str, common: &str) -> (OptimizerOptions, f64) {
        let named = serde_json::from_str::<NamedOptimizer>(kind).unwrap();
        named.with(&serde_json::from_str(common).unwrap()).unwrap()
    }

    #[test]
    fn what_is_left_out_is_as_in_pytorch() {
        let (options, rate) = read(r#"{ "adam": { "betas": [0.5, 0.9] } }"#, "{}");
        let adam = Adam {
            betas: [0.5, 0.9],
            ..Adam::default()
        };
        assert_eq!((options.method, rate), (Method::Adam(adam), 1e-3));
        assert_eq!(options.regularization, Regularization::default());
        for (name, rate) in [
            ("sgd", 1e-3),
            ("adagrad", 1e-2),
            ("rmsprop", 1e-2),
            ("adadelta", 1.0),
            ("adamw", 1e-3),
            ("adamax", 2e-3),
            ("nadam", 2e-3),
        ] {
            assert_eq!(read(&format!(r#"{{ "{name}": {{}} }}"#), "{}").1, rate);
        }
    }

    #[test]
    fn adamw_is_adam_whose_decay_is_decoupled() {
        let (adamw, _) = read(r#"{ "adamw": {} }"#, "{}");
        let common = r#"{ "weightDecay": 0.01, "decoupledWeightDecay": true }"#;
        assert_eq!(adamw, read(r#"{ "adam": {} }"#, common).0);
        let coupled = read(r#"{ "adamw": {} }"#, r#"{ "decoupledWeightDecay": false }"#);
        assert_eq!(coupled.0.regularization.weight_decay, 0.01);
        assert!(!coupled.0.regularization.decoupled);
    }

    #[test]
    fn an_option_of_another_rule_and_a_wrong_rate_are_refused() {
        let surplus = r#"{ "sgd": { "betas": [0.5, 0.9] } }"#;
        assert!(serde_json::from_str::<NamedOptimizer>(surplus).is_err());
        for learning_rate in [-1.0, f64::NAN] {
            let common = CommonOptions {
                learning_rate: Some(learning_rate),
                ..CommonOptions::default()
            };
            let named = NamedOptimizer::Sgd(Sgd::default());
            assert!(named.with(&common).is_err());
        }
    }
}
