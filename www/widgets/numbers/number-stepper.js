import { css, html, LitElement, nothing } from "lit";
import { number, t } from "../../i18n/index.js";
import { emit } from "../base/emit.js";
import { Localized } from "../base/localized.js";
import { controls } from "../base/shared-styles.js";

/** Delay before a held button repeats, and the interval after that. */
const HOLD_MS = 450;
const REPEAT_MS = 90;
/** Most characters shown; longer values scroll. */
const WIDEST = 6;
/** Steps of Page Up and Page Down. */
const PAGE = 5;

/**
 * A number field between two buttons; the value can be stepped, by button or key, or typed.
 *
 * A typed value out of range is refused with a message and restored when the field loses the focus.
 * @fires value-change - `{ value }`
 */
export class NumberStepperElement extends Localized(LitElement) {
  static properties = {
    value: { type: Number },
    min: { type: Number },
    max: { type: Number },
    step: { type: Number },
    label: {},
    labelHidden: { type: Boolean, attribute: "label-hidden" },
    disabled: { type: Boolean },
  };

  static styles = [
    controls,
    css`
      :host {
        display: inline-block;
      }
      .segmented > * {
        padding: 0;
        min-inline-size: var(--stepper-button, var(--cnn-target));
      }
      .segmented > input {
        position: static;
        opacity: 1;
        min-inline-size: 0;
        inline-size: calc(var(--characters, 2) * 1ch + 12px);
        border: 0;
        border-radius: 0;
        border-inline-end: 1px solid var(--cnn-line);
        cursor: text;
        font-weight: 600;
      }
      .segmented > input[aria-invalid="true"] {
        box-shadow: inset 0 0 0 2px var(--cnn-problem);
      }
      .problem {
        max-inline-size: 24ch;
        margin: 0;
        color: var(--cnn-problem);
        font-size: 13px;
        line-height: 1.35;
      }
    `,
  ];

  /** Typed text that is not, or not yet, a value. @type {string | null} */
  #text = null;
  #problem = "";
  #timer = 0;
  /** True once a held button has stepped, so that its click does not step again. */
  #held = false;

  constructor() {
    super();
    this.value = 0;
    this.min = -Infinity;
    this.max = Infinity;
    this.step = 1;
    this.label = "";
    /** Keeps the label for screen readers only. */
    this.labelHidden = false;
    this.disabled = false;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#release();
  }

  render() {
    const text = this.#text ?? this.#written(this.value);
    return html`
      <div class="field">
        <label for="value" class=${this.labelHidden ? "visually-hidden" : nothing}>${this.label}</label>
        <div class="segmented">
          ${this.#button(-1, "−", t("widget.stepper.less", { label: this.label }))}
          <input
            id="value"
            type="text"
            role="spinbutton"
            inputmode=${this.#whole && this.min >= 0 ? "numeric" : "text"}
            autocomplete="off"
            .value=${text}
            ?disabled=${this.disabled}
            aria-valuenow=${this.value}
            aria-valuetext=${this.#written(this.value)}
            aria-valuemin=${Number.isFinite(this.min) ? this.min : nothing}
            aria-valuemax=${Number.isFinite(this.max) ? this.max : nothing}
            aria-invalid=${this.#problem && this.#text !== null ? "true" : "false"}
            aria-describedby=${this.#problem ? "problem" : nothing}
            @focus=${this.#onFocus}
            @input=${this.#onInput}
            @keydown=${this.#onKeydown}
            @blur=${this.#onBlur}
          />
          ${this.#button(1, "+", t("widget.stepper.more", { label: this.label }))}
        </div>
        ${this.#problem ? html`<p class="problem" id="problem" role="alert">${this.#problem}</p>` : nothing}
      </div>
    `;
  }

  updated() {
    const bounds = [this.min, this.max, this.value].filter(Number.isFinite);
    const longest = Math.max(2, ...bounds.map((bound) => this.#written(bound).length));
    this.#input.style.setProperty("--characters", String(Math.min(longest, WIDEST)));
  }

  get #input() {
    return /** @type {HTMLInputElement} */ (this.renderRoot.querySelector("input"));
  }

  get #whole() {
    return Number.isInteger(this.step);
  }

  /**
   * @param {1 | -1} direction
   * @param {string} sign
   * @param {string} name
   */
  #button(direction, sign, name) {
    const ended = direction < 0 ? this.value <= this.min : this.value >= this.max;
    return html`<button
      tabindex="-1"
      aria-label=${name}
      title=${name}
      aria-disabled=${String(ended)}
      ?disabled=${this.disabled}
      @pointerdown=${(/** @type {PointerEvent} */ event) => this.#press(event, direction)}
      @pointerup=${this.#release}
      @pointercancel=${this.#release}
      @pointerleave=${this.#release}
      @click=${(/** @type {MouseEvent} */ event) => this.#onClick(event, direction)}
    >${sign}</button>`;
  }

  /** @param {number} value */
  #written(value) {
    return number(value, { maximumFractionDigits: this.#decimals, useGrouping: false });
  }

  /** Decimals of a multiple of the step, so that 0.1 + 0.2 is 0.3. */
  get #decimals() {
    return this.#whole ? 0 : Math.min(15, (String(this.step).split(".")[1] ?? "").length + 2);
  }

  /** @param {number} steps */
  #move(steps) {
    // Adding 0 turns the -0 of a rounded negative into 0.
    const moved = Number((this.value + steps * this.step).toFixed(this.#decimals)) + 0;
    this.#change(Math.max(this.min, Math.min(moved, this.max)));
  }

  /** @param {number} value */
  #change(value) {
    this.#text = null;
    this.#problem = "";
    if (value !== this.value) emit(this, "value-change", { value });
    this.requestUpdate();
  }

  /**
   * @param {PointerEvent} event
   * @param {1 | -1} direction
   */
  #press(event, direction) {
    if (event.button !== 0) return;
    this.#release();
    this.#held = false;
    this.#timer = window.setTimeout(() => {
      this.#move(direction);
      this.#timer = window.setInterval(() => this.#move(direction), REPEAT_MS);
      this.#held = true;
    }, HOLD_MS);
  }

  /** Timeouts and intervals share one pool of ids, so one call clears either. */
  #release() {
    clearTimeout(this.#timer);
  }

  /**
   * @param {MouseEvent} event
   * @param {1 | -1} direction
   */
  #onClick(event, direction) {
    const held = this.#held;
    this.#held = false;
    if (held && event.detail > 0) return;
    this.#move(direction);
  }

  #onFocus() {
    this.#problem = "";
    this.#input.select();
    this.requestUpdate();
  }

  #onInput() {
    this.#text = this.#input.value;
    this.#problem = "";
    this.requestUpdate();
  }

  /** @param {KeyboardEvent} event */
  #onKeydown(event) {
    const { key } = event;
    if (key === "ArrowUp") this.#move(1);
    else if (key === "ArrowDown") this.#move(-1);
    else if (key === "PageUp") this.#move(PAGE);
    else if (key === "PageDown") this.#move(-PAGE);
    else if (key === "Enter") this.#commit();
    else if (key === "Escape" && this.#text !== null) this.#restore();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Discards a refused text; the reason stays until the field is used again. */
  #onBlur() {
    this.#commit();
    this.#text = null;
  }

  #restore() {
    this.#text = null;
    this.#problem = "";
    this.requestUpdate();
  }

  #commit() {
    if (this.#text === null) return;
    const value = parsed(this.#text);
    const inRange = value >= this.min && value <= this.max;
    if (inRange && (!this.#whole || Number.isInteger(value))) return this.#change(value);
    const key = this.#whole ? "widget.stepper.expected_whole" : "widget.stepper.expected";
    this.#problem = t(key, {
      min: this.#written(this.min),
      max: this.#written(this.max),
      got: this.#text.trim() || t("widget.stepper.nothing"),
    });
    this.requestUpdate();
  }
}

/**
 * The number typed, with either decimal sign and either minus; NaN if it is not a number.
 * @param {string} text
 */
function parsed(text) {
  const plain = text.trim().replace("−", "-").replace(",", ".");
  return plain === "" ? Number.NaN : Number(plain);
}
