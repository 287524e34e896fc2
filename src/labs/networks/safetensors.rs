//! Weights of one's own: a safetensors file with the names of the PyTorch port.
//!
//! The format: a `u64` length, a JSON header of that length with the type, the shape and the place of each
//! tensor, then their bytes. https://huggingface.co/docs/safetensors describes it.

use std::collections::BTreeMap;

use ndarray::ArrayD;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result, shortened};
use crate::math::arrays::shaped;
use crate::net::graph::{Graph, NodeId};
use crate::net::weights::{Parameter, parameters};

/// Longest header in bytes: a hundred times what this network takes.
const HEADER_LIMIT: usize = 4 << 20;

/// PyTorch counts batches here; nothing is computed with it.
const COUNTER: &str = "num_batches_tracked";

/// Names that a report lists of each kind.
const LISTED: usize = 50;

/// A file whose tensors are known, to be unpacked one by one.
#[derive(Clone, Debug)]
pub(super) struct Tensors {
    bytes: Vec<u8>,
    /// Where the tensors begin.
    start: usize,
    known: BTreeMap<String, Tensor>,
}

#[derive(Clone, Debug, Deserialize)]
struct Tensor {
    dtype: String,
    shape: Vec<usize>,
    data_offsets: [usize; 2],
}

/// How a file of weights fits the network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WeightsReport {
    /// Tensors with the right name and shape.
    pub matched: usize,
    /// Names that the network needs and the file does not have.
    pub missing: Vec<String>,
    /// Names in the file that the network does not have.
    pub left_over: Vec<String>,
    /// Names with another shape: `name: expected [..], got [..]`.
    pub other_shape: Vec<String>,
}

impl WeightsReport {
    /// Whether the network can run with them.
    pub fn is_complete(&self) -> bool {
        self.missing.is_empty() && self.other_shape.is_empty()
    }
}

impl Tensors {
    /// Reads the header and checks that every tensor lies in the file and has finite numbers.
    ///
    /// # Errors
    /// [`Error::SpecUnreadable`] with the reason.
    pub fn new(bytes: Vec<u8>) -> Result<Tensors> {
        let length = bytes
            .first_chunk()
            .map(|length| u64::from_le_bytes(*length));
        let length =
            length.ok_or_else(|| unreadable("it is shorter than its first number".into()))?;
        let most = bytes.len().saturating_sub(8).min(HEADER_LIMIT) as u64;
        if length > most {
            return Err(unreadable(format!(
                "its header has {length} bytes, but at most {most} are possible"
            )));
        }
        let start = 8 + length as usize;
        let header =
            serde_json::from_slice::<BTreeMap<String, serde_json::Value>>(&bytes[8..start])
                .map_err(|_| unreadable("its header is no JSON object".into()))?;
        let mut known = BTreeMap::new();
        for (name, value) in header {
            if name == "__metadata__" || name.ends_with(COUNTER) {
                continue;
            }
            let tensor = serde_json::from_value::<Tensor>(value)
                .map_err(|_| unreadable(format!("{} is not described", short(&name))))?;
            known.insert(name, tensor);
        }
        let tensors = Tensors {
            bytes,
            start,
            known,
        };
        tensors.check()?;
        Ok(tensors)
    }

    fn check(&self) -> Result<()> {
        let mut places = Vec::new();
        for (name, tensor) in &self.known {
            let [begin, end] = tensor.data_offsets;
            let width = width(&tensor.dtype).ok_or_else(|| {
                let dtype = short(&tensor.dtype);
                unreadable(format!("{} is {dtype}, not F32, F16 or BF16", short(name)))
            })?;
            let count = tensor
                .shape
                .iter()
                .try_fold(1_usize, |a, &b| a.checked_mul(b));
            let needed = count.and_then(|count| count.checked_mul(width));
            if end < begin || needed != Some(end - begin) {
                return Err(unreadable(format!(
                    "{} has another number of bytes than its shape",
                    short(name)
                )));
            }
            if end > self.bytes.len() - self.start {
                return Err(unreadable(format!("it ends within {}", short(name))));
            }
            places.push((begin, end, name));
        }
        places.sort();
        if let Some(pair) = places.windows(2).find(|pair| pair[1].0 < pair[0].1) {
            let [one, other] = [short(pair[0].2), short(pair[1].2)];
            return Err(unreadable(format!("{one} and {other} overlap")));
        }
        for (name, tensor) in &self.known {
            if self.values(tensor).any(|value| !value.is_finite()) {
                return Err(unreadable(format!(
                    "{} has a number that is not finite",
                    short(name)
                )));
            }
        }
        Ok(())
    }

    /// How the tensors fit `graph`.
    ///
    /// # Errors
    /// None for a network of the zoo.
    pub fn report(&self, graph: &Graph) -> Result<WeightsReport> {
        let mut report = WeightsReport::default();
        let mut wanted = Vec::new();
        for (id, _) in graph.iter() {
            for parameter in parameters(graph, id)? {
                let name = name(graph, id, &parameter);
                match self.known.get(&name) {
                    None => report.missing.push(name.clone()),
                    Some(tensor) if tensor.shape != parameter.shape => {
                        let [expected, got] = [&parameter.shape, &tensor.shape];
                        let line = format!("{name}: expected {expected:?}, got {got:?}");
                        report.other_shape.push(line);
                    }
                    Some(_) => report.matched += 1,
                }
                wanted.push(name);
            }
        }
        wanted.sort();
        let others = self
            .known
            .keys()
            .filter(|name| wanted.binary_search(name).is_err());
        report.left_over = others.map(|name| short(name)).collect();
        for list in [
            &mut report.missing,
            &mut report.left_over,
            &mut report.other_shape,
        ] {
            list.truncate(LISTED);
        }
        Ok(report)
    }

    /// The parameters of `node`; the report must be complete.
    ///
    /// # Errors
    /// [`Error::SpecUnreadable`] if one is missing.
    pub fn arrays(&self, graph: &Graph, node: NodeId) -> Result<Vec<ArrayD<f32>>> {
        let arrays = parameters(graph, node)?.into_iter().map(|parameter| {
            let name = name(graph, node, &parameter);
            let tensor = self
                .known
                .get(&name)
                .filter(|tensor| tensor.shape == parameter.shape);
            let tensor = tensor.ok_or_else(|| unreadable(format!("{name} is missing")))?;
            Ok(shaped(&parameter.shape[..], self.values(tensor).collect()))
        });
        arrays.collect()
    }

    fn values<'a>(&'a self, tensor: &'a Tensor) -> impl Iterator<Item = f32> + 'a {
        let [begin, end] = tensor.data_offsets.map(|offset| self.start + offset);
        let kind = tensor.dtype.as_str();
        let width = width(kind).unwrap_or(4);
        self.bytes[begin..end]
            .chunks_exact(width)
            .map(move |bytes| match (kind, bytes) {
                ("BF16", &[low, high]) => f32::from_bits(u32::from_le_bytes([0, 0, low, high])),
                ("F16", &[low, high]) => half(u16::from_le_bytes([low, high])),
                (_, &[a, b, c, d]) => f32::from_le_bytes([a, b, c, d]),
                _ => 0.0,
            })
    }
}

/// Bytes of a number.
fn width(dtype: &str) -> Option<usize> {
    match dtype {
        "F32" => Some(4),
        "F16" | "BF16" => Some(2),
        _ => None,
    }
}

/// An IEEE 754 binary16 number.
fn half(bits: u16) -> f32 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let fraction = f32::from(bits & 0x3ff) / 1024.0;
    match i32::from(bits >> 10 & 0x1f) {
        0 => sign * fraction * 2_f32.powi(-14),
        31 if fraction == 0.0 => sign * f32::INFINITY,
        31 => f32::NAN,
        exponent => sign * (1.0 + fraction) * 2_f32.powi(exponent - 15),
    }
}

/// What PyTorch calls a parameter.
fn name(graph: &Graph, node: NodeId, parameter: &Parameter) -> String {
    let name = match parameter.name {
        "weights" => "weight",
        "runningMean" => "running_mean",
        "runningVariance" => "running_var",
        other => other,
    };
    format!("{}.{name}", graph[node].id)
}

fn short(name: &str) -> String {
    shortened(name, 80)
}

fn unreadable(reason: String) -> Error {
    Error::SpecUnreadable {
        operator: "networksLabWeights",
        part: "weights".into(),
        reason,
    }
}
