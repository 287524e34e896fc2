//! Element-wise functions, in place.

use crate::compute::simd::F32x4;

/// Clamps each value: 0 and infinity are the bounds of ReLU, 0 and 6 those of ReLU6. NaN stays NaN,
/// and -0 stays -0 at a bound of 0.
pub(crate) fn clamp(values: &mut [f32], [least, greatest]: [f32; 2]) {
    let (least, greatest) = (F32x4::constant(least), F32x4::constant(greatest));
    each(values, |value| value.or_greater(least).or_less(greatest));
}

/// Applies `replace` to all values, four at a time.
#[inline(always)]
fn each(values: &mut [f32], replace: impl Fn(F32x4) -> F32x4) {
    let (blocks, rest) = values.as_chunks_mut::<4>();
    for block in blocks {
        replace(F32x4::load(block)).store(block);
    }
    for value in rest {
        *value = replace(F32x4::splat(value)).to_array()[0];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_kept_within_bounds_and_nan_stays() {
        for len in 0..20 {
            let values = (0..len).map(|idx| idx as f32 - 7.5).collect::<Vec<_>>();
            let mut clamped = values.clone();
            clamp(&mut clamped, [0.0, 6.0]);
            let expected = values.iter().map(|value| value.clamp(0.0, 6.0));
            assert_eq!(clamped, expected.collect::<Vec<_>>());
            let mut broken = vec![f32::NAN; len];
            clamp(&mut broken, [0.0, f32::INFINITY]);
            assert!(broken.iter().all(|value| value.is_nan()));
        }
    }
}
