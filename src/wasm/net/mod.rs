//! Networks: what they are, what they cost and what they see.

#[cfg(feature = "operators")]
mod describe;
#[cfg(feature = "operators")]
mod effective;
#[cfg(feature = "operators")]
mod network;
pub(super) mod read;
#[cfg(feature = "operators")]
pub(super) mod weights;
mod zoo;

use wasm_bindgen::prelude::wasm_bindgen;

pub(crate) use read::read_spec;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A number, or one for rows and one for columns. */
export type Extents = number | readonly [rows: number, columns: number];

/** Pixels on all sides, per axis or per side. */
export type SideExtents = Extents | readonly [top: number, left: number, bottom: number, right: number];

/** A network: a directed acyclic graph of layers. */
export interface NetworkSpec {
  /** The shape of one input; height and width may be left out. */
  input: { channels: number; height?: number | null; width?: number | null };
  /** In any order; a layer without `from` follows the one before it. */
  layers: LayerSpec[];
}

/**
 * A layer: `id`, a name of its own; `from`, the ids of its inputs, `"input"` for the network's; `op`
 * and that operator's options. Dots and slashes in ids name blocks.
 */
export type LayerSpec = { id: string; from?: string | string[] } & (
  | { op: "conv2d"; channels: number; kernel: Extents; stride?: Extents; padding?: SideExtents | "valid" | "same" | "full";
      dilation?: Extents; groups?: number; bias?: boolean; connections?: number[][] }
  | { op: "convTranspose2d"; channels: number; kernel: Extents; stride?: Extents; padding?: SideExtents;
      outputPadding?: Extents; dilation?: Extents; groups?: number; bias?: boolean }
  | { op: "pool2d"; kind: "max" | "average" | "lp"; size: Extents; stride?: Extents;
      padding?: SideExtents | "valid" | "same" | "full"; dilation?: Extents; ceilMode?: boolean; countIncludePad?: boolean;
      p?: number }
  | { op: "globalPool2d"; kind: "max" | "average" | "lp" }
  | { op: "adaptivePool2d"; kind: "max" | "average"; size: Extents }
  | { op: "blurPool2d"; taps: number; stride: Extents }
  | { op: "pad2d"; padding: SideExtents; mode?: "zeros" | "reflect" | "replicate" | "circular" }
  | { op: "resize2d"; scale: Extents; kind: "nearest" | "bilinear" }
  | { op: "activation"; kind: string }
  | { op: "prelu" }
  | { op: "batchNorm"; epsilon?: number; scale?: boolean }
  | { op: "groupNorm"; groups: number; epsilon?: number }
  | { op: "localResponseNorm"; size: number; alpha: number; beta: number; k: number }
  | { op: "dropout"; probability: number }
  | { op: "scale"; factor: number }
  | { op: "channelScale" }
  | { op: "add" }
  | { op: "concat" }
  | { op: "flatten" }
  | { op: "dense"; features: number; bias?: boolean }
  | { op: "softmax" }
);

/** An operator of a spec. */
export interface OperatorSchema {
  op: LayerSpec["op"];
  /** Fewest and most inputs of a layer. */
  inputs: [min: number, max: number];
  options: OptionSchema[];
}

/**
 * An option of an operator. `range` is the least and the greatest number; other options and the input
 * may allow less. `initial` is the default or, if the option is required, a usual value.
 */
export type OptionSchema = { name: string; required: boolean } & (
  | { type: "whole"; range: [min: number, max: number]; initial: number }
  /** `initial` is `null` for the stride of `pool2d`, which is then its size. */
  | { type: "pair"; range: [min: number, max: number]; initial: [rows: number, columns: number] | null }
  | { type: "sides"; range: [min: number, max: number];
      initial: [top: number, left: number, bottom: number, right: number] }
  | { type: "padding"; range: [min: number, max: number]; names: ["valid", "same", "full"]; initial: "valid" }
  | { type: "number"; range: [min: number, max: number]; initial: number }
  | { type: "flag"; initial: boolean }
  | { type: "choice"; names: string[]; initial: string }
  /** For each output channel the input channels that it sees. */
  | { type: "connections" }
);

/** Costs for one example; `null` where they depend on an extent of the input that is not given. */
export interface NetworkCost {
  /** Numbers that are learned. */
  parameters: number | null;
  /** Numbers that are kept but not learned: running means and variances. */
  buffers: number | null;
  /** Multiplications with an addition each, of convolutions and dense layers. */
  multiplyAdds: number | null;
  /** Bytes of the output in float32. */
  activationBytes: number | null;
}

/**
 * What the positions of a node see of the input. Position u of an axis sees the pixels
 * u * stride - padding to u * stride - padding + size - 1. `null` is what depends on an extent that
 * is not given; the stride is `null` too if every position sees the same. Pairs are [rows, columns].
 */
export interface ReceptiveField {
  size: [number | null, number | null];
  /** The effective stride; below 1 after an enlargement. */
  stride: [number | null, number | null];
  /** The effective padding. */
  padding: [number | null, number | null];
  /** Whether every position sees the whole input. */
  everything: [boolean, boolean];
  /** Whether all paths from the input have one stride and one centre. */
  aligned: boolean | null;
  /** How this very node's inputs differ: the centre of the field of position 0 of each. */
  misaligned: {
    axis: "height" | "width";
    branches: { id: string; stride: number; centre: number | null; offset: number | null }[];
  }[];
}

/** size = sizeBefore + (kernel - 1) * dilation * strideBefore */
export interface ReceptiveFieldFormula {
  /** The input with the largest field. */
  from: string;
  sizeBefore: number;
  kernel: number;
  dilation: number;
  strideBefore: number;
  size: number;
}

/** `formula` is `null` where no window makes the size, as after an enlargement. */
export interface NodeReceptiveField extends ReceptiveField {
  id: string;
  formula: [ReceptiveFieldFormula | null, ReceptiveFieldFormula | null];
}

/** The nodes follow their inputs; the first is the input. */
export interface NetworkDescription {
  nodes: ({
    id: string;
    op: "input" | LayerSpec["op"];
    /** `op` and all of its options; `null` for the input. */
    options: Omit<LayerSpec, "id" | "from"> | null;
    from: string[];
    /** [channels, height, width] or [features] */
    shape: (number | null)[];
    receptiveField: ReceptiveField;
    formula: [ReceptiveFieldFormula | null, ReceptiveFieldFormula | null];
  } & NetworkCost)[];
  totals: { layers: number } & NetworkCost;
}

/**
 * The part of each node's map that a position depends on. `rows` and `cols` are first and last, also
 * outside the map, where padding stands; `null` if there are none. `inside` is what of it the position
 * really depends on, `null` if nothing or if the extents are not given.
 */
export interface ReceptiveRegion {
  nodes: {
    id: string;
    rows: [number, number] | null;
    cols: [number, number] | null;
    inside: { rows: [number, number]; cols: [number, number] } | null;
  }[];
}

/** A published network, and whose implementation its spec is exact to. */
export interface ArchitectureInfo {
  name: string;
  title: string;
  family: string;
  year: number;
  source: string;
}
"#;
