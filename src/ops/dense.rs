//! The dense (fully connected, linear) layer.

use ndarray::{Array1, Array2, ArrayView1, ArrayView2};

use crate::compute::dot::{add_scaled, dot};
use crate::compute::layout::block;
use crate::compute::{self, check_budget};
use crate::error::Result;
use crate::math::arrays::shaped;
use crate::math::real::Real;
use crate::ops::shape::{check_shape, values};

const OPERATOR: &str = "dense";

/// Minimum batch size for computing gradients as products of packed matrices: a tile has 4 rows.
const ROWS_WORTH_PACKING: usize = 4;

/// The gradients of [`dense`].
#[derive(Clone, Debug, PartialEq)]
pub struct DenseGradients<F> {
    /// With respect to the input, `[n, features_in]`.
    pub d_input: Array2<F>,
    /// With respect to the weights, `[features_out, features_in]`.
    pub d_weights: Array2<F>,
    /// With respect to the bias, `[features_out]`.
    pub d_bias: Array1<F>,
}

/// `input` · `weights`ᵀ + `bias`: each output is a weighted sum of all inputs.
///
/// Sums are accumulated in `F`, in eight partial sums and a fixed order; the rounding error of a
/// sum of n products is about n / 8 · ε · Σ|product|.
///
/// # Shapes
/// `input` `[n, features_in]`; `weights` `[features_out, features_in]`; `bias` `[features_out]`.
/// Returns `[n, features_out]`.
///
/// # Errors
/// [`crate::error::Error::ShapeMismatch`] if the shapes do not match;
/// [`crate::error::Error::TooLarge`] beyond the memory budget.
///
/// # Source
/// Goodfellow, Bengio and Courville, Deep Learning (2016), equation 6.37; layout of PyTorch's
/// `torch.nn.functional.linear`.
///
/// # Examples
/// ```
/// use cnn_playground::dense;
/// use ndarray::array;
///
/// let input = array![[1.0_f32, 2.0], [3.0, 4.0]]; // two samples of two features
/// let weights = array![[10.0, 1.0]]; // one output feature
/// let bias = array![0.5];
/// let output = dense(input.view(), weights.view(), Some(bias.view()))?;
/// assert_eq!(output, array![[12.5], [34.5]]);
/// # Ok::<(), cnn_playground::Error>(())
/// ```
pub fn dense<F: Real>(
    input: ArrayView2<F>,
    weights: ArrayView2<F>,
    bias: Option<ArrayView1<F>>,
) -> Result<Array2<F>> {
    let Extents { n, inputs, outputs } = Extents::new(input, weights, bias)?;
    check_budget(OPERATOR, &[&[n, outputs], &[n, inputs], &[outputs, inputs]])?;
    let (input, weights) = (input.into_dyn(), weights.into_dyn());
    let (input, weights) = (values(&input), values(&weights));
    if let (Some(input), Some(weights)) = (F::as_f32_slice(&input), F::as_f32_slice(&weights)) {
        let bias = bias.map(|bias| bias.to_vec());
        let bias = bias.as_deref().and_then(F::as_f32_slice);
        let mut output = vec![F::zero(); n * outputs];
        if let Some(output) = F::as_f32_slice_mut(&mut output) {
            compute::dense::dense(input, weights, bias, [n, inputs, outputs], output);
        }
        return Ok(shaped((n, outputs), output));
    }
    let mut output = Vec::with_capacity(n * outputs);
    for row in rows(&input, n, inputs) {
        for (out_idx, weights) in rows(&weights, outputs, inputs).enumerate() {
            let sum = dot(row, weights);
            output.push(bias.map_or(sum, |bias| sum + bias[out_idx]));
        }
    }
    Ok(shaped((n, outputs), output))
}

/// [`dense`] by its definition: the reference that the fast path is tested against.
///
/// # Errors
/// As [`dense`].
pub fn dense_naive<F: Real>(
    input: ArrayView2<F>,
    weights: ArrayView2<F>,
    bias: Option<ArrayView1<F>>,
) -> Result<Array2<F>> {
    let Extents { n, inputs, outputs } = Extents::new(input, weights, bias)?;
    check_budget(OPERATOR, &[&[n, outputs]])?;
    Ok(Array2::from_shape_fn((n, outputs), |(row, out_idx)| {
        let products = (0..inputs).map(|idx| input[[row, idx]] * weights[[out_idx, idx]]);
        products.sum::<F>() + bias.map_or(F::zero(), |bias| bias[out_idx])
    }))
}

/// The gradients of [`dense`]: `d_output` · `weights`, `d_output`ᵀ · `input`, and the column sums
/// of `d_output`.
///
/// Sums over outputs and over the batch are taken in order, in `F`.
///
/// # Shapes
/// `d_output` `[n, features_out]`.
///
/// # Errors
/// As [`dense`].
pub fn dense_backward<F: Real>(
    input: ArrayView2<F>,
    weights: ArrayView2<F>,
    d_output: ArrayView2<F>,
) -> Result<DenseGradients<F>> {
    let extents = Extents::of_gradients(input, weights, d_output)?;
    let Extents { n, inputs, outputs } = extents;
    check_budget(OPERATOR, &[&[n, inputs], &[outputs, inputs], &[outputs]])?;
    let (d_weights, d_bias) = extents.weight_gradients(input, d_output);
    Ok(DenseGradients {
        d_input: extents.input_gradient(weights, d_output),
        d_weights,
        d_bias,
    })
}

/// The gradient of [`dense`] with respect to its input alone; of `input` only the shape counts.
///
/// # Errors
/// As [`dense`].
pub(crate) fn dense_input_gradient<F: Real>(
    input: ArrayView2<F>,
    weights: ArrayView2<F>,
    d_output: ArrayView2<F>,
) -> Result<Array2<F>> {
    let extents = Extents::of_gradients(input, weights, d_output)?;
    check_budget(OPERATOR, &[&[extents.n, extents.inputs]])?;
    Ok(extents.input_gradient(weights, d_output))
}

/// The gradients of [`dense`] with respect to its weights and its bias alone.
///
/// # Errors
/// As [`dense`].
pub(crate) fn dense_weight_gradients<F: Real>(
    input: ArrayView2<F>,
    weights: ArrayView2<F>,
    d_output: ArrayView2<F>,
) -> Result<(Array2<F>, Array1<F>)> {
    let extents = Extents::of_gradients(input, weights, d_output)?;
    let Extents {
        inputs, outputs, ..
    } = extents;
    check_budget(OPERATOR, &[&[outputs, inputs], &[outputs]])?;
    Ok(extents.weight_gradients(input, d_output))
}

#[derive(Clone, Copy)]
struct Extents {
    n: usize,
    inputs: usize,
    outputs: usize,
}

impl Extents {
    fn new<F>(
        input: ArrayView2<F>,
        weights: ArrayView2<F>,
        bias: Option<ArrayView1<F>>,
    ) -> Result<Self> {
        let ((n, inputs), outputs) = (input.dim(), weights.nrows());
        check_shape(OPERATOR, "weights", &[outputs, inputs], weights.shape())?;
        if let Some(bias) = bias {
            check_shape(OPERATOR, "bias", &[outputs], bias.shape())?;
        }
        Ok(Extents { n, inputs, outputs })
    }

    fn of_gradients<F>(
        input: ArrayView2<F>,
        weights: ArrayView2<F>,
        d_output: ArrayView2<F>,
    ) -> Result<Self> {
        let extents = Extents::new(input, weights, None)?;
        let expected = [extents.n, extents.outputs];
        check_shape(OPERATOR, "dOutput", &expected, d_output.shape())?;
        Ok(extents)
    }

    /// `d_output` · `weights`
    fn input_gradient<F: Real>(self, weights: ArrayView2<F>, d_output: ArrayView2<F>) -> Array2<F> {
        let Extents { n, inputs, outputs } = self;
        let (weights, d_output) = (weights.into_dyn(), d_output.into_dyn());
        let (weights, d_output) = (values(&weights), values(&d_output));
        let mut d_input = vec![F::zero(); n * inputs];
        if let (Some(weights), Some(d_output), Some(d_input)) = (
            F::as_f32_slice(&weights),
            F::as_f32_slice(&d_output),
            F::as_f32_slice_mut(&mut d_input),
        ) && n >= ROWS_WORTH_PACKING
        {
            compute::dense::d_input(d_output, weights, [n, inputs, outputs], d_input);
        } else {
            for (idx, &d) in d_output.iter().enumerate() {
                let (row, column) = (block(idx / outputs, inputs), block(idx % outputs, inputs));
                add_scaled(&mut d_input[row], d, &weights[column]);
            }
        }
        shaped((n, inputs), d_input)
    }

    /// `d_output`ᵀ · `input`, and the column sums of `d_output`.
    fn weight_gradients<F: Real>(
        self,
        input: ArrayView2<F>,
        d_output: ArrayView2<F>,
    ) -> (Array2<F>, Array1<F>) {
        let Extents { n, inputs, outputs } = self;
        let (input, d_output) = (input.into_dyn(), d_output.into_dyn());
        let (input, d_output) = (values(&input), values(&d_output));
        let mut d_bias = vec![F::zero(); outputs];
        for row in rows(&d_output, n, outputs) {
            d_bias.iter_mut().zip(row).for_each(|(sum, &d)| *sum += d);
        }
        let mut d_weights = vec![F::zero(); outputs * inputs];
        if let (Some(input), Some(d_output), Some(d_weights)) = (
            F::as_f32_slice(&input),
            F::as_f32_slice(&d_output),
            F::as_f32_slice_mut(&mut d_weights),
        ) && n >= ROWS_WORTH_PACKING
        {
            compute::dense::d_weights(d_output, input, [n, inputs, outputs], d_weights);
        } else {
            for (idx, &d) in d_output.iter().enumerate() {
                let (row, column) = (block(idx / outputs, inputs), block(idx % outputs, inputs));
                add_scaled(&mut d_weights[column], d, &input[row]);
            }
        }
        (shaped((outputs, inputs), d_weights), d_bias.into())
    }
}

/// `count` rows of `len` values; `len` may be 0.
fn rows<F>(values: &[F], count: usize, len: usize) -> impl Iterator<Item = &[F]> {
    (0..count).map(move |row| &values[row * len..(row + 1) * len])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::rng::Rng;
    use crate::error::Error;
    use ndarray::{Array, array};

    #[test]
    fn each_output_is_the_weighted_sum_of_its_row_of_weights() {
        let (input, weights) = (
            array![[1., 2.], [3., 4.]],
            array![[1., 0.], [0., 1.], [10., 1.]],
        );
        let bias = array![0., 0., 0.5];
        let output = dense(input.view(), weights.view(), Some(bias.view())).unwrap();
        assert_eq!(output, array![[1., 2., 12.5], [3., 4., 34.5]]);
    }

    #[test]
    fn gradients_are_those_worked_out_by_hand() {
        let (input, weights) = (array![[1., 2.], [3., 4.]], array![[5., 6.]]);
        let d_output = array![[1.], [10.]];
        let gradients = dense_backward(input.view(), weights.view(), d_output.view()).unwrap();
        assert_eq!(gradients.d_input, array![[5., 6.], [50., 60.]]);
        assert_eq!(gradients.d_weights, array![[31., 42.]]);
        assert_eq!(gradients.d_bias, array![11.]);
    }

    #[test]
    fn gradients_asked_for_alone_are_those_of_all() {
        let mut rng = Rng::new(4);
        let mut fill = |shape| Array::from_shape_simple_fn(shape, || rng.normal() as f32);
        for (n, inputs, outputs) in [(1, 7, 3), (3, 9, 4), (4, 8, 5), (9, 0, 2)] {
            let (input, weights) = (fill((n, inputs)), fill((outputs, inputs)));
            let d_output = fill((n, outputs));
            let [input, weights, d_output] = [&input, &weights, &d_output].map(|a| a.view());
            let all = dense_backward(input, weights, d_output).unwrap();
            let d_input = dense_input_gradient(input, weights, d_output).unwrap();
            assert_eq!(d_input, all.d_input);
            let learned = dense_weight_gradients(input, weights, d_output).unwrap();
            assert_eq!(learned, (all.d_weights, all.d_bias));
        }
    }

    #[test]
    fn the_fast_path_equals_the_naive_reference_but_for_rounding() {
        let mut rng = Rng::new(1);
        for inputs in [0, 1, 7, 8, 9, 100, 1001] {
            let mut fill =
                |rows| Array::from_shape_simple_fn((rows, inputs), || rng.normal() as f32);
            let (input, weights) = (fill(3), fill(4));
            let transposed = Array2::from_shape_fn((inputs, 3), |(row, col)| input[[col, row]]);
            let naive = dense_naive(input.view(), weights.view(), None).unwrap();
            let magnitude = dense_naive(
                input.mapv(f32::abs).view(),
                weights.mapv(f32::abs).view(),
                None,
            );
            let tolerance = magnitude.unwrap() * (inputs as f32 * f32::EPSILON);
            for fast in [
                dense(input.view(), weights.view(), None).unwrap(),
                dense(transposed.t(), weights.view(), None).unwrap(),
            ] {
                for ((fast, naive), tolerance) in fast.iter().zip(&naive).zip(&tolerance) {
                    assert!((fast - naive).abs() <= *tolerance);
                }
            }
        }
    }

    #[test]
    fn shapes_that_do_not_match_are_refused() {
        let zeros = |rows, cols| Array2::<f32>::zeros((rows, cols));
        assert!(matches!(
            dense(zeros(2, 3).view(), zeros(4, 2).view(), None),
            Err(Error::ShapeMismatch {
                argument: "weights",
                ..
            })
        ));
        let bias = array![1.0];
        assert!(matches!(
            dense(zeros(2, 3).view(), zeros(4, 3).view(), Some(bias.view())),
            Err(Error::ShapeMismatch {
                argument: "bias",
                ..
            })
        ));
        assert!(matches!(
            dense_backward(zeros(2, 3).view(), zeros(4, 3).view(), zeros(2, 3).view()),
            Err(Error::ShapeMismatch {
                argument: "dOutput",
                ..
            })
        ));
        let huge = 1 << 14;
        let (tall, wide) = (zeros(huge, 0), zeros(huge, 0));
        assert!(matches!(
            dense(tall.view(), wide.view(), None),
            Err(Error::TooLarge { .. })
        ));
    }
}
