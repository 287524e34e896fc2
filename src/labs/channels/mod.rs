//! The channels lab: one colour picture, filters of three kernels, a stack of feature maps.

mod apart;
pub mod groups;
mod inspection;
mod npy;
mod plain;
pub mod presets;
mod questions;
mod spec;
pub mod text;
#[cfg(test)]
mod tests;

use ndarray::{Array4, Axis as ArrayAxis, s};

use crate::data::picture::{ColorMode, Picture};
use crate::error::{Axis, Result};
use crate::labs::shared::{PictureTensors, check_index, csv, render_batch};
use crate::render::cells::{Cells, cells};
use crate::render::color::Theme;
use crate::render::display::{DisplayRange, Rendered};
use crate::window::Window;

pub use apart::Apart;
pub use groups::{Cost, Groups, GroupsSpec, Layer, LayerKind, Line, Source};
pub use inspection::{ChannelPart, Inspection};
pub use plain::{PlainFilter, PlainGroups, PlainSpec, checked_filters};
pub use questions::{DepthSlide, SobelComparison};
pub use spec::{CHANNELS, ChannelsLabSpec, FILTER_LIMIT, Filter};

/// The picture and its planes.
#[derive(Clone, Debug)]
pub struct Planes {
    /// The picture.
    pub picture: Rendered,
    /// Red, green and blue, each in grey or in its own colour.
    pub planes: Vec<Rendered>,
}

/// What one filter makes of the picture, step by step.
#[derive(Clone, Debug)]
pub struct Output {
    /// What each channel gives by itself, by sign and on one scale.
    pub results: Vec<Rendered>,
    /// The feature map: the sum of the results, the bias, the activation.
    pub map: Rendered,
    /// The filter's three kernels as one small colour picture.
    pub look: Rendered,
    /// Colours of the cells of each kernel.
    pub cells: Vec<Cells>,
    /// The window, with its padding resolved.
    pub window: Window,
    /// Input extent `[rows, columns]`.
    pub input_size: [usize; 2],
    /// Filters: channels of the output.
    pub filters: usize,
    /// Weights and biases of all filters.
    pub parameters: usize,
    /// Multiply-adds of all filters, padding included.
    pub multiply_adds: u64,
    /// `[row, column]` of the top left corner of output pixel (0, 0), in input pixels.
    pub origin: [f64; 2],
}

/// The lab with its picture.
#[derive(Clone, Debug)]
pub struct ChannelsLab {
    picture: PictureTensors,
    thumbnail: Picture,
    small: Picture,
}

/// Longer side of a filter's thumbnail in pixels.
const THUMBNAIL_SIDE: usize = 64;

/// Longer side of the maps that are fed into groups, in pixels.
const GROUPS_SIDE: usize = 112;

impl ChannelsLab {
    /// A lab for `picture`.
    pub fn new(picture: Picture) -> Self {
        ChannelsLab {
            thumbnail: picture.downscaled(THUMBNAIL_SIDE),
            small: picture.downscaled(GROUPS_SIDE),
            picture: PictureTensors::new(picture),
        }
    }

    /// The picture and its red, green and blue planes, in grey or each in its own colour.
    pub fn planes(&self, color: ColorMode, theme: Theme) -> Planes {
        let input = self.picture.tensor(ColorMode::Color);
        let plane = |channel: usize| {
            let values = input.slice(s![.., channel..=channel, .., ..]);
            let grey = render_batch(values, &DisplayRange::Clip, theme);
            match color {
                ColorMode::Grey => grey,
                ColorMode::Color => tinted(grey, channel),
            }
        };
        Planes {
            picture: render_batch(input, &DisplayRange::Clip, theme),
            planes: (0..CHANNELS).map(plane).collect(),
        }
    }

    /// What the filter `chosen` makes of the picture, and facts about all filters.
    ///
    /// # Errors
    /// [`OutOfRange`](crate::error::Error::OutOfRange) for a filter that is not there; as
    /// [`ChannelsLabSpec::run`].
    pub fn output(&self, spec: &ChannelsLabSpec, chosen: usize) -> Result<Output> {
        check_index("channelsLabOutput", "filter", chosen, spec.filters.len())?;
        let input = self.picture.tensor(ColorMode::Color);
        let window = spec.window(self.picture.size())?;
        let results = spec.results(input, chosen)?;
        let map = spec.alone(chosen).run(input)?;
        let largest = results
            .iter()
            .fold(0.0_f32, |most, value| most.max(value.abs()));
        let scale = f64::from(if largest > 0.0 { largest } else { 1.0 });
        let range = DisplayRange::Fixed {
            min: -scale,
            max: scale,
        };
        let weights = spec.alone(chosen).weights().len();
        let kernels = &spec.filters[chosen].kernels;
        let filters = spec.filters.len();
        Ok(Output {
            results: (0..CHANNELS)
                .map(|channel| {
                    let result = results.slice(s![.., channel..=channel, .., ..]);
                    render_batch(result, &range, spec.theme)
                })
                .collect(),
            look: look(&spec.filters[chosen], spec.theme),
            cells: kernels
                .iter()
                .map(|kernel| cells(&kernel.iter().copied().collect::<Vec<_>>(), spec.theme))
                .collect(),
            window,
            input_size: self.picture.size(),
            filters,
            parameters: filters * (weights + 1),
            multiply_adds: (filters * weights) as u64 * map.len() as u64,
            origin: [origin(&window, Axis::Height), origin(&window, Axis::Width)],
            map: render_batch(map.view(), &DisplayRange::Symmetric, spec.theme),
        })
    }

    /// The feature map of every filter, each on its own scale.
    ///
    /// # Errors
    /// As [`ChannelsLabSpec::run`].
    pub fn stack(&self, spec: &ChannelsLabSpec) -> Result<Vec<Rendered>> {
        Ok(each(&self.maps(spec)?, spec.theme))
    }

    /// Three feature maps as the red, green and blue of one picture: as a photograph if the values
    /// could be one, else by sign.
    ///
    /// # Errors
    /// [`OutOfRange`](crate::error::Error::OutOfRange) for a filter that is not there; as
    /// [`ChannelsLabSpec::run`].
    pub fn composite(&self, spec: &ChannelsLabSpec, chosen: [usize; CHANNELS]) -> Result<Rendered> {
        for filter in chosen {
            check_index("channelsLabComposite", "filter", filter, spec.filters.len())?;
        }
        let filters = chosen.map(|filter| spec.filters[filter].clone()).into();
        let maps = self.maps(&ChannelsLabSpec {
            filters,
            ..spec.clone()
        })?;
        Ok(render_batch(
            maps.view(),
            &apart::natural_range(&maps),
            spec.theme,
        ))
    }

    /// Explains one value of the map of the filter `chosen`.
    ///
    /// # Errors
    /// As [`Inspection::new`].
    pub fn inspect(
        &self,
        spec: &ChannelsLabSpec,
        chosen: usize,
        position: [usize; 2],
    ) -> Result<Inspection> {
        let input = self.picture.tensor(ColorMode::Color);
        Inspection::new(input, spec, chosen, position)
    }

    /// The filter `chosen` with each channel by itself.
    ///
    /// # Errors
    /// [`OutOfRange`](crate::error::Error::OutOfRange) for a filter that is not there; as
    /// [`ChannelsLabSpec::run`].
    pub fn apart(&self, spec: &ChannelsLabSpec, chosen: usize) -> Result<Apart> {
        check_index("channelsLabApart", "filter", chosen, spec.filters.len())?;
        Apart::new(self.picture.tensor(ColorMode::Color), spec, chosen)
    }

    /// A layer in groups, fed with small planes or maps.
    ///
    /// # Errors
    /// As [`Groups::new`] and [`ChannelsLabSpec::run`].
    pub fn groups(&self, spec: &ChannelsLabSpec, groups: &GroupsSpec) -> Result<Groups> {
        let planes = self.small.to_tensor(ColorMode::Color);
        let input = match groups.source {
            Source::Planes => planes,
            Source::Maps => spec.run(planes.view())?,
        };
        Groups::new(input.view(), groups, spec.theme)
    }

    /// What each of `presets`, a filter or a layer of three, does to a small copy of the picture.
    ///
    /// # Errors
    /// As [`ChannelsLabSpec::run`].
    pub fn thumbnails(&self, presets: &[Vec<Filter>], theme: Theme) -> Result<Vec<Rendered>> {
        let input = self.thumbnail.to_tensor(ColorMode::Color);
        let thumbnail = |filters: &Vec<Filter>| {
            let spec = ChannelsLabSpec {
                filters: filters.clone(),
                conv: same(),
                // A bias is made for what is left above it.
                relu: filters.iter().any(|filter| filter.bias != 0.0),
                theme,
            };
            let maps = spec.run(input.view())?;
            let range = match filters.len() {
                CHANNELS => apart::natural_range(&maps),
                _ => DisplayRange::Symmetric,
            };
            Ok(render_batch(maps.view(), &range, theme))
        };
        presets.iter().map(thumbnail).collect()
    }

    /// Sobel on the mean of the channels against the mean of Sobel on each.
    ///
    /// # Errors
    /// As [`SobelComparison::new`].
    pub fn sobel_comparison(&self) -> Result<SobelComparison> {
        SobelComparison::new(self.picture.tensor(ColorMode::Color))
    }

    /// The values of all feature maps as CSV: one line per row, maps separated by an empty line.
    ///
    /// # Errors
    /// As [`ChannelsLabSpec::run`].
    pub fn csv(&self, spec: &ChannelsLabSpec) -> Result<String> {
        Ok(csv::write(self.maps(spec)?.index_axis(ArrayAxis(0), 0)))
    }

    /// The values of all feature maps as a NumPy file of shape `[filters, rows, columns]`.
    ///
    /// # Errors
    /// As [`ChannelsLabSpec::run`].
    pub fn npy(&self, spec: &ChannelsLabSpec) -> Result<Vec<u8>> {
        Ok(npy::write(self.maps(spec)?.index_axis(ArrayAxis(0), 0)))
    }

    /// The PyTorch code that computes the same feature maps from a tensor `x` of shape
    /// `[1, 3, height, width]`; `apart` names the filter whose kernels run by themselves instead.
    ///
    /// # Errors
    /// [`OutOfRange`](crate::error::Error::OutOfRange) for a filter that is not there; as
    /// [`ChannelsLabSpec::run`].
    pub fn pytorch(&self, spec: &ChannelsLabSpec, apart: Option<usize>) -> Result<String> {
        let window = spec.window(self.picture.size())?;
        let Some(filter) = apart else {
            return Ok(text::conv2d_call(spec, &window, false));
        };
        check_index("channelsLabPytorch", "filter", filter, spec.filters.len())?;
        Ok(text::conv2d_call(&spec.alone(filter), &window, true))
    }

    fn maps(&self, spec: &ChannelsLabSpec) -> Result<Array4<f32>> {
        spec.run(self.picture.tensor(ColorMode::Color))
    }
}

/// The three kernels of a filter as one small colour picture, by sign. It shows how the channels
/// differ at a tap; equal weights on all three are a shade of grey, whatever they do.
pub fn look(filter: &Filter, theme: Theme) -> Rendered {
    let [rows, cols] = filter.size();
    let weights = Array4::from_shape_fn((1, CHANNELS, rows, cols), |(_, channel, row, col)| {
        filter.kernels[channel][[row, col]] as f32
    });
    render_batch(weights.view(), &DisplayRange::Symmetric, theme)
}

fn same() -> crate::ops::conv2d::Conv2dOptions {
    crate::ops::conv2d::Conv2dOptions {
        padding: crate::window::Padding::Same,
        ..Default::default()
    }
}

/// Each map of `[1, c, h, w]` by sign.
fn each(maps: &Array4<f32>, theme: Theme) -> Vec<Rendered> {
    (0..maps.dim().1)
        .map(|map| {
            let map = maps.slice(s![.., map..=map, .., ..]);
            render_batch(map, &DisplayRange::Symmetric, theme)
        })
        .collect()
}

/// A grey picture in shades of one of the screen's colours.
fn tinted(mut grey: Rendered, channel: usize) -> Rendered {
    let pixels = grey.rgba.chunks_exact_mut(4);
    for pixel in pixels.chain(grey.legend.strip.chunks_exact_mut(4)) {
        for (index, part) in pixel[..CHANNELS].iter_mut().enumerate() {
            if index != channel {
                *part = 0;
            }
        }
    }
    grey
}

fn origin(window: &Window, axis: Axis) -> f64 {
    let [before, _] = window.padding.along(axis);
    (window.covered(axis) as f64 - window.stride[axis as usize] as f64) / 2.0 - before as f64
}
