//! Examples as pictures.

use ndarray::{ArrayView3, Axis};

use crate::data::examples::Examples;
use crate::render::color::Theme;
use crate::render::display::{DisplayRange, Rendered, render};

use super::run::Run;

/// A picture of one example: grey from black to white, or colours.
pub fn example_picture(values: ArrayView3<f32>, theme: Theme) -> Rendered {
    render(values, &DisplayRange::Clip, theme)
}

/// `count` training examples of each class that is learned, fewer where there are fewer.
pub fn gallery(run: &Run, count: usize, theme: Theme) -> Vec<Vec<Rendered>> {
    let Examples {
        inputs,
        labels,
        classes,
    } = run.training();
    let of_class = |class: usize| {
        let chosen = (0..labels.len()).filter(|&idx| labels[idx] as usize == class);
        let shown = |idx| example_picture(inputs.index_axis(Axis(0), idx), theme);
        chosen.take(count).map(shown).collect()
    };
    (0..*classes).map(of_class).collect()
}
