import { css, html, LitElement, nothing } from "lit";
import { t } from "../../i18n/index.js";
import "../../i18n/kernel.js";
import { anchorPopover, popoverStyles } from "../base/anchored-popover.js";
import { emit } from "../base/emit.js";
import { clearIcon, copyIcon } from "../base/icon.js";
import { Localized } from "../base/localized.js";
import { controls } from "../base/shared-styles.js";
import { icons } from "./kernel-icons.js";

/** Longest text that the core reads. */
const LONGEST_TEXT = 65536;

const TURNS = /** @type {const} */ (["rotate", "mirror", "flip", "transpose", "negate"]);
const NORMALIZATIONS = ["sum_to_one", "sum_to_zero", "l1_to_one"];
const FORMATS = ["numpy", "pytorch", "latex", "csv"];

const CARET = html`<span class="caret">${icons.more}</span>`;

/**
 * Tools for the whole kernel: rotate, normalise, fill, copy, paste.
 *
 * If the lab refuses a pasted text, it sets `problem`, which opens the dialog on that text again.
 * @fires kernel-edit - `{ edit }`, an edit of the core such as `{ kind: "rotate" }`
 * @fires kernel-copy - `{ format }`
 * @fires kernel-paste - `{ text }`
 */
export class KernelToolsElement extends Localized(LitElement) {
  static properties = {
    problem: { attribute: false },
  };

  static styles = [
    controls,
    popoverStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 8px;
      }
      .row {
        gap: 4px;
      }
      .tool {
        display: inline-flex;
        gap: 2px;
        align-items: center;
        justify-content: center;
        padding: 0 5px;
      }
      .sum {
        font-weight: 600;
        font-size: 14px;
        white-space: nowrap;
      }
      .tool .caret svg {
        display: block;
        inline-size: 14px;
        block-size: 14px;
      }
      .menu {
        padding: 4px;
      }
      .menu button {
        display: block;
        inline-size: 100%;
        border-color: transparent;
        text-align: start;
      }
      .menu button:hover {
        background: var(--cnn-tint);
      }
      .menu small {
        display: block;
        color: var(--cnn-soft);
        font-size: 12px;
      }
      .paste {
        inline-size: 360px;
        padding: 12px;
      }
      .paste label {
        display: block;
        margin-block-end: 4px;
        font-weight: 600;
      }
      .paste p {
        margin: 4px 0 8px;
      }
      .paste .problem {
        color: var(--cnn-problem);
        font-size: 13px;
      }
      textarea {
        display: block;
        inline-size: 100%;
        min-block-size: 120px;
        resize: vertical;
        font: 13px / 1.5 var(--cnn-mono);
        direction: ltr;
      }
      @media (pointer: coarse) {
        textarea {
          font-size: 16px;
        }
      }
    `,
  ];

  /** Whether the dialog still holds the refused text. */
  #refused = false;

  constructor() {
    super();
    /** @type {{ text: string, message: string } | null} A pasted text and why it was refused. */
    this.problem = null;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("problem")) this.#refused = this.problem !== null;
  }

  render() {
    return html`
      <div class="row" role="group" aria-label=${t("kernel.tools.name")}>
        ${TURNS.map((kind) => this.#tool(`kernel.edit.${kind}`, icons[kind], () => this.#edit({ kind })))}
        ${this.#opener("normalise", "kernel.tools.normalise", html`<span class="sum" aria-hidden="true">Σ=1</span>${CARET}`)}
        ${this.#tool("kernel.edit.random", icons.random, () => this.#edit({ kind: "random", seed: freshSeed() }))}
        ${this.#tool("kernel.edit.clear", clearIcon, () => this.#edit({ kind: "clear" }))}
        ${this.#opener("copy", "kernel.tools.copy", html`${copyIcon}${CARET}`)}
        ${this.#opener("paste", "kernel.tools.paste", icons.paste)}
      </div>
      ${this.#menu("normalise", NORMALIZATIONS, (kind) => ({
        name: t(`kernel.edit.${kind}`),
        note: t(`kernel.edit.${kind}.note`),
        pick: () => this.#edit({ kind }),
      }))}
      ${this.#menu("copy", FORMATS, (format) => ({
        name: t(`kernel.format.${format}`),
        pick: () => emit(this, "kernel-copy", { format }),
      }))}
      ${this.#pasteDialog()}
    `;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (!changed.has("problem") || !this.problem) return;
    this.#textarea.value = this.problem.text;
    this.#popover("paste").showPopover();
  }

  /**
   * @param {string} key
   * @param {import("lit").TemplateResult} icon
   * @param {() => void} act
   */
  #tool(key, icon, act) {
    const name = t(key);
    return html`<button class="tool" aria-label=${name} title=${name} @click=${act}>${icon}</button>`;
  }

  /**
   * @param {string} id of the popover
   * @param {string} key
   * @param {import("lit").TemplateResult} face
   */
  #opener(id, key, face) {
    const name = t(key);
    return html`<button class="tool" popovertarget=${id} title=${name}>
      ${face}<span class="visually-hidden">${name}</span>
    </button>`;
  }

  /**
   * @param {string} id
   * @param {string[]} choices
   * @param {(choice: string) => { name: string, note?: string, pick: () => void }} describe
   */
  #menu(id, choices, describe) {
    return html`<div class="menu" id=${id} popover @toggle=${anchorPopover}>
      ${choices.map((choice) => {
        const { name, note, pick } = describe(choice);
        return html`<button popovertarget=${id} popovertargetaction="hide" @click=${pick}>
          ${name}${note ? html`<small>${note}</small>` : nothing}
        </button>`;
      })}
    </div>`;
  }

  #pasteDialog() {
    const message = this.#refused ? this.problem?.message : "";
    return html`<div class="paste" id="paste" popover role="dialog" aria-labelledby="paste-label" @toggle=${this.#onPasteToggle}>
      <label id="paste-label" for="paste-text">${t("kernel.paste.label")}</label>
      <textarea
        id="paste-text"
        spellcheck="false"
        autocomplete="off"
        autocapitalize="off"
        maxlength=${LONGEST_TEXT}
        aria-invalid=${message ? "true" : "false"}
        aria-describedby="paste-note"
        @input=${this.#onPasteInput}
      ></textarea>
      <p id="paste-note" class=${message ? "problem" : "caption"} role="status">${message || t("kernel.paste.note")}</p>
      <button class="primary" @click=${this.#onPaste}>${t("kernel.paste.use")}</button>
    </div>`;
  }

  /** @param {object} edit */
  #edit(edit) {
    emit(this, "kernel-edit", { edit });
  }

  get #textarea() {
    return /** @type {HTMLTextAreaElement} */ (this.renderRoot.querySelector("textarea"));
  }

  /** @param {string} id */
  #popover(id) {
    return /** @type {HTMLElement} */ (this.renderRoot.querySelector(`#${id}`));
  }

  /** @param {ToggleEvent} event */
  #onPasteToggle(event) {
    anchorPopover(event);
    // Not through the attribute, which browsers warn about in a cross-origin frame.
    if (event.newState === "open") this.#textarea.focus();
    else this.#forgive();
  }

  #onPasteInput() {
    this.#forgive();
  }

  #forgive() {
    this.#refused = false;
    this.requestUpdate();
  }

  #onPaste() {
    this.#popover("paste").hidePopover();
    emit(this, "kernel-paste", { text: this.#textarea.value });
  }
}

/** A random seed; the lab's state keeps the kernel made from it, so links reproduce it. */
function freshSeed() {
  return crypto.getRandomValues(new Uint32Array(1))[0];
}
