//! Softmax and log-softmax along one axis.

use ndarray::{ArrayD, ArrayView1, ArrayViewD, Axis, Zip};

use crate::compute::check_budget;
use crate::error::Result;
use crate::math::elementary::{exp, ln};
use crate::math::real::Real;
use crate::ops::shape::{axis_index, check_shape};

/// eˣ of each value, divided by the sum of these along `axis`.
///
/// The maximum is subtracted first, so nothing overflows; sums are accumulated in `f64`. A lane
/// that contains NaN or +∞, or only −∞, becomes NaN.
///
/// # Shapes
/// `input` of any shape with at least one axis; returns the same shape. `axis` counts from the end
/// if negative.
///
/// # Errors
/// [`crate::error::Error::OutOfRange`] if there is no such axis;
/// [`crate::error::Error::TooLarge`] beyond the memory budget.
///
/// # Source
/// Goodfellow, Bengio and Courville, Deep Learning (2016), equation 6.29.
///
/// # Examples
/// ```
/// use cnn_playground::softmax;
/// use ndarray::array;
///
/// let logits = array![[1.0_f32, 1.0, f32::NEG_INFINITY]].into_dyn();
/// let probabilities = softmax(logits.view(), -1)?;
/// assert_eq!(probabilities, array![[0.5, 0.5, 0.0]].into_dyn());
/// # Ok::<(), cnn_playground::Error>(())
/// ```
pub fn softmax<F: Real>(input: ArrayViewD<F>, axis: isize) -> Result<ArrayD<F>> {
    along("softmax", input, axis, softmax_lane)
}

/// The gradient of [`softmax`] with respect to its input: y · (d − Σ y · d).
///
/// # Shapes
/// `input` and `d_output` of the same shape; returns that shape.
///
/// # Errors
/// As [`softmax`]; [`crate::error::Error::ShapeMismatch`] if the shapes differ.
pub fn softmax_backward<F: Real>(
    input: ArrayViewD<F>,
    d_output: ArrayViewD<F>,
    axis: isize,
) -> Result<ArrayD<F>> {
    backward("softmax", input, d_output, axis, |lane, d_lane| {
        softmax_lane(lane);
        let dot = lane.iter().zip(d_lane).map(|(y, d)| y * d).sum::<f64>();
        for (y, d) in lane.iter_mut().zip(d_lane) {
            *y *= d - dot;
        }
    })
}

/// The natural logarithm of [`softmax`], accurate even where softmax underflows.
///
/// # Shapes, errors
/// As [`softmax`].
pub fn log_softmax<F: Real>(input: ArrayViewD<F>, axis: isize) -> Result<ArrayD<F>> {
    along("logSoftmax", input, axis, log_softmax_lane)
}

/// The gradient of [`log_softmax`] with respect to its input: d − softmax · Σ d.
///
/// # Shapes, errors
/// As [`softmax_backward`].
pub fn log_softmax_backward<F: Real>(
    input: ArrayViewD<F>,
    d_output: ArrayViewD<F>,
    axis: isize,
) -> Result<ArrayD<F>> {
    backward("logSoftmax", input, d_output, axis, |lane, d_lane| {
        softmax_lane(lane);
        let total = d_lane.iter().sum::<f64>();
        for (x, d) in lane.iter_mut().zip(d_lane) {
            *x = d - *x * total;
        }
    })
}

/// Replaces one lane with its softmax.
pub(crate) fn softmax_lane(lane: &mut [f64]) {
    let largest = largest(lane);
    lane.iter_mut().for_each(|x| *x = exp(*x - largest));
    let total = lane.iter().sum::<f64>();
    lane.iter_mut().for_each(|x| *x /= total);
}

/// Replaces one lane with its log-softmax.
pub(crate) fn log_softmax_lane(lane: &mut [f64]) {
    let largest = largest(lane);
    lane.iter_mut().for_each(|x| *x -= largest);
    let log_total = ln(lane.iter().map(|&x| exp(x)).sum::<f64>());
    lane.iter_mut().for_each(|x| *x -= log_total);
}

fn largest(lane: &[f64]) -> f64 {
    lane.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}

/// Applies `replace` to every lane along `axis`, in `f64`.
fn along<F: Real>(
    operator: &'static str,
    input: ArrayViewD<F>,
    axis: isize,
    replace: impl Fn(&mut [f64]),
) -> Result<ArrayD<F>> {
    let axis = axis_index(operator, axis, input.ndim())?;
    check_budget(operator, &[input.shape()])?;
    let mut output = input.to_owned();
    for mut lane in output.lanes_mut(Axis(axis)) {
        let mut values = lane_f64(lane.view());
        replace(&mut values);
        lane.iter_mut()
            .zip(values)
            .for_each(|(x, values)| *x = F::of(values));
    }
    Ok(output)
}

/// As [`along`], but `replace` also gets the matching lane of `d_output`.
fn backward<F: Real>(
    operator: &'static str,
    input: ArrayViewD<F>,
    d_output: ArrayViewD<F>,
    axis: isize,
    replace: impl Fn(&mut [f64], &[f64]),
) -> Result<ArrayD<F>> {
    check_shape(operator, "dOutput", input.shape(), d_output.shape())?;
    let axis = axis_index(operator, axis, input.ndim())?;
    check_budget(operator, &[input.shape()])?;
    let mut d_input = input.to_owned();
    let d_lanes = d_output.lanes(Axis(axis));
    Zip::from(d_input.lanes_mut(Axis(axis)))
        .and(d_lanes)
        .for_each(|mut lane, d_lane| {
            let mut values = lane_f64(lane.view());
            replace(&mut values, &lane_f64(d_lane));
            lane.iter_mut()
                .zip(values)
                .for_each(|(x, values)| *x = F::of(values));
        });
    Ok(d_input)
}

fn lane_f64<F: Real>(lane: ArrayView1<F>) -> Vec<f64> {
    lane.iter().map(|x| x.as_f64()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use ndarray::{Array, array};

    #[test]
    fn equal_values_share_equally_along_the_chosen_axis() {
        let input = ArrayD::<f32>::from_elem(vec![2, 4], 1e4);
        assert_eq!(
            softmax(input.view(), 0).unwrap(),
            Array::from_elem(vec![2, 4], 0.5)
        );
        assert_eq!(
            softmax(input.view(), -1).unwrap(),
            Array::from_elem(vec![2, 4], 0.25)
        );
    }

    #[test]
    fn distant_values_neither_overflow_nor_lose_their_logarithm() {
        let input = array![0.0_f32, -1000.0, f32::NEG_INFINITY].into_dyn();
        assert_eq!(
            softmax(input.view(), 0).unwrap(),
            array![1.0, 0.0, 0.0].into_dyn()
        );
        assert_eq!(log_softmax(input.view(), 0).unwrap(), input);
    }

    #[test]
    fn nan_spreads_along_its_lane_only() {
        let input = array![[f32::NAN, 0.0], [0.0, 0.0]].into_dyn();
        let output = softmax(input.view(), 1).unwrap();
        assert!(output[[0, 0]].is_nan() && output[[0, 1]].is_nan());
        assert_eq!(output[[1, 0]], 0.5);
    }

    #[test]
    fn adding_the_same_to_all_values_changes_nothing_so_gradients_sum_to_0() {
        let input = array![0.5_f64, -1.0, 2.0].into_dyn();
        let d_output = array![3.0, -5.0, 0.25].into_dyn();
        for backward in [softmax_backward, log_softmax_backward] {
            let gradient = backward(input.view(), d_output.view(), 0).unwrap();
            assert!(gradient.sum().abs() < 1e-14);
            assert!(gradient[0].abs() > 0.1);
        }
    }

    #[test]
    fn missing_axes_and_wrong_shapes_are_refused_and_empty_lanes_are_not() {
        let input = ArrayD::<f32>::zeros(vec![2, 3]);
        assert!(matches!(
            softmax(input.view(), 2),
            Err(Error::OutOfRange { .. })
        ));
        assert!(softmax(ArrayD::<f32>::zeros(vec![]).view(), 0).is_err());
        let transposed = input.t();
        assert!(matches!(
            log_softmax_backward(input.view(), transposed, 0),
            Err(Error::ShapeMismatch {
                operator: "logSoftmax",
                ..
            })
        ));
        for shape in [vec![0, 3], vec![3, 0]] {
            let empty = ArrayD::<f32>::zeros(shape);
            assert!(softmax(empty.view(), 0).unwrap().is_empty());
            assert!(
                softmax_backward(empty.view(), empty.view(), 1)
                    .unwrap()
                    .is_empty()
            );
        }
    }
}
