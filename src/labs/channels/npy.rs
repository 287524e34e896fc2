//! Feature maps as a NumPy file.

use ndarray::ArrayView3;

/// The file `maps.npy` of `maps` `[c, h, w]`: version 1.0, little-endian `f32`, C order.
///
/// # Source
/// NumPy Enhancement Proposal 1, A Simple File Format for NumPy Arrays.
pub(super) fn write(maps: ArrayView3<f32>) -> Vec<u8> {
    let (channels, height, width) = maps.dim();
    let shape = format!("({channels}, {height}, {width})");
    let header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}");
    // Magic, version and length take 10 bytes; header and line end fill up a multiple of 64.
    let length = (header.len() + 1 + 10).next_multiple_of(64) - 10;
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    file.extend((length as u16).to_le_bytes());
    file.extend(format!("{header:<width$}\n", width = length - 1).bytes());
    for value in maps {
        file.extend(value.to_le_bytes());
    }
    file
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn the_header_names_the_shape_and_the_data_begin_at_a_multiple_of_64() {
        let maps = array![[[1.0_f32, -2.5, 0.0]]];
        let file = write(maps.view());
        assert_eq!(&file[..8], b"\x93NUMPY\x01\x00");
        let data = 10 + usize::from(u16::from_le_bytes([file[8], file[9]]));
        assert_eq!(data % 64, 0);
        let header = std::str::from_utf8(&file[10..data]).unwrap();
        assert_eq!(
            header.trim_end(),
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 3), }"
        );
        assert!(header.ends_with('\n'));
        let values = file[data..]
            .chunks(4)
            .map(|bytes| f32::from_le_bytes(bytes.try_into().unwrap()));
        assert_eq!(values.collect::<Vec<_>>(), [1.0, -2.5, 0.0]);
    }
}
