//! The trained weights: a file of eight-bit numbers into the parameters of EfficientNet-Lite0.
//!
//! The file, little-endian: `CNNQ`, a `u32` version of 1, then every convolution in the order of the
//! network and the dense layer at its end. Of each: one `f32` factor and one `f32` shift for each output
//! channel, then the weights as `i8`, shaped as the layer's. A weight is factor · whole number. The batch
//! normalisation after a convolution is folded in: its shift is all that is left of it.

use ndarray::ArrayD;

use crate::error::{Error, Result};
use crate::math::arrays::shaped;
use crate::net::graph::{Graph, NodeId};
use crate::net::spec::Op;
use crate::net::weights::parameters;

const OPERATOR: &str = "networksLabWeights";
const MAGIC: &[u8] = b"CNNQ\x01\0\0\0";

/// Whether a file begins like one of these.
pub(super) fn is_packed(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

/// Weights as they come, to be unpacked layer by layer.
#[derive(Clone, Debug)]
pub(super) struct Packed {
    bytes: Vec<u8>,
    /// Where the layer of each node begins; `None` for nodes without one.
    starts: Vec<Option<usize>>,
}

impl Packed {
    /// Checks that `bytes` are a file of weights for `graph`.
    ///
    /// # Errors
    /// [`Error::SpecUnreadable`] for another kind of file, one of another length, and one with factors
    /// or shifts that are not finite.
    pub fn new(graph: &Graph, bytes: Vec<u8>) -> Result<Packed> {
        if !is_packed(&bytes) {
            return Err(unreadable("it does not begin like one".into()));
        }
        let mut starts = Vec::with_capacity(graph.nodes().len());
        let mut end = MAGIC.len();
        for (id, node) in graph.iter() {
            if !has_kernel(node.op.as_ref()) {
                starts.push(None);
                continue;
            }
            let [channels, count] = counts(graph, id)?;
            starts.push(Some(end));
            let vectors = bytes.get(end..end + 8 * channels);
            let floats = vectors.unwrap_or_default().chunks_exact(4).map(float);
            if floats.into_iter().any(|value| !value.is_finite()) {
                return Err(unreadable(format!(
                    "layer {}: a number is not finite",
                    node.id
                )));
            }
            end += 8 * channels + count;
        }
        if bytes.len() != end {
            let got = bytes.len();
            return Err(unreadable(format!("it has {got} bytes instead of {end}")));
        }
        Ok(Packed { bytes, starts })
    }

    /// The parameters of `node`, as [`parameters`] lists them.
    ///
    /// # Errors
    /// As [`parameters`].
    pub fn arrays(&self, graph: &Graph, node: NodeId) -> Result<Vec<ArrayD<f32>>> {
        let known = parameters(graph, node)?;
        let Some(first) = known.first() else {
            return Ok(Vec::new());
        };
        let Some(start) = self.starts[node.index()] else {
            return self.normalisation(graph, node);
        };
        let [channels, count] = counts(graph, node)?;
        let steps = floats(&self.bytes[start..start + 4 * channels]);
        let quantised = &self.bytes[start + 8 * channels..start + 8 * channels + count];
        let rows = quantised.chunks_exact(count / channels).zip(steps);
        let mut kernel = Vec::with_capacity(count);
        for (row, step) in rows {
            kernel.extend(row.iter().map(|&byte| step * f32::from(byte as i8)));
        }
        let mut arrays = vec![shaped(&first.shape[..], kernel)];
        if known.len() > 1 {
            arrays.push(self.shifts(start, channels));
        }
        Ok(arrays)
    }

    /// The whole numbers of a layer's output channel and their factor.
    fn shifts(&self, start: usize, channels: usize) -> ArrayD<f32> {
        let bytes = &self.bytes[start + 4 * channels..start + 8 * channels];
        shaped(&[channels][..], floats(bytes).collect())
    }

    /// A batch normalisation that only shifts: scale, shift, mean and variance.
    fn normalisation(&self, graph: &Graph, node: NodeId) -> Result<Vec<ArrayD<f32>>> {
        let channels = graph[node].shape.channels().unwrap_or_default();
        let constant = |value: f32| shaped(&[channels][..], vec![value; channels]);
        let (Some(Op::BatchNorm { epsilon, .. }), Some(&conv)) =
            (&graph[node].op, graph[node].inputs.first())
        else {
            return Err(unreadable(format!(
                "layer {} is none of its own",
                graph[node].id
            )));
        };
        let start = self.starts[conv.index()].unwrap_or(MAGIC.len());
        Ok(vec![
            constant(1.0),
            self.shifts(start, channels),
            constant(0.0),
            // Divided by √(variance + ε), a value stays as it is.
            constant((1.0 - epsilon) as f32),
        ])
    }
}

fn has_kernel(op: Option<&Op>) -> bool {
    matches!(op, Some(Op::Conv2d { .. } | Op::Dense { .. }))
}

/// Output channels and weights of a layer.
fn counts(graph: &Graph, node: NodeId) -> Result<[usize; 2]> {
    let known = parameters(graph, node)?;
    let shape = known.first().map_or(&[][..], |kernel| &kernel.shape);
    let channels = shape.first().copied().unwrap_or(1);
    Ok([channels, shape.iter().product()])
}

fn floats(bytes: &[u8]) -> impl Iterator<Item = f32> {
    bytes.chunks_exact(4).map(float)
}

fn float(bytes: &[u8]) -> f32 {
    let mut array = [0; 4];
    array.copy_from_slice(bytes);
    f32::from_le_bytes(array)
}

fn unreadable(reason: String) -> Error {
    Error::SpecUnreadable {
        operator: OPERATOR,
        part: "weights".into(),
        reason,
    }
}
