import { css, html, LitElement } from "lit";
import { t } from "../../i18n/index.js";
import "../../i18n/kernel.js";
import { emit } from "../base/emit.js";
import { linkIcon } from "../base/icon.js";
import { Localized } from "../base/localized.js";
import { controls } from "../base/shared-styles.js";

/** Largest kernel side, as the core's `LIMIT`. */
const LARGEST = 15;

/**
 * The kernel's size: one number while it is kept square, else rows and columns.
 * @fires kernel-resize - `{ height, width }`
 */
export class KernelSizeElement extends Localized(LitElement) {
  static properties = {
    height: { type: Number },
    width: { type: Number },
    square: { state: true },
  };

  static styles = [
    controls,
    css`
      :host {
        display: flex;
        gap: 4px;
        align-items: end;
      }
      button {
        block-size: calc(var(--cnn-target) + 2px);
      }
    `,
  ];

  constructor() {
    super();
    /** Rows of the kernel. */
    this.height = 3;
    /** Columns of the kernel. */
    this.width = 3;
    /** Keeps height and width equal. */
    this.square = true;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (this.height !== this.width && (changed.has("height") || changed.has("width"))) {
      this.square = false;
    }
  }

  /** @override */
  render() {
    return html`
      ${
        this.square
          ? this.#stepper("side", this.height, (side) => this.#resize(side, side))
          : [
              this.#stepper("height", this.height, (rows) => this.#resize(rows, this.width)),
              this.#stepper("width", this.width, (columns) => this.#resize(this.height, columns)),
            ]
      }
      <button
        class="toggle"
        aria-pressed=${String(this.square)}
        aria-label=${t("kernel.tools.square")}
        title=${t("kernel.tools.square")}
        @click=${this.#onSquare}
      >${linkIcon}</button>
    `;
  }

  /**
   * @param {"side" | "height" | "width"} name
   * @param {number} value
   * @param {(value: number) => void} change
   */
  #stepper(name, value, change) {
    return html`<cnn-number-stepper
      .label=${t(`kernel.tools.${name}`)}
      .value=${value}
      .min=${1}
      .max=${LARGEST}
      @value-change=${(/** @type {CustomEvent<{ value: number }>} */ event) => {
        event.stopPropagation();
        change(event.detail.value);
      }}
    ></cnn-number-stepper>`;
  }

  #onSquare() {
    this.square = !this.square;
    const side = Math.max(this.height, this.width);
    if (this.square && this.height !== this.width) this.#resize(side, side);
  }

  /**
   * @param {number} height
   * @param {number} width
   */
  #resize(height, width) {
    emit(this, "kernel-resize", { height, width });
  }
}
