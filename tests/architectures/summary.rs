//! Whole networks of torchvision: parameters, multiply-adds, buffers, fields of the last features.

use cnn_playground::net::spec::Op;
use cnn_playground::net::zoo;

use crate::end_points::rounds_to;
use crate::measured::{Measured, measure};
use crate::truth::{FeaturesField, LAYERS, Summary};

/// The networks of the table that the zoo lacks, and what a spec would need for them.
pub const MISSING: [(&str, &str); 8] = [
    ("mobilenet_v3_small", SQUEEZE),
    ("mobilenet_v3_large", SQUEEZE),
    ("shufflenet_v2_x0_5", SHUFFLE),
    ("shufflenet_v2_x1_0", SHUFFLE),
    ("efficientnet_b0", SQUEEZE),
    ("efficientnet_v2_s", SQUEEZE),
    ("regnet_y_400mf", SQUEEZE),
    ("convnext_tiny", "layer normalisation and learned scales"),
];

const SQUEEZE: &str = "products of feature maps, for squeeze and excitation";
const SHUFFLE: &str = "splitting and shuffling of channels";

/// What the auxiliary heads that the zoo leaves out would add.
pub struct Heads {
    pub parameters: u64,
    pub buffers: u64,
}

/// Worked out from torchvision's definitions: a dense layer has `inputs + 1` parameters a value, a
/// convolution without biases one for each cell and pair of channels, a batch norm two a channel, and
/// as many buffers and one.
pub fn auxiliary_heads(model: &str) -> Heads {
    match model {
        // Two heads: 1x1 convolution to 128 channels, dense layers to 1024 and 1000.
        "googlenet" => Heads {
            parameters: [512, 528]
                .map(|channels| channels * 128 + 2 * 128 + (2048 + 1) * 1024 + (1024 + 1) * 1000)
                .iter()
                .sum(),
            buffers: 2 * (2 * 128 + 1),
        },
        // 1x1 convolution to 128 channels, 5x5 to 768, a dense layer to 1000.
        "inception_v3" => Heads {
            parameters: 768 * 128 + 2 * 128 + 128 * 768 * 25 + 2 * 768 + (768 + 1) * 1000,
            buffers: 2 * (128 + 768) + 2,
        },
        _ => Heads {
            parameters: 0,
            buffers: 0,
        },
    }
}

/// Whether a network has the figures of its row: parameters, buffers and layers to the last one,
/// multiply-adds to the digits given.
pub fn agrees(network: &Measured, row: &Summary) -> bool {
    let total = network.total();
    let (parameters, multiply_adds) = (total.parameters.unwrap(), total.multiply_adds.unwrap());
    let heads = auxiliary_heads(&row.model);
    // PyTorch counts the batches that a batch norm has seen, as one more buffer.
    let norms = network.count(|op| matches!(op, Op::BatchNorm { .. })) as u64;
    parameters == row.params_used_at_inference
        && parameters + heads.parameters == row.params_computed
        && [parameters, row.params_computed].contains(&row.params_published)
        && total.buffers.unwrap() + norms + heads.buffers == row.buffers
        && rounds_to(multiply_adds, row.gmacs_computed, 4)
        && rounds_to(multiply_adds, row.gflops_published, 3)
        && features_agree(network, row.rf_features.as_ref().unwrap())
}

fn features_agree(network: &Measured, published: &FeaturesField) -> bool {
    let idx = network.features();
    let field = [
        published.receptive_field,
        published.effective_stride,
        published.effective_padding,
    ];
    published.receptive_field == published.receptive_field_x
        && network.field(idx) == field.map(Some)
        && network.fields[idx].aligned == Some(published.aligned)
}

/// The rows of the table whose networks the zoo has.
pub fn rows() -> impl Iterator<Item = &'static Summary> {
    let missing = |row: &&Summary| !MISSING.iter().any(|(name, _)| *name == row.model);
    LAYERS.summary.iter().filter(missing)
}

#[test]
fn every_network_of_the_table_agrees_or_is_named_as_missing() {
    assert_eq!(rows().count() + MISSING.len(), LAYERS.summary.len());
    assert_eq!(LAYERS.summary.len(), 34);
    for row in rows() {
        let network = measure(&row.model);
        assert!(agrees(&network, row), "{}", row.model);
        let [channels, height, width] = row.input.map(Some);
        let input = network.nodes()[0].shape;
        assert_eq!(input.extents(), [channels, height, width], "{}", row.model);
    }
    for (name, _) in MISSING {
        assert!(zoo::find(name).is_none(), "{name} is in the zoo");
    }
}

#[test]
fn convolutions_and_dense_layers_are_as_many_as_the_table_says() {
    for row in rows() {
        let network = measure(&row.model);
        let convolutions = network.count(|op| matches!(op, Op::Conv2d { .. }));
        let dense = network.count(|op| matches!(op, Op::Dense { .. }));
        // The table counts layers that run: not those of auxiliary heads.
        let counted = (row.conv_layers, row.linear_layers);
        assert_eq!((convolutions, dense), counted, "{}", row.model);
    }
}

#[test]
fn the_classic_networks_have_their_published_totals() {
    assert_eq!(LAYERS.classic.len(), 2);
    for (name, table) in &LAYERS.classic {
        let network = measure(name);
        let total = network.total();
        assert_eq!(total.parameters, Some(table.params), "{name}");
        assert_eq!(total.multiply_adds, Some(table.macs), "{name}");
        let input = network.nodes()[0].shape.extents();
        assert_eq!(input, table.input.map(Some), "{name}");
        assert!(features_agree(&network, &table.rf_features), "{name}");
    }
}
