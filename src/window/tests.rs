use super::*;

fn extent(
    kernel: usize,
    stride: usize,
    dilation: usize,
    padding: Padding,
    input: usize,
) -> Result<usize> {
    Window::new(
        "test",
        [kernel; 2],
        [stride; 2],
        [dilation; 2],
        padding,
        [input; 2],
    )?
    .output_extent("test", Axis::Height, input)
}

#[test]
fn output_extent_counts_the_positions_of_the_window() {
    for kernel in 1..8 {
        for stride in 1..5 {
            for dilation in 1..4 {
                for pad in 0..4 {
                    for input in 1..16 {
                        let window = dilation * (kernel - 1) + 1;
                        let positions = (0..input + 2 * pad)
                            .step_by(stride)
                            .filter(|start| start + window <= input + 2 * pad)
                            .count();
                        let got = extent(
                            kernel,
                            stride,
                            dilation,
                            Padding::Explicit(Sides::all(pad)),
                            input,
                        );
                        assert_eq!(got.ok(), (positions > 0).then_some(positions));
                    }
                }
            }
        }
    }
}

#[test]
fn same_gives_the_ceiling_of_input_over_stride() {
    for kernel in 1..10 {
        for stride in 1..5 {
            for dilation in 1..4 {
                for input in 1..20 {
                    let got = extent(kernel, stride, dilation, Padding::Same, input);
                    assert_eq!(
                        got,
                        Ok(input.div_ceil(stride)),
                        "{kernel} {stride} {dilation} {input}"
                    );
                }
            }
        }
    }
}

#[test]
fn same_puts_the_odd_pixel_at_the_end() {
    let window = Window::new("test", [4, 2], [1, 1], [1, 1], Padding::Same, [9, 9]).unwrap();
    assert_eq!(
        window.padding,
        Sides {
            top: 1,
            bottom: 2,
            left: 0,
            right: 1
        }
    );
}

#[test]
fn full_covers_every_overlap() {
    assert_eq!(extent(3, 1, 2, Padding::Full, 7), Ok(7 + 4));
}

#[test]
fn a_window_wider_than_the_input_is_an_error() {
    assert_eq!(
        extent(5, 1, 2, Padding::Valid, 8),
        Err(Error::WindowTooLarge {
            operator: "test",
            axis: Axis::Height,
            window: 9,
            input: 8
        })
    );
}

#[test]
fn zero_and_absurd_extents_are_errors() {
    assert!(matches!(
        extent(0, 1, 1, Padding::Valid, 8),
        Err(Error::OutOfRange {
            argument: "kernel",
            ..
        })
    ));
    assert!(matches!(
        extent(3, 0, 1, Padding::Valid, 8),
        Err(Error::OutOfRange {
            argument: "stride",
            ..
        })
    ));
    assert!(matches!(
        extent(3, 1, usize::MAX, Padding::Full, 8),
        Err(Error::OutOfRange {
            argument: "dilation",
            ..
        })
    ));
    assert!(extent(3, 1, 1 << 20, Padding::Full, 8).is_err());
}

#[test]
fn padding_modes_continue_the_input_as_named() {
    let continued = |mode: PaddingMode| (-2..5).map(|i| mode.source(i, 3)).collect::<Vec<_>>();
    assert_eq!(
        continued(PaddingMode::Zeros),
        [None, None, Some(0), Some(1), Some(2), None, None]
    );
    assert_eq!(
        continued(PaddingMode::Reflect),
        [2, 1, 0, 1, 2, 1, 0].map(Some)
    );
    assert_eq!(
        continued(PaddingMode::Replicate),
        [0, 0, 0, 1, 2, 2, 2].map(Some)
    );
    assert_eq!(
        continued(PaddingMode::Circular),
        [1, 2, 0, 1, 2, 0, 1].map(Some)
    );
}

#[test]
fn reflection_needs_a_pixel_to_mirror() {
    assert!(check_padding("test", PaddingMode::Reflect, Sides::all(2), [3, 3]).is_ok());
    assert!(check_padding("test", PaddingMode::Reflect, Sides::all(3), [3, 3]).is_err());
    assert!(check_padding("test", PaddingMode::Circular, Sides::all(3), [3, 3]).is_ok());
    assert!(check_padding("test", PaddingMode::Circular, Sides::all(4), [3, 3]).is_err());
}

/// Windows of every small geometry, with the input extent they slide over.
fn windows() -> impl Iterator<Item = (Window, usize)> {
    let ranges = (1..5_usize).flat_map(|kernel| (1..4).map(move |stride| (kernel, stride)));
    let ranges = ranges.flat_map(|range| (1..4).map(move |dilation| (range, dilation)));
    ranges.flat_map(|((kernel, stride), dilation)| {
        (0..27).map(move |digits| {
            let (before, after, input) = (digits % 3, digits / 3 % 3, 1 + digits / 9 * 3);
            let sides = Sides {
                top: before,
                bottom: after,
                ..Sides::default()
            };
            let window = Window {
                kernel: [kernel, 1],
                stride: [stride, 1],
                dilation: [dilation, 1],
                padding: sides,
            };
            (window, input)
        })
    })
}

#[test]
fn the_rounded_up_extent_adds_a_window_that_hangs_over_the_end() {
    for (window, input) in windows() {
        let [before, after] = window.padding.along(Axis::Height);
        let (stride, padded) = (window.stride[0], before + input + after);
        // The last position that is needed to cover the padded input, or the last that starts
        // early enough.
        let covered = window.covered(Axis::Height);
        let expected = (0..)
            .take_while(|&position| {
                let start = position * stride;
                start < before + input && start + covered < padded + stride
            })
            .count();
        let got = window.output_extent_ceil("test", Axis::Height, input);
        assert_eq!(got.unwrap_or(0), expected, "{window:?} over {input}");
    }
}

#[test]
fn a_transposed_extent_shrinks_back_to_the_extent_it_came_from() {
    for (window, input) in windows() {
        for added in 0..window.stride[0] {
            let Ok(grown) = window.transposed_extent("test", Axis::Height, input, added) else {
                continue;
            };
            assert_eq!(
                window.output_extent("test", Axis::Height, grown),
                Ok(input),
                "{window:?} over {input} and {added}"
            );
        }
    }
}

#[test]
fn cell_positions_and_cells_inside_agree() {
    for (window, input) in windows() {
        let Ok(output) = window.output_extent_ceil("test", Axis::Height, input) else {
            continue;
        };
        let [before, after] = window.padding.along(Axis::Height);
        let place =
            |position: usize, cell: usize| position * window.stride[0] + cell * window.dilation[0];
        for cell in 0..window.kernel[0] {
            let cell_positions = window.cell_positions(Axis::Height, cell, input, output);
            for position in 0..output {
                let place = place(position, cell);
                let inside = (before..before + input).contains(&place);
                let cells = window.cells_inside(Axis::Height, position, input);
                assert_eq!(cell_positions.positions.contains(&position), inside);
                assert_eq!(cells.contains(&cell), inside);
                if position == cell_positions.positions.start && inside {
                    assert_eq!(cell_positions.first_input, place - before);
                }
            }
        }
        for position in 0..output {
            let expected = (0..window.kernel[0])
                .filter(|&cell| place(position, cell) < before + input + after)
                .count();
            let got = window.cells_inside_padding(Axis::Height, position, input);
            assert_eq!(got, expected, "{window:?} at {position}");
        }
    }
}
