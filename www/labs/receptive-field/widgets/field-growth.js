import { css, html, LitElement, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { number, t } from "../../../i18n/index.js";
import { emit } from "../../../widgets/base/emit.js";
import { Localized } from "../../../widgets/base/localized.js";
import { controls } from "../../../widgets/base/shared-styles.js";
import { moved } from "../../../widgets/table/table-order.js";

/**
 * @typedef {{ sizeBefore: number, kernel: number, dilation: number, strideBefore: number,
 *   size: number }} Growth  size = sizeBefore + (kernel − 1) · dilation · strideBefore
 * @typedef {{ id: string, growth: Growth | null, size: number | null }} GrowthStep a layer that
 * changes the field or the stride; without `growth` no single window explains the size
 */

/**
 * How a receptive field grows: the formula, and one line per layer with its numbers.
 *
 * The formula is from Araujo, Norris and Sim, Distill 2019, doi 10.23915/distill.00021.
 * @fires layer-select - `{ id }`
 * @fires layer-hover - `{ id }`
 * @fires layer-leave
 */
export class FieldGrowthElement extends Localized(LitElement) {
  static properties = {
    steps: { attribute: false },
    selected: {},
    label: {},
    focused: { state: true },
  };

  static styles = [
    controls,
    css`
      :host {
        display: grid;
        grid-template-rows: auto minmax(0, 1fr);
        gap: 6px;
        min-block-size: 0;
      }
      math {
        font-family: "Cambria Math", "STIX Two Math", "Latin Modern Math", "Noto Sans Math",
          "DejaVu Math TeX Gyre", math;
        font-size: 14px;
      }
      .law {
        cursor: help;
      }
      .law math {
        font-size: 16px;
      }
      ol {
        margin: 0;
        padding: 0;
        overflow: auto;
        list-style: none;
      }
      button {
        display: flex;
        flex-wrap: wrap;
        gap: 0 8px;
        align-items: baseline;
        justify-content: space-between;
        inline-size: 100%;
        min-block-size: 28px;
        padding: 2px 6px;
        border: 0;
        border-radius: 4px;
        background: none;
        text-align: start;
      }
      button:hover {
        background: var(--cnn-tint);
      }
      button[aria-current] {
        background: var(--cnn-tint);
        font-weight: 600;
      }
      button:is(:hover, [aria-current]) .name {
        color: var(--cnn-ink);
      }
      button > math {
        margin-inline-start: auto;
      }
      .name {
        max-inline-size: 100%;
        overflow: hidden;
        color: var(--cnn-soft);
        font-size: 12px;
        text-overflow: ellipsis;
        white-space: nowrap;
        /* The end of a long name says more than its beginning. */
        direction: rtl;
        text-align: end;
      }
      .name bdi {
        unicode-bidi: isolate;
        direction: ltr;
      }
      .size {
        font-weight: 700;
      }
      button:focus-visible {
        outline-offset: -2px;
      }
      @media (pointer: coarse) {
        button {
          min-block-size: 40px;
        }
      }
    `,
  ];

  constructor() {
    super();
    /** @type {readonly GrowthStep[]} The first layer first. */
    this.steps = [];
    this.selected = "";
    this.label = "";
    /** The line that is the tab stop; the last one if "". */
    this.focused = "";
  }

  /** @override */
  render() {
    const ids = this.steps.map(({ id }) => id);
    const stop = [this.focused, this.selected, ids.at(-1)].find((id) => ids.includes(id ?? ""));
    return html`
      <div class="law" role="img" aria-label=${t("receptive.growth.law")} title=${t("receptive.growth.law")}>
        <math><mrow>
          <mi>R</mi><mo>=</mo><mn>1</mn><mo>+</mo><mo>∑</mo>
          <mrow><mo>(</mo><mi>k</mi><mo>−</mo><mn>1</mn><mo>)</mo></mrow>
          <mo>·</mo><mi>d</mi><mo>·</mo><mi>S</mi>
        </mrow></math>
      </div>
      <ol aria-label=${this.label} @keydown=${this.#keydown} @pointerleave=${() => emit(this, "layer-leave")}>
        ${repeat(
          this.steps,
          ({ id }) => id,
          (step) => this.#step(step, step.id === stop),
        )}
      </ol>
    `;
  }

  /** @override */
  updated() {
    const last = this.renderRoot.querySelector("li:last-child");
    const list = last?.parentElement;
    if (list && !this.focused) list.scrollTop = list.scrollHeight;
  }

  /**
   * @param {GrowthStep} step
   * @param {boolean} isStop
   */
  #step({ id, growth, size }, isStop) {
    const point = () => emit(this, "layer-hover", { id });
    return html`<li>
      <button
        data-step=${id}
        tabindex=${isStop ? 0 : -1}
        aria-current=${id === this.selected ? "true" : nothing}
        title=${growth ? t("receptive.growth.spoken", { layer: id, ...growth }) : id}
        @pointerenter=${point}
        @focus=${point}
        @blur=${() => emit(this, "layer-leave")}
        @click=${() => emit(this, "layer-select", { id })}
      >
        <span class="name"><bdi>${id}</bdi></span>
        ${growth ? filled(growth) : html`<math><mn class="size">${sizeWords(size)}</mn></math>`}
      </button>
    </li>`;
  }

  /** @param {KeyboardEvent} event */
  async #keydown(event) {
    const at = /** @type {HTMLElement} */ (event.target).dataset.step;
    if (at === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const ids = this.steps.map(({ id }) => id);
    const next = moved(ids, at, event.key);
    if (next === null) return;
    event.preventDefault();
    event.stopPropagation();
    this.focused = next;
    await this.updateComplete;
    const buttons = this.renderRoot.querySelectorAll("button");
    /** @type {HTMLElement | undefined} */ (buttons[ids.indexOf(next)])?.focus();
  }
}

/** @param {Growth} growth */
function filled({ sizeBefore, kernel, dilation, strideBefore, size }) {
  return html`<math><mrow>
    <mn>${number(sizeBefore)}</mn><mo>+</mo>
    <mrow><mo>(</mo><mn>${kernel}</mn><mo>−</mo><mn>1</mn><mo>)</mo></mrow>
    <mo>·</mo><mn>${dilation}</mn><mo>·</mo><mn>${number(strideBefore)}</mn>
    <mo>=</mo><mn class="size">${number(size)}</mn>
  </mrow></math>`;
}

/** @param {number | null} size */
function sizeWords(size) {
  return size === null ? "?" : number(size);
}
