//! A measurement draw by draw, planned once.

use ndarray::{Array2, Array4, ArrayD, ArrayView3, ArrayViewD, Axis, s};

use super::question::{Learned, Measure, Question};
use super::spread::Spread;
use super::theoretical::{Theoretical, theoretical, trimmed, units};
use super::{DRAW_LIMIT, EffectiveReceptiveField, OPERATOR};
use crate::compute::check_budget;
use crate::data::rng::Rng;
use crate::error::{Error, Result, check_range};
use crate::math::arrays::shaped;
use crate::math::real::Real;
use crate::net::graph::{Graph, Node, NodeId};
use crate::net::op::shape::Shape;
use crate::net::op::span::Span;
use crate::net::reference::input_gradient::InputGradient;
use crate::net::reference::plan::{Part, Plan};
use crate::net::spec::Spec;
use crate::net::weights::{Initial, next_seed};
use crate::ops::shape::check_shape;

/// A question on its way to the answer: each draw adds a map.
#[derive(Clone, Debug)]
pub struct Measurement<'a, F> {
    question: Question<'a, F>,
    gradient: InputGradient<F>,
    /// The gradient that starts at the units.
    d_output: ArrayD<F>,
    units: Part,
    /// The part of the input that is computed with.
    held: Part,
    theoretical: Theoretical,
    /// What the network looks at, if that is given.
    seen: Option<Array4<F>>,
    input_shape: [usize; 4],
    operations: f64,
    seeds: Rng,
    drawn: Drawn,
}

/// What the first draws of a measurement have come to: all that the others must know of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawn {
    /// How many there were.
    pub draws: usize,
    /// The sum of their maps, row by row, over the part of the input that is computed with; nothing
    /// before the first.
    pub sum: Vec<f64>,
}

impl<'a, F: Real> Measurement<'a, F> {
    /// Plans what `question` asks of the network.
    ///
    /// # Errors
    /// As [`super::effective_receptive_field`].
    pub fn new(spec: &Spec, question: &Question<'a, F>) -> Result<Self> {
        let graph = Graph::new(spec)?;
        let node = graph.find(question.node)?;
        let units = units(&graph[node], question)?;
        let most = DRAW_LIMIT as f64;
        check_range(OPERATOR, "draws", [1.0, most], question.draws as f64)?;
        let simplified = Graph::new(&question.simplified.applied(spec))?;
        let plan = Plan::new(&simplified, node, units, false)?;
        let held = plan.parts[0].unwrap_or(units);
        let theoretical = theoretical(&graph, node, units)?;
        let channels = |node: NodeId| graph[node].shape.channels().unwrap_or_default();
        let [height, width] = held.map(Span::len);
        let [unit_rows, unit_cols] = units.map(Span::len);
        check_budget(
            OPERATOR,
            &[
                // The map is `f64`.
                &[channels(NodeId::INPUT) + 2, height, width],
                &[channels(node), unit_rows, unit_cols],
            ],
        )?;
        let seen = question.input.map(|picture| seen(&graph, picture, held));
        let d_output = d_output(&simplified[node], &plan, question);
        let operations = plan.operations(&simplified)?;
        Ok(Measurement {
            seen: seen.transpose()?,
            gradient: match &question.weights {
                Learned::Given(weights) => {
                    InputGradient::new(simplified, plan, (*weights).clone())?
                }
                // Random weights are drawn anew for each map.
                Learned::Uniform | Learned::Random => {
                    InputGradient::initial(simplified, plan, Initial::Uniform)?
                }
            },
            d_output,
            units,
            held,
            theoretical,
            input_shape: [1, channels(NodeId::INPUT), height, width],
            operations,
            seeds: Rng::new(question.seed),
            drawn: Drawn::default(),
            question: question.clone(),
        })
    }

    /// Goes on after the draws of an earlier measurement of the same question.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] if their sum has another size.
    pub fn resume(&mut self, drawn: Drawn) -> Result<()> {
        let [.., rows, cols] = self.input_shape;
        if drawn.draws > 0 {
            check_shape(OPERATOR, "sum", &[rows * cols], &[drawn.sum.len()])?;
        }
        self.seeds = Rng::new(self.question.seed);
        self.seeds.skip(drawn.draws as u64 * self.seeds_per_draw());
        self.drawn = drawn;
        Ok(())
    }

    /// Number of draws that the answer takes: those that were asked for, or one if all are the same.
    pub fn draws(&self) -> usize {
        let is_random = matches!(self.question.weights, Learned::Random)
            || self.question.input.is_none() && self.gradient.reads_input();
        if is_random { self.question.draws } else { 1 }
    }

    /// The draws so far.
    pub fn drawn(&self) -> &Drawn {
        &self.drawn
    }

    /// Multiply-adds of one draw and their like.
    pub fn operations(&self) -> f64 {
        self.operations
    }

    /// Adds the map of one more draw.
    ///
    /// # Errors
    /// [`Error::Layer`] around what an operator refuses.
    pub fn draw(&mut self) -> Result<()> {
        let seed = next_seed(&mut self.seeds);
        if matches!(self.question.weights, Learned::Random) {
            self.gradient.redraw(Initial::Random { seed })?;
        }
        let d_input = match &self.seen {
            Some(seen) => self.gradient.at(seen.view(), self.d_output.view())?,
            None => {
                let seed = next_seed(&mut self.seeds);
                let input = match self.gradient.reads_input() {
                    true => noise(self.input_shape, seed),
                    false => Array4::zeros(self.input_shape),
                };
                self.gradient.at(input.view(), self.d_output.view())?
            }
        };
        let [.., rows, cols] = self.input_shape;
        self.drawn.sum.resize(rows * cols, 0.0);
        accumulate(&mut self.drawn.sum, d_input.view(), self.question.measure);
        self.drawn.draws += 1;
        Ok(())
    }

    /// The field as the draws so far show it.
    ///
    /// # Errors
    /// [`Error::NotFinite`] for gradients beyond all numbers.
    pub fn field(&self) -> Result<EffectiveReceptiveField> {
        let [.., rows, cols] = self.input_shape;
        let draws = self.drawn.draws.max(1) as f64;
        let mean = self.drawn.sum.iter().map(|sum| sum / draws);
        let mut mean = mean.collect::<Vec<_>>();
        mean.resize(rows * cols, 0.0);
        if let Some(value) = mean.iter().find(|value| !value.is_finite()) {
            return Err(Error::NotFinite {
                operator: OPERATOR,
                argument: "gradient",
                got: value.to_string(),
            });
        }
        let mean: Array2<f64> = shaped([rows, cols], mean);
        let (map, origin) = trimmed(mean, self.held, self.theoretical.inside);
        Ok(EffectiveReceptiveField {
            spread: Spread::of(&map, origin),
            map,
            origin,
            theoretical: self.theoretical.unclipped,
            position: self.units.map(|span| span.start as usize),
            operations: self.question.draws as f64 * self.operations,
        })
    }

    /// The weights have one, noise another.
    fn seeds_per_draw(&self) -> u64 {
        if self.seen.is_some() { 1 } else { 2 }
    }
}

/// The gradient that starts at the units: that of their mean, over one channel or their sum.
fn d_output<F: Real>(node: &Node, plan: &Plan, question: &Question<F>) -> ArrayD<F> {
    let channels = node.shape.channels().unwrap_or_default();
    let part = plan.parts[plan.node.index()].map_or([1, 1], |part| part.map(Span::len));
    let share = F::of(1.0 / (part[0] * part[1]) as f64);
    let map = Array4::from_shape_fn([1, channels, part[0], part[1]], |(_, channel, ..)| {
        if question.channel.is_none_or(|wanted| wanted == channel) {
            share
        } else {
            F::zero()
        }
    });
    match node.shape {
        Shape::Map { .. } => map.into_dyn(),
        Shape::Vector { .. } => map
            .index_axis_move(Axis(3), 0)
            .index_axis_move(Axis(2), 0)
            .into_dyn(),
    }
}

/// The part of a picture that the units see.
fn seen<F: Real>(graph: &Graph, picture: ArrayView3<F>, held: Part) -> Result<Array4<F>> {
    let shape = graph[NodeId::INPUT].shape;
    let known = match (shape, shape.spatial()) {
        (Shape::Map { channels, .. }, [Some(rows), Some(cols)]) => [channels, rows, cols],
        _ => {
            return Err(Error::ShapeMismatch {
                operator: OPERATOR,
                argument: "input",
                expected: "none, as the network gives its input no size".into(),
                got: format!("{:?}", picture.shape()),
            });
        }
    };
    check_shape(OPERATOR, "input", &known, picture.shape())?;
    let [rows, cols] = held.map(|span| span.start as usize..span.end as usize);
    Ok(picture
        .slice(s![.., rows, cols])
        .to_owned()
        .insert_axis(Axis(0)))
}

fn noise<F: Real>(shape: [usize; 4], seed: u64) -> Array4<F> {
    let mut rng = Rng::new(seed);
    Array4::from_shape_simple_fn(shape, || F::of(rng.uniform()))
}

fn accumulate<F: Real>(sum: &mut [f64], d_input: ArrayViewD<F>, measure: Measure) {
    let channels = d_input.index_axis(Axis(0), 0);
    for channel in channels.outer_iter() {
        for (sum, gradient) in sum.iter_mut().zip(channel.iter()) {
            let gradient = gradient.as_f64();
            *sum += match measure {
                Measure::Absolute => gradient.abs(),
                Measure::Squared => gradient * gradient,
            };
        }
    }
}
