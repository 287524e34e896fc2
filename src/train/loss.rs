//! What training makes small: the loss of a network's output, and its gradient there.

use ndarray::{ArrayD, ArrayViewD, aview1};
use serde::Deserialize;

use crate::error::range::check_finite_range;
use crate::error::{Error, Result};
use crate::math::real::Real;
use crate::net::op::shape::Shape;
use crate::ops::loss::Reduction;
use crate::ops::loss::cross_entropy::{CrossEntropyOptions, cross_entropy, cross_entropy_backward};
use crate::ops::loss::mean_squared_error::{mean_squared_error, mean_squared_error_backward};
use crate::ops::shape::check_shape;

pub(crate) const OPERATOR: &str = "Trainer";

/// The loss of a batch, a mean over its examples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Loss {
    /// The cross-entropy of the softmax of a vector of logits, see [`cross_entropy`].
    CrossEntropy {
        /// Share of the target's probability that is spread evenly over all classes, 0 to 1.
        label_smoothing: f64,
    },
    /// See [`mean_squared_error`]: also a mean over all values of an example.
    MeanSquaredError,
}

/// The name of a [`Loss`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LossKind {
    /// [`Loss::CrossEntropy`].
    #[default]
    CrossEntropy,
    /// [`Loss::MeanSquaredError`].
    MeanSquaredError,
}

/// What a batch should have given.
#[derive(Clone, Debug)]
pub enum Targets<'a, F> {
    /// The class of each example, from 0.
    Labels(&'a [i32]),
    /// The values of the output.
    Values(ArrayViewD<'a, F>),
}

impl Default for Loss {
    fn default() -> Self {
        Loss::CrossEntropy {
            label_smoothing: 0.0,
        }
    }
}

impl Loss {
    /// The loss of that name; only cross-entropy takes a label smoothing, which is 0 if left out.
    ///
    /// # Errors
    /// [`Error::WrongType`] for a label smoothing that does not belong to the loss.
    pub fn new(kind: LossKind, label_smoothing: Option<f64>) -> Result<Loss> {
        match (kind, label_smoothing) {
            (LossKind::CrossEntropy, given) => Ok(Loss::CrossEntropy {
                label_smoothing: given.unwrap_or(0.0),
            }),
            (LossKind::MeanSquaredError, None) => Ok(Loss::MeanSquaredError),
            (LossKind::MeanSquaredError, Some(given)) => Err(Error::WrongType {
                operator: OPERATOR,
                argument: "labelSmoothing".into(),
                expected: "left out unless the loss is crossEntropy".into(),
                got: given.to_string(),
            }),
        }
    }

    /// Its name.
    pub fn kind(&self) -> LossKind {
        match self {
            Loss::CrossEntropy { .. } => LossKind::CrossEntropy,
            Loss::MeanSquaredError => LossKind::MeanSquaredError,
        }
    }

    /// Refuses options out of their range, and an output that the loss cannot take.
    ///
    /// # Errors
    /// [`Error::OutOfRange`], [`Error::NotFinite`] or [`Error::ShapeMismatch`].
    pub(crate) fn check(&self, output: Shape) -> Result<()> {
        match *self {
            Loss::CrossEntropy { label_smoothing } => {
                check_finite_range(OPERATOR, "labelSmoothing", [0.0, 1.0], label_smoothing)?;
                classes(output).map(|_| ())
            }
            Loss::MeanSquaredError => Ok(()),
        }
    }

    /// The loss for the targets of a batch of `examples`, whose outputs have the shape `output`.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`], [`Error::WrongType`] for the targets of another loss, or
    /// [`Error::OutOfRange`] for a label that is no class.
    pub(crate) fn for_batch<'a, F: Real>(
        &self,
        targets: Targets<'a, F>,
        examples: usize,
        output: Shape,
    ) -> Result<BatchLoss<'a, F>> {
        match (*self, targets) {
            (Loss::CrossEntropy { label_smoothing }, Targets::Labels(labels)) => {
                check_labels(labels, examples, classes(output)?)?;
                let options = CrossEntropyOptions {
                    label_smoothing,
                    ..CrossEntropyOptions::default()
                };
                Ok(BatchLoss::CrossEntropy(labels, options))
            }
            (Loss::MeanSquaredError, Targets::Values(values)) => {
                let extents = output.extents().into_iter().map(Option::unwrap_or_default);
                let expected = std::iter::once(examples).chain(extents);
                let expected = expected.collect::<Vec<_>>();
                check_shape(OPERATOR, "targets", &expected, values.shape())?;
                check_examples("targets", examples)?;
                Ok(BatchLoss::MeanSquaredError(values))
            }
            (Loss::CrossEntropy { .. }, Targets::Values(_)) => {
                Err(other_targets("class labels", "values"))
            }
            (Loss::MeanSquaredError, Targets::Labels(_)) => {
                Err(other_targets("values", "class labels"))
            }
        }
    }
}

/// A loss with the targets of a batch, which fit the outputs.
pub(crate) enum BatchLoss<'a, F> {
    CrossEntropy(&'a [i32], CrossEntropyOptions),
    MeanSquaredError(ArrayViewD<'a, F>),
}

impl<F: Real> BatchLoss<'_, F> {
    /// The loss of `output`, and its gradient with respect to it.
    ///
    /// # Errors
    /// [`Error::TooLarge`] beyond the memory budget.
    pub fn of(&self, output: ArrayViewD<F>) -> Result<(F, ArrayD<F>)> {
        let one = ArrayD::from_elem(vec![], F::one());
        let (loss, d_output) = match self {
            BatchLoss::CrossEntropy(labels, options) => {
                let labels = aview1(labels).into_dyn();
                (
                    cross_entropy(output.view(), labels.view(), None, options)?,
                    cross_entropy_backward(output, labels, None, one.view(), options)?,
                )
            }
            BatchLoss::MeanSquaredError(values) => {
                let mean = Reduction::Mean;
                (
                    mean_squared_error(output.view(), values.view(), mean)?,
                    mean_squared_error_backward(output, values.view(), one.view(), mean)?,
                )
            }
        };
        Ok((loss.sum(), d_output))
    }
}

/// How many classes a vector of logits tells apart.
fn classes(output: Shape) -> Result<usize> {
    match output {
        Shape::Vector {
            features: Some(classes),
        } => Ok(classes),
        _ => Err(Error::ShapeMismatch {
            operator: OPERATOR,
            argument: "output",
            expected: "[classes]".into(),
            got: output.to_string(),
        }),
    }
}

fn check_labels(labels: &[i32], examples: usize, classes: usize) -> Result<()> {
    check_shape(OPERATOR, "labels", &[examples], &[labels.len()])?;
    check_examples("labels", examples)?;
    let known = 0..classes as i64;
    match labels.iter().find(|&&label| !known.contains(&label.into())) {
        None => Ok(()),
        Some(&label) => Err(Error::OutOfRange {
            operator: OPERATOR,
            argument: "labels",
            min: 0.0,
            max: classes as f64 - 1.0,
            got: label.into(),
        }),
    }
}

/// Refuses a batch without examples.
fn check_examples(argument: &'static str, examples: usize) -> Result<()> {
    if examples > 0 {
        return Ok(());
    }
    Err(Error::ShapeMismatch {
        operator: OPERATOR,
        argument,
        expected: "[at least 1]".into(),
        got: "[0]".into(),
    })
}

fn other_targets(expected: &str, got: &str) -> Error {
    Error::WrongType {
        operator: OPERATOR,
        argument: "targets".into(),
        expected: expected.into(),
        got: got.into(),
    }
}
