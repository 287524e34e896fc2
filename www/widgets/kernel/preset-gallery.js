import { css, html, LitElement, nothing } from "lit";
import { t } from "../../i18n/index.js";
import "../../i18n/kernel.js";
import { paint } from "../../pictures/canvas.js";
import { anchorPopover, popoverStyles } from "../base/anchored-popover.js";
import { emit } from "../base/emit.js";
import { Localized } from "../base/localized.js";
import { controls } from "../base/shared-styles.js";
import { icons } from "./kernel-icons.js";

/** Presets shown without opening the rest. */
const SHOWN = 14;
/** Width of the strip's fading edge in CSS px. */
const FADE = 16;

/**
 * A named kernel with a thumbnail of its effect. `family` groups the presets under "more".
 * @typedef {{ name: string, label: string, family?: string, selected: boolean, definition: string,
 *   source: string, thumbnail: import("../../pictures/canvas.js").Picture | null }} Preset
 */

/**
 * Named kernels to load: the first ones in a strip, and the rest by family in a popover.
 *
 * Each set is one tab stop; arrow keys move, Enter or a click picks.
 * @fires preset-pick - `{ name }`
 */
export class PresetGalleryElement extends Localized(LitElement) {
  static properties = {
    presets: { attribute: false },
  };

  static styles = [
    controls,
    popoverStyles,
    css`
      :host {
        display: flex;
        gap: 4px;
        align-items: start;
        min-inline-size: 0;
        /* Room for the presets before they arrive. */
        min-block-size: 62px;
      }
      .strip {
        display: flex;
        flex: 1;
        gap: 2px;
        min-inline-size: 0;
        overflow-x: auto;
        scrollbar-width: none;
        mask-image: linear-gradient(to right, #000 calc(100% - 16px), transparent);
      }
      .strip > .preset {
        flex: 1 0 7.6em;
        min-block-size: 62px;
        max-inline-size: 8em;
      }
      .rest .presets {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(88px, 1fr));
        gap: 4px;
      }
      .preset {
        display: grid;
        grid-template-rows: auto 1fr;
        gap: 2px;
        justify-items: center;
        padding: 3px 2px 2px;
        min-inline-size: 0;
        border-color: transparent;
        color: var(--cnn-soft);
        font-size: 11px;
        line-height: 1.1;
        hyphens: auto;
      }
      .preset[aria-pressed="true"] {
        border-color: var(--cnn-accent);
        box-shadow: inset 0 0 0 1px var(--cnn-accent);
        color: var(--cnn-ink);
      }
      @media (forced-colors: active) {
        .preset[aria-pressed="true"] {
          background: Highlight;
          color: HighlightText;
          forced-color-adjust: none;
        }
      }
      canvas {
        inline-size: 30px;
        block-size: 30px;
        border-radius: 4px;
        background: var(--cnn-zero);
        object-fit: cover;
      }
      .more {
        display: inline-flex;
        flex: none;
        gap: 2px;
        align-items: center;
        align-self: center;
        max-inline-size: 9em;
        padding-inline: 6px;
        font-size: 12px;
        line-height: 1.2;
      }
      .rest {
        inline-size: 420px;
        padding: 12px;
      }
      h3 {
        margin: 12px 0 4px;
        color: var(--cnn-soft);
        font-size: 12px;
        font-weight: 600;
      }
      h3:first-child {
        margin-block-start: 0;
      }
    `,
  ];

  /** The presets reached by arrow keys, one per set: the tab stops. @type {Set<string>} */
  #walked = new Set();
  /** @type {string | undefined} The preset last scrolled into view. */
  #revealed;
  /** What each canvas shows. @type {WeakMap<HTMLCanvasElement, object>} */
  #drawn = new WeakMap();

  constructor() {
    super();
    /** @type {Preset[]} */
    this.presets = [];
  }

  render() {
    const shown = this.presets.slice(0, SHOWN);
    const rest = this.presets.slice(SHOWN);
    return html`
      <div class="strip" role="toolbar" aria-label=${t("kernel.presets.name")} @keydown=${this.#onKeydown}>
        ${this.#buttons(shown, this.#stop(shown))}
      </div>
      ${rest.length > 0 ? this.#rest(rest) : nothing}
    `;
  }

  /** The strip shows the chosen preset. @param {string | undefined} name */
  #reveal(name) {
    if (name === this.#revealed) return;
    this.#revealed = name;
    const strip = /** @type {HTMLElement} */ (this.renderRoot.querySelector(".strip"));
    const chosen = /** @type {HTMLElement | null} */ (
      strip.querySelector(`[data-name="${CSS.escape(name ?? "")}"]`)
    );
    if (!chosen) return;
    const start = chosen.offsetLeft - strip.offsetLeft;
    const isHidden =
      start < strip.scrollLeft ||
      start + chosen.offsetWidth > strip.scrollLeft + strip.clientWidth - FADE;
    if (isHidden) strip.scrollLeft = start - (strip.clientWidth - chosen.offsetWidth) / 2;
  }

  updated() {
    this.#reveal(this.presets.find(({ selected }) => selected)?.name);
    for (const preset of this.presets) {
      const canvas = /** @type {HTMLCanvasElement | null} */ (
        this.renderRoot.querySelector(`canvas[data-name="${CSS.escape(preset.name)}"]`)
      );
      if (!canvas || !preset.thumbnail || this.#drawn.get(canvas) === preset.thumbnail) continue;
      paint(canvas, preset.thumbnail);
      this.#drawn.set(canvas, preset.thumbnail);
    }
  }

  /** @param {Preset[]} rest */
  #rest(rest) {
    const families = [...new Set(rest.map(({ family }) => family ?? ""))];
    const stop = this.#stop(rest);
    const selected = rest.find((preset) => preset.selected);
    return html`
      <button class="ghost more" popovertarget="rest">
        ${selected ? t("kernel.presets.more_selected", { label: selected.label }) : t("kernel.presets.more", { count: rest.length })}
        ${icons.more}
      </button>
      <div
        class="rest end"
        id="rest"
        popover
        role="toolbar"
        aria-label=${t("kernel.presets.rest")}
        @toggle=${anchorPopover}
        @keydown=${this.#onKeydown}
      >
        ${families.map(
          (family) => html`
            ${family ? html`<h3 id="family-${family}">${t(`kernel.family.${family}`)}</h3>` : nothing}
            <div class="presets" role="group" aria-labelledby=${family ? `family-${family}` : nothing}>
              ${this.#buttons(
                rest.filter((preset) => (preset.family ?? "") === family),
                stop,
              )}
            </div>
          `,
        )}
      </div>
    `;
  }

  /**
   * The tab stop of a set: the last preset reached by arrow keys, the selected one, or the first.
   * @param {Preset[]} set
   */
  #stop(set) {
    return (
      set.find(({ name }) => this.#walked.has(name)) ??
      set.find(({ selected }) => selected) ??
      set[0]
    );
  }

  /**
   * @param {Preset[]} presets
   * @param {Preset} stop
   */
  #buttons(presets, stop) {
    return presets.map((preset) => {
      const { name, label, selected, definition, source } = preset;
      const description = [definition, source].filter(Boolean).join("\n");
      return html`<button
        class="preset"
        data-name=${name}
        aria-pressed=${String(selected)}
        aria-description=${description || nothing}
        title=${[label, description].filter(Boolean).join("\n")}
        tabindex=${preset === stop ? 0 : -1}
        @click=${() => emit(this, "preset-pick", { name })}
      >
        <canvas data-name=${name} width="1" height="1" aria-hidden="true"></canvas>
        <span>${label}</span>
      </button>`;
    });
  }

  /** @param {KeyboardEvent & { currentTarget: HTMLElement }} event */
  #onKeydown(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const buttons = /** @type {HTMLButtonElement[]} */ ([
      ...event.currentTarget.querySelectorAll(".preset"),
    ]);
    const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (event.target));
    const next = neighbor(buttons, at, event.key);
    if (!next) return;
    event.preventDefault();
    for (const button of buttons) this.#walked.delete(button.dataset.name ?? "");
    this.#walked.add(next.dataset.name ?? "");
    next.focus();
    this.requestUpdate();
  }
}

/**
 * The button that an arrow key, Home or End leads to; up and down go to the nearest in the next
 * row.
 * @param {HTMLButtonElement[]} buttons
 * @param {number} at
 * @param {string} key
 * @returns {HTMLButtonElement | undefined}
 */
function neighbor(buttons, at, key) {
  if (key === "ArrowRight") return buttons[at + 1];
  if (key === "ArrowLeft") return buttons[at - 1];
  if (key === "Home") return buttons[0];
  if (key === "End") return buttons[buttons.length - 1];
  if (key !== "ArrowUp" && key !== "ArrowDown") return undefined;
  const here = buttons[at].getBoundingClientRect();
  const side = key === "ArrowDown" ? 1 : -1;
  const beyond = buttons
    .map((button) => ({ button, box: button.getBoundingClientRect() }))
    .filter(({ box }) => (box.top - here.top) * side > here.height / 2)
    .map(({ button, box }) => ({
      button,
      far: Math.abs(box.top - here.top) * 8 + Math.abs(box.left - here.left),
    }));
  return beyond.sort((a, b) => a.far - b.far)[0]?.button;
}
