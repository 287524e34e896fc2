//! An order of a spec's layers in which each follows its inputs.
//!
//! Here a layer is known by its number in the spec: the first is 1, and 0 is the network's input.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use crate::error::{Error, Result};
use crate::net::graph::ID_LIMIT;
use crate::net::refusal::{in_layer, shortened, unknown_layer};
use crate::net::spec::{INPUT, Layer};

const OPERATOR: &str = "network";

/// The numbers of each layer's inputs.
///
/// # Errors
/// [`Error::LayerRepeated`]; [`Error::Layer`] around [`Error::LayerUnknown`] and [`Error::WrongCount`].
pub(super) fn inputs(layers: &[Layer]) -> Result<Vec<Vec<usize>>> {
    let numbers = numbers(layers)?;
    let of = |(idx, layer): (usize, &Layer)| {
        if layer.from.is_empty() {
            return Ok(vec![idx]);
        }
        let number = |id: &String| {
            let found = numbers.get(id.as_str()).copied();
            found.ok_or_else(|| unknown_layer(OPERATOR, id))
        };
        let found = layer.from.iter().map(number).collect::<Result<Vec<_>>>();
        found.map_err(|reason| in_layer(OPERATOR, &layer.id, reason))
    };
    layers.iter().enumerate().map(of).collect()
}

/// The numbers of the layers, each after its inputs: of those that are ready, the first in the spec.
///
/// # Errors
/// [`Error::LayerCycle`].
pub(super) fn order(layers: &[Layer], inputs: &[Vec<usize>]) -> Result<Vec<usize>> {
    let mut users = vec![Vec::new(); layers.len() + 1];
    for (idx, inputs) in inputs.iter().enumerate() {
        for &input in inputs {
            users[input].push(idx + 1);
        }
    }
    let mut missing = inputs.iter().map(Vec::len).collect::<Vec<_>>();
    let mut ready = BinaryHeap::from([Reverse(0)]);
    let mut order = Vec::with_capacity(layers.len());
    while let Some(Reverse(layer)) = ready.pop() {
        if layer > 0 {
            order.push(layer);
        }
        for &user in &users[layer] {
            missing[user - 1] -= 1;
            if missing[user - 1] == 0 {
                ready.push(Reverse(user));
            }
        }
    }
    if order.len() == layers.len() {
        Ok(order)
    } else {
        Err(cycle(layers, inputs, &missing))
    }
}

/// One of the cycles among the layers that still miss inputs.
fn cycle(layers: &[Layer], inputs: &[Vec<usize>], missing: &[usize]) -> Error {
    const SHOWN: usize = 8;
    let waits = |layer: usize| layer > 0 && missing[layer - 1] > 0;
    let mut path = Vec::new();
    let mut visited = vec![None; layers.len() + 1];
    let mut next = (1..=layers.len()).find(|&layer| waits(layer));
    let mut start = 0;
    while let Some(layer) = next {
        if let Some(step) = visited[layer] {
            start = step;
            break;
        }
        visited[layer] = Some(path.len());
        path.push(layer);
        next = inputs[layer - 1]
            .iter()
            .copied()
            .find(|&input| waits(input));
    }
    // The path runs from a layer to its input; the sentence, from an input to its layer.
    let mut names = path[start..]
        .iter()
        .rev()
        .map(|&layer| shortened(&layers[layer - 1].id))
        .collect::<Vec<_>>();
    names.extend(names.first().cloned());
    if names.len() > SHOWN {
        names.splice(SHOWN / 2..names.len() - SHOWN / 2, ["…".into()]);
    }
    Error::LayerCycle {
        operator: OPERATOR,
        layers: names.join(" → "),
    }
}

/// The number of each id.
fn numbers(layers: &[Layer]) -> Result<HashMap<&str, usize>> {
    let mut numbers = HashMap::from([(INPUT, 0)]);
    for (idx, layer) in layers.iter().enumerate() {
        if layer.id.is_empty() || layer.id.len() > ID_LIMIT {
            let reason = Error::WrongCount {
                operator: OPERATOR,
                argument: "bytes in an id",
                min: 1,
                max: ID_LIMIT,
                got: layer.id.len(),
            };
            return Err(in_layer(OPERATOR, &layer.id, reason));
        }
        if numbers.insert(&layer.id, idx + 1).is_some() {
            return Err(Error::LayerRepeated {
                operator: OPERATOR,
                layer: shortened(&layer.id),
            });
        }
    }
    Ok(numbers)
}
