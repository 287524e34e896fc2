import { css, html, LitElement, nothing } from "lit";
import { number, t } from "../../i18n/index.js";
import { paint } from "../../pictures/canvas.js";
import { Localized } from "../base/localized.js";
import { controls } from "../base/shared-styles.js";
import { readable, signed } from "../numbers/readable-number.js";

/**
 * @typedef {object} Legend what the colours of a picture mean, computed by the core
 * @property {"grey" | "diverging" | "rgb" | "rgb_signed" | "heat" | "activation"} map
 * @property {number} min value of the strip's left end
 * @property {number} max value of the strip's right end
 * @property {import("../../pictures/canvas.js").Picture} strip 256 x 1 pixels
 * @property {number} valueMin the smallest value of all
 * @property {number} valueMax the largest value of all
 * @property {number} below count of values below `min`
 * @property {number} above count of values above `max`
 * @property {number} count of all values
 */

/** The colour scale of a picture: its strip, what its ends mean, and which values lie beyond. */
export class ColorLegendElement extends Localized(LitElement) {
  static properties = { legend: { attribute: false } };

  static styles = [
    controls,
    css`
      :host {
        display: block;
        container-type: inline-size;
        /* The size of a legend, so that the first one shifts nothing. */
        min-block-size: 46px;
        color: var(--cnn-soft);
        font-size: 12px;
        line-height: 1.4;
      }
      .strip {
        position: relative;
        overflow: hidden;
        border: 1px solid var(--cnn-line);
        border-radius: 3px;
      }
      canvas {
        display: block;
        inline-size: 100%;
        block-size: 10px;
      }
      .tick {
        position: absolute;
        inset-block: 0;
        inline-size: 1px;
        background: var(--cnn-ink);
      }
      .ends {
        display: flex;
        justify-content: space-between;
        column-gap: 8px;
        margin-block-start: 1px;
      }
      .ends > * {
        display: flex;
        flex: 1 1 auto;
        flex-wrap: wrap;
        column-gap: 5px;
      }
      .ends > .zero {
        flex: none;
      }
      .ends > :last-child {
        flex-direction: row-reverse;
        margin-inline-start: auto;
      }
      b {
        color: var(--cnn-ink);
        font-weight: 600;
      }
      p {
        max-inline-size: calc(100% - var(--legend-room, 0px));
        margin: 0;
        font-size: 11px;
      }
      @container (max-width: 190px) {
        .ends {
          flex-wrap: wrap;
        }
        .ends > .zero {
          display: none;
        }
        /* Room for two lines, so that new values shift nothing. */
        .extremes {
          min-block-size: 2.8em;
        }
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Legend | null} Null shows nothing. */
    this.legend = null;
  }

  /** @override */
  render() {
    if (!this.legend) return nothing;
    const { map, min, max, valueMin, valueMax } = this.legend;
    const ends = { min: end(map, min), max: end(map, max) };
    const words = { low: word(this.legend, "low"), high: word(this.legend, "high") };
    return html`
      <div role="img" aria-label=${t("maps.legend.spoken", { ...ends, ...words })}>
        <div class="strip">
          <canvas></canvas>
          ${isSigned(map) ? html`<div class="tick"></div>` : nothing}
        </div>
        <div class="ends">
          <span><b>${ends.min}</b> ${words.low}</span>
          ${min === -max ? html`<span class="zero">${number(0)}</span>` : nothing}
          <span><b>${ends.max}</b> ${words.high}</span>
        </div>
      </div>
      <p class="extremes">${t("maps.legend.extremes", { min: readable(valueMin), max: readable(valueMax) })}</p>
      ${this.#beyond()}
    `;
  }

  /** @override */
  updated() {
    if (!this.legend) return;
    const canvas = /** @type {HTMLCanvasElement} */ (this.renderRoot.querySelector("canvas"));
    const { min, max, strip } = this.legend;
    paint(canvas, strip);
    const tick = /** @type {HTMLElement | null} */ (this.renderRoot.querySelector(".tick"));
    tick?.style.setProperty("inset-inline-start", `${(100 * -min) / (max - min)}%`);
  }

  /** Which share of the values lies outside the scale. */
  #beyond() {
    const { below, above, count } = /** @type {Legend} */ (this.legend);
    if (below === 0 && above === 0) return nothing;
    const sides = [
      below > 0 ? t("maps.legend.below", { share: share(below, count) }) : "",
      above > 0 ? t("maps.legend.above", { share: share(above, count) }) : "",
    ];
    return html`<p>${sides.filter(Boolean).join(" ")}</p>`;
  }
}

/**
 * @param {Legend["map"]} map
 * @param {number} value
 */
function end(map, value) {
  return isSigned(map) ? signed(value) : readable(value);
}

/** @param {Legend["map"]} map */
function isSigned(map) {
  return map === "diverging" || map === "rgb_signed";
}

/**
 * What an end of the scale means. A grey scale that starts at zero, with negative values but none
 * below the scale, shows magnitudes.
 * @param {Legend} legend
 * @param {"low" | "high"} side
 */
function word({ map, min, valueMin, below }, side) {
  const isMagnitude = !isSigned(map) && valueMin < min && below === 0;
  return t(`maps.legend.${side}.${isMagnitude ? "magnitude" : map}`);
}

/**
 * @param {number} part
 * @param {number} whole
 */
function share(part, whole) {
  return number(part / whole, { style: "percent", maximumSignificantDigits: 2 });
}
