import { css } from "lit";
import { number } from "../../i18n/index.js";
import { powerOfTen } from "./readable-number.js";

/**
 * Colours of a run of cells, as the core computed them.
 * @typedef {{ colors: Uint8ClampedArray, inks: Uint8Array }} Cells
 * `colors` is RGBA per cell; `inks` is 0 for dark ink, 1 for light ink.
 */

/** Width of one monospace character and the smallest legible font, in em and CSS px. */
const CHARACTER_EM = 0.61;
const LEGIBLE_PX = 8.5;
/** Share of a cell's width that its text may fill. */
const FILL = 0.9;

/**
 * How many characters stay legible in a cell.
 * @param {number} cellWidth in CSS px; 0 (not measured yet) counts as roomy
 */
export function legibleCharacters(cellWidth) {
  return cellWidth > 0 ? Math.floor((cellWidth * FILL) / (LEGIBLE_PX * CHARACTER_EM)) : 12;
}

/**
 * Texts that all fit into `characters`, of the values divided by a common power of ten: three
 * significant digits, else two, else as many decimals as fit, else only the signs. No text is off by
 * more than rounding, and none is in E-notation.
 * @param {ArrayLike<number>} values
 * @param {number} characters
 * @returns {{ texts: string[], exponent: number }} value ≈ text · 10^exponent
 */
export function cellTexts(values, characters) {
  const fits = (/** @type {string[]} */ texts) => texts.every((text) => text.length <= characters);
  for (const digits of [3, 2]) {
    const texts = Array.from(values, (value) => plainNumber(value, digits));
    if (fits(texts)) return { texts, exponent: 0 };
  }
  const exponent = commonExponent(values);
  const readable = READS_WELL.includes(exponent) ? 0 : exponent;
  for (const [power, decimals] of [
    [readable, 3],
    [readable, 2],
    [readable, 1],
    [exponent, 0],
  ]) {
    const texts = Array.from(values, (value) => scaledNumber(value, power, decimals));
    if (fits(texts)) return { texts, exponent: power };
  }
  return { texts: Array.from(values, signText), exponent: 0 };
}

/**
 * A power of ten as it stands before a matrix, such as `10⁻³ ×`; empty for 1.
 * @param {number} exponent
 */
export function factorText(exponent) {
  return exponent === 0 ? "" : `${powerOfTen(exponent)} ×`;
}

/**
 * The value as typed: fifteen significant digits hold every decimal a person types.
 * @param {number} value
 */
export function fullNumber(value) {
  return number(value, { maximumSignificantDigits: 15, useGrouping: false });
}

/** The colour that each cell has. @type {WeakMap<HTMLElement, string>} */
const shown = new WeakMap();

/**
 * Colours cell elements through the CSSOM, which a strict content security policy allows. Cells
 * without a colour stay neutral.
 * @param {ArrayLike<HTMLElement>} elements in row-major order
 * @param {Cells | null | undefined} cells
 */
export function paintCells(elements, cells) {
  const painted = cells?.inks.length === elements.length ? cells : null;
  for (let index = 0; index < elements.length; index++) {
    const element = elements[index];
    const color = painted ? rgb(painted.colors, index) : "";
    if (shown.get(element) === color) continue;
    shown.set(element, color);
    element.style.backgroundColor = color;
    if (painted) element.dataset.ink = painted.inks[index] === 1 ? "light" : "dark";
    else delete element.dataset.ink;
  }
}

/**
 * Passes the shape of a grid and the length of its longest text to CSS.
 * @param {HTMLElement} grid
 * @param {number} rows
 * @param {number} columns
 * @param {string[]} texts
 */
export function shapeGrid(grid, rows, columns, texts) {
  const longest = Math.max(2, ...texts.map((text) => text.length));
  grid.style.setProperty("--rows", String(rows));
  grid.style.setProperty("--columns", String(columns));
  grid.style.setProperty("--characters", String(longest));
}

/** Re-renders its host when the host's width changes, so that texts can fit. */
export class WidthController {
  /** @param {import("lit").ReactiveControllerHost & HTMLElement} host */
  constructor(host) {
    /** Width of the host's content box in CSS px; 0 before it is measured. */
    this.width = 0;
    this.host = host;
    this.observer = new ResizeObserver(([entry]) => {
      const width = Math.round(entry.contentRect.width);
      if (width === this.width) return;
      this.width = width;
      host.requestUpdate();
    });
    host.addController(this);
  }

  hostConnected() {
    this.observer.observe(this.host);
  }

  hostDisconnected() {
    this.observer.disconnect();
  }
}

/**
 * Styles for cells with numbers; a grid sets `--cell-width` and the shape through {@link shapeGrid}.
 */
export const numberCells = css`
  .cells {
    display: grid;
    gap: 1px;
    padding: 1px;
    background: var(--cnn-line);
    border-radius: var(--cnn-radius-small, 6px);
    overflow: hidden;
    font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
    font-variant-numeric: tabular-nums;
    font-size: min(
      var(--cell-font, 13px),
      calc(var(--cell-width) * ${FILL} / (var(--characters) * ${CHARACTER_EM}))
    );
    line-height: 1;
  }
  .cell-row {
    display: grid;
    grid-template-columns: repeat(var(--columns), minmax(0, 1fr));
    gap: 1px;
  }
  .cell {
    display: grid;
    place-items: center;
    min-inline-size: 0;
    white-space: nowrap;
    background: var(--cnn-zero);
    color: var(--cnn-ink);
  }
  .cell[data-ink="dark"] {
    color: #000;
  }
  .cell[data-ink="light"] {
    color: #fff;
  }
  @media (forced-colors: active) {
    .cell {
      outline: 1px solid GrayText;
    }
  }
`;

/**
 * @param {number} value
 * @param {number} digits significant digits kept; integers keep all of theirs
 */
function plainNumber(value, digits) {
  return number(value, {
    maximumSignificantDigits: digits,
    maximumFractionDigits: 0,
    roundingPriority: "morePrecision",
    useGrouping: false,
  });
}

/** Orders of magnitude whose numbers need no factor. */
const READS_WELL = [-1, 0, 1, 2];

/**
 * The power of ten that leaves the largest value one digit before the decimal sign.
 * @param {ArrayLike<number>} values
 */
function commonExponent(values) {
  const largest = Math.max(...Array.from(values, (value) => Math.abs(value)));
  return largest > 0 && Number.isFinite(largest) ? Math.floor(Math.log10(largest)) : 0;
}

/**
 * A value that is not zero but rounds to it keeps its decimals, or else its sign.
 * @param {number} value
 * @param {number} exponent
 * @param {number} decimals
 */
function scaledNumber(value, exponent, decimals) {
  const scaled = value / 10 ** exponent;
  const isLost = value !== 0 && Math.abs(scaled) < 0.5 / 10 ** decimals;
  if (isLost && decimals === 0) return signText(value);
  return number(scaled, {
    maximumFractionDigits: decimals,
    minimumFractionDigits: isLost ? decimals : 0,
    useGrouping: false,
  });
}

/** @param {number} value */
function signText(value) {
  if (value === 0) return "0";
  return value < 0 ? "−" : "+";
}

/**
 * @param {Uint8ClampedArray} colors
 * @param {number} index
 */
function rgb(colors, index) {
  const at = index * 4;
  return `rgb(${colors[at]} ${colors[at + 1]} ${colors[at + 2]})`;
}
