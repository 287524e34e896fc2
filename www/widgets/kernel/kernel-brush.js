import { css, html, LitElement } from "lit";
import { number, t } from "../../i18n/index.js";
import "../../i18n/kernel.js";
import { emit } from "../base/emit.js";
import { Localized } from "../base/localized.js";
import { controls } from "../base/shared-styles.js";
import { icons } from "./kernel-icons.js";
import { SYMMETRIES } from "./kernel-stroke.js";

/** Largest weight of the slider; any weight can be typed into a cell. */
const STRONGEST = 4;
const STEP = 0.25;

/**
 * The brush: a weight with its sign, and the symmetry that repeats it.
 * @fires brush-change - `{ value, symmetry }`
 */
export class KernelBrushElement extends Localized(LitElement) {
  static properties = {
    value: { type: Number },
    symmetry: {},
  };

  static styles = [
    controls,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 8px;
      }
      .negative {
        --segment-tint: color-mix(in oklab, var(--cnn-neg) 22%, var(--cnn-panel));
        --segment-mark: var(--cnn-neg);
      }
      .zero {
        --segment-tint: var(--cnn-zero);
        --segment-mark: var(--cnn-ink);
      }
      .positive {
        --segment-tint: color-mix(in oklab, var(--cnn-pos) 22%, var(--cnn-panel));
        --segment-mark: var(--cnn-pos);
      }
      input {
        flex: 1 1 70px;
        margin: 0;
        background: none;
        appearance: none;
      }
      input::-webkit-slider-runnable-track {
        block-size: 6px;
        border: 1px solid var(--cnn-line);
        border-radius: 3px;
        background: linear-gradient(to right, var(--cnn-neg), var(--cnn-zero), var(--cnn-pos));
      }
      input::-moz-range-track {
        block-size: 6px;
        box-sizing: border-box;
        border: 1px solid var(--cnn-line);
        border-radius: 3px;
        background: linear-gradient(to right, var(--cnn-neg), var(--cnn-zero), var(--cnn-pos));
      }
      input::-webkit-slider-thumb {
        inline-size: 22px;
        block-size: 22px;
        margin-block-start: -9px;
        border: 2px solid var(--cnn-ink);
        border-radius: 50%;
        background: var(--cnn-panel);
        appearance: none;
      }
      input::-moz-range-thumb {
        inline-size: 22px;
        block-size: 22px;
        box-sizing: border-box;
        border: 2px solid var(--cnn-ink);
        border-radius: 50%;
        background: var(--cnn-panel);
      }
      output {
        min-inline-size: 3.5ch;
        font-weight: 600;
        text-align: end;
      }
    `,
  ];

  /** Weight that the minus and plus buttons restore after a zero. */
  #strength = 1;

  constructor() {
    super();
    /** The weight to paint. */
    this.value = 1;
    /** @type {import("./kernel-stroke.js").Symmetry} */
    this.symmetry = "none";
  }

  willUpdate() {
    if (this.value !== 0) this.#strength = Math.abs(this.value);
  }

  render() {
    const sign = Math.sign(this.value);
    const written = number(this.value, { signDisplay: "exceptZero" });
    return html`
      <div class="row">
        <cnn-segmented-control
          class=${SIGN_CLASSES[sign + 1]}
          label-hidden
          .label=${t("kernel.brush.sign")}
          .value=${sign}
          .options=${[
            { value: -1, label: "−", title: t("kernel.brush.negative") },
            { value: 0, label: "0", title: t("kernel.brush.zero") },
            { value: 1, label: "+", title: t("kernel.brush.positive") },
          ]}
          @value-change=${this.#onSign}
        ></cnn-segmented-control>
        <input
          type="range"
          dir="ltr"
          min=${-STRONGEST}
          max=${STRONGEST}
          step=${STEP}
          .value=${String(this.value)}
          aria-label=${t("kernel.brush.weight")}
          aria-valuetext=${written}
          title=${t("kernel.brush.weight")}
          @input=${this.#onSlide}
        />
        <output aria-hidden="true">${written}</output>
      </div>
      <div class="row">
        <cnn-segmented-control
          label-hidden
          .label=${t("kernel.brush.symmetry")}
          .value=${this.symmetry}
          .options=${SYMMETRIES.map((symmetry) => ({
            value: symmetry,
            label: t(`kernel.symmetry.${symmetry}`),
            icon: icons[symmetry],
          }))}
          @value-change=${this.#onSymmetry}
        ></cnn-segmented-control>
      </div>
    `;
  }

  /** @param {CustomEvent<{ value: number }>} event */
  #onSign(event) {
    event.stopPropagation();
    this.#change(event.detail.value * this.#strength, this.symmetry);
  }

  /** @param {{ currentTarget: HTMLInputElement }} event */
  #onSlide({ currentTarget }) {
    this.#change(currentTarget.valueAsNumber, this.symmetry);
  }

  /** @param {CustomEvent<{ value: import("./kernel-stroke.js").Symmetry }>} event */
  #onSymmetry(event) {
    event.stopPropagation();
    this.#change(this.value, event.detail.value);
  }

  /**
   * @param {number} value
   * @param {import("./kernel-stroke.js").Symmetry} symmetry
   */
  #change(value, symmetry) {
    emit(this, "brush-change", { value, symmetry });
  }
}

const SIGN_CLASSES = ["negative", "zero", "positive"];
