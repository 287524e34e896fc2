import { css, html, LitElement, nothing } from "lit";
import { emit } from "./emit.js";
import { controls } from "./shared-styles.js";

/**
 * A choice among a few visible options. A radio group: one tab stop, arrow keys choose.
 *
 * An option with an `icon` shows the icon, and its label is for screen readers only.
 * @fires value-change - `{ value }`
 */
export class SegmentedControlElement extends LitElement {
  static properties = {
    options: { attribute: false },
    value: { attribute: false },
    label: {},
    labelHidden: { type: Boolean, attribute: "label-hidden" },
  };

  static styles = [
    controls,
    css`
      :host {
        display: inline-block;
        flex-shrink: 0;
        max-inline-size: 100%;
      }
      /* The gaps show the hairline, so that a control wrapped onto several lines keeps its grid. */
      .segmented {
        flex-wrap: wrap;
        gap: 1px;
        background: var(--cnn-line);
        overflow: clip;
      }
      .segmented > * {
        flex: 1 1 auto;
        border: 0;
        background: var(--cnn-panel);
      }
      .segmented > :focus-visible {
        outline-offset: -3px;
      }
      .segmented > .icon {
        padding: 0;
      }
      @media (forced-colors: none) {
        .segmented > [role="radio"][aria-checked="true"] {
          background: var(--segment-tint, var(--cnn-tint));
          box-shadow: inset 0 -2px var(--segment-mark, var(--cnn-accent));
        }
      }
      .icon svg {
        display: block;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {{ value: unknown, label: string, title?: string, icon?: import("lit").TemplateResult }[]} */
    this.options = [];
    /** @type {unknown} Value of the option chosen. */
    this.value = undefined;
    this.label = "";
    /** Keeps the label for screen readers only. */
    this.labelHidden = false;
  }

  render() {
    const chosen = this.options.findIndex(({ value }) => value === this.value);
    return html`
      <div class="field">
        <span id="label" class=${this.labelHidden ? "visually-hidden" : "label"}>${this.label}</span>
        <div class="segmented" role="radiogroup" aria-labelledby="label" @keydown=${this.#onKeydown}>
          ${this.options.map(({ value, label, title, icon }, index) => {
            const spoken = icon ? label : nothing;
            return html`<button
              class=${icon ? "icon" : nothing}
              role="radio"
              aria-checked=${String(index === chosen)}
              aria-label=${spoken}
              tabindex=${index === Math.max(0, chosen) ? 0 : -1}
              title=${title ?? spoken}
              @click=${() => this.#choose(value)}
            >${icon ?? label}</button>`;
          })}
        </div>
      </div>
    `;
  }

  /** @param {unknown} value */
  #choose(value) {
    if (value !== this.value) emit(this, "value-change", { value });
  }

  /** @param {KeyboardEvent} event */
  #onKeydown(event) {
    const buttons = [...this.renderRoot.querySelectorAll("button")];
    const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (event.target));
    const to = {
      ArrowRight: at + 1,
      ArrowDown: at + 1,
      ArrowLeft: at - 1,
      ArrowUp: at - 1,
      Home: 0,
      End: buttons.length - 1,
    }[event.key];
    if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const next = (to + buttons.length) % buttons.length;
    buttons[next].focus();
    this.#choose(this.options[next].value);
  }
}
