use super::cases::{METHODS, grey, plain};
use crate::data::picture::ColorMode;
use crate::error::Error;
use crate::labs::pooling::{Method, PoolingLab, PoolingLabSpec, Reconstruction, Savings};
use crate::labs::shared::testing::noise;
use crate::render::display::ColorMap;

/// The bytes 0, 51, 102, 153 are 0, 0.2, 0.4, 0.6.
fn lab() -> PoolingLab {
    PoolingLab::new(grey(&[[0, 51, 102, 102], [51, 153, 102, 102]]))
}

#[test]
fn a_maximum_is_repeated_or_put_back() {
    let max = plain(Method::Max);
    let nearest = lab().reconstruct(&max, Reconstruction::Nearest).unwrap();
    let reds = |rgba: &[u8]| rgba.iter().step_by(4).copied().collect::<Vec<_>>();
    assert_eq!(
        reds(&nearest.rendered.rgba),
        [153, 153, 102, 102, 153, 153, 102, 102]
    );
    // 0.6 + 0.4 + 0.4 + 0 on the left, nothing on the right, over 8.
    assert!((nearest.mean_absolute_difference - 1.4 / 8.0).abs() < 1e-6);
    assert_eq!((nearest.kept, nearest.values), (2, 8));
    // The input minus a maximum of 0.6 or 0.4: from 0 - 0.6 to 0.
    let legend = &nearest.difference.legend;
    assert_eq!(
        (legend.value_min, legend.value_max),
        (f64::from(-0.6_f32), 0.0)
    );
    let unpooled = lab().reconstruct(&max, Reconstruction::Unpool).unwrap();
    assert_eq!(reds(&unpooled.rendered.rgba), [0, 0, 102, 0, 0, 153, 0, 0]);
    // 0 + 0.2 + 0.2 + 0 on the left, 3 times 0.4 on the right.
    assert!((unpooled.mean_absolute_difference - 1.6 / 8.0).abs() < 1e-6);
    assert_eq!(unpooled.difference.legend.map, ColorMap::Diverging);
}

#[test]
fn a_mean_is_repeated_and_has_no_argmax() {
    let mean = plain(Method::Average {
        count_include_pad: true,
    });
    let nearest = lab().reconstruct(&mean, Reconstruction::Nearest).unwrap();
    // The mean is 0.25: 0.25 + 0.05 + 0.05 + 0.35 on the left.
    assert!((nearest.mean_absolute_difference - 0.7 / 8.0).abs() < 1e-6);
    assert!(matches!(
        lab().reconstruct(&mean, Reconstruction::Unpool),
        Err(Error::UnknownName { argument, .. }) if argument == "restoring"
    ));
}

#[test]
fn every_reconstruction_has_the_extents_of_the_input() {
    let lab = PoolingLab::new(noise(11, 9));
    for method in METHODS {
        for color in [ColorMode::Grey, ColorMode::Color] {
            let spec = PoolingLabSpec {
                color,
                ..plain(method)
            };
            let reconstructed = lab.reconstruct(&spec, Reconstruction::Nearest).unwrap();
            for picture in [&reconstructed.rendered, &reconstructed.difference] {
                assert_eq!((picture.height, picture.width), (11, 9));
            }
            assert_eq!(reconstructed.values, 99 * color.channels());
        }
    }
}

#[test]
fn the_next_layer_costs_a_quarter_after_two_by_two() {
    let lab = PoolingLab::new(noise(256, 256));
    let savings = lab.savings(&plain(Method::Max), 64).unwrap();
    let expected = Savings {
        channels: 64,
        bytes: [256.0 * 256.0 * 64.0 * 4.0, 128.0 * 128.0 * 64.0 * 4.0],
        // 9 weights for each of 64 x 64 pairs of channels at each pixel.
        multiply_adds: [2_415_919_104.0, 603_979_776.0],
        ratio: 4.0,
    };
    assert_eq!(savings, expected);
    for channels in [0, 65537, usize::MAX] {
        assert!(matches!(
            lab.savings(&plain(Method::Max), channels),
            Err(Error::OutOfRange {
                argument: "channels",
                ..
            })
        ));
    }
}
