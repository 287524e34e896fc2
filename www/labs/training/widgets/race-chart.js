import { css, html, LitElement, nothing, svg } from "lit";
import { number } from "../../../i18n/index.js";
import { Localized } from "../../../widgets/base/localized.js";
import { controls } from "../../../widgets/base/shared-styles.js";
import { ticks } from "../../../widgets/chart/chart-geometry.js";
import { WidthController } from "../../../widgets/numbers/number-cells.js";
import { runColors } from "../run-colors.js";
import { lettersApart, logTicks, pathOf } from "./race-geometry.js";

const MARGIN = { top: 10, right: 34, bottom: 24, left: 38 };
/** Of the plot, in CSS px, if the host sets no other one. */
const HEIGHT = 210;

/**
 * @typedef {object} Line
 * @property {number} run  which decides colour and letter
 * @property {string} letter
 * @property {[x: number, y: number][]} points
 * @property {boolean} [isFaint]  a companion without a letter
 * @property {boolean} [isChosen]
 * @property {boolean} [isEnded]  its end is marked by a cross
 */

/**
 * Curves of runs over their steps, each with its letter at its end. What is above the axis stays at
 * its edge.
 */
export class RaceChartElement extends Localized(LitElement) {
  static properties = {
    lines: { attribute: false },
    label: {},
    kind: {},
    marks: { attribute: false },
    at: { attribute: false },
  };

  static styles = [
    controls,
    runColors,
    css`
      :host {
        display: block;
        min-inline-size: 0;
      }
      svg {
        display: block;
        inline-size: 100%;
      }
      text {
        fill: var(--cnn-soft);
        font: 11px / 1 var(--cnn-font);
        font-variant-numeric: tabular-nums;
      }
      .grid {
        stroke: var(--cnn-line);
      }
      .at,
      .mark {
        stroke: var(--cnn-soft);
        stroke-dasharray: 2 3;
      }
      .mark {
        stroke-dasharray: none;
      }
      .line {
        fill: none;
        stroke: var(--run);
        stroke-width: 2;
        stroke-linejoin: round;
      }
      .chosen .line {
        stroke-width: 3;
      }
      .faint .line {
        stroke-width: 1;
        opacity: 0.75;
      }
      .lead {
        stroke: var(--run);
        fill: none;
      }
      .badge {
        fill: var(--run);
      }
      .letter {
        fill: var(--run-ink);
        font-weight: 700;
      }
      .cross {
        stroke: var(--cnn-problem);
        stroke-width: 2;
      }
    `,
  ];

  #width = new WidthController(this);

  constructor() {
    super();
    /** @type {Line[]} */
    this.lines = [];
    this.label = "";
    /** Shares from 0 to 1, or positive values on a log scale. @type {"share" | "log"} */
    this.kind = "share";
    /** Steps marked on the axis, with a word each. @type {{ step: number, word: string }[]} */
    this.marks = [];
    /** The step that is shown. @type {number | null} */
    this.at = null;
  }

  render() {
    const width = this.#width.width || 360;
    const height = Number(getComputedStyle(this).getPropertyValue("--chart-height")) || HEIGHT;
    const [left, right] = [MARGIN.left, Math.max(MARGIN.left + 40, width - MARGIN.right)];
    const [top, bottom] = [MARGIN.top, height - MARGIN.bottom];
    const last = this.#lastStep();
    const px = (/** @type {number} */ step) => left + (step / last) * (right - left);
    const { py, yTicks } = this.#vertical(top, bottom);
    const xTicks = ticks(0, last, (right - left) / 60).filter((tick) => tick <= last);
    return html`<svg viewBox=${`0 0 ${width} ${height}`} height=${height} role="img" aria-label=${this.label}>
      ${yTicks.map(
        ({ value, word }) => svg`
          <path class="grid" d="M${left} ${py(value)}H${right}"></path>
          <text x=${left - 5} y=${py(value)} text-anchor="end" dominant-baseline="central">${word}</text>`,
      )}
      ${xTicks.map(
        (tick) =>
          svg`<text x=${px(tick)} y=${bottom + 15} text-anchor="middle">${number(tick)}</text>`,
      )}
      ${this.marks.map(
        ({ step, word }) => svg`
          <path class="mark" d="M${px(step)} ${bottom}v-8"></path>
          <text x=${px(step)} y=${bottom - 11} text-anchor="middle">${word}</text>`,
      )}
      ${
        this.at === null
          ? nothing
          : svg`<path class="at" d="M${px(Math.min(this.at, last))} ${top}V${bottom}"></path>`
      }
      ${this.#curves(px, py, [top, bottom])}
    </svg>`;
  }

  /**
   * @param {number} top
   * @param {number} bottom
   */
  #vertical(top, bottom) {
    if (this.kind === "share") {
      const py = (/** @type {number} */ value) => bottom - value * (bottom - top);
      const shares = [0, 0.25, 0.5, 0.75, 0.9, 1];
      return { py, yTicks: shares.map((value) => ({ value, word: number(100 * value) })) };
    }
    const all = this.lines.flatMap(({ points }) => points.map(([, y]) => y));
    const { least, most, values } = logTicks(all, (bottom - top) / 34);
    const log = Math.log(most / least);
    const py = (/** @type {number} */ value) =>
      bottom - (Math.log(Math.min(most, Math.max(least, value)) / least) / log) * (bottom - top);
    return { py, yTicks: values.map((value) => ({ value, word: number(value) })) };
  }

  /**
   * @param {(step: number) => number} px
   * @param {(value: number) => number} py
   * @param {[top: number, bottom: number]} room
   */
  #curves(px, py, room) {
    const named = this.lines.filter(({ isFaint, points }) => !isFaint && points.length);
    const ends = named.map(({ points }) => py(points[points.length - 1][1]));
    const places = lettersApart(ends, 17, room);
    return this.lines.map((line) => {
      const { run, letter, points, isFaint, isChosen, isEnded } = line;
      if (!points.length) return nothing;
      const [x, y] = [px(points[points.length - 1][0]), py(points[points.length - 1][1])];
      const place = places[named.indexOf(line)];
      const badge = px(this.#lastStep());
      return svg`<g class=${`run-${run + 1}${isFaint ? " faint" : ""}${isChosen ? " chosen" : ""}`}>
        <path class="line" d=${pathOf(points, px, py)}></path>
        ${isEnded ? svg`<path class="cross" d="M${x - 4} ${y - 4}l8 8m0 -8l-8 8"></path>` : nothing}
        ${
          isFaint
            ? nothing
            : svg`
              <path class="lead" d="M${x} ${y}L${badge + 10} ${place}"></path>
              <rect class="badge" x=${badge + 10} y=${place - 8} width="16" height="16" rx="4"></rect>
              <text class="letter" x=${badge + 18} y=${place} text-anchor="middle" dominant-baseline="central">${letter}</text>`
        }
      </g>`;
    });
  }

  #lastStep() {
    return Math.max(10, ...this.lines.map(({ points }) => points.at(-1)?.[0] ?? 0));
  }
}
