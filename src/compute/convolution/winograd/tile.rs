//! The tile sizes of Winograd's minimal filtering.

use crate::compute::convolution::Geometry;

/// m x m outputs of a kernel of r x r cells, named F(m, r).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tile {
    /// F(2, 3), the most accurate.
    TwoOfThree,
    /// F(4, 3).
    FourOfThree,
    /// F(3, 4).
    ThreeOfFour,
    /// F(2, 5).
    TwoOfFive,
}

impl Tile {
    /// The largest tile for the kernel of `geometry`, or for the phases of the kernel if the stride
    /// is above 1. Phase (p, q) of a stride s holds rows p, p + s, p + 2s, ... and columns q, q +
    /// s, ... of the padded input and of the kernel. The convolution is then a sum over the
    /// channels of all phases, at stride 1.
    pub fn of(geometry: &Geometry) -> Option<Self> {
        let [kernel, stride] = [geometry.kernel, geometry.stride];
        if kernel[0] != kernel[1] || stride[0] != stride[1] || geometry.dilation != [1, 1] {
            return None;
        }
        match kernel[0].div_ceil(stride[0]) {
            3 => Some(Tile::FourOfThree),
            4 => Some(Tile::ThreeOfFour),
            5 => Some(Tile::TwoOfFive),
            _ => None,
        }
    }

    /// m.
    pub fn outputs(self) -> usize {
        match self {
            Tile::TwoOfThree | Tile::TwoOfFive => 2,
            Tile::ThreeOfFour => 3,
            Tile::FourOfThree => 4,
        }
    }

    /// r.
    pub fn kernel(self) -> usize {
        match self {
            Tile::TwoOfThree | Tile::FourOfThree => 3,
            Tile::ThreeOfFour => 4,
            Tile::TwoOfFive => 5,
        }
    }

    /// Inputs along each axis.
    pub fn edge(self) -> usize {
        self.outputs() + self.kernel() - 1
    }
}
