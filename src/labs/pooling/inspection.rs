//! How one pooled value came about: the window, the weight of each of its pixels, their products.

use std::ops::Range;

use ndarray::{ArrayView2, ArrayView4, Axis as ArrayAxis};

use crate::error::{Axis, Result};
use crate::labs::pooling::layout::{Layout, SIZE_LIMIT, Stage, StageKind};
use crate::labs::pooling::method::{Method, Slide, binomial};
use crate::labs::shared::check_index;
use crate::ops::adaptive_pool2d::AdaptivePoolKind;
use crate::render::cells::{Cells, cells, grey_cells};
use crate::render::color::Theme;
use crate::window::PaddingMode;

/// One output value of a method, taken apart.
///
/// A pixel's weight is the derivative of the output by it: 1 for the largest and 0 for the others,
/// equal shares of a mean, (|x| / y)ᵖ⁻¹ of a norm y, the weights of a convolution. All methods
/// scale with their input, so by Euler's theorem the products of pixels and weights add up to the
/// output, and the weights are what the backward pass multiplies a gradient by.
///
/// The grids are row-major and of the window's size; empty if the window has more than
/// [`SIZE_LIMIT`]² cells, as under global pooling.
#[derive(Clone, Debug, PartialEq)]
pub struct Inspection {
    /// Output position `[row, column]`.
    pub position: [usize; 2],
    /// Channel of the input.
    pub channel: usize,
    /// Extent of the window `[rows, columns]`.
    pub size: [usize; 2],
    /// Row of the map below each row of the window, outside it in the padding. The map is the
    /// input, but for [`Method::MaxBlur`] the maxima that are blurred.
    pub rows: Vec<isize>,
    /// Column of the map below each column of the window.
    pub cols: Vec<isize>,
    /// Rows and columns of the input that have a say, padding included.
    pub footprint: [Range<isize>; 2],
    /// Values under the window.
    pub window: Vec<f32>,
    /// Whether a value lies in the padding.
    pub outside: Vec<bool>,
    /// The weight of each value.
    pub weights: Vec<f32>,
    /// `window` times `weights`, cell by cell.
    pub products: Vec<f32>,
    /// Number of values that are summarised: cells that count.
    pub count: usize,
    /// Of maxima, `[row, column]` of the chosen pixel, the first of equals.
    pub winner: Option<[usize; 2]>,
    /// The output value.
    pub value: f32,
}

impl Inspection {
    /// Takes the output of `method` at `position` `[row, column]` of `channel` apart. The layout is
    /// that of a method which accepts the input.
    ///
    /// # Errors
    /// [`OutOfRange`](crate::error::Error::OutOfRange) if `position` or `channel` lies outside.
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
        let cells = look(plane, layout, &rows, &cols);
        let summary = summarise(method, slide, &cells);
        let shown = rows.len() <= SIZE_LIMIT && cols.len() <= SIZE_LIMIT;
        let grid = |value: &dyn Fn(usize) -> f32| {
            let cells = if shown { cells.len() } else { 0 };
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
                .filter(|_| shown)
                .map(|cell| !cell.inside)
                .collect(),
            weights: grid(&|idx| summary.weights[idx] as f32),
            products: grid(&|idx| (summary.weights[idx] * f64::from(cells[idx].value)) as f32),
            count: summary.count,
            winner: summary.winner.map(|idx| {
                [rows[idx / cols.len()], cols[idx % cols.len()]].map(|place| place as usize)
            }),
            value: summary.value,
            rows,
            cols,
        })
    }

    /// Colours of the three grids: the window as a photograph, weights and products by sign.
    pub fn cells(&self, theme: Theme) -> [Cells; 3] {
        let wide = |values: &[f32]| {
            let values = values.iter().map(|&value| f64::from(value));
            values.collect::<Vec<_>>()
        };
        [
            grey_cells(&wide(&self.window)),
            cells(&wide(&self.weights), theme),
            cells(&wide(&self.products), theme),
        ]
    }
}

const OPERATOR: &str = "poolingLabInspect";

/// A value under the window.
#[derive(Clone, Copy)]
struct Cell {
    value: f32,
    /// Whether it is a pixel of the map, not padding.
    inside: bool,
    /// Whether it is padding that counts: not where a window hangs over beyond it.
    padded: bool,
}

/// The values under the window, row by row.
fn look(plane: ArrayView2<f32>, layout: &Layout, rows: &[isize], cols: &[isize]) -> Vec<Cell> {
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
            let reached = row < end_h as isize && col < end_w as isize;
            let source = if reached {
                mode.source(row, extent_h).zip(mode.source(col, extent_w))
            } else {
                None
            };
            cells.push(Cell {
                value: source.map_or(0.0, |(row, col)| map(row, col)),
                inside,
                padded: reached,
            });
        }
    }
    cells
}

/// The largest pixel under the window of `stage` at (`row`, `col`).
fn maximum(plane: ArrayView2<f32>, stage: &Stage, row: usize, col: usize) -> f32 {
    let [rows, cols] = [(Axis::Height, row), (Axis::Width, col)].map(|(axis, idx)| {
        let extent = stage.input[axis as usize];
        let inside = stage.window.cells_inside(axis, idx, extent);
        let taps = stage.window.taps(axis, idx);
        taps[inside].to_vec()
    });
    rows.iter()
        .flat_map(|&row| cols.iter().map(move |&col| (row as usize, col as usize)))
        .map(|place| plane[place])
        .fold(f32::NEG_INFINITY, f32::max)
}

/// What the cells become.
struct Summary {
    weights: Vec<f64>,
    count: usize,
    winner: Option<usize>,
    value: f32,
}

fn summarise(method: Method, slide: &Slide, cells: &[Cell]) -> Summary {
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
                cell.padded
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

fn largest(cells: &[Cell]) -> Summary {
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
    Summary {
        weights,
        count: cells.iter().filter(|cell| cell.inside).count(),
        value: winner.map_or(0.0, |winner| cells[winner].value),
        winner,
    }
}

fn mean(cells: &[Cell], counts: impl Fn(&Cell) -> bool) -> Summary {
    let count = cells.iter().filter(|cell| counts(cell)).count();
    let share = 1.0 / count as f64;
    let sum = cells.iter().map(|cell| f64::from(cell.value)).sum::<f64>();
    Summary {
        weights: cells
            .iter()
            .map(|cell| if counts(cell) { share } else { 0.0 })
            .collect(),
        count,
        winner: None,
        value: (sum / count as f64) as f32,
    }
}

/// Of values from 0 to 1, whose powers cannot overflow; the largest is taken out, so that they do
/// not vanish either.
fn norm(cells: &[Cell], p: f64) -> Summary {
    let magnitudes = cells.iter().map(|cell| f64::from(cell.value).abs());
    let most = magnitudes.clone().fold(0.0, f64::max);
    let unit = if most > 0.0 { most } else { 1.0 };
    let sum = magnitudes.map(|value| (value / unit).powf(p)).sum::<f64>();
    let norm = unit * sum.powf(1.0 / p);
    let weight = |cell: &Cell| {
        let value = f64::from(cell.value);
        if value == 0.0 {
            return 0.0;
        }
        value.signum() * (value.abs() / norm).powf(p - 1.0)
    };
    Summary {
        weights: cells.iter().map(weight).collect(),
        count: cells.iter().filter(|cell| cell.inside).count(),
        winner: None,
        value: norm as f32,
    }
}

/// Sums in the order of the convolution, so that the value is its output to the last bit.
fn weighted(cells: &[Cell], weights: Vec<f64>) -> Summary {
    let value = cells
        .iter()
        .zip(&weights)
        .fold(0.0, |sum, (cell, &weight)| sum + weight as f32 * cell.value);
    Summary {
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
