import { css, html, LitElement, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { t } from "../../i18n/index.js";
import "../../i18n/layers.js";
import { emit } from "../base/emit.js";
import { Localized } from "../base/localized.js";
import { controls } from "../base/shared-styles.js";
import { moved, sorted } from "./table-order.js";

/**
 * @typedef {import("./table-order.js").Row} Row
 * @typedef {{ key: string, label: string, title?: string }} Column
 * @typedef {{ format: string, label: string, title: string, done: boolean }} Copy
 */

/**
 * The layers of a network with their figures, sortable by every column.
 *
 * The first column names the layer. The rows are one tab stop; arrow keys move between them.
 * @fires layer-select - `{ id }`
 * @fires table-copy - `{ format }`
 */
export class LayerTableElement extends Localized(LitElement) {
  static properties = {
    columns: { attribute: false },
    rows: { attribute: false },
    copies: { attribute: false },
    selected: {},
    label: {},
    order: { state: true },
    focused: { state: true },
  };

  static styles = [
    controls,
    css`
      :host {
        display: grid;
        gap: 8px;
        min-inline-size: 0;
      }
      .frame {
        max-block-size: 420px;
        overflow: auto;
        border: 1px solid var(--cnn-line);
        border-radius: var(--cnn-radius-small);
      }
      table {
        inline-size: 100%;
        border-collapse: separate;
        border-spacing: 0;
        font-size: 13px;
        white-space: nowrap;
      }
      thead th {
        position: sticky;
        inset-block-start: 0;
        z-index: 1;
        padding: 0;
        border-block-end: 1px solid var(--cnn-line);
        background: var(--cnn-panel);
        font-weight: 600;
        vertical-align: bottom;
      }
      thead button {
        inline-size: 100%;
        border: 0;
        border-radius: 0;
        background: none;
        font-size: 12px;
        font-weight: 600;
        line-height: 1.25;
        text-align: end;
        white-space: normal;
      }
      thead th.words button,
      thead th:first-child button,
      tbody th {
        text-align: start;
      }
      thead button:hover {
        background: var(--cnn-tint);
      }
      thead button:focus-visible {
        outline-offset: -2px;
      }
      .arrow {
        display: inline-block;
        inline-size: 1em;
        color: var(--cnn-soft);
      }
      td {
        padding: 2px 10px;
        text-align: end;
      }
      td.words {
        text-align: start;
        color: var(--cnn-soft);
      }
      tbody th {
        padding: 0;
        font-weight: 400;
      }
      tbody button {
        inline-size: 100%;
        min-block-size: 26px;
        padding: 2px 10px;
        border: 0;
        border-radius: 0;
        background: none;
        text-align: start;
      }
      tbody tr:hover {
        background: color-mix(in srgb, var(--cnn-ink) 4%, transparent);
      }
      tbody tr.selected {
        background: var(--cnn-tint);
      }
      tbody tr.selected td {
        color: var(--cnn-ink);
      }
      tbody tr.selected button {
        font-weight: 600;
      }
      tbody button:focus-visible {
        outline-offset: -2px;
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      @media (pointer: coarse) {
        tbody button {
          min-block-size: 40px;
        }
      }
      @media (forced-colors: active) {
        tbody tr.selected > * {
          border-block: 1px solid Highlight;
        }
      }
      @media print {
        .frame {
          max-block-size: none;
        }
        table {
          font-size: 9px;
        }
        .bar {
          display: none;
        }
      }
    `,
  ];

  constructor() {
    super();
    /** @type {readonly Column[]} */
    this.columns = [];
    /** @type {readonly Row[]} */
    this.rows = [];
    /** @type {readonly Copy[]} What can be copied. */
    this.copies = [];
    this.selected = "";
    this.label = "";
    /** @type {import("./table-order.js").Order | null} Null keeps the order of the network. */
    this.order = null;
    /** The row that is the tab stop; the selected one if it is "". */
    this.focused = "";
  }

  /** @override */
  render() {
    const rows = sorted(this.rows, this.order);
    const stops = [this.focused, this.selected, rows[0]?.id];
    const stop = stops.find((id) => rows.some((row) => row.id === id));
    return html`
      <div class="frame" role="group" aria-label=${this.label} @keydown=${this.#keydown}>
        <table>
          <caption class="visually-hidden">${this.label}</caption>
          <thead>
            <tr>${this.columns.map((column, index) => this.#head(column, index))}</tr>
          </thead>
          <tbody>
            ${repeat(
              rows,
              ({ id }) => id,
              (row) => this.#row(row, row.id === stop),
            )}
          </tbody>
        </table>
      </div>
      <div class="bar">
        ${this.copies.map(
          ({ format, label, title, done }) => html`<button
            title=${title}
            @click=${() => emit(this, "table-copy", { format })}
          >${done ? t("layers.table.copied") : label}</button>`,
        )}
      </div>
    `;
  }

  /**
   * @param {Column} column
   * @param {number} index
   */
  #head({ key, label, title }, index) {
    const direction = this.order?.column === index ? this.order.direction : null;
    const arrow = direction === null ? "" : direction === "ascending" ? "↑" : "↓";
    const isWords = typeof this.rows[0]?.cells[index].value === "string";
    return html`<th
      scope="col"
      class=${isWords ? "words" : ""}
      aria-sort=${direction ?? nothing} data-column=${key}>
      <button title=${title ?? nothing} @click=${() => this.#sort(index)}>
        ${label}<span class="arrow" aria-hidden="true">${arrow}</span>
      </button>
    </th>`;
  }

  /**
   * @param {Row} row
   * @param {boolean} isStop
   */
  #row({ id, cells }, isStop) {
    const isSelected = id === this.selected;
    const [name, ...rest] = cells;
    return html`<tr class=${isSelected ? "selected" : ""} @click=${() => this.#select(id)}>
      <th scope="row">
        <button
          data-row=${id}
          tabindex=${isStop ? 0 : -1}
          aria-current=${isSelected ? "true" : nothing}
        >${name.text}</button>
      </th>
      ${rest.map(
        ({ text, value }) =>
          html`<td class=${typeof value === "string" ? "words" : "figure"}>${text}</td>`,
      )}
    </tr>`;
  }

  /** @param {string} id */
  #select(id) {
    this.focused = id;
    emit(this, "layer-select", { id });
  }

  /** Cycles through ascending, descending and the network's order. @param {number} column */
  #sort(column) {
    const before = this.order?.column === column ? this.order.direction : null;
    if (before === "descending") this.order = null;
    else this.order = { column, direction: before ? "descending" : "ascending" };
  }

  /** @param {KeyboardEvent} event */
  async #keydown(event) {
    const at = /** @type {HTMLElement} */ (event.target).dataset.row;
    if (at === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const ids = sorted(this.rows, this.order).map(({ id }) => id);
    const next = moved(ids, at, event.key);
    if (next === null) return;
    event.preventDefault();
    event.stopPropagation();
    this.focused = next;
    await this.updateComplete;
    const buttons = this.renderRoot.querySelectorAll("tbody button");
    /** @type {HTMLElement | undefined} */ (buttons[ids.indexOf(next)])?.focus();
  }
}
