//! Resizing by nearest or bilinear interpolation.

use ndarray::{Array4, ArrayView4};

use crate::compute::check_budget;
use crate::compute::layout::{block, row_major};
use crate::error::{Error, Result};
use crate::math::arrays::shaped;
use crate::math::real::Real;
use crate::ops::shape::check_shape;
use crate::window::{OPERATOR_EXTENT_LIMIT, check_extents};

const OPERATOR: &str = "resize2d";

/// How values between pixels are interpolated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ResizeKind {
    /// The pixel at floor(position · input extent / output extent): PyTorch's and TensorFlow 1's
    /// `nearest`, ONNX's with `asymmetric` coordinates and `floor`.
    #[default]
    Nearest,
    /// A weighted mean of the four surrounding pixels.
    Bilinear {
        /// Whether the centres of the corner pixels are aligned; if not, the outer edges of the
        /// corner pixels are (ONNX: `align_corners` or `half_pixel`).
        align_corners: bool,
    },
}

/// The size of the result.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ResizeTarget {
    /// Output extents `[rows, columns]`.
    Size([usize; 2]),
    /// Factors `[rows, columns]`: output extent = floor(input extent · factor). Positions are
    /// divided by the factor itself, not by the ratio of the extents, as in PyTorch.
    Scale([f64; 2]),
}

/// The default doubles the extents and repeats pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resize2dOptions {
    /// How values between pixels are interpolated.
    pub kind: ResizeKind,
    /// The size of the result.
    pub target: ResizeTarget,
}

impl Default for Resize2dOptions {
    fn default() -> Self {
        Resize2dOptions {
            kind: ResizeKind::Nearest,
            target: ResizeTarget::Scale([2.0, 2.0]),
        }
    }
}

/// Resamples each channel of `input`, without low-pass filtering, so downscaling may alias.
///
/// # Shapes
/// `input` `[n, c, in_h, in_w]`; returns `[n, c, out_h, out_w]`, extents from the target.
///
/// # Errors
/// [`Error::OutOfRange`] for an empty input, and for a target that is empty, too large or not a
/// number; [`Error::TooLarge`] beyond the memory budget.
///
/// # Source
/// PyTorch's `torch.nn.functional.interpolate`.
pub fn resize2d<F: Real>(input: ArrayView4<F>, options: &Resize2dOptions) -> Result<Array4<F>> {
    let plan = Plan::new(OPERATOR, input, options)?;
    let values = row_major(input);
    let mut output = Vec::with_capacity(plan.output_shape.iter().product());
    let mut blended = vec![F::zero(); plan.in_w];
    for idx in 0..plan.planes() {
        let pixels = &values[block(idx, plan.in_len())];
        for row in &plan.rows {
            let [low, high] = [row.low, row.high].map(|idx| &pixels[block(idx, plan.in_w)]);
            for ((blended, &low), &high) in blended.iter_mut().zip(low).zip(high) {
                *blended = row.blend(low, high);
            }
            let cols = plan.cols.iter();
            output.extend(cols.map(|col| col.blend(blended[col.low], blended[col.high])));
        }
    }
    Ok(shaped(plan.output_shape, output))
}

/// Gradient of a loss with respect to the input of [`resize2d`], from `d_output`, its gradient with
/// respect to the output.
///
/// # Shapes
/// `input` as in [`resize2d`] (only its shape matters), `d_output` as its output; returns the shape
/// of `input`.
///
/// # Errors
/// As [`resize2d`], and [`Error::ShapeMismatch`] if `d_output` is not shaped like the output.
pub fn resize2d_backward<F: Real>(
    input: ArrayView4<F>,
    d_output: ArrayView4<F>,
    options: &Resize2dOptions,
) -> Result<Array4<F>> {
    let operator = "resize2dBackward";
    let plan = Plan::new(operator, input, options)?;
    check_shape(operator, "dOutput", &plan.output_shape, d_output.shape())?;
    let d_values = row_major(d_output);
    let mut d_input = vec![F::zero(); input.len()];
    let mut d_blended = vec![F::zero(); plan.in_w];
    for idx in 0..plan.planes() {
        let d_pixels = &mut d_input[block(idx, plan.in_len())];
        for (row_idx, row) in plan.rows.iter().enumerate() {
            let d_row = &d_values[block(idx * plan.rows.len() + row_idx, plan.cols.len())];
            d_blended.fill(F::zero());
            for (col, &d_value) in plan.cols.iter().zip(d_row) {
                d_blended[col.low] += d_value * col.low_weight();
                d_blended[col.high] += d_value * col.high_weight();
            }
            let ends: [(usize, F); 2] =
                [(row.low, row.low_weight()), (row.high, row.high_weight())];
            for (from, weight) in ends {
                let d_pixels = d_pixels[block(from, plan.in_w)].iter_mut();
                for (d_pixel, &d_value) in d_pixels.zip(&d_blended) {
                    *d_pixel += weight * d_value;
                }
            }
        }
    }
    Ok(shaped(input.dim(), d_input))
}

/// The input rows and columns that every output row and column is interpolated from.
struct Plan {
    output_shape: [usize; 4],
    in_h: usize,
    in_w: usize,
    rows: Vec<Blend>,
    cols: Vec<Blend>,
}

impl Plan {
    fn new<F>(
        operator: &'static str,
        input: ArrayView4<F>,
        options: &Resize2dOptions,
    ) -> Result<Self> {
        let (n, c, in_h, in_w) = input.dim();
        let extents = [in_h, in_w];
        check_extents(operator, "input", &extents, 1)?;
        let [(out_h, row_scale), (out_w, col_scale)] = match options.target {
            ResizeTarget::Size(size) => {
                check_extents(operator, "size", &size, 1)?;
                [0, 1].map(|axis| (size[axis], [extents[axis] as f64, size[axis] as f64]))
            }
            ResizeTarget::Scale(scale) => {
                let axis = |axis: usize| {
                    let scaled = (extents[axis] as f64 * scale[axis]).floor();
                    if !(1.0..=OPERATOR_EXTENT_LIMIT as f64).contains(&scaled) {
                        return Err(Error::OutOfRange {
                            operator,
                            argument: "scale",
                            min: 1.0 / extents[axis] as f64,
                            max: OPERATOR_EXTENT_LIMIT as f64 / extents[axis] as f64,
                            got: scale[axis],
                        });
                    }
                    Ok((scaled as usize, [1.0, scale[axis]]))
                };
                [axis(0)?, axis(1)?]
            }
        };
        let output_shape = [n, c, out_h, out_w];
        // Each [`Blend`] takes as much memory as six `f32`.
        check_budget(
            operator,
            &[input.shape(), &output_shape, &[out_h, 6], &[out_w, 6]],
        )?;
        Ok(Plan {
            output_shape,
            in_h,
            in_w,
            rows: blends(options.kind, in_h, out_h, row_scale),
            cols: blends(options.kind, in_w, out_w, col_scale),
        })
    }

    fn planes(&self) -> usize {
        self.output_shape[0] * self.output_shape[1]
    }

    fn in_len(&self) -> usize {
        self.in_h * self.in_w
    }
}

/// A position between two neighbouring pixels of an axis.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Blend {
    low: usize,
    high: usize,
    /// Distance from `low`, 0 to 1.
    fraction: f64,
}

impl Blend {
    /// Interpolates. If the high value has weight 0 it is not read, because it may be infinite.
    fn blend<F: Real>(&self, low: F, high: F) -> F {
        if self.fraction == 0.0 {
            low
        } else {
            low * self.low_weight() + high * self.high_weight()
        }
    }

    fn low_weight<F: Real>(&self) -> F {
        F::of(1.0 - self.fraction)
    }

    fn high_weight<F: Real>(&self) -> F {
        F::of(self.fraction)
    }
}

/// For each output index, the input position that it is interpolated from. `from` input pixels
/// become `to` output pixels; the ratio is kept as two numbers so that integer positions come out
/// as integers.
fn blends(kind: ResizeKind, input: usize, output: usize, [from, to]: [f64; 2]) -> Vec<Blend> {
    let last = input - 1;
    let position = |idx: usize| {
        let idx = idx as f64;
        match kind {
            ResizeKind::Nearest => (idx * from / to).floor(),
            ResizeKind::Bilinear {
                align_corners: true,
            } if output > 1 => idx * last as f64 / (output - 1) as f64,
            ResizeKind::Bilinear {
                align_corners: true,
            } => 0.0,
            ResizeKind::Bilinear {
                align_corners: false,
            } => ((idx + 0.5) * from / to - 0.5).max(0.0),
        }
    };
    (0..output)
        .map(|idx| {
            let position = position(idx);
            let low = (position as usize).min(last);
            Blend {
                low,
                high: (low + 1).min(last),
                fraction: if low == last {
                    0.0
                } else {
                    position - low as f64
                },
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn run(kind: ResizeKind, width: usize) -> Vec<f64> {
        let input = array![[[[0., 10., 20.]]]];
        let options = Resize2dOptions {
            kind,
            target: ResizeTarget::Size([1, width]),
        };
        resize2d(input.view(), &options)
            .unwrap()
            .into_raw_vec_and_offset()
            .0
    }

    #[test]
    fn nearest_takes_the_pixel_before() {
        assert_eq!(run(ResizeKind::Nearest, 6), [0., 0., 10., 10., 20., 20.]);
        assert_eq!(run(ResizeKind::Nearest, 4), [0., 0., 10., 20.]);
        assert_eq!(run(ResizeKind::Nearest, 2), [0., 10.]);
    }

    #[test]
    fn bilinear_keeps_the_corners_of_the_pixels_or_their_centers() {
        let corners = ResizeKind::Bilinear {
            align_corners: false,
        };
        assert_eq!(run(corners, 6), [0., 2.5, 7.5, 12.5, 17.5, 20.]);
        let centers = ResizeKind::Bilinear {
            align_corners: true,
        };
        assert_eq!(run(centers, 5), [0., 5., 10., 15., 20.]);
        assert_eq!(run(centers, 1), [0.]);
    }

    #[test]
    fn an_integer_position_is_that_pixel_at_every_size() {
        for input in 1..40 {
            for factor in 1..30 {
                let got = blends(
                    ResizeKind::Nearest,
                    input,
                    input * factor,
                    [input as f64, (input * factor) as f64],
                );
                let expected = (0..input * factor).map(|idx| idx / factor);
                assert!(got.iter().map(|blend| blend.low).eq(expected));
            }
        }
    }

    #[test]
    fn infinite_pixels_do_not_spoil_their_neighbors() {
        let input = array![[[[1.0, f32::INFINITY], [2.0, 3.0]]]];
        let output = resize2d(input.view(), &Resize2dOptions::default()).unwrap();
        assert!(output.iter().all(|value| !value.is_nan()));
    }

    #[test]
    fn bad_targets_are_refused() {
        let input = Array4::<f32>::zeros((1, 1, 2, 2));
        let run = |target| {
            let kind = ResizeKind::Nearest;
            resize2d(input.view(), &Resize2dOptions { kind, target })
        };
        for scale in [0.0, -1.0, 0.4, f64::NAN, f64::INFINITY, 1e300] {
            let refused = run(ResizeTarget::Scale([1.0, scale]));
            assert!(matches!(
                refused,
                Err(Error::OutOfRange {
                    argument: "scale",
                    ..
                })
            ));
        }
        for size in [[0, 1], [1, usize::MAX]] {
            let refused = run(ResizeTarget::Size(size));
            assert!(matches!(
                refused,
                Err(Error::OutOfRange {
                    argument: "size",
                    ..
                })
            ));
        }
        let refused = run(ResizeTarget::Size([1 << 20; 2]));
        assert!(matches!(refused, Err(Error::TooLarge { .. })));
        let empty = Array4::<f32>::zeros((1, 1, 0, 2));
        assert!(resize2d(empty.view(), &Resize2dOptions::default()).is_err());
    }
}
