//! How one output value is computed: products per channel, their sums, and the sum of those.

use ndarray::ArrayView4;

use super::spec::{CHANNELS, ChannelsLabSpec};
use crate::error::{Axis, Result};
use crate::labs::shared::{check_index, inspection_cells};
use crate::ops::activation::Activation;
use crate::render::cells::Cells;
use crate::render::color::Theme;

/// How one value of a feature map is computed.
///
/// Products are taken channel by channel and row by row, in the order of
/// [`crate::ops::conv2d::conv2d_naive`], so `value` is bit-identical to the map's.
#[derive(Clone, Debug)]
pub struct Inspection {
    /// Output position `[row, column]`.
    pub position: [usize; 2],
    /// Kernel extent `[rows, columns]`.
    pub size: [usize; 2],
    /// Input row under each kernel row; negative or past the end in the padding.
    pub rows: Vec<isize>,
    /// Input column under each kernel column.
    pub cols: Vec<isize>,
    /// For each cell of the window, whether it lies in the padding.
    pub outside: Vec<bool>,
    /// What each channel contributes.
    pub channels: Vec<ChannelPart>,
    /// Running sum of the products of all channels, up to and including each.
    pub partial_sums: Vec<f32>,
    /// Sum of all products.
    pub sum: f32,
    /// The bias, as `f32`.
    pub bias: f32,
    /// `sum + bias`.
    pub before_activation: f32,
    /// The value of the feature map.
    pub value: f32,
    /// The input's red, green and blue in the middle of the window; `None` in the padding.
    pub color: Option<[f32; CHANNELS]>,
}

/// What one channel contributes to an output value; grids are row-major, of the kernel's shape.
#[derive(Clone, Debug)]
pub struct ChannelPart {
    /// Input values under the window, 0 in the padding.
    pub window: Vec<f32>,
    /// The kernel's weights.
    pub kernel: Vec<f32>,
    /// `window` times `kernel`, element by element.
    pub products: Vec<f32>,
    /// The channel's own result: the sum of its products.
    pub sum: f32,
}

impl Inspection {
    /// Explains the value at `position` `[row, column]` of the map of `filter`.
    ///
    /// # Shapes
    /// `input` `[1, 3, h, w]`. The cost is that of one window, whatever the input's size.
    ///
    /// # Errors
    /// [`crate::error::Error::OutOfRange`] if `position` or `filter` is out of range; as
    /// [`ChannelsLabSpec::window`].
    pub fn new(
        input: ArrayView4<f32>,
        spec: &ChannelsLabSpec,
        filter: usize,
        position: [usize; 2],
    ) -> Result<Self> {
        let (_, _, in_h, in_w) = input.dim();
        let window = spec.window([in_h, in_w])?;
        let output = window.output_size(OPERATOR, [in_h, in_w])?;
        check_index(OPERATOR, "filter", filter, spec.filters.len())?;
        check_index(OPERATOR, "row", position[0], output[0])?;
        check_index(OPERATOR, "column", position[1], output[1])?;

        let rows = window.taps(Axis::Height, position[0]);
        let cols = window.taps(Axis::Width, position[1]);
        let source = |row: isize, col: isize| {
            let mode = spec.conv.padding_mode;
            mode.source(row, in_h).zip(mode.source(col, in_w))
        };
        let taps = || {
            rows.iter()
                .flat_map(|&row| cols.iter().map(move |&col| (row, col)))
        };
        let mut sum = 0.0_f32;
        let mut partial_sums = Vec::new();
        let channels = (0..CHANNELS).map(|channel| {
            let values = taps().map(|(row, col)| {
                source(row, col).map_or(0.0, |(row, col)| input[[0, channel, row, col]])
            });
            let window = values.collect::<Vec<f32>>();
            let kernel = spec.filters[filter].kernels[channel].iter();
            let kernel = kernel.map(|&weight| weight as f32).collect::<Vec<_>>();
            let products = kernel
                .iter()
                .zip(&window)
                .map(|(weight, value)| weight * value);
            let products = products.collect::<Vec<f32>>();
            for &product in &products {
                sum += product;
                partial_sums.push(sum);
            }
            ChannelPart {
                window,
                kernel,
                sum: products.iter().sum(),
                products,
            }
        });
        let channels = channels.collect();
        let bias = spec.filters[filter].bias as f32;
        let before_activation = sum + bias;
        let middle = source(rows[rows.len() / 2], cols[cols.len() / 2]);
        Ok(Inspection {
            position,
            size: window.kernel,
            outside: taps()
                .map(|(row, col)| source(row, col).is_none())
                .collect(),
            channels,
            partial_sums,
            sum,
            bias,
            before_activation,
            value: if spec.relu {
                Activation::Relu.value(before_activation.into()) as f32
            } else {
                before_activation
            },
            color: middle.map(|(row, col)| [0, 1, 2].map(|channel| input[[0, channel, row, col]])),
            rows,
            cols,
        })
    }
}

impl ChannelPart {
    /// Colours of the three grids: the window as a photograph, kernel and products by sign.
    pub fn cells(&self, theme: Theme) -> [Cells; 3] {
        inspection_cells([&self.window, &self.kernel, &self.products], theme)
    }
}

const OPERATOR: &str = "channelsLabInspect";
