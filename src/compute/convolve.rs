//! Which way a convolution is computed. Every way gives the bits of the naive reference.

use std::any::Any;

use crate::compute::direct::{Correlation, area};
use crate::compute::gemm::{PackedRows, Patches, gemm};
use crate::compute::layout::block;
use crate::real::Real;

/// The narrow planes of a correlation, see [`Correlation::correlate`].
pub(crate) fn correlate<F: Real>(correlation: &Correlation, wide: &[F], weights: &[F]) -> Vec<F> {
    in_f32(correlation, wide, weights).unwrap_or_else(|| correlation.correlate(wide, weights))
}

/// The correlation as a matrix product, if it pays and the numbers are `f32`.
fn in_f32<F: Real>(correlation: &Correlation, wide: &[F], weights: &[F]) -> Option<Vec<F>> {
    if !is_product(correlation) {
        return None;
    }
    let narrow: Box<dyn Any> = Box::new(product(correlation, same(wide)?, same(weights)?));
    narrow.downcast().ok().map(|values| *values)
}

/// With fewer rows than a tile has, or hardly any terms, packing costs more than it saves.
fn is_product(correlation: &Correlation) -> bool {
    let terms = correlation.group_wide() * area(correlation.kernel);
    correlation.narrow_channels / correlation.groups >= 4 && terms >= 8
}

/// Weights `[c_out, terms]` times patches `[terms, positions]`, for each image and group.
fn product(correlation: &Correlation, wide: &[f32], weights: &[f32]) -> Vec<f32> {
    let Correlation {
        n,
        groups,
        narrow_channels,
        ..
    } = *correlation;
    let terms = correlation.group_wide() * area(correlation.kernel);
    let rows = narrow_channels / groups;
    let group_planes = correlation.group_wide() * area(correlation.wide);
    let packed = (0..groups)
        .map(|group| {
            let weights = &weights[block(group, rows * terms)];
            PackedRows::new(rows, terms, |row, term| weights[row * terms + term])
        })
        .collect::<Vec<_>>();
    let mut narrow = vec![0.0; n * narrow_channels * area(correlation.narrow)];
    let outputs = narrow.chunks_exact_mut((rows * area(correlation.narrow)).max(1));
    for (idx, output) in outputs.enumerate() {
        let patches = Patches::new(correlation, &wide[block(idx, group_planes)]);
        gemm(&packed[idx % groups], &patches, output);
    }
    narrow
}

/// The same numbers, if `F` is `G`.
#[allow(
    unsafe_code,
    reason = "a slice of one type is seen as one of the same type"
)]
fn same<F: 'static, G: 'static>(values: &[F]) -> Option<&[G]> {
    let is_same = std::any::TypeId::of::<F>() == std::any::TypeId::of::<G>();
    // SAFETY: the types are the same, so pointer, length and lifetime hold for both.
    is_same.then(|| unsafe { std::slice::from_raw_parts(values.as_ptr().cast(), values.len()) })
}
