//! One step, slowly: one example forward, its loss, the gradient back, and one weight of one kernel.

use ndarray::{Array2, ArrayD, ArrayView2, ArrayView4, Axis, Ix4, s};
use serde::Deserialize;

use crate::error::{Error, Result};
use crate::math::real::Real;
use crate::net::graph::NodeId;
use crate::net::reference::ReferenceNetwork;
use crate::net::spec::Op;
use crate::net::weights::{Initial, Weights};
use crate::ops::softmax::softmax;
use crate::render::color::Theme;
use crate::render::display::{DisplayRange, Rendered, render};
use crate::train::loss::Targets;
use crate::train::trainer::Trainer;
use crate::window::{Sides, Window};

use super::gallery::example_picture;
use super::run::Run;
use super::spec::OPERATOR;

/// Half the distance of the finite difference.
const STEP: f64 = 1e-4;

/// Which example is looked at, and which weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The step that the network stands at, or the latest saved one before it.
    pub step: usize,
    /// Which example of the step's batch.
    pub example: usize,
    /// Which kernel of the first convolution.
    pub kernel: usize,
    /// Row and column of the weight, of the kernel's first channel.
    pub cell: [usize; 2],
}

/// One example's way through the network and back.
#[derive(Clone, Debug, PartialEq)]
pub struct Slowly {
    /// The step that the network stands at.
    pub step: usize,
    /// Examples to choose from.
    pub examples: usize,
    /// The example.
    pub input: Rendered,
    /// Its class.
    pub label: usize,
    /// The layers with maps, in order.
    pub stages: Vec<Stage>,
    /// The probability of each class.
    pub probabilities: Vec<f64>,
    /// The gradient of the loss with respect to each logit.
    pub d_logits: Vec<f64>,
    /// The loss of this example.
    pub loss: f64,
    /// The weight; `None` if the first layer is no convolution.
    pub weight: Option<Weight>,
}

/// One map of a layer, forward and backward, each on its own scale.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// The layer.
    pub id: String,
    /// Its operator.
    pub op: &'static str,
    /// Which map.
    pub map: usize,
    /// Of how many.
    pub maps: usize,
    /// Its values.
    pub forward: Rendered,
    /// The gradients of the loss with respect to them.
    pub backward: Rendered,
}

/// A weight: where its gradient comes from, and what the next step makes of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Weight {
    /// Number of kernels.
    pub kernels: usize,
    /// Rows and columns of a kernel.
    pub size: [usize; 2],
    /// The gradient of the kernel's first channel.
    pub kernel: Rendered,
    /// What the weight was multiplied with at each position.
    pub met: Rendered,
    /// The gradient at each position.
    pub there: Rendered,
    /// Their products.
    pub terms: Rendered,
    /// Number of products.
    pub count: usize,
    /// Their sum: the gradient.
    pub sum: f64,
    /// (loss at w + h − loss at w − h) / 2h with h = 10⁻⁴.
    pub check: f64,
    /// The learning rate.
    pub rate: f64,
    /// The weight.
    pub before: f64,
    /// The weight after a step on this example alone.
    pub after: f64,
}

impl Slowly {
    /// The answer to `question`, computed in double precision but for the step itself.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for a kernel or a cell that the first convolution does not have; as
    /// [`Trainer::step`].
    pub fn of(run: &Run, question: Question, theme: Theme) -> Result<Slowly> {
        let (trainer, step) = run.at(question.step)?;
        let batch = run.batch(step);
        let example = batch.select(&[question.example % batch.len()]);
        let inputs = example.inputs.mapv(f64::from);
        let network = doubled(&trainer)?;
        let last = network.graph().last();
        let pass = network.forward(inputs.view(), last, true)?;
        let logits = values(pass.values(last));
        let targets = Targets::Labels(&example.labels);
        let shape = network.graph()[last].shape;
        let loss = trainer.loss().for_batch(targets, 1, shape)?;
        let (loss, d_logits) = loss.of(logits.view())?;
        let mut d_values = vec![None; network.graph().nodes().len()];
        network.backward_through(&pass, d_logits.view(), |node, d_value| {
            d_values[node.index()] = Some(d_value.clone());
        })?;
        let first = first_convolution(&network);
        let mut map = question.kernel;
        let mut stages = Vec::new();
        for (node, layer) in network.graph().iter().skip(1) {
            let (Some(op), Some(forward), Some(backward)) =
                (&layer.op, pass.values(node), &d_values[node.index()])
            else {
                continue;
            };
            let (Ok(forward), Ok(backward)) = (
                forward.into_dimensionality::<Ix4>(),
                backward.view().into_dimensionality::<Ix4>(),
            ) else {
                continue;
            };
            if matches!(op, Op::Conv2d { .. }) && Some(node) != first {
                map = strongest(backward);
            }
            let maps = forward.dim().1;
            let map = map.min(maps - 1);
            stages.push(Stage {
                id: layer.id.clone(),
                op: op.name(),
                map,
                maps,
                forward: signed(forward.slice(s![0, map, .., ..]), theme),
                backward: signed(backward.slice(s![0, map, .., ..]), theme),
            });
        }
        let weight = match first {
            Some(node) => {
                let d_output = values(d_values[node.index()].as_ref().map(|values| values.view()));
                let way = Way {
                    run,
                    trainer: &trainer,
                    network: &network,
                    node,
                    step,
                };
                Some(way.weight(question, &example, d_output.view(), theme)?)
            }
            None => None,
        };
        Ok(Slowly {
            step,
            examples: batch.len(),
            input: example_picture(example.inputs.index_axis(Axis(0), 0), theme),
            label: example.labels[0] as usize,
            stages,
            probabilities: softmax(logits.view(), 1)?.iter().copied().collect(),
            d_logits: d_logits.iter().copied().collect(),
            loss,
            weight,
        })
    }
}

/// What the story of a weight is told from.
struct Way<'a> {
    run: &'a Run,
    trainer: &'a Trainer<f32>,
    network: &'a ReferenceNetwork<f64>,
    node: NodeId,
    step: usize,
}

impl Way<'_> {
    fn weight(
        &self,
        question: Question,
        example: &crate::data::examples::Examples,
        d_output: ndarray::ArrayViewD<f64>,
        theme: Theme,
    ) -> Result<Weight> {
        let Question {
            kernel,
            cell: [row, col],
            ..
        } = question;
        let id = &self.network.graph()[self.node].id;
        let weights = self.weights(self.network)?;
        let [kernels, _, height, width] = four(weights.shape());
        for (argument, got, count) in [
            ("kernel", kernel, kernels),
            ("row", row, height),
            ("column", col, width),
        ] {
            if got >= count {
                return Err(Error::OutOfRange {
                    operator: OPERATOR,
                    argument,
                    min: 0.0,
                    max: count as f64 - 1.0,
                    got: got as f64,
                });
            }
        }
        let inputs = example.inputs.mapv(f64::from);
        let there = d_output.slice_move(s![0, kernel, .., ..]).to_owned();
        let there = there.into_dimensionality().unwrap_or_default();
        let (_, _, rows, columns) = inputs.dim();
        let window = self.window([rows, columns])?;
        let met = self.met(inputs.view(), [row, col], there.dim(), window);
        let terms = &met * &there;
        let at = [kernel, 0, row, col];
        let moved = |by: f64| {
            let mut network = self.network.clone();
            let mut moved = weights.clone();
            moved[at] += by;
            network.load(vec![(id.clone(), "weights".into(), moved)])?;
            self.loss(&network, inputs.view(), &example.labels)
        };
        let check = (moved(STEP)? - moved(-STEP)?) / (2.0 * STEP);
        let d_kernel = Array2::from_shape_fn((height, width), |(row, col)| {
            (self.met(inputs.view(), [row, col], there.dim(), window) * &there).sum()
        });
        let rate = self.run.rate(self.step)?;
        let mut next = self.trainer.clone();
        let targets = Targets::Labels(&example.labels);
        next.step(example.inputs.view(), targets, rate)?;
        let of = |trainer: &Trainer<f32>| {
            let list = trainer.network().parameters()?.into_iter();
            let mut found = list.filter(|(layer, name, _)| layer == id && *name == "weights");
            Ok(found
                .next()
                .map_or(0.0, |(_, _, values)| f64::from(values[at])))
        };
        Ok(Weight {
            kernels,
            size: [height, width],
            kernel: signed(d_kernel.view(), theme),
            met: example_picture(
                met.mapv(|value| value as f32).insert_axis(Axis(0)).view(),
                theme,
            ),
            there: signed(there.view(), theme),
            terms: signed(terms.view(), theme),
            count: terms.len(),
            sum: terms.sum(),
            check,
            rate,
            before: of(self.trainer)?,
            after: of(&next)?,
        })
    }

    /// What the weight in `cell` of the first channel was multiplied with, position by position.
    fn met(
        &self,
        inputs: ArrayView4<f64>,
        cell: [usize; 2],
        size: (usize, usize),
        (stride, before): ([usize; 2], [usize; 2]),
    ) -> Array2<f64> {
        let place =
            |axis: usize, at: usize| (at * stride[axis] + cell[axis]).checked_sub(before[axis]);
        Array2::from_shape_fn(size, |(row, col)| {
            let inside = place(0, row).zip(place(1, col));
            inside
                .and_then(|(row, col)| inputs.get([0, 0, row, col]))
                .copied()
                .unwrap_or(0.0)
        })
    }

    /// Stride, and the padding before the first row and column.
    fn window(&self, input: [usize; 2]) -> Result<([usize; 2], [usize; 2])> {
        match &self.network.graph()[self.node].op {
            Some(Op::Conv2d {
                kernel,
                stride,
                padding,
                dilation,
                ..
            }) => {
                let window = Window::new(OPERATOR, *kernel, *stride, *dilation, *padding, input)?;
                let Sides { top, left, .. } = window.padding;
                Ok((*stride, [top, left]))
            }
            _ => Ok(([1, 1], [0, 0])),
        }
    }

    fn weights(&self, network: &ReferenceNetwork<f64>) -> Result<ArrayD<f64>> {
        let arrays = network.weights().map_or(&[][..], |all| all.of(self.node));
        Ok(values(arrays.first().map(|values| values.view())))
    }

    fn loss(
        &self,
        network: &ReferenceNetwork<f64>,
        inputs: ArrayView4<f64>,
        labels: &[i32],
    ) -> Result<f64> {
        let last = network.graph().last();
        let pass = network.forward(inputs, last, true)?;
        let shape = network.graph()[last].shape;
        let loss = self
            .trainer
            .loss()
            .for_batch(Targets::Labels(labels), 1, shape)?;
        Ok(loss.of(values(pass.values(last)).view())?.0)
    }
}

/// The network of `trainer` in double precision.
fn doubled(trainer: &Trainer<f32>) -> Result<ReferenceNetwork<f64>> {
    let single = trainer.network();
    let graph = single.graph().clone();
    let weights = Weights::new(&graph, graph.last(), Initial::Uniform)?;
    let mut network = ReferenceNetwork::new(graph, weights);
    let parameters = single.parameters()?.into_iter();
    let parameters = parameters
        .map(|(id, name, values)| (id.to_owned(), name.to_owned(), values.mapv(f64::from)));
    network.load(parameters.collect())?;
    Ok(network)
}

fn first_convolution(network: &ReferenceNetwork<f64>) -> Option<NodeId> {
    let mut nodes = network.graph().iter();
    let (node, _) = nodes.find(|(_, node)| {
        matches!(node.op, Some(Op::Conv2d { .. })) && node.inputs.contains(&NodeId::INPUT)
    })?;
    Some(node)
}

/// The map with the largest sum of squares.
fn strongest(maps: ArrayView4<f64>) -> usize {
    let strength = |map: usize| maps.slice(s![0, map, .., ..]).mapv(|x| x * x).sum();
    let maps = (0..maps.dim().1).map(|map| (map, strength(map)));
    maps.fold(
        (0, -1.0),
        |best, next| if next.1 > best.1 { next } else { best },
    )
    .0
}

fn signed<F: Real>(values: ArrayView2<F>, theme: Theme) -> Rendered {
    let values = values.mapv(|value| value.as_f64() as f32);
    render(
        values.view().insert_axis(Axis(0)),
        &DisplayRange::Symmetric,
        theme,
    )
}

fn values(array: Option<ndarray::ArrayViewD<f64>>) -> ArrayD<f64> {
    array.map_or_else(|| ArrayD::zeros(vec![0]), |values| values.to_owned())
}

fn four(shape: &[usize]) -> [usize; 4] {
    std::array::from_fn(|axis| shape.get(axis).copied().unwrap_or(1))
}
