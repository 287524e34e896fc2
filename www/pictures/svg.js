/**
 * The outermost tag of an SVG, found without a parser: parsing text into a document is what
 * the page's Trusted Types policy forbids.
 *
 * @typedef {object} SvgRoot
 * @property {number} start where the tag begins in the text
 * @property {number} end where it ends, past its `>`
 * @property {string} name `svg`, or with a prefix `svg:svg`
 * @property {Map<string, string>} attributes as written, in their quotes
 * @property {boolean} closed whether it closes itself
 */

const SVG_NAMESPACE = '"http://www.w3.org/2000/svg"';

/** Longest side in pixels of a drawing without a size. */
const UNSIZED_SIDE = 512;

/**
 * Finds the outermost tag after declarations, comments and the document type.
 *
 * @param {string} source
 * @returns {SvgRoot | null} null if the first element is not a whole `svg` tag
 */
export function findSvgRoot(source) {
  const start = endOfProlog(source);
  const tag = /<((?:[\w.-]+:)?svg)((?:\s+[^\s=>"']+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>/y;
  tag.lastIndex = start;
  const found = tag.exec(source);
  if (!found) return null;
  const [, name, written, slash] = found;
  const pairs = written.matchAll(/([^\s=]+)\s*=\s*("[^"]*"|'[^']*')/g);
  const attributes = new Map([...pairs].map(([, key, value]) => [key, value]));
  return { start, end: tag.lastIndex, name, attributes, closed: slash === "/" };
}

/**
 * Whether the first element is `svg`, judging by the start of a file.
 *
 * @param {string} beginning
 */
export function startsAsSvg(beginning) {
  return /^<(?:[\w.-]+:)?svg[\s/>]/.test(beginning.slice(endOfProlog(beginning)));
}

/**
 * The size an SVG states in absolute units; a missing side follows from the view box, and without
 * any size the longer side is 512.
 *
 * @param {SvgRoot} root
 * @returns {{ width: number, height: number }} in CSS pixels, greater than 0, maybe fractional
 */
export function svgSize({ attributes }) {
  const width = pixels(attributes.get("width"));
  const height = pixels(attributes.get("height"));
  if (width && height) return { width, height };
  const ratio = boxRatio(attributes.get("viewBox"));
  if (width) return { width, height: width / ratio };
  if (height) return { width: height * ratio, height };
  return { width: UNSIZED_SIDE * Math.min(1, ratio), height: UNSIZED_SIDE / Math.max(1, ratio) };
}

/**
 * The same drawing with another stated size, at which it is rasterised sharply. Browsers also
 * differ in how they draw an SVG without a size.
 *
 * @param {string} source
 * @param {SvgRoot} root found in it
 * @param {{ width: number, height: number }} size
 */
export function withSvgSize(source, root, size) {
  const { width, height } = svgSize(root);
  const attributes = new Map(root.attributes);
  // An HTML parser needs no namespace, an XML file does: people save the former as the latter.
  if (!root.name.includes(":") && !attributes.has("xmlns")) attributes.set("xmlns", SVG_NAMESPACE);
  if (!attributes.has("viewBox")) attributes.set("viewBox", `"0 0 ${width} ${height}"`);
  attributes.set("width", `"${size.width}"`);
  attributes.set("height", `"${size.height}"`);
  const written = [...attributes].map(([key, value]) => ` ${key}=${value}`).join("");
  const tag = `<${root.name}${written}${root.closed ? "/" : ""}>`;
  return source.slice(0, root.start) + tag + source.slice(root.end);
}

/** @param {string} source */
function endOfProlog(source) {
  const piece = /\s|\uFEFF|<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!doctype[^>[]*(?:\[[^\]]*\]\s*)?>/iy;
  let end = 0;
  while (piece.test(source)) end = piece.lastIndex;
  return end;
}

/**
 * CSS pixels per unit.
 *
 * @type {Record<string, number>}
 */
const UNITS = { "": 1, px: 1, in: 96, cm: 96 / 2.54, mm: 96 / 25.4, pt: 96 / 72, pc: 16 };

/**
 * @param {string | undefined} length in its quotes
 * @returns {number | null} null if it is absent, not above 0, or relative to something outside
 */
function pixels(length) {
  // Trimmed first: a pattern with two adjacent runs of blanks takes quadratic time.
  const text = (length ?? "").slice(1, -1).trim();
  const [, value, unit] = /^\+?([\d.]+(?:e[+-]?\d+)?)\s*([a-z]*)$/i.exec(text) ?? [];
  const size = Number(value) * (UNITS[unit?.toLowerCase()] ?? 0);
  return Number.isFinite(size) && size > 0 ? size : null;
}

/**
 * Width over height; 1 without a valid view box.
 *
 * @param {string | undefined} box in its quotes
 */
function boxRatio(box) {
  const [, , width, height] = (box ?? "")
    .slice(1, -1)
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  const ratio = width / height;
  return Number.isFinite(ratio) && ratio > 0 ? ratio : 1;
}
