//! What the sums under the positions of a window are divided by.

/// A number for every line of positions and one for every column, whose products are the divisors:
/// whole numbers that `f32` holds exactly.
#[derive(Clone, Debug, Default)]
pub(crate) struct Divisors {
    rows: Vec<f32>,
    cols_and_three: Vec<f32>,
}

impl Divisors {
    /// The products of `rows` and `cols`.
    pub fn new(rows: impl Iterator<Item = usize>, cols: impl Iterator<Item = usize>) -> Self {
        let narrow = |count: usize| count as f32;
        Divisors {
            rows: rows.map(narrow).collect(),
            cols_and_three: cols.map(narrow).chain([1.0; 3]).collect(),
        }
    }

    /// The numbers of the rows.
    pub fn rows(&self) -> &[f32] {
        &self.rows
    }

    /// The numbers of the columns; three more make the last ones readable four at a time.
    pub fn cols_and_three(&self) -> &[f32] {
        &self.cols_and_three
    }

    /// All divisors, line by line.
    pub fn products(&self) -> impl Iterator<Item = f64> {
        let cols = &self.cols_and_three[..self.cols_and_three.len().saturating_sub(3)];
        let line = move |&row: &f32| {
            let cols = cols.iter();
            cols.map(move |&col| f64::from(row) * f64::from(col))
        };
        self.rows.iter().flat_map(line)
    }
}
