//! Which way a convolution is computed.

use crate::compute::convolution::winograd::Tile;
use crate::compute::convolution::{Geometry, area};

/// Whether a result may differ from the definition's by rounding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rounding {
    /// The bits of the definition.
    AsDefined,
    /// Within the bounds that [`super::winograd`] and [`super::nested`] state.
    Bounded,
    /// Within that bound too, with weights that are packed to less than twice their size.
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

/// The way that pays.
///
/// - A large kernel over each plane of a large map: nested minimal filtering.
/// - Few output channels in a group, or hardly any terms: a tile of the product would be filled up with
///   zeros, and packing cost more than it saves.
/// - A kernel that minimal filtering has tiles for, between enough channels of one group: Winograd, if
///   there are enough tiles to share the packed weights, which are up to four times as large as a 3x3
///   kernel, and these may be so large; for few tiles of 3x3 kernels with smaller ones.
/// - Else the product.
pub(super) fn way(geometry: &Geometry, rounding: Rounding) -> Way {
    if rounding == Rounding::Bounded && nests(geometry) {
        return Way::Nested;
    }
    if geometry.group_out() < 4 || geometry.terms() < 8 {
        return Way::Rows;
    }
    let terms = geometry.in_channels * area(geometry.stride);
    let many = terms >= 8 && geometry.out_channels >= 8 && geometry.groups == 1;
    let (Some(tile), true, true) = (Tile::of(geometry), many, rounding != Rounding::AsDefined)
    else {
        return Way::Product;
    };
    let tiles = area(
        geometry
            .output
            .map(|extent| extent.div_ceil(tile.outputs())),
    );
    let compact = rounding == Rounding::BoundedCompact;
    match (tile, tiles) {
        (_, 0..2) => Way::Product,
        (Tile::FourOfThree, 2..8) if geometry.stride == [1, 1] => Way::Winograd(Tile::TwoOfThree),
        (Tile::FourOfThree, _) if compact && geometry.stride == [1, 1] => {
            Way::Winograd(Tile::TwoOfThree)
        }
        (Tile::TwoOfFive, 8..) if geometry.stride == [1, 1] => Way::Winograd(tile),
        (_, 8..) if !compact => Way::Winograd(tile),
        _ => Way::Product,
    }
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
