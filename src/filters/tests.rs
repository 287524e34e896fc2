//! Properties of every filter, and relations between filters.

use super::sample::sampled;
use super::testing::{named, near, rotated};
use super::*;
use crate::kernel::{LIMIT, summarize};

/// The kernels for every combination of each parameter's minimum, default, a middle value and
/// maximum.
fn everywhere(filter: &Filter) -> Vec<Kernel> {
    let mut settings: Vec<Vec<(&str, f64)>> = vec![Vec::new()];
    for parameter in filter.parameters {
        let &Parameter {
            name,
            default,
            min,
            max,
            step,
        } = parameter;
        let middle = min + step * ((max - min) / step / 3.0).floor();
        settings = settings
            .iter()
            .flat_map(|setting| {
                [min, default, middle, max].map(|value| [&setting[..], &[(name, value)]].concat())
            })
            .collect();
    }
    settings
        .iter()
        .map(|setting| named(filter.name, setting))
        .collect()
}

/// All 2 x 2 minors are 0: the kernel is a column times a row.
fn is_separable(kernel: &Kernel) -> bool {
    let (height, width) = kernel.dim();
    let rows = (0..height).flat_map(|a| (0..a).map(move |b| (a, b)));
    rows.flat_map(|rows| (0..width).flat_map(move |c| (0..c).map(move |d| (rows, c, d))))
        .all(|((a, b), c, d)| {
            let minor = kernel[[a, c]] * kernel[[b, d]] - kernel[[a, d]] * kernel[[b, c]];
            minor.abs() < 1e-15
        })
}

#[test]
fn no_filter_contains_minus_zero() {
    for filter in ALL {
        for weight in everywhere(filter).iter().flatten() {
            assert!(
                *weight != 0.0 || weight.is_sign_positive(),
                "{}",
                filter.name
            );
        }
    }
}

#[test]
fn names_are_distinct_and_well_formed() {
    let mut seen: Vec<_> = names().collect();
    assert!(seen.iter().all(|name| {
        name.chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    }));
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), ALL.len());
}

#[test]
fn every_filter_is_defined_sourced_and_within_the_limit_over_its_whole_range() {
    for filter in ALL {
        assert!(!filter.definition.is_empty(), "{}", filter.name);
        assert!(
            filter.source.contains(|c: char| c.is_ascii_digit()),
            "{}",
            filter.name
        );
        for parameter in filter.parameters {
            assert!((parameter.min..=parameter.max).contains(&parameter.default));
            assert!(parameter.step > 0.0);
        }
        for kernel in everywhere(filter) {
            let (height, width) = kernel.dim();
            assert!(
                height <= LIMIT && width <= LIMIT,
                "{}: {height} x {width}",
                filter.name
            );
        }
    }
}

#[test]
fn weights_sum_to_what_the_family_promises() {
    for filter in ALL {
        let expected = match filter.family {
            Family::Identity | Family::Smooth | Family::Sharpen => 1.0,
            Family::Edge | Family::Line | Family::Corner => 0.0,
            Family::Texture => continue,
        };
        for kernel in everywhere(filter) {
            let sum = summarize(&kernel).sum;
            assert!(near(sum, expected), "{} sums to {sum}", filter.name);
        }
    }
}

#[test]
fn smoothing_weights_are_never_negative() {
    for filter in ALL.iter().filter(|filter| filter.family == Family::Smooth) {
        for kernel in everywhere(filter) {
            assert!(
                kernel.iter().all(|&weight| weight >= 0.0),
                "{}",
                filter.name
            );
        }
    }
}

#[test]
fn sobel_scharr_prewitt_box_and_gaussian_are_separable_and_others_are_not() {
    for name in [
        "sobel_x",
        "sobel_y",
        "scharr_x",
        "scharr_y",
        "prewitt_x",
        "prewitt_y",
        "box",
        "gaussian",
        "corner",
    ] {
        assert!(is_separable(&named(name, &[])), "{name}");
    }
    for name in [
        "laplacian_4",
        "laplacian_8",
        "sharpen",
        "laplacian_of_gaussian",
        "line_diagonal_down",
    ] {
        assert!(!is_separable(&named(name, &[])), "{name}");
    }
}

#[test]
fn round_filters_look_the_same_from_every_side() {
    for name in [
        "identity",
        "box",
        "gaussian",
        "sharpen",
        "sharpen_8",
        "unsharp",
        "laplacian_4",
        "laplacian_8",
        "laplacian_of_gaussian",
        "point",
    ] {
        let kernel = named(name, &[]);
        assert_eq!(kernel.t(), kernel, "{name}");
        assert_eq!(rotated(&kernel), kernel, "{name}");
    }
}

#[test]
fn fixed_filters_are_the_differences_they_are_defined_as() {
    let identity = named("identity", &[]);
    let laplacian_4 = named("laplacian_4", &[]);
    let laplacian_8 = named("laplacian_8", &[]);
    assert_eq!(named("sharpen", &[]), &identity - &laplacian_4);
    assert_eq!(named("sharpen_8", &[]), &identity - &laplacian_8);
    assert_eq!(named("point", &[]), -&laplacian_8);
    let slope = sampled(3, |x, y| x + y);
    assert_eq!(named("emboss", &[]), slope + &identity);
    assert_eq!(named("corner", &[]), sampled(3, |x, y| x * y));
}

#[test]
fn unknown_names_and_values_out_of_range_are_refused() {
    let refused = |name: &str, parameter: &str, value: f64| {
        kernel(name, &[(parameter.to_string(), value)])
            .unwrap_err()
            .to_string()
    };
    assert!(
        kernel("sobel", &[])
            .unwrap_err()
            .to_string()
            .starts_with("filter: name must be one of identity, box,")
    );
    assert_eq!(
        refused("gaussian", "radius", 1.0),
        "filter: parameter must be one of sigma, size, got radius"
    );
    assert_eq!(
        refused("sobel_x", "size", 3.0),
        "filter: parameter must be one of none, got size"
    );
    assert_eq!(
        refused("gaussian", "sigma", 0.0),
        "filter: sigma must be between 0.3 and 5, got 0"
    );
    assert_eq!(
        refused("box", "size", 16.0),
        "filter: size must be between 1 and 15, got 16"
    );
    assert_eq!(
        refused("box", "size", 2.5),
        "filter: size must be a whole number, got 2.5"
    );
    assert_eq!(
        refused("gabor", "size", 4.0),
        "filter: size must be an odd whole number, got 4"
    );
    assert_eq!(
        refused("gabor", "angle", f64::NAN),
        "filter: angle must be a finite number, got NaN"
    );
}
