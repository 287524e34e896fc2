/**
 * The messages of the receptive-field lab, loaded with it, and the text for layers and their
 * figures.
 *
 * @import { NodeDescription } from "./contract.js"
 */
import { addMessages, number, t } from "../../i18n/index.js";
import { readable } from "../../widgets/numbers/readable-number.js";
import en from "./en.json" with { type: "json" };
import { INPUT } from "./layer-edit.js";
import ru from "./ru.json" with { type: "json" };

addMessages({ en, ru });

/** Operators that are drawn slim. */
const SLIM = new Set([
  "activation",
  "prelu",
  "batchNorm",
  "groupNorm",
  "localResponseNorm",
  "dropout",
  "scale",
  "channelScale",
  "add",
  "concat",
  "flatten",
  "softmax",
]);

/**
 * A layer as the graph shows it.
 * @param {NodeDescription} node
 */
export function graphLayer(node) {
  const { id, op, from, options, receptiveField } = node;
  const look = /** @type {"wide" | "slim"} */ (SLIM.has(op) ? "slim" : "wide");
  const isMisaligned = receptiveField.misaligned.length > 0;
  return {
    id,
    from,
    detail: op === "input" ? "" : operatorWords({ ...options, op }),
    size: shapeWords(node.shape).replaceAll(" ", ""),
    look,
    flag: isMisaligned ? t("receptive.misaligned") : "",
  };
}

/**
 * What a layer computes: `conv 3×3 /2`.
 * @param {{ op: string, [option: string]: any }} options  as in a spec or a description
 */
export function operatorWords(options) {
  const { op, kind, kernel, size, stride, dilation, groups, taps, scale, features } = options;
  const name = t(KINDED.has(op) ? `receptive.op.${op}.${kind}` : `receptive.op.${op}`);
  if (op === "activation") return t(`receptive.activation.${kind}`);
  const extent =
    kernel ?? (op === "localResponseNorm" ? undefined : size) ?? taps ?? factorOf(op, scale);
  return [
    name,
    extent === undefined ? "" : extentWords(extent),
    stride && op !== "pool2d" && !isAll(stride, 1) ? `/${pairWords(stride)}` : "",
    op === "pool2d" ? `/${pairWords(stride ?? size)}` : "",
    dilation && !isAll(dilation, 1) ? `d${pairWords(dilation)}` : "",
    groups > 1 ? `g${groups}` : "",
    features ? number(features) : "",
  ]
    .filter(Boolean)
    .join(" ");
}

/**
 * The factor of a resize; batch norm has an option of the same name.
 * @param {string} op
 * @param {number | readonly number[]} scale
 */
function factorOf(op, scale) {
  return op === "resize2d" ? scale : undefined;
}

/**
 * A layer's name in a sentence.
 * @param {string} id
 */
export function layerWords(id) {
  return id === INPUT ? t("receptive.op.input") : id;
}

/** @param {readonly (number | null)[]} shape */
export function shapeWords(shape) {
  return shape.map((extent) => (extent === null ? "?" : String(extent))).join(" × ");
}

/**
 * A pair of figures; a single one if they are equal.
 * @param {readonly (number | null)[]} pair
 */
export function figureWords([rows, cols]) {
  if (rows === null && cols === null) return t("receptive.none");
  return rows === cols ? figure(rows) : `${figure(rows)} × ${figure(cols)}`;
}

/**
 * The size of a field.
 * @param {NodeDescription["receptiveField"]} field
 */
export function sizeWords({ size: [rows, cols], everything }) {
  if (rows === null || cols === null) {
    return everything.every(Boolean) ? t("receptive.everything") : t("receptive.none");
  }
  return `${figure(rows)} × ${figure(cols)}`;
}

/** @param {number | null} count */
export function countWords(count) {
  return count === null ? t("receptive.none") : number(count);
}

/** @param {number | null} count  abbreviated to K, M or B if large */
export function shortCount(count) {
  if (count === null) return t("receptive.none");
  return number(count, { notation: "compact", maximumSignificantDigits: 3 });
}

/** @param {number | null} bytes */
export function memoryWords(bytes) {
  if (bytes === null) return t("receptive.none");
  if (bytes < 1e3) return t("receptive.bytes", { bytes: number(bytes) });
  if (bytes < 1e6) return t("receptive.kilobytes", { kilobytes: readable(bytes / 1e3) });
  return t("receptive.megabytes", { megabytes: readable(bytes / 1e6) });
}

/** Operators named by their `kind`. */
const KINDED = new Set(["pool2d", "globalPool2d", "adaptivePool2d"]);

/** @param {number | null} value */
function figure(value) {
  return value === null ? t("receptive.none") : number(value);
}

/** @param {number | readonly number[]} pair */
function extentWords(pair) {
  const [rows, cols] = [pair].flat();
  return `${rows}×${cols ?? rows}`;
}

/** @param {number | readonly number[]} pair */
function pairWords(pair) {
  const [rows, cols] = [pair].flat();
  return cols === undefined || rows === cols ? String(rows) : `${rows}×${cols}`;
}

/**
 * @param {number | readonly number[]} pair
 * @param {number} value
 */
function isAll(pair, value) {
  return [pair].flat().every((part) => part === value);
}
