import { css, html, LitElement, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { t } from "../../../i18n/index.js";
import { emit } from "../../../widgets/base/emit.js";
import { Localized } from "../../../widgets/base/localized.js";
import { controls } from "../../../widgets/base/shared-styles.js";
import { moved } from "../../../widgets/table/table-order.js";
import { icons } from "./layer-editor-icons.js";
import { fieldControl, fieldStyles } from "./layer-fields.js";

/**
 * @typedef {import("./layer-fields.js").Field} Field
 * @typedef {{ id: string, label: string, detail: string, up: boolean, down: boolean,
 *   removable: boolean }} EditableLayer a layer's text, and which edits are allowed
 */

/**
 * An editor for a network: its layers in order, the selected one with its options.
 *
 * @fires layer-select - `{ id }`
 * @fires layer-move - `{ id, by }`, the number of places down, negative for up
 * @fires layer-remove - `{ id }`
 * @fires layer-add - `{ kind }`, after the selected layer
 * @fires layer-edit - `{ id, name, value }`, an option
 */
export class LayerEditorElement extends Localized(LitElement) {
  static properties = {
    layers: { attribute: false },
    selected: {},
    fields: { attribute: false },
    kinds: { attribute: false },
    apart: { state: true },
    kind: { state: true },
    drag: { state: true },
  };

  static styles = [
    controls,
    fieldStyles,
    css`
      :host {
        display: grid;
        grid-template: minmax(0, 1fr) auto / minmax(0, 1fr);
        gap: 10px;
        min-block-size: 0;
      }
      ol {
        margin: 0;
        padding: 0;
        overflow: auto;
        border: 1px solid var(--cnn-line);
        border-radius: var(--cnn-radius-small);
        list-style: none;
      }
      li {
        position: relative;
        display: grid;
        grid-template-columns: auto minmax(0, 1fr) auto;
        align-items: center;
        border-block-end: 1px solid var(--cnn-line);
      }
      li:last-child {
        border-block-end: 0;
      }
      li.selected {
        background: var(--cnn-tint);
      }
      li.target::before {
        position: absolute;
        inset: -1px 0 auto;
        block-size: 3px;
        background: var(--cnn-accent);
        content: "";
      }
      li.target.after::before {
        inset: auto 0 -1px;
      }
      .handle {
        display: grid;
        place-items: center;
        inline-size: 24px;
        block-size: var(--cnn-target);
        color: var(--cnn-soft);
        cursor: grab;
        touch-action: none;
      }
      .handle.fixed {
        visibility: hidden;
      }
      .layer {
        display: flex;
        gap: 8px;
        align-items: baseline;
        justify-content: space-between;
        min-inline-size: 0;
        padding-inline: 4px 10px;
        border: 0;
        background: none;
        text-align: start;
      }
      .layer b {
        font-weight: 600;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .layer span {
        flex: none;
        color: var(--cnn-soft);
        font-size: 12px;
      }
      .selected .layer span {
        color: var(--cnn-ink);
      }
      .layer:focus-visible {
        outline-offset: -2px;
      }
      .tools {
        display: flex;
        padding-inline-end: 4px;
      }
      .tools button {
        display: grid;
        place-items: center;
        padding: 0;
      }
      .fields {
        grid-column: 1 / -1;
        display: flex;
        flex-wrap: wrap;
        gap: 8px 12px;
        align-items: end;
        padding: 6px 10px 10px;
        background: var(--cnn-panel);
      }
      .add {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        align-items: end;
      }
      .add > .field {
        grid-template-columns: minmax(0, 1fr);
        min-inline-size: 0;
      }
      .add select {
        max-inline-size: 100%;
      }
      @media (forced-colors: active) {
        li.selected {
          outline: 2px solid Highlight;
          outline-offset: -2px;
        }
      }
    `,
  ];

  constructor() {
    super();
    /** @type {readonly EditableLayer[]} */
    this.layers = [];
    this.selected = "";
    /** @type {readonly Field[]} Options of the selected layer. */
    this.fields = [];
    /** @type {readonly { value: string, label: string }[]} What can be added. */
    this.kinds = [];
    /** @type {ReadonlySet<string>} Fields whose rows and columns are set apart. */
    this.apart = new Set();
    /** The kind of layer to add next. */
    this.kind = "";
    /** @type {{ id: string, from: number, to: number } | null} */
    this.drag = null;
  }

  /** @override */
  render() {
    const isKnown = this.layers.some(({ id }) => id === this.selected);
    const stop = isKnown ? this.selected : this.layers[0]?.id;
    return html`
      <ol aria-label=${t("receptive.editor.list")} aria-describedby="keys" @keydown=${this.#keydown}>
        ${repeat(
          this.layers,
          ({ id }) => id,
          (layer, index) => this.#row(layer, index, layer.id === stop),
        )}
      </ol>
      <div class="add">
        <label class="field">
          <span class="label">${t("receptive.editor.add.kind")}</span>
          <select
            @change=${(/** @type {Event} */ event) => {
              this.kind = /** @type {HTMLSelectElement} */ (event.target).value;
            }}
          >
            ${this.kinds.map(
              ({ value, label }) =>
                html`<option value=${value} ?selected=${value === this.kind}>${label}</option>`,
            )}
          </select>
        </label>
        <button @click=${() => emit(this, "layer-add", { kind: this.kind || this.kinds[0]?.value })}>
          ${t("receptive.editor.add")}
        </button>
      </div>
      <p id="keys" hidden>${t("receptive.editor.keys")}</p>
    `;
  }

  /**
   * @override
   * @param {Map<PropertyKey, unknown>} changed
   */
  updated(changed) {
    if (!changed.has("selected")) return;
    // The controls of its options get their size in the next frame.
    requestAnimationFrame(() => {
      const list = this.renderRoot.querySelector("ol");
      const row = this.renderRoot.querySelector("li.selected");
      if (!list || !row) return;
      const [shown, whole] = [row.getBoundingClientRect(), list.getBoundingClientRect()];
      if (shown.top < whole.top) list.scrollTop -= whole.top - shown.top;
      if (shown.bottom > whole.bottom) list.scrollTop += shown.bottom - whole.bottom;
    });
  }

  /**
   * @param {EditableLayer} layer
   * @param {number} index
   * @param {boolean} isStop
   */
  #row(layer, index, isStop) {
    const { id, label, detail, up, down } = layer;
    const isSelected = id === this.selected;
    return html`<li class=${this.#look(id, index)} data-layer=${id}>
      <span
        class=${up || down ? "handle" : "handle fixed"}
        title=${t("receptive.editor.drag")}
        aria-hidden="true"
        @pointerdown=${(/** @type {PointerEvent} */ event) => this.#dragStart(event, layer, index)}
        @pointermove=${this.#dragMove}
        @pointerup=${this.#drop}
        @pointercancel=${this.#dragEnd}
      >${icons.handle}</span>
      <button
        class="layer"
        tabindex=${isStop ? 0 : -1}
        aria-current=${isSelected ? "true" : nothing}
        @click=${() => emit(this, "layer-select", { id })}
      ><b>${label}</b><span>${detail}</span></button>
      ${isSelected ? this.#tools(layer) : nothing}
      ${
        isSelected && this.fields.length > 0
          ? html`<div class="fields">
              ${this.fields.map((field) =>
                fieldControl(field, {
                  isApart: this.apart.has(field.name),
                  link: (linked) => this.#link(field.name, linked),
                  change: (value) => emit(this, "layer-edit", { id, name: field.name, value }),
                }),
              )}
            </div>`
          : nothing
      }
    </li>`;
  }

  /** @param {EditableLayer} layer */
  #tools({ id, up, down, removable }) {
    const move = (/** @type {number} */ by) => emit(this, "layer-move", { id, by });
    return html`<div class="tools">
      ${tool("up", icons.up, up, () => move(-1))}
      ${tool("down", icons.down, down, () => move(1))}
      ${tool("remove", icons.remove, removable, () => {
        emit(this, "layer-remove", { id });
        void this.#keepFocus();
      })}
    </div>`;
  }

  /**
   * @param {string} id
   * @param {number} index
   */
  #look(id, index) {
    const isTarget = this.drag !== null && this.drag.to === index && this.drag.from !== index;
    return [
      id === this.selected ? "selected" : "",
      isTarget ? "target" : "",
      isTarget && this.drag && this.drag.to > this.drag.from ? "after" : "",
    ].join(" ");
  }

  /**
   * @param {string} name
   * @param {boolean} isLinked
   */
  #link(name, isLinked) {
    const apart = new Set(this.apart);
    if (isLinked) apart.delete(name);
    else apart.add(name);
    this.apart = apart;
  }

  /** @param {KeyboardEvent} event */
  async #keydown(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (!target.classList.contains("layer") || event.ctrlKey || event.metaKey) return;
    const id = target.closest("li")?.dataset.layer ?? "";
    const layer = this.layers.find((candidate) => candidate.id === id);
    if (!layer) return;
    if (event.altKey) {
      if (event.key === "ArrowUp" && layer.up) emit(this, "layer-move", { id, by: -1 });
      else if (event.key === "ArrowDown" && layer.down) emit(this, "layer-move", { id, by: 1 });
      else return;
    } else if (event.key === "Delete" && layer.removable) emit(this, "layer-remove", { id });
    else {
      const ids = this.layers.map((candidate) => candidate.id);
      const next = moved(ids, id, event.key);
      if (next === null) return;
      emit(this, "layer-select", { id: next });
    }
    event.preventDefault();
    event.stopPropagation();
    await this.#keepFocus();
  }

  /** The list is rendered again a frame after the change; the focus follows the selected layer. */
  async #keepFocus() {
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    await this.updateComplete;
    /** @type {HTMLElement | null} */ (
      this.renderRoot.querySelector(".layer[tabindex='0']")
    )?.focus();
  }

  /**
   * @param {PointerEvent} event
   * @param {EditableLayer} layer
   * @param {number} index
   */
  #dragStart(event, { id }, index) {
    if (event.button !== 0) return;
    event.preventDefault();
    /** @type {Element} */ (event.currentTarget).setPointerCapture(event.pointerId);
    this.drag = { id, from: index, to: index };
  }

  /** @param {PointerEvent} event */
  #dragMove({ clientY }) {
    if (!this.drag) return;
    const rows = [...this.renderRoot.querySelectorAll("li")];
    const { from } = this.drag;
    const to = rows.findIndex((row) => clientY < row.getBoundingClientRect().bottom);
    const last = this.#reach(from, to < 0 ? rows.length - 1 : to);
    if (last !== this.drag.to) this.drag = { ...this.drag, to: last };
  }

  /**
   * How far a layer can move towards a place: only past layers that it may swap with.
   * @param {number} from
   * @param {number} to
   */
  #reach(from, to) {
    const [by, way] =
      to < from ? [-1, /** @type {const} */ ("up")] : [1, /** @type {const} */ ("down")];
    let at = from;
    while (at !== to && this.layers[at][way]) at += by;
    return at;
  }

  #drop() {
    const drag = this.drag;
    this.drag = null;
    if (drag && drag.to !== drag.from) {
      emit(this, "layer-move", { id: drag.id, by: drag.to - drag.from });
    }
  }

  #dragEnd() {
    this.drag = null;
  }
}

/**
 * @param {"up" | "down" | "remove"} name
 * @param {import("lit").TemplateResult} icon
 * @param {boolean} isPossible
 * @param {() => void} act
 */
function tool(name, icon, isPossible, act) {
  return html`<button
    class="ghost"
    aria-label=${t(`receptive.editor.${name}`)}
    title=${t(`receptive.editor.${name}`)}
    aria-disabled=${isPossible ? nothing : "true"}
    @click=${() => isPossible && act()}
  >${icon}</button>`;
}
