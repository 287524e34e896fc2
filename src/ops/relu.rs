//! Rectified linear unit.

use ndarray::ArrayViewMut4;

/// `value`, or 0 if it is not above 0.
///
/// # Source
/// Nair and Hinton, Rectified Linear Units Improve Restricted Boltzmann Machines, ICML 2010.
pub fn relu(value: f32) -> f32 {
    if value > 0.0 { value } else { 0.0 }
}

/// [`relu`] of every value, in place.
pub fn relu_in_place(mut values: ArrayViewMut4<f32>) {
    values.mapv_inplace(relu);
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array;

    #[test]
    fn negative_values_become_zero_and_others_stay() {
        let mut values = Array::from_shape_vec((1, 1, 1, 4), vec![-2.0, -0.0, 0.5, 3.0]).unwrap();
        relu_in_place(values.view_mut());
        assert_eq!(values.as_slice().unwrap(), [0.0, 0.0, 0.5, 3.0]);
        assert!(values.iter().all(|value| value.is_sign_positive()));
    }
}
