//! Minimal filtering of large kernels over single planes, at stride 1: 49 / 16 products for every 4x4
//! block of the kernel, where the definition has 16.
//!
//! The kernel, filled up with zeros, is cut into blocks. Each is computed as Y = Aᵀ [ (G g Gᵀ) ⊙
//! (Bᵀ d B) ] A, where g is the block, d a tile of 7x7 inputs and Y its 4x4 outputs. Blocks are as far
//! apart as tiles: what one block sees of the picture are the tiles of another, moved by whole tiles. So
//! the picture is transformed once, to 49 planes that hold one element of each tile, and each plane is
//! correlated with the kernel that the same elements of all the blocks make.
//!
//! # Error
//! Each output differs from the exact sum by at most (blocks + 20) · ε · R, where ε = 2⁻²⁴ and R is the
//! same formula with all matrices, inputs and weights replaced by their magnitudes. The rows of Bᵀ for
//! the points a and -a are computed from their half sum and half difference, so both count with the
//! magnitudes of these. Each Bᵀ and each Aᵀ adds four roundings. For normal inputs and kernels of 15x15
//! the error is about 4e-6 of the largest output.
//!
//! # Source
//! Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, arXiv:1509.09308, section 4, for
//! the tiles. F(4, 4) has the points of Barabasz, Anderson, Soodhalter and Gregg, Error Analysis and
//! Improving the Accuracy of Winograd Convolution for Deep Neural Networks, arXiv:1803.10986, table 1.

#![allow(
    unsafe_code,
    reason = "bounds of the innermost loops are checked once before them"
)]

mod rolling;
mod transform;

use crate::compute::convolution::{Convolution, Geometry, area};
use crate::compute::gemm::Finish;
use crate::compute::simd::{F32x4, copy, fill};
use rolling::{Rolling, STRIP};
use transform::{IN, OUT};

/// Elements of a tile.
const ELEMENTS: usize = IN * IN;
/// Rows of output tiles in a region, and columns at most: the planes of a region stay in the second
/// cache.
const REGION: [usize; 2] = [32, 32];
/// Values between the planes, so that equal places of them do not share a cache set.
const APART: usize = 16;

/// A convolution that is computed by nested minimal filtering: as many channels as groups.
#[derive(Clone, Debug)]
pub(crate) struct Nested {
    geometry: Geometry,
    kernels: Kernels,
    layout: Layout,
    finish: Finish,
}

/// For each channel and each element of a tile a kernel of the blocks' elements, of so many rows.
#[derive(Clone, Debug)]
enum Kernels {
    Three(Rolling<3>),
    Four(Rolling<4>),
}

/// How much stands where, in tiles.
#[derive(Clone, Copy, Debug)]
struct Layout {
    /// Kernel blocks `[down, across]`.
    blocks: [usize; 2],
    /// Output tiles `[down, across]`.
    tiles: [usize; 2],
    /// Columns of a region.
    columns: usize,
}

/// Output tiles that are computed together.
#[derive(Clone, Copy)]
struct Region {
    /// The first of them `[row, column]`.
    first: [usize; 2],
    /// Rows, and columns up to whole strips.
    rows: usize,
    columns: usize,
    /// Length of a row of input tiles.
    row_len: usize,
    /// Length of a row of the picture that those tiles see.
    strip_w: usize,
}

/// Scratch space.
struct Parts<'a> {
    /// What a row of tiles sees of the padded picture.
    strip: &'a mut [f32],
    /// A row of tiles between its two transforms.
    half: &'a mut [f32],
    /// The planes of the transformed picture, then of their correlations.
    planes: &'a mut [f32],
}

impl Nested {
    pub fn new(geometry: Geometry, weights: &[f32], finish: Finish) -> Self {
        let layout = Layout::new(&geometry);
        let kernels = weights.chunks_exact(area(geometry.kernel));
        let kernels = kernels.flat_map(|kernel| transform_kernel(&geometry, &layout, kernel));
        let kernels = kernels.collect::<Vec<_>>();
        let [down, across] = layout.blocks;
        Nested {
            kernels: match down {
                3 => Kernels::Three(Rolling::new(across, &kernels)),
                _ => Kernels::Four(Rolling::new(across, &kernels)),
            },
            layout,
            geometry,
            finish,
        }
    }

    /// What [`Convolution::packed_len`] will be.
    pub fn planned_len(geometry: &Geometry) -> u64 {
        let kernels = geometry.out_channels as u64 * ELEMENTS as u64;
        kernels * 4 * area(Layout::new(geometry).blocks) as u64
    }

    /// Bᵀ d B of the tiles that a region sees, element by element.
    fn transform_input(&self, region: &Region, input: &[f32], parts: &mut Parts) {
        let Region {
            row_len, strip_w, ..
        } = *region;
        let apart = self.layout.apart();
        let rows = region.rows + self.layout.blocks[0] - 1;
        // The last tiles of the region above are the first of this one.
        let mut kept = 0;
        if region.first[0] > 0 {
            kept = self.layout.blocks[0] - 1;
            for plane in parts.planes.chunks_exact_mut(apart) {
                let (first, rest) = plane.split_at_mut(REGION[0] * row_len);
                copy(&rest[..kept * row_len], first);
            }
        }
        // What the unchecked reads and writes below rely on: the last vectors of a row of tiles end with
        // the strip and with `half`, its last tiles with a plane.
        assert!(strip_w.is_multiple_of(4) && strip_w >= row_len * OUT + 8);
        assert!(parts.half.len() >= IN * strip_w && row_len.is_multiple_of(4));
        assert!(apart >= rows * row_len && parts.planes.len() >= ELEMENTS * apart);
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
                            let to = (down * IN + right) * apart + row * row_len + col;
                            values.write_unchecked(parts.planes, to);
                        }
                    }
                }
            }
        }
    }

    /// What a row of tiles sees, counted from the region's first, in the input: `None` if that is padding,
    /// too.
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

    /// Copies what a row of tiles sees of the padded input.
    fn copy_strip(&self, region: &Region, row: usize, input: &[f32], strip: &mut [f32]) {
        let Geometry {
            input: [in_h, in_w],
            padding,
            ..
        } = self.geometry;
        let [first_row, first_col] = region.first.map(|tile| tile * OUT);
        for (idx, strip) in strip.chunks_exact_mut(region.strip_w).take(IN).enumerate() {
            let row = (first_row + row * OUT + idx).wrapping_sub(padding.top);
            // Zeros that the compiler cannot see: else it calls a function to clear even a short row.
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

    /// Correlates each plane with its kernel.
    fn correlate(&self, region: &Region, channel: usize, parts: &mut Parts) {
        let (row_len, extents) = (region.row_len, [region.rows, region.columns]);
        let planes = parts.planes.chunks_exact_mut(self.layout.apart());
        for (element, plane) in planes.enumerate() {
            let idx = channel * ELEMENTS + element;
            match &self.kernels {
                Kernels::Three(kernels) => kernels.run(idx, plane, row_len, extents),
                Kernels::Four(kernels) => kernels.run(idx, plane, row_len, extents),
            }
        }
    }

    /// Aᵀ M A of the tiles of a region, finished, to their places in the output.
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
        let apart = self.layout.apart();
        // What the unchecked reads and writes below rely on.
        assert!(columns.is_multiple_of(4) && parts.half.len() >= OUT * IN * columns);
        assert!(apart >= rows * row_len && parts.planes.len() >= ELEMENTS * apart);
        let first_col = region.first[1] * OUT;
        for row in 0..rows {
            for right in 0..IN {
                for col in (0..columns).step_by(4) {
                    // SAFETY: asserted above.
                    unsafe {
                        let at = |down: usize| {
                            let from = (down * IN + right) * apart + row * row_len + col;
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
                    F32x4::transposed(sums.map(|sums| self.finish.lanes(channel, sums)))
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

impl Convolution for Nested {
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

/// G g Gᵀ of all blocks of a kernel: element by element a kernel of blocks.
fn transform_kernel(geometry: &Geometry, layout: &Layout, kernel: &[f32]) -> Vec<f32> {
    let [kernel_h, kernel_w] = geometry.kernel;
    let [_, across] = layout.blocks;
    let element = |down: usize, right: usize, block: usize| {
        let mut sum = 0.0;
        for row in 0..OUT {
            for col in 0..OUT {
                let place = [block / across * OUT + row, block % across * OUT + col];
                if place[0] < kernel_h && place[1] < kernel_w {
                    let factor = transform::KERNEL[down][row] * transform::KERNEL[right][col];
                    sum += factor * f64::from(kernel[place[0] * kernel_w + place[1]]);
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

    /// The region that begins with a tile.
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

    /// Input tiles that so many columns of output tiles see, filled up to whole vectors.
    fn row_len(&self, columns: usize) -> usize {
        (columns + self.blocks[1] - 1).next_multiple_of(4)
    }

    /// From one plane to the next.
    fn apart(&self) -> usize {
        (REGION[0] + self.blocks[0] - 1) * self.row_len(self.columns) + APART
    }

    /// Lengths of [`Parts`].
    fn parts(&self) -> [usize; 3] {
        let strip_w = strip_w(self.row_len(self.columns));
        [
            IN * strip_w,
            IN * strip_w.max(OUT * self.columns),
            ELEMENTS * self.apart(),
        ]
    }
}

/// Columns that a row of tiles sees, and as many more as are read with them.
fn strip_w(row_len: usize) -> usize {
    row_len * OUT + 8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compute::convolution::testing::{geometry, values};
    use crate::compute::convolution::tests::{output, sides};
    use proptest::prelude::*;

    /// What a transform does to a vector, as a matrix.
    fn matrix<const ROWS: usize>(
        transform: impl Fn([F32x4; IN]) -> [F32x4; ROWS],
    ) -> [[f64; IN]; ROWS] {
        let columns: [[F32x4; ROWS]; IN] = std::array::from_fn(|col| {
            let unit = |idx| F32x4::constant(if idx == col { 1.0 } else { 0.0 });
            transform(std::array::from_fn(unit))
        });
        std::array::from_fn(|row| columns.map(|values| f64::from(values[row].to_array()[0])))
    }

    /// The magnitudes of Bᵀ, where two rows of opposite points count as their half sum and difference.
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

    /// The sum of the definition at an output.
    fn sum(
        geometry: &Geometry,
        [plane, row, col]: [usize; 3],
        input: &[f32],
        kernel: &[f32],
    ) -> f64 {
        let kernel_w = geometry.kernel[1];
        let products = kernel.iter().enumerate().map(|(cell, weight)| {
            let place = [plane, row + cell / kernel_w, col + cell % kernel_w];
            f64::from(*weight) * pixel(geometry, input, place)
        });
        products.sum()
    }

    /// R of the error bound for the output at `place`.
    fn bound(geometry: &Geometry, place: [usize; 3], input: &[f32], kernel: &[f32]) -> f64 {
        let from_tile = matrix(transform::output).map(|row| row.map(f64::abs));
        let to_tile = input_magnitudes();
        let [plane, row, col] = place;
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
                    let place = [
                        plane,
                        row / 4 * 4 + block_row + y,
                        col / 4 * 4 + block_col + x,
                    ];
                    let factor = to_tile[down][y] * to_tile[right][x];
                    of_input += factor * pixel(geometry, input, place).abs();
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
        let finish = Finish {
            bias: values(seed + 2, geometry.out_channels),
            clamp: seed.is_multiple_of(2).then_some([-3.0, 4.0]),
        };
        let nested = Nested::new(geometry, &weights, finish.clone());
        assert_eq!(nested.packed_len() as u64, Nested::planned_len(&geometry));
        let got = output(&nested, &geometry, &input);
        let [out_h, out_w] = geometry.output;
        let blocks = area(geometry.kernel.map(|extent| extent.div_ceil(4)));
        for (idx, got) in got.into_iter().enumerate().step_by(step) {
            let place = [idx / (out_h * out_w), idx / out_w % out_h, idx % out_w];
            let kernel = &weights[place[0] * geometry.terms()..][..geometry.terms()];
            let bias = f64::from(finish.bias[place[0]]);
            let expected = sum(&geometry, place, &input, kernel) + bias;
            let expected = match finish.clamp {
                Some([least, greatest]) => expected.clamp(least.into(), greatest.into()),
                None => expected,
            };
            let magnitude = bound(&geometry, place, &input, kernel) + bias.abs();
            let bound = (blocks + 20) as f64 * 0.5_f64.powi(24) * magnitude;
            let error = (f64::from(got) - expected).abs();
            assert!(
                error <= bound,
                "{place:?}: {got} for {expected}, bound {bound}"
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
    fn several_regions_cover_a_large_picture() {
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
        let nested = Nested::new(geometry, &weights, Finish::default());
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
