//! Thin lines of one direction.

use super::{Family, Filter, Weights};

pub(super) const LINE_HORIZONTAL: Filter = Filter {
    name: "line_horizontal",
    family: Family::Line,
    parameters: &[],
    definition: "2 along the line, −1 beside it; positive on bright lines",
    source: LINES,
    weights: Weights::Fixed(&[&[-1.0, -1.0, -1.0], &[2.0, 2.0, 2.0], &[-1.0, -1.0, -1.0]]),
};

pub(super) const LINE_VERTICAL: Filter = Filter {
    name: "line_vertical",
    family: Family::Line,
    parameters: &[],
    definition: "2 along the line, −1 beside it; positive on bright lines",
    source: LINES,
    weights: Weights::Fixed(&[&[-1.0, 2.0, -1.0], &[-1.0, 2.0, -1.0], &[-1.0, 2.0, -1.0]]),
};

pub(super) const LINE_DIAGONAL_DOWN: Filter = Filter {
    name: "line_diagonal_down",
    family: Family::Line,
    parameters: &[],
    definition: "2 along the line from upper left to lower right, −1 beside it; positive on bright lines",
    source: LINES,
    weights: Weights::Fixed(&[&[2.0, -1.0, -1.0], &[-1.0, 2.0, -1.0], &[-1.0, -1.0, 2.0]]),
};

pub(super) const LINE_DIAGONAL_UP: Filter = Filter {
    name: "line_diagonal_up",
    family: Family::Line,
    parameters: &[],
    definition: "2 along the line from lower left to upper right, −1 beside it; positive on bright lines",
    source: LINES,
    weights: Weights::Fixed(&[&[-1.0, -1.0, 2.0], &[-1.0, 2.0, -1.0], &[2.0, -1.0, -1.0]]),
};

/// Also the source of the point filter.
pub(super) const LINES: &str =
    "Gonzalez and Woods, Digital Image Processing (4th ed. 2018), section 10.2";

#[cfg(test)]
mod tests {
    use super::super::testing::named;
    use ndarray::array;

    #[test]
    fn line_filters_respond_only_to_their_own_line() {
        let lines = [
            (
                "line_horizontal",
                array![[0.0, 0.0, 0.0], [1.0, 1.0, 1.0], [0.0, 0.0, 0.0]],
            ),
            (
                "line_vertical",
                array![[0.0, 1.0, 0.0], [0.0, 1.0, 0.0], [0.0, 1.0, 0.0]],
            ),
            (
                "line_diagonal_down",
                array![[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
            ),
            (
                "line_diagonal_up",
                array![[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]],
            ),
        ];
        for (name, _) in &lines {
            for (line, picture) in &lines {
                let expected = if name == line { 6.0 } else { 0.0 };
                assert_eq!(
                    (named(name, &[]) * picture).sum(),
                    expected,
                    "{name} on {line}"
                );
            }
        }
    }
}
