//! Targets that are class indices.

use ndarray::{ArrayView1, ArrayViewD};

use crate::compute::check_budget;
use crate::error::{Error, Result};
use crate::math::real::Real;
use crate::ops::normalize::check_per_channel;
use crate::ops::shape::{Channels, check_shape};

/// The target of samples to ignore that PyTorch has by default.
pub(crate) const IGNORE_INDEX: i32 = -100;

/// The checked samples of a classification loss: an input `[n, c, ...]` has one sample, with one
/// target, per position.
pub(crate) struct Samples {
    map: Channels,
    /// The class of each sample; `None` if the sample is ignored.
    pub targets: Vec<Option<usize>>,
    /// The weight of each class.
    pub weights: Vec<f64>,
    /// The input's shape without the class axis.
    pub shape: Vec<usize>,
}

impl Samples {
    /// # Errors
    /// [`Error::ShapeMismatch`] if the shapes do not match; [`Error::OutOfRange`] for a target that
    /// is neither a class nor `ignore_index`; [`Error::TooLarge`] beyond the memory budget.
    pub fn new<F: Real>(
        operator: &'static str,
        input: &ArrayViewD<F>,
        target: &ArrayViewD<i32>,
        weights: Option<ArrayView1<F>>,
        ignore_index: Option<i32>,
    ) -> Result<Self> {
        let map = Channels::of(operator, input.shape())?;
        let mut shape = input.shape().to_vec();
        shape.remove(1);
        check_shape(operator, "target", &shape, target.shape())?;
        check_per_channel(operator, "weights", weights, map.c)?;
        // The result or gradient, and the targets, each of which takes the memory of up to four
        // `f32`.
        check_budget(operator, &[input.shape(), &shape, &shape, &shape, &shape])?;
        let targets = target
            .iter()
            .map(|&target| class(operator, target, map.c, ignore_index))
            .collect::<Result<_>>()?;
        let weights = match weights {
            Some(weights) => weights.iter().map(|weight| weight.as_f64()).collect(),
            None => vec![1.0; map.c],
        };
        Ok(Samples {
            map,
            targets,
            weights,
            shape,
        })
    }

    /// The divisor of the mean in PyTorch and ONNX: the sum of the weights of all targets that are
    /// not ignored.
    pub fn total_weight(&self) -> f64 {
        let classes = self.targets.iter().flatten();
        classes.map(|&class| self.weights[class]).sum()
    }

    /// The values of sample `idx`, one per class, in `f64`.
    pub fn lane<F: Real>(&self, values: &[F], idx: usize) -> Vec<f64> {
        let classes = 0..self.map.c;
        classes
            .map(|class| values[self.index_of(idx, class)].as_f64())
            .collect()
    }

    /// Row-major index of the value of `class` for sample `idx`.
    pub fn index_of(&self, idx: usize, class: usize) -> usize {
        let Channels { c, positions, .. } = self.map;
        (idx / positions * c + class) * positions + idx % positions
    }
}

/// The class index of `target`, less than `classes`; `None` if the target is to be ignored.
///
/// # Errors
/// [`Error::OutOfRange`].
pub(crate) fn class(
    operator: &'static str,
    target: i32,
    classes: usize,
    ignore_index: Option<i32>,
) -> Result<Option<usize>> {
    if ignore_index == Some(target) {
        return Ok(None);
    }
    let class = usize::try_from(target)
        .ok()
        .filter(|&class| class < classes);
    class.map(Some).ok_or_else(|| Error::OutOfRange {
        operator,
        argument: "target",
        min: 0.0,
        max: classes as f64 - 1.0,
        got: f64::from(target),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_a_class_or_ignored_or_refused() {
        assert_eq!(class("test", 2, 3, None), Ok(Some(2)));
        assert_eq!(class("test", -100, 3, Some(-100)), Ok(None));
        for target in [3, -1, i32::MIN, i32::MAX] {
            assert!(matches!(
                class("test", target, 3, Some(-100)),
                Err(Error::OutOfRange {
                    argument: "target",
                    max: 2.0,
                    ..
                })
            ));
        }
        assert!(class("test", 0, 0, None).is_err());
    }
}
