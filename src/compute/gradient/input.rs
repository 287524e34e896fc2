//! The gradient of the input of a convolution.

use std::ops::Range;

use crate::compute::convolution::{Geometry, Rounding, convolution};
use crate::compute::convolve::run_batch;
use crate::compute::gemm::{Columns, Epilogue, PackedRows, TILE_N, multiply, scratch_len};
use crate::compute::layout::{area, block};
use crate::window::Sides;

/// Values of a product that are added to the input's gradient at a time: 128 KB, which fit into the
/// L2 cache.
const BLOCK: usize = 1 << 15;

/// The convolution of `d_output` with the kernels rotated by 180°, input and output channels
/// exchanged, which is the gradient at stride 1; `None` at others, and if the forward padding is
/// larger than the kernel's extent allows.
pub(super) fn rotated(geometry: &Geometry) -> Option<Geometry> {
    if geometry.stride != [1, 1] {
        return None;
    }
    let along = |axis: usize, before: usize| {
        let reach = (geometry.kernel[axis] - 1) * geometry.dilation[axis];
        let before = reach.checked_sub(before)?;
        // Input pixels after the last window, which no window covers, count too.
        let after = (geometry.input[axis] + reach).checked_sub(geometry.output[axis] + before)?;
        Some([before, after])
    };
    let [top, bottom] = along(0, geometry.padding.top)?;
    let [left, right] = along(1, geometry.padding.left)?;
    Some(Geometry {
        in_channels: geometry.out_channels,
        out_channels: geometry.in_channels,
        input: geometry.output,
        output: geometry.input,
        padding: Sides {
            top,
            left,
            bottom,
            right,
        },
        ..*geometry
    })
}

/// Computes the gradient as the convolution `rotated`.
pub(super) fn with_convolution(
    geometry: &Geometry,
    rotated: Geometry,
    d_output: &[f32],
    weights: &[f32],
    rounding: Rounding,
) -> Vec<f32> {
    let weights = rotated_weights(geometry, weights);
    let convolution = convolution(rotated, &weights, Epilogue::default(), rounding);
    let [_, output_len] = image_lens(geometry);
    let count = d_output.len() / output_len;
    run_batch(&*convolution, &rotated, count, d_output)
}

/// The weights `[in_channels, out_channels / groups, kernel rows, kernel columns]`, each kernel
/// rotated by 180°.
fn rotated_weights(geometry: &Geometry, weights: &[f32]) -> Vec<f32> {
    let cells = area(geometry.kernel);
    let (group_in, group_out) = (geometry.group_in(), geometry.group_out());
    let mut rotated = Vec::with_capacity(weights.len());
    for in_idx in 0..geometry.in_channels {
        let (group, in_idx) = (in_idx / group_in, in_idx % group_in);
        for out_idx in block(group, group_out) {
            let kernel = &weights[block(out_idx * group_in + in_idx, cells)];
            rotated.extend(kernel.iter().rev());
        }
    }
    rotated
}

/// Computes the gradient as the product of the transposed weights `[terms, out channels]` with
/// `d_output` `[out channels, positions]`, some rows of positions at a time; each column is added
/// to the pixels under its window (col2im). If every window is a pixel of its own, the product of all
/// positions is the gradient.
pub(super) fn with_gemm(geometry: &Geometry, d_output: &[f32], weights: &[f32]) -> Vec<f32> {
    let (terms, channels) = (geometry.terms(), geometry.group_out());
    let groups = weights.chunks_exact(channels * terms).map(|weights| {
        PackedRows::new(terms, channels, |term, channel| {
            weights[channel * terms + term]
        })
    });
    let groups = groups.collect::<Vec<_>>();
    let [out_h, out_w] = geometry.output;
    let is_pointwise = area(geometry.kernel) == 1 && geometry.input == geometry.output;
    let (rows_at_once, products_len) = match is_pointwise {
        true => (out_h, 0),
        false => {
            let rows = (BLOCK / (terms * out_w)).clamp(1, out_h);
            (rows, terms * rows * out_w)
        }
    };
    let columns = rows_at_once * out_w;
    let mut products = vec![0.0; products_len];
    let mut scratch = vec![0.0; scratch_len(channels, columns)];
    let [input_len, output_len] = image_lens(geometry);
    let (group_input, group_output) = (input_len / geometry.groups, output_len / geometry.groups);
    let images = d_output.len() / output_len;
    let mut d_input = vec![0.0; images * input_len];
    let planes = d_input.chunks_exact_mut(group_input);
    for (idx, (d_output, d_input)) in d_output.chunks_exact(group_output).zip(planes).enumerate() {
        for first_row in (0..out_h).step_by(rows_at_once) {
            let rows = first_row..out_h.min(first_row + rows_at_once);
            let part = Part {
                values: d_output,
                step: out_h * out_w,
                channels,
                columns: rows.start * out_w..rows.end * out_w,
            };
            let product = match is_pointwise {
                true => &mut *d_input,
                false => &mut products[..terms * part.n()],
            };
            let weights = &groups[idx % geometry.groups];
            multiply(weights, &part, product, &mut scratch, &Epilogue::default());
            if !is_pointwise {
                add_windows(geometry, &products[..terms * part.n()], rows, d_input);
            }
        }
    }
    d_input
}

/// Adds the products of each kernel cell with some `rows` of positions to the pixels under the
/// cell.
fn add_windows(geometry: &Geometry, products: &[f32], rows: Range<usize>, d_input: &mut [f32]) {
    let Geometry {
        input: [in_h, in_w],
        output: [_, out_w],
        kernel: [kernel_h, kernel_w],
        stride,
        dilation,
        padding,
        ..
    } = *geometry;
    let cols =
        (0..kernel_w).map(|col| inside(col * dilation[1], padding.left, stride[1], in_w, out_w));
    let cols = cols.collect::<Vec<_>>();
    let mut products = products.chunks_exact(rows.len() * out_w);
    for plane in d_input.chunks_exact_mut(in_h * in_w) {
        for kernel_row in 0..kernel_h {
            for (cols, in_col) in &cols {
                let Some(products) = products.next() else {
                    return;
                };
                for (row, products) in rows.clone().zip(products.chunks_exact(out_w)) {
                    let in_row = row * stride[0] + kernel_row * dilation[0];
                    let Some(in_row) = in_row.checked_sub(padding.top).filter(|row| *row < in_h)
                    else {
                        continue;
                    };
                    let pixels = &mut plane[in_row * in_w + in_col..][..in_w - in_col];
                    add_spread(pixels, stride[1], &products[cols.clone()]);
                }
            }
        }
    }
}

/// The positions along a row at which the kernel column at `offset` lies inside the input, and the
/// first such input column.
fn inside(
    offset: usize,
    padding: usize,
    stride: usize,
    in_w: usize,
    out_w: usize,
) -> (Range<usize>, usize) {
    let first = padding.saturating_sub(offset).div_ceil(stride);
    let end = (in_w + padding)
        .saturating_sub(offset)
        .div_ceil(stride)
        .min(out_w);
    if first >= end {
        return (0..0, 0);
    }
    (first..end, first * stride + offset - padding)
}

#[inline]
fn add_spread(pixels: &mut [f32], stride: usize, values: &[f32]) {
    if stride == 1 {
        for (pixel, value) in pixels.iter_mut().zip(values) {
            *pixel += value;
        }
    } else {
        for (pixel, value) in pixels.iter_mut().step_by(stride).zip(values) {
            *pixel += value;
        }
    }
}

/// Some columns of a row-major matrix `[channels, step]`.
struct Part<'a> {
    values: &'a [f32],
    step: usize,
    channels: usize,
    columns: Range<usize>,
}

impl Columns for Part<'_> {
    fn k(&self) -> usize {
        self.channels
    }

    fn n(&self) -> usize {
        self.columns.len()
    }

    fn pack(&self, terms: Range<usize>, columns: Range<usize>, to: &mut [[f32; TILE_N]]) {
        let panels = to.chunks_exact_mut(terms.len());
        for (first, panel) in columns.clone().step_by(TILE_N).zip(panels) {
            let width = TILE_N.min(columns.end - first);
            for (term, to) in terms.clone().zip(panel) {
                let from = &self.values[term * self.step + self.columns.start + first..];
                match from.first_chunk() {
                    Some(from) => *to = *from,
                    // At the very end of the matrix.
                    None => to[..width].copy_from_slice(&from[..width]),
                }
            }
        }
    }
}

/// Number of values in an input image and in an output image.
fn image_lens(geometry: &Geometry) -> [usize; 2] {
    [
        geometry.in_channels * area(geometry.input),
        geometry.out_channels * area(geometry.output),
    ]
}
