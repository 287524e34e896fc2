//! What parameters start with.

use ndarray::{ArrayD, Dimension};
use serde::Deserialize;

use crate::compute::check_budget;
use crate::data::rng::Rng;
use crate::error::range::{LIMIT, check_finite_range};
use crate::error::{Error, Result};
use crate::init::fans::fans;
use crate::init::orthogonal::orthogonal;
use crate::math::arrays::shaped;
use crate::math::real::Real;

const OPERATOR: &str = "initialize";

/// More axes than any parameter has.
const MOST_AXES: f64 = 16.0;

/// Where the first values of a parameter come from.
///
/// Those with fans need weights `[c_out, c_in / groups, ...kernel]` or `[out, in]`. PyTorch is
/// followed: fan_in is c_in / groups times the kernel's cells, fan_out is c_out times them, and
/// normal distributions are whole; TensorFlow's `glorot_normal`, `he_normal` and `lecun_normal`
/// are cut off at two standard deviations.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Initializer {
    /// 0.
    Zeros,
    /// The same value everywhere.
    Constant {
        /// That value.
        value: f64,
    },
    /// Evenly from `low` to `high`.
    Uniform {
        /// Lower end.
        #[serde(default)]
        low: f64,
        /// Upper end, at least `low`.
        #[serde(default = "one")]
        high: f64,
    },
    /// The normal distribution.
    Normal {
        /// Mean.
        #[serde(default)]
        mean: f64,
        /// Standard deviation, 0 or more.
        #[serde(default = "one")]
        std: f64,
    },
    /// Xavier, also called Glorot: variance gain² · 2 / (fan_in + fan_out).
    ///
    /// Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural
    /// networks", AISTATS 2010, equation 12, and 16 for the uniform form.
    Xavier {
        /// The distribution of this variance.
        #[serde(default)]
        distribution: Distribution,
        /// A factor for the standard deviation; 1 in the paper.
        #[serde(default = "one")]
        gain: f64,
    },
    /// See [`Kaiming`].
    Kaiming(Kaiming),
    /// LeCun: variance 1 / fan_in.
    ///
    /// LeCun, Bottou, Orr and Müller, "Efficient BackProp", 1998, equation 16. Kaiming's is twice
    /// that, for the half of the inputs that ReLU silences.
    Lecun {
        /// The distribution of this variance.
        #[serde(default)]
        distribution: Distribution,
    },
    /// The rows of `[c_out, everything else]` orthonormal times `gain`; the columns if there are
    /// fewer of them.
    ///
    /// Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep
    /// linear neural networks", ICLR 2014.
    Orthogonal {
        /// A factor for the result.
        #[serde(default = "one")]
        gain: f64,
    },
    /// Every output channel copies the input channel of the same place in its group: 1 in the
    /// middle of the kernel, 0 elsewhere. For `[out, in]` the identity matrix.
    ///
    /// Le, Jaitly and Hinton, "A Simple Way to Initialize Recurrent Networks of Rectified Linear
    /// Units", 2015; PyTorch's `eye_` and `dirac_`.
    Identity {
        /// Groups of the convolution, which must divide c_out.
        #[serde(default = "one_group")]
        groups: usize,
    },
}

fn one() -> f64 {
    1.0
}

fn one_group() -> usize {
    1
}

/// Kaiming, also called He: variance gain² / fan.
///
/// He, Zhang, Ren and Sun, "Delving Deep into Rectifiers", ICCV 2015, equations 10 (fan_in, keeps the
/// size of the activations) and 14 (fan_out, that of the gradients).
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Kaiming {
    /// The distribution of this variance.
    pub distribution: Distribution,
    /// Which fan counts.
    #[serde(rename = "mode")]
    pub fan: Fan,
    /// What follows the layer; decides the gain.
    pub nonlinearity: Nonlinearity,
    /// The slope of leaky ReLU for negative inputs, 0.01 if left out; no other nonlinearity has one.
    pub slope: Option<f64>,
}

/// The shape of a distribution with mean 0 and a given variance σ².
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Distribution {
    /// Evenly from −√3 σ to √3 σ.
    #[default]
    Uniform,
    /// The normal distribution.
    Normal,
}

/// A direction through a layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum Fan {
    /// The values that one output sums.
    #[default]
    #[serde(rename = "fan_in")]
    In,
    /// c_out times the kernel's cells.
    #[serde(rename = "fan_out")]
    Out,
}

/// What follows a layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nonlinearity {
    /// Nothing: gain 1.
    Linear,
    /// Sigmoid: gain 1.
    Sigmoid,
    /// Tanh: gain 5/3.
    Tanh,
    /// ReLU: gain √2.
    #[default]
    Relu,
    /// Leaky ReLU: gain √(2 / (1 + slope²)).
    LeakyRelu,
    /// SELU: gain 3/4.
    Selu,
}

impl Kaiming {
    /// The factor that keeps the size of the signal: that of PyTorch's `calculate_gain`.
    fn gain(self) -> f64 {
        const DEFAULT_SLOPE: f64 = 0.01;
        match self.nonlinearity {
            Nonlinearity::Linear | Nonlinearity::Sigmoid => 1.0,
            Nonlinearity::Tanh => 5.0 / 3.0,
            Nonlinearity::Relu => 2.0_f64.sqrt(),
            Nonlinearity::LeakyRelu => {
                let slope = self.slope.unwrap_or(DEFAULT_SLOPE);
                (2.0 / (1.0 + slope * slope)).sqrt()
            }
            Nonlinearity::Selu => 3.0 / 4.0,
        }
    }

    fn check(self) -> Result<()> {
        let Some(slope) = self.slope else {
            return Ok(());
        };
        check_finite_range(OPERATOR, "slope", [-LIMIT, LIMIT], slope)?;
        if self.nonlinearity == Nonlinearity::LeakyRelu {
            return Ok(());
        }
        Err(Error::WrongType {
            operator: OPERATOR,
            argument: "slope".into(),
            expected: "left out unless the nonlinearity is leaky_relu".into(),
            got: slope.to_string(),
        })
    }
}

/// A parameter of the given `shape`, wholly determined by `seed`: the same bits natively and in
/// WebAssembly. Values are drawn in `f64` in row-major order, then rounded.
///
/// # Errors
/// [`Error::ShapeMismatch`] if the initializer needs more axes;
/// [`Error::OutOfRange`] or [`Error::NotFinite`] naming a wrong option, and for orthogonal matrices
/// that would take more than 2³¹ multiply-adds; [`Error::GroupsMismatch`] if the groups do not
/// divide c_out; [`Error::TooLarge`] beyond the memory budget.
pub fn initialize<F: Real>(
    shape: &[usize],
    initializer: Initializer,
    seed: u64,
) -> Result<ArrayD<F>> {
    check(initializer)?;
    check_finite_range(OPERATOR, "axes", [0.0, MOST_AXES], shape.len() as f64)?;
    // An array without values still needs extents whose product can be counted.
    let extents: Vec<usize> = shape.iter().map(|&extent| extent.max(1)).collect();
    check_budget(OPERATOR, &[&extents])?;
    within_limits(shape, initializer, seed)
}

/// [`initialize`] for a caller who has checked the initializer and how much memory there is.
///
/// # Errors
/// [`Error::ShapeMismatch`] if the shape has no fans or is no matrix where one is needed.
pub(crate) fn within_limits<F: Real>(
    shape: &[usize],
    initializer: Initializer,
    seed: u64,
) -> Result<ArrayD<F>> {
    let mut rng = Rng::new(seed);
    Ok(match initializer {
        Initializer::Zeros => ArrayD::zeros(shape),
        Initializer::Constant { value } => ArrayD::from_elem(shape, F::of(value)),
        Initializer::Uniform { low, high } => drawn(shape, || low + (high - low) * rng.uniform()),
        Initializer::Normal { mean, std } => normals(shape, &mut rng, |x| mean + std * x),
        Initializer::Xavier { distribution, gain } => {
            let [fan_in, fan_out] = fans(OPERATOR, shape)?;
            let std = gain * (2.0 / (fan_in + fan_out)).sqrt();
            distribution.array(shape, std, &mut rng)
        }
        Initializer::Kaiming(kaiming) => {
            let std = kaiming.gain() / fans(OPERATOR, shape)?[kaiming.fan as usize].sqrt();
            kaiming.distribution.array(shape, std, &mut rng)
        }
        Initializer::Lecun { distribution } => {
            let std = 1.0 / fans(OPERATOR, shape)?[Fan::In as usize].sqrt();
            distribution.array(shape, std, &mut rng)
        }
        Initializer::Orthogonal { gain } => {
            let [rows, cols] = checked_matrix(shape)?;
            let mut values = orthogonal(rows, cols, &mut rng).into_iter();
            drawn(shape, || gain * values.next().unwrap_or_default())
        }
        Initializer::Identity { groups } => identity(shape, groups)?,
    })
}

impl Distribution {
    fn array<F: Real>(self, shape: &[usize], std: f64, rng: &mut Rng) -> ArrayD<F> {
        match self {
            Distribution::Uniform => {
                drawn(shape, || 3.0_f64.sqrt() * std * (2.0 * rng.uniform() - 1.0))
            }
            Distribution::Normal => normals(shape, rng, |x| std * x),
        }
    }
}

fn check(initializer: Initializer) -> Result<()> {
    let finite = |name, value| {
        check_finite_range(
            OPERATOR,
            name,
            [f64::from(f32::MIN), f64::from(f32::MAX)],
            value,
        )
    };
    let factor = |name, value| check_finite_range(OPERATOR, name, [0.0, LIMIT], value);
    match initializer {
        Initializer::Constant { value } => finite("value", value),
        Initializer::Uniform { low, high } => {
            finite("low", low)?;
            check_finite_range(OPERATOR, "high", [low, f64::from(f32::MAX)], high)
        }
        Initializer::Normal { mean, std } => {
            finite("mean", mean)?;
            factor("std", std)
        }
        Initializer::Xavier { gain, .. } | Initializer::Orthogonal { gain } => factor("gain", gain),
        Initializer::Kaiming(kaiming) => kaiming.check(),
        Initializer::Zeros | Initializer::Lecun { .. } | Initializer::Identity { .. } => Ok(()),
    }
}

/// The array whose values `draw` gives in row-major order.
fn drawn<F: Real>(shape: &[usize], mut draw: impl FnMut() -> f64) -> ArrayD<F> {
    ArrayD::from_shape_simple_fn(shape, || F::of(draw()))
}

/// The array of standard normal numbers in row-major order, each as `of` changes it.
fn normals<F: Real>(shape: &[usize], rng: &mut Rng, of: impl Fn(f64) -> f64) -> ArrayD<F> {
    let len = shape.iter().product();
    let mut values = Vec::with_capacity(len);
    let mut some = [0.0; 256];
    while values.len() < len {
        let count = some.len().min(len - values.len());
        let some = &mut some[..count];
        rng.normals(some);
        values.extend(some.iter().map(|&x| F::of(of(x))));
    }
    shaped(shape, values)
}

/// `[c_out, everything else]`
fn checked_matrix(shape: &[usize]) -> Result<[usize; 2]> {
    // Under a second of native code, a few seconds in a browser.
    const WORK_LIMIT: f64 = (1_u64 << 31) as f64;
    let [rows, inputs, kernel @ ..] = shape else {
        return Err(too_few_axes(shape));
    };
    let cols = inputs * kernel.iter().product::<usize>();
    let work = *rows as f64 * cols as f64 * (*rows).min(cols) as f64;
    check_finite_range(
        OPERATOR,
        "orthogonal multiply-adds",
        [0.0, WORK_LIMIT],
        work,
    )?;
    Ok([*rows, cols])
}

fn identity<F: Real>(shape: &[usize], groups: usize) -> Result<ArrayD<F>> {
    let [c_out, _, kernel @ ..] = shape else {
        return Err(too_few_axes(shape));
    };
    if groups == 0 || c_out % groups != 0 {
        return Err(Error::GroupsMismatch {
            operator: OPERATOR,
            argument: "output",
            channels: *c_out,
            groups,
        });
    }
    let group_c_out = c_out / groups;
    let mut weights = ArrayD::zeros(shape);
    for (index, value) in weights.indexed_iter_mut() {
        let index = index.as_array_view();
        let middle = kernel
            .iter()
            .zip(index.iter().skip(2))
            .all(|(extent, at)| *at == extent / 2);
        if middle && index[0] % group_c_out == index[1] {
            *value = F::one();
        }
    }
    Ok(weights)
}

fn too_few_axes(shape: &[usize]) -> Error {
    Error::ShapeMismatch {
        operator: OPERATOR,
        argument: "shape",
        expected: "[out, in, ...]".into(),
        got: format!("{shape:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OIHW: [usize; 4] = [64, 32, 3, 3];
    const FAN_IN: f64 = 288.0;
    const FAN_OUT: f64 = 576.0;

    fn values(shape: &[usize], initializer: Initializer) -> Vec<f64> {
        let array: ArrayD<f64> = initialize(shape, initializer, 3).unwrap();
        assert_eq!(array.shape(), shape);
        array.into_iter().collect()
    }

    /// Mean, variance, and the largest absolute value.
    fn moments(values: &[f64]) -> [f64; 3] {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let variance = values
            .iter()
            .map(|value| (value - mean).powi(2))
            .sum::<f64>()
            / count;
        [
            mean,
            variance,
            values
                .iter()
                .fold(0.0, |most: f64, value| most.max(value.abs())),
        ]
    }

    #[test]
    fn fans_set_the_variance_of_each_scheme() {
        let relu = Nonlinearity::Relu;
        let by_fan = |distribution| {
            let kaiming = |fan, nonlinearity, slope| {
                Initializer::Kaiming(Kaiming {
                    distribution,
                    fan,
                    nonlinearity,
                    slope,
                })
            };
            [
                (
                    Initializer::Xavier {
                        distribution,
                        gain: 1.0,
                    },
                    2.0 / (FAN_IN + FAN_OUT),
                ),
                (
                    Initializer::Xavier {
                        distribution,
                        gain: 3.0,
                    },
                    18.0 / (FAN_IN + FAN_OUT),
                ),
                (kaiming(Fan::In, relu, None), 2.0 / FAN_IN),
                (kaiming(Fan::Out, relu, None), 2.0 / FAN_OUT),
                (
                    kaiming(Fan::In, Nonlinearity::Tanh, None),
                    25.0 / 9.0 / FAN_IN,
                ),
                (
                    kaiming(Fan::In, Nonlinearity::LeakyRelu, Some(0.5)),
                    1.6 / FAN_IN,
                ),
                (kaiming(Fan::In, Nonlinearity::Selu, None), 0.5625 / FAN_IN),
                (Initializer::Lecun { distribution }, 1.0 / FAN_IN),
            ]
        };
        // The standard error of the mean is σ / √n, that of the variance at most √2 σ² / √n; five
        // of them is beyond chance.
        let limit = 5.0 * 2.0_f64.sqrt() / (18432.0_f64).sqrt();
        for (initializer, expected) in by_fan(Distribution::Normal) {
            let [mean, variance, largest] = moments(&values(&OIHW, initializer));
            assert!(
                mean.abs() < limit * expected.sqrt(),
                "{initializer:?}: {mean}"
            );
            assert!(
                (variance / expected - 1.0).abs() < limit,
                "{initializer:?}: {variance}"
            );
            assert!(
                largest > 3.0 * expected.sqrt(),
                "{initializer:?} has no tails"
            );
        }
        for (initializer, expected) in by_fan(Distribution::Uniform) {
            let [mean, variance, largest] = moments(&values(&OIHW, initializer));
            let bound = (3.0 * expected).sqrt();
            assert!(
                mean.abs() < limit * expected.sqrt(),
                "{initializer:?}: {mean}"
            );
            assert!(
                (variance / expected - 1.0).abs() < limit,
                "{initializer:?}: {variance}"
            );
            assert!(
                (0.999 * bound..=bound).contains(&largest),
                "{initializer:?}: {largest}"
            );
        }
    }

    #[test]
    fn plain_distributions_have_their_moments() {
        assert!(values(&[2, 0], Initializer::Zeros).is_empty());
        assert_eq!(values(&[2], Initializer::Zeros), [0.0, 0.0]);
        assert_eq!(values(&[], Initializer::Constant { value: 0.25 }), [0.25]);
        let uniform = values(
            &[10_000],
            Initializer::Uniform {
                low: 2.0,
                high: 5.0,
            },
        );
        assert!(uniform.iter().all(|value| (2.0..5.0).contains(value)));
        let [mean, variance, _] = moments(&uniform);
        assert!((mean - 3.5).abs() < 0.05 && (variance - 0.75).abs() < 0.04);
        let normal = values(
            &[10_000],
            Initializer::Normal {
                mean: -1.0,
                std: 0.5,
            },
        );
        let [mean, variance, _] = moments(&normal);
        assert!((mean + 1.0).abs() < 0.025 && (variance - 0.25).abs() < 0.02);
    }

    #[test]
    fn orthogonal_rows_or_columns_are_orthonormal_to_rounding() {
        for shape in [&[5, 5][..], &[4, 3, 2, 2], &[30, 2, 3], &[1, 7], &[7, 1]] {
            let flat = values(shape, Initializer::Orthogonal { gain: 2.0 });
            let (rows, cols) = (shape[0], flat.len() / shape[0]);
            let value = |vector: usize, part: usize| {
                let (row, col) = if rows <= cols {
                    (vector, part)
                } else {
                    (part, vector)
                };
                flat[row * cols + col]
            };
            for a in 0..rows.min(cols) {
                for b in 0..rows.min(cols) {
                    let product: f64 = (0..rows.max(cols))
                        .map(|part| value(a, part) * value(b, part))
                        .sum();
                    let expected = if a == b { 4.0 } else { 0.0 };
                    let tolerance = 4.0 * rows.max(cols) as f64 * f64::EPSILON;
                    assert!(
                        (product - expected).abs() <= tolerance,
                        "{shape:?}: {a} . {b} = {product}"
                    );
                }
            }
        }
        assert!(values(&[0, 4], Initializer::Orthogonal { gain: 1.0 }).is_empty());
    }

    #[test]
    fn orthogonal_matrices_have_no_preferred_sign() {
        let first = |seed| initialize::<f64>(&[3, 3], Initializer::Orthogonal { gain: 1.0 }, seed);
        let traces = (0..400).map(|seed| first(seed).unwrap()[[2, 2]]);
        let positive = traces.filter(|value| *value > 0.0).count();
        // Four standard deviations of a fair coin, √400 / 2 each.
        assert!((160..=240).contains(&positive), "{positive}");
    }

    #[test]
    fn the_identity_copies_channels_group_by_group() {
        let input_of = |shape: &[usize], groups| {
            let array: ArrayD<f32> =
                initialize(shape, Initializer::Identity { groups }, 0).unwrap();
            let ones = array.indexed_iter().filter(|(_, value)| **value == 1.0);
            ones.map(|(index, _)| index.slice().to_vec())
                .collect::<Vec<_>>()
        };
        assert_eq!(input_of(&[2, 3], 1), [[0, 0], [1, 1]]);
        assert_eq!(input_of(&[3, 2, 3, 3], 1), [[0, 0, 1, 1], [1, 1, 1, 1]]);
        assert_eq!(
            input_of(&[4, 2, 3, 5], 2),
            [[0, 0, 1, 2], [1, 1, 1, 2], [2, 0, 1, 2], [3, 1, 1, 2]]
        );
        assert_eq!(input_of(&[2, 1, 2, 2], 2), [[0, 0, 1, 1], [1, 0, 1, 1]]);
    }

    #[test]
    fn a_seed_decides_every_bit() {
        let kaiming = Initializer::Kaiming(Kaiming {
            distribution: Distribution::Normal,
            ..Kaiming::default()
        });
        let bits = |initializer, seed| {
            let array: ArrayD<f32> = initialize(&[2, 2], initializer, seed).unwrap();
            array.into_iter().map(f32::to_bits).collect::<Vec<_>>()
        };
        assert_eq!(bits(kaiming, 1), bits(kaiming, 1));
        assert_ne!(bits(kaiming, 1), bits(kaiming, 2));
        // The same bits came out in WebAssembly.
        assert_eq!(
            bits(kaiming, 0),
            [0xbf8e_d5e0, 0x3d41_82e7, 0xbe81_76c5, 0xbf75_09d9]
        );
        assert_eq!(
            bits(Initializer::Orthogonal { gain: 1.0 }, 0),
            [0xbf7f_c558, 0x3d2d_41dd, 0xbd2d_41dd, 0xbf7f_c558]
        );
        let xavier = Initializer::Xavier {
            distribution: Distribution::Uniform,
            gain: 1.0,
        };
        assert_eq!(
            bits(xavier, 0),
            [0x3f98_8046, 0xbf1f_4488, 0xbe9a_f369, 0x3ed1_3d0f]
        );
    }

    #[test]
    fn what_cannot_be_made_is_refused() {
        let make = |shape: &[usize], initializer| initialize::<f32>(shape, initializer, 0);
        let lecun = Initializer::Lecun {
            distribution: Distribution::Normal,
        };
        assert!(matches!(
            make(&[3], lecun),
            Err(Error::ShapeMismatch { .. })
        ));
        let orthogonal = Initializer::Orthogonal { gain: 1.0 };
        assert!(matches!(
            make(&[3], orthogonal),
            Err(Error::ShapeMismatch { .. })
        ));
        assert!(matches!(
            make(&[4096, 4096], orthogonal),
            Err(Error::OutOfRange { .. })
        ));
        let identity = |groups| Initializer::Identity { groups };
        assert!(matches!(
            make(&[4], identity(1)),
            Err(Error::ShapeMismatch { .. })
        ));
        assert!(matches!(
            make(&[4, 4], identity(0)),
            Err(Error::GroupsMismatch { .. })
        ));
        assert!(matches!(
            make(&[4, 4], identity(3)),
            Err(Error::GroupsMismatch { .. })
        ));
        for shape in [&[usize::MAX, 2][..], &[0, usize::MAX, 2], &[1 << 40]] {
            for initializer in [Initializer::Zeros, lecun, orthogonal, identity(1)] {
                assert!(matches!(
                    make(shape, initializer),
                    Err(Error::TooLarge { .. })
                ));
            }
        }
        assert!(matches!(
            make(&[1; 17], identity(1)),
            Err(Error::OutOfRange { .. })
        ));
        let bad = [
            Initializer::Constant { value: f64::NAN },
            Initializer::Uniform {
                low: 1.0,
                high: 0.0,
            },
            Initializer::Uniform {
                low: f64::NAN,
                high: 0.0,
            },
            Initializer::Normal {
                mean: 0.0,
                std: -1.0,
            },
            Initializer::Xavier {
                distribution: Distribution::Normal,
                gain: -1.0,
            },
            Initializer::Orthogonal {
                gain: f64::INFINITY,
            },
            Initializer::Kaiming(Kaiming {
                slope: Some(0.1),
                ..Kaiming::default()
            }),
            Initializer::Kaiming(Kaiming {
                nonlinearity: Nonlinearity::LeakyRelu,
                slope: Some(f64::NAN),
                ..Kaiming::default()
            }),
        ];
        for initializer in bad {
            assert!(make(&[2, 2], initializer).is_err(), "{initializer:?}");
        }
    }

    #[test]
    fn options_that_are_left_out_have_their_defaults() {
        let read = |text: &str| serde_json::from_str::<Initializer>(text).unwrap();
        assert_eq!(read(r#""zeros""#), Initializer::Zeros);
        let uniform = Initializer::Uniform {
            low: 0.0,
            high: 1.0,
        };
        assert_eq!(read(r#"{ "uniform": {} }"#), uniform);
        let normal = Initializer::Normal {
            mean: 0.0,
            std: 2.0,
        };
        assert_eq!(read(r#"{ "normal": { "std": 2 } }"#), normal);
        let kaiming = Kaiming {
            distribution: Distribution::Uniform,
            fan: Fan::Out,
            nonlinearity: Nonlinearity::Relu,
            slope: None,
        };
        let given = r#"{ "kaiming": { "mode": "fan_out" } }"#;
        assert_eq!(read(given), Initializer::Kaiming(kaiming));
        let identity = Initializer::Identity { groups: 1 };
        assert_eq!(read(r#"{ "identity": {} }"#), identity);
        let surplus = r#"{ "orthogonal": { "std": 1 } }"#;
        assert!(serde_json::from_str::<Initializer>(surplus).is_err());
    }

    #[test]
    fn layers_without_inputs_are_empty_not_broken() {
        let lecun = Initializer::Lecun {
            distribution: Distribution::Normal,
        };
        assert!(values(&[3, 0, 2, 2], lecun).is_empty());
    }
}
