//! Rectified linear unit.

use ndarray::ArrayViewMut4;

/// Replaces every negative value by 0, in place.
///
/// # Source
/// Nair and Hinton, Rectified Linear Units Improve Restricted Boltzmann Machines, ICML 2010.
pub fn relu_in_place(mut values: ArrayViewMut4<f32>) {
    values.mapv_inplace(|value| value.max(0.0));
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
    }
}
