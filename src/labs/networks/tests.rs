use super::*;
use crate::labs::shared::testing::noise;

/// A file of weights for the network: the same `byte` for all, factors and shifts as given.
fn file(byte: u8, step: f32, shift: f32) -> Vec<u8> {
    let graph = graph().unwrap();
    let mut bytes = b"CNNQ\x01\0\0\0".to_vec();
    for (id, _) in graph.iter() {
        let known = crate::net::weights::parameters(&graph, id).unwrap();
        let Some(kernel) = known.first().filter(|kernel| kernel.shape.len() > 1) else {
            continue;
        };
        let channels = kernel.shape[0];
        for value in [step, shift] {
            bytes.extend((0..channels).flat_map(|_| value.to_le_bytes()));
        }
        bytes.resize(bytes.len() + kernel.shape.iter().product::<usize>(), byte);
    }
    bytes
}

fn refusal(bytes: Vec<u8>) -> String {
    NetworksLab::new(bytes).unwrap_err().to_string()
}

#[test]
fn a_file_that_is_cut_too_long_or_of_another_kind_is_refused() {
    let whole = file(1, 1.0, 0.0);
    let cut = whole[..whole.len() - 1].to_vec();
    let len = whole.len();
    assert_eq!(
        refusal(cut),
        format!(
            "networksLabWeights: cannot read weights: it has {} bytes instead of {len}",
            len - 1
        )
    );
    let mut long = whole.clone();
    long.push(0);
    assert!(refusal(long).ends_with(&format!("it has {} bytes instead of {len}", len + 1)));
    // Anything else is read as safetensors.
    assert!(refusal(Vec::new()).ends_with("it is shorter than its first number"));
    assert!(refusal(b"CNNQ\x02\0\0\0".to_vec()).contains("at most 0 are possible"));
    assert!(refusal(vec![0; len]).ends_with("its header is no JSON object"));
}

#[test]
fn a_factor_that_is_no_number_is_refused_with_its_layer() {
    for value in [f32::NAN, f32::INFINITY] {
        assert!(refusal(file(1, value, 0.0)).contains("layer _conv_stem: a number is not finite"));
    }
}

#[test]
fn a_weight_is_its_factor_times_a_whole_number_and_the_normalisation_only_shifts() {
    let graph = graph().unwrap();
    // 0x80 is the least whole number, −128.
    let packed = weights::Packed::new(&graph, file(0x80, 0.5, 3.0)).unwrap();
    let arrays = |id: &str| packed.arrays(&graph, graph.find(id).unwrap()).unwrap();
    let [kernel] = &arrays("_conv_stem")[..] else {
        panic!("the convolution has a bias");
    };
    assert_eq!(kernel.shape(), [32, 3, 3, 3]);
    assert!(kernel.iter().all(|&weight| weight == -64.0));
    let norm = arrays("_bn0");
    let first = norm.iter().map(|vector| vector[0]).collect::<Vec<_>>();
    assert_eq!(first, [1.0, 3.0, 0.0, 0.999]);
    let dense = arrays("_fc");
    assert_eq!(dense[0].shape(), [1000, 1280]);
    assert!(dense[1].iter().all(|&bias| bias == 3.0));
}

#[test]
fn every_block_is_shown_by_its_convolutions() {
    let graph = graph().unwrap();
    let layers = shown_layers(&graph);
    let convolutions = graph
        .nodes()
        .iter()
        .filter(|node| matches!(node.op, Some(crate::net::spec::Op::Conv2d { .. })));
    assert_eq!(layers.len(), convolutions.count());
    let of = |block: &str| {
        let layers = layers.iter().filter(|layer| layer.block == block);
        layers
            .map(|layer| (layer.role, layer.kernel, layer.channels, layer.side))
            .collect::<Vec<_>>()
    };
    // Tan and Le, arXiv:1905.11946, table 1, without scaling of the head and stem.
    assert_eq!(of("stem"), [(Role::Stem, 3, 32, 112)]);
    assert_eq!(
        of("0"),
        [(Role::Depthwise, 3, 32, 112), (Role::Project, 1, 16, 112)]
    );
    assert_eq!(
        of("4"),
        [
            (Role::Expand, 1, 240, 28),
            (Role::Depthwise, 5, 240, 28),
            (Role::Sum, 1, 40, 28)
        ]
    );
    assert_eq!(of("head"), [(Role::Head, 1, 1280, 7)]);
}

mod pictures {
    use super::*;

    fn grey(side: usize, byte: impl Fn(usize, usize) -> u8) -> Picture {
        let pixels = (0..side * side).flat_map(|at| {
            let byte = byte(at / side, at % side);
            [byte, byte, byte, 255]
        });
        Picture::new("test", side, side, pixels.collect()).unwrap()
    }

    fn reds(input: &Input) -> Vec<u8> {
        input.rgba().iter().step_by(4).copied().collect()
    }

    #[test]
    fn of_256_pixels_the_middle_224_are_taken_as_they_are() {
        let picture = noise(256, 256);
        let input = Input::new(&Picture::new("test", 256, 256, opaque(&picture)).unwrap());
        for (row, col) in [(0, 0), (0, 223), (100, 7), (223, 223)] {
            let from = 4 * ((row + 16) * 256 + col + 16);
            let to = 4 * (row * SIDE + col);
            assert_eq!(input.rgba()[to..to + 3], picture.rgba()[from..from + 3]);
        }
    }

    fn opaque(picture: &Picture) -> Vec<u8> {
        let pixels = picture.rgba().chunks_exact(4);
        pixels
            .flat_map(|rgba| [rgba[0], rgba[1], rgba[2], 255])
            .collect()
    }

    #[test]
    fn an_even_picture_stays_even_at_every_size_and_shape() {
        for (height, width) in [(1, 1), (3, 900), (900, 3), (224, 224), (1024, 1000)] {
            let rgba = [70, 80, 90, 255].repeat(height * width);
            let input = Input::new(&Picture::new("test", width, height, rgba).unwrap());
            let even = input.rgba();
            assert!(even.chunks_exact(4).all(|rgba| rgba == [70, 80, 90, 255]));
        }
    }

    #[test]
    fn halving_takes_the_cubic_mean_of_eight_pixels() {
        // 512 pixels, of which 448 are taken; the edge lies in the middle of an output pixel's reach.
        let input = Input::new(&grey(512, |_, col| if col < 256 { 0 } else { 200 }));
        let row = &reds(&input)[..SIDE];
        // Keys' cubic at the distances of the pixels on one side of an output pixel's middle.
        let weights = [0.25, 0.75, 1.25, 1.75].map(|x: f64| {
            if x < 1.0 {
                1.5 * x.powi(3) - 2.5 * x * x + 1.0
            } else {
                -0.5 * x.powi(3) + 2.5 * x * x - 4.0 * x + 2.0
            }
        });
        let [a, b, c, d] = weights.map(|weight| weight / 2.0);
        let expected = [b + c + d, a + a + b + c + d].map(|share| (200.0 * share).round());
        assert_eq!([row[111], row[112]].map(f64::from), expected);
        assert_eq!([row[109], row[114]], [0, 200]);
    }

    #[test]
    fn changes_move_mirror_darken_and_cover() {
        let input = Input::new(&grey(256, |row, col| (row ^ col) as u8));
        let before = reds(&input);
        let after = |change| reds(&input.changed(change).unwrap());
        let at = |row: usize, col: usize| row * SIDE + col;
        assert_eq!(after(Change::None), before);
        assert_eq!(after(Change::Shifted)[at(9, 100)], before[at(9, 76)]);
        assert_eq!(after(Change::Shifted)[at(9, 3)], before[at(9, 0)]);
        assert_eq!(after(Change::Mirrored)[at(9, 3)], before[at(9, 220)]);
        assert_eq!(after(Change::Darkened)[at(9, 3)], before[at(9, 3)] / 2);
        assert_eq!(after(Change::Grey), before);
        let covered = after(Change::Covered {
            row: 200,
            column: 10,
            size: 48,
        });
        let hidden = |at: usize| at / SIDE >= 200 && (10..58).contains(&(at % SIDE));
        for (idx, (&byte, &old)) in covered.iter().zip(&before).enumerate() {
            assert_eq!(byte, if hidden(idx) { MIDDLE } else { old });
        }
        let outside = Change::Covered {
            row: SIDE,
            column: 0,
            size: 1,
        };
        assert!(input.changed(outside).is_err());
    }

    #[test]
    fn a_blur_keeps_the_mean_of_a_stripe_and_spreads_it_by_two_pixels() {
        let input = Input::new(&grey(256, |_, col| if col == 128 { 250 } else { 0 }));
        let row = reds(&input.changed(Change::Blurred).unwrap())[100 * SIDE..101 * SIDE].to_vec();
        // 250 times the Gaussian of σ = 2 at 0, 1, 2 and 4 pixels, normalised over ±6.
        assert_eq!(
            [112, 113, 114, 116].map(|col: usize| row[col]),
            [50, 44, 30, 7]
        );
        assert_eq!(row[112 - 7], 0);
    }
}

#[test]
fn the_networks_of_the_table_have_their_published_costs() {
    let all = architectures().unwrap();
    let figures = all
        .iter()
        .map(|network| (network.name, network.parameters, network.weighted_layers));
    // Parameters as torchvision states them, and of AlexNet as the paper's 60 million.
    assert_eq!(
        figures.collect::<Vec<_>>(),
        [
            ("alexnet_2012", 60_965_224.0, 8),
            ("vgg16", 138_357_544.0, 16),
            ("googlenet_2014", 6_998_552.0, 58),
            ("resnet18", 11_689_512.0, 21),
            ("resnet50", 25_557_032.0, 54),
            ("inception_v3", 23_834_568.0, 95),
            ("mobilenet_v2", 3_504_872.0, 53),
            ("efficientnet_lite0", 4_652_008.0, 50),
        ]
    );
    assert!(architecture("lenet").is_err());
}

#[test]
fn the_boxes_of_a_drawing_hold_all_parameters_and_all_work() {
    for network in architectures().unwrap() {
        let sum = |of: fn(&Stage) -> f64| network.stages.iter().map(of).sum::<f64>();
        assert_eq!(
            sum(|stage| stage.parameters),
            network.parameters,
            "{}",
            network.name
        );
        assert_eq!(
            sum(|stage| stage.multiply_adds),
            network.multiply_adds,
            "{}",
            network.name
        );
        assert!((9..=21).contains(&network.stages.len()), "{}", network.name);
        assert_eq!(network.stages[0].name, "input");
        assert_eq!(network.stages.last().unwrap().channels, 1000);
    }
}

mod own_weights {
    use super::*;

    /// A safetensors file of this header and so many bytes of zeros.
    fn safetensors(header: &str, bytes: usize) -> Vec<u8> {
        let mut file = (header.len() as u64).to_le_bytes().to_vec();
        file.extend_from_slice(header.as_bytes());
        file.resize(file.len() + bytes, 0);
        file
    }

    fn reason(header: &str, bytes: usize) -> String {
        let text = weights_report(safetensors(header, bytes))
            .unwrap_err()
            .to_string();
        let (_, reason) = text.split_once("weights: ").unwrap();
        reason.to_owned()
    }

    #[test]
    fn a_header_that_lies_is_refused_before_anything_is_read() {
        let mut huge = safetensors("{}", 0);
        huge[..8].copy_from_slice(&(1_u64 << 30).to_le_bytes());
        let text = weights_report(huge).unwrap_err().to_string();
        assert!(text.ends_with("its header has 1073741824 bytes, but at most 2 are possible"));
        assert_eq!(reason("[]", 0), "its header is no JSON object");
        assert_eq!(reason(r#"{"a": 1}"#, 0), "a is not described");
        let tensor = |dtype: &str, shape: &str, begin: usize, end: usize| {
            format!(r#"{{"dtype":"{dtype}","shape":{shape},"data_offsets":[{begin},{end}]}}"#)
        };
        let one = |tensor: String| format!(r#"{{"a":{tensor}}}"#);
        assert_eq!(
            reason(&one(tensor("I8", "[4]", 0, 4)), 4),
            "a is I8, not F32, F16 or BF16"
        );
        let sizes = "a has another number of bytes than its shape";
        assert_eq!(reason(&one(tensor("F32", "[2]", 0, 4)), 8), sizes);
        assert_eq!(reason(&one(tensor("F32", "[1]", 8, 4)), 8), sizes);
        let vast = "[4294967296,4294967296,4294967296]";
        assert_eq!(reason(&one(tensor("F32", vast, 0, 4)), 8), sizes);
        assert_eq!(
            reason(&one(tensor("F32", "[2]", 0, 8)), 7),
            "it ends within a"
        );
        let two = [tensor("F32", "[2]", 0, 8), tensor("F32", "[2]", 4, 12)];
        assert_eq!(
            reason(&format!(r#"{{"a":{},"b":{}}}"#, two[0], two[1]), 12),
            "a and b overlap"
        );
    }

    #[test]
    fn numbers_that_are_not_finite_are_refused_in_every_type() {
        for (dtype, bytes) in [
            ("F32", &[0, 0, 0xc0, 0x7f][..]),
            ("F16", &[0, 0x7c]),
            ("BF16", &[0x80, 0x7f]),
        ] {
            let width = bytes.len();
            let header =
                format!(r#"{{"a":{{"dtype":"{dtype}","shape":[1],"data_offsets":[0,{width}]}}}}"#);
            let mut file = safetensors(&header, 0);
            file.extend_from_slice(bytes);
            let text = weights_report(file).unwrap_err().to_string();
            assert!(
                text.ends_with("a has a number that is not finite"),
                "{text}"
            );
        }
    }

    #[test]
    fn a_report_names_what_is_missing_left_over_and_of_another_shape() {
        let header = r#"{"__metadata__":{"format":"pt"},
            "_bn0.num_batches_tracked":{"dtype":"I64","shape":[],"data_offsets":[0,8]},
            "_bn0.bias":{"dtype":"F32","shape":[32],"data_offsets":[8,136]},
            "_bn0.weight":{"dtype":"F32","shape":[31],"data_offsets":[136,260]},
            "head.weight":{"dtype":"BF16","shape":[2],"data_offsets":[260,264]}}"#;
        let report = weights_report(safetensors(header, 264)).unwrap();
        assert_eq!(report.matched, 1);
        assert_eq!(report.left_over, ["head.weight"]);
        assert_eq!(report.other_shape, ["_bn0.weight: expected [32], got [31]"]);
        assert!(report.missing.contains(&"_conv_stem.weight".to_owned()));
        assert!(!report.is_complete());
        let text = refusal(safetensors(header, 264));
        assert!(text.ends_with("_conv_stem.weight is missing"), "{text}");
    }

    #[test]
    fn every_type_is_read_as_the_number_that_it_stands_for() {
        let graph = graph().unwrap();
        let node = graph.find("_bn0").unwrap();
        let names = ["weight", "bias", "running_mean", "running_var"];
        // 1.5, the least and a subnormal half, and 1.5 as bfloat16.
        let numbers: [(&str, &[u8], f32); 4] = [
            ("F32", &[0, 0, 0xc0, 0x3f], 1.5),
            ("F16", &[0xff, 0xfb], -65504.0),
            ("F16", &[0x01, 0x00], 2_f32.powi(-24)),
            ("BF16", &[0xc0, 0x3f], 1.5),
        ];
        let mut entries = Vec::new();
        let mut data = Vec::new();
        for (name, (dtype, bytes, _)) in names.iter().zip(&numbers) {
            let begin = data.len();
            data.extend(bytes.repeat(32));
            entries.push(format!(
                r#""_bn0.{name}":{{"dtype":"{dtype}","shape":[32],"data_offsets":[{begin},{}]}}"#,
                data.len()
            ));
        }
        let mut file = safetensors(&format!("{{{}}}", entries.join(",")), 0);
        file.extend(data);
        let tensors = safetensors::Tensors::new(file).unwrap();
        let arrays = tensors.arrays(&graph, node).unwrap();
        for (array, (.., expected)) in arrays.iter().zip(numbers) {
            assert!(array.iter().all(|&value| value == expected));
        }
    }
}
