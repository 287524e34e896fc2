//! The lab against its operators' references.

use ndarray::{Array4, Axis, array, s};
use proptest::prelude::*;

use super::*;
use crate::error::Error;
use crate::kernel::Kernel;
use crate::labs::shared::testing::{noise, paddings};
use crate::ops::conv2d::{Conv2dOptions, conv2d_naive};

prop_compose! {
    /// A picture and a layer for it, which may not fit the picture.
    fn cases()(
        extents in prop::array::uniform2(1..10_usize),
        (height, width) in (1..5_usize, 1..5_usize),
        weights in prop::collection::vec(-2.0..2.0, 3 * 3 * 16),
        biases in prop::collection::vec(prop_oneof![Just(0.0), -1.0..1.0], 1..4),
        stride in prop::array::uniform2(1..3_usize),
        padding in paddings(),
        relu: bool,
    ) -> (Picture, ChannelsLabSpec) {
        let kernel = |filter: usize, channel: usize| {
            Kernel::from_shape_fn((height, width), |(row, col)| {
                weights[(filter * 3 + channel) * 16 + row * 4 + col]
            })
        };
        let filters = biases.iter().enumerate().map(|(filter, &bias)| Filter {
            kernels: (0..CHANNELS).map(|channel| kernel(filter, channel)).collect(),
            bias,
        });
        let spec = ChannelsLabSpec {
            filters: filters.collect(),
            conv: Conv2dOptions { stride, padding, ..Default::default() },
            relu,
            theme: Theme::Light,
        };
        (noise(extents[0], extents[1]), spec)
    }
}

fn input(picture: &Picture) -> Array4<f32> {
    picture.to_tensor(ColorMode::Color)
}

fn relu(spec: &ChannelsLabSpec, maps: Array4<f32>) -> Array4<f32> {
    maps.mapv(|value| if spec.relu { value.max(0.0) } else { value })
}

proptest! {
    #[test]
    fn maps_are_those_of_the_naive_convolution((picture, spec) in cases()) {
        let input = input(&picture);
        let Ok(maps) = spec.run(input.view()) else {
            prop_assert!(spec.window([picture.height(), picture.width()]).is_err());
            return Ok(());
        };
        let (weights, bias) = (spec.weights(), spec.bias());
        let naive = conv2d_naive(input.view(), weights.view(), Some(bias.view()), &spec.conv).unwrap();
        prop_assert_eq!(maps, relu(&spec, naive));
    }

    #[test]
    fn the_parts_make_up_every_value_to_the_last_bit((picture, spec) in cases()) {
        let input = input(&picture);
        let Ok(maps) = spec.run(input.view()) else { return Ok(()) };
        let results = (0..spec.filters.len()).map(|filter| spec.results(input.view(), filter).unwrap());
        let results = results.collect::<Vec<_>>();
        for ((_, filter, row, col), value) in maps.indexed_iter() {
            let parts = Inspection::new(input.view(), &spec, filter, [row, col]).unwrap();
            prop_assert_eq!(parts.value.to_bits(), value.to_bits());
            let products = parts.channels.iter().flat_map(|part| &part.products);
            let mut sum = 0.0_f32;
            for (product, partial) in products.zip(&parts.partial_sums) {
                sum += product;
                prop_assert_eq!(sum.to_bits(), partial.to_bits());
            }
            prop_assert_eq!(parts.before_activation, sum + parts.bias);
            for (channel, part) in parts.channels.iter().enumerate() {
                prop_assert_eq!(part.sum, results[filter][[0, channel, row, col]]);
            }
        }
    }

    #[test]
    fn without_an_activation_the_planes_add_up_to_the_map((picture, mut spec) in cases()) {
        spec.relu = false;
        let Ok(apart) = Apart::new(input(&picture).view(), &spec, 0) else { return Ok(()) };
        prop_assert_eq!(apart.differing, 0, "differ by {}", apart.largest);
    }

    #[test]
    fn with_relu_they_differ_where_a_channel_is_negative((picture, mut spec) in cases()) {
        spec.relu = true;
        spec.filters[0].bias = 0.0;
        let input = input(&picture);
        let Ok(apart) = Apart::new(input.view(), &spec, 0) else { return Ok(()) };
        let results = spec.results(input.view(), 0).unwrap();
        let mixed = results.axis_iter(Axis(2)).flat_map(|row| {
            row.axis_iter(Axis(2)).map(|pixel| {
                let values = pixel.iter().copied();
                let (least, most) = (values.clone().fold(0.0, f32::min), values.fold(0.0, f32::max));
                least < -1e-3 && most > 1e-3
            }).collect::<Vec<_>>()
        });
        prop_assert!(apart.differing >= mixed.filter(|&mixed| mixed).count());
    }

    #[test]
    fn weights_survive_their_text((_, spec) in cases()) {
        let filters = text::parse(&text::format(&spec.filters)).unwrap();
        for (read, written) in filters.iter().zip(&spec.filters) {
            prop_assert_eq!(&read.kernels, &written.kernels);
        }
        prop_assert_eq!(filters.len(), spec.filters.len());
    }

    #[test]
    fn no_text_panics(text in r"[\[\], 0-9a-z.\n-]{0,60}") {
        let _ = text::parse(&text);
    }

    #[test]
    fn a_layer_in_groups_is_one_layer_for_each_group(
        channels in 1..9_usize, seed: u8, groups in 1..9_usize, extents in prop::array::uniform2(1..6_usize)
    ) {
        let Ok(layer) = Layer::random(channels, groups, 3, seed.into()) else {
            prop_assert!(!channels.is_multiple_of(groups));
            return Ok(());
        };
        let input = Array4::from_shape_fn((1, channels, extents[0], extents[1]), |(_, c, row, col)| {
            ((7 * c + 3 * row + col) % 11) as f32 / 10.0
        });
        let maps = layer.run(input.view()).unwrap();
        let per_group = channels / groups;
        for group in 0..groups {
            let range = group * per_group..(group + 1) * per_group;
            let alone = Layer {
                weights: layer.weights.slice(s![range.clone(), .., .., ..]).to_owned(),
                bias: None,
                conv: Conv2dOptions { groups: 1, ..layer.conv },
            };
            let expected = alone.run(input.slice(s![.., range.clone(), .., ..])).unwrap();
            prop_assert_eq!(maps.slice(s![.., range, .., ..]).to_owned(), expected);
        }
        // A line for each pair that lies in one group, and no other.
        let lines = layer.lines(Theme::Light);
        prop_assert_eq!(lines.len(), channels * per_group);
        prop_assert!(lines.iter().all(|line| line.from / per_group == line.to / per_group));
        let cost = &groups::costs(channels, 3, extents)[groups::stops(channels).iter().position(|&stop| stop == groups).unwrap()];
        prop_assert_eq!((cost.lines, cost.weights), (lines.len(), layer.weights.len()));
    }
}

#[test]
fn the_costs_of_eight_maps() {
    let costs = groups::costs(8, 3, [112, 112]);
    let rows = costs
        .iter()
        .map(|cost| (cost.kind, cost.lines, cost.weights, cost.multiply_adds));
    use LayerKind::{Depthwise, Grouped, Ordinary, Pointwise, Separable};
    assert_eq!(
        rows.collect::<Vec<_>>(),
        [
            (Ordinary, 64, 576, 7_225_344),
            (Grouped, 32, 288, 3_612_672),
            (Grouped, 16, 144, 1_806_336),
            (Depthwise, 8, 72, 903_168),
            (Pointwise, 64, 64, 802_816),
            (Separable, 72, 136, 1_705_984),
        ]
    );
}

#[test]
fn sobel_on_the_mean_is_the_mean_of_sobel() {
    let comparison = ChannelsLab::new(noise(40, 50)).sobel_comparison().unwrap();
    assert!(comparison.largest > 1.0);
    assert!(comparison.difference < 4.0 * 8.0 * f32::EPSILON);
    assert!(comparison.magnitude_difference > 0.1);
}

#[test]
fn a_colour_is_found_and_grey_is_not() {
    let color = [0.6, 0.2, 0.1];
    let filter = presets::find_color(color).unwrap();
    let response = |rgb: [f64; 3]| {
        let weights = filter.kernels.iter().map(|kernel| kernel[[0, 0]]);
        weights
            .zip(rgb)
            .map(|(weight, part)| weight * part)
            .sum::<f64>()
            + filter.bias
    };
    assert!(response(color) > 0.0);
    for other in [[0.5; 3], [1.0; 3], [0.1, 0.2, 0.6], [0.2, 0.6, 0.1]] {
        assert!(response(other) < 0.0, "{other:?}");
    }
    assert!(presets::find_color([0.5; 3]).is_ok());
    assert!(presets::find_color([f64::NAN; 3]).is_err());
}

#[test]
fn opponent_colours_of_grey_are_zero() {
    for preset in presets::presets() {
        let sums = preset
            .filters
            .iter()
            .map(|filter| filter.kernels.iter().flatten().sum::<f64>());
        if [
            "red_green",
            "blue_yellow",
            "edges_color",
            "edges_brightness",
        ]
        .contains(&preset.name)
        {
            assert!(sums.clone().all(|sum| sum.abs() < 1e-12), "{}", preset.name);
        }
    }
}

#[test]
fn blurring_apart_keeps_colours_and_blurring_mixed_loses_them() {
    let picture = noise(12, 12);
    let lab = ChannelsLab::new(picture);
    let run = |name: &str| {
        let presets = presets::presets();
        let preset = presets
            .into_iter()
            .find(|preset| preset.name == name)
            .unwrap();
        let spec = ChannelsLabSpec {
            filters: preset.filters,
            conv: same(),
            relu: false,
            theme: Theme::Light,
        };
        lab.maps(&spec).unwrap()
    };
    let spread = |maps: &Array4<f32>| {
        let (red, blue) = (maps.slice(s![.., 0, .., ..]), maps.slice(s![.., 2, .., ..]));
        (&red - &blue).mapv(f32::abs).mean().unwrap()
    };
    assert!(spread(&run("blur_apart")) > 0.01);
    assert_eq!(spread(&run("blur_mixed")), 0.0);
}

#[test]
fn text_that_is_no_layer_is_refused() {
    let code = |text: &str| text::parse(text).unwrap_err();
    assert!(matches!(code("1 2 3"), Error::TextEmpty { .. }));
    assert!(matches!(code("[[1, 2]]"), Error::ShapeMismatch { .. }));
    assert!(matches!(
        code("[[[[1]], [[1]], [[1]]]"),
        Error::TextUnexpected { .. }
    ));
    assert!(matches!(
        code("[[[1]], [[1]]]"),
        Error::ShapeMismatch { .. }
    ));
    assert!(matches!(
        code("[[[1]], [[1, 2]], [[1]]]"),
        Error::ShapeMismatch { .. }
    ));
    let layer = text::parse("tensor([[[[1., 2]], [[3, 4]], [[5, -6]]]], device='cuda:0')").unwrap();
    assert_eq!(layer.len(), 1);
    assert_eq!(layer[0].kernels[2], array![[5.0, -6.0]]);
    assert_eq!(text::parse("[[[1]], [[2]], [[3]]]").unwrap().len(), 1);
}

#[test]
fn the_code_names_every_option() {
    let lab = ChannelsLab::new(noise(6, 6));
    let filter = Filter {
        kernels: vec![array![[1.0]], array![[2.0]], array![[-0.5]]],
        bias: 3.0,
    };
    let mut spec = ChannelsLabSpec {
        filters: vec![filter],
        conv: Conv2dOptions::default(),
        relu: true,
        theme: Theme::Light,
    };
    assert_eq!(
        lab.pytorch(&spec, None).unwrap(),
        "conv = nn.Conv2d(3, 1, 1)\n\
         weight = torch.tensor([[[[1.]], [[2.]], [[-0.5]]]])\n\
         conv.weight = nn.Parameter(weight)\n\
         conv.bias = nn.Parameter(torch.tensor([3.]))\n\
         y = F.relu(conv(x))"
    );
    spec.relu = false;
    assert_eq!(
        lab.pytorch(&spec, Some(0)).unwrap(),
        "conv = nn.Conv2d(3, 3, 1, groups=3)\n\
         weight = torch.tensor([[[[1.]], [[2.]], [[-0.5]]]]).transpose(0, 1)\n\
         conv.weight = nn.Parameter(weight)\n\
         conv.bias = nn.Parameter(torch.tensor([1., 1., 1.]))\n\
         y = conv(x)"
    );
}

#[test]
fn filters_and_places_that_are_not_there_are_named() {
    let lab = ChannelsLab::new(noise(4, 5));
    let spec = ChannelsLabSpec {
        filters: vec![presets::spot()],
        conv: same(),
        relu: true,
        theme: Theme::Dark,
    };
    assert!(lab.output(&spec, 0).is_ok());
    for refused in [
        lab.output(&spec, 1).err(),
        lab.apart(&spec, 1).err(),
        lab.composite(&spec, [0, 0, 1]).err(),
        lab.inspect(&spec, 1, [0, 0]).err(),
        lab.inspect(&spec, 0, [4, 0]).err(),
        lab.inspect(&spec, 0, [0, 5]).err(),
        lab.pytorch(&spec, Some(1)).err(),
    ] {
        assert!(
            matches!(refused, Some(Error::OutOfRange { .. })),
            "{refused:?}"
        );
    }
}
