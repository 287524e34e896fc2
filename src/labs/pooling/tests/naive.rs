//! Each method by its definition: one output after the other, in `f64`, without any operator.

use ndarray::{Array3, ArrayView3};

use crate::labs::pooling::{Method, Slide, StridedKernel};
use crate::ops::adaptive_pool2d::AdaptivePoolKind;
use crate::window::{Padding, Sides};

/// The output of `method` for `input` `[c, h, w]`, which the method must accept.
pub(super) fn pooled(method: Method, slide: &Slide, input: ArrayView3<f64>) -> Array3<f64> {
    let (channels, height, width) = input.dim();
    match method {
        Method::Global { kind } => pooled(Method::Adaptive { kind, size: [1, 1] }, slide, input),
        Method::Adaptive { kind, size } => {
            Array3::from_shape_fn((channels, size[0], size[1]), |(channel, row, col)| {
                let part = |idx: usize, extent: usize, parts: usize| {
                    let first = (idx as f64 * extent as f64 / parts as f64).floor() as usize;
                    let last = ((idx + 1) as f64 * extent as f64 / parts as f64).ceil() as usize;
                    first..last
                };
                let mut seen = Vec::new();
                for row in part(row, height, size[0]) {
                    for col in part(col, width, size[1]) {
                        seen.push(input[[channel, row, col]]);
                    }
                }
                match kind {
                    AdaptivePoolKind::Max => seen.into_iter().fold(f64::MIN, f64::max),
                    AdaptivePoolKind::Average => seen.iter().sum::<f64>() / seen.len() as f64,
                }
            })
        }
        Method::MaxBlur { taps } => {
            let dense = Slide {
                stride: [1, 1],
                ceil_mode: false,
                ..*slide
            };
            let maxima = pooled(Method::Max, &dense, input);
            pooled(Method::Blur { taps }, slide, maxima.view())
        }
        Method::Blur { taps } => blurred(taps, slide, input),
        _ => windowed(method, slide, input),
    }
}

fn windowed(method: Method, slide: &Slide, input: ArrayView3<f64>) -> Array3<f64> {
    let (channels, height, width) = input.dim();
    let ceil_mode = slide.ceil_mode && !matches!(method, Method::Strided(_));
    let rows = Sliding::new(slide, 0, height, ceil_mode);
    let cols = Sliding::new(slide, 1, width, ceil_mode);
    Array3::from_shape_fn(
        (channels, rows.outputs(), cols.outputs()),
        |(channel, row, col)| {
            // Pixels with their cell of the window, and the number of cells in the padded picture.
            let mut pixels = Vec::new();
            let mut cells = 0;
            for tap_row in 0..slide.size[0] {
                for tap_col in 0..slide.size[1] {
                    let (at_row, at_col) = (rows.at(row, tap_row), cols.at(col, tap_col));
                    let (Some(at_row), Some(at_col)) = (at_row, at_col) else {
                        continue;
                    };
                    cells += 1;
                    let is_pixel = |at: i64, extent: usize| at >= 0 && at < extent as i64;
                    if is_pixel(at_row, height) && is_pixel(at_col, width) {
                        let value = input[[channel, at_row as usize, at_col as usize]];
                        pixels.push((value, [tap_row, tap_col]));
                    }
                }
            }
            let values = pixels.iter().map(|(value, _)| *value);
            match method {
                Method::Max => values.fold(f64::MIN, f64::max),
                Method::Average { count_include_pad } => {
                    let count = if count_include_pad {
                        cells
                    } else {
                        pixels.len()
                    };
                    values.sum::<f64>() / count as f64
                }
                Method::Lp { p } => values.map(|value| value.powf(p)).sum::<f64>().powf(1.0 / p),
                Method::Strided(kernel) => pixels
                    .iter()
                    .map(|(value, [row, col])| value * weight(kernel, slide.size, [*row, *col]))
                    .sum(),
                _ => unreachable!("no window of this kind"),
            }
        },
    )
}

/// A window sliding along one axis.
struct Sliding {
    extent: i64,
    before: i64,
    after: i64,
    stride: i64,
    dilation: i64,
    covered: i64,
    ceil_mode: bool,
}

impl Sliding {
    fn new(slide: &Slide, axis: usize, extent: usize, ceil_mode: bool) -> Self {
        let covered = (slide.dilation[axis] * (slide.size[axis] - 1) + 1) as i64;
        let stride = slide.stride[axis] as i64;
        let [before, after] = match slide.padding {
            Padding::Valid => [0, 0],
            Padding::Full => [covered - 1; 2],
            Padding::Same => {
                let outputs = (extent as i64 + stride - 1) / stride;
                let total = ((outputs - 1) * stride + covered - extent as i64).max(0);
                [total / 2, total - total / 2]
            }
            Padding::Explicit(Sides {
                top,
                left,
                bottom,
                right,
            }) => [[top, bottom], [left, right]][axis].map(|side| side as i64),
        };
        Sliding {
            extent: extent as i64,
            before,
            after,
            stride,
            dilation: slide.dilation[axis] as i64,
            covered,
            ceil_mode,
        }
    }

    /// Counts windows as long as they lie in the padded picture. When rounding up, a window may
    /// extend past it by less than a stride, but must not start after the picture.
    fn outputs(&self) -> usize {
        let padded = self.before + self.extent + self.after;
        let mut outputs = 0;
        loop {
            let start = outputs * self.stride;
            let overhang = start + self.covered - padded;
            let fits = if self.ceil_mode {
                overhang < self.stride && start < self.before + self.extent
            } else {
                overhang <= 0
            };
            if !fits {
                return outputs as usize;
            }
            outputs += 1;
        }
    }

    /// The input index under a tap, from `-before` on; `None` past the padding.
    fn at(&self, output: usize, tap: usize) -> Option<i64> {
        let at = output as i64 * self.stride + tap as i64 * self.dilation - self.before;
        (at < self.extent + self.after).then_some(at)
    }
}

fn blurred(taps: usize, slide: &Slide, input: ArrayView3<f64>) -> Array3<f64> {
    let (channels, height, width) = input.dim();
    let [stride_h, stride_w] = slide.stride;
    let shape = (
        channels,
        height.div_ceil(stride_h),
        width.div_ceil(stride_w),
    );
    let mirrored = |at: i64, extent: usize| {
        let last = extent as i64 - 1;
        let at = at.abs();
        (if at > last { 2 * last - at } else { at }) as usize
    };
    Array3::from_shape_fn(shape, |(channel, row, col)| {
        let mut sum = 0.0;
        for tap_row in 0..taps {
            for tap_col in 0..taps {
                let before = (taps as i64 - 1) / 2;
                let at_row = mirrored((row * stride_h + tap_row) as i64 - before, height);
                let at_col = mirrored((col * stride_w + tap_col) as i64 - before, width);
                sum += choose(taps - 1, tap_row)
                    * choose(taps - 1, tap_col)
                    * input[[channel, at_row, at_col]];
            }
        }
        sum / 4.0_f64.powi(taps as i32 - 1)
    })
}

/// Binomial coefficients by Pascal's rule.
pub(super) fn choose(of: usize, taken: usize) -> f64 {
    if taken == 0 || taken == of {
        return 1.0;
    }
    choose(of - 1, taken - 1) + choose(of - 1, taken)
}

fn weight(kernel: StridedKernel, [rows, cols]: [usize; 2], [row, col]: [usize; 2]) -> f64 {
    match kernel {
        StridedKernel::Identity => {
            let middle = |extent: usize| extent.div_ceil(2) - 1;
            f64::from(u8::from([row, col] == [middle(rows), middle(cols)]))
        }
        StridedKernel::Box => 1.0 / (rows * cols) as f64,
        StridedKernel::Binomial => {
            choose(rows - 1, row) * choose(cols - 1, col) / 2.0_f64.powi((rows + cols) as i32 - 2)
        }
        // Random numbers are defined only by the generator.
        StridedKernel::Random { .. } => kernel.weights([rows, cols])[[row, col]],
    }
}
