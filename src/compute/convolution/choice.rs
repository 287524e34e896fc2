//! Which way a convolution is computed.

use crate::compute::convolution::winograd::Tile;
use crate::compute::convolution::{Geometry, area};

/// Whether a result may differ from the definition's by rounding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rounding {
    /// The bits of the definition.
    AsDefined,
    /// Within the bound that [`super::winograd`] states.
    Bounded,
}

/// A way to compute a convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Rows,
    Product,
    Winograd(Tile),
}

/// The way that pays.
///
/// - Few output channels in a group, or hardly any terms: a tile of the product would be filled up with
///   zeros, and packing cost more than it saves.
/// - A 3x3 kernel at stride 1 between enough channels of one group: Winograd, in 4x4 tiles if there are enough of
///   them to share the packed weights, which are four times as large as the kernel.
/// - Else the product.
pub(super) fn way(geometry: &Geometry, rounding: Rounding) -> Way {
    if geometry.group_out() < 4 || geometry.terms() < 8 {
        return Way::Rows;
    }
    let small = geometry.kernel == [3, 3] && geometry.stride == [1, 1];
    let many = geometry.in_channels >= 8 && geometry.out_channels >= 8 && geometry.groups == 1;
    if rounding == Rounding::AsDefined || !small || !many || geometry.dilation != [1, 1] {
        return Way::Product;
    }
    let tiles = area(geometry.output.map(|extent| extent.div_ceil(4)));
    match tiles {
        0..2 => Way::Product,
        2..8 => Way::Winograd(Tile::Two),
        _ => Way::Winograd(Tile::Four),
    }
}
