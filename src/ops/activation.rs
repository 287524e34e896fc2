//! Activation functions, applied element-wise.

use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI, SQRT_2};

use ndarray::{ArrayD, ArrayViewD};

use crate::compute::check_budget;
use crate::error::{Error, Result, check_range};
use crate::math::arrays::shaped;
use crate::math::elementary::{erfc, exp, exp_m1, ln_1p, sigmoid, tanh};
use crate::math::real::Real;
use crate::ops::shape::{check_shape, values};

const OPERATOR: &str = "activation";

/// Which of the two formulas of GELU to use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GeluForm {
    /// x · Φ(x) with the error function: PyTorch's `approximate="none"`.
    #[default]
    Erf,
    /// The approximation with the hyperbolic tangent: `approximate="tanh"`.
    Tanh,
}

/// An activation function with its parameters.
///
/// Names, default parameters, and slopes at kinks are PyTorch's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Activation {
    /// max(0, x). Nair and Hinton, ICML 2010.
    Relu,
    /// min(max(0, x), 6). Krizhevsky, Convolutional Deep Belief Networks on CIFAR-10, 2010.
    Relu6,
    /// x above 0, `slope` · x below. Maas, Hannun and Ng, ICML workshop 2013.
    LeakyRelu {
        /// Slope below 0.
        slope: f64,
    },
    /// x above 0, `alpha` · (eˣ − 1) below. Clevert et al., arXiv:1511.07289, equation 15.
    Elu {
        /// Minus the limit at −∞.
        alpha: f64,
    },
    /// `scale` · ELU with `alpha`. Klambauer et al., arXiv:1706.02515, equation 2.
    Selu {
        /// α of the paper.
        alpha: f64,
        /// λ of the paper; ONNX calls it `gamma`.
        scale: f64,
    },
    /// x above 0, `alpha` · (e^(x / alpha) − 1) below. Barron, arXiv:1704.07483, equation 2.
    Celu {
        /// Minus the limit at −∞; above 0.
        alpha: f64,
    },
    /// x · Φ(x), Φ the normal distribution. Hendrycks and Gimpel, arXiv:1606.08415, section 2.
    Gelu {
        /// The formula.
        form: GeluForm,
    },
    /// x · σ(`beta` · x): SiLU at 1, Swish in general. Ramachandran et al., arXiv:1710.05941.
    Silu {
        /// Steepness of the gate.
        beta: f64,
    },
    /// ln(1 + e^(`beta` · x)) / `beta`. Dugas et al., NIPS 2000.
    Softplus {
        /// Steepness; above 0.
        beta: f64,
        /// The result is x where `beta` · x exceeds this.
        threshold: f64,
    },
    /// x / (1 + |x|). Glorot and Bengio, AISTATS 2010, section 3.
    Softsign,
    /// 1 / (1 + e⁻ˣ).
    Sigmoid,
    /// The hyperbolic tangent.
    Tanh,
    /// min(max(`min`, x), `max`); the limits may be infinite, as in ONNX's `Clip`. If `min` exceeds
    /// `max` the result is `max`, as with `torch.clamp`.
    Hardtanh {
        /// Lower limit.
        min: f64,
        /// Upper limit.
        max: f64,
    },
    /// x · min(max(0, x / 6 + 1/2), 1). Howard et al., arXiv:1905.02244, section 5.2.
    Hardswish,
    /// min(max(0, `alpha` · x + `beta`), 1). PyTorch's `alpha` is 1/6, ONNX's and Keras's 0.2.
    Hardsigmoid {
        /// Slope between the limits.
        alpha: f64,
        /// Value at 0.
        beta: f64,
    },
    /// x · tanh(softplus(x)). Misra, arXiv:1908.08681, equation 1.
    Mish,
    /// x above `threshold`, 0 below. Konda, Memisevic and Krueger, arXiv:1402.3337, section 3.
    ThresholdedRelu {
        /// Largest value that becomes 0; ONNX calls it `alpha`.
        threshold: f64,
    },
}

impl Activation {
    /// Every activation, with its default parameters.
    pub const ALL: [Activation; 17] = [
        Activation::Relu,
        Activation::Relu6,
        Activation::LeakyRelu { slope: 0.01 },
        Activation::Elu { alpha: 1.0 },
        Activation::Selu {
            alpha: 1.673_263_242_354_377_2,
            scale: 1.050_700_987_355_480_5,
        },
        Activation::Celu { alpha: 1.0 },
        Activation::Gelu {
            form: GeluForm::Erf,
        },
        Activation::Silu { beta: 1.0 },
        Activation::Softplus {
            beta: 1.0,
            threshold: 20.0,
        },
        Activation::Softsign,
        Activation::Sigmoid,
        Activation::Tanh,
        Activation::Hardtanh {
            min: -1.0,
            max: 1.0,
        },
        Activation::Hardswish,
        Activation::Hardsigmoid {
            alpha: 1.0 / 6.0,
            beta: 0.5,
        },
        Activation::Mish,
        Activation::ThresholdedRelu { threshold: 1.0 },
    ];

    /// The name in the public interface.
    pub const fn name(self) -> &'static str {
        match self {
            Activation::Relu => "relu",
            Activation::Relu6 => "relu6",
            Activation::LeakyRelu { .. } => "leaky_relu",
            Activation::Elu { .. } => "elu",
            Activation::Selu { .. } => "selu",
            Activation::Celu { .. } => "celu",
            Activation::Gelu { .. } => "gelu",
            Activation::Silu { .. } => "silu",
            Activation::Softplus { .. } => "softplus",
            Activation::Softsign => "softsign",
            Activation::Sigmoid => "sigmoid",
            Activation::Tanh => "tanh",
            Activation::Hardtanh { .. } => "hardtanh",
            Activation::Hardswish => "hardswish",
            Activation::Hardsigmoid { .. } => "hardsigmoid",
            Activation::Mish => "mish",
            Activation::ThresholdedRelu { .. } => "thresholded_relu",
        }
    }

    /// The activation called `name`, with its default parameters.
    ///
    /// # Errors
    /// [`Error::UnknownName`].
    pub fn from_name(name: &str) -> Result<Activation> {
        let known = Activation::ALL.into_iter().find(|kind| kind.name() == name);
        known.ok_or_else(|| Error::UnknownName {
            operator: OPERATOR,
            argument: "kind".into(),
            expected: Activation::ALL.map(Activation::name).join(", "),
            got: name.into(),
        })
    }

    /// The function at `x`. NaN gives NaN.
    #[inline(always)]
    pub fn value(self, x: f64) -> f64 {
        match self {
            Activation::Relu => threshold_at(x, 0.0),
            Activation::Relu6 => clamp(x, 0.0, 6.0),
            Activation::LeakyRelu { slope } => above(x, 0.0, x, || slope * x),
            Activation::Elu { alpha } => above(x, 0.0, x, || alpha * exp_m1(x)),
            Activation::Selu { alpha, scale } => scale * above(x, 0.0, x, || alpha * exp_m1(x)),
            Activation::Celu { alpha } => above(x, 0.0, x, || alpha * exp_m1(x / alpha)),
            Activation::Gelu {
                form: GeluForm::Erf,
            } => x * normal_distribution(x),
            Activation::Gelu {
                form: GeluForm::Tanh,
            } => x * sigmoid(gelu_gate(x)),
            Activation::Silu { beta } => x * sigmoid(beta * x),
            Activation::Softplus { beta, threshold } => {
                above(beta * x, threshold, x, || ln_1p(exp(beta * x)) / beta)
            }
            Activation::Softsign => x / (1.0 + x.abs()),
            Activation::Sigmoid => sigmoid(x),
            Activation::Tanh => tanh(x),
            Activation::Hardtanh { min, max } => clamp(x, min, max),
            Activation::Hardswish => x * clamp(x / 6.0 + 0.5, 0.0, 1.0),
            Activation::Hardsigmoid { alpha, beta } => clamp(alpha * x + beta, 0.0, 1.0),
            Activation::Mish => x * tanh(ln_1p(exp(x))),
            Activation::ThresholdedRelu { threshold } => threshold_at(x, threshold),
        }
    }

    /// The derivative at `x`; at a kink, the same subgradient as PyTorch's.
    #[inline(always)]
    pub fn derivative(self, x: f64) -> f64 {
        match self {
            Activation::Relu => beyond(x, 0.0),
            Activation::Relu6 => inside(x, 0.0, 6.0),
            Activation::LeakyRelu { slope } => above(x, 0.0, 1.0, || slope),
            Activation::Elu { alpha } => above(x, 0.0, 1.0, || alpha * exp(x)),
            Activation::Selu { alpha, scale } => scale * above(x, 0.0, 1.0, || alpha * exp(x)),
            Activation::Celu { alpha } => above(x, 0.0, 1.0, || exp(x / alpha)),
            Activation::Gelu {
                form: GeluForm::Erf,
            } => {
                const DENSITY_AT_0: f64 = 0.5 * FRAC_1_SQRT_2 * FRAC_2_SQRT_PI;
                normal_distribution(x) + x * DENSITY_AT_0 * exp(-0.5 * x * x)
            }
            Activation::Gelu {
                form: GeluForm::Tanh,
            } => {
                let gate = sigmoid(gelu_gate(x));
                gate + x * gate * (1.0 - gate) * gelu_gate_slope(x)
            }
            Activation::Silu { beta } => {
                let gate = sigmoid(beta * x);
                gate + beta * x * gate * (1.0 - gate)
            }
            Activation::Softplus { beta, threshold } => {
                above(beta * x, threshold, 1.0, || sigmoid(beta * x))
            }
            Activation::Softsign => (1.0 + x.abs()).powi(-2),
            Activation::Sigmoid => sigmoid(x) * sigmoid(-x),
            Activation::Tanh => 4.0 * sigmoid(2.0 * x) * sigmoid(-2.0 * x),
            Activation::Hardtanh { min, max } => inside(x, min, max),
            Activation::Hardswish => {
                if x <= -3.0 {
                    0.0
                } else {
                    above(x, 3.0, 1.0, || x / 3.0 + 0.5)
                }
            }
            Activation::Hardsigmoid { alpha, beta } => alpha * inside(alpha * x + beta, 0.0, 1.0),
            Activation::Mish => {
                let gate = tanh(ln_1p(exp(x)));
                gate + x * (1.0 - gate * gate) * sigmoid(x)
            }
            Activation::ThresholdedRelu { threshold } => beyond(x, threshold),
        }
    }

    /// Checks that parameters are finite and divisors are not 0.
    fn check(self) -> Result<()> {
        const FINITE: [f64; 2] = [-f32::MAX as f64, f32::MAX as f64];
        const DIVISOR: [f64; 2] = [1e-6, 1e6];
        const LIMIT: [f64; 2] = [f64::NEG_INFINITY, f64::INFINITY];
        let check = |argument, range, got| check_range(OPERATOR, argument, range, got);
        match self {
            Activation::LeakyRelu { slope } => check("slope", FINITE, slope),
            Activation::Elu { alpha } => check("alpha", FINITE, alpha),
            Activation::Selu { alpha, scale } => {
                check("alpha", FINITE, alpha)?;
                check("scale", FINITE, scale)
            }
            Activation::Celu { alpha } => check("alpha", DIVISOR, alpha),
            Activation::Silu { beta } => check("beta", FINITE, beta),
            Activation::Softplus { beta, threshold } => {
                check("beta", DIVISOR, beta)?;
                check("threshold", FINITE, threshold)
            }
            Activation::Hardtanh { min, max } => {
                check("min", LIMIT, min)?;
                check("max", LIMIT, max)
            }
            Activation::Hardsigmoid { alpha, beta } => {
                check("alpha", FINITE, alpha)?;
                check("beta", FINITE, beta)
            }
            Activation::ThresholdedRelu { threshold } => check("threshold", FINITE, threshold),
            Activation::Relu
            | Activation::Relu6
            | Activation::Gelu { .. }
            | Activation::Softsign
            | Activation::Sigmoid
            | Activation::Tanh
            | Activation::Hardswish
            | Activation::Mish => Ok(()),
        }
    }
}

/// Evaluates `$body` with `$known` bound to `$kind`. For cheap functions `$body` is instantiated
/// once per function, so that a loop in it does not branch on the function and vectorises.
macro_rules! with_known {
    ($kind:expr, $known:ident => $body:expr) => {
        with_known!($kind, $known => $body;
            Relu {}, Relu6 {}, LeakyRelu { slope }, Softsign {}, Hardtanh { min, max },
            Hardswish {}, Hardsigmoid { alpha, beta }, ThresholdedRelu { threshold })
    };
    ($kind:expr, $known:ident => $body:expr; $($name:ident { $($option:ident),* }),*) => {
        match $kind {
            $(Activation::$name { $($option),* } => {
                let $known = Activation::$name { $($option),* };
                $body
            })*
            $known => $body,
        }
    };
}

/// Applies an activation function to every value.
///
/// Each value is computed in `f64` and rounded once.
///
/// # Shapes
/// `input` of any shape; returns the same shape.
///
/// # Errors
/// [`Error::OutOfRange`] for a parameter that is not finite, or a divisor outside 10⁻⁶ to 10⁶;
/// [`Error::TooLarge`] beyond the memory budget.
pub fn activation<F: Real>(input: ArrayViewD<F>, kind: Activation) -> Result<ArrayD<F>> {
    kind.check()?;
    check_budget(OPERATOR, &[input.shape()])?;
    let input_values = values(&input);
    let output = with_known!(kind, kind => input_values
        .iter()
        .map(|x| F::of(kind.value(x.as_f64())))
        .collect());
    Ok(shaped(input.shape(), output))
}

/// The gradient of [`activation`] with respect to its input: `d_output` · f′(`input`).
///
/// # Shapes
/// `input` and `d_output` of the same shape; returns that shape.
///
/// # Errors
/// As [`activation`]; [`Error::ShapeMismatch`] if the shapes differ.
pub fn activation_backward<F: Real>(
    input: ArrayViewD<F>,
    d_output: ArrayViewD<F>,
    kind: Activation,
) -> Result<ArrayD<F>> {
    kind.check()?;
    check_shape(OPERATOR, "dOutput", input.shape(), d_output.shape())?;
    check_budget(OPERATOR, &[input.shape()])?;
    let (input_values, d_output) = (values(&input), values(&d_output));
    let mut d_input = d_output.into_owned();
    with_known!(kind, kind => for (d, x) in d_input.iter_mut().zip(input_values.iter()) {
        *d = F::of(d.as_f64() * kind.derivative(x.as_f64()));
    });
    Ok(shaped(input.shape(), d_input))
}

/// `then` if `x` exceeds `limit`, otherwise (also for NaN) the result of `otherwise`.
fn above(x: f64, limit: f64, then: f64, otherwise: impl FnOnce() -> f64) -> f64 {
    if x > limit { then } else { otherwise() }
}

/// 0 up to `threshold`, x above it; NaN for NaN.
fn threshold_at(x: f64, threshold: f64) -> f64 {
    if x <= threshold { 0.0 } else { x }
}

/// min(max(min, x), max); NaN for NaN.
fn clamp(x: f64, min: f64, max: f64) -> f64 {
    let raised = if x < min { min } else { x };
    if raised > max { max } else { raised }
}

/// The slope of [`threshold_at`]: 1 above the threshold and for NaN, else 0.
fn beyond(x: f64, threshold: f64) -> f64 {
    if x <= threshold { 0.0 } else { 1.0 }
}

/// The slope of [`clamp`]: 1 strictly between the limits and for NaN, else 0.
fn inside(x: f64, min: f64, max: f64) -> f64 {
    // `|` instead of `||`: without a branch, a loop over many values vectorises.
    if (x <= min) | (x >= max) { 0.0 } else { 1.0 }
}

/// The normal distribution function Φ.
fn normal_distribution(x: f64) -> f64 {
    0.5 * erfc(-x * FRAC_1_SQRT_2)
}

/// √(8 / π) · (x + 0.044715 · x³). GELU's approximation is x times σ of this, since (1 + tanh u) /
/// 2 = σ(2u).
fn gelu_gate(x: f64) -> f64 {
    SQRT_2 * FRAC_2_SQRT_PI * (x + 0.044_715 * x * x * x)
}

fn gelu_gate_slope(x: f64) -> f64 {
    SQRT_2 * FRAC_2_SQRT_PI * (1.0 + 3.0 * 0.044_715 * x * x)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array, array};

    fn applied(kind: Activation, input: &[f32]) -> Vec<f32> {
        let input = Array::from_iter(input.iter().copied()).into_dyn();
        activation(input.view(), kind)
            .unwrap()
            .into_raw_vec_and_offset()
            .0
    }

    #[test]
    fn rectifiers_keep_positive_values_and_zero_or_scale_the_others() {
        let input = [-2.0, -0.0, 0.5, 7.0];
        assert_eq!(applied(Activation::Relu, &input), [0.0, 0.0, 0.5, 7.0]);
        assert_eq!(applied(Activation::Relu6, &input), [0.0, 0.0, 0.5, 6.0]);
        assert_eq!(
            applied(Activation::LeakyRelu { slope: 0.25 }, &input),
            [-0.5, 0.0, 0.5, 7.0]
        );
        assert_eq!(
            applied(Activation::ThresholdedRelu { threshold: 0.5 }, &input),
            [0.0, 0.0, 0.0, 7.0]
        );
    }

    #[test]
    fn hard_functions_are_straight_between_their_limits() {
        let input = [-4.0, -3.0, 0.0, 1.5, 3.0, 4.0];
        let all = [
            Activation::from_name("hardsigmoid"),
            Activation::from_name("hardswish"),
        ];
        let [sigmoid, swish] = all.map(|kind| applied(kind.unwrap(), &input));
        assert_eq!(sigmoid, [0.0, 0.0, 0.5, 0.75, 1.0, 1.0]);
        assert_eq!(swish, [0.0, 0.0, 0.0, 1.125, 3.0, 4.0]);
    }

    #[test]
    fn a_lower_limit_above_the_upper_one_gives_the_upper_one() {
        let kind = Activation::Hardtanh { min: 2.0, max: 1.0 };
        assert_eq!(applied(kind, &[-2.0, 1.5, 6.0]), [1.0; 3]);
    }

    #[test]
    fn smooth_functions_take_their_known_values_at_0_and_their_limits_far_away() {
        for (name, at_0) in [
            ("elu", 0.0),
            ("selu", 0.0),
            ("celu", 0.0),
            ("gelu", 0.0),
            ("silu", 0.0),
            ("softplus", std::f64::consts::LN_2),
            ("softsign", 0.0),
            ("sigmoid", 0.5),
            ("tanh", 0.0),
            ("mish", 0.0),
        ] {
            let kind = Activation::from_name(name).unwrap();
            assert_eq!(kind.value(0.0), at_0, "{name}");
            for far in [-1e30, 1e30] {
                assert!(kind.value(far).is_finite(), "{name}");
                assert!(kind.derivative(far).is_finite(), "{name}");
            }
        }
    }

    #[test]
    fn nan_gives_nan_in_every_function_and_never_panics() {
        for kind in Activation::ALL {
            assert!(kind.value(f64::NAN).is_nan(), "{kind:?}");
            let _ = kind.derivative(f64::NAN);
            for infinite in [f64::INFINITY, f64::NEG_INFINITY] {
                let _ = (kind.value(infinite), kind.derivative(infinite));
            }
        }
    }

    #[test]
    fn the_name_finds_the_activation() {
        for kind in Activation::ALL {
            assert_eq!(Activation::from_name(kind.name()), Ok(kind));
        }
        assert!(matches!(
            Activation::from_name("relu7"),
            Err(Error::UnknownName { argument, .. }) if argument == "kind"
        ));
    }

    #[test]
    fn backward_scales_the_slope_and_takes_pytorchs_side_of_a_kink() {
        let (input, d_output) = (
            array![-1.0, 0.0, 2.0].into_dyn(),
            array![5.0, 5.0, 5.0].into_dyn(),
        );
        let gradient = |kind| activation_backward(input.view(), d_output.view(), kind).unwrap();
        assert_eq!(gradient(Activation::Relu), array![0.0, 0.0, 5.0].into_dyn());
        let leaky = Activation::LeakyRelu { slope: 0.5 };
        assert_eq!(gradient(leaky), array![2.5, 2.5, 5.0].into_dyn());
    }

    #[test]
    fn hostile_parameters_and_shapes_are_refused() {
        let input = array![1.0_f32].into_dyn();
        for kind in [
            Activation::LeakyRelu { slope: f64::NAN },
            Activation::Elu {
                alpha: f64::INFINITY,
            },
            Activation::Celu { alpha: 0.0 },
            Activation::Softplus {
                beta: 0.0,
                threshold: 20.0,
            },
            Activation::Hardtanh {
                min: f64::NAN,
                max: 1.0,
            },
        ] {
            assert!(matches!(
                activation(input.view(), kind),
                Err(Error::OutOfRange { .. })
            ));
        }
        let two = array![1.0_f32, 2.0].into_dyn();
        assert!(matches!(
            activation_backward(input.view(), two.view(), Activation::Relu),
            Err(Error::ShapeMismatch {
                argument: "dOutput",
                ..
            })
        ));
        let empty = ArrayD::<f32>::zeros(vec![0, 3]);
        assert_eq!(
            activation(empty.view(), Activation::Tanh).unwrap().shape(),
            [0, 3]
        );
    }
}
