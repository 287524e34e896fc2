import { html, LitElement, nothing } from "lit";
import { t } from "../../i18n/index.js";
import "../../i18n/kernel.js";
import { anchorPopover, popoverStyles } from "../base/anchored-popover.js";
import { emit } from "../base/emit.js";
import { Localized } from "../base/localized.js";
import { controls } from "../base/shared-styles.js";
import { wheelPixels } from "../base/wheel.js";
import {
  cellTexts,
  factorText,
  fullNumber,
  legibleCharacters,
  numberCells,
  paintCells,
  shapeGrid,
  WidthController,
} from "../numbers/number-cells.js";
import { cellName, KernelCellEditor } from "./kernel-cell-editor.js";
import { clamp, destination, isMinus, MODIFIERS, PAINT_KEYS, stepOf } from "./kernel-grid-keys.js";
import { kernelGridStyles } from "./kernel-grid-styles.js";
import { icons } from "./kernel-icons.js";
import { Stroke } from "./kernel-stroke.js";

/** Wheel travel that counts as one step, in CSS px. */
const WHEEL_STEP = 60;

/** Lines of the help, each the last part of a catalogue key. */
const HELP = ["paint", "minus", "type", "move", "step", "fine", "brush", "clear", "paste"];

/**
 * A kernel to paint, type into and navigate by keys.
 *
 * The lab owns the kernel: the grid requests changes through events and shows what comes back.
 *
 * @fires kernel-paint - `{ cells: [{ row, col, value }], stroke }`; equal `stroke`s are one undo
 *   step
 * @fires kernel-paint-end - `{ stroke }`
 * @fires kernel-type - `{ row, col, text }`; refused by setting `problem`
 * @fires kernel-step - `{ row, col, steps, fine }`; a step is 1, or 0.1 if `fine`
 * @fires kernel-paste - `{ text }`
 * @fires kernel-cell-focus - `{ row, col }`
 */
export class KernelGridElement extends Localized(LitElement) {
  static properties = {
    kernel: { attribute: false },
    cells: { attribute: false },
    brush: { attribute: false },
    readonly: { type: Boolean, reflect: true },
    problem: { attribute: false },
    bare: { type: Boolean, reflect: true },
    label: {},
  };

  static styles = [controls, numberCells, popoverStyles, kernelGridStyles];

  #width = new WidthController(this);
  /** The cell that has, or last had, the focus. */
  #row = 0;
  #column = 0;
  /** @type {import("./kernel-stroke.js").Point | null} */
  #hovered = null;
  /** @type {Stroke | null} */
  #stroke = null;
  /**
   * True after the minus key stepped a weight down: a digit typed next turns the minus into a sign.
   */
  #minus = false;
  #editor = new KernelCellEditor(this, (row, column) => this.focusCell(row, column));
  #wheel = 0;
  /** True between a change of shape, which may remove the focused cell, and the next update. */
  #isRefocusDue = false;
  #announcement = "";

  constructor() {
    super();
    /** @type {number[][]} Weights by row. */
    this.kernel = [[0]];
    /** @type {import("../numbers/number-cells.js").Cells | null} Colours of the weights, one frame late at most. */
    this.cells = null;
    /** @type {{ value: number, symmetry: import("./kernel-stroke.js").Symmetry }} */
    this.brush = { value: 1, symmetry: "none" };
    /** Read-only. */
    this.readonly = false;
    /** @type {{ row: number, col: number, message: string } | null} Why typed text was refused. */
    this.problem = null;
    /** Without the read-out and the help below the cells, which another grid beside it has. */
    this.bare = false;
    /** Name for screen readers; by default the kernel's size. */
    this.label = "";
  }

  /** @param {Map<string, any>} changed */
  willUpdate(changed) {
    if (changed.has("kernel")) this.#takeKernel(changed.get("kernel"));
    if (changed.has("problem") && this.problem) this.#editor.reopen(this.problem, this.#focused);
  }

  render() {
    const { texts, exponent } = this.#texts();
    return html`
      ${exponent === 0 ? nothing : html`<p class="factor" aria-hidden="true">${factorText(exponent)}</p>`}
      <div class="stage">
        <div
          class="cells"
          role="grid"
          aria-label=${this.label || t("kernel.grid.name", { rows: this.#rows, columns: this.#columns })}
          aria-describedby=${this.readonly || this.bare ? nothing : "summary"}
          aria-readonly=${String(this.readonly)}
          @keydown=${this.#onKeydown}
          @focusin=${this.#onFocusin}
          @focusout=${this.#onFocusout}
          @paste=${this.#onPaste}
          @pointerdown=${this.#onPointerdown}
          @pointermove=${this.#onPointermove}
          @pointerup=${this.#endStroke}
          @pointercancel=${this.#endStroke}
          @lostpointercapture=${this.#endStroke}
          @pointerleave=${this.#onPointerleave}
          @mousedown=${this.#onMousedown}
          @dblclick=${this.#onDoubleClick}
          @contextmenu=${this.#onContextmenu}
          @wheel=${this.#wheelListener}
        >
          ${this.kernel.map(
            (weights, row) =>
              html`<div class="cell-row" role="row">
                ${weights.map((weight, column) =>
                  this.#cell(row, column, weight, texts[row * this.#columns + column]),
                )}
              </div>`,
          )}
        </div>
        ${this.#editor.message()}
      </div>
      ${this.readonly || this.bare ? nothing : this.#foot()}
      <p class="visually-hidden" role="status">${this.#announcement}</p>
    `;
  }

  updated() {
    const grid = this.#grid;
    shapeGrid(grid, this.#rows, this.#columns, this.#texts().texts);
    paintCells(grid.querySelectorAll(".cell"), this.cells);
    if (this.#isRefocusDue) this.focusCell(this.#row, this.#column);
    this.#isRefocusDue = false;
  }

  get #rows() {
    return this.kernel.length;
  }

  get #columns() {
    return this.kernel[0].length;
  }

  get #grid() {
    return /** @type {HTMLElement} */ (this.renderRoot.querySelector(".cells"));
  }

  /** Asks the document, because an input removed while focused fires no event. */
  get #focused() {
    return Boolean(this.shadowRoot?.activeElement?.closest(".cells"));
  }

  #texts() {
    const cellWidth = this.#width.width / Math.max(this.#rows, this.#columns);
    return cellTexts(this.kernel.flat(), legibleCharacters(cellWidth));
  }

  /**
   * @param {number} row
   * @param {number} column
   * @param {number} weight
   * @param {string} text
   */
  #cell(row, column, weight, text) {
    const edited = this.#editor.isAt(row, column);
    const spoken = cellName("kernel.grid.cell", row, column, fullNumber(weight));
    return html`<div
      class="cell"
      role="gridcell"
      tabindex=${row === this.#row && column === this.#column ? 0 : -1}
      title=${edited ? nothing : spoken}
      data-row=${row}
      data-column=${column}
    >${
      edited
        ? this.#editor.input()
        : html`<span class="figure" aria-hidden="true">${text}</span
            ><span class="visually-hidden">${spoken}</span>`
    }</div>`;
  }

  #foot() {
    const [row, column] = this.#hovered ?? [this.#row, this.#column];
    const shown = this.#hovered !== null || this.#focused;
    return html`
      <div class="foot">
        <span class="readout" aria-hidden="true">
          <span class=${shown ? "hidden" : ""}>${t("kernel.grid.hint")}</span>
          ${
            shown
              ? html`<span>
                  <b>${fullNumber(this.kernel[row][column])}</b>
                  ${cellName("kernel.grid.place", row, column)}
                </span>`
              : nothing
          }
        </span>
        <button
          class="ghost icon"
          popovertarget="help"
          aria-label=${t("kernel.help.name")}
          title=${t("kernel.help.name")}
        >${icons.help}</button>
      </div>
      <div
        class="help"
        id="help"
        popover
        role="region"
        aria-label=${t("kernel.help.name")}
        tabindex="0"
        @toggle=${anchorPopover}
      >
        <dl>
          ${HELP.map(
            (line) => html`<dt>${t(`kernel.help.${line}.keys`)}</dt>
              <dd>${t(`kernel.help.${line}.effect`)}</dd>`,
          )}
        </dl>
      </div>
      <p class="visually-hidden" id="summary">${t("kernel.grid.summary")}</p>
    `;
  }

  /**
   * Keeps focus and hover inside the kernel, and announces a weight that changed in place.
   * @param {number[][] | undefined} before
   */
  #takeKernel(before) {
    const weight = before?.[this.#row]?.[this.#column];
    if (before?.length !== this.#rows || before[0].length !== this.#columns) {
      this.#isRefocusDue = this.#focused;
      this.#endStroke();
      this.#editor.close();
      this.#hovered = null;
      this.#row = Math.min(this.#row, this.#rows - 1);
      this.#column = Math.min(this.#column, this.#columns - 1);
    }
    const now = this.kernel[this.#row][this.#column];
    if (this.#focused && !this.#editor.isOpen && weight !== now)
      this.#announcement = fullNumber(now);
  }

  /**
   * Moves the focus to a cell.
   * @param {number} row
   * @param {number} column
   */
  focusCell(row, column) {
    const cell = this.#grid.querySelectorAll(".cell")[row * this.#columns + column];
    /** @type {HTMLElement} */ (cell).focus();
  }

  /** @param {FocusEvent} event */
  #onFocusin(event) {
    const target = /** @type {Element} */ (event.target);
    const cell = /** @type {HTMLElement} */ (target.closest(".cell"));
    const row = Number(cell.dataset.row);
    const column = Number(cell.dataset.column);
    const from = event.relatedTarget;
    const entered = !(from instanceof Node && this.#grid.contains(from));
    if (!entered && row === this.#row && column === this.#column) return;
    this.#row = row;
    this.#column = column;
    this.#minus = false;
    this.#announcement = "";
    this.requestUpdate();
    emit(this, "kernel-cell-focus", { row, col: column });
  }

  #onFocusout() {
    this.requestUpdate();
  }

  /** @param {ClipboardEvent} event */
  #onPaste(event) {
    const text = event.clipboardData?.getData("text/plain");
    if (this.readonly || isEditor(event.target) || !text) return;
    event.preventDefault();
    emit(this, "kernel-paste", { text });
  }

  /** @param {KeyboardEvent} event */
  #onKeydown(event) {
    if (isEditor(event.target) || MODIFIERS.includes(event.key)) return;
    const afterMinus = this.#minus;
    this.#minus = false;
    const place = destination(event, this.#row, this.#column, this.#rows, this.#columns);
    if (place) this.focusCell(...place);
    else if (this.readonly || !this.#changeByKey(event, afterMinus)) return;
    event.preventDefault();
  }

  /**
   * @param {KeyboardEvent} event
   * @param {boolean} afterMinus
   * @returns {boolean} whether the key means a change
   */
  #changeByKey(event, afterMinus) {
    if (event.ctrlKey || event.metaKey) return false;
    const { steps, fine } = stepOf(event);
    if (steps !== 0) {
      this.#minus = isMinus(event.key) && !fine;
      this.#step(this.#row, this.#column, steps, fine);
    } else if (event.altKey) return false;
    else if (PAINT_KEYS.includes(event.key)) this.#paintByKey(event.shiftKey);
    else if (event.key === "Delete" || event.key === "Backspace") this.#clearByKey();
    else if (event.key === "Enter" || event.key === "F2") this.#type(null);
    else if (/^[\d.,]$/.test(event.key)) this.#type(afterMinus ? `-${event.key}` : event.key);
    else return false;
    return true;
  }

  /** @param {string | null} text */
  #type(text) {
    this.#editor.open(this.#row, this.#column, text);
  }

  /**
   * @param {number} row
   * @param {number} column
   * @param {number} steps
   * @param {boolean} fine
   */
  #step(row, column, steps, fine) {
    emit(this, "kernel-step", { row, col: column, steps, fine });
  }

  /** @param {boolean} minus */
  #paintByKey(minus) {
    const stroke = new Stroke(this.#rows, this.#columns, this.brush.symmetry);
    this.#paint(stroke, stroke.to([this.#row + 0.5, this.#column + 0.5]), this.#brushValue(minus));
    emit(this, "kernel-paint-end", { stroke: stroke.id });
  }

  #clearByKey() {
    const stroke = new Stroke(this.#rows, this.#columns, "none");
    this.#paint(stroke, stroke.to([this.#row + 0.5, this.#column + 0.5]), 0);
    emit(this, "kernel-paint-end", { stroke: stroke.id });
  }

  /** @param {boolean} minus */
  #brushValue(minus) {
    return minus ? 0 - this.brush.value : this.brush.value;
  }

  /**
   * @param {Stroke} stroke
   * @param {import("./kernel-stroke.js").Point[]} cells
   * @param {number} value
   */
  #paint(stroke, cells, value) {
    if (cells.length === 0) return;
    emit(this, "kernel-paint", {
      cells: cells.map(([row, column]) => ({ row, col: column, value })),
      stroke: stroke.id,
    });
  }

  /** @param {PointerEvent} event */
  #onPointerdown(event) {
    const pressed = event.button === 0 || event.button === 2;
    if (this.readonly || !event.isPrimary || !pressed || isEditor(event.target)) return;
    const [row, column] = this.#cellAt(event);
    this.focusCell(row, column);
    this.#grid.setPointerCapture(event.pointerId);
    this.#stroke = new Stroke(this.#rows, this.#columns, this.brush.symmetry);
    this.#paintTo(event);
  }

  /** @param {PointerEvent} event */
  #onPointermove(event) {
    if (this.#stroke && event.isPrimary) {
      const moves = event.getCoalescedEvents();
      for (const move of moves.length > 0 ? moves : [event]) this.#paintTo(move);
    }
    if (event.pointerType === "touch") return;
    const cell = this.#cellAt(event);
    if (String(cell) === String(this.#hovered)) return;
    this.#hovered = cell;
    this.requestUpdate();
  }

  /** @param {PointerEvent} event */
  #paintTo(event) {
    const stroke = /** @type {Stroke} */ (this.#stroke);
    const minus = event.shiftKey || event.altKey || (event.buttons & 2) !== 0;
    this.#paint(stroke, stroke.to(this.#pointAt(event)), this.#brushValue(minus));
  }

  #endStroke() {
    const stroke = this.#stroke;
    this.#stroke = null;
    if (stroke) emit(this, "kernel-paint-end", { stroke: stroke.id });
  }

  #onPointerleave() {
    this.#hovered = null;
    this.requestUpdate();
  }

  /**
   * Keeps the focus on the pressed cell; capturing the pointer would move it away.
   * @param {MouseEvent} event
   */
  #onMousedown(event) {
    if (!this.readonly && !isEditor(event.target)) event.preventDefault();
  }

  /** @param {MouseEvent} event */
  #onDoubleClick(event) {
    if (this.readonly || isEditor(event.target)) return;
    const [row, column] = this.#cellAt(event);
    this.focusCell(row, column);
    this.#type(null);
  }

  /**
   * The right button paints the opposite sign; a long press paints too.
   * @param {MouseEvent} event
   */
  #onContextmenu(event) {
    if (this.readonly || isEditor(event.target)) return;
    if (event.button === 2 || this.#stroke) event.preventDefault();
  }

  /** Without the focus, the wheel scrolls the page. @param {WheelEvent} event */
  #onWheel(event) {
    if (this.readonly || !this.#focused || this.#editor.isOpen || event.ctrlKey) return;
    event.preventDefault();
    this.#wheel -= wheelPixels(event);
    const steps = Math.trunc(this.#wheel / WHEEL_STEP);
    if (steps === 0) return;
    this.#wheel = 0;
    const [row, column] = this.#cellAt(event);
    this.#step(row, column, Math.sign(steps), event.altKey);
  }

  #wheelListener = {
    passive: false,
    /** @param {WheelEvent} event */
    handleEvent: (event) => this.#onWheel(event),
  };

  /**
   * @param {MouseEvent} event
   * @returns {import("./kernel-stroke.js").Point} in cells, whole and fraction
   */
  #pointAt(event) {
    const { left, top, width, height } = this.#grid.getBoundingClientRect();
    return [
      ((event.clientY - top) / height) * this.#rows,
      ((event.clientX - left) / width) * this.#columns,
    ];
  }

  /**
   * @param {MouseEvent} event
   * @returns {import("./kernel-stroke.js").Point} the cell at the pointer, or the nearest one
   */
  #cellAt(event) {
    const [row, column] = this.#pointAt(event);
    return [clamp(Math.floor(row), this.#rows), clamp(Math.floor(column), this.#columns)];
  }
}

/** @param {EventTarget | null} target */
function isEditor(target) {
  return target instanceof HTMLInputElement;
}
