//! Handwritten digits of 8 x 8 pixels, as text: a line for each, its class and 64 letters.

use ndarray::Array4;

use crate::data::examples::Examples;
use crate::error::{Error, Result};

const OPERATOR: &str = "digits";

/// Extent of a digit in rows and in columns.
pub const SIDE: usize = 8;

/// The letter of the largest value, 16.
const LARGEST: u8 = b'q';

/// The digits of `text`: on each line the digit and 64 letters, row by row, `a` for 0 to `q` for 16,
/// which becomes 1.
///
/// # Errors
/// [`Error::WrongType`] naming the first line that is something else; [`Error::TextEmpty`].
pub fn read(text: &str) -> Result<Examples> {
    let mut values = Vec::with_capacity(text.len());
    let mut labels = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let Some((label, pixels)) = digit(line.as_bytes()) else {
            return Err(Error::WrongType {
                operator: OPERATOR,
                argument: format!("line {}", number + 1),
                expected: "a digit and 64 letters from a to q".into(),
                got: format!("{} characters", line.chars().count()),
            });
        };
        labels.push(label);
        values.extend(pixels.iter().map(|&letter| f32::from(letter - b'a') / 16.0));
    }
    let shape = (labels.len(), 1, SIDE, SIDE);
    match Array4::from_shape_vec(shape, values) {
        Ok(inputs) if !labels.is_empty() => Ok(Examples {
            inputs,
            labels,
            classes: 10,
        }),
        _ => Err(Error::TextEmpty { operator: OPERATOR }),
    }
}

fn digit(line: &[u8]) -> Option<(i32, &[u8])> {
    let (label, pixels) = line.split_first()?;
    let is_pixels = pixels.len() == SIDE * SIDE
        && pixels
            .iter()
            .all(|letter| (b'a'..=LARGEST).contains(letter));
    (is_pixels && label.is_ascii_digit()).then(|| (i32::from(label - b'0'), pixels))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_digit() {
        let text = format!("7{}q\n0{}\n", "a".repeat(63), "i".repeat(64));
        let digits = read(&text).unwrap();
        assert_eq!(digits.labels, [7, 0]);
        assert_eq!(digits.inputs.dim(), (2, 1, 8, 8));
        assert_eq!(digits.inputs[[0, 0, 7, 7]], 1.0);
        assert_eq!(digits.inputs[[0, 0, 7, 6]], 0.0);
        assert!(
            digits
                .inputs
                .index_axis(ndarray::Axis(0), 1)
                .iter()
                .all(|&value| value == 0.5)
        );
    }

    #[test]
    fn anything_else_is_refused_with_its_line() {
        assert!(matches!(read(""), Err(Error::TextEmpty { .. })));
        let good = format!("1{}", "a".repeat(64));
        for bad in [
            "",
            "1",
            "x",
            &good[1..],
            &format!("{good}a"),
            &good.replace("aa", "ar"),
        ] {
            let refused = read(&format!("{good}\n{bad}\n{good}")).unwrap_err();
            let Error::WrongType { argument, .. } = refused else {
                panic!("{refused}");
            };
            assert_eq!(argument, "line 2");
        }
    }
}
