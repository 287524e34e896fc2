//! The downsampling methods that the lab compares.

use ndarray::{Array4, ArrayView4};

use crate::data::rng::Rng;
use crate::error::Result;
use crate::kernel::Kernel;
use crate::ops::adaptive_pool2d::{
    AdaptivePool2dOptions, AdaptivePoolKind, adaptive_pool2d, adaptive_pool2d_backward,
};
use crate::ops::blur_pool2d::{BlurPool2dOptions, binomial, blur_pool2d, blur_pool2d_backward};
use crate::ops::conv2d::{Conv2dOptions, conv2d, conv2d_backward};
use crate::ops::global_pool2d::{global_pool2d, global_pool2d_backward};
use crate::ops::pool2d::{Pool2dOptions, PoolKind, Pooled, pool2d, pool2d_backward};
use crate::window::Padding;

/// How the pixels under a window become one value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Method {
    /// The maximum.
    Max,
    /// The mean.
    Average {
        /// Whether padding counts as pixels of value 0.
        count_include_pad: bool,
    },
    /// The p-norm.
    Lp {
        /// The exponent.
        p: f64,
    },
    /// A strided convolution with the same kernel for each channel, zero-padded.
    Strided(StridedKernel),
    /// A strided binomial blur. Of the slide, only the stride is used.
    Blur {
        /// Extent of the blur kernel.
        taps: usize,
    },
    /// Max pooling at stride 1, then a strided binomial blur: the anti-aliased max pooling of
    /// Zhang, arXiv:1904.11486.
    MaxBlur {
        /// Extent of the blur kernel.
        taps: usize,
    },
    /// A given number of outputs; the slide is not used.
    Adaptive {
        /// The mean or the maximum.
        kind: AdaptivePoolKind,
        /// Output extents `[rows, columns]`.
        size: [usize; 2],
    },
    /// One value per channel; the slide is not used.
    Global {
        /// The mean or the maximum.
        kind: AdaptivePoolKind,
    },
}

/// The kernel of the strided convolution. In a network it is learned; here it is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StridedKernel {
    /// 1 in the middle cell (for even extents the one before the middle), 0 elsewhere: keeps one
    /// pixel of each window, which is plain subsampling.
    Identity,
    /// Equal weights with sum 1.
    Box,
    /// The outer product of two rows of Pascal's triangle, divided by its sum.
    Binomial,
    /// Normally distributed weights of variance 2 / cells, as in an untrained layer (He et al.,
    /// arXiv:1502.01852, for one input channel).
    Random {
        /// Seed of the random numbers.
        seed: u64,
    },
}

/// How the window slides, for the methods that have a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slide {
    /// Extents of the window `[rows, columns]`.
    pub size: [usize; 2],
    /// Step between neighbouring outputs `[rows, columns]`.
    pub stride: [usize; 2],
    /// How much padding surrounds the input.
    pub padding: Padding,
    /// Distance between neighbouring pixels of the window `[rows, columns]`.
    pub dilation: [usize; 2],
    /// Rounds the output extents up; not used by convolution and blur.
    pub ceil_mode: bool,
}

impl StridedKernel {
    /// The weights for a window of `size` `[rows, columns]`.
    pub fn weights(self, [rows, cols]: [usize; 2]) -> Kernel {
        let cells = (rows * cols) as f64;
        match self {
            StridedKernel::Identity => Kernel::from_shape_fn((rows, cols), |(row, col)| {
                f64::from(u8::from(row == (rows - 1) / 2 && col == (cols - 1) / 2))
            }),
            StridedKernel::Box => Kernel::from_elem((rows, cols), 1.0 / cells),
            StridedKernel::Binomial => {
                let (down, across) = (binomial(rows), binomial(cols));
                Kernel::from_shape_fn((rows, cols), |(row, col)| down[row] * across[col])
            }
            StridedKernel::Random { seed } => {
                let mut rng = Rng::new(seed);
                let deviation = (2.0 / cells).sqrt();
                Kernel::from_shape_simple_fn((rows, cols), || deviation * rng.normal())
            }
        }
    }
}

/// The output of `method` and, for maxima, the argmax.
///
/// # Shapes
/// `input` `[n, c, in_h, in_w]`; returns `[n, c, out_h, out_w]`.
///
/// # Errors
/// As the operator of the method.
pub(super) fn forward(
    method: Method,
    slide: &Slide,
    input: ArrayView4<f32>,
) -> Result<Pooled<f32>> {
    let plain = |output| Pooled {
        output,
        indices: None,
    };
    match method {
        Method::Max | Method::Average { .. } | Method::Lp { .. } => {
            pool2d(input, &pool_options(method, slide))
        }
        Method::Strided(kernel) => {
            let (weights, options) = convolution(kernel, slide, input.dim().1);
            conv2d(input, weights.view(), None, &options).map(plain)
        }
        Method::Blur { taps } => blur_pool2d(input, &blur_options(taps, slide)).map(plain),
        Method::MaxBlur { taps } => {
            let maxima = pool2d(input, &pool_options(Method::Max, &slide.by_one()))?.output;
            blur_pool2d(maxima.view(), &blur_options(taps, slide)).map(plain)
        }
        Method::Adaptive { kind, size } => {
            adaptive_pool2d(input, &AdaptivePool2dOptions { kind, size })
        }
        Method::Global { kind } => global_pool2d(input, kind),
    }
}

/// Gradient with respect to the input of [`forward`], from the gradient with respect to its output.
///
/// # Errors
/// As the operator of the method.
pub(super) fn backward(
    method: Method,
    slide: &Slide,
    input: ArrayView4<f32>,
    d_output: ArrayView4<f32>,
) -> Result<Array4<f32>> {
    match method {
        Method::Max | Method::Average { .. } | Method::Lp { .. } => {
            pool2d_backward(input, d_output, &pool_options(method, slide))
        }
        Method::Strided(kernel) => {
            let (weights, options) = convolution(kernel, slide, input.dim().1);
            Ok(conv2d_backward(input, weights.view(), d_output, &options)?.d_input)
        }
        Method::Blur { taps } => blur_pool2d_backward(input, d_output, &blur_options(taps, slide)),
        Method::MaxBlur { taps } => {
            let options = pool_options(Method::Max, &slide.by_one());
            let maxima = pool2d(input, &options)?.output;
            let d_maxima =
                blur_pool2d_backward(maxima.view(), d_output, &blur_options(taps, slide))?;
            pool2d_backward(input, d_maxima.view(), &options)
        }
        Method::Adaptive { kind, size } => {
            adaptive_pool2d_backward(input, d_output, &AdaptivePool2dOptions { kind, size })
        }
        Method::Global { kind } => global_pool2d_backward(input, d_output, kind),
    }
}

impl Slide {
    /// The same window at stride 1, where rounding the extents makes no difference.
    pub(super) fn by_one(&self) -> Slide {
        Slide {
            stride: [1, 1],
            ceil_mode: false,
            ..*self
        }
    }
}

fn pool_options(method: Method, slide: &Slide) -> Pool2dOptions {
    Pool2dOptions {
        kind: match method {
            Method::Average { count_include_pad } => PoolKind::Average {
                count_include_pad,
                divisor_override: None,
            },
            Method::Lp { p } => PoolKind::Lp { p },
            _ => PoolKind::Max,
        },
        size: slide.size,
        stride: Some(slide.stride),
        padding: slide.padding,
        dilation: slide.dilation,
        ceil_mode: slide.ceil_mode,
    }
}

fn blur_options(taps: usize, slide: &Slide) -> BlurPool2dOptions {
    BlurPool2dOptions {
        taps,
        stride: slide.stride,
        ..Default::default()
    }
}

fn convolution(
    kernel: StridedKernel,
    slide: &Slide,
    channels: usize,
) -> (Array4<f32>, Conv2dOptions) {
    let kernel = kernel.weights(slide.size);
    let (rows, cols) = kernel.dim();
    let weights = Array4::from_shape_fn((channels, 1, rows, cols), |(_, _, row, col)| {
        kernel[[row, col]] as f32
    });
    let options = Conv2dOptions {
        stride: slide.stride,
        padding: slide.padding,
        dilation: slide.dilation,
        groups: channels,
        ..Default::default()
    };
    (weights, options)
}
