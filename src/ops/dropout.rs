//! Dropout: during training, random values are set to 0.

use ndarray::{ArrayD, ArrayViewD, Zip};

use crate::compute::check_budget;
use crate::data::rng::Rng;
use crate::error::{Result, check_range};
use crate::math::arrays::shaped;
use crate::math::real::Real;

const OPERATOR: &str = "dropout";

/// How many values are dropped, and which.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DropoutOptions {
    /// Probability that a value is dropped, 0 to 1.
    pub probability: f64,
    /// Whether values are dropped; in inference, all are kept unchanged.
    pub training: bool,
    /// Seed of the mask: the same seed and shape give the same mask.
    pub seed: u64,
}

impl Default for DropoutOptions {
    fn default() -> Self {
        DropoutOptions {
            probability: 0.5,
            training: true,
            seed: 0,
        }
    }
}

/// The result of [`dropout`].
#[derive(Clone, Debug, PartialEq)]
pub struct Dropout<F> {
    /// The kept values, scaled, and 0 elsewhere; of the input's shape.
    pub output: ArrayD<F>,
    /// 1 where a value was kept, 0 where it was dropped; of the input's shape.
    pub mask: ArrayD<F>,
}

/// Sets values to 0 with the given probability and divides the others by 1 − `probability`, which
/// preserves the mean (inverted dropout).
///
/// Values are processed in row-major order: a value is kept if the next uniform number is not less
/// than the probability.
///
/// # Shapes
/// `input` of any shape.
///
/// # Errors
/// [`crate::error::Error::OutOfRange`] for the probability;
/// [`crate::error::Error::TooLarge`] beyond the memory budget.
///
/// # Source
/// Srivastava et al., Dropout, JMLR 15, 2014, section 10 (scaling in training), as in PyTorch.
pub fn dropout<F: Real>(input: ArrayViewD<F>, options: &DropoutOptions) -> Result<Dropout<F>> {
    let mask = mask(input.shape(), options)?;
    let output = masked(&input, &mask, options);
    Ok(Dropout { output, mask })
}

/// The gradient of [`dropout`] with respect to its input: the same mask and scale, regenerated from
/// the seed and the shape.
///
/// # Shapes
/// `d_output` has the shape of the input; returns the same shape.
///
/// # Errors
/// As [`dropout`].
pub fn dropout_backward<F: Real>(
    d_output: ArrayViewD<F>,
    options: &DropoutOptions,
) -> Result<ArrayD<F>> {
    let mask = mask(d_output.shape(), options)?;
    Ok(masked(&d_output, &mask, options))
}

fn mask<F: Real>(shape: &[usize], options: &DropoutOptions) -> Result<ArrayD<F>> {
    check_range(OPERATOR, "probability", [0.0, 1.0], options.probability)?;
    check_budget(OPERATOR, &[shape; 2])?;
    if !options.training {
        return Ok(ArrayD::ones(shape));
    }
    let mut rng = Rng::new(options.seed);
    let len = shape.iter().product();
    let kept = std::iter::repeat_with(|| rng.uniform() >= options.probability);
    let mask = kept.map(|kept| if kept { F::one() } else { F::zero() });
    Ok(shaped(shape, mask.take(len).collect()))
}

/// A dropped value is 0 even if the input is infinite or NaN.
fn masked<F: Real>(
    values: &ArrayViewD<F>,
    mask: &ArrayD<F>,
    options: &DropoutOptions,
) -> ArrayD<F> {
    let scale = if options.training {
        F::of(1.0 / (1.0 - options.probability))
    } else {
        F::one()
    };
    Zip::from(values).and(mask).map_collect(|&x, &mask| {
        if mask == F::zero() {
            F::zero()
        } else {
            x * scale
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array;

    fn options(probability: f64, seed: u64) -> DropoutOptions {
        DropoutOptions {
            probability,
            training: true,
            seed,
        }
    }

    #[test]
    fn what_is_kept_is_scaled_so_that_the_mean_stays() {
        let input = ArrayD::<f64>::ones(vec![100, 100]);
        let Dropout { output, mask } = dropout(input.view(), &options(0.2, 7)).unwrap();
        assert_eq!(output, mask.mapv(|kept| kept * 1.25));
        // Five standard deviations of the mean of 10,000 such values.
        assert!((output.sum() / 1e4 - 1.0).abs() < 5.0 * 0.5 / 100.0);
        assert!(mask.iter().any(|&kept| kept == 0.0));
    }

    #[test]
    fn the_seed_alone_decides_the_mask_and_backward_repeats_it() {
        let input = Array::from_shape_fn(vec![10, 10], |index| (index[0] * 10 + index[1]) as f32);
        let run = |seed| dropout(input.view(), &options(0.5, seed)).unwrap();
        assert_eq!(run(1), run(1));
        assert_ne!(run(1).mask, run(2).mask);
        let backward = dropout_backward(input.view(), &options(0.5, 1)).unwrap();
        assert_eq!(backward, run(1).output);
    }

    /// The first uniform numbers of seed 0, pinned in `data::rng`, are 0.98, 0.25 and 0.38.
    #[test]
    fn values_are_kept_whose_uniform_number_is_not_below_the_probability() {
        let input = ArrayD::<f32>::ones(vec![3]);
        let mask = dropout(input.view(), &options(0.3, 0)).unwrap().mask;
        assert_eq!(mask.as_slice().unwrap(), [1.0, 0.0, 1.0]);
    }

    #[test]
    fn inference_and_probability_0_keep_everything_and_1_drops_everything() {
        let input = Array::from_vec(vec![1.0_f32, f32::INFINITY, f32::NAN]).into_dyn();
        let inference = DropoutOptions {
            training: false,
            ..options(0.9, 3)
        };
        for options in [inference, options(0.0, 3)] {
            let Dropout { output, mask } = dropout(input.view(), &options).unwrap();
            assert_eq!(output.as_slice().unwrap()[..2], [1.0, f32::INFINITY]);
            assert!(output[2].is_nan());
            assert_eq!(mask, ArrayD::<f32>::ones(vec![3]));
        }
        let Dropout { output, mask } = dropout(input.view(), &options(1.0, 3)).unwrap();
        let nothing = ArrayD::<f32>::zeros(vec![3]);
        assert_eq!((&output, &mask), (&nothing, &nothing));
    }

    #[test]
    fn a_probability_outside_0_to_1_is_refused() {
        let input = ArrayD::<f32>::ones(vec![3]);
        for probability in [-0.1, 1.1, f64::NAN] {
            assert!(dropout(input.view(), &options(probability, 0)).is_err());
        }
        assert!(dropout(ArrayD::<f32>::ones(vec![0, 3]).view(), &options(0.5, 0)).is_ok());
    }
}
