import { css, html, LitElement, nothing, svg } from "lit";
import { number, t } from "../../i18n/index.js";
import { emit } from "../base/emit.js";
import { Localized } from "../base/localized.js";
import { controls } from "../base/shared-styles.js";
import { WidthController } from "../numbers/number-cells.js";
import { readable } from "../numbers/readable-number.js";
import { chartFrame, LOOKS, linePath, markerShape } from "./chart-geometry.js";

/**
 * @typedef {object} Series
 * @property {string} name
 * @property {ArrayLike<number>} values one for each x; NaN where there is none
 * @property {number} [look] fixes its style, 0 to 9, while other series come and go; otherwise its
 *   index decides
 */

/** Height of the plot in CSS px. */
const HEIGHT = 240;

/**
 * Lines over a common x, told apart by colour, dash and marker, with a legend.
 *
 * Pointing at the chart, or moving over it with the arrow keys, reads out the values at one x. A
 * collapsed table below holds all of them. `--chart-height` is the plot's height in CSS px.
 * @fires chart-pick `{ index }` of the x that was clicked or chosen with Enter
 */
export class LineChartElement extends Localized(LitElement) {
  static properties = {
    x: { attribute: false },
    xNames: { attribute: false },
    series: { attribute: false },
    label: {},
    xLabel: { attribute: false },
    yLabel: { attribute: false },
    at: { attribute: false },
    pointed: { state: true },
  };

  static styles = [
    controls,
    css`
      :host {
        --chart-1: light-dark(#1d1c1a, #ecebe8);
        --chart-2: light-dark(#1a6fb4, #6fb1f2);
        --chart-3: light-dark(#0b7a5a, #4cc498);
        --chart-4: light-dark(#b03a7d, #f18cc2);
        --chart-5: light-dark(#76716a, #a3a098);
        --chart-6: light-dark(#8a6a00, #d9b94a);
        display: block;
        min-inline-size: 0;
      }
      figure {
        margin: 0;
      }
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 16px;
        margin: 0 0 6px;
        padding: 0;
        list-style: none;
        font-size: 13px;
      }
      li {
        display: flex;
        gap: 6px;
        align-items: center;
      }
      li svg {
        flex: none;
      }
      .plot {
        border-radius: var(--cnn-radius-small, 6px);
        touch-action: pan-y;
        cursor: crosshair;
      }
      .plot svg {
        display: block;
        inline-size: 100%;
      }
      .plot text {
        fill: var(--cnn-soft);
        font: 12px / 1 var(--cnn-font);
        font-variant-numeric: tabular-nums;
      }
      .grid {
        stroke: var(--cnn-line);
      }
      .axis {
        stroke: var(--cnn-edge);
      }
      .mark {
        stroke: var(--cnn-soft);
        stroke-dasharray: 2 3;
      }
      .cursor {
        stroke: var(--cnn-focus);
      }
      .series {
        stroke: var(--series);
        fill: none;
        stroke-width: 2;
        stroke-linejoin: round;
        stroke-linecap: round;
      }
      .point {
        stroke: var(--series);
        stroke-width: 1.5;
        fill: var(--cnn-panel);
      }
      .point.filled {
        fill: var(--series);
      }
      .look-1 {
        --series: var(--chart-1);
      }
      .look-2 {
        --series: var(--chart-2);
      }
      .look-3 {
        --series: var(--chart-3);
      }
      .look-4 {
        --series: var(--chart-4);
      }
      .look-5 {
        --series: var(--chart-5);
      }
      .look-6 {
        --series: var(--chart-6);
      }
      .readout {
        min-block-size: 2.9em;
        margin: 4px 0 0;
        color: var(--cnn-soft);
        font-size: 13px;
      }
      .readout b {
        color: var(--cnn-ink);
        font-weight: 600;
      }
      summary {
        inline-size: fit-content;
        min-block-size: var(--cnn-target);
        padding-block: 5px;
        color: var(--cnn-soft);
        font-size: 13px;
        cursor: pointer;
      }
      .table {
        max-block-size: 320px;
        overflow: auto;
      }
      table {
        border-collapse: collapse;
        font-size: 13px;
      }
      th,
      td {
        padding: 3px 12px 3px 0;
        border-block-end: 1px solid var(--cnn-line);
        text-align: end;
        font-weight: 400;
      }
      thead th {
        color: var(--cnn-soft);
      }
      tbody th {
        text-align: start;
      }
      @media (forced-colors: active) {
        :host {
          --chart-1: CanvasText;
          --chart-2: CanvasText;
          --chart-3: CanvasText;
          --chart-4: CanvasText;
          --chart-5: CanvasText;
          --chart-6: CanvasText;
        }
      }
      @media print {
        details:not([open]) {
          display: none;
        }
      }
    `,
  ];

  #width = new WidthController(this);

  constructor() {
    super();
    /** @type {ArrayLike<number>} In ascending order. */
    this.x = [];
    /** @type {string[] | null} What each x is called where a number does not say it. */
    this.xNames = null;
    /** @type {Series[]} At most six. */
    this.series = [];
    /** What the chart shows, for screen readers. */
    this.label = "";
    this.xLabel = "";
    this.yLabel = "";
    /** @type {number | null} An x marked by a dotted line. */
    this.at = null;
    /** @type {number | null} Index of the x that is read out. */
    this.pointed = null;
  }

  /** @override */
  render() {
    if (this.x.length === 0 || this.series.length === 0) return nothing;
    return html`<figure>
      ${this.#legend()} ${this.#plot()}
      <p class="readout">${this.#readout()}</p>
      <p id="keys" hidden>${t("chart.keys")}</p>
      ${this.#table()}
    </figure>`;
  }

  /** @override */
  willUpdate() {
    if (this.pointed !== null && this.pointed >= this.x.length) this.pointed = null;
  }

  #legend() {
    return html`<ul>
      ${this.series.map(
        ({ name, look: own }, index) => html`<li>
          <svg width="34" height="12" aria-hidden="true" class=${look(own ?? index)}>
            <path class="series" d="M1 6H33" stroke-dasharray=${dash(own ?? index)}></path>
            ${marker(own ?? index, 17, 6)}
          </svg>
          ${name}
        </li>`,
      )}
    </ul>`;
  }

  #plot() {
    const frame = this.#frame();
    const { width, height, left, top, right, bottom, xTicks, yTicks, px, py } = frame;
    const marked = this.at !== null && this.at >= this.x[0] && this.at <= this.x[this.x.length - 1];
    return html`<div
      class="plot"
      role="slider"
      tabindex="0"
      aria-label=${this.label}
      aria-describedby="keys"
      aria-valuemin="0"
      aria-valuemax=${this.x.length - 1}
      aria-valuenow=${this.pointed ?? 0}
      aria-valuetext=${this.#spoken()}
      @pointermove=${this.#point}
      @pointerdown=${this.#point}
      @pointerleave=${this.#leave}
      @click=${this.#pick}
      @keydown=${this.#keydown}
      @blur=${this.#leave}
    ><svg viewBox=${`0 0 ${width} ${height}`} height=${height} aria-hidden="true">
      ${yTicks.map(
        (tick) => svg`
          <path class="grid" d="M${left} ${py(tick)}H${right}"></path>
          <text x=${left - 6} y=${py(tick)} text-anchor="end" dominant-baseline="central">${number(tick)}</text>`,
      )}
      ${xTicks.map(
        (tick) => svg`
          <path class="axis" d="M${px(tick)} ${bottom}v4"></path>
          <text x=${px(tick)} y=${bottom + 15} text-anchor="middle">${number(tick)}</text>`,
      )}
      <path class="axis" d="M${left} ${bottom}H${right}"></path>
      <text x=${left} y="11">${this.yLabel}</text>
      <text x=${right} y=${height - 4} text-anchor="end">${this.xLabel}</text>
      ${marked ? svg`<path class="mark" d="M${px(this.at ?? 0)} ${top}V${bottom}"></path>` : nothing}
      ${
        this.pointed === null
          ? nothing
          : svg`<path class="cursor" d="M${px(this.x[this.pointed])} ${top}V${bottom}"></path>`
      }
      ${this.series.map(
        ({ values, look: own }, index) => svg`<g class=${look(own ?? index)}>
          <path class="series" d=${linePath(this.x, values, px, py)} stroke-dasharray=${dash(own ?? index)}></path>
          ${this.#markers(values, own ?? index, px, py)}
        </g>`,
      )}
    </svg></div>`;
  }

  /**
   * Markers as far apart as there is room for, and one at the x that is read out.
   * @param {ArrayLike<number>} values
   * @param {number} series
   * @param {(x: number) => number} px
   * @param {(y: number) => number} py
   */
  #markers(values, series, px, py) {
    const room = px(this.x[this.x.length - 1]) - px(this.x[0]);
    const every = Math.max(1, Math.ceil((MARKER_ROOM * this.x.length) / Math.max(1, room)));
    return Array.from(this.x, (x, index) => {
      const y = values[index];
      const isShown = index % every === 0 || index === this.pointed;
      return isShown && Number.isFinite(y) ? marker(series, px(x), py(y)) : nothing;
    });
  }

  #readout() {
    if (this.pointed === null) return t("chart.hint");
    const index = this.pointed;
    const values = this.series.map(
      ({ name, values: all }) => html` · ${name} <b>${valueWords(all[index])}</b>`,
    );
    return html`${this.xLabel}: <b>${this.#xWords(index)}</b>${values}`;
  }

  #spoken() {
    if (this.pointed === null) return t("chart.hint");
    const index = this.pointed;
    const values = this.series.map(({ name, values: all }) => `${name} ${valueWords(all[index])}`);
    return `${this.xLabel} ${this.#xWords(index)}: ${values.join(", ")}`;
  }

  #table() {
    return html`<details>
      <summary>${t("chart.table")}</summary>
      <div class="table" role="region" tabindex="0" aria-label=${this.label}>
        <table>
          <thead>
            <tr>
              <th scope="col">${this.xLabel}</th>
              ${this.series.map(({ name }) => html`<th scope="col">${name}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${Array.from(
              this.x,
              (_, index) => html`<tr>
                <th scope="row">${this.#xWords(index)}</th>
                ${this.series.map(({ values }) => html`<td>${valueWords(values[index])}</td>`)}
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>`;
  }

  /** @param {number} index */
  #xWords(index) {
    return this.xNames?.[index] ?? number(this.x[index]);
  }

  #frame() {
    const height = Number(getComputedStyle(this).getPropertyValue("--chart-height")) || HEIGHT;
    return chartFrame(this.x, this.series, { width: this.#width.width || 480, height });
  }

  /** @param {PointerEvent} event */
  #point(event) {
    const plot = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
    const { width, px } = this.#frame();
    const at = ((event.clientX - plot.left) / plot.width) * width;
    let nearest = 0;
    for (let index = 1; index < this.x.length; index++) {
      if (Math.abs(px(this.x[index]) - at) < Math.abs(px(this.x[nearest]) - at)) nearest = index;
    }
    this.pointed = nearest;
  }

  #leave() {
    this.pointed = null;
  }

  #pick() {
    if (this.pointed !== null) emit(this, "chart-pick", { index: this.pointed });
  }

  /** @param {KeyboardEvent} event */
  #keydown(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const last = this.x.length - 1;
    if (event.key === "Enter") this.#pick();
    else {
      const to = {
        ArrowRight: (this.pointed ?? -1) + 1,
        ArrowUp: (this.pointed ?? -1) + 1,
        ArrowLeft: (this.pointed ?? last + 1) - 1,
        ArrowDown: (this.pointed ?? last + 1) - 1,
        Home: 0,
        End: last,
      }[event.key];
      if (to === undefined) return;
      this.pointed = Math.min(last, Math.max(0, to));
    }
    event.preventDefault();
  }
}

/** CSS px between two markers on a line. */
const MARKER_ROOM = 26;

/** @param {number} value */
function valueWords(value) {
  return Number.isFinite(value) ? readable(value) : t("chart.none");
}

/** Colours of the series; further ones differ by their line and their marker. */
const COLORS = 6;

/** @param {number} series */
function look(series) {
  return `look-${(series % COLORS) + 1}`;
}

/** @param {number} series */
function dash(series) {
  return LOOKS[series % LOOKS.length].dash || nothing;
}

/**
 * @param {number} series
 * @param {number} x
 * @param {number} y
 */
function marker(series, x, y) {
  const { shape, filled } = LOOKS[series % LOOKS.length];
  return svg`<path class=${filled ? "point filled" : "point"} d=${markerShape(shape, x, y)}></path>`;
}
