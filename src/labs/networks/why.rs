//! What counted for an answer: Grad-CAM, the gradient at the input, occlusion, channels switched off.

use ndarray::{ArrayD, IxDyn};
use serde::Serialize;

use super::maps::square;
use super::{Answer, Input, NetworksLab, SIDE, ShownLayer, probabilities};
use crate::data::picture::Picture;
use crate::error::Result;
use crate::labs::shared::check_index;
use crate::math::arrays::shaped;
use crate::net::op::span::Span;
use crate::net::reference::input_gradient::InputGradient;
use crate::net::reference::plan::Plan;
use crate::net::refusal::unknown_layer;
use crate::net::weights::{Initial, Weights, parameters};
use crate::render::color::Theme;
use crate::render::display::Rendered;
use crate::render::heat::tint;

/// Places of the patch along each axis.
pub const PLACES: usize = 14;

/// Pixels from one place to the next.
const STEP: usize = SIDE / PLACES;

/// Channels that are listed: those without which the probability falls or rises most.
const LISTED: usize = 6;

/// The pixels whose gradients are largest are all in full colour: one in this many.
const CLIPPED: usize = 200;

/// The answer without one channel of the last maps.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ChannelOff {
    /// Its number.
    pub channel: usize,
    /// The probability of the class without it.
    pub probability: f32,
}

impl NetworksLab {
    /// Which positions of the last maps raise the score of `class`: for each the sum over the channels
    /// of activation · mean gradient, negative sums as 0, interpolated over the picture.
    ///
    /// Behind those maps stand only a mean and a dense layer, so the gradient is the same at every
    /// position: the weight of the class divided by the number of positions.
    ///
    /// # Errors
    /// As [`NetworksLab::answer`]; [`crate::error::Error::OutOfRange`] for a class that there is not.
    ///
    /// # Source
    /// Selvaraju et al., Grad-CAM, arXiv:1610.02391, equations 1 and 2.
    pub fn grad_cam(
        &mut self,
        picture: &Picture,
        class: usize,
        theme: Theme,
    ) -> Result<(Rendered, Vec<f32>)> {
        let Answer { input, logits, .. } = self.see(Input::new(picture))?;
        check_index("networksLabGradCam", "class", class, logits.len())?;
        let head = self.head()?;
        let dense = self.dense()?;
        let positions = head.side * head.side;
        let mut cam = vec![0.0_f64; positions];
        let maps = self.values(&head).chunks_exact(positions);
        for (map, &weight) in maps.zip(dense.row(class)) {
            let alpha = f64::from(weight) / positions as f64;
            let sums = cam.iter_mut().zip(map);
            sums.for_each(|(sum, &value)| *sum += alpha * f64::from(value));
        }
        let cam = cam
            .iter()
            .map(|&sum| sum.max(0.0) as f32)
            .collect::<Vec<_>>();
        let (large, grey) = (interpolated(&cam, head.side), input.grey());
        Ok((tint(square(&large), square(&grey), theme), cam))
    }

    /// How strongly each pixel changes the score of `class`: the largest absolute value over the colours,
    /// and the gradient itself, `[3, 224, 224]`, per unit of the network's input.
    ///
    /// # Errors
    /// As [`NetworksLab::grad_cam`].
    ///
    /// # Source
    /// Simonyan, Vedaldi and Zisserman, arXiv:1312.6034, section 3.1.
    pub fn gradient(
        &mut self,
        picture: &Picture,
        class: usize,
        theme: Theme,
    ) -> Result<(Rendered, Vec<f32>)> {
        let Answer { input, logits, .. } = self.see(Input::new(picture))?;
        check_index("networksLabGradient", "class", class, logits.len())?;
        let graph = self.network.graph().clone();
        let last = graph.last();
        let plan = Plan::new(&graph, last, [Span { start: 0, end: 1 }; 2], false)?;
        let mut weights = Weights::new(&graph, last, Initial::Uniform)?;
        for (id, node) in graph.iter() {
            let known = parameters(&graph, id)?;
            for (parameter, values) in known.iter().zip(self.weights.arrays(&graph, id)?) {
                weights.set(&graph, &node.id, parameter.name, values)?;
            }
        }
        let mut d_output = ArrayD::zeros(IxDyn(&[1, logits.len()]));
        d_output[[0, class]] = 1.0;
        let image = shaped([1, 3, SIDE, SIDE], self.network.input().to_vec());
        let gradient =
            InputGradient::new(graph, plan, weights)?.at(image.view(), d_output.view())?;
        let gradient = gradient.iter().copied().collect::<Vec<_>>();
        let largest = (0..SIDE * SIDE).map(|at| {
            let colors = (0..3).map(|channel| gradient[channel * SIDE * SIDE + at].abs());
            colors.fold(0.0, f32::max)
        });
        let mut largest = largest.collect::<Vec<_>>();
        clip(&mut largest);
        let grey = input.grey();
        Ok((tint(square(&largest), square(&grey), theme), gradient))
    }

    /// The probability of `class` with a grey patch of `size` pixels at each place of a row of them.
    ///
    /// The middle of a patch is that of its place, so those at the borders are cut off.
    ///
    /// # Errors
    /// As [`NetworksLab::grad_cam`]; [`crate::error::Error::OutOfRange`] for a row beyond [`PLACES`].
    ///
    /// # Source
    /// Zeiler and Fergus, arXiv:1311.2901, section 4.2.
    pub fn occlusion(
        &mut self,
        picture: &Picture,
        class: usize,
        size: usize,
        row: usize,
    ) -> Result<Vec<f32>> {
        check_index("networksLabOcclusion", "row", row, PLACES)?;
        let input = Input::new(picture);
        let mut found = Vec::with_capacity(PLACES);
        for column in 0..PLACES {
            let [rows, cols] = [row, column].map(|place| covered(place, size));
            let covered = input.covered(rows, cols);
            let answer = self.see(covered)?;
            check_index("networksLabOcclusion", "class", class, answer.logits.len())?;
            found.push(answer.probabilities[class]);
        }
        Ok(found)
    }

    /// The probabilities of [`NetworksLab::occlusion`], row after row as far as they are known, over the
    /// picture: orange where the patch lowers the probability, violet where it raises it.
    ///
    /// # Errors
    /// As [`NetworksLab::grad_cam`].
    pub fn occlusion_map(
        &mut self,
        picture: &Picture,
        class: usize,
        found: &[f32],
        theme: Theme,
    ) -> Result<Rendered> {
        let Answer {
            input,
            probabilities,
            ..
        } = self.see(Input::new(picture))?;
        check_index("networksLabOcclusion", "class", class, probabilities.len())?;
        let mut falls = vec![0.0; PLACES * PLACES];
        for (fall, &probability) in falls.iter_mut().zip(found) {
            *fall = probabilities[class] - probability;
        }
        let (large, grey) = (interpolated(&falls, PLACES), input.grey());
        Ok(tint(square(&large), square(&grey), theme))
    }

    /// The channels of the last maps without which the probability of `class` falls most and rises most,
    /// each switched off by itself: six of either.
    ///
    /// # Errors
    /// As [`NetworksLab::grad_cam`].
    pub fn channels_off(
        &mut self,
        picture: &Picture,
        class: usize,
    ) -> Result<[Vec<ChannelOff>; 2]> {
        let answer = self.see(Input::new(picture))?;
        check_index("networksLabChannels", "class", class, answer.logits.len())?;
        let dense = self.dense()?;
        let channels = self.means()?.into_iter().enumerate();
        let without = channels.map(|(channel, mean)| ChannelOff {
            channel,
            probability: dense.without(&answer.logits, channel, mean)[class],
        });
        let mut all = without.collect::<Vec<_>>();
        all.sort_by(|a, b| a.probability.total_cmp(&b.probability));
        let rising = all.iter().rev().take(LISTED).copied().collect();
        all.truncate(LISTED);
        Ok([all, rising])
    }

    /// The probabilities of all classes without one channel of the last maps.
    ///
    /// # Errors
    /// As [`NetworksLab::answer`]; [`crate::error::Error::OutOfRange`] for a channel that there is not.
    pub fn without_channel(&mut self, picture: &Picture, channel: usize) -> Result<Vec<f32>> {
        let answer = self.see(Input::new(picture))?;
        let means = self.means()?;
        check_index("networksLabChannels", "channel", channel, means.len())?;
        Ok(self
            .dense()?
            .without(&answer.logits, channel, means[channel]))
    }

    /// The mean of each of the last maps.
    fn means(&self) -> Result<Vec<f32>> {
        let head = self.head()?;
        let positions = head.side * head.side;
        let maps = self.values(&head).chunks_exact(positions);
        Ok(maps
            .map(|map| map.iter().sum::<f32>() / positions as f32)
            .collect())
    }

    /// The last maps.
    fn head(&self) -> Result<ShownLayer> {
        let last = self.layers.last().cloned();
        last.ok_or_else(|| unknown_layer("networksLab", "head"))
    }

    /// The weights of the dense layer.
    fn dense(&self) -> Result<Dense> {
        let graph = self.network.graph();
        let arrays = self.weights.arrays(graph, graph.last())?;
        Ok(Dense(arrays.into_iter().next().unwrap_or_default()))
    }
}

/// `[classes, channels]`
struct Dense(ArrayD<f32>);

impl Dense {
    /// The weights of a class, one for each channel.
    fn row(&self, class: usize) -> &[f32] {
        let channels = self.0.shape().last().copied().unwrap_or_default();
        let all = self.0.as_slice().unwrap_or_default();
        &all[class * channels..(class + 1) * channels]
    }

    /// The probabilities if a channel of this `mean` gave 0.
    fn without(&self, logits: &[f32], channel: usize, mean: f32) -> Vec<f32> {
        let logits = logits.iter().enumerate();
        let logits = logits.map(|(class, logit)| logit - self.row(class)[channel] * mean);
        probabilities(&logits.collect::<Vec<_>>())
    }
}

/// The pixels, from first to before last, that a patch at a place covers along an axis.
fn covered(place: usize, size: usize) -> [usize; 2] {
    let middle = place * STEP + STEP / 2;
    [
        middle.saturating_sub(size / 2),
        (middle + size - size / 2).min(SIDE),
    ]
}

/// A map of `side` x `side` values as large as the input, bilinear between the middles of its cells.
fn interpolated(values: &[f32], side: usize) -> Vec<f32> {
    let steps = (0..SIDE).map(|at| {
        let position = (at as f32 + 0.5) * side as f32 / SIDE as f32 - 0.5;
        let position = position.clamp(0.0, (side - 1) as f32);
        let low = position as usize;
        (low, (low + 1).min(side - 1), position - low as f32)
    });
    let steps = steps.collect::<Vec<_>>();
    let mut large = Vec::with_capacity(SIDE * SIDE);
    for &(top, bottom, down) in &steps {
        for &(left, right, across) in &steps {
            let row = |row: usize| {
                values[row * side + left] * (1.0 - across) + values[row * side + right] * across
            };
            large.push(row(top) * (1.0 - down) + row(bottom) * down);
        }
    }
    large
}

/// Limits `values` so that one in [`CLIPPED`] is the largest.
fn clip(values: &mut [f32]) {
    let mut sorted = values.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    let most = sorted[sorted.len() / CLIPPED];
    values.iter_mut().for_each(|value| *value = value.min(most));
}
