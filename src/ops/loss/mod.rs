//! Loss functions: how far a network's output is from its target, as a number to minimise.

pub mod binary_cross_entropy;
pub mod cross_entropy;
pub mod hinge;
pub mod huber;
pub mod l1;
pub mod mean_squared_error;
pub mod negative_log_likelihood;
mod classes;
mod elementwise;

use ndarray::{ArrayD, ArrayViewD};

use crate::error::{Error, Result};
use crate::math::arrays::shaped;
use crate::math::real::Real;
use crate::ops::shape::check_shape;

/// How the losses of the samples are reduced. The default of PyTorch and ONNX is the mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reduction {
    /// Their mean; NaN if there are none.
    #[default]
    Mean,
    /// Their sum.
    Sum,
    /// No reduction.
    None,
}

impl Reduction {
    /// Every reduction.
    pub const ALL: [Reduction; 3] = [Reduction::Mean, Reduction::Sum, Reduction::None];

    /// The name in the public interface.
    pub const fn name(self) -> &'static str {
        match self {
            Reduction::Mean => "mean",
            Reduction::Sum => "sum",
            Reduction::None => "none",
        }
    }

    /// The reduction called `name`.
    ///
    /// # Errors
    /// [`Error::UnknownName`].
    pub fn from_name(operator: &'static str, name: &str) -> Result<Reduction> {
        let known = Reduction::ALL
            .into_iter()
            .find(|reduction| reduction.name() == name);
        known.ok_or_else(|| Error::UnknownName {
            operator,
            argument: "reduction".into(),
            expected: Reduction::ALL.map(Reduction::name).join(", "),
            got: name.into(),
        })
    }

    /// The shape of the reduced loss for single losses of `shape`.
    fn shape(self, shape: &[usize]) -> &[usize] {
        match self {
            Reduction::Mean | Reduction::Sum => &[],
            Reduction::None => shape,
        }
    }

    /// Reduces single losses of `shape`; the mean divides their sum, accumulated in `f64`, by
    /// `divisor`.
    fn apply<F: Real>(
        self,
        shape: &[usize],
        losses: impl Iterator<Item = f64>,
        divisor: f64,
    ) -> ArrayD<F> {
        let reduced = match self {
            Reduction::Mean => vec![F::of(losses.sum::<f64>() / divisor)],
            Reduction::Sum => vec![F::of(losses.sum())],
            Reduction::None => losses.map(F::of).collect(),
        };
        shaped(self.shape(shape), reduced)
    }

    /// The gradient of each single loss, in row-major order.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] if `d_output` does not have the shape of the reduced loss.
    fn spread<'a, F: Real>(
        self,
        operator: &'static str,
        shape: &[usize],
        d_output: &'a ArrayViewD<F>,
        divisor: f64,
    ) -> Result<impl Iterator<Item = f64> + use<'a, F>> {
        check_shape(operator, "dOutput", self.shape(shape), d_output.shape())?;
        let count = match self {
            Reduction::Mean | Reduction::Sum => shape.iter().product(),
            Reduction::None => 1,
        };
        let divisor = if self == Reduction::Mean {
            divisor
        } else {
            1.0
        };
        let repeated = d_output
            .iter()
            .flat_map(move |d| std::iter::repeat_n(d, count));
        Ok(repeated.map(move |d| d.as_f64() / divisor))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_finds_the_reduction() {
        for reduction in Reduction::ALL {
            assert_eq!(
                Reduction::from_name("test", reduction.name()),
                Ok(reduction)
            );
        }
        assert!(Reduction::from_name("test", "average").is_err());
    }

    #[test]
    fn the_gradient_is_spread_as_the_losses_were_reduced() {
        let spread = |reduction: Reduction, d_output: ArrayD<f64>| {
            let d_output = d_output.view();
            let spread = reduction.spread("test", &[2], &d_output, 4.0);
            spread.map(|gradients| gradients.collect::<Vec<_>>())
        };
        let (one, two) = (
            ArrayD::from_elem(vec![], 8.0),
            ArrayD::from_elem(vec![2], 8.0),
        );
        assert_eq!(spread(Reduction::Mean, one.clone()), Ok(vec![2.0, 2.0]));
        assert_eq!(spread(Reduction::Sum, one.clone()), Ok(vec![8.0, 8.0]));
        assert_eq!(spread(Reduction::None, two.clone()), Ok(vec![8.0, 8.0]));
        assert!(spread(Reduction::None, one).is_err());
        assert!(spread(Reduction::Mean, two).is_err());
    }
}
