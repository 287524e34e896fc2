//! The lab's settings as plain data.

use serde::Deserialize;

use super::KernelLabSpec;
use crate::data::picture::ColorMode;
use crate::error::Result;
use crate::kernel::{self, check_weight};
use crate::ops::conv2d::Conv2dOptions;
use crate::render::color::Theme;
use crate::render::display::DisplayRange;
use crate::window::{Padding, PaddingMode, forms};

/// A [`KernelLabSpec`] as a caller writes it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlainSpec {
    kernel: Vec<Vec<f64>>,
    color: ColorMode,
    #[serde(default, with = "forms::padding")]
    padding: Padding,
    #[serde(default)]
    padding_mode: PaddingMode,
    #[serde(default = "forms::ones", with = "forms::pair")]
    stride: [usize; 2],
    #[serde(default = "forms::ones", with = "forms::pair")]
    dilation: [usize; 2],
    #[serde(default)]
    bias: f64,
    #[serde(default)]
    flip_kernel: bool,
    #[serde(default)]
    relu: bool,
    #[serde(default)]
    display: DisplayRange,
    theme: Theme,
}

impl PlainSpec {
    /// Checks what does not depend on the picture; `operator` is named in the error.
    ///
    /// # Errors
    /// As [`kernel::from_rows`] and [`DisplayRange::check`];
    /// [`OutOfRange`](crate::error::Error::OutOfRange) for a bias larger than a weight may be.
    pub fn checked(self, operator: &'static str) -> Result<KernelLabSpec> {
        check_weight(operator, "bias", self.bias)?;
        self.display.check(operator)?;
        Ok(KernelLabSpec {
            kernel: kernel::from_rows(operator, &self.kernel)?,
            color: self.color,
            conv: Conv2dOptions {
                stride: self.stride,
                padding: self.padding,
                padding_mode: self.padding_mode,
                dilation: self.dilation,
                groups: 1,
                flip_kernel: self.flip_kernel,
            },
            bias: self.bias,
            relu: self.relu,
            display: self.display,
            theme: self.theme,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_the_default_of_conv2d() {
        let text = r#"{ "kernel": [[1, 2]], "color": "grey", "theme": "dark" }"#;
        let plain: PlainSpec = serde_json::from_str(text).unwrap();
        let spec = plain.checked("test").unwrap();
        assert_eq!(spec.conv, Conv2dOptions::default());
        assert_eq!((spec.bias, spec.relu), (0.0, false));
        assert_eq!(spec.display, DisplayRange::Symmetric);
    }
}
