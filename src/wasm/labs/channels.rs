//! The channels lab with its picture.

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::data::picture::ColorMode;
use crate::error::{Axis, Error, Result};
use crate::labs;
use crate::labs::channels::{
    Apart, CHANNELS, ChannelsLabSpec, Cost, DepthSlide, Filter, Groups, Inspection, LayerKind,
    Line, Output, PlainFilter, PlainGroups, PlainSpec, checked_filters, presets, text,
};
use crate::render::color::Theme;
use crate::render::display::Rendered;
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::picture::read_picture;
use crate::wasm::boundary::plain::read_plain;
use crate::wasm::boundary::read;
use crate::wasm::boundary::rendered::{legended, picture};
use crate::wasm::boundary::write::{array, cells, floats, kernel_rows, object, sides};
use crate::wasm::labs::shared::{coordinates, flags, formula_parts};

/// One colour picture, looked at through filters of three kernels.
#[wasm_bindgen]
pub struct ChannelsLab(labs::channels::ChannelsLab);

#[wasm_bindgen]
impl ChannelsLab {
    /// A lab that looks at a picture.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "Picture")] picture: &JsValue,
    ) -> JsResult<ChannelsLab> {
        let picture = read_picture("ChannelsLab", picture)?;
        Ok(ChannelsLab(labs::channels::ChannelsLab::new(picture)))
    }

    /// The picture and its red, green and blue planes.
    #[wasm_bindgen(unchecked_return_type = "Planes")]
    pub fn planes(
        &self,
        #[wasm_bindgen(unchecked_param_type = "\"grey\" | \"color\"")] color: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "\"light\" | \"dark\"")] theme: &JsValue,
    ) -> JsResult<JsValue> {
        const OPERATOR: &str = "channelsLabPlanes";
        let color = read_plain::<ColorMode>(OPERATOR, color)?;
        let planes = self.0.planes(color, read_plain(OPERATOR, theme)?);
        Ok(object([
            ("picture", picture(&planes.picture)),
            ("planes", array(planes.planes.iter().map(picture))),
        ]))
    }

    /// What the chosen filter makes of the picture, and facts about all filters.
    #[wasm_bindgen(unchecked_return_type = "Output")]
    pub fn output(
        &self,
        #[wasm_bindgen(unchecked_param_type = "ChannelsLabSpec")] spec: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] chosen: &JsValue,
    ) -> JsResult<JsValue> {
        const OPERATOR: &str = "channelsLabOutput";
        let spec = read_spec(OPERATOR, spec)?;
        let chosen = read::whole(OPERATOR, "filter", chosen)?;
        Ok(output(&self.0.output(&spec, chosen)?))
    }

    /// The feature map of every filter.
    #[wasm_bindgen(unchecked_return_type = "LegendedPicture[]")]
    pub fn stack(
        &self,
        #[wasm_bindgen(unchecked_param_type = "ChannelsLabSpec")] spec: &JsValue,
    ) -> JsResult<JsValue> {
        let stack = self.0.stack(&read_spec("channelsLabStack", spec)?)?;
        Ok(array(stack.iter().map(legended)))
    }

    /// Three feature maps as red, green and blue.
    #[wasm_bindgen(unchecked_return_type = "LegendedPicture")]
    pub fn composite(
        &self,
        #[wasm_bindgen(unchecked_param_type = "ChannelsLabSpec")] spec: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "readonly [number, number, number]")]
        filters: &JsValue,
    ) -> JsResult<JsValue> {
        const OPERATOR: &str = "channelsLabComposite";
        let spec = read_spec(OPERATOR, spec)?;
        let chosen = triple(OPERATOR, &read::wholes(OPERATOR, "filters", filters)?)?;
        Ok(legended(&self.0.composite(&spec, chosen)?))
    }

    /// One value of the chosen filter's map taken apart.
    #[wasm_bindgen(unchecked_return_type = "Inspection")]
    pub fn inspect(
        &self,
        #[wasm_bindgen(unchecked_param_type = "ChannelsLabSpec")] spec: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] chosen: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "readonly [number, number]")] position: &JsValue,
    ) -> JsResult<JsValue> {
        const OPERATOR: &str = "channelsLabInspect";
        let spec = read_spec(OPERATOR, spec)?;
        let chosen = read::whole(OPERATOR, "filter", chosen)?;
        let position = read::pair(OPERATOR, "position", position)?;
        Ok(inspection(
            &self.0.inspect(&spec, chosen, position)?,
            spec.theme,
        ))
    }

    /// The chosen filter with each channel by itself, without the sum.
    #[wasm_bindgen(unchecked_return_type = "Apart")]
    pub fn apart(
        &self,
        #[wasm_bindgen(unchecked_param_type = "ChannelsLabSpec")] spec: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] chosen: &JsValue,
    ) -> JsResult<JsValue> {
        const OPERATOR: &str = "channelsLabApart";
        let spec = read_spec(OPERATOR, spec)?;
        let chosen = read::whole(OPERATOR, "filter", chosen)?;
        Ok(apart(&self.0.apart(&spec, chosen)?))
    }

    /// A layer in groups, fed with planes or maps.
    #[wasm_bindgen(unchecked_return_type = "Groups")]
    pub fn groups(
        &self,
        #[wasm_bindgen(unchecked_param_type = "ChannelsLabSpec")] spec: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "GroupsSpec")] settings: &JsValue,
    ) -> JsResult<JsValue> {
        const OPERATOR: &str = "channelsLabGroups";
        let spec = read_spec(OPERATOR, spec)?;
        let settings = read_plain::<PlainGroups>(OPERATOR, settings)?.checked();
        Ok(groups(&self.0.groups(&spec, &settings)?))
    }

    /// What each preset does to a small copy of the picture.
    #[wasm_bindgen(unchecked_return_type = "Picture[]")]
    pub fn thumbnails(
        &self,
        #[wasm_bindgen(unchecked_param_type = "readonly (readonly ChannelsFilter[])[]")]
        presets: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "\"light\" | \"dark\"")] theme: &JsValue,
    ) -> JsResult<JsValue> {
        const OPERATOR: &str = "channelsLabThumbnails";
        let presets = read_plain::<Vec<Vec<PlainFilter>>>(OPERATOR, presets)?
            .iter()
            .map(|filters| checked_filters(OPERATOR, filters))
            .collect::<Result<Vec<_>>>()?;
        let thumbnails = self.0.thumbnails(&presets, read_plain(OPERATOR, theme)?)?;
        Ok(array(thumbnails.iter().map(picture)))
    }

    /// Sobel on the mean of the channels against the mean of Sobel on each.
    #[wasm_bindgen(js_name = sobelComparison, unchecked_return_type = "SobelComparison")]
    pub fn sobel_comparison(&self) -> JsResult<JsValue> {
        let comparison = self.0.sobel_comparison()?;
        Ok(object([
            ("largest", comparison.largest.into()),
            ("difference", comparison.difference.into()),
            (
                "magnitudeDifference",
                comparison.magnitude_difference.into(),
            ),
        ]))
    }

    /// The values of all feature maps as CSV.
    pub fn csv(
        &self,
        #[wasm_bindgen(unchecked_param_type = "ChannelsLabSpec")] spec: &JsValue,
    ) -> JsResult<String> {
        Ok(self.0.csv(&read_spec("channelsLabCsv", spec)?)?)
    }

    /// The values of all feature maps as a NumPy file.
    #[wasm_bindgen(unchecked_return_type = "Uint8Array<ArrayBuffer>")]
    pub fn npy(
        &self,
        #[wasm_bindgen(unchecked_param_type = "ChannelsLabSpec")] spec: &JsValue,
    ) -> JsResult<JsValue> {
        let file = self.0.npy(&read_spec("channelsLabNpy", spec)?)?;
        Ok(Uint8Array::from(&file[..]).into())
    }

    /// PyTorch code that computes the same feature maps, or the three planes of one filter.
    pub fn pytorch(
        &self,
        #[wasm_bindgen(unchecked_param_type = "ChannelsLabSpec")] spec: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number | null")] apart: &JsValue,
    ) -> JsResult<String> {
        const OPERATOR: &str = "channelsLabPytorch";
        let spec = read_spec(OPERATOR, spec)?;
        let apart = (!apart.is_null()).then(|| read::whole(OPERATOR, "filter", apart));
        Ok(self.0.pytorch(&spec, apart.transpose()?)?)
    }
}

/// Filters worth seeing.
#[wasm_bindgen(js_name = channelPresets, unchecked_return_type = "ChannelsPreset[]")]
pub fn channel_presets() -> JsValue {
    let preset = |preset: &presets::Preset| {
        object([
            ("name", preset.name.into()),
            ("filters", array(preset.filters.iter().map(filter))),
            ("source", preset.source.into()),
        ])
    };
    array(presets::presets().iter().map(preset))
}

/// A filter that looks for a colour, each part from 0 to 1.
#[wasm_bindgen(js_name = findColor, unchecked_return_type = "ChannelsFilter")]
pub fn find_color(
    #[wasm_bindgen(unchecked_param_type = "readonly [number, number, number]")] color: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "findColor";
    let parts = read::array(OPERATOR, "color", color)?
        .iter()
        .map(|part| read::number(OPERATOR, "color", part))
        .collect::<Result<Vec<_>>>()?;
    Ok(filter(&presets::find_color(triple(OPERATOR, &parts)?)?))
}

/// Each filter's three kernels as one small colour picture.
#[wasm_bindgen(js_name = filterLooks, unchecked_return_type = "Picture[]")]
pub fn filter_looks(
    #[wasm_bindgen(unchecked_param_type = "readonly ChannelsFilter[]")] filters: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "\"light\" | \"dark\"")] theme: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "filterLooks";
    let plain = read_plain::<Vec<PlainFilter>>(OPERATOR, filters)?;
    let theme = read_plain(OPERATOR, theme)?;
    let look = |filter: &PlainFilter| {
        let filters = checked_filters(OPERATOR, std::slice::from_ref(filter))?;
        Ok(picture(&labs::channels::look(&filters[0], theme)))
    };
    let looks = plain.iter().map(look).collect::<Result<Vec<_>>>()?;
    Ok(array(looks))
}

/// The filters in `text`, weights of shape `[n, 3, rows, columns]` as PyTorch prints them.
#[wasm_bindgen(js_name = parseWeights, unchecked_return_type = "ChannelsFilter[]")]
pub fn parse_weights(text: &str) -> JsResult<JsValue> {
    Ok(array(text::parse(text)?.iter().map(filter)))
}

/// The weights written as PyTorch code.
#[wasm_bindgen(js_name = formatWeights)]
pub fn format_weights(
    #[wasm_bindgen(unchecked_param_type = "readonly ChannelsFilter[]")] filters: &JsValue,
) -> JsResult<String> {
    const OPERATOR: &str = "formatWeights";
    let filters = read_plain::<Vec<PlainFilter>>(OPERATOR, filters)?;
    Ok(text::format(&checked_filters(OPERATOR, &filters)?))
}

/// A convolution over the depth, too, with a kernel of `size` rows and columns and `depth`.
#[wasm_bindgen(js_name = depthSlide, unchecked_return_type = "DepthSlide")]
pub fn depth_slide(
    #[wasm_bindgen(unchecked_param_type = "readonly [number, number]")] size: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "number")] depth: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "depthSlide";
    let size = read::pair(OPERATOR, "size", size)?;
    let slide = DepthSlide::new(size, read::whole(OPERATOR, "depth", depth)?);
    Ok(object([
        ("depth", slide.depth.into()),
        ("maps", slide.maps.into()),
        ("weights", slide.weights.into()),
        ("filterWeights", slide.filter_weights.into()),
    ]))
}

fn read_spec(operator: &'static str, value: &JsValue) -> Result<ChannelsLabSpec> {
    read_plain::<PlainSpec>(operator, value)?.checked(operator)
}

fn triple<T: Copy>(operator: &'static str, values: &[T]) -> Result<[T; CHANNELS]> {
    values.try_into().map_err(|_| Error::ShapeMismatch {
        operator,
        argument: "channels",
        expected: format!("[{CHANNELS}]"),
        got: format!("[{}]", values.len()),
    })
}

fn filter(filter: &Filter) -> JsValue {
    object([
        ("kernels", array(filter.kernels.iter().map(kernel_rows))),
        ("bias", filter.bias.into()),
    ])
}

fn output(output: &Output) -> JsValue {
    let formula = |axis| {
        let extent = match axis {
            Axis::Height => output.map.height,
            Axis::Width => output.map.width,
        };
        object(formula_parts(
            &output.window,
            axis,
            output.input_size,
            extent,
        ))
    };
    object([
        ("results", array(output.results.iter().map(legended))),
        ("map", legended(&output.map)),
        ("look", picture(&output.look)),
        ("cells", array(output.cells.iter().map(cells))),
        ("padding", sides(output.window.padding)),
        (
            "formula",
            object([
                ("height", formula(Axis::Height)),
                ("width", formula(Axis::Width)),
            ]),
        ),
        ("filters", output.filters.into()),
        ("parameters", output.parameters.into()),
        ("multiplyAdds", (output.multiply_adds as f64).into()),
        ("origin", array(output.origin)),
    ])
}

fn inspection(inspection: &Inspection, theme: Theme) -> JsValue {
    let channels = inspection.channels.iter().map(|part| {
        let [window, kernel, products] = part.cells(theme);
        object([
            ("window", floats(&part.window)),
            ("kernel", floats(&part.kernel)),
            ("products", floats(&part.products)),
            ("sum", part.sum.into()),
            (
                "cells",
                object([
                    ("window", cells(&window)),
                    ("kernel", cells(&kernel)),
                    ("products", cells(&products)),
                ]),
            ),
        ])
    });
    object([
        ("row", inspection.position[0].into()),
        ("col", inspection.position[1].into()),
        ("size", array(inspection.size)),
        ("rows", coordinates(&inspection.rows)),
        ("cols", coordinates(&inspection.cols)),
        ("outside", flags(&inspection.outside)),
        ("channels", array(channels)),
        ("partialSums", floats(&inspection.partial_sums)),
        ("sum", inspection.sum.into()),
        ("bias", inspection.bias.into()),
        ("beforeActivation", inspection.before_activation.into()),
        ("value", inspection.value.into()),
        ("color", inspection.color.map_or(JsValue::NULL, array)),
    ])
}

fn apart(apart: &Apart) -> JsValue {
    object([
        ("picture", legended(&apart.picture)),
        ("difference", legended(&apart.difference)),
        ("largest", apart.largest.into()),
        ("differing", apart.differing.into()),
        ("count", apart.count.into()),
        ("sameKernels", apart.same_kernels.into()),
    ])
}

fn groups(groups: &Groups) -> JsValue {
    let maps = |maps: &[Rendered]| array(maps.iter().map(picture));
    let lines = |lines: &[Line]| array(lines.iter().map(line));
    object([
        ("inputs", maps(&groups.inputs)),
        ("outputs", maps(&groups.outputs)),
        ("mixed", groups.mixed.as_deref().map_or(JsValue::NULL, maps)),
        ("lines", lines(&groups.lines)),
        (
            "mixing",
            groups.mixing.as_deref().map_or(JsValue::NULL, lines),
        ),
        ("groups", groups.groups.into()),
        ("stops", array(groups.stops.iter().copied())),
        ("size", array(groups.size)),
        ("costs", array(groups.costs.iter().map(cost))),
    ])
}

fn line(line: &Line) -> JsValue {
    object([
        ("from", line.from.into()),
        ("to", line.to.into()),
        ("sum", line.sum.into()),
        ("strength", line.strength.into()),
        ("cells", cells(&line.cells)),
    ])
}

fn cost(cost: &Cost) -> JsValue {
    let kind = match cost.kind {
        LayerKind::Ordinary => "ordinary",
        LayerKind::Grouped => "grouped",
        LayerKind::Depthwise => "depthwise",
        LayerKind::Pointwise => "pointwise",
        LayerKind::Separable => "separable",
    };
    object([
        ("kind", kind.into()),
        ("groups", cost.groups.into()),
        ("inputs", cost.inputs.into()),
        ("outputs", cost.outputs.into()),
        ("side", cost.side.into()),
        ("lines", cost.lines.into()),
        ("weights", cost.weights.into()),
        ("multiplyAdds", (cost.multiply_adds as f64).into()),
        ("saving", cost.saving.into()),
    ])
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** One kernel per channel, all of one size, and a bias. */
export interface ChannelsFilter {
  readonly kernels: readonly (readonly (readonly number[])[])[];
  readonly bias: number;
}
/** What decides the feature maps, next to the picture. Pairs are [rows, columns]. */
export interface ChannelsLabSpec {
  filters: readonly ChannelsFilter[];
  padding?: LabPadding;
  stride?: readonly [number, number];
  relu?: boolean;
  theme: "light" | "dark";
}
export interface Planes { picture: Picture; planes: Picture[]; }
/** What one filter makes of the picture, and facts about all filters. */
export interface Output {
  /** Of each channel by itself, on one scale. */
  results: LegendedPicture[];
  map: LegendedPicture;
  /** The three kernels as one small colour picture. */
  look: Picture;
  /** Of each kernel. */
  cells: Cells[];
  padding: Sides;
  formula: { height: ExtentFormula; width: ExtentFormula };
  filters: number;
  parameters: number;
  multiplyAdds: number;
  /** Top left corner of output pixel (0, 0) in input pixels. */
  origin: [row: number, column: number];
}
/** What one channel contributes to a value; grids are row-major. */
export interface ChannelPart {
  window: Float32Array;
  kernel: Float32Array;
  products: Float32Array;
  sum: number;
  cells: { window: Cells; kernel: Cells; products: Cells };
}
/** One value of a feature map taken apart. */
export interface Inspection {
  row: number;
  col: number;
  /** Kernel rows and columns. */
  size: [rows: number, columns: number];
  /** Input row of each kernel row. */
  rows: Int32Array;
  /** Input column of each kernel column. */
  cols: Int32Array;
  /** 1 where the tap lies in the padding. */
  outside: Uint8Array;
  channels: ChannelPart[];
  /** After each product, channel by channel. */
  partialSums: Float32Array;
  sum: number;
  bias: number;
  beforeActivation: number;
  value: number;
  /** Red, green and blue in the middle of the window; null in the padding. */
  color: [red: number, green: number, blue: number] | null;
}
/** Each channel by itself, and how the sum of the three differs from the feature map. */
export interface Apart {
  picture: LegendedPicture;
  difference: LegendedPicture;
  largest: number;
  /** Count of values that differ by more than rounding can. */
  differing: number;
  count: number;
  sameKernels: boolean;
}
export interface GroupsSpec {
  source: "planes" | "maps";
  groups: number;
  pointwise: boolean;
  seed: number;
}
/** One input that feeds one output. */
export interface Line {
  from: number;
  to: number;
  /** Of the kernel's weights. */
  sum: number;
  /** Norm of the kernel as a share of the layer's largest. */
  strength: number;
  cells: Cells;
}
/** What a layer costs; `inputs` are those of each output map. */
export interface Cost {
  kind: "ordinary" | "grouped" | "depthwise" | "pointwise" | "separable";
  groups: number;
  inputs: number;
  outputs: number;
  side: number;
  lines: number;
  weights: number;
  multiplyAdds: number;
  /** How many times fewer weights than an ordinary layer. */
  saving: number;
}
export interface Groups {
  inputs: Picture[];
  outputs: Picture[];
  mixed: Picture[] | null;
  lines: Line[];
  mixing: Line[] | null;
  groups: number;
  /** All numbers of groups that are possible. */
  stops: number[];
  size: [rows: number, columns: number];
  costs: Cost[];
}
/** A filter, or all filters of a layer. */
export interface ChannelsPreset { name: string; filters: ChannelsFilter[]; source: string; }
export interface SobelComparison {
  /** Largest magnitude of Sobel on the mean of the channels. */
  largest: number;
  /** Largest difference to the mean of Sobel on each channel. */
  difference: number;
  /** The same if the magnitudes are averaged. */
  magnitudeDifference: number;
}
export interface DepthSlide { depth: number; maps: number; weights: number; filterWeights: number; }
"#;
