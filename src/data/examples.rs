//! Labelled pictures to learn from, and how they are split, ordered and disturbed.

use ndarray::{Array4, Axis, s};

use crate::data::rng::Rng;

/// Pictures with the class of each.
#[derive(Clone, Debug, PartialEq)]
pub struct Examples {
    /// `[n, channels, height, width]`, from 0 to 1.
    pub inputs: Array4<f32>,
    /// n classes, from 0.
    pub labels: Vec<i32>,
    /// Number of classes.
    pub classes: usize,
}

impl Examples {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Those at `indices`, each below [`Examples::len`], in their order.
    pub fn select(&self, indices: &[usize]) -> Examples {
        Examples {
            inputs: self.inputs.select(Axis(0), indices),
            labels: indices.iter().map(|&idx| self.labels[idx]).collect(),
            classes: self.classes,
        }
    }

    /// Those whose class is one of `classes`, which count from 0 from then on.
    pub fn of_classes(&self, classes: std::ops::Range<i32>) -> Examples {
        let indices = (0..self.len()).filter(|&idx| classes.contains(&self.labels[idx]));
        let mut kept = self.select(&indices.collect::<Vec<_>>());
        kept.labels
            .iter_mut()
            .for_each(|label| *label -= classes.start);
        kept.classes = classes.len();
        kept
    }

    /// All in an order that `seed` decides, parted after the first `count`, or after all of them.
    pub fn split(&self, count: usize, seed: u64) -> [Examples; 2] {
        let order = shuffled(self.len(), seed);
        let (first, rest) = order.split_at(count.min(order.len()));
        [self.select(first), self.select(rest)]
    }

    /// Gives each example, with the probability `share`, another class than its own, all others
    /// equally likely.
    pub fn with_label_noise(mut self, share: f64, seed: u64) -> Examples {
        let mut rng = Rng::new(seed);
        let others = self.classes.saturating_sub(1);
        for label in &mut self.labels {
            let (chance, place) = (rng.uniform(), rng.uniform());
            if chance < share && others > 0 {
                let other = (place * others as f64) as i32;
                *label = other + i32::from(other >= *label);
            }
        }
        self
    }
}

/// The numbers below `count` in an order that `seed` decides, all orders equally likely.
///
/// # Source
/// Durstenfeld, "Algorithm 235: Random permutation", Communications of the ACM 7(7), 1964.
pub fn shuffled(count: usize, seed: u64) -> Vec<usize> {
    let mut rng = Rng::new(seed);
    let mut order = (0..count).collect::<Vec<_>>();
    for last in (1..count).rev() {
        order.swap(last, (rng.uniform() * (last + 1) as f64) as usize);
    }
    order
}

/// Moves the pictures by `down` rows and `right` columns; what comes in at the border is 0.
///
/// # Shapes
/// `inputs` and the result `[n, channels, height, width]`.
pub fn shifted(inputs: &Array4<f32>, down: isize, right: isize) -> Array4<f32> {
    let (_, _, height, width) = inputs.dim();
    let mut moved = Array4::zeros(inputs.raw_dim());
    let ends = |by: isize, extent: usize| {
        let by = by.clamp(-(extent as isize), extent as isize);
        let kept = extent - by.unsigned_abs();
        let [from, to] = [(-by).max(0) as usize, by.max(0) as usize];
        (from..from + kept, to..to + kept)
    };
    let (rows_from, rows_to) = ends(down, height);
    let (cols_from, cols_to) = ends(right, width);
    moved
        .slice_mut(s![.., .., rows_to, cols_to])
        .assign(&inputs.slice(s![.., .., rows_from, cols_from]));
    moved
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array;

    fn examples(count: usize) -> Examples {
        Examples {
            inputs: Array::from_shape_fn((count, 1, 2, 3), |(n, _, row, col)| {
                (n * 6 + row * 3 + col) as f32
            }),
            labels: (0..count as i32).map(|n| n % 4).collect(),
            classes: 4,
        }
    }

    #[test]
    fn a_split_keeps_every_example_once_with_its_label() {
        let all = examples(11);
        let [first, rest] = all.split(4, 7);
        assert_eq!((first.len(), rest.len()), (4, 7));
        let mut seen = Vec::new();
        for part in [&first, &rest] {
            for (n, &label) in part.labels.iter().enumerate() {
                let idx = part.inputs[[n, 0, 0, 0]] as usize / 6;
                assert_eq!(label, all.labels[idx]);
                seen.push(idx);
            }
        }
        seen.sort_unstable();
        assert_eq!(seen, (0..11).collect::<Vec<_>>());
        assert_eq!(all.split(4, 7)[0], first);
        assert_ne!(all.split(4, 8)[0], first);
        assert_eq!(all.split(20, 7)[1].len(), 0);
    }

    #[test]
    fn every_order_of_three_comes_up_about_as_often() {
        let mut counts = std::collections::BTreeMap::new();
        for seed in 0..6000 {
            *counts.entry(shuffled(3, seed)).or_insert(0) += 1;
        }
        assert_eq!(counts.len(), 6);
        assert!(
            counts.values().all(|count| (880..1120).contains(count)),
            "{counts:?}"
        );
    }

    #[test]
    fn label_noise_changes_its_share_of_the_labels_to_any_other() {
        let all = examples(8000);
        let noisy = all.clone().with_label_noise(0.25, 3);
        let changed = (0..all.len()).filter(|&idx| noisy.labels[idx] != all.labels[idx]);
        let share = changed.count() as f64 / all.len() as f64;
        assert!((share - 0.25).abs() < 0.02, "{share}");
        assert!(noisy.labels.iter().all(|label| (0..4).contains(label)));
        assert_eq!(all.clone().with_label_noise(0.0, 3), all);
    }

    #[test]
    fn classes_count_from_zero_again() {
        let kept = examples(8).of_classes(2..4);
        assert_eq!((kept.len(), kept.classes), (4, 2));
        assert_eq!(kept.labels, [0, 1, 0, 1]);
        assert_eq!(kept.inputs[[0, 0, 0, 0]], 12.0);
    }

    #[test]
    fn a_shift_moves_rows_down_and_columns_right() {
        let one = examples(1).inputs;
        assert_eq!(
            shifted(&one, 1, -1).into_raw_vec_and_offset().0,
            [0.0, 0.0, 0.0, 1.0, 2.0, 0.0]
        );
        assert_eq!(shifted(&one, 0, 0), one);
        assert!(shifted(&one, -5, 0).iter().all(|&value| value == 0.0));
    }
}
