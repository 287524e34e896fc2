//! The kernel that changes nothing.

use super::{Family, Filter, Weights};

pub(super) const IDENTITY: Filter = Filter {
    name: "identity",
    family: Family::Identity,
    parameters: &[],
    definition: "1 at the centre, 0 elsewhere",
    source: "The unit impulse: Gonzalez and Woods, Digital Image Processing (4th ed. 2018), section 3.4",
    weights: Weights::Fixed(&[&[0.0, 0.0, 0.0], &[0.0, 1.0, 0.0], &[0.0, 0.0, 0.0]]),
};
