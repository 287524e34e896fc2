import { css, html, LitElement, nothing } from "lit";
import { t } from "../../i18n/index.js";
import { paint } from "../../pictures/canvas.js";
import { BLANK_DRAWING } from "../../pictures/drawing.js";
import { inspectFile } from "../../pictures/load.js";
import { fetchOwnImage, imageFromTransfer, mayHoldImage } from "../../pictures/transfer.js";
import { anchorPopover, popoverStyles } from "../base/anchored-popover.js";
import { emit } from "../base/emit.js";
import { Localized } from "../base/localized.js";
import { controls } from "../base/shared-styles.js";
import { icons } from "./picture-icons.js";

export { imageFromTransfer };

/**
 * @typedef {object} PhotoChoice
 * @property {string} name
 * @property {string} label
 * @property {string} thumbnail address of a square image
 * @property {string} credit one line: title, author, licence
 *
 * @typedef {object} PatternChoice
 * @property {string} name
 * @property {string} label
 * @property {number} [seed] of a random pattern
 * @property {import("../../pictures/canvas.js").Picture | null} [thumbnail]
 *
 * @typedef {{ kind: string, name?: string, seed?: number, bits?: string }} Picked a picture of
 *   the lab state
 * @typedef {import("../../pictures/picture-error.js").PictureError} PictureError
 */

/** The pattern with a place among the photographs. */
const SMALL = "face";

/**
 * Chooses the input: a photograph, a test pattern, a file, a drawing or the camera.
 *
 * Slotted content follows the last button. A picture may be dropped anywhere on the element. Files
 * are checked by their bytes before they are passed on; the lab decodes them. As a `strip` it is one
 * row: what is not a thumbnail, and the slotted content, is in a popover at its end.
 *
 * @fires picture-pick - `{ picture }`, a value of the lab state: `{ kind: "photo", name }`,
 *   `{ kind: "pattern", name, seed }`, `{ kind: "drawing", bits }` or `{ kind: "camera" }`
 * @fires picture-file - `{ file }`, a Blob that starts like an image
 * @fires picture-refused - `{ code, details }`
 */
export class PicturePickerElement extends Localized(LitElement) {
  static properties = {
    picture: { attribute: false },
    photos: { attribute: false },
    patterns: { attribute: false },
    strip: { type: Boolean, reflect: true },
    dropping: { state: true },
  };

  static styles = [
    controls,
    popoverStyles,
    css`
      :host {
        display: block;
        position: relative;
      }
      .choices {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      .choice {
        display: grid;
        place-items: center;
        inline-size: 40px;
        block-size: 40px;
        padding: 0;
        border-radius: var(--cnn-radius-small);
      }
      .choice.on,
      .other.on,
      .others button.on,
      .pattern.on {
        border-color: var(--cnn-accent);
        box-shadow: 0 0 0 1px var(--cnn-accent);
      }
      .photo {
        overflow: hidden;
      }
      .photo img {
        display: block;
        inline-size: 100%;
        block-size: 100%;
        object-fit: cover;
      }
      .caption {
        margin: 6px 0 0;
        overflow-wrap: anywhere;
      }
      .line {
        display: flex;
        gap: 6px;
        align-items: center;
      }
      .line .choices {
        flex: 1 1 0;
        flex-wrap: nowrap;
        gap: 6px;
        min-inline-size: 0;
        padding: 2px;
        overflow-x: auto;
        scrollbar-width: none;
        mask-image: linear-gradient(to right, #000 calc(100% - 14px), transparent);
      }
      .line .choice {
        flex: none;
        inline-size: var(--cnn-target);
        block-size: var(--cnn-target);
        min-inline-size: 0;
      }
      .line canvas {
        inline-size: 100%;
        block-size: 100%;
        border-radius: 5px;
        image-rendering: pixelated;
      }
      .line > .other {
        flex: none;
        font-size: 13px;
      }
      .others:popover-open {
        display: grid;
        gap: 8px;
        inline-size: 320px;
        padding: 12px;
      }
      .others button:has(svg) {
        display: flex;
        gap: 6px;
        align-items: center;
      }
      .others .row {
        gap: 6px;
      }
      .others .caption {
        margin: 0;
      }
      .grid {
        display: grid;
        grid-template-columns: repeat(3, minmax(76px, 1fr));
        gap: 4px;
      }
      .patterns:popover-open {
        display: grid;
        grid-template-columns: repeat(3, minmax(76px, 1fr));
        gap: 4px;
      }
      .pattern {
        display: grid;
        justify-items: center;
        gap: 4px;
        padding: 6px 4px;
        border-color: transparent;
        background: none;
        font-size: 12px;
        line-height: 1.25;
      }
      .pattern canvas {
        inline-size: 40px;
        block-size: 40px;
        border: 1px solid var(--cnn-line);
        border-radius: 4px;
        image-rendering: pixelated;
      }
      .drop {
        position: absolute;
        inset: -6px;
        z-index: 1;
        display: grid;
        place-items: center;
        border: 2px dashed var(--cnn-focus);
        border-radius: var(--cnn-radius);
        background: var(--cnn-panel);
        color: var(--cnn-ink);
        font-weight: 600;
        pointer-events: none;
      }
      @media (forced-colors: active) {
        .choice.on,
        .pattern.on {
          outline: 3px solid Highlight;
          outline-offset: -3px;
        }
      }
    `,
  ];

  /** The last drawing, so that it is still there after another picture was chosen. */
  #drawing = BLANK_DRAWING;

  constructor() {
    super();
    /** @type {Picked | null} The lab state's picture. */
    this.picture = null;
    /** @type {readonly PhotoChoice[]} */
    this.photos = [];
    /** @type {readonly PatternChoice[]} */
    this.patterns = [];
    /** One row, with a popover for the rest. */
    this.strip = false;
    this.dropping = false;
    this.addEventListener("dragenter", this.#onDragover);
    this.addEventListener("dragover", this.#onDragover);
    this.addEventListener("dragleave", this.#onDragleave);
    this.addEventListener("drop", this.#onDrop);
  }

  willUpdate() {
    if (this.picture?.kind === "drawing") this.#drawing = this.picture.bits ?? BLANK_DRAWING;
  }

  render() {
    return this.strip ? this.#strip() : this.#whole();
  }

  #strip() {
    const isOther = !["photo", "pattern"].includes(this.picture?.kind ?? "");
    const small = this.patterns.find(({ name }) => name === SMALL);
    const name = t("pictures.other");
    return html`
      <div class="line">
        <div class="choices" role="group" aria-label=${t("pictures.group")}>
          ${small ? this.#small(small) : nothing} ${this.photos.map((photo) => this.#photo(photo))}
        </div>
        <button
          class="other ${isOther ? "on" : ""}"
          popovertarget="others"
        >${name}</button>
      </div>
      <div id="others" class="others" popover role="group" aria-label=${name} @toggle=${anchorPopover}>
        <div class="grid" role="group" aria-label=${t("pictures.patterns")}>
          ${this.patterns.filter((pattern) => pattern !== small).map((pattern) => this.#pattern(pattern))}
        </div>
        <div class="row">
          ${this.#worded("upload", () => this.#onUpload())}
          ${this.#worded("drawing", () => this.#pick({ kind: "drawing", bits: this.#drawing }))}
          ${this.#worded("camera", () => this.#pick({ kind: "camera" }))}
        </div>
        <slot></slot>
        <p class="caption">${this.#caption()}</p>
      </div>
      <input type="file" accept="image/*" hidden @change=${this.#onChosen} />
      ${this.dropping ? html`<div class="drop">${t("pictures.drop")}</div>` : nothing}
    `;
  }

  #whole() {
    return html`
      <div class="choices" role="group" aria-label=${t("pictures.group")}>
        ${this.photos.map((photo) => this.#photo(photo))}
        ${this.patterns.length > 0 ? this.#patternMenu() : nothing}
        ${this.#uploadButton()}
        ${this.#toggle("drawing", { kind: "drawing", bits: this.#drawing })}
        ${this.#toggle("camera", { kind: "camera" })}
        <slot></slot>
      </div>
      <input type="file" accept="image/*" hidden @change=${this.#onChosen} />
      <p class="caption">${this.#caption()}</p>
      ${this.dropping ? html`<div class="drop">${t("pictures.drop")}</div>` : nothing}
    `;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (!changed.has("patterns")) return;
    for (const canvas of this.renderRoot.querySelectorAll("canvas")) {
      const pattern = this.patterns.find(({ name }) => name === canvas.dataset.name);
      if (pattern?.thumbnail) paint(canvas, pattern.thumbnail);
    }
  }

  /**
   * Fetched the same way as the lab fetches its photographs, so that each is fetched once.
   * @param {PhotoChoice} photo
   */
  #photo({ name, label, thumbnail }) {
    const on = this.#isShown("photo", name);
    return html`<button
      class="choice photo ${on ? "on" : ""}"
      aria-pressed=${on}
      aria-label=${label}
      title=${label}
      @click=${() => this.#pick({ kind: "photo", name })}
    ><img
      src=${thumbnail}
      crossorigin="anonymous"
      alt=""
      width="40"
      height="40"
      draggable="false"
    /></button>`;
  }

  /** The picture whose numbers fit into its cells. @param {PatternChoice} pattern */
  #small({ name, label }) {
    const on = this.#isShown("pattern", name);
    return html`<button
      class="choice ${on ? "on" : ""}"
      aria-pressed=${on}
      aria-label=${label}
      title=${label}
      @click=${() => this.#pick({ kind: "pattern", name })}
    ><canvas data-name=${name} aria-hidden="true"></canvas></button>`;
  }

  /**
   * A button with its icon and its name.
   * @param {"upload" | "drawing" | "camera"} kind
   * @param {() => void} act
   */
  #worded(kind, act) {
    const on = this.#isShown(kind);
    return html`<button class=${on ? "on" : ""} aria-pressed=${on} @click=${act}>
      ${icons[kind]}${t(`pictures.${kind}`)}
    </button>`;
  }

  #patternMenu() {
    const name = t("pictures.patterns");
    return html`
      <button
        class="choice ${this.picture?.kind === "pattern" ? "on" : ""}"
        popovertarget="patterns"
        aria-label=${name}
        title=${name}
      >${icons.patterns}</button>
      <div id="patterns" class="patterns" popover role="group" aria-label=${name} @toggle=${anchorPopover}>
        ${this.patterns.map((pattern) => this.#pattern(pattern))}
      </div>
    `;
  }

  /** @param {PatternChoice} pattern */
  #pattern({ name, label, seed = 0, thumbnail }) {
    const on = this.#isShown("pattern", name);
    return html`<button
      class="pattern ${on ? "on" : ""}"
      aria-pressed=${on}
      @click=${() => this.#pick({ kind: "pattern", name, seed })}
    >
      ${thumbnail ? html`<canvas data-name=${name} aria-hidden="true"></canvas>` : nothing}${label}
    </button>`;
  }

  /**
   * A button that is pressed while its kind of picture is shown.
   *
   * @param {"drawing" | "camera"} kind
   * @param {Picked} picture
   */
  #toggle(kind, picture) {
    const on = this.#isShown(kind);
    const name = t(`pictures.${kind}`);
    return html`<button
      class="choice ${on ? "on" : ""}"
      aria-pressed=${on}
      aria-label=${name}
      title=${name}
      @click=${() => this.#pick(picture)}
    >${icons[kind]}</button>`;
  }

  #uploadButton() {
    const name = t("pictures.upload");
    return html`<button
      class="choice ${this.#isShown("upload") ? "on" : ""}"
      aria-label=${name}
      title=${name}
      @click=${this.#onUpload}
    >${icons.upload}</button>`;
  }

  /** Names the input and, for a photograph, its author. */
  #caption() {
    const { kind, name = "" } = this.picture ?? {};
    switch (kind) {
      case "photo":
        return this.photos.find((photo) => photo.name === name)?.credit ?? "";
      case "pattern":
        return this.patterns.find((pattern) => pattern.name === name)?.label ?? "";
      case "upload":
        return t("pictures.caption.upload", { name });
      case "camera":
      case "drawing":
        return t(`pictures.caption.${kind}`);
      default:
        return "";
    }
  }

  /**
   * @param {string} kind
   * @param {string} [name] any name if left out
   */
  #isShown(kind, name) {
    const { picture } = this;
    return picture?.kind === kind && (name === undefined || picture.name === name);
  }

  /** @param {Picked} picture */
  #pick(picture) {
    const menu = /** @type {HTMLElement | null} */ (this.renderRoot.querySelector("[popover]"));
    menu?.hidePopover();
    emit(this, "picture-pick", { picture });
  }

  #onUpload() {
    const input = /** @type {HTMLInputElement} */ (this.renderRoot.querySelector("input"));
    input.click();
  }

  /** @param {Event} event */
  #onChosen({ target }) {
    const input = /** @type {HTMLInputElement} */ (target);
    const file = input.files?.[0];
    // So that the same file can be chosen again.
    input.value = "";
    if (file) this.#offer(file);
  }

  /** @param {DragEvent} event */
  #onDragover(event) {
    if (!mayHoldImage(event.dataTransfer)) return;
    event.preventDefault();
    this.dropping = true;
  }

  /** @param {DragEvent} event */
  #onDragleave(event) {
    if (!this.contains(/** @type {Node | null} */ (event.relatedTarget))) this.dropping = false;
  }

  /** @param {DragEvent} event */
  async #onDrop(event) {
    event.preventDefault();
    this.dropping = false;
    const transfer = event.dataTransfer;
    const isLink = transfer?.types.includes("text/uri-list");
    const file = imageFromTransfer(transfer) ?? (await fetchOwnImage(transfer));
    if (file) {
      this.#offer(file);
    } else {
      const code = isLink ? "picture_only_link" : "picture_not_an_image";
      emit(this, "picture-refused", { code, details: { code } });
    }
  }

  /** @param {Blob} file */
  async #offer(file) {
    try {
      await inspectFile(file);
      emit(this, "picture-file", { file });
    } catch (error) {
      const { code, details } = /** @type {PictureError} */ (error);
      emit(this, "picture-refused", { code, details });
    }
  }
}
