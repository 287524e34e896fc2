//! Adaptive pooling: a given number of outputs, whatever the input's extents.

use std::ops::Range;

use ndarray::{Array4, ArrayView4};
use serde::Deserialize;

use crate::compute::check_budget;
use crate::compute::layout::{block, row_major};
use crate::compute::pooling::{means, means_in_f32};
use crate::error::Result;
use crate::math::arrays::shaped;
use crate::math::real::Real;
use crate::ops::pool2d::Pooled;
use crate::ops::shape::check_shape;
use crate::window::check_extents;

const OPERATOR: &str = "adaptivePool2d";

/// How the pixels of a region become one value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdaptivePoolKind {
    /// The largest pixel; NaN counts as larger than everything.
    Max,
    /// The mean.
    #[default]
    Average,
}

/// The default is one mean per channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AdaptivePool2dOptions {
    /// How the pixels of a region become one value.
    pub kind: AdaptivePoolKind,
    /// Number of regions `[rows, columns]`: the output extents.
    pub size: [usize; 2],
}

impl Default for AdaptivePool2dOptions {
    fn default() -> Self {
        AdaptivePool2dOptions {
            kind: AdaptivePoolKind::Average,
            size: [1, 1],
        }
    }
}

/// Pools regions of about equal extents that together cover each channel of `input`.
///
/// Along an axis, region i runs from floor(i · in / out) to ceil((i + 1) · in / out); neighbouring
/// regions share a pixel where the extents do not divide evenly. Means are summed in `f64`.
///
/// # Shapes
/// `input` `[n, c, in_h, in_w]`; returns `[n, c, size[0], size[1]]`.
///
/// # Errors
/// [`crate::error::Error::OutOfRange`] for an empty input or size;
/// [`crate::error::Error::TooLarge`] beyond the memory budget.
///
/// # Source
/// PyTorch's `adaptive_avg_pool2d` and `adaptive_max_pool2d`; the regions first appear in He et
/// al., Spatial Pyramid Pooling, arXiv:1406.4729, section 2.3.
pub fn adaptive_pool2d<F: Real>(
    input: ArrayView4<F>,
    options: &AdaptivePool2dOptions,
) -> Result<Pooled<F>> {
    pool(OPERATOR, input, options)
}

/// Gradient of a loss with respect to the input of [`adaptive_pool2d`], from `d_output`, its
/// gradient with respect to the output.
///
/// # Shapes
/// `input` as in [`adaptive_pool2d`], `d_output` as its output; returns the shape of `input`.
///
/// # Errors
/// As [`adaptive_pool2d`], and [`crate::error::Error::ShapeMismatch`] if `d_output` is not shaped
/// like the output.
pub fn adaptive_pool2d_backward<F: Real>(
    input: ArrayView4<F>,
    d_output: ArrayView4<F>,
    options: &AdaptivePool2dOptions,
) -> Result<Array4<F>> {
    pool_backward("adaptivePool2dBackward", input, d_output, options)
}

/// [`adaptive_pool2d`], with errors that name `operator`.
pub(super) fn pool<F: Real>(
    operator: &'static str,
    input: ArrayView4<F>,
    options: &AdaptivePool2dOptions,
) -> Result<Pooled<F>> {
    let regions = Regions::new(operator, input.dim().into(), options.size)?;
    let values = row_major(input);
    let mut output = vec![F::zero(); regions.output_shape.iter().product()];
    regions.run(options.kind, &values, &mut output);
    let indices = || {
        let planes = values.chunks_exact(regions.plane_len());
        let argmax = planes.flat_map(|pixels| regions.argmax(pixels));
        argmax.map(|idx| idx as i32).collect()
    };
    let shape = regions.output_shape;
    Ok(Pooled {
        output: shaped(shape, output),
        indices: (options.kind == AdaptivePoolKind::Max).then(|| shaped(shape, indices())),
    })
}

/// [`adaptive_pool2d_backward`], with errors that name `operator`.
pub(super) fn pool_backward<F: Real>(
    operator: &'static str,
    input: ArrayView4<F>,
    d_output: ArrayView4<F>,
    options: &AdaptivePool2dOptions,
) -> Result<Array4<F>> {
    let regions = Regions::new(operator, input.dim().into(), options.size)?;
    check_shape(operator, "dOutput", &regions.output_shape, d_output.shape())?;
    let (values, d_values) = (row_major(input), row_major(d_output));
    let mut d_input = vec![F::zero(); input.len()];
    for idx in 0..regions.planes() {
        let d_pixels = &mut d_input[block(idx, regions.plane_len())];
        let d_output = &d_values[block(idx, options.size[0] * options.size[1])];
        match options.kind {
            AdaptivePoolKind::Average => regions.spread(d_output, d_pixels),
            AdaptivePoolKind::Max => {
                let pixels = &values[block(idx, regions.plane_len())];
                for (idx, &d_value) in regions.argmax(pixels).zip(d_output) {
                    d_pixels[idx] += d_value;
                }
            }
        }
    }
    Ok(shaped(input.dim(), d_input))
}

/// The regions of a plane.
#[derive(Clone, Debug)]
pub(crate) struct Regions {
    output_shape: [usize; 4],
    input: [usize; 2],
    rows: Vec<Range<usize>>,
    cols: Vec<Range<usize>>,
}

impl Regions {
    /// The regions of `size` outputs, for an input of `[n, c, in_h, in_w]`.
    ///
    /// # Errors
    /// As [`adaptive_pool2d`].
    pub fn new(
        operator: &'static str,
        [n, c, in_h, in_w]: [usize; 4],
        size: [usize; 2],
    ) -> Result<Self> {
        check_extents(operator, "size", &size, 1)?;
        check_extents(operator, "input", &[in_h, in_w], 1)?;
        let output_shape = [n, c, size[0], size[1]];
        check_budget(
            operator,
            &[&[n, c, in_h, in_w], &output_shape, &output_shape],
        )?;
        Ok(Regions {
            output_shape,
            input: [in_h, in_w],
            rows: regions(in_h, size[0]),
            cols: regions(in_w, size[1]),
        })
    }

    /// [`adaptive_pool2d`] without the indices, from `input` `[n, c, in_h, in_w]` to `output` `[n,
    /// c, out_h, out_w]`. Does not allocate.
    pub fn run<F: Real>(&self, kind: AdaptivePoolKind, input: &[F], output: &mut [F]) {
        let [.., out_h, out_w] = self.output_shape;
        if kind == AdaptivePoolKind::Average && [out_h, out_w] == [1, 1] {
            means(input, self.plane_len(), output);
            return;
        }
        let planes = input.chunks_exact(self.plane_len());
        for (pixels, output) in planes.zip(output.chunks_exact_mut(out_h * out_w)) {
            let output = output.iter_mut();
            match kind {
                AdaptivePoolKind::Average => output
                    .zip(self.means(pixels))
                    .for_each(|(output, mean)| *output = mean),
                AdaptivePoolKind::Max => output
                    .zip(self.argmax(pixels))
                    .for_each(|(output, idx)| *output = pixels[idx]),
            }
        }
    }

    /// [`Regions::run`], with the rounding of [`means_in_f32`].
    pub fn run_in_f32(&self, kind: AdaptivePoolKind, input: &[f32], output: &mut [f32]) {
        match (kind, self.output_shape) {
            (AdaptivePoolKind::Average, [_, _, 1, 1]) => {
                means_in_f32(input, self.plane_len(), output);
            }
            _ => self.run(kind, input, output),
        }
    }

    fn planes(&self) -> usize {
        self.output_shape[0] * self.output_shape[1]
    }

    fn plane_len(&self) -> usize {
        self.input[0] * self.input[1]
    }

    fn iter(&self) -> impl Iterator<Item = (Range<usize>, Range<usize>)> {
        let cols = |rows: &Range<usize>| {
            let rows = rows.clone();
            self.cols
                .iter()
                .map(move |cols| (rows.clone(), cols.clone()))
        };
        self.rows.iter().flat_map(cols)
    }

    fn means<F: Real>(&self, pixels: &[F]) -> impl Iterator<Item = F> {
        self.iter().map(|(rows, cols)| {
            let count = (rows.len() * cols.len()) as f64;
            let row_sum = |row| {
                let row = &pixels[block(row, self.input[1])][cols.clone()];
                row.iter().map(|pixel| pixel.as_f64()).sum::<f64>()
            };
            F::of(rows.map(row_sum).sum::<f64>() / count)
        })
    }

    /// The adjoint of [`Regions::means`].
    fn spread<F: Real>(&self, d_output: &[F], d_pixels: &mut [F]) {
        for ((rows, cols), d_value) in self.iter().zip(d_output) {
            let share = F::of(d_value.as_f64() / (rows.len() * cols.len()) as f64);
            for row in rows {
                for d_pixel in &mut d_pixels[block(row, self.input[1])][cols.clone()] {
                    *d_pixel += share;
                }
            }
        }
    }

    /// The argmax of each region, the first of equal pixels.
    fn argmax<F: Real>(&self, pixels: &[F]) -> impl Iterator<Item = usize> {
        self.iter().map(|(rows, cols)| {
            let mut best = rows.start * self.input[1] + cols.start;
            for row in rows {
                for idx in row * self.input[1] + cols.start..row * self.input[1] + cols.end {
                    if pixels[idx] > pixels[best] || pixels[idx].is_nan() {
                        best = idx;
                    }
                }
            }
            best
        })
    }
}

fn regions(input: usize, output: usize) -> Vec<Range<usize>> {
    (0..output).map(|idx| region(input, output, idx)).collect()
}

/// The pixels of region `idx` along an axis of `input` pixels that is divided into `output`
/// regions.
pub(crate) fn region(input: usize, output: usize, idx: usize) -> Range<usize> {
    // In u64, because the product of two extents may exceed 32 bits.
    let (input, output, idx) = (input as u64, output as u64, idx as u64);
    let start = idx * input / output;
    let end = ((idx + 1) * input).div_ceil(output);
    start as usize..end as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use ndarray::array;

    fn options(kind: AdaptivePoolKind, size: [usize; 2]) -> AdaptivePool2dOptions {
        AdaptivePool2dOptions { kind, size }
    }

    #[test]
    fn regions_share_a_pixel_where_the_extents_do_not_divide() {
        assert_eq!(regions(5, 3), [0..2, 1..4, 3..5]);
        assert_eq!(regions(6, 3), [0..2, 2..4, 4..6]);
        assert_eq!(regions(1, 2), [0..1, 0..1]);
    }

    #[test]
    fn each_kind_pools_a_region() {
        let input = array![[[[1., 2., 6., 4., 0.]]]];
        let run = |kind| adaptive_pool2d(input.view(), &options(kind, [1, 3])).unwrap();
        let means = run(AdaptivePoolKind::Average);
        assert_eq!(means.output, array![[[[1.5, 4., 2.]]]]);
        assert_eq!(means.indices, None);
        let maxima = run(AdaptivePoolKind::Max);
        assert_eq!(maxima.output, array![[[[2., 6., 4.]]]]);
        assert_eq!(maxima.indices, Some(array![[[[1, 2, 3]]]]));
    }

    #[test]
    fn means_share_their_gradient_and_maxima_pass_it_to_the_argmax() {
        let input = array![[[[1., 2., 6., 4., 0.]]]];
        let d_output = array![[[[2., 30., 400.]]]];
        let run =
            |kind| adaptive_pool2d_backward(input.view(), d_output.view(), &options(kind, [1, 3]));
        assert_eq!(
            run(AdaptivePoolKind::Average).unwrap(),
            array![[[[1., 11., 10., 210., 200.]]]]
        );
        assert_eq!(
            run(AdaptivePoolKind::Max).unwrap(),
            array![[[[0., 2., 30., 400., 0.]]]]
        );
    }

    #[test]
    fn hostile_sizes_and_empty_inputs_are_refused() {
        let input = Array4::<f32>::zeros((1, 1, 2, 2));
        let run = |size| adaptive_pool2d(input.view(), &options(AdaptivePoolKind::Max, size));
        assert!(matches!(run([0, 1]), Err(Error::OutOfRange { .. })));
        assert!(matches!(
            run([1, usize::MAX]),
            Err(Error::OutOfRange { .. })
        ));
        assert!(matches!(run([1 << 20; 2]), Err(Error::TooLarge { .. })));
        let empty = Array4::<f32>::zeros((1, 1, 0, 2));
        assert!(adaptive_pool2d(empty.view(), &AdaptivePool2dOptions::default()).is_err());
    }
}
