//! The settings of one method as plain data.

use serde::Deserialize;

use super::{Method, PoolingLabSpec, Slide, StridedKernel};
use crate::data::picture::ColorMode;
use crate::error::Result;
use crate::ops::adaptive_pool2d::AdaptivePoolKind;
use crate::render::color::Theme;
use crate::render::display::DisplayRange;
use crate::window::{Padding, forms};

/// A [`PoolingLabSpec`] as a caller writes it. Every method accepts the options of all others and ignores them.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlainSpec {
    method: MethodName,
    #[serde(default = "twos", with = "forms::pair")]
    size: [usize; 2],
    #[serde(default, with = "forms::optional_pair")]
    stride: Option<[usize; 2]>,
    #[serde(default, with = "forms::padding")]
    padding: Padding,
    #[serde(default = "forms::ones", with = "forms::pair")]
    dilation: [usize; 2],
    #[serde(default)]
    ceil_mode: bool,
    #[serde(default = "yes")]
    count_include_pad: bool,
    #[serde(default = "two")]
    p: f64,
    #[serde(default)]
    kernel: KernelName,
    #[serde(default)]
    seed: u64,
    #[serde(default = "three")]
    taps: usize,
    #[serde(default)]
    kind: AdaptivePoolKind,
    #[serde(default = "forms::ones", with = "forms::pair")]
    output_size: [usize; 2],
    color: ColorMode,
    #[serde(default)]
    display: DisplayRange,
    theme: Theme,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum MethodName {
    Max,
    Average,
    Lp,
    Strided,
    Blur,
    MaxBlur,
    Adaptive,
    Global,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum KernelName {
    #[default]
    Identity,
    Box,
    Binomial,
    Random,
}

fn twos() -> [usize; 2] {
    [2, 2]
}

fn yes() -> bool {
    true
}

fn two() -> f64 {
    2.0
}

fn three() -> usize {
    3
}

impl PlainSpec {
    /// Checks what does not depend on the picture; `operator` is named in the error.
    ///
    /// # Errors
    /// As [`DisplayRange::check`].
    pub fn checked(self, operator: &'static str) -> Result<PoolingLabSpec> {
        self.display.check(operator)?;
        Ok(PoolingLabSpec {
            method: self.method(),
            slide: Slide {
                size: self.size,
                stride: self.stride.unwrap_or(self.size),
                padding: self.padding,
                dilation: self.dilation,
                ceil_mode: self.ceil_mode,
            },
            color: self.color,
            display: self.display,
            theme: self.theme,
        })
    }

    fn method(&self) -> Method {
        let (taps, kind) = (self.taps, self.kind);
        match self.method {
            MethodName::Max => Method::Max,
            MethodName::Average => Method::Average {
                count_include_pad: self.count_include_pad,
            },
            MethodName::Lp => Method::Lp { p: self.p },
            MethodName::Strided => Method::Strided(match self.kernel {
                KernelName::Identity => StridedKernel::Identity,
                KernelName::Box => StridedKernel::Box,
                KernelName::Binomial => StridedKernel::Binomial,
                KernelName::Random => StridedKernel::Random { seed: self.seed },
            }),
            MethodName::Blur => Method::Blur { taps },
            MethodName::MaxBlur => Method::MaxBlur { taps },
            MethodName::Adaptive => Method::Adaptive {
                kind,
                size: self.output_size,
            },
            MethodName::Global => Method::Global { kind },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::pool2d::Pool2dOptions;

    #[test]
    fn what_is_left_out_is_the_default_of_pool2d() {
        let text = r#"{ "method": "max", "color": "grey", "theme": "dark" }"#;
        let plain: PlainSpec = serde_json::from_str(text).unwrap();
        let Slide {
            size,
            stride,
            padding,
            dilation,
            ceil_mode,
        } = plain.checked("test").unwrap().slide;
        let default = Pool2dOptions::default();
        assert_eq!((size, stride), (default.size, default.size));
        assert_eq!(
            (padding, dilation, ceil_mode),
            (default.padding, default.dilation, default.ceil_mode)
        );
    }
}
