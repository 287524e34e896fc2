import { css, html, LitElement } from "lit";
import { t } from "../../i18n/index.js";
import { emit } from "./emit.js";
import { checkIcon, copyIcon } from "./icon.js";
import { Localized } from "./localized.js";
import { controls } from "./shared-styles.js";

/** How long the copy button confirms. */
const CONFIRM_MS = 2500;

/**
 * Code to read and copy; long lines scroll inside.
 * @fires code-copy - `{ ok }`: whether copying worked; if not, the code is selected
 */
export class CodeSnippetElement extends Localized(LitElement) {
  static properties = {
    code: {},
    label: {},
  };

  static styles = [
    controls,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        align-items: start;
        min-inline-size: 0;
      }
      pre {
        flex: 1 1 240px;
        min-inline-size: 0;
        margin: 0;
        min-block-size: var(--cnn-target);
        max-block-size: 20em;
        padding: 6px 10px;
        overflow: auto;
        border: 1px solid var(--cnn-line);
        border-radius: var(--cnn-radius-small);
        background: var(--cnn-paper);
        font: 13px / 1.5 var(--cnn-mono);
        tab-size: 4;
        direction: ltr;
        text-align: start;
      }
      button {
        display: inline-flex;
        gap: 6px;
        align-items: center;
      }
      p {
        flex-basis: 100%;
        margin: 0;
      }
      @media print {
        pre {
          max-block-size: none;
          white-space: pre-wrap;
        }
        button {
          display: none;
        }
      }
    `,
  ];

  /** @type {"" | "done" | "refused"} */
  #copied = "";
  #timer = 0;

  constructor() {
    super();
    this.code = "";
    /** Name of the code for screen readers. */
    this.label = "";
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  render() {
    const done = this.#copied === "done";
    return html`
      <pre tabindex="0" role="region" aria-label=${this.label}><code>${this.code}</code></pre>
      <button @click=${this.#copy}>
        ${done ? checkIcon : copyIcon}${done ? t("widget.code.copied") : t("widget.code.copy")}
      </button>
      <p class=${this.#copied === "refused" ? "caption" : "visually-hidden"} role="status">
        ${this.#copied ? t(`widget.code.${this.#copied}`) : ""}
      </p>
    `;
  }

  async #copy() {
    const ok = await written(this.code);
    if (!ok) this.#select();
    this.#copied = ok ? "done" : "refused";
    this.requestUpdate();
    clearTimeout(this.#timer);
    if (ok) this.#timer = window.setTimeout(() => this.#forget(), CONFIRM_MS);
    emit(this, "code-copy", { ok });
  }

  #forget() {
    this.#copied = "";
    this.requestUpdate();
  }

  /** Selects the code, so that Ctrl C copies it. */
  #select() {
    const pre = /** @type {HTMLElement} */ (this.renderRoot.querySelector("pre"));
    pre.focus();
    getSelection()?.selectAllChildren(pre);
  }
}

/**
 * @param {string} text
 * @returns {Promise<boolean>} whether copying worked; the clipboard may be missing or forbidden
 */
async function written(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
