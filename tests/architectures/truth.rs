//! The committed tables, read.

use std::collections::BTreeMap;
use std::fs;
use std::sync::LazyLock;

use serde::Deserialize;
use serde::de::DeserializeOwned;

/// `tests/data/truth/receptive_fields.json`.
pub static RECEPTIVE_FIELDS: LazyLock<ReceptiveFields> =
    LazyLock::new(|| read("receptive_fields.json"));

/// `tests/data/truth/layers.json`.
pub static LAYERS: LazyLock<Layers> = LazyLock::new(|| read("layers.json"));

fn read<T: DeserializeOwned>(file: &str) -> T {
    let path = format!("{}/tests/data/truth/{file}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

#[derive(Deserialize)]
pub struct ReceptiveFields {
    pub worked_example: WorkedExample,
    pub summary: Vec<NetworkField>,
    pub endpoints: Vec<EndPoint>,
}

/// The centres of the fields of the features `[row, column]`.
#[derive(Deserialize)]
pub struct WorkedExample {
    pub model: String,
    pub feature: [f64; 2],
    pub center: [f64; 2],
}

#[derive(Deserialize)]
pub struct NetworkField {
    pub model: String,
    pub receptive_field: f64,
    pub effective_stride: f64,
    pub effective_padding: f64,
    pub flops_billion: f64,
}

#[derive(Deserialize)]
pub struct EndPoint {
    pub model: String,
    pub resolution: Option<usize>,
    pub end_point: String,
    pub flops_billion: Option<f64>,
    pub receptive_field: f64,
    pub effective_stride: f64,
    pub effective_padding: Option<f64>,
}

#[derive(Deserialize)]
pub struct Layers {
    pub summary: Vec<Summary>,
    pub torchvision_layers: BTreeMap<String, Vec<Row>>,
    pub classic: BTreeMap<String, Classic>,
    pub lenet5_1998: Lenet,
    pub onnx_light: BTreeMap<String, Onnx>,
}

#[derive(Deserialize)]
pub struct Summary {
    pub model: String,
    pub input: [usize; 3],
    pub params_computed: u64,
    pub params_published: u64,
    pub params_used_at_inference: u64,
    pub buffers: u64,
    pub gmacs_computed: f64,
    pub gflops_published: f64,
    pub conv_layers: usize,
    pub linear_layers: usize,
    pub rf_features: Option<FeaturesField>,
}

#[derive(Deserialize)]
pub struct FeaturesField {
    pub receptive_field: f64,
    pub receptive_field_x: f64,
    pub effective_stride: f64,
    pub effective_padding: f64,
    pub aligned: bool,
}

/// A layer of a table.
#[derive(Deserialize)]
pub struct Row {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub kernel: Option<[usize; 2]>,
    pub stride: Option<[usize; 2]>,
    pub pad: Option<[usize; 2]>,
    pub dilation: Option<[usize; 2]>,
    pub groups: Option<usize>,
    pub bias: Option<bool>,
    pub ceil_mode: Option<bool>,
    pub output_size: Option<[usize; 2]>,
    pub size: Option<usize>,
    pub alpha: Option<f64>,
    pub beta: Option<f64>,
    pub k: Option<f64>,
    pub input: Vec<usize>,
    pub output: Vec<usize>,
    pub params: u64,
    pub macs: u64,
    pub rf: Option<RowField>,
}

#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
pub struct RowField {
    pub rf: f64,
    pub stride: f64,
    pub pad: f64,
}

#[derive(Deserialize)]
pub struct Classic {
    pub input: [usize; 3],
    pub params: u64,
    pub macs: u64,
    pub rf_features: FeaturesField,
    pub layers: Vec<Row>,
}

#[derive(Deserialize)]
pub struct Lenet {
    pub layers: Vec<LenetLayer>,
    pub total_params: u64,
    pub total_connections: u64,
}

#[derive(Deserialize)]
pub struct LenetLayer {
    pub name: String,
    pub maps: usize,
    pub size: [usize; 2],
    pub params: u64,
    pub connections: u64,
}

#[derive(Deserialize)]
pub struct Onnx {
    pub params_including_bn_statistics: u64,
    pub nodes: Vec<OnnxNode>,
}

#[derive(Deserialize)]
pub struct OnnxNode {
    pub op: String,
    pub attrs: OnnxAttributes,
    pub weights: Vec<Vec<usize>>,
    pub output: Vec<usize>,
}

#[derive(Deserialize)]
pub struct OnnxAttributes {
    pub kernel_shape: Option<[usize; 2]>,
    pub strides: Option<[usize; 2]>,
}
