//! Maps of the network: every block at a glance, all maps of a layer, one map over the picture.

use serde::{Deserialize, Serialize};

use super::{Answer, Input, NetworksLab, SIDE, ShownLayer, graph};
use crate::data::picture::Picture;
use crate::error::Result;
use crate::labs::shared::check_index;
use crate::net::analysis::receptive_field::region;
use crate::net::graph::{Graph, NodeId};
use crate::render::color::{Theme, diverging};
use crate::render::display::{ColorMap, Legend, Rendered};
use crate::render::heat::tint;
use ndarray::ArrayView2;

/// The limit of ReLU6, which is the end of the scale for layers that have it.
const LIMIT: f32 = 6.0;

/// Maps in a row of a contact sheet.
const COLUMNS: usize = 12;

/// Columns of the histogram.
const BINS: usize = 24;

/// Strongest places of a map that are shown.
const STRONGEST: usize = 4;

/// Which maps of a sheet come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// Those whose values spread most, their outermost row and column left out: these are often
    /// artefacts of padding.
    Varied,
    /// Those with the greatest mean.
    Strongest,
    /// By their numbers.
    Number,
}

/// All maps of a layer, and how their values are distributed.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// The maps in rows of [`Sheet::columns`], on one scale.
    pub rendered: Rendered,
    /// Maps in a row.
    pub columns: usize,
    /// The number of each map, in the order shown.
    pub order: Vec<usize>,
    /// What share of the values is exactly 0.
    pub zeros: f64,
    /// What share is at the upper limit; `None` for layers without one.
    pub limited: Option<f64>,
    /// The mean of all values.
    pub mean: f64,
    /// Values in even steps over the scale; those that are exactly 0 are left out.
    pub histogram: Vec<usize>,
}

/// One map, over the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct MapView {
    /// The map as colour over the grey picture.
    pub rendered: Rendered,
    /// Its values, row by row.
    pub values: Vec<f32>,
    /// Its strongest positions, none beside another.
    pub strongest: Vec<Place>,
}

/// A position of a map and what it sees of the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Its row.
    pub row: usize,
    /// Its column.
    pub column: usize,
    /// The value there.
    pub value: f32,
    /// The part of the picture that it sees.
    pub field: FieldOnInput,
    /// That part as RGBA.
    pub seen: Vec<u8>,
}

/// A rectangle of the input: rows and columns from the first to before the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct FieldOnInput {
    /// First row and the one after the last.
    pub rows: [usize; 2],
    /// First column and the one after the last.
    pub cols: [usize; 2],
    /// Rows and columns of the whole field, also outside the picture.
    pub size: [usize; 2],
}

/// What position `[row, column]` of the shown layer `id` sees of the input.
///
/// # Errors
/// [`crate::error::Error::LayerUnknown`]; [`crate::error::Error::OutOfRange`] for a position outside the map.
pub fn field_on_input(id: &str, position: [usize; 2]) -> Result<FieldOnInput> {
    let graph = graph()?;
    let node = graph.find(id)?;
    field(&graph, node, position)
}

fn field(graph: &Graph, node: NodeId, position: [usize; 2]) -> Result<FieldOnInput> {
    let regions = region(graph, node, position)?;
    let seen = regions.first().map(|region| region.unclipped);
    let [rows, cols] = seen.unwrap_or_default().map(|span| span.unwrap_or([0, 0]));
    let clipped = |[first, last]: [i64; 2]| {
        let end = SIDE as i64;
        [
            first.clamp(0, end) as usize,
            (last + 1).clamp(0, end) as usize,
        ]
    };
    Ok(FieldOnInput {
        rows: clipped(rows),
        cols: clipped(cols),
        size: [rows, cols].map(|[first, last]| (last - first + 1) as usize),
    })
}

impl NetworksLab {
    /// The most varied map of one layer per block: the depthwise one where there is one.
    ///
    /// # Errors
    /// As [`NetworksLab::answer`].
    pub fn strip(&mut self, picture: &Picture, theme: Theme) -> Result<Vec<(String, Rendered)>> {
        self.see(Input::new(picture))?;
        let mut maps: Vec<(String, Rendered)> = Vec::new();
        for layer in self.layers.iter().filter(|layer| layer.is_of_strip()) {
            let values = self.values(layer);
            let len = layer.side * layer.side;
            let first = ordered(values, layer, Order::Varied)[0];
            let map = &values[first * len..(first + 1) * len];
            maps.push((
                layer.id.clone(),
                tiles(&[map], layer, scale(values, layer), theme, 1),
            ));
        }
        Ok(maps)
    }

    /// All maps of the shown layer `id`.
    ///
    /// # Errors
    /// As [`NetworksLab::answer`]; [`crate::error::Error::LayerUnknown`].
    pub fn sheet(
        &mut self,
        picture: &Picture,
        id: &str,
        order: Order,
        theme: Theme,
    ) -> Result<Sheet> {
        let layer = self.layer(id)?;
        self.see(Input::new(picture))?;
        let values = self.values(&layer);
        let order = ordered(values, &layer, order);
        let len = layer.side * layer.side;
        let maps = order.iter().map(|&map| &values[map * len..(map + 1) * len]);
        let scale = scale(values, &layer);
        let count = values.len() as f64;
        let share = |is_counted: &dyn Fn(f32) -> bool| {
            values.iter().filter(|&&value| is_counted(value)).count() as f64 / count
        };
        Ok(Sheet {
            rendered: tiles(&maps.collect::<Vec<_>>(), &layer, scale, theme, COLUMNS),
            columns: COLUMNS,
            zeros: share(&|value| value == 0.0),
            limited: layer.limited.then(|| share(&|value| value >= LIMIT)),
            mean: mean(values),
            histogram: histogram(values, scale.lowest(), scale.end),
            order,
        })
    }

    /// Map number `map` of the shown layer `id`.
    ///
    /// # Errors
    /// As [`NetworksLab::sheet`]; [`crate::error::Error::OutOfRange`] for a map that there is not.
    pub fn map(
        &mut self,
        picture: &Picture,
        id: &str,
        map: usize,
        theme: Theme,
    ) -> Result<MapView> {
        let layer = self.layer(id)?;
        check_index("networksLabMap", "map", map, layer.channels)?;
        let Answer { input, .. } = self.see(Input::new(picture))?;
        let len = layer.side * layer.side;
        let values = self.values(&layer)[map * len..(map + 1) * len].to_vec();
        let large = enlarged(&values, layer.side);
        let grey = input.grey();
        let (large, grey) = (square(&large), square(&grey));
        let mut rendered = tint(large, grey, theme);
        if layer.limited {
            rendered.legend.map = ColorMap::Activation;
        }
        let places = strongest(&values, layer.side).into_iter().map(|at| {
            let [row, column] = [at / layer.side, at % layer.side];
            let field = field(self.network.graph(), layer.node, [row, column])?;
            let (seen, _) = input.part(field.rows, field.cols);
            let value = values[at];
            Ok(Place {
                row,
                column,
                value,
                field,
                seen,
            })
        });
        let strongest = places.collect::<Result<Vec<_>>>()?;
        Ok(MapView {
            rendered,
            strongest,
            values,
        })
    }

    /// What the last run computed at a shown layer.
    pub(super) fn values(&self, layer: &ShownLayer) -> &[f32] {
        self.network.value(layer.node).unwrap_or_default()
    }
}

/// The colours of a layer's values: 0 is the background, `end` the full colour.
#[derive(Clone, Copy, Debug)]
struct Scale {
    end: f32,
    signed: bool,
}

impl Scale {
    fn lowest(self) -> f32 {
        if self.signed { -self.end } else { 0.0 }
    }
}

fn scale(values: &[f32], layer: &ShownLayer) -> Scale {
    let largest = values
        .iter()
        .fold(0.0_f32, |most, value| most.max(value.abs()));
    Scale {
        end: match layer.limited {
            true => LIMIT,
            false if largest > 0.0 => largest,
            false => 1.0,
        },
        signed: !layer.limited,
    }
}

/// Maps in rows of `columns`, all on one scale.
fn tiles(
    maps: &[&[f32]],
    layer: &ShownLayer,
    scale: Scale,
    theme: Theme,
    columns: usize,
) -> Rendered {
    let side = layer.side;
    let [width, height] = [columns * side, maps.len().div_ceil(columns) * side];
    let color = |value: f32| diverging(f64::from(value / scale.end), theme);
    let mut rgba = vec![0; 4 * width * height];
    for (idx, map) in maps.iter().enumerate() {
        let [top, left] = [idx / columns * side, idx % columns * side];
        for (row, values) in map.chunks_exact(side).enumerate() {
            let start = 4 * ((top + row) * width + left);
            let pixels = rgba[start..start + 4 * side].chunks_exact_mut(4);
            for (pixel, &value) in pixels.zip(values) {
                let [red, green, blue] = color(value);
                pixel.copy_from_slice(&[red, green, blue, 255]);
            }
        }
    }
    let all = || maps.iter().flat_map(|map| map.iter().copied());
    let [min, max] = [f64::from(scale.lowest()), f64::from(scale.end)];
    Rendered {
        width,
        height,
        rgba,
        legend: Legend {
            map: match scale.signed {
                true => ColorMap::Diverging,
                false => ColorMap::Activation,
            },
            min,
            max,
            strip: (0..=255)
                .flat_map(|step| {
                    let value = min + (max - min) * f64::from(step) / 255.0;
                    let [red, green, blue] = diverging(value / max, theme);
                    [red, green, blue, 255]
                })
                .collect(),
            value_min: f64::from(all().fold(f32::INFINITY, f32::min)),
            value_max: f64::from(all().fold(f32::NEG_INFINITY, f32::max)),
            below: 0,
            above: 0,
            count: all().count(),
        },
    }
}

fn ordered(values: &[f32], layer: &ShownLayer, order: Order) -> Vec<usize> {
    let side = layer.side;
    let maps = values.chunks_exact(side * side);
    let rank = maps.map(|map| match order {
        Order::Number => 0.0,
        Order::Strongest => mean(map),
        Order::Varied => spread(&inner(map, side)),
    });
    let rank = rank.collect::<Vec<_>>();
    let mut sorted = (0..layer.channels).collect::<Vec<_>>();
    sorted.sort_by(|&a, &b| rank[b].total_cmp(&rank[a]));
    sorted
}

/// A map without its border.
fn inner(map: &[f32], side: usize) -> Vec<f32> {
    let rows = map.chunks_exact(side).skip(1).take(side - 2);
    rows.flat_map(|row| row[1..side - 1].iter().copied())
        .collect()
}

fn mean(values: &[f32]) -> f64 {
    values.iter().map(|&value| f64::from(value)).sum::<f64>() / values.len().max(1) as f64
}

fn spread(values: &[f32]) -> f64 {
    let mean = mean(values);
    let squares = values
        .iter()
        .map(|&value| (f64::from(value) - mean).powi(2));
    (squares.sum::<f64>() / values.len().max(1) as f64).sqrt()
}

fn histogram(values: &[f32], lowest: f32, end: f32) -> Vec<usize> {
    let mut bins = vec![0; BINS];
    for &value in values.iter().filter(|&&value| value != 0.0) {
        let share = (value - lowest) / (end - lowest);
        bins[((share * BINS as f32) as usize).min(BINS - 1)] += 1;
    }
    bins
}

/// The greatest values, each at least three positions from the others.
fn strongest(values: &[f32], side: usize) -> Vec<usize> {
    const APART: usize = 3;
    let mut sorted = (0..values.len()).collect::<Vec<_>>();
    sorted.sort_by(|&a, &b| values[b].total_cmp(&values[a]));
    let mut chosen: Vec<usize> = Vec::new();
    for at in sorted {
        let is_near = |&other: &usize| {
            (at / side).abs_diff(other / side) < APART && (at % side).abs_diff(other % side) < APART
        };
        if chosen.len() < STRONGEST && values[at] > 0.0 && !chosen.iter().any(is_near) {
            chosen.push(at);
        }
    }
    chosen
}

/// A map as large as the input, each value a square.
fn enlarged(values: &[f32], side: usize) -> Vec<f32> {
    let of = |at: usize| at * side / SIDE;
    let cells = (0..SIDE * SIDE).map(|at| values[of(at / SIDE) * side + of(at % SIDE)]);
    cells.collect()
}

/// Values of the size of the input as a matrix.
pub(super) fn square(values: &[f32]) -> ArrayView2<'_, f32> {
    ArrayView2::from_shape([SIDE, SIDE], values).unwrap_or_else(|_| ArrayView2::from(&[[0.0]; 1]))
}

impl ShownLayer {
    /// Whether it stands for its block in the strip.
    fn is_of_strip(&self) -> bool {
        use super::Role::{Depthwise, Head, Stem};
        matches!(self.role, Stem | Depthwise | Head)
    }
}
