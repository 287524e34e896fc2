import { html, nothing } from "lit";
import { t } from "../../i18n/index.js";
import "../../i18n/kernel.js";
import { emit } from "../base/emit.js";
import { clamp } from "./kernel-grid-keys.js";

/**
 * A cell being edited: the weight before, the current text, why it was refused, and what to do with
 * the text once the input has the focus.
 * @typedef {{ row: number, column: number, before: string, text: string, problem: string,
 *   focus: "select" | "end" | null }} Edit
 */

/**
 * Edits one cell of the kernel grid.
 *
 * Enter and Tab send the text by `kernel-type` and move on at once; if the lab refuses it, the
 * editor opens again on the same text with the message beside it.
 */
export class KernelCellEditor {
  /** @type {Edit | null} */
  #edit = null;
  /** The last text sent to the lab, to show again if the lab refuses it. */
  #sent = { row: -1, column: -1, text: "" };

  /**
   * @param {import("lit").LitElement & { kernel: number[][] }} host whose shadow root has the
   *   `.stage`, in it the `.cell` that shows {@link KernelCellEditor.input}
   * @param {(row: number, column: number) => void} focusCell
   */
  constructor(host, focusCell) {
    this.host = host;
    this.focusCell = focusCell;
    host.addController(this);
  }

  get isOpen() {
    return this.#edit !== null;
  }

  /**
   * @param {number} row
   * @param {number} column
   */
  isAt(row, column) {
    return this.#edit?.row === row && this.#edit.column === column;
  }

  /**
   * @param {number} row
   * @param {number} column
   * @param {string | null} text the initial text; if null, the weight, selected
   */
  open(row, column, text) {
    const before = String(this.host.kernel[row][column]);
    const focus = text === null ? "select" : "end";
    this.#edit = { row, column, before, text: text ?? before, problem: "", focus };
    this.host.requestUpdate();
  }

  /**
   * Opens on the refused text. Called during the host's update.
   * @param {{ row: number, col: number, message: string }} problem
   * @param {boolean} focus whether to take the focus
   */
  reopen({ row, col, message }, focus) {
    const weight = this.host.kernel[row]?.[col];
    if (weight === undefined) return;
    const before = String(weight);
    const { row: sentRow, column: sentColumn, text } = this.#sent;
    this.#edit = {
      row,
      column: col,
      before,
      text: sentRow === row && sentColumn === col ? text : before,
      problem: message,
      focus: focus ? "select" : null,
    };
  }

  close() {
    this.#edit = null;
    this.host.requestUpdate();
  }

  input() {
    const { row, column, text, problem } = /** @type {Edit} */ (this.#edit);
    return html`<input
      class="editor"
      .value=${text}
      aria-label=${cellName("kernel.grid.input", row, column)}
      aria-invalid=${problem ? "true" : "false"}
      aria-describedby=${problem ? "problem" : nothing}
      autocomplete="off"
      autocapitalize="off"
      spellcheck="false"
      maxlength="40"
      @input=${this.#onInput}
      @keydown=${this.#onKeydown}
      @blur=${this.#onBlur}
    />`;
  }

  message() {
    const problem = this.#edit?.problem;
    return problem ? html`<p class="problem" id="problem" role="alert">${problem}</p>` : nothing;
  }

  /** Centres the input on its cell within the stage and puts the message under it. */
  hostUpdated() {
    const edit = this.#edit;
    if (!edit) return;
    const root = /** @type {ShadowRoot} */ (this.host.shadowRoot);
    const input = /** @type {HTMLInputElement} */ (root.querySelector(".editor"));
    const stage = /** @type {HTMLElement} */ (root.querySelector(".stage"));
    const frame = stage.getBoundingClientRect();
    const cell = /** @type {HTMLElement} */ (input.parentElement).getBoundingClientRect();
    const left = cell.left + cell.width / 2 - frame.left - input.offsetWidth / 2;
    const top = cell.top + cell.height / 2 - frame.top - input.offsetHeight / 2;
    input.style.left = `${Math.max(0, Math.min(left, frame.width - input.offsetWidth))}px`;
    input.style.top = `${Math.max(0, Math.min(top, frame.height - input.offsetHeight))}px`;
    const message = /** @type {HTMLElement | null} */ (root.querySelector(".problem"));
    if (message) message.style.top = `${input.offsetTop + input.offsetHeight + 4}px`;
    if (!edit.focus) return;
    const { focus } = edit;
    edit.focus = null;
    input.focus();
    if (focus === "select") input.select();
    else input.setSelectionRange(edit.text.length, edit.text.length);
  }

  #commit() {
    const edit = /** @type {Edit} */ (this.#edit);
    this.close();
    if (edit.text.trim() === edit.before) return;
    this.#sent = edit;
    emit(this.host, "kernel-type", { row: edit.row, col: edit.column, text: edit.text });
  }

  /** @param {{ currentTarget: HTMLInputElement }} event */
  #onInput = ({ currentTarget }) => {
    if (!this.#edit) return;
    this.#edit.text = currentTarget.value;
    this.#edit.problem = "";
    this.host.requestUpdate();
  };

  /** @param {KeyboardEvent} event */
  #onKeydown = (event) => {
    if (event.isComposing || !this.#edit) return;
    const { row, column } = this.#edit;
    const rows = this.host.kernel.length;
    const columns = this.host.kernel[0].length;
    const step = event.shiftKey ? -1 : 1;
    if (event.key === "Escape") {
      event.stopPropagation();
      this.close();
      this.focusCell(row, column);
    } else if (event.key === "Enter") {
      this.#commit();
      this.focusCell(clamp(row + step, rows), column);
    } else if (event.key === "Tab") {
      const next = row * columns + column + step;
      this.#commit();
      if (next < 0 || next >= rows * columns) return;
      this.focusCell(Math.floor(next / columns), next % columns);
    } else return;
    event.preventDefault();
  };

  /** Leaving the cell keeps what was typed, unless it is empty or was refused. */
  #onBlur = () => {
    if (!this.#edit) return;
    if (this.#edit.problem || this.#edit.text.trim() === "") this.close();
    else this.#commit();
  };
}

/**
 * A message about a cell.
 * @param {string} key
 * @param {number} row from 0; announced from 1
 * @param {number} column from 0; announced from 1
 * @param {string} [value]
 */
export function cellName(key, row, column, value) {
  return t(key, { row: row + 1, column: column + 1, value });
}
