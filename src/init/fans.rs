//! How many values feed into and out of one unit of a layer.

use crate::error::{Error, Result};

/// `[fan_in, fan_out]` of weights `[c_out, c_in / groups, ...kernel]` or `[out, in]`: the inputs
/// that one output sums, and c_out times the kernel's cells.
///
/// As in PyTorch the groups do not divide fan_out.
///
/// # Errors
/// [`Error::ShapeMismatch`] for fewer than two axes, which have no fans.
pub(crate) fn fans(operator: &'static str, shape: &[usize]) -> Result<[f64; 2]> {
    let [out, inputs, kernel @ ..] = shape else {
        return Err(Error::ShapeMismatch {
            operator,
            argument: "shape",
            expected: "[out, in, ...]".into(),
            got: format!("{shape:?}"),
        });
    };
    let cells = kernel.iter().map(|&extent| extent as f64).product::<f64>();
    Ok([*inputs as f64 * cells, *out as f64 * cells])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernel_counts_in_both_directions() {
        assert_eq!(fans("test", &[8, 3, 5, 2]), Ok([30.0, 80.0]));
        assert_eq!(fans("test", &[10, 4]), Ok([4.0, 10.0]));
        assert!(fans("test", &[10]).is_err());
        assert!(fans("test", &[]).is_err());
    }
}
