//! The lab's settings as plain data.

use serde::Deserialize;

use super::groups::{GroupsSpec, Source};
use super::spec::{ChannelsLabSpec, Filter, check_filters};
use crate::error::Result;
use crate::kernel::{self, check_weight};
use crate::ops::conv2d::Conv2dOptions;
use crate::render::color::Theme;
use crate::window::{Padding, forms};

/// A [`ChannelsLabSpec`] as a caller writes it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlainSpec {
    filters: Vec<PlainFilter>,
    #[serde(default, with = "forms::padding")]
    padding: Padding,
    #[serde(default = "forms::ones", with = "forms::pair")]
    stride: [usize; 2],
    #[serde(default)]
    relu: bool,
    theme: Theme,
}

/// A [`Filter`] as a caller writes it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlainFilter {
    kernels: Vec<Vec<Vec<f64>>>,
    #[serde(default)]
    bias: f64,
}

/// A [`GroupsSpec`] as a caller writes it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlainGroups {
    source: Source,
    groups: usize,
    pointwise: bool,
    seed: u32,
}

impl PlainSpec {
    /// Checks what does not depend on the picture; `operator` is named in the error.
    ///
    /// # Errors
    /// [`OutOfRange`](crate::error::Error::OutOfRange) for no filter, too many, or a weight or bias too large;
    /// [`ShapeMismatch`](crate::error::Error::ShapeMismatch) for a filter without a kernel per channel or with kernels of another
    /// size than the first; as [`kernel::from_rows`].
    pub fn checked(self, operator: &'static str) -> Result<ChannelsLabSpec> {
        let filters = checked_filters(operator, &self.filters)?;
        Ok(ChannelsLabSpec {
            filters,
            conv: Conv2dOptions {
                stride: self.stride,
                padding: self.padding,
                ..Default::default()
            },
            relu: self.relu,
            theme: self.theme,
        })
    }
}

impl PlainGroups {
    /// Checks what does not depend on the number of channels.
    pub fn checked(self) -> GroupsSpec {
        GroupsSpec {
            source: self.source,
            groups: self.groups,
            pointwise: self.pointwise,
            seed: self.seed,
        }
    }
}

impl PlainFilter {
    fn checked(&self, operator: &'static str) -> Result<Filter> {
        check_weight(operator, "bias", self.bias)?;
        let kernels = self
            .kernels
            .iter()
            .map(|rows| kernel::from_rows(operator, rows));
        Ok(Filter {
            kernels: kernels.collect::<Result<_>>()?,
            bias: self.bias,
        })
    }
}

/// Checks filters as a caller writes them, one by one and as a layer.
///
/// # Errors
/// As [`PlainSpec::checked`].
pub fn checked_filters(operator: &'static str, plain: &[PlainFilter]) -> Result<Vec<Filter>> {
    let filters = plain.iter().map(|filter| filter.checked(operator));
    let filters = filters.collect::<Result<Vec<_>>>()?;
    check_filters(operator, &filters)?;
    Ok(filters)
}
