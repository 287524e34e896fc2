//! From generic numbers to those for which there is faster code.

#![allow(
    unsafe_code,
    reason = "a slice of one type is seen as one of the same type"
)]

use std::any::TypeId;

/// The same numbers, if `F` is `G`.
pub(crate) fn same<F: 'static, G: 'static>(values: &[F]) -> Option<&[G]> {
    let is_same = TypeId::of::<F>() == TypeId::of::<G>();
    // SAFETY: the types are the same, so pointer, length and lifetime hold for both.
    is_same.then(|| unsafe { std::slice::from_raw_parts(values.as_ptr().cast(), values.len()) })
}

/// The same numbers to be written, if `F` is `G`.
pub(crate) fn same_mut<F: 'static, G: 'static>(values: &mut [F]) -> Option<&mut [G]> {
    let is_same = TypeId::of::<F>() == TypeId::of::<G>();
    // SAFETY: the types are the same, so pointer, length and lifetime hold for both, and the slice
    // given is borrowed for as long as the one returned.
    is_same.then(|| unsafe {
        std::slice::from_raw_parts_mut(values.as_mut_ptr().cast(), values.len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_of_the_same_type_are_seen() {
        let mut values = [1.0_f32, 2.0];
        assert_eq!(same::<f32, f32>(&values), Some(&[1.0, 2.0][..]));
        assert_eq!(same::<f32, f64>(&values), None);
        assert_eq!(same_mut::<f32, i32>(&mut values), None);
        same_mut::<f32, f32>(&mut values).unwrap()[1] = 3.0;
        assert_eq!(values, [1.0, 3.0]);
    }
}
