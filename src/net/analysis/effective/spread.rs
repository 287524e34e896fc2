//! How a map of magnitudes is spread: its deviation, and the area that holds nearly all of it.

use ndarray::{Array2, Axis};

/// What a normal distribution holds within two standard deviations.
pub const SHARE: f64 = 0.9545;

/// Figures of a map. All are `None` or 0 if the map is 0 everywhere.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// Sum of the map.
    pub total: f64,
    /// Its largest value.
    pub peak: f64,
    /// Row and column of the mean of the map as a distribution, in input pixels.
    pub centre: Option<[f64; 2]>,
    /// Standard deviation of that distribution along the rows' and the columns' axis, in pixels.
    pub sd: Option<[f64; 2]>,
    /// The fewest pixels that hold [`SHARE`] of the total.
    pub area: Area,
    /// The pixels above 1 − [`SHARE`] of the peak.
    pub above: Area,
}

/// A number of pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    /// How many.
    pub pixels: usize,
    /// Their share of the map, which is the theoretical field inside the input.
    pub share: f64,
    /// Radius of a disc of this area, in pixels.
    pub radius: f64,
    /// Side of a square of this area, in pixels.
    pub side: f64,
}

impl Spread {
    /// That of `map`, whose first pixel stands at `origin`.
    pub fn of(map: &Array2<f64>, origin: [i64; 2]) -> Spread {
        let total = map.sum();
        let peak = map.iter().copied().fold(0.0, f64::max);
        let moments = [0, 1].map(|axis| moments(&map.sum_axis(Axis(1 - axis)).to_vec()));
        let known = |of: fn([f64; 2]) -> f64| (total > 0.0).then(|| moments.map(of));
        let [mean, sd] = [known(|[mean, _]| mean), known(|[_, sd]| sd)];
        let area = |pixels: usize| Area {
            pixels,
            share: pixels as f64 / map.len().max(1) as f64,
            radius: (pixels as f64 / std::f64::consts::PI).sqrt(),
            side: (pixels as f64).sqrt(),
        };
        let threshold = (1.0 - SHARE) * peak;
        Spread {
            total,
            peak,
            centre: mean.map(|[row, col]| [row + origin[0] as f64, col + origin[1] as f64]),
            sd,
            area: area(fewest(map, SHARE * total)),
            above: area(map.iter().filter(|&&value| value > threshold).count()),
        }
    }
}

/// Mean and standard deviation of the positions, each as likely as its mass.
fn moments(masses: &[f64]) -> [f64; 2] {
    let total = masses.iter().sum::<f64>();
    let mean_of = |of: &dyn Fn(f64) -> f64| {
        let weighted = masses.iter().enumerate();
        weighted.map(|(at, mass)| mass * of(at as f64)).sum::<f64>() / total
    };
    let mean = mean_of(&|at| at);
    [mean, mean_of(&|at| (at - mean).powi(2)).sqrt()]
}

/// How many of the largest values together reach `wanted`.
fn fewest(map: &Array2<f64>, wanted: f64) -> usize {
    let mut values = map
        .iter()
        .copied()
        .filter(|&value| value > 0.0)
        .collect::<Vec<_>>();
    values.sort_unstable_by(|one, other| other.total_cmp(one));
    let mut sum = 0.0;
    let reached = values.iter().position(|value| {
        sum += value;
        sum >= wanted
    });
    reached.map_or(values.len(), |place| place + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_of_a_map_worked_out_by_hand() {
        let map = ndarray::array![[0.0, 2.0, 0.0, 2.0], [0.0, 95.0, 0.0, 1.0]];
        let spread = Spread::of(&map, [-1, 10]);
        assert_eq!((spread.total, spread.peak), (100.0, 95.0));
        let [row, col] = spread.centre.unwrap();
        assert!((row - (-1.0 + 0.96)).abs() < 1e-12 && (col - (11.0 + 0.06)).abs() < 1e-12);
        let [rows, cols] = spread.sd.unwrap();
        // 4 % of the mass one row away, 3 % two columns away.
        assert!((rows.powi(2) - 0.04 * 0.96).abs() < 1e-12);
        assert!((cols.powi(2) - 4.0 * 0.03 * 0.97).abs() < 1e-12);
        // 95 alone is less than 95.45; 4.55 % of 95 is more than 2.
        assert_eq!((spread.area.pixels, spread.above.pixels), (2, 1));
        assert_eq!((spread.area.share, spread.above.share), (0.25, 0.125));
        assert_eq!(spread.area.side, 2.0_f64.sqrt());
        assert!((spread.area.radius.powi(2) * std::f64::consts::PI - 2.0).abs() < 1e-12);
    }

    #[test]
    fn a_map_of_zeros_has_no_middle() {
        let spread = Spread::of(&Array2::zeros([3, 3]), [0, 0]);
        assert_eq!((spread.centre, spread.sd), (None, None));
        assert_eq!((spread.area.pixels, spread.above.pixels), (0, 0));
        let empty = Spread::of(&Array2::zeros([0, 0]), [0, 0]);
        assert_eq!((empty.total, empty.area.share), (0.0, 0.0));
    }
}
