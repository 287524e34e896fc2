use super::*;
use crate::ops::adaptive_pool2d::region;

fn positions(footprint: &Footprint, at: i64) -> Vec<i64> {
    let taps = footprint.taps(at).unwrap();
    (0..taps.count)
        .map(|idx| taps.start + idx * taps.step)
        .collect()
}

#[test]
fn a_transposed_footprint_names_the_inputs_whose_windows_cover_the_output() {
    for kernel in 1..6 {
        for stride in 1..6 {
            for dilation in 1..5 {
                for before in 0..4 {
                    let footprint = Footprint::Transposed {
                        kernel,
                        stride,
                        dilation,
                        before,
                    };
                    for at in -9..9 {
                        let covers = |input: &i64| {
                            (0..kernel as i64).any(|cell| {
                                input * stride as i64 + cell * dilation as i64 == at + before as i64
                            })
                        };
                        let expected = (-40..40).filter(covers).collect::<Vec<_>>();
                        assert_eq!(positions(&footprint, at), expected, "{footprint:?} at {at}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_bilinear_footprint_has_the_pixels_of_weight() {
    for scale in 1..6 {
        for at in -6..12 {
            let centre = (at as f64 + 0.5) / scale as f64 - 0.5;
            let expected = (-9..20)
                .filter(|&input| (input as f64 - centre).abs() < 1.0 - 1e-9)
                .collect::<Vec<_>>();
            assert_eq!(positions(&Footprint::Bilinear { scale }, at), expected);
        }
    }
}

#[test]
fn regions_are_those_of_adaptive_pooling() {
    for input in 1..12 {
        for output in 1..9 {
            let footprint = Footprint::Regions { input, output };
            for at in 0..output {
                let expected = region(input, output, at).map(|pixel| pixel as i64);
                assert!(expected.eq(positions(&footprint, at as i64)));
            }
        }
    }
}

/// Windows of every small geometry.
fn windows() -> impl Iterator<Item = [usize; 4]> {
    let ranges = (1..5).flat_map(|kernel| (1..5).map(move |stride| [kernel, stride]));
    ranges.flat_map(|[kernel, stride]| {
        let rest = (1..4).flat_map(|dilation| (0..4).map(move |before| [dilation, before]));
        rest.map(move |[dilation, before]| [kernel, stride, dilation, before])
    })
}

fn runs() -> impl Iterator<Item = Span> {
    (-4..6).flat_map(|start| (start + 1..8).map(move |end| Span { start, end }))
}

/// The first and the last number that passes; only numbers this near can.
fn ends(passes: impl Fn(&i64) -> bool) -> Option<[i64; 2]> {
    let passing = (-24..48).filter(passes).collect::<Vec<_>>();
    Some([*passing.first()?, *passing.last()?])
}

#[test]
fn a_span_has_the_positions_under_a_run_of_windows() {
    for [kernel, stride, dilation, before] in windows() {
        let footprint = Footprint::Window {
            kernel,
            stride,
            dilation,
            before: Some(before),
            fill: PaddingMode::Zeros,
        };
        for run in runs() {
            let touched = (run.start..run.end).flat_map(|at| positions(&footprint, at));
            let touched = touched.collect::<Vec<_>>();
            let expected = Span {
                start: *touched.iter().min().unwrap(),
                end: touched.iter().max().unwrap() + 1,
            };
            assert_eq!(footprint.span(run), Some(expected));
            let meets = |output: &i64| {
                let taps = footprint.taps(*output).unwrap();
                taps.start < run.end && taps.end() >= run.start
            };
            let [first, last] = footprint.outputs_meeting(run).unwrap();
            assert_eq!(ends(meets), (first <= last).then_some([first, last]));
        }
    }
}

#[test]
fn a_transposed_span_has_the_windows_over_a_run_of_positions() {
    for [kernel, stride, dilation, before] in windows() {
        let footprint = Footprint::Transposed {
            kernel,
            stride,
            dilation,
            before,
        };
        let first_of = |input: i64| input * stride as i64 - before as i64;
        let last_of = |input: i64| first_of(input) + (dilation * (kernel - 1)) as i64;
        for run in runs() {
            let over = |input: &i64| first_of(*input) < run.end && last_of(*input) >= run.start;
            let span = footprint.span(run).unwrap();
            let found = (span.start < span.end).then_some([span.start, span.end - 1]);
            assert_eq!(ends(over), found);
            let covered = [first_of(run.start), last_of(run.end - 1)];
            assert_eq!(footprint.outputs_meeting(run), Some(covered));
        }
    }
}

#[test]
fn footprints_repeat_at_their_pace() {
    let footprints = [
        Footprint::Transposed {
            kernel: 3,
            stride: 4,
            dilation: 2,
            before: 1,
        },
        Footprint::Nearest { scale: 3 },
        Footprint::Bilinear { scale: 3 },
        Footprint::Regions {
            input: 14,
            output: 6,
        },
    ];
    for footprint in footprints {
        let [outputs, inputs] = footprint.pace();
        for at in -7..7 {
            let (here, there) = (
                footprint.taps(at).unwrap(),
                footprint.taps(at + outputs).unwrap(),
            );
            assert_eq!(here.count, there.count);
            if here.count > 0 {
                assert_eq!(here.start + inputs, there.start, "{footprint:?}");
            }
        }
    }
}
