//! Which way a convolution is computed.

use crate::compute::convolution::winograd::{Tile, Winograd};
use crate::compute::convolution::{Geometry, area};

/// Whether a result may differ from the definition's by rounding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rounding {
    /// The bits of the definition.
    AsDefined,
    /// Within the bounds that [`super::winograd`] and [`super::nested`] state.
    Bounded,
    /// Within these bounds too, with weights that are packed to less than twice their size.
    BoundedCompact,
}

/// A way to compute a convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Nested,
    Rows,
    Product,
    Winograd(Tile),
}

/// Tiles that must share the packed weights, which are larger than the kernel.
const LEAST_TILES: usize = 8;

/// The way that pays.
///
/// - A large kernel over each plane of a large map: nested minimal filtering.
/// - Few output channels in a group, or hardly any terms: a tile of the product would be filled up with
///   zeros, and packing cost more than it saves.
/// - A kernel that minimal filtering has tiles for, between enough channels of one group: Winograd, with
///   the largest tiles of which there are enough and whose packed weights may be so large.
/// - Else the product.
pub(super) fn way(geometry: &Geometry, rounding: Rounding) -> Way {
    if rounding == Rounding::Bounded && nests(geometry) {
        return Way::Nested;
    }
    if are_rows(geometry) {
        return Way::Rows;
    }
    let phases = geometry.in_channels * area(geometry.stride);
    let are_many = phases >= 8 && geometry.out_channels >= 8 && geometry.groups == 1;
    if rounding == Rounding::AsDefined || !are_many {
        return Way::Product;
    }
    let is_small = geometry.kernel == [3, 3] && geometry.stride == [1, 1];
    let tiles = [Tile::of(geometry), is_small.then_some(Tile::TwoOfThree)];
    let weights = geometry.out_channels as u64 * geometry.terms() as u64;
    let pays = |tile: &Tile| {
        let count = area(
            geometry
                .output
                .map(|extent| extent.div_ceil(tile.outputs())),
        );
        let is_compact = Winograd::planned_len(geometry, *tile) < 2 * weights;
        count >= LEAST_TILES && (is_compact || rounding == Rounding::Bounded)
    };
    let tile = tiles.into_iter().flatten().find(pays);
    tile.map_or(Way::Product, Way::Winograd)
}

/// Whether the ways with the bits of the definition are [`Way::Rows`], or [`Way::Product`].
pub(super) fn are_rows(geometry: &Geometry) -> bool {
    geometry.group_out() < 4 || geometry.terms() < 8
}

/// A large kernel over each plane. One of less than 10x10 leaves too little to save, one of more than 16
/// rows more sums than registers hold; and a small map has too few tiles to share the transforms.
fn nests(geometry: &Geometry) -> bool {
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

    /// Of `[groups, in_channels, out_channels]` over a square map, zeros around it so that its extents
    /// stay.
    fn ways(channels: [usize; 3], map: usize, kernel: usize, stride: usize) -> [Way; 3] {
        let [input, kernel_size] = [[map; 2], [kernel; 2]];
        let padding = Sides::all(kernel / 2);
        let geometry = geometry(channels, input, kernel_size, [[stride; 2], [1, 1]], padding);
        let geometry = geometry.unwrap();
        [
            Rounding::AsDefined,
            Rounding::Bounded,
            Rounding::BoundedCompact,
        ]
        .map(|rounding| way(&geometry, rounding))
    }

    #[test]
    fn each_layer_gets_the_way_that_pays() {
        use Tile::{FourOfThree, ThreeOfFour, TwoOfFive, TwoOfThree};
        use Way::{Nested, Product, Rows, Winograd};
        let cases = [
            // VGG-16, from its first layer, and a map with too few tiles but small ones.
            ([1, 3, 64], 224, 3, 1, [Product; 3]),
            (
                [1, 64, 64],
                224,
                3,
                1,
                [Product, Winograd(FourOfThree), Winograd(TwoOfThree)],
            ),
            (
                [1, 512, 512],
                7,
                3,
                1,
                [Product, Winograd(TwoOfThree), Winograd(TwoOfThree)],
            ),
            ([1, 512, 512], 4, 3, 1, [Product; 3]),
            // AlexNet, ResNet.
            (
                [1, 3, 64],
                224,
                11,
                4,
                [Product, Winograd(FourOfThree), Product],
            ),
            (
                [1, 3, 64],
                224,
                7,
                2,
                [Product, Winograd(ThreeOfFour), Product],
            ),
            (
                [1, 64, 192],
                27,
                5,
                1,
                [Product, Winograd(TwoOfFive), Winograd(TwoOfFive)],
            ),
            ([1, 256, 64], 56, 1, 1, [Product; 3]),
            // Depthwise layers, pictures, large kernels over them.
            ([96, 1, 1], 112, 3, 2, [Rows; 3]),
            ([1, 3, 1], 256, 3, 1, [Rows; 3]),
            ([3, 1, 1], 512, 15, 1, [Rows, Nested, Rows]),
            ([1, 1, 1], 512, 9, 1, [Rows; 3]),
            ([1, 1, 1], 31, 15, 1, [Rows; 3]),
        ];
        for (channels, map, kernel, stride, expected) in cases {
            let got = ways(channels, map, kernel, stride);
            assert_eq!(got, expected, "{channels:?} {kernel} / {stride} @ {map}");
        }
    }
}
