//! The picture plus a derivative of it.

use super::parameter::{Parameter, SIGMA, SIZE, Values};
use super::smooth::gaussian;
use super::{Family, Filter, Weights};
use crate::kernel::Kernel;

pub(super) const SHARPEN: Filter = Filter {
    name: "sharpen",
    family: Family::Sharpen,
    parameters: &[],
    definition: "identity − laplacian_4",
    source: "Gonzalez and Woods, Digital Image Processing (4th ed. 2018), section 3.6",
    weights: Weights::Fixed(&[&[0.0, -1.0, 0.0], &[-1.0, 5.0, -1.0], &[0.0, -1.0, 0.0]]),
};

pub(super) const SHARPEN_8: Filter = Filter {
    name: "sharpen_8",
    family: Family::Sharpen,
    parameters: &[],
    definition: "identity − laplacian_8",
    source: "Gonzalez and Woods, Digital Image Processing (4th ed. 2018), section 3.6",
    weights: Weights::Fixed(&[&[-1.0, -1.0, -1.0], &[-1.0, 9.0, -1.0], &[-1.0, -1.0, -1.0]]),
};

pub(super) const UNSHARP: Filter = Filter {
    name: "unsharp",
    family: Family::Sharpen,
    parameters: &[
        SIGMA,
        SIZE,
        Parameter {
            name: "amount",
            default: 1.0,
            min: 0.0,
            max: 10.0,
            step: 0.1,
        },
    ],
    definition: "identity + amount · (identity − gaussian(sigma, size))",
    source: "Unsharp masking: Gonzalez and Woods, Digital Image Processing (4th ed. 2018), section 3.6",
    weights: Weights::Computed(unsharp),
};

pub(super) const EMBOSS: Filter = Filter {
    name: "emboss",
    family: Family::Sharpen,
    parameters: &[],
    definition: "x + y, and 1 at the centre: the picture lit along its diagonal",
    source: "GNU Image Manipulation Program 2.10, User Manual, filter \"Convolution Matrix\"",
    weights: Weights::Fixed(&[&[-2.0, -1.0, 0.0], &[-1.0, 1.0, 1.0], &[0.0, 1.0, 2.0]]),
};

fn unsharp(values: &Values) -> Kernel {
    let amount = values.get("amount");
    let mut sharp = gaussian(values) * -amount;
    let center = values.size() / 2;
    sharp[[center, center]] += 1.0 + amount;
    sharp
}

#[cfg(test)]
mod tests {
    use super::super::testing::named;

    #[test]
    fn unsharp_without_amount_is_the_identity() {
        let kernel = named("unsharp", &[("amount", 0.0), ("size", 3.0)]);
        assert_eq!(kernel, named("identity", &[]));
    }
}
