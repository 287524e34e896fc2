//! The parameters of a filter: ranges, defaults and checks.

use super::{OPERATOR, unknown};
use crate::error::range::check_finite_range;
use crate::error::{Error, Result};

/// A parameter of a filter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameter {
    /// Identifier; `sigma`, `wavelength`, `length` and `size` are in pixels, `angle` and `phase`
    /// in degrees.
    pub name: &'static str,
    /// Default value.
    pub default: f64,
    /// Smallest value allowed.
    pub min: f64,
    /// Largest value allowed.
    pub max: f64,
    /// Distance between offered values; a `size` must be a multiple of it from `min`.
    pub step: f64,
}

pub(super) const SIGMA: Parameter = Parameter {
    name: "sigma",
    default: 1.0,
    min: 0.3,
    max: 5.0,
    step: 0.1,
};

pub(super) const SIZE: Parameter = Parameter {
    name: "size",
    default: 7.0,
    min: 3.0,
    max: 15.0,
    step: 2.0,
};

pub(super) const ANGLE: Parameter = Parameter {
    name: "angle",
    default: 0.0,
    min: -180.0,
    max: 180.0,
    step: 15.0,
};

/// A checked value for each parameter of a filter.
pub(super) struct Values(Vec<(&'static str, f64)>);

impl Values {
    /// The `given` values, and defaults for the others.
    ///
    /// # Errors
    /// As [`kernel`](super::kernel).
    pub fn new(parameters: &[Parameter], given: &[(String, f64)]) -> Result<Self> {
        let is_known = |name: &str| parameters.iter().any(|parameter| parameter.name == name);
        if let Some((name, _)) = given.iter().find(|(name, _)| !is_known(name)) {
            let known = parameters.iter().map(|parameter| parameter.name);
            return Err(unknown("parameter", known, name));
        }
        let value = |parameter: &Parameter| {
            let given = given.iter().find(|(name, _)| name == parameter.name);
            let value = given.map_or(parameter.default, |&(_, value)| value);
            parameter.check(value).map(|()| (parameter.name, value))
        };
        Ok(Values(parameters.iter().map(value).collect::<Result<_>>()?))
    }

    /// The value of the parameter `name`; NaN if the filter has no such parameter.
    pub fn get(&self, name: &str) -> f64 {
        let value = self.0.iter().find(|(known, _)| *known == name);
        value.map_or(f64::NAN, |&(_, value)| value)
    }

    /// The value of the parameter `size`.
    pub fn size(&self) -> usize {
        self.get("size") as usize
    }
}

impl Parameter {
    fn check(&self, value: f64) -> Result<()> {
        let &Parameter {
            name: argument,
            min,
            max,
            step,
            ..
        } = self;
        check_finite_range(OPERATOR, argument, [min, max], value)?;
        if argument == "size" && (value - min) % step != 0.0 {
            let kind = if step == 2.0 {
                "an odd whole number"
            } else {
                "a whole number"
            };
            return Err(Error::WrongType {
                operator: OPERATOR,
                argument: argument.into(),
                expected: kind.into(),
                got: value.to_string(),
            });
        }
        Ok(())
    }
}
