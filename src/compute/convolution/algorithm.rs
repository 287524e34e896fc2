//! Which algorithm computes a convolution.

use crate::compute::convolution::Geometry;
use crate::compute::convolution::winograd::{Tile, Winograd};
use crate::compute::layout::area;

/// Whether a result may differ from the definition by rounding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rounding {
    /// Bit-identical to the definition.
    AsDefined,
    /// Within the error bounds stated in [`super::winograd`] and [`super::nested_winograd`].
    Bounded,
    /// Within the same bounds, with packed weights less than twice the size of the weights.
    BoundedCompact,
    /// Within the same bounds, for weights that are packed for a single image.
    BoundedOnce,
}

/// An algorithm for a convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Algorithm {
    NestedWinograd,
    Direct,
    ImplicitGemm,
    Winograd(Tile),
}

/// Minimum number of tiles that make packing worth it: packed weights are larger than the kernel.
const MIN_TILES: usize = 8;

/// The same for weights that are packed for a single image.
const MIN_TILES_ONCE: usize = 16;

/// Chooses the fastest algorithm.
///
/// - A large kernel over each plane of a large map: nested Winograd.
/// - Few output channels in a group, or very few terms: direct. A tile of the matrix product would
///   be mostly zeros, and packing would cost more than it saves.
/// - A kernel that has Winograd tiles, with enough channels in one group: Winograd, with the
///   largest tile size that gives enough tiles and whose packed weights are small enough.
/// - Otherwise implicit GEMM.
pub(super) fn choose(geometry: &Geometry, rounding: Rounding) -> Algorithm {
    let is_fastest = matches!(rounding, Rounding::Bounded | Rounding::BoundedOnce);
    if is_fastest && uses_nested_winograd(geometry) {
        return Algorithm::NestedWinograd;
    }
    if uses_direct(geometry) {
        return Algorithm::Direct;
    }
    let phases = geometry.in_channels * area(geometry.stride);
    let has_many_channels = phases >= 8 && geometry.out_channels >= 8 && geometry.groups == 1;
    if rounding == Rounding::AsDefined || !has_many_channels {
        return Algorithm::ImplicitGemm;
    }
    let is_small = geometry.kernel == [3, 3] && geometry.stride == [1, 1];
    // Where only small tiles are enough, packing for one image costs what they save.
    let has_small_tiles = is_small && rounding != Rounding::BoundedOnce;
    let tiles = [
        Tile::of(geometry),
        has_small_tiles.then_some(Tile::TwoOfThree),
    ];
    let min_tiles = match rounding {
        Rounding::BoundedOnce => MIN_TILES_ONCE,
        _ => MIN_TILES,
    };
    let weights = geometry.out_channels as u64 * geometry.terms() as u64;
    let pays = |tile: &Tile| {
        let count = area(
            geometry
                .output
                .map(|extent| extent.div_ceil(tile.outputs())),
        );
        let is_compact = Winograd::planned_len(geometry, *tile) < 2 * weights;
        count >= min_tiles && (is_compact || is_fastest)
    };
    let tile = tiles.into_iter().flatten().find(pays);
    tile.map_or(Algorithm::ImplicitGemm, Algorithm::Winograd)
}

/// Whether [`Algorithm::Direct`] is the faster of the two exact algorithms, not
/// [`Algorithm::ImplicitGemm`].
pub(super) fn uses_direct(geometry: &Geometry) -> bool {
    geometry.group_out() < 4 || geometry.terms() < 8
}

/// A large kernel over each plane. Below 10x10 there is too little to save, above 16 rows there are
/// more sums than registers, and a small map has too few tiles to amortise the transforms.
fn uses_nested_winograd(geometry: &Geometry) -> bool {
    let is_dense = geometry.stride == [1, 1] && geometry.dilation == [1, 1];
    let is_single = geometry.group_in() == 1 && geometry.group_out() == 1;
    let is_large = geometry
        .kernel
        .iter()
        .all(|extent| (10..=16).contains(extent));
    is_dense && is_single && is_large && geometry.output.iter().all(|&extent| extent >= 32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compute::convolution::testing::geometry;
    use crate::window::Sides;

    /// The choice for each rounding, for `[groups, in_channels, out_channels]` over a square map
    /// that is zero-padded to keep its extents.
    fn algorithms(
        channels: [usize; 3],
        map: usize,
        kernel: usize,
        stride: usize,
    ) -> [Algorithm; 3] {
        let [input, kernel_size] = [[map; 2], [kernel; 2]];
        let padding = Sides::all(kernel / 2);
        let geometry = geometry(channels, input, kernel_size, [[stride; 2], [1, 1]], padding);
        let geometry = geometry.unwrap();
        [
            Rounding::AsDefined,
            Rounding::Bounded,
            Rounding::BoundedCompact,
        ]
        .map(|rounding| choose(&geometry, rounding))
    }

    #[test]
    fn each_layer_gets_the_fastest_algorithm() {
        use Algorithm::{Direct, ImplicitGemm, NestedWinograd, Winograd};
        use Tile::{FourOfThree, ThreeOfFour, TwoOfFive, TwoOfThree};
        let cases = [
            // VGG-16, from its first layer; then a map with enough tiles only of the small size.
            ([1, 3, 64], 224, 3, 1, [ImplicitGemm; 3]),
            (
                [1, 64, 64],
                224,
                3,
                1,
                [ImplicitGemm, Winograd(FourOfThree), Winograd(TwoOfThree)],
            ),
            (
                [1, 512, 512],
                7,
                3,
                1,
                [ImplicitGemm, Winograd(TwoOfThree), Winograd(TwoOfThree)],
            ),
            ([1, 512, 512], 4, 3, 1, [ImplicitGemm; 3]),
            // AlexNet, ResNet.
            (
                [1, 3, 64],
                224,
                11,
                4,
                [ImplicitGemm, Winograd(FourOfThree), ImplicitGemm],
            ),
            (
                [1, 3, 64],
                224,
                7,
                2,
                [ImplicitGemm, Winograd(ThreeOfFour), ImplicitGemm],
            ),
            (
                [1, 64, 192],
                27,
                5,
                1,
                [ImplicitGemm, Winograd(TwoOfFive), Winograd(TwoOfFive)],
            ),
            ([1, 256, 64], 56, 1, 1, [ImplicitGemm; 3]),
            // Depthwise layers, pictures, large kernels over them.
            ([96, 1, 1], 112, 3, 2, [Direct; 3]),
            ([1, 3, 1], 256, 3, 1, [Direct; 3]),
            ([3, 1, 1], 512, 15, 1, [Direct, NestedWinograd, Direct]),
            ([1, 1, 1], 512, 9, 1, [Direct; 3]),
            ([1, 1, 1], 31, 15, 1, [Direct; 3]),
        ];
        for (channels, map, kernel, stride, expected) in cases {
            let got = algorithms(channels, map, kernel, stride);
            assert_eq!(got, expected, "{channels:?} {kernel} / {stride} @ {map}");
        }
    }

    #[test]
    fn packing_for_one_image_needs_more_tiles() {
        for (channels, map, expected) in [
            (64, 56, Algorithm::Winograd(Tile::FourOfThree)),
            (256, 14, Algorithm::Winograd(Tile::FourOfThree)),
            (256, 12, Algorithm::ImplicitGemm),
            (512, 7, Algorithm::ImplicitGemm),
        ] {
            let [input, one] = [[map; 2], [1, 1]];
            let geometry = geometry(
                [1, channels, channels],
                input,
                [3, 3],
                [one; 2],
                Sides::all(1),
            );
            let got = choose(&geometry.unwrap(), Rounding::BoundedOnce);
            assert_eq!(got, expected, "{channels} @ {map}");
        }
    }
}
