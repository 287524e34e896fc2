//! Nested Winograd: minimal filtering of large kernels over single planes, at stride 1. Every 4x4
//! block of the kernel takes 49 / 16 products per output, where the definition takes 16.
//!
//! The kernel, padded with zeros, is cut into blocks. Each block is computed as Y = Aᵀ [ (G g Gᵀ) ⊙
//! (Bᵀ d B) ] A, where g is the block, d a tile of 7x7 inputs and Y its 4x4 outputs. Blocks have
//! the same spacing as tiles, so the tiles that one block sees are those of another, shifted by
//! whole tiles. The input is therefore transformed once, to 49 planes that hold one element of each
//! tile, and each plane is correlated with the small kernel formed by the same element of all
//! blocks.
//!
//! # Error
//! Each output differs from the exact sum by at most (blocks + 20) · ε · R, where ε = 2⁻²⁴ and R is
//! the same formula with all matrices, inputs and weights replaced by their magnitudes. The rows of
//! Bᵀ for the points a and -a are computed from their half sum and half difference, so both count
//! with the magnitudes of those. Each Bᵀ and each Aᵀ adds four roundings. For normal inputs and
//! kernels of 15x15 the error is about 4e-6 of the largest output.
//!
//! # Source
//! Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, arXiv:1509.09308, section 4,
//! for the tiles. F(4, 4) uses the points of Barabasz, Anderson, Soodhalter and Gregg, Error
//! Analysis and Improving the Accuracy of Winograd Convolution for Deep Neural Networks,
//! arXiv:1803.10986, table 1.

#![allow(
    unsafe_code,
    reason = "bounds of the innermost loops are checked once before them"
)]

mod rolling;
mod transform;

use crate::compute::convolution::{Convolution, Geometry};
use crate::compute::gemm::Epilogue;
use crate::compute::layout::area;
use crate::compute::simd::{F32x4, copy, fill};
use rolling::{Rolling, STRIP};
use transform::{IN, OUT};

/// Elements of a transformed tile.
const ELEMENTS: usize = IN * IN;
/// Rows of output tiles in a region, and the maximum number of columns: the planes of a region stay
/// in the L2 cache.
const REGION: [usize; 2] = [32, 32];
/// Unused values between planes, so that the same element of two planes does not map to the same
/// cache set.
const PLANE_GAP: usize = 16;

/// A convolution that is computed by nested Winograd: each group has one channel.
#[derive(Clone, Debug)]
pub(crate) struct NestedWinograd {
    geometry: Geometry,
    kernels: Kernels,
    layout: Layout,
    epilogue: Epilogue,
}

/// For each channel and each element of a tile, the kernel of that element of all blocks, by its
/// number of rows.
#[derive(Clone, Debug)]
enum Kernels {
    Three(Rolling<3>),
    Four(Rolling<4>),
}

/// The extents of everything, in tiles.
#[derive(Clone, Copy, Debug)]
struct Layout {
    /// Kernel blocks `[rows, columns]`.
    blocks: [usize; 2],
    /// Output tiles `[rows, columns]`.
    tiles: [usize; 2],
    /// Columns of tiles in a region.
    columns: usize,
}

/// A rectangle of output tiles that are computed together.
#[derive(Clone, Copy)]
struct Region {
    /// The first tile `[row, column]`.
    first: [usize; 2],
    /// Rows, and columns rounded up to whole strips.
    rows: usize,
    columns: usize,
    /// Length of a row of input tiles.
    row_len: usize,
    /// Length of the input rows that those tiles cover.
    strip_w: usize,
}

/// Scratch space.
struct Parts<'a> {
    /// The part of the padded input that a row of tiles covers.
    strip: &'a mut [f32],
    /// A row of tiles after the first of its two transforms.
    half: &'a mut [f32],
    /// The planes of the transformed input, later overwritten by their correlations.
    planes: &'a mut [f32],
}

impl NestedWinograd {
    pub fn new(geometry: Geometry, weights: &[f32], epilogue: Epilogue) -> Self {
        let layout = Layout::new(&geometry);
        let kernels = weights.chunks_exact(area(geometry.kernel));
        let kernels = kernels.flat_map(|kernel| transform_kernel(&geometry, &layout, kernel));
        let kernels = kernels.collect::<Vec<_>>();
        let [down, across] = layout.blocks;
        NestedWinograd {
            kernels: match down {
                3 => Kernels::Three(Rolling::new(across, &kernels)),
                _ => Kernels::Four(Rolling::new(across, &kernels)),
            },
            layout,
            geometry,
            epilogue,
        }
    }

    /// What [`Convolution::packed_len`] will be.
    pub fn planned_len(geometry: &Geometry) -> u64 {
        let kernels = geometry.out_channels as u64 * ELEMENTS as u64;
        kernels * 4 * area(Layout::new(geometry).blocks) as u64
    }

    /// Computes Bᵀ d B of the tiles that a region sees, one plane per element.
    fn transform_input(&self, region: &Region, input: &[f32], parts: &mut Parts) {
        let Region {
            row_len, strip_w, ..
        } = *region;
        let plane_step = self.layout.plane_step();
        let rows = region.rows + self.layout.blocks[0] - 1;
        // The last rows of tiles of the region above are the first of this one.
        let mut kept = 0;
        if region.first[0] > 0 {
            kept = self.layout.blocks[0] - 1;
            for plane in parts.planes.chunks_exact_mut(plane_step) {
                let (first, rest) = plane.split_at_mut(REGION[0] * row_len);
                copy(&rest[..kept * row_len], first);
            }
        }
        // Preconditions of the unchecked reads and writes below: the last vectors of a row of tiles
        // end within the strip and within `half`, the last tiles within a plane.
        assert!(strip_w.is_multiple_of(4) && strip_w >= row_len * OUT + 8);
        assert!(parts.half.len() >= IN * strip_w && row_len.is_multiple_of(4));
        assert!(plane_step >= rows * row_len && parts.planes.len() >= ELEMENTS * plane_step);
        for row in kept..rows {
            let (seen, step) = match self.seen(region, row, input) {
                Some(seen) => (seen, self.geometry.input[1]),
                None => {
                    self.copy_strip(region, row, input, parts.strip);
                    (&*parts.strip, strip_w)
                }
            };
            assert!(seen.len() >= (IN - 1) * step + strip_w);
            for col in (0..strip_w).step_by(4) {
                // SAFETY: asserted above.
                unsafe {
                    let column = |row: usize| F32x4::read_unchecked(seen, row * step + col);
                    let column = transform::input(std::array::from_fn(column));
                    for (row, values) in column.into_iter().enumerate() {
                        values.write_unchecked(parts.half, row * strip_w + col);
                    }
                }
            }
            for (down, half) in parts.half.chunks_exact(strip_w).take(IN).enumerate() {
                for col in (0..row_len).step_by(4) {
                    // SAFETY: asserted above.
                    unsafe {
                        let at = |offset: usize| F32x4::read_unchecked(half, col * OUT + offset);
                        let [a, b, c, d] = F32x4::transposed([at(0), at(4), at(8), at(12)]);
                        let [e, f, g] =
                            [at(16).after(a, 3), at(17).after(b, 3), at(18).after(c, 3)];
                        let values = transform::input([a, b, c, d, e, f, g]);
                        for (right, values) in values.into_iter().enumerate() {
                            let to = (down * IN + right) * plane_step + row * row_len + col;
                            values.write_unchecked(parts.planes, to);
                        }
                    }
                }
            }
        }
    }

    /// The part of the input that a row of tiles covers, counted from the region's first row;
    /// `None` if some of it is padding.
    fn seen<'a>(&self, region: &Region, row: usize, input: &'a [f32]) -> Option<&'a [f32]> {
        let Geometry {
            input: [in_h, in_w],
            padding,
            ..
        } = self.geometry;
        let [first_row, first_col] = region.first.map(|tile| tile * OUT);
        let row = (first_row + row * OUT).checked_sub(padding.top)?;
        let col = first_col.checked_sub(padding.left)?;
        let is_inside = row + IN <= in_h && col + region.strip_w <= in_w;
        is_inside.then(|| &input[row * in_w + col..])
    }

    /// Copies the part of the padded input that a row of tiles covers.
    fn copy_strip(&self, region: &Region, row: usize, input: &[f32], strip: &mut [f32]) {
        let Geometry {
            input: [in_h, in_w],
            padding,
            ..
        } = self.geometry;
        let [first_row, first_col] = region.first.map(|tile| tile * OUT);
        for (idx, strip) in strip.chunks_exact_mut(region.strip_w).take(IN).enumerate() {
            let row = (first_row + row * OUT + idx).wrapping_sub(padding.top);
            // Hides the zero from the compiler, which would otherwise call `memset` even for a
            // short row.
            let zero = std::hint::black_box(0.0);
            if row >= in_h {
                fill(strip, zero);
                continue;
            }
            let outside = (padding.left.max(first_col) - first_col).min(strip.len());
            let (left, rest) = strip.split_at_mut(outside);
            let skipped = first_col.max(padding.left) - padding.left;
            let values = input[row * in_w..][..in_w]
                .get(skipped..)
                .unwrap_or_default();
            copy(values, rest);
            fill(left, zero);
            fill(rest.get_mut(values.len()..).unwrap_or_default(), zero);
        }
    }

    /// Correlates each plane with its kernel, in place.
    fn correlate(&self, region: &Region, channel: usize, parts: &mut Parts) {
        let (row_len, extents) = (region.row_len, [region.rows, region.columns]);
        let planes = parts.planes.chunks_exact_mut(self.layout.plane_step());
        for (element, plane) in planes.enumerate() {
            let idx = channel * ELEMENTS + element;
            match &self.kernels {
                Kernels::Three(kernels) => kernels.run(idx, plane, row_len, extents),
                Kernels::Four(kernels) => kernels.run(idx, plane, row_len, extents),
            }
        }
    }

    /// Computes Aᵀ M A of the tiles of a region, applies the epilogue and stores the outputs.
    fn transform_output(
        &self,
        region: &Region,
        channel: usize,
        parts: &mut Parts,
        output: &mut [f32],
    ) {
        let out_w = self.geometry.output[1];
        let Region {
            rows,
            columns,
            row_len,
            ..
        } = *region;
        let plane_step = self.layout.plane_step();
        // Preconditions of the unchecked reads and writes below.
        assert!(columns.is_multiple_of(4) && parts.half.len() >= OUT * IN * columns);
        assert!(plane_step >= rows * row_len && parts.planes.len() >= ELEMENTS * plane_step);
        let first_col = region.first[1] * OUT;
        for row in 0..rows {
            for right in 0..IN {
                for col in (0..columns).step_by(4) {
                    // SAFETY: asserted above.
                    unsafe {
                        let at = |down: usize| {
                            let from = (down * IN + right) * plane_step + row * row_len + col;
                            F32x4::read_unchecked(parts.planes, from)
                        };
                        let values = transform::output(std::array::from_fn(at));
                        for (down, values) in values.into_iter().enumerate() {
                            values.write_unchecked(parts.half, (down * IN + right) * columns + col);
                        }
                    }
                }
            }
            let first_row = (region.first[0] + row) * OUT;
            let output = output[first_row * out_w..].chunks_exact_mut(out_w);
            for (down, output) in output.take(OUT).enumerate() {
                let half = &parts.half[down * IN * columns..][..IN * columns];
                let (quads, rest) = output[first_col..].as_chunks_mut::<{ 4 * OUT }>();
                // SAFETY: asserted above, for four tiles within the region.
                let sums = |col: usize| unsafe {
                    let at = |right| F32x4::read_unchecked(half, right * columns + col);
                    let sums = transform::output(std::array::from_fn(at));
                    F32x4::transposed(sums.map(|sums| self.epilogue.apply_to_lanes(channel, sums)))
                };
                for (col, quad) in (0..columns).step_by(4).zip(&mut *quads) {
                    for (to, sums) in quad.as_chunks_mut().0.iter_mut().zip(sums(col)) {
                        sums.store(to);
                    }
                }
                if 4 * quads.len() < columns {
                    let sums = sums(4 * quads.len()).map(F32x4::to_array);
                    copy(sums.as_flattened(), rest);
                }
            }
        }
    }
}

impl Convolution for NestedWinograd {
    fn scratch_len(&self) -> usize {
        self.layout.parts().iter().sum()
    }

    fn packed_len(&self) -> usize {
        match &self.kernels {
            Kernels::Three(kernels) => kernels.len(),
            Kernels::Four(kernels) => kernels.len(),
        }
    }

    fn run(&self, input: &[f32], output: &mut [f32], scratch: &mut [f32]) {
        let Layout { tiles, columns, .. } = self.layout;
        let [strip, half, planes] = self.layout.parts();
        let (strip, scratch) = scratch.split_at_mut(strip);
        let (half, scratch) = scratch.split_at_mut(half);
        let mut parts = Parts {
            strip,
            half,
            planes: &mut scratch[..planes],
        };
        let inputs = input.chunks_exact(area(self.geometry.input).max(1));
        let outputs = output.chunks_exact_mut(area(self.geometry.output).max(1));
        for (channel, (input, output)) in inputs.zip(outputs).enumerate() {
            for col in (0..tiles[1]).step_by(columns) {
                for row in (0..tiles[0]).step_by(REGION[0]) {
                    let region = self.layout.region([row, col]);
                    self.transform_input(&region, input, &mut parts);
                    self.correlate(&region, channel, &mut parts);
                    self.transform_output(&region, channel, &mut parts, output);
                }
            }
        }
    }
}

/// G g Gᵀ of all blocks of a kernel: for each element, a kernel over the blocks.
fn transform_kernel(geometry: &Geometry, layout: &Layout, kernel: &[f32]) -> Vec<f32> {
    let [kernel_h, kernel_w] = geometry.kernel;
    let [_, across] = layout.blocks;
    let element = |down: usize, right: usize, block: usize| {
        let mut sum = 0.0;
        for row in 0..OUT {
            for col in 0..OUT {
                let cell = [block / across * OUT + row, block % across * OUT + col];
                if cell[0] < kernel_h && cell[1] < kernel_w {
                    let factor = transform::KERNEL[down][row] * transform::KERNEL[right][col];
                    sum += factor * f64::from(kernel[cell[0] * kernel_w + cell[1]]);
                }
            }
        }
        sum as f32
    };
    let elements = (0..ELEMENTS).map(|idx| (idx / IN, idx % IN));
    let blocks = area(layout.blocks);
    elements
        .flat_map(|(down, right)| (0..blocks).map(move |block| element(down, right, block)))
        .collect()
}

impl Layout {
    fn new(geometry: &Geometry) -> Self {
        let tiles = geometry.output.map(|extent| extent.div_ceil(OUT));
        // Regions of equal width.
        let regions = tiles[1].div_ceil(REGION[1]).max(1);
        Layout {
            blocks: geometry.kernel.map(|extent| extent.div_ceil(OUT)),
            tiles,
            columns: tiles[1].div_ceil(regions).next_multiple_of(STRIP),
        }
    }

    /// The region that starts at tile `first`.
    fn region(&self, first: [usize; 2]) -> Region {
        let columns = (self.tiles[1] - first[1]).min(self.columns);
        let columns = columns.next_multiple_of(STRIP);
        let row_len = self.row_len(columns);
        Region {
            first,
            rows: (self.tiles[0] - first[0]).min(REGION[0]),
            columns,
            row_len,
            strip_w: strip_w(row_len),
        }
    }

    /// Input tiles covered by this many columns of output tiles, rounded up to whole vectors.
    fn row_len(&self, columns: usize) -> usize {
        (columns + self.blocks[1] - 1).next_multiple_of(4)
    }

    /// Distance between planes.
    fn plane_step(&self) -> usize {
        (REGION[0] + self.blocks[0] - 1) * self.row_len(self.columns) + PLANE_GAP
    }

    /// Lengths of [`Parts`].
    fn parts(&self) -> [usize; 3] {
        let strip_w = strip_w(self.row_len(self.columns));
        [
            IN * strip_w,
            IN * strip_w.max(OUT * self.columns),
            ELEMENTS * self.plane_step(),
        ]
    }
}

/// Columns that a row of tiles covers, plus those that are read with them.
fn strip_w(row_len: usize) -> usize {
    row_len * OUT + 8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compute::convolution::testing::{geometry, sides, values};
    use crate::compute::convolution::tests::output;
    use proptest::prelude::*;

    /// The matrix of a transform.
    fn matrix<const ROWS: usize>(
        transform: impl Fn([F32x4; IN]) -> [F32x4; ROWS],
    ) -> [[f64; IN]; ROWS] {
        let columns: [[F32x4; ROWS]; IN] = std::array::from_fn(|col| {
            let unit = |idx| F32x4::constant(if idx == col { 1.0 } else { 0.0 });
            transform(std::array::from_fn(unit))
        });
        std::array::from_fn(|row| columns.map(|values| f64::from(values[row].to_array()[0])))
    }

    /// The magnitudes of Bᵀ; two rows of opposite points count as their half sum and half
    /// difference.
    fn input_magnitudes() -> [[f64; IN]; IN] {
        let rows = matrix(transform::input);
        let mut magnitudes = rows.map(|row| row.map(f64::abs));
        for pair in [1, 3] {
            for col in 0..IN {
                let [left, right] = [rows[pair][col], rows[pair + 1][col]];
                let both = (left + right).abs() / 2.0 + (left - right).abs() / 2.0;
                (magnitudes[pair][col], magnitudes[pair + 1][col]) = (both, both);
            }
        }
        magnitudes
    }

    fn pixel(geometry: &Geometry, input: &[f32], [plane, row, col]: [usize; 3]) -> f64 {
        let [in_h, in_w] = geometry.input;
        let row = row.wrapping_sub(geometry.padding.top);
        let col = col.wrapping_sub(geometry.padding.left);
        match row < in_h && col < in_w {
            true => f64::from(input[(plane * in_h + row) * in_w + col]),
            false => 0.0,
        }
    }

    /// The exact output at `position`, in `f64`.
    fn sum(
        geometry: &Geometry,
        [plane, row, col]: [usize; 3],
        input: &[f32],
        kernel: &[f32],
    ) -> f64 {
        let kernel_w = geometry.kernel[1];
        let products = kernel.iter().enumerate().map(|(cell, weight)| {
            let position = [plane, row + cell / kernel_w, col + cell % kernel_w];
            f64::from(*weight) * pixel(geometry, input, position)
        });
        products.sum()
    }

    /// R of the error bound for the output at `position`.
    fn bound(geometry: &Geometry, position: [usize; 3], input: &[f32], kernel: &[f32]) -> f64 {
        let from_tile = matrix(transform::output).map(|row| row.map(f64::abs));
        let to_tile = input_magnitudes();
        let [plane, row, col] = position;
        let [kernel_h, kernel_w] = geometry.kernel;
        let mut bound = 0.0;
        for block in 0..kernel_h.div_ceil(4) * kernel_w.div_ceil(4) {
            let (block_row, block_col) = (
                block / kernel_w.div_ceil(4) * 4,
                block % kernel_w.div_ceil(4) * 4,
            );
            for element in 0..IN * IN {
                let (down, right) = (element / IN, element % IN);
                let (mut of_input, mut of_kernel) = (0.0, 0.0);
                for (y, x) in (0..IN * IN).map(|idx| (idx / IN, idx % IN)) {
                    let pixel_at = [
                        plane,
                        row / 4 * 4 + block_row + y,
                        col / 4 * 4 + block_col + x,
                    ];
                    let factor = to_tile[down][y] * to_tile[right][x];
                    of_input += factor * pixel(geometry, input, pixel_at).abs();
                }
                for (y, x) in (0..16).map(|idx| (idx / 4, idx % 4)) {
                    let (cell_row, cell_col) = (block_row + y, block_col + x);
                    if cell_row < kernel_h && cell_col < kernel_w {
                        let factor = transform::KERNEL[down][y] * transform::KERNEL[right][x];
                        let weight = kernel[cell_row * kernel_w + cell_col];
                        of_kernel += factor.abs() * f64::from(weight.abs());
                    }
                }
                bound +=
                    from_tile[row % 4][down] * from_tile[col % 4][right] * of_input * of_kernel;
            }
        }
        bound
    }

    /// Compares each `step`-th output with the definition.
    fn check(geometry: Geometry, [step, seed]: [usize; 2]) {
        let seed = seed as u64;
        let input = values(seed, geometry.in_channels * area(geometry.input));
        let weights = values(seed + 1, geometry.out_channels * geometry.terms());
        let epilogue = Epilogue {
            bias: values(seed + 2, geometry.out_channels),
            clamp: seed.is_multiple_of(2).then_some([-3.0, 4.0]),
        };
        let nested = NestedWinograd::new(geometry, &weights, epilogue.clone());
        assert_eq!(
            nested.packed_len() as u64,
            NestedWinograd::planned_len(&geometry)
        );
        let got = output(&nested, &geometry, &input);
        let [out_h, out_w] = geometry.output;
        let blocks = area(geometry.kernel.map(|extent| extent.div_ceil(4)));
        for (idx, got) in got.into_iter().enumerate().step_by(step) {
            let position = [idx / (out_h * out_w), idx / out_w % out_h, idx % out_w];
            let kernel = &weights[position[0] * geometry.terms()..][..geometry.terms()];
            let bias = f64::from(epilogue.bias[position[0]]);
            let expected = sum(&geometry, position, &input, kernel) + bias;
            let expected = match epilogue.clamp {
                Some([least, greatest]) => expected.clamp(least.into(), greatest.into()),
                None => expected,
            };
            let magnitude = bound(&geometry, position, &input, kernel) + bias.abs();
            let bound = (blocks + 20) as f64 * 0.5_f64.powi(24) * magnitude;
            let error = (f64::from(got) - expected).abs();
            assert!(
                error <= bound,
                "{position:?}: {got} for {expected}, bound {bound}"
            );
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn the_error_stays_within_its_bound(
            groups in 1..3_usize,
            input in [1..40_usize, 1..40],
            kernel in [9..17_usize, 9..17],
            padding in sides(),
            seed in any::<u16>(),
        ) {
            let steps = [[1, 1]; 2];
            if let Some(geometry) = geometry([groups, 1, 1], input, kernel, steps, padding) {
                check(geometry, [13, seed.into()]);
            }
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "takes hours there")]
    fn several_regions_cover_a_large_input() {
        for (input, kernel, padding) in [
            ([300, 400], [15, 15], 7),
            ([31, 700], [9, 16], 0),
            ([530, 37], [13, 10], 2),
            ([20, 20], [11, 11], 150),
        ] {
            let padding = crate::window::Sides::all(padding);
            let geometry = geometry([2, 1, 1], input, kernel, [[1, 1]; 2], padding).unwrap();
            check(geometry, [487, 1]);
        }
    }

    #[test]
    fn errors_are_a_few_millionths_of_the_largest_output() {
        let padding = crate::window::Sides::all(7);
        let geometry = geometry([1, 1, 1], [40, 60], [15, 15], [[1, 1]; 2], padding).unwrap();
        let (input, weights) = (values(1, 40 * 60), values(2, 15 * 15));
        let nested = NestedWinograd::new(geometry, &weights, Epilogue::default());
        let got = output(&nested, &geometry, &input);
        let (mut error, mut largest) = (0.0_f64, 0.0_f64);
        for (idx, got) in got.into_iter().enumerate() {
            let expected = sum(&geometry, [0, idx / 60, idx % 60], &input, &weights);
            error = error.max((f64::from(got) - expected).abs());
            largest = largest.max(expected.abs());
        }
        assert!(error <= 5e-6 * largest, "{error} of {largest}");
    }
}
