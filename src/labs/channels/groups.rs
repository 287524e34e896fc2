//! Groups: which input maps feed which output maps, and what the lines cost.

use ndarray::{Array1, Array4, ArrayView3, ArrayView4, Axis, s};
use serde::Deserialize;

use crate::data::rng::Rng;
use crate::error::{Error, Result};
use crate::ops::conv2d::{Conv2dOptions, conv2d};
use crate::render::cells::{Cells, cells};
use crate::render::color::Theme;
use crate::render::display::{DisplayRange, Rendered, render};
use crate::window::Padding;

/// What is fed into the layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The red, green and blue planes of the picture.
    Planes,
    /// The feature maps of the painted filters.
    Maps,
}

/// A layer with as many outputs as inputs.
#[derive(Clone, Copy, Debug)]
pub struct GroupsSpec {
    /// What is fed into the layer.
    pub source: Source,
    /// Number of groups; divides the number of inputs.
    pub groups: usize,
    /// Whether a 1 x 1 convolution mixes the maps afterwards.
    pub pointwise: bool,
    /// Of the weights, which are random.
    pub seed: u32,
}

/// A convolution with its weights.
#[derive(Clone, Debug)]
pub struct Layer {
    /// `[c_out, c_in / groups, kernel_h, kernel_w]`.
    pub weights: Array4<f32>,
    /// `[c_out]`.
    pub bias: Option<Array1<f32>>,
    /// How it slides, and the groups.
    pub conv: Conv2dOptions,
}

/// One input of a layer that feeds one output, through a kernel of its own.
#[derive(Clone, Debug)]
pub struct Line {
    /// The input map.
    pub from: usize,
    /// The output map.
    pub to: usize,
    /// Sum of the kernel's weights: the weight of the line for a flat input.
    pub sum: f32,
    /// Norm of the kernel's weights as a share of the layer's largest, 0 to 1.
    pub strength: f32,
    /// Colours of the kernel's cells.
    pub cells: Cells,
}

/// What a layer costs.
#[derive(Clone, Debug, PartialEq)]
pub struct Cost {
    /// The layer.
    pub kind: LayerKind,
    /// Its groups.
    pub groups: usize,
    /// Input maps of each output map.
    pub inputs: usize,
    /// Output maps.
    pub outputs: usize,
    /// Kernel side.
    pub side: usize,
    /// Pairs of an input and an output that it feeds.
    pub lines: usize,
    /// Weights, without biases.
    pub weights: usize,
    /// Multiply-adds for one picture.
    pub multiply_adds: u64,
    /// How many times fewer weights than an ordinary layer.
    pub saving: f64,
}

/// The kinds of layer that are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LayerKind {
    /// Every input feeds every output.
    Ordinary,
    /// Inputs feed the outputs of their own group.
    Grouped,
    /// Every input feeds one output.
    Depthwise,
    /// Every input feeds every output, through one weight.
    Pointwise,
    /// Depthwise, then pointwise.
    Separable,
}

/// A layer at work: its maps, its lines and what it and the others cost.
#[derive(Clone, Debug)]
pub struct Groups {
    /// The input maps.
    pub inputs: Vec<Rendered>,
    /// The output maps of the layer.
    pub outputs: Vec<Rendered>,
    /// The maps behind the pointwise layer, if there is one.
    pub mixed: Option<Vec<Rendered>>,
    /// The lines of the layer.
    pub lines: Vec<Line>,
    /// The lines of the pointwise layer, if there is one.
    pub mixing: Option<Vec<Line>>,
    /// The groups in use.
    pub groups: usize,
    /// All numbers of groups that are possible.
    pub stops: Vec<usize>,
    /// `[rows, columns]` of each map.
    pub size: [usize; 2],
    /// One row for each possible number of groups, then pointwise and separable.
    pub costs: Vec<Cost>,
}

/// Kernel side of the layer.
const SIDE: usize = 3;

impl Layer {
    /// The output maps of `input` `[1, c_in, h, w]`.
    ///
    /// # Errors
    /// As [`conv2d`].
    pub fn run(&self, input: ArrayView4<f32>) -> Result<Array4<f32>> {
        let bias = self.bias.as_ref().map(|bias| bias.view());
        conv2d(input, self.weights.view(), bias, &self.conv)
    }

    /// A layer of `channels` inputs and outputs with random kernels of `side` x `side`.
    ///
    /// The kernel from one input to one output is the same, up to a factor, for any number of
    /// groups: groups only cut lines.
    ///
    /// # Errors
    /// [`Error::GroupsMismatch`] if `groups` does not divide `channels`.
    ///
    /// # Source
    /// The scale is that of He, Zhang, Ren and Sun, Delving Deep into Rectifiers (2015).
    pub fn random(channels: usize, groups: usize, side: usize, seed: u64) -> Result<Self> {
        if groups == 0 || !channels.is_multiple_of(groups) {
            return Err(Error::GroupsMismatch {
                operator: OPERATOR,
                groups,
                argument: "input",
                channels,
            });
        }
        let mut rng = Rng::new(seed);
        let all = Array4::from_shape_simple_fn((channels, channels, side, side), || rng.normal());
        let per_group = channels / groups;
        let scale = (2.0 / (per_group * side * side) as f64).sqrt();
        let shape = (channels, per_group, side, side);
        let weights = Array4::from_shape_fn(shape, |(output, input, row, col)| {
            let first = output / per_group * per_group;
            (scale * all[[output, first + input, row, col]]) as f32
        });
        Ok(Layer {
            weights,
            bias: None,
            conv: Conv2dOptions {
                padding: Padding::Same,
                groups,
                ..Default::default()
            },
        })
    }

    /// Which inputs feed which outputs.
    pub fn lines(&self, theme: Theme) -> Vec<Line> {
        let (outputs, per_group, ..) = self.weights.dim();
        let out_per_group = outputs / self.conv.groups;
        let norm = |kernel: ndarray::ArrayView2<f32>| {
            kernel
                .iter()
                .map(|weight| weight * weight)
                .sum::<f32>()
                .sqrt()
        };
        let kernel = |output, input| self.weights.slice(s![output, input, .., ..]);
        let pairs =
            (0..outputs).flat_map(|output| (0..per_group).map(move |input| (output, input)));
        let largest = pairs
            .clone()
            .map(|(output, input)| norm(kernel(output, input)))
            .fold(0.0, f32::max);
        pairs
            .map(|(output, input)| {
                let kernel = kernel(output, input);
                let weights = kernel.iter().map(|&weight| f64::from(weight));
                Line {
                    from: output / out_per_group * per_group + input,
                    to: output,
                    sum: kernel.sum(),
                    strength: if largest > 0.0 {
                        norm(kernel) / largest
                    } else {
                        0.0
                    },
                    cells: cells(&weights.collect::<Vec<_>>(), theme),
                }
            })
            .collect()
    }
}

impl Groups {
    /// Feeds `input` `[1, c, h, w]` to a layer of `spec`.
    ///
    /// # Errors
    /// [`Error::GroupsMismatch`] if the groups do not divide the channels; as [`conv2d`].
    pub fn new(input: ArrayView4<f32>, spec: &GroupsSpec, theme: Theme) -> Result<Self> {
        let (_, channels, height, width) = input.dim();
        let layer = Layer::random(channels, spec.groups, SIDE, spec.seed.into())?;
        let outputs = layer.run(input)?;
        let pointwise = spec
            .pointwise
            .then(|| Layer::random(channels, 1, 1, u64::from(spec.seed) + 1))
            .transpose()?;
        let mixed = pointwise
            .as_ref()
            .map(|layer| layer.run(outputs.view()))
            .transpose()?;
        let range = match spec.source {
            Source::Planes => DisplayRange::Clip,
            Source::Maps => DisplayRange::Symmetric,
        };
        Ok(Groups {
            inputs: each(input, &range, theme),
            outputs: each(outputs.view(), &DisplayRange::Symmetric, theme),
            mixed: mixed.map(|maps| each(maps.view(), &DisplayRange::Symmetric, theme)),
            lines: layer.lines(theme),
            mixing: pointwise.map(|layer| layer.lines(theme)),
            groups: spec.groups,
            stops: stops(channels),
            size: [height, width],
            costs: costs(channels, SIDE, [height, width]),
        })
    }
}

/// The numbers of groups that divide `channels`.
pub fn stops(channels: usize) -> Vec<usize> {
    (1..=channels)
        .filter(|&groups| channels.is_multiple_of(groups))
        .collect()
}

/// What layers of `channels` inputs and outputs cost, with kernels of `side` x `side` and maps of
/// `size` `[rows, columns]`.
///
/// # Source
/// Howard et al., MobileNets (arXiv:1704.04861), section 3.1, for depthwise separable layers.
pub fn costs(channels: usize, side: usize, size: [usize; 2]) -> Vec<Cost> {
    let ordinary = channels * channels * side * side;
    let layer = |kind, groups: usize, side: usize| {
        let inputs = channels / groups;
        let weights = channels * inputs * side * side;
        Cost {
            kind,
            groups,
            inputs,
            outputs: channels,
            side,
            lines: channels * inputs,
            weights,
            multiply_adds: weights as u64 * (size[0] * size[1]) as u64,
            saving: ordinary as f64 / weights as f64,
        }
    };
    let kind = |groups| match groups {
        1 => LayerKind::Ordinary,
        _ if groups == channels => LayerKind::Depthwise,
        _ => LayerKind::Grouped,
    };
    let mut costs = stops(channels)
        .into_iter()
        .map(|groups| layer(kind(groups), groups, side))
        .collect::<Vec<_>>();
    let (depthwise, pointwise) = (
        layer(LayerKind::Depthwise, channels, side),
        layer(LayerKind::Pointwise, 1, 1),
    );
    let separable = Cost {
        kind: LayerKind::Separable,
        lines: depthwise.lines + pointwise.lines,
        weights: depthwise.weights + pointwise.weights,
        multiply_adds: depthwise.multiply_adds + pointwise.multiply_adds,
        saving: ordinary as f64 / (depthwise.weights + pointwise.weights) as f64,
        ..depthwise
    };
    costs.extend([pointwise, separable]);
    costs
}

fn each(maps: ArrayView4<f32>, range: &DisplayRange, theme: Theme) -> Vec<Rendered> {
    let maps = maps.index_axis_move(Axis(0), 0);
    let map = |map: ArrayView3<f32>| render(map, range, theme);
    let single = |index| maps.slice(s![index..=index, .., ..]);
    (0..maps.dim().0).map(|index| map(single(index))).collect()
}

const OPERATOR: &str = "channelsLabGroups";
