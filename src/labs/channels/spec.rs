//! The filters of the lab and how they slide.

use ndarray::{Array1, Array4, ArrayView4};

use crate::error::{Error, Result, check_range};
use crate::kernel::Kernel;
use crate::ops::activation::Activation;
use crate::ops::conv2d::{Conv2dOptions, conv2d};
use crate::render::color::Theme;
use crate::window::{Window, check_padding};

/// Channels of a picture: red, green, blue.
pub const CHANNELS: usize = 3;

/// Filters at most.
pub const FILTER_LIMIT: usize = 16;

/// A stack of kernels, one per input channel, and a bias.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    /// One kernel per input channel, all of one size.
    pub kernels: Vec<Kernel>,
    /// Added to every output value.
    pub bias: f64,
}

/// Everything that determines the feature maps of a picture.
#[derive(Clone, Debug)]
pub struct ChannelsLabSpec {
    /// One per feature map, 1 to [`FILTER_LIMIT`], whose kernels are of one size.
    pub filters: Vec<Filter>,
    /// How they slide; `groups` is 1.
    pub conv: Conv2dOptions,
    /// Whether negative outputs become 0.
    pub relu: bool,
    /// Whether zero is near white or near black.
    pub theme: Theme,
}

impl Filter {
    /// Kernel extent `[rows, columns]`.
    pub fn size(&self) -> [usize; 2] {
        self.kernels
            .first()
            .map_or([0; 2], |kernel| [kernel.nrows(), kernel.ncols()])
    }
}

impl ChannelsLabSpec {
    /// Kernel extent `[rows, columns]`.
    pub fn size(&self) -> [usize; 2] {
        self.filters.first().map_or([0; 2], Filter::size)
    }

    /// The weights `[filters, 3, kernel_h, kernel_w]`, as `f32`.
    pub fn weights(&self) -> Array4<f32> {
        let [height, width] = self.size();
        let shape = (self.filters.len(), CHANNELS, height, width);
        Array4::from_shape_fn(shape, |(filter, channel, row, col)| {
            self.filters[filter].kernels[channel][[row, col]] as f32
        })
    }

    /// The biases `[filters]`, as `f32`.
    pub fn bias(&self) -> Array1<f32> {
        self.filters
            .iter()
            .map(|filter| filter.bias as f32)
            .collect()
    }

    /// The same with one filter alone.
    pub fn alone(&self, filter: usize) -> ChannelsLabSpec {
        ChannelsLabSpec {
            filters: vec![self.filters[filter].clone()],
            ..self.clone()
        }
    }

    /// The window over an input of `input` `[rows, columns]`, after checking that it fits.
    ///
    /// # Errors
    /// As [`conv2d`].
    pub fn window(&self, input: [usize; 2]) -> Result<Window> {
        const OPERATOR: &str = "conv2d";
        let window = self.conv.window(self.size(), input)?;
        window.output_size(OPERATOR, input)?;
        check_padding(OPERATOR, self.conv.padding_mode, window.padding, input)?;
        Ok(window)
    }

    /// The feature maps of `input` `[1, 3, h, w]`: `[1, filters, out_h, out_w]`.
    ///
    /// # Errors
    /// As [`conv2d`].
    pub fn run(&self, input: ArrayView4<f32>) -> Result<Array4<f32>> {
        let (weights, bias) = (self.weights(), self.bias());
        let mut maps = conv2d(input, weights.view(), Some(bias.view()), &self.conv)?;
        self.activate(&mut maps);
        Ok(maps)
    }

    /// What each channel of `input` gives by itself under `filter`: `[1, 3, out_h, out_w]`, without
    /// bias and activation.
    ///
    /// # Errors
    /// As [`conv2d`].
    pub fn results(&self, input: ArrayView4<f32>, filter: usize) -> Result<Array4<f32>> {
        let weights = self.alone(filter).weights().permuted_axes([1, 0, 2, 3]);
        let options = Conv2dOptions {
            groups: CHANNELS,
            ..self.conv
        };
        conv2d(input, weights.view(), None, &options)
    }

    pub(super) fn activate(&self, maps: &mut Array4<f32>) {
        if self.relu {
            maps.mapv_inplace(|value| Activation::Relu.value(value.into()) as f32);
        }
    }
}

/// Checks that `filters` make up one layer; `operator` is named in the error.
///
/// # Errors
/// [`Error::OutOfRange`] for no filter or too many; [`Error::ShapeMismatch`] for a filter without a
/// kernel per channel, or a kernel of another size than the first.
pub(super) fn check_filters(operator: &'static str, filters: &[Filter]) -> Result<()> {
    let count = filters.len() as f64;
    check_range(operator, "filters", [1.0, FILTER_LIMIT as f64], count)?;
    let mismatch = |expected, got| Error::ShapeMismatch {
        operator,
        argument: "kernels",
        expected,
        got,
    };
    let [rows, cols] = filters.first().map_or([0; 2], Filter::size);
    for Filter { kernels, .. } in filters {
        if kernels.len() != CHANNELS {
            let got = format!("[{}, rows, columns]", kernels.len());
            return Err(mismatch(format!("[{CHANNELS}, rows, columns]"), got));
        }
        if let Some(other) = kernels.iter().find(|kernel| kernel.dim() != (rows, cols)) {
            let got = format!("{:?}", other.shape());
            return Err(mismatch(format!("[{rows}, {cols}]"), got));
        }
    }
    Ok(())
}
