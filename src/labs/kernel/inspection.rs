//! How one output value is computed: the window, the kernel, their products and sums.

use ndarray::ArrayView4;

use crate::error::{Axis, Result};
use crate::labs::kernel::KernelLabSpec;
use crate::labs::shared::{check_index, inspection_cells};
use crate::ops::activation::Activation;
use crate::render::cells::Cells;
use crate::render::color::Theme;
use crate::window::Window;

/// How one output value of a convolution is computed.
///
/// The grids have the kernel's shape, row-major. Sums are taken in the order of
/// [`crate::ops::conv2d::conv2d_naive`], so `value` is bit-identical to the output.
#[derive(Clone, Debug)]
pub struct Inspection {
    /// Output position `[row, column]`.
    pub position: [usize; 2],
    /// Channel of the input.
    pub channel: usize,
    /// Kernel extent `[rows, columns]`.
    pub size: [usize; 2],
    /// Input row under each kernel row; negative or past the end in the padding.
    pub rows: Vec<isize>,
    /// Input column under each kernel column.
    pub cols: Vec<isize>,
    /// Input values under the window.
    pub window: Vec<f32>,
    /// For each value under the window, whether it lies in the padding.
    pub outside: Vec<bool>,
    /// Weights as applied, flipped if the options say so.
    pub kernel: Vec<f32>,
    /// `window` times `kernel`, element by element.
    pub products: Vec<f32>,
    /// Running sum of the products, up to and including each cell.
    pub partial_sums: Vec<f32>,
    /// Sum of all products.
    pub sum: f32,
    /// The bias, as `f32`.
    pub bias: f32,
    /// `sum + bias`.
    pub before_relu: f32,
    /// The output value.
    pub value: f32,
}

impl Inspection {
    /// Explains the output of `spec` at `position` `[row, column]` of `channel`.
    ///
    /// # Shapes
    /// `input` `[1, c, h, w]`. The cost is that of one window, whatever the input's size.
    ///
    /// # Errors
    /// [`crate::error::Error::OutOfRange`] if `position` or `channel` is out of range; as
    /// [`KernelLabSpec::window`].
    pub fn new(
        input: ArrayView4<f32>,
        spec: &KernelLabSpec,
        position: [usize; 2],
        channel: usize,
    ) -> Result<Self> {
        let (_, channels, in_h, in_w) = input.dim();
        let window = spec.window([in_h, in_w])?;
        let output = window.output_size(OPERATOR, [in_h, in_w])?;
        check_index(OPERATOR, "channel", channel, channels)?;
        check_index(OPERATOR, "row", position[0], output[0])?;
        check_index(OPERATOR, "column", position[1], output[1])?;

        let Window { kernel: size, .. } = window;
        let kernel = spec.weights();
        let rows = window.taps(Axis::Height, position[0]);
        let cols = window.taps(Axis::Width, position[1]);
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
            bias: spec.bias as f32,
            before_relu: 0.0,
            value: 0.0,
            rows,
            cols,
        };
        for (kernel_row, &row) in inspection.rows.iter().enumerate() {
            for (kernel_col, &col) in inspection.cols.iter().enumerate() {
                let mode = spec.conv.padding_mode;
                let source = mode.source(row, in_h).zip(mode.source(col, in_w));
                let value = source.map_or(0.0, |(row, col)| input[[0, channel, row, col]]);
                let weight = if spec.conv.flip_kernel {
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
        inspection.before_relu = inspection.sum + inspection.bias;
        inspection.value = if spec.relu {
            Activation::Relu.value(inspection.before_relu.into()) as f32
        } else {
            inspection.before_relu
        };
        Ok(inspection)
    }

    /// Colours of the three grids: the window as a photograph, kernel and products by sign.
    pub fn cells(&self, theme: Theme) -> [Cells; 3] {
        inspection_cells([&self.window, &self.kernel, &self.products], theme)
    }
}

const OPERATOR: &str = "kernelLabInspect";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::labs::kernel::KernelLab;
    use crate::labs::shared::testing::{cases, noise, plain};
    use crate::ops::pad2d::{Pad2dOptions, pad2d};
    use crate::window::{Padding, PaddingMode};
    use ndarray::{Array2, array};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_parts_make_up_every_output_value_to_the_last_bit((picture, spec) in cases()) {
            let input = picture.to_tensor(spec.color);
            let Ok(output) = spec.run(input.view()) else { return Ok(()) };
            for ((_, channel, row, col), value) in output.indexed_iter() {
                let parts = Inspection::new(input.view(), &spec, [row, col], channel).unwrap();
                prop_assert_eq!(parts.value.to_bits(), value.to_bits());
                let mut sum = 0.0_f32;
                for (tap, partial_sum) in parts.partial_sums.iter().enumerate() {
                    prop_assert_eq!(parts.products[tap], parts.kernel[tap] * parts.window[tap]);
                    sum += parts.products[tap];
                    prop_assert_eq!(partial_sum.to_bits(), sum.to_bits());
                }
                prop_assert_eq!(parts.sum.to_bits(), sum.to_bits());
                prop_assert_eq!(parts.before_relu, parts.sum + spec.bias as f32);
                prop_assert!(!spec.relu || parts.value >= 0.0);
            }
        }

        #[test]
        fn the_window_lies_on_the_padded_input((picture, spec) in cases()) {
            let input = picture.to_tensor(spec.color);
            let (_, channels, in_h, in_w) = input.dim();
            let Ok(window) = spec.window([in_h, in_w]) else { return Ok(()) };
            let mode = spec.conv.padding_mode;
            let options = Pad2dOptions { padding: window.padding, mode, value: 0.0 };
            let padded = pad2d(input.view(), &options).unwrap();
            let [out_h, out_w] = window.output_size("test", [in_h, in_w]).unwrap();
            for (row, col) in (0..out_h).flat_map(|row| (0..out_w).map(move |col| (row, col))) {
                let parts = Inspection::new(input.view(), &spec, [row, col], channels - 1).unwrap();
                let seen = Array2::from_shape_fn((parts.size[0], parts.size[1]), |(tap_row, tap_col)| {
                    let row = row * window.stride[0] + tap_row * window.dilation[0];
                    let col = col * window.stride[1] + tap_col * window.dilation[1];
                    let sides = window.padding;
                    let inside = (sides.top..sides.top + in_h).contains(&row)
                        && (sides.left..sides.left + in_w).contains(&col);
                    (padded[[0, channels - 1, row, col]], !inside)
                });
                let shown = parts.window.iter().copied().zip(parts.outside.iter().copied());
                prop_assert!(seen.iter().copied().eq(shown));
            }
        }

        #[test]
        fn what_has_no_output_has_no_parts((picture, spec) in cases()) {
            let lab = KernelLab::new(picture);
            let refused = lab.output(&spec).err();
            prop_assert_eq!(lab.inspect(&spec, &[[0, 0]], 0).err(), refused);
        }
    }

    #[test]
    fn the_kernel_is_shown_as_it_is_applied() {
        let input = noise(2, 3).to_tensor(crate::data::picture::ColorMode::Grey);
        let mut spec = plain(array![[1.0, 2.0], [3.0, 4.0]]);
        let kernel = |spec: &KernelLabSpec| {
            let parts = Inspection::new(input.view(), spec, [0, 0], 0).unwrap();
            parts.kernel
        };
        assert_eq!(kernel(&spec), [1.0, 2.0, 3.0, 4.0]);
        spec.conv.flip_kernel = true;
        assert_eq!(kernel(&spec), [4.0, 3.0, 2.0, 1.0]);
    }

    #[test]
    fn positions_and_channels_outside_are_named() {
        let lab = KernelLab::new(noise(4, 5));
        let spec = plain(array![[1.0, 1.0]]);
        for (position, channel, name, last) in [
            ([4, 0], 0, "row", 3.0),
            ([0, 4], 0, "column", 3.0),
            ([usize::MAX, 0], 0, "row", 3.0),
            ([0, 0], 1, "channel", 0.0),
        ] {
            assert!(matches!(
                lab.inspect(&spec, &[position], channel),
                Err(Error::OutOfRange { argument, max, .. }) if argument == name && max == last
            ));
        }
    }

    #[test]
    fn a_mirror_that_does_not_reach_is_refused() {
        let lab = KernelLab::new(noise(2, 2));
        let mut spec = plain(Array2::ones((7, 7)));
        spec.conv.padding = Padding::Same;
        spec.conv.padding_mode = PaddingMode::Reflect;
        assert!(matches!(
            lab.inspect(&spec, &[[0, 0]], 0),
            Err(Error::PaddingTooLarge { .. })
        ));
    }
}
