//! The divisors of average pooling.

/// One factor per row of positions and one per column; their products are the divisors. All are
/// integers that `f32` represents exactly.
#[derive(Clone, Debug, Default)]
pub(crate) struct Divisors {
    rows: Vec<f32>,
    cols_and_three: Vec<f32>,
}

impl Divisors {
    /// The divisors `rows[i] * cols[j]`.
    pub fn new(rows: impl Iterator<Item = usize>, cols: impl Iterator<Item = usize>) -> Self {
        let to_f32 = |count: usize| count as f32;
        Divisors {
            rows: rows.map(to_f32).collect(),
            cols_and_three: cols.map(to_f32).chain([1.0; 3]).collect(),
        }
    }

    /// The factors of the rows.
    pub fn rows(&self) -> &[f32] {
        &self.rows
    }

    /// The factors of the columns, and three more values so that the last ones can be read four at
    /// a time.
    pub fn cols_and_three(&self) -> &[f32] {
        &self.cols_and_three
    }

    /// All divisors, row by row.
    pub fn products(&self) -> impl Iterator<Item = f64> {
        let cols = &self.cols_and_three[..self.cols_and_three.len().saturating_sub(3)];
        let products_of = move |&row: &f32| {
            let cols = cols.iter();
            cols.map(move |&col| f64::from(row) * f64::from(col))
        };
        self.rows.iter().flat_map(products_of)
    }
}
