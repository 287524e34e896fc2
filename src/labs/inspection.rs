//! How one output value came about: the window, the kernel, their products and sums.

use ndarray::{ArrayView2, ArrayView4};

use crate::error::{Axis, Error, Result};
use crate::ops::activation::Activation;
use crate::ops::conv2d::Conv2dOptions;
use crate::render::cells::{Cells, cells, grey_cells};
use crate::render::color::Theme;
use crate::window::Window;

/// One output value of a convolution, taken apart.
///
/// The grids have the kernel's shape, row-major. The sums are taken in the order of
/// [`crate::ops::conv2d::conv2d_naive`], so `value` equals the output to the last bit.
#[derive(Clone, Debug)]
pub struct Inspection {
    /// Output position `[row, column]`.
    pub position: [usize; 2],
    /// Channel of the input.
    pub channel: usize,
    /// Kernel extent `[rows, columns]`.
    pub size: [usize; 2],
    /// Input row of each kernel row; negative or past the end in the padding.
    pub rows: Vec<isize>,
    /// Input column of each kernel column.
    pub cols: Vec<isize>,
    /// Input values under the window.
    pub window: Vec<f32>,
    /// Whether a value under the window lies in the padding.
    pub outside: Vec<bool>,
    /// Weights as they are applied, flipped if the options say so.
    pub kernel: Vec<f32>,
    /// `window` times `kernel`, cell by cell.
    pub products: Vec<f32>,
    /// Sum of the products up to and including each cell.
    pub partial_sums: Vec<f32>,
    /// Sum of all products.
    pub sum: f32,
    /// Added to the sum.
    pub bias: f32,
    /// `sum + bias`.
    pub before_relu: f32,
    /// The output value.
    pub value: f32,
}

impl Inspection {
    /// Takes the output at `position` apart.
    ///
    /// # Shapes
    /// `input` `[1, c, h, w]`; `kernel` `[kernel_h, kernel_w]`, applied to `channel` alone.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if `position` or `channel` lies outside; as [`Window::new`].
    pub fn new(
        input: ArrayView4<f32>,
        channel: usize,
        kernel: ArrayView2<f32>,
        bias: f32,
        relu: bool,
        options: &Conv2dOptions,
        position: [usize; 2],
    ) -> Result<Self> {
        let (_, channels, in_h, in_w) = input.dim();
        let size = [kernel.nrows(), kernel.ncols()];
        let window = options.window(size, [in_h, in_w])?;
        let output = window.output_size(OPERATOR, [in_h, in_w])?;
        check_index("channel", channel, channels)?;
        check_index("row", position[0], output[0])?;
        check_index("column", position[1], output[1])?;

        let rows = taps(&window, Axis::Height, position[0]);
        let cols = taps(&window, Axis::Width, position[1]);
        let mut inspection = Inspection {
            position,
            channel,
            size,
            window: Vec::new(),
            outside: Vec::new(),
            kernel: Vec::new(),
            products: Vec::new(),
            partial_sums: Vec::new(),
            sum: 0.0,
            bias,
            before_relu: 0.0,
            value: 0.0,
            rows,
            cols,
        };
        for (kernel_row, &row) in inspection.rows.iter().enumerate() {
            for (kernel_col, &col) in inspection.cols.iter().enumerate() {
                let mode = options.padding_mode;
                let source = mode.source(row, in_h).zip(mode.source(col, in_w));
                let value = source.map_or(0.0, |(row, col)| input[[0, channel, row, col]]);
                let weight = if options.flip_kernel {
                    kernel[[size[0] - 1 - kernel_row, size[1] - 1 - kernel_col]]
                } else {
                    kernel[[kernel_row, kernel_col]]
                };
                let inside = (0..in_h as isize).contains(&row) && (0..in_w as isize).contains(&col);
                inspection.sum += weight * value;
                inspection.window.push(value);
                inspection.outside.push(!inside);
                inspection.kernel.push(weight);
                inspection.products.push(weight * value);
                inspection.partial_sums.push(inspection.sum);
            }
        }
        inspection.before_relu = inspection.sum + bias;
        inspection.value = if relu {
            Activation::Relu.value(inspection.before_relu.into()) as f32
        } else {
            inspection.before_relu
        };
        Ok(inspection)
    }

    /// Colours of the three grids: the window as a photograph, kernel and products by sign.
    pub fn cells(&self, theme: Theme) -> [Cells; 3] {
        let wide = |values: &[f32]| {
            values
                .iter()
                .map(|&value| f64::from(value))
                .collect::<Vec<_>>()
        };
        [
            grey_cells(&wide(&self.window)),
            cells(&wide(&self.kernel), theme),
            cells(&wide(&self.products), theme),
        ]
    }
}

const OPERATOR: &str = "kernelLabInspect";

fn taps(window: &Window, axis: Axis, out_idx: usize) -> Vec<isize> {
    let start = (out_idx * window.stride[axis as usize]) as isize;
    let before = window.padding.along(axis)[0] as isize;
    (0..window.kernel[axis as usize])
        .map(|kernel_idx| start + (kernel_idx * window.dilation[axis as usize]) as isize - before)
        .collect()
}

fn check_index(argument: &'static str, got: usize, extent: usize) -> Result<()> {
    if got < extent {
        return Ok(());
    }
    let max = extent.saturating_sub(1) as f64;
    Err(Error::OutOfRange {
        operator: OPERATOR,
        argument,
        min: 0.0,
        max,
        got: got as f64,
    })
}
