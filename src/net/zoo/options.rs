//! The options of convolutions and poolings, as short sentences: `conv(64, 3).stride(2).pad(1)`.

use crate::net::spec::Pooling;
use crate::window::{Padding, Sides};

/// `[rows, columns]`, or one number for both.
pub trait Extents {
    /// `[rows, columns]`.
    fn pair(self) -> [usize; 2];
}

impl Extents for usize {
    fn pair(self) -> [usize; 2] {
        [self, self]
    }
}

impl Extents for [usize; 2] {
    fn pair(self) -> [usize; 2] {
        self
    }
}

/// The options of a convolution.
#[derive(Clone, Copy)]
pub struct Conv {
    pub channels: usize,
    pub kernel: [usize; 2],
    pub stride: [usize; 2],
    pub padding: Padding,
    pub dilation: [usize; 2],
    pub groups: usize,
    pub bias: bool,
}

/// A convolution at every position inside the input, with biases.
pub fn conv(channels: usize, kernel: impl Extents) -> Conv {
    Conv {
        channels,
        kernel: kernel.pair(),
        stride: [1, 1],
        padding: Padding::Valid,
        dilation: [1, 1],
        groups: 1,
        bias: true,
    }
}

impl Conv {
    /// With a stride along both axes.
    pub fn stride(mut self, stride: usize) -> Self {
        self.stride = [stride, stride];
        self
    }

    /// With rows above and below and columns left and right.
    pub fn pad(mut self, padding: impl Extents) -> Self {
        self.padding = around(padding.pair());
        self
    }

    /// With TensorFlow's SAME padding.
    pub fn same(mut self) -> Self {
        self.padding = Padding::Same;
        self
    }

    /// With gaps between the kernel's cells.
    pub fn dilation(mut self, dilation: usize) -> Self {
        self.dilation = [dilation, dilation];
        self
    }

    /// With the channels split into groups.
    pub fn groups(mut self, groups: usize) -> Self {
        self.groups = groups;
        self
    }

    /// Without biases.
    pub fn no_bias(mut self) -> Self {
        self.bias = false;
        self
    }

    /// Whether it has fewer output positions than input positions.
    pub fn shrinks(&self) -> bool {
        let several = self.kernel.iter().any(|&extent| extent > 1);
        self.stride != [1, 1] || (several && self.padding == Padding::Valid)
    }
}

/// The options of a pooling.
#[derive(Clone, Copy)]
pub struct Pool {
    pub kind: Pooling,
    pub size: [usize; 2],
    pub stride: [usize; 2],
    pub padding: Padding,
    pub ceil_mode: bool,
    pub count_include_pad: bool,
}

/// The largest of each window.
pub fn max_pool(size: usize, stride: usize) -> Pool {
    Pool {
        kind: Pooling::Max,
        size: [size, size],
        stride: [stride, stride],
        padding: Padding::Valid,
        ceil_mode: false,
        count_include_pad: true,
    }
}

/// The mean of each window.
pub fn average_pool(size: usize, stride: usize) -> Pool {
    Pool {
        kind: Pooling::Average,
        ..max_pool(size, stride)
    }
}

impl Pool {
    /// With pixels on all four sides.
    pub fn pad(mut self, extent: usize) -> Self {
        self.padding = around([extent, extent]);
        self
    }

    /// With TensorFlow's SAME padding, which counts in no mean.
    pub fn same(mut self) -> Self {
        self.padding = Padding::Same;
        self.count_include_pad = false;
        self
    }

    /// With output extents rounded up.
    pub fn ceil(mut self) -> Self {
        self.ceil_mode = true;
        self
    }
}

fn around([rows, cols]: [usize; 2]) -> Padding {
    Padding::Explicit(Sides {
        top: rows,
        left: cols,
        bottom: rows,
        right: cols,
    })
}
