//! Direct correlation of one plane, a whole output row at a time.
//!
//! Each tap adds `weight * input row` to an output row. The inner loop runs along the row, where
//! neighbouring pixels are neighbours in memory, so the compiler turns it into SIMD; and every
//! output still sums its taps in the order of the naive reference, so both agree to the last bit.

/// One channel of a padded input and the step of the window over it.
pub(crate) struct Plane<'a> {
    /// Values in row-major order.
    pub values: &'a [f32],
    /// Length of a row.
    pub width: usize,
    /// `[rows, columns]`
    pub stride: [usize; 2],
    /// `[rows, columns]`
    pub dilation: [usize; 2],
}

/// Adds the correlation of `plane` with `kernel` to `output`.
///
/// # Shapes
/// `kernel` is `kernel_w` columns wide, `output` `out_w`, both row-major; the caller has checked
/// that the window fits at every output position.
pub(crate) fn correlate_into(
    output: &mut [f32],
    out_w: usize,
    plane: &Plane,
    kernel: &[f32],
    kernel_w: usize,
) {
    for (out_row_idx, out_row) in output.chunks_exact_mut(out_w).enumerate() {
        for (kernel_row_idx, kernel_row) in kernel.chunks_exact(kernel_w).enumerate() {
            let in_row_idx = out_row_idx * plane.stride[0] + kernel_row_idx * plane.dilation[0];
            let in_row = &plane.values[in_row_idx * plane.width..][..plane.width];
            for (kernel_col_idx, &weight) in kernel_row.iter().enumerate() {
                let taps = &in_row[kernel_col_idx * plane.dilation[1]..];
                add_scaled(out_row, taps, plane.stride[1], weight);
            }
        }
    }
}

fn add_scaled(out_row: &mut [f32], taps: &[f32], stride: usize, weight: f32) {
    if stride == 1 {
        for (out, tap) in out_row.iter_mut().zip(taps) {
            *out += weight * tap;
        }
    } else {
        for (out, tap) in out_row.iter_mut().zip(taps.iter().step_by(stride)) {
            *out += weight * tap;
        }
    }
}
