//! What an operator costs: parameters, multiply-adds, memory.

use serde::Serialize;

use crate::error::{Error, Result};
use crate::net::op::parameters::{Parameter, parameters};
use crate::net::op::shape::Shape;
use crate::net::spec::Op;

const OPERATOR: &str = "describe";

/// Numbers beyond are not whole numbers that JavaScript holds exactly.
const LIMIT: u64 = 1 << 53;

/// What a layer, or all of them, cost for one example. `None` where that depends on an extent of the
/// input that is not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cost {
    /// Numbers that are learned.
    pub parameters: Option<u64>,
    /// Numbers that are kept but not learned: batch norm's running means and variances.
    pub buffers: Option<u64>,
    /// Multiplications with an addition each, of convolutions and dense layers. Those on padding
    /// count too, as in every published table. Each is two floating-point operations.
    pub multiply_adds: Option<u64>,
    /// Bytes of the output in `f32`.
    pub activation_bytes: Option<u64>,
}

impl Cost {
    /// The cost of a node with `op`, or of the input, from the shapes of its first input and its
    /// output.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if it cannot be counted exactly.
    pub(in crate::net) fn of(op: Option<&Op>, input: Option<Shape>, output: Shape) -> Result<Cost> {
        let [parameters, buffers, multiply_adds] = match (op, input) {
            (Some(op), Some(input)) => counts(op, input, output)?,
            _ => [Some(0); 3],
        };
        let values = output.values();
        let bytes = values.map(|values| product("activationBytes", &[values, 4]));
        let cost = Cost {
            parameters,
            buffers,
            multiply_adds,
            activation_bytes: bytes.transpose()?,
        };
        cost.check()?;
        Ok(cost)
    }

    /// Refuses a cost that JavaScript could not hold exactly.
    ///
    /// # Errors
    /// [`Error::OutOfRange`].
    pub(in crate::net) fn check(&self) -> Result<()> {
        let counts = [
            ("parameters", self.parameters),
            ("multiplyAdds", self.multiply_adds),
            ("activationBytes", self.activation_bytes),
        ];
        for (argument, count) in counts {
            if let Some(count) = count.filter(|count| *count > LIMIT) {
                return Err(too_much(argument, count as f64));
            }
        }
        Ok(())
    }
}

/// How often an operator multiplies by each of its weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::net) enum Multiplies {
    /// Once at every position of the output.
    PerOutput,
    /// Once at every position of the input.
    PerInput,
    /// It has no weights, or only some for each channel, whose work is not counted.
    Never,
}

impl Multiplies {
    pub fn of(op: &Op) -> Multiplies {
        match op {
            Op::Conv2d { .. } | Op::Dense { .. } => Multiplies::PerOutput,
            Op::ConvTranspose2d { .. } => Multiplies::PerInput,
            Op::Pool2d { .. }
            | Op::GlobalPool2d { .. }
            | Op::AdaptivePool2d { .. }
            | Op::BlurPool2d { .. }
            | Op::Pad2d { .. }
            | Op::Resize2d { .. }
            | Op::Activation { .. }
            | Op::Prelu {}
            | Op::BatchNorm { .. }
            | Op::GroupNorm { .. }
            | Op::LocalResponseNorm { .. }
            | Op::Dropout { .. }
            | Op::Scale { .. }
            | Op::ChannelScale {}
            | Op::Add {}
            | Op::Concat {}
            | Op::Flatten {}
            | Op::Softmax {} => Multiplies::Never,
        }
    }
}

/// Parameters, buffers and multiply-adds.
fn counts(op: &Op, input: Shape, output: Shape) -> Result<[Option<u64>; 3]> {
    let known = parameters(op, input);
    let counted = known.iter().flatten().map(|parameter| {
        let count = product("parameters", &parameter.connected_extents())?;
        Ok((parameter, count))
    });
    let counted = counted.collect::<Result<Vec<_>>>()?;
    let sum = |is_wanted: fn(&Parameter) -> bool| {
        let wanted = counted.iter().filter(|(parameter, _)| is_wanted(parameter));
        wanted.map(|(_, count)| count).sum::<u64>()
    };
    let multiply_adds_over = |shape: Shape| {
        let weights = counted.first().map(|(_, count)| *count);
        let both = weights.zip(positions(shape));
        both.map(|(weights, positions)| product("multiplyAdds", &[weights, positions]))
            .transpose()
    };
    Ok([
        known.as_ref().map(|_| sum(Parameter::is_learned)),
        Some(sum(|parameter| !parameter.is_learned())),
        match Multiplies::of(op) {
            Multiplies::PerOutput => multiply_adds_over(output)?,
            Multiplies::PerInput => multiply_adds_over(input)?,
            Multiplies::Never => Some(0),
        },
    ])
}

/// Positions of a map.
fn positions(shape: Shape) -> Option<u64> {
    let [rows, cols] = shape.spatial();
    Some(rows? as u64 * cols? as u64)
}

fn product(argument: &'static str, factors: &[u64]) -> Result<u64> {
    let product = factors
        .iter()
        .try_fold(1_u64, |product, &factor| product.checked_mul(factor));
    match product {
        Some(product) if product <= LIMIT => Ok(product),
        _ => {
            let got = factors.iter().map(|&factor| factor as f64).product();
            Err(too_much(argument, got))
        }
    }
}

fn too_much(argument: &'static str, got: f64) -> Error {
    Error::OutOfRange {
        operator: OPERATOR,
        argument,
        min: 0.0,
        max: LIMIT as f64,
        got,
    }
}
