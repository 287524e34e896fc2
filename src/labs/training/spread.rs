//! How much a result varies from seed to seed.

use serde::Serialize;

/// The spread of a few values.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation: the root of the sum of squared differences over count − 1, 0 for one
    /// value.
    pub deviation: f64,
    /// The smallest.
    pub least: f64,
    /// The largest.
    pub most: f64,
}

impl Spread {
    /// That of `values`; all 0 if there are none.
    pub fn of(values: &[f64]) -> Spread {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count.max(1.0);
        let squares = values.iter().map(|value| (value - mean).powi(2));
        let deviation = (squares.sum::<f64>() / (count - 1.0).max(1.0)).sqrt();
        let end = |pick: fn(f64, f64) -> f64| values.iter().copied().reduce(pick).unwrap_or(0.0);
        Spread {
            mean,
            deviation,
            least: end(f64::min),
            most: end(f64::max),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_known_values() {
        let spread = Spread::of(&[2.0, 4.0, 9.0]);
        assert_eq!((spread.mean, spread.least, spread.most), (5.0, 2.0, 9.0));
        assert!((spread.deviation - 13.0_f64.sqrt()).abs() < 1e-12);
        let one = Spread::of(&[0.5]);
        assert_eq!((one.mean, one.deviation), (0.5, 0.0));
        assert_eq!(Spread::of(&[]).most, 0.0);
    }
}
