//! How one pooled value is computed: the window, the weight of each of its pixels, and their
//! products.

use std::ops::Range;

use ndarray::{ArrayView2, ArrayView4, Axis as ArrayAxis};

use crate::error::{Axis, Result};
use crate::labs::pooling::layout::{Layout, SIZE_LIMIT, Stage, StageKind};
use crate::labs::pooling::method::{Method, Slide};
use crate::labs::shared::{check_index, inspection_cells};
use crate::ops::adaptive_pool2d::AdaptivePoolKind;
use crate::ops::blur_pool2d::binomial;
use crate::render::cells::Cells;
use crate::render::color::Theme;
use crate::window::PaddingMode;

/// How one output value of a method is computed.
///
/// A pixel's weight is the derivative of the output with respect to it: 1 for the maximum and 0 for
/// the others, 1 / count for a mean, (|x| / y)ᵖ⁻¹ for a norm y, the kernel weights for a
/// convolution. All methods scale with their input, so by Euler's theorem the products of pixels
/// and weights sum to the output; and the backward pass multiplies a gradient by these weights.
///
/// The grids are row-major and have the window's size; they are empty if a side of the window is
/// longer than [`SIZE_LIMIT`], as under global pooling.
#[derive(Clone, Debug, PartialEq)]
pub struct Inspection {
    /// Output position `[row, column]`.
    pub position: [usize; 2],
    /// Channel of the input.
    pub channel: usize,
    /// Extent of the window `[rows, columns]`.
    pub size: [usize; 2],
    /// Row of the map under each row of the window, out of range in the padding. The map is the
    /// input or, for [`Method::MaxBlur`], the maxima that are blurred.
    pub rows: Vec<isize>,
    /// Column of the map under each column of the window.
    pub cols: Vec<isize>,
    /// Rows and columns of the input that the output depends on, padding included.
    pub footprint: [Range<isize>; 2],
    /// Values under the window.
    pub window: Vec<f32>,
    /// For each value under the window, whether it lies in the padding.
    pub outside: Vec<bool>,
    /// The weight of each value.
    pub weights: Vec<f32>,
    /// `window` times `weights`, element by element.
    pub products: Vec<f32>,
    /// Number of values that are pooled.
    pub count: usize,
    /// For maxima, `[row, column]` of the argmax, the first of equal pixels.
    pub winner: Option<[usize; 2]>,
    /// The output value.
    pub value: f32,
}

impl Inspection {
    /// Explains the output of `method` at `position` `[row, column]` of `channel`. The caller has
    /// checked that the method accepts the input.
    ///
    /// # Errors
    /// [`OutOfRange`](crate::error::Error::OutOfRange) if `position` or `channel` is out of range.
    pub(super) fn new(
        input: ArrayView4<f32>,
        method: Method,
        slide: &Slide,
        layout: &Layout,
        position: [usize; 2],
        channel: usize,
    ) -> Result<Self> {
        check_index(OPERATOR, "channel", channel, input.dim().1)?;
        check_index(OPERATOR, "row", position[0], layout.output[0])?;
        check_index(OPERATOR, "column", position[1], layout.output[1])?;
        let plane = input.index_axis_move(ArrayAxis(0), 0);
        let plane = plane.index_axis_move(ArrayAxis(0), channel);
        let [rows, cols] =
            [Axis::Height, Axis::Width].map(|axis| taps(layout, axis, position[axis as usize]));
        let cells = window_cells(plane, layout, &rows, &cols);
        let breakdown = breakdown_of(method, slide, &cells);
        let is_shown = rows.len() <= SIZE_LIMIT && cols.len() <= SIZE_LIMIT;
        let grid = |value: &dyn Fn(usize) -> f32| {
            let cells = if is_shown { cells.len() } else { 0 };
            (0..cells).map(value).collect::<Vec<_>>()
        };
        Ok(Inspection {
            position,
            channel,
            size: [rows.len(), cols.len()],
            footprint: [Axis::Height, Axis::Width]
                .map(|axis| layout.footprint(axis, position[axis as usize])),
            window: grid(&|idx| cells[idx].value),
            outside: cells
                .iter()
                .filter(|_| is_shown)
                .map(|cell| !cell.inside)
                .collect(),
            weights: grid(&|idx| breakdown.weights[idx] as f32),
            products: grid(&|idx| (breakdown.weights[idx] * f64::from(cells[idx].value)) as f32),
            count: breakdown.count,
            winner: breakdown.winner.map(|idx| {
                [rows[idx / cols.len()], cols[idx % cols.len()]].map(|idx| idx as usize)
            }),
            value: breakdown.value,
            rows,
            cols,
        })
    }

    /// Colours of the three grids: the window as a photograph, weights and products by sign.
    pub fn cells(&self, theme: Theme) -> [Cells; 3] {
        inspection_cells([&self.window, &self.weights, &self.products], theme)
    }
}

const OPERATOR: &str = "poolingLabInspect";

/// A value under the window.
#[derive(Clone, Copy)]
struct Cell {
    value: f32,
    /// Whether it is a pixel of the map, not padding.
    inside: bool,
    /// Whether it lies in the padded map: false where a window extends past it.
    covered: bool,
}

/// The values under the window, row by row.
fn window_cells(
    plane: ArrayView2<f32>,
    layout: &Layout,
    rows: &[isize],
    cols: &[isize],
) -> Vec<Cell> {
    let (map, mode): (Box<dyn Fn(usize, usize) -> f32 + '_>, PaddingMode) = match &layout.stages[..]
    {
        [first, _] => (
            Box::new(|row, col| maximum(plane, first, row, col)),
            PaddingMode::Reflect,
        ),
        [stage] if stage.kind == StageKind::Blur => {
            (Box::new(|row, col| plane[[row, col]]), PaddingMode::Reflect)
        }
        _ => (Box::new(|row, col| plane[[row, col]]), PaddingMode::Zeros),
    };
    let [extent_h, extent_w] = layout
        .stages
        .last()
        .map_or(layout.input, |stage| stage.input);
    let after = |axis| {
        let padding = layout.stages.last().map(|stage| stage.window.padding);
        padding.map_or(0, |sides| sides.along(axis)[1])
    };
    let (end_h, end_w) = (
        extent_h + after(Axis::Height),
        extent_w + after(Axis::Width),
    );
    let mut cells = Vec::with_capacity(rows.len() * cols.len());
    for &row in rows {
        for &col in cols {
            let inside =
                (0..extent_h as isize).contains(&row) && (0..extent_w as isize).contains(&col);
            let is_covered = row < end_h as isize && col < end_w as isize;
            let source = if is_covered {
                mode.source(row, extent_h).zip(mode.source(col, extent_w))
            } else {
                None
            };
            cells.push(Cell {
                value: source.map_or(0.0, |(row, col)| map(row, col)),
                inside,
                covered: is_covered,
            });
        }
    }
    cells
}

/// The maximum under the window of `stage` at (`row`, `col`).
fn maximum(plane: ArrayView2<f32>, stage: &Stage, row: usize, col: usize) -> f32 {
    let [rows, cols] = [(Axis::Height, row), (Axis::Width, col)].map(|(axis, idx)| {
        let extent = stage.input[axis as usize];
        let inside = stage.window.cells_inside(axis, idx, extent);
        let taps = stage.window.taps(axis, idx);
        taps[inside].to_vec()
    });
    rows.iter()
        .flat_map(|&row| cols.iter().map(move |&col| (row as usize, col as usize)))
        .map(|idx| plane[idx])
        .fold(f32::NEG_INFINITY, f32::max)
}

/// How cells combine to the output value.
struct Breakdown {
    weights: Vec<f64>,
    count: usize,
    winner: Option<usize>,
    value: f32,
}

fn breakdown_of(method: Method, slide: &Slide, cells: &[Cell]) -> Breakdown {
    match method {
        Method::Max
        | Method::Adaptive {
            kind: AdaptivePoolKind::Max,
            ..
        }
        | Method::Global {
            kind: AdaptivePoolKind::Max,
        } => largest(cells),
        Method::Average { count_include_pad } => mean(cells, |cell| {
            if count_include_pad {
                cell.covered
            } else {
                cell.inside
            }
        }),
        Method::Adaptive { .. } | Method::Global { .. } => mean(cells, |cell| cell.inside),
        Method::Lp { p } => norm(cells, p),
        Method::Strided(kernel) => {
            weighted(cells, kernel.weights(slide.size).into_iter().collect())
        }
        Method::Blur { taps } | Method::MaxBlur { taps } => {
            let filter = binomial(taps);
            let kernel = filter
                .iter()
                .flat_map(|row| filter.iter().map(move |col| row * col));
            weighted(cells, kernel.collect())
        }
    }
}

fn largest(cells: &[Cell]) -> Breakdown {
    let mut winner: Option<usize> = None;
    for (idx, cell) in cells.iter().enumerate().filter(|(_, cell)| cell.inside) {
        if winner.is_none_or(|best| cell.value > cells[best].value) {
            winner = Some(idx);
        }
    }
    let mut weights = vec![0.0; cells.len()];
    if let Some(winner) = winner {
        weights[winner] = 1.0;
    }
    Breakdown {
        weights,
        count: cells.iter().filter(|cell| cell.inside).count(),
        value: winner.map_or(0.0, |winner| cells[winner].value),
        winner,
    }
}

fn mean(cells: &[Cell], counts: impl Fn(&Cell) -> bool) -> Breakdown {
    let count = cells.iter().filter(|cell| counts(cell)).count();
    let share = 1.0 / count as f64;
    let sum = cells.iter().map(|cell| f64::from(cell.value)).sum::<f64>();
    Breakdown {
        weights: cells
            .iter()
            .map(|cell| if counts(cell) { share } else { 0.0 })
            .collect(),
        count,
        winner: None,
        value: (sum / count as f64) as f32,
    }
}

/// The p-norm of values from 0 to 1, whose powers cannot overflow; the largest value is factored
/// out so that they do not underflow either.
fn norm(cells: &[Cell], p: f64) -> Breakdown {
    let magnitudes = cells.iter().map(|cell| f64::from(cell.value).abs());
    let largest = magnitudes.clone().fold(0.0, f64::max);
    let unit = if largest > 0.0 { largest } else { 1.0 };
    let sum = magnitudes.map(|value| (value / unit).powf(p)).sum::<f64>();
    let norm = unit * sum.powf(1.0 / p);
    let weight = |cell: &Cell| {
        let value = f64::from(cell.value);
        if value == 0.0 {
            return 0.0;
        }
        value.signum() * (value.abs() / norm).powf(p - 1.0)
    };
    Breakdown {
        weights: cells.iter().map(weight).collect(),
        count: cells.iter().filter(|cell| cell.inside).count(),
        winner: None,
        value: norm as f32,
    }
}

/// A weighted sum in the order of the convolution, so that the value is bit-identical to its
/// output.
fn weighted(cells: &[Cell], weights: Vec<f64>) -> Breakdown {
    let value = cells
        .iter()
        .zip(&weights)
        .fold(0.0, |sum, (cell, &weight)| sum + weight as f32 * cell.value);
    Breakdown {
        weights,
        count: cells.len(),
        winner: None,
        value,
    }
}

fn taps(layout: &Layout, axis: Axis, idx: usize) -> Vec<isize> {
    match layout.stages.last() {
        Some(stage) => stage.window.taps(axis, idx),
        None => layout.footprint(axis, idx).collect(),
    }
}
