/**
 * The layers that the editor can add, and their options.
 *
 * @typedef {{ name: string, type: "whole" | "pair" | "padding" | "choice", min?: number,
 *   max?: number, values?: readonly unknown[] }} Option
 */
import { LIMITS } from "./state.js";

/** @type {Record<string, { stem: string, layer: { op: string, [option: string]: unknown } }>} */
const KINDS = {
  conv2d: { stem: "conv", layer: { op: "conv2d", channels: 16, kernel: 3, padding: 1 } },
  conv2dStride: {
    stem: "conv",
    layer: { op: "conv2d", channels: 16, kernel: 3, stride: 2, padding: 1 },
  },
  conv2dDilated: {
    stem: "conv",
    layer: { op: "conv2d", channels: 16, kernel: 3, padding: 2, dilation: 2 },
  },
  conv2dPoint: { stem: "conv", layer: { op: "conv2d", channels: 16, kernel: 1 } },
  maxPool: { stem: "pool", layer: { op: "pool2d", kind: "max", size: 2, stride: 2 } },
  averagePool: { stem: "pool", layer: { op: "pool2d", kind: "average", size: 2, stride: 2 } },
  blurPool: { stem: "blur", layer: { op: "blurPool2d", taps: 3, stride: 2 } },
  convTranspose2d: {
    stem: "up",
    layer: { op: "convTranspose2d", channels: 16, kernel: 2, stride: 2 },
  },
  resize2d: { stem: "resize", layer: { op: "resize2d", scale: 2, kind: "nearest" } },
  pad2d: { stem: "pad", layer: { op: "pad2d", padding: 1 } },
  relu: { stem: "relu", layer: { op: "activation", kind: "relu" } },
  batchNorm: { stem: "norm", layer: { op: "batchNorm" } },
  globalPool: { stem: "mean", layer: { op: "globalPool2d", kind: "average" } },
  flatten: { stem: "flatten", layer: { op: "flatten" } },
  dense: { stem: "dense", layer: { op: "dense", features: 10 } },
};

/** Names of the layers that can be added, in display order. */
export const LAYER_KINDS = Object.keys(KINDS);

/** @param {string} kind */
export function newLayer(kind) {
  return KINDS[kind] ?? KINDS.conv2d;
}

/** @type {(name: string, max: number) => Option} */
const whole = (name, max) => ({ name, type: "whole", min: 1, max });
/** @type {(name: string, max: number) => Option} */
const pair = (name, max) => ({ name, type: "pair", min: 1, max });
/** @type {Option} */
const padding = { name: "padding", type: "padding", min: 0, max: LIMITS.padding };
/** @type {Option} */
const sides = { ...padding, values: ["sides"] };
const channels = whole("channels", LIMITS.channels);
const kernel = pair("kernel", LIMITS.kernel);
const stride = pair("stride", LIMITS.stride);
const dilation = pair("dilation", LIMITS.dilation);
/** @type {(name: string, ...values: unknown[]) => Option} */
const choice = (name, ...values) => ({ name, type: "choice", values });

/** @type {Record<string, Option[]>} */
const OPTIONS = {
  conv2d: [
    channels,
    kernel,
    stride,
    padding,
    dilation,
    whole("groups", LIMITS.channels),
    choice("bias", true, false),
  ],
  convTranspose2d: [channels, kernel, stride, sides, dilation, choice("bias", true, false)],
  pool2d: [
    choice("kind", "max", "average"),
    pair("size", LIMITS.kernel),
    stride,
    padding,
    dilation,
    choice("ceilMode", false, true),
  ],
  globalPool2d: [choice("kind", "average", "max")],
  adaptivePool2d: [choice("kind", "average", "max"), pair("size", LIMITS.kernel)],
  blurPool2d: [{ ...whole("taps", 7), min: 2 }, stride],
  pad2d: [sides, choice("mode", "zeros", "reflect", "replicate", "circular")],
  resize2d: [pair("scale", LIMITS.stride), choice("kind", "nearest", "bilinear")],
  dense: [whole("features", LIMITS.channels), choice("bias", true, false)],
};

/**
 * The options of an operator that the editor shows.
 * @param {string} op
 */
export function optionsOf(op) {
  return OPTIONS[op] ?? [];
}
