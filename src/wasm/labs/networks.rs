//! The networks lab with its trained network.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use crate::compute::check_budget;
use crate::data::picture::Picture;
use crate::error::Result;
use crate::labs;
use crate::labs::networks::{
    Answer, Change, MapView, Order, Place, SIDE, Sheet, field_on_input, graph, shown_layers,
};
use crate::render::color::Theme;
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::picture::{read_picture, write_picture};
use crate::wasm::boundary::plain::read_plain;
use crate::wasm::boundary::read::{self, wrong_type};
use crate::wasm::boundary::rendered::legended;
use crate::wasm::boundary::write::{array, floats, object, plain};

/// Classes whose probabilities are told first.
const TOP: usize = 5;

/// A trained network that looks at pictures.
#[wasm_bindgen]
pub struct NetworksLab(labs::networks::NetworksLab);

#[wasm_bindgen]
impl NetworksLab {
    /// The network with the weights of a file.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "Uint8Array<ArrayBuffer>")] weights: &JsValue,
    ) -> JsResult<NetworksLab> {
        let bytes = file("NetworksLab", weights)?;
        Ok(NetworksLab(labs::networks::NetworksLab::new(bytes)?))
    }

    /// What the network says of the middle of a picture, changed or as it is.
    #[wasm_bindgen(unchecked_return_type = "NetworkAnswer")]
    pub fn answer(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Picture")] picture: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "PictureChange")] change: &JsValue,
    ) -> JsResult<JsValue> {
        const OPERATOR: &str = "networksLabAnswer";
        let picture = read_picture(OPERATOR, picture)?;
        let change = read_plain::<Change>(OPERATOR, change)?;
        Ok(answer(&self.0.answer(&picture, change)?))
    }

    /// A map of each block.
    #[wasm_bindgen(unchecked_return_type = "{ id: string; map: LegendedPicture }[]")]
    pub fn strip(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Picture")] picture: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "\"light\" | \"dark\"")] theme: &JsValue,
    ) -> JsResult<JsValue> {
        let asked = Asked::new("networksLabStrip", picture, theme)?;
        let strip = self.0.strip(&asked.picture, asked.theme)?;
        Ok(array(strip.iter().map(|(id, map)| {
            object([("id", id.into()), ("map", legended(map))])
        })))
    }

    /// All maps of a layer.
    #[wasm_bindgen(unchecked_return_type = "MapSheet")]
    pub fn sheet(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Picture")] picture: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] layer: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "\"varied\" | \"strongest\" | \"number\"")]
        order: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "\"light\" | \"dark\"")] theme: &JsValue,
    ) -> JsResult<JsValue> {
        const OPERATOR: &str = "networksLabSheet";
        let asked = Asked::new(OPERATOR, picture, theme)?;
        let order = read_plain::<Order>(OPERATOR, order)?;
        let layer = layer_id(OPERATOR, layer)?;
        let found = self.0.sheet(&asked.picture, &layer, order, asked.theme)?;
        Ok(sheet(&found))
    }

    /// One map over the picture.
    #[wasm_bindgen(unchecked_return_type = "MapView")]
    pub fn map(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Picture")] picture: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] layer: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] map: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "\"light\" | \"dark\"")] theme: &JsValue,
    ) -> JsResult<JsValue> {
        const OPERATOR: &str = "networksLabMap";
        let asked = Asked::new(OPERATOR, picture, theme)?;
        let layer = layer_id(OPERATOR, layer)?;
        let map = read::whole(OPERATOR, "map", map)?;
        let view = self.0.map(&asked.picture, &layer, map, asked.theme)?;
        Ok(map_view(&view))
    }

    /// Grad-CAM of a class: 7 x 7 values, over the picture.
    #[wasm_bindgen(js_name = gradCam, unchecked_return_type = "Explanation")]
    pub fn grad_cam(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Picture")] picture: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] class: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "\"light\" | \"dark\"")] theme: &JsValue,
    ) -> JsResult<JsValue> {
        const OPERATOR: &str = "networksLabGradCam";
        let asked = Asked::new(OPERATOR, picture, theme)?;
        let class = read::whole(OPERATOR, "class", class)?;
        let (map, values) = self.0.grad_cam(&asked.picture, class, asked.theme)?;
        Ok(object([
            ("map", legended(&map)),
            ("values", floats(&values)),
        ]))
    }

    /// The gradient of a class's score at the input: `[3, 224, 224]`, and its size over the picture.
    #[wasm_bindgen(unchecked_return_type = "Explanation")]
    pub fn gradient(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Picture")] picture: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] class: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "\"light\" | \"dark\"")] theme: &JsValue,
    ) -> JsResult<JsValue> {
        const OPERATOR: &str = "networksLabGradient";
        let asked = Asked::new(OPERATOR, picture, theme)?;
        let class = read::whole(OPERATOR, "class", class)?;
        let (map, values) = self.0.gradient(&asked.picture, class, asked.theme)?;
        Ok(object([
            ("map", legended(&map)),
            ("values", floats(&values)),
        ]))
    }

    /// The probability of a class with a patch at each of the 14 places of a row.
    #[wasm_bindgen(unchecked_return_type = "number[]")]
    pub fn occlusion(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Picture")] picture: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] class: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] size: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] row: &JsValue,
    ) -> JsResult<JsValue> {
        const OPERATOR: &str = "networksLabOcclusion";
        let picture = read_picture(OPERATOR, picture)?;
        let whole = |name, value| read::whole(OPERATOR, name, value);
        let [class, size, row] = [
            whole("class", class)?,
            whole("size", size)?.min(2 * SIDE),
            whole("row", row)?,
        ];
        let found = self.0.occlusion(&picture, class, size, row)?;
        Ok(array(found.into_iter().map(f64::from)))
    }

    /// The probabilities of `occlusion`, row after row, as falls and rises over the picture.
    #[wasm_bindgen(js_name = occlusionMap, unchecked_return_type = "LegendedPicture")]
    pub fn occlusion_map(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Picture")] picture: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] class: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "readonly number[]")] found: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "\"light\" | \"dark\"")] theme: &JsValue,
    ) -> JsResult<JsValue> {
        const OPERATOR: &str = "networksLabOcclusion";
        let asked = Asked::new(OPERATOR, picture, theme)?;
        let class = read::whole(OPERATOR, "class", class)?;
        let found = read::floats(OPERATOR, "probabilities", found)?;
        let map = self
            .0
            .occlusion_map(&asked.picture, class, &found, asked.theme)?;
        Ok(legended(&map))
    }

    /// The probabilities of all classes without one channel of the last maps.
    #[wasm_bindgen(js_name = withoutChannel, unchecked_return_type = "Float32Array<ArrayBuffer>")]
    pub fn without_channel(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Picture")] picture: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] channel: &JsValue,
    ) -> JsResult<JsValue> {
        const OPERATOR: &str = "networksLabChannels";
        let picture = read_picture(OPERATOR, picture)?;
        let channel = read::whole(OPERATOR, "channel", channel)?;
        Ok(floats(&self.0.without_channel(&picture, channel)?))
    }

    /// The channels of the last maps without which a class's probability falls or rises most.
    #[wasm_bindgen(js_name = channelsOff, unchecked_return_type = "ChannelsOff")]
    pub fn channels_off(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Picture")] picture: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] class: &JsValue,
    ) -> JsResult<JsValue> {
        const OPERATOR: &str = "networksLabChannels";
        let picture = read_picture(OPERATOR, picture)?;
        let class = read::whole(OPERATOR, "class", class)?;
        let [falling, rising] = self.0.channels_off(&picture, class)?;
        Ok(object([
            ("falling", plain(&falling)),
            ("rising", plain(&rising)),
        ]))
    }
}

/// How a file of weights fits the network, before it is used.
#[wasm_bindgen(js_name = weightsReport, unchecked_return_type = "WeightsReport")]
pub fn report(
    #[wasm_bindgen(unchecked_param_type = "Uint8Array<ArrayBuffer>")] weights: &JsValue,
) -> JsResult<JsValue> {
    let bytes = file("networksLabWeights", weights)?;
    Ok(plain(&labs::networks::weights_report(bytes)?))
}

/// The layers whose maps the lab shows.
#[wasm_bindgen(js_name = networkLayers, unchecked_return_type = "ShownLayer[]")]
pub fn layers() -> JsResult<JsValue> {
    Ok(plain(&shown_layers(&graph()?)))
}

/// What a position of a shown layer sees of the input.
#[wasm_bindgen(js_name = fieldOnInput, unchecked_return_type = "FieldOnInput")]
pub fn field(
    #[wasm_bindgen(unchecked_param_type = "string")] layer: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "readonly [row: number, column: number]")]
    position: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "networksLabField";
    let layer = layer_id(OPERATOR, layer)?;
    let position = read::pair(OPERATOR, "position", position)?;
    Ok(plain(&field_on_input(&layer, position)?))
}

/// The published networks of the table, with their costs and the boxes of their drawings.
#[wasm_bindgen(js_name = comparedArchitectures, unchecked_return_type = "Architecture[]")]
pub fn compared_architectures() -> JsResult<JsValue> {
    Ok(plain(&labs::networks::architectures()?))
}

/// A picture and in which colours the answer is painted.
struct Asked {
    picture: Picture,
    theme: Theme,
}

impl Asked {
    fn new(operator: &'static str, picture: &JsValue, theme: &JsValue) -> Result<Asked> {
        Ok(Asked {
            picture: read_picture(operator, picture)?,
            theme: read_plain(operator, theme)?,
        })
    }
}

/// The bytes of a file.
fn file(operator: &'static str, value: &JsValue) -> Result<Vec<u8>> {
    let bytes = value
        .dyn_ref::<Uint8Array>()
        .ok_or_else(|| wrong_type(operator, "weights", "a Uint8Array", value))?;
    check_budget(operator, &[&[bytes.length() as usize]])?;
    // Copying an array whose buffer was given away would throw.
    Ok(match bytes.length() {
        0 => Vec::new(),
        _ => bytes.to_vec(),
    })
}

fn layer_id(operator: &'static str, value: &JsValue) -> Result<String> {
    read::text(operator, "layer", "the id of a layer", value)
}

fn answer(answer: &Answer) -> JsValue {
    let top = answer.order.iter().take(TOP).map(|&class| {
        object([
            ("class", class.into()),
            ("probability", answer.probabilities[class].into()),
        ])
    });
    object([
        ("input", write_picture(SIDE, SIDE, &answer.input.rgba())),
        ("top", array(top)),
        ("probabilities", floats(&answer.probabilities)),
        ("logits", floats(&answer.logits)),
    ])
}

fn sheet(sheet: &Sheet) -> JsValue {
    object([
        ("map", legended(&sheet.rendered)),
        ("columns", sheet.columns.into()),
        ("order", array(sheet.order.iter().copied())),
        ("zeros", sheet.zeros.into()),
        ("limited", sheet.limited.map_or(JsValue::NULL, Into::into)),
        ("mean", sheet.mean.into()),
        ("histogram", array(sheet.histogram.iter().copied())),
    ])
}

fn map_view(view: &MapView) -> JsValue {
    object([
        ("map", legended(&view.rendered)),
        ("values", floats(&view.values)),
        ("strongest", array(view.strongest.iter().map(place))),
    ])
}

fn place(place: &Place) -> JsValue {
    let [rows, cols] = [place.field.rows, place.field.cols].map(|[first, end]| end - first);
    object([
        ("position", array([place.row, place.column])),
        ("value", place.value.into()),
        ("field", plain(&place.field)),
        ("seen", write_picture(cols, rows, &place.seen)),
    ])
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What is done to the middle of a picture before the network sees it; rows and columns are pixels of 224. */
export type PictureChange =
  | { kind: "none" | "shifted" | "mirrored" | "blurred" | "darkened" | "grey" }
  | { kind: "covered"; row: number; column: number; size: number };
/** What the network says. */
export interface NetworkAnswer {
  /** What it saw: 224 x 224 pixels. */
  input: Picture;
  /** The five most probable classes, the first one first. */
  top: { class: number; probability: number }[];
  /** Of all 1,000 classes. */
  probabilities: Float32Array<ArrayBuffer>;
  /** Before softmax. */
  logits: Float32Array<ArrayBuffer>;
}
/** How a file of weights fits the network. */
export interface WeightsReport {
  /** Tensors with the right name and shape. */
  matched: number;
  missing: string[];
  leftOver: string[];
  /** "name: expected [..], got [..]" */
  otherShape: string[];
}
/** A layer whose maps are shown: a convolution with what follows it. */
export interface ShownLayer {
  id: string;
  /** "stem", the number of a block, or "head". */
  block: string;
  role: "stem" | "expand" | "depthwise" | "project" | "sum" | "head";
  /** Rows and columns of its kernel. */
  kernel: number;
  channels: number;
  /** Rows and columns of a map. */
  side: number;
  /** Whether its values are limited to 0 to 6. */
  limited: boolean;
}
/** All maps of a layer on one scale. */
export interface MapSheet {
  map: LegendedPicture;
  /** Maps in a row. */
  columns: number;
  /** The number of each map, in the order shown. */
  order: number[];
  /** Share of values that are exactly 0. */
  zeros: number;
  /** Share of values at the upper limit; null where there is none. */
  limited: number | null;
  mean: number;
  /** Values other than 0, in even steps over the scale. */
  histogram: number[];
}
/** A rectangle of the input, from the first row and column to before the last. */
export interface FieldOnInput {
  rows: [first: number, end: number];
  cols: [first: number, end: number];
  /** Rows and columns of the whole field, also outside the picture. */
  size: [rows: number, columns: number];
}
/** One map over the picture. */
export interface MapView {
  map: LegendedPicture;
  /** Row by row. */
  values: Float32Array<ArrayBuffer>;
  strongest: { position: [row: number, column: number]; value: number; field: FieldOnInput; seen: Picture }[];
}
/** What counted for an answer. */
export interface Explanation { map: LegendedPicture; values: Float32Array<ArrayBuffer>; }
/** Probabilities of a class, each without one channel. */
export interface ChannelsOff {
  falling: { channel: number; probability: number }[];
  rising: { channel: number; probability: number }[];
}
/** A published network with its costs. */
export interface Architecture {
  name: string;
  title: string;
  year: number;
  source: string;
  input: [channels: number, rows: number, columns: number];
  /** Convolutions and dense layers. */
  weightedLayers: number;
  parameters: number;
  denseParameters: number;
  multiplyAdds: number;
  /** Of the last maps, in pixels; null if it cannot be said. */
  receptiveField: number | null;
  /** Bytes of the outputs of all convolutions and dense layers. */
  mapBytes: number;
  stages: ArchitectureStage[];
}
/** A box of a drawing: a layer with weights or a block of several. */
export interface ArchitectureStage {
  name: string;
  last: string;
  layers: number;
  channels: number;
  side: number;
  parameters: number;
  multiplyAdds: number;
  addsInput: boolean;
}
"#;
