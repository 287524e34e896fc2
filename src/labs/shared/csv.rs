//! Feature maps as CSV.

use std::fmt::Write;

use ndarray::ArrayView3;

/// One line per row. Each number is the shortest that parses to the same `f32`; channels are
/// separated by an empty line.
///
/// # Shapes
/// `channels` `[c, h, w]`.
pub(in crate::labs) fn write(channels: ArrayView3<f32>) -> String {
    let mut csv = String::new();
    for (channel_idx, channel) in channels.outer_iter().enumerate() {
        if channel_idx > 0 {
            csv.push('\n');
        }
        for row in channel.outer_iter() {
            for (col_idx, value) in row.iter().enumerate() {
                if col_idx > 0 {
                    csv.push(',');
                }
                // Writing to a string cannot fail.
                let _ = write!(csv, "{value}");
            }
            csv.push('\n');
        }
    }
    csv
}

#[cfg(test)]
mod tests {
    use crate::labs::kernel::KernelLab;
    use crate::labs::shared::testing::cases;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_lines_parse_to_the_output((picture, spec) in cases()) {
            let lab = KernelLab::new(picture.clone());
            let Ok(csv) = lab.csv(&spec) else { return Ok(()) };
            let output = spec.run(picture.to_tensor(spec.color).view()).unwrap();
            let (_, c, h, w) = output.dim();
            let lines: Vec<_> = csv.split_terminator('\n').collect();
            prop_assert_eq!(lines.len(), c * h + c - 1);
            for (index, line) in lines.iter().enumerate() {
                let (channel, row) = (index / (h + 1), index % (h + 1));
                if row == h {
                    prop_assert_eq!(*line, "");
                    continue;
                }
                let values: Vec<f32> = line.split(',').map(|value| value.parse().unwrap()).collect();
                prop_assert_eq!(values.len(), w);
                for (col, value) in values.iter().enumerate() {
                    prop_assert_eq!(value.to_bits(), output[[0, channel, row, col]].to_bits());
                }
            }
        }
    }
}
