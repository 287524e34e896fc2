import { css, html, LitElement, nothing, svg } from "lit";
import { number, t } from "../../i18n/index.js";
import "../../i18n/kernel.js";
import { emit } from "../base/emit.js";
import { Localized } from "../base/localized.js";
import { controls } from "../base/shared-styles.js";
import { stepBack, stepForward, UNITS } from "./slide-steps.js";

const SPEEDS = [0.5, 1, 4, 16];
/** Milliseconds per step at speed 1. */
const STEP_MS = 600;

/**
 * Moves the sliding window: by slider, step by step, or playing.
 *
 * It owns only the timer; the window's position is a property. Playing stops at the end, when the
 * page is hidden and when the element is removed, and never starts by itself.
 * @fires scrub `{position, tap}`, the requested place; the owner sets it
 * @fires scrub-end the slide is over: show the whole output again
 */
export class SlideScrubberElement extends Localized(LitElement) {
  static properties = {
    positions: { type: Number },
    taps: { type: Number },
    columns: { type: Number },
    position: { type: Number },
    tap: { attribute: false },
    sliding: { type: Boolean },
    unit: { state: true },
    speed: { state: true },
    isPlaying: { state: true },
  };

  static styles = [
    controls,
    css`
      :host {
        display: block;
      }
      .slide {
        display: flex;
        flex-wrap: wrap;
        gap: 6px 10px;
        align-items: center;
      }
      .buttons {
        display: flex;
        gap: 6px;
      }
      .buttons button {
        display: grid;
        place-items: center;
        padding: 0;
      }
      .buttons .primary {
        inline-size: calc(var(--cnn-target, 32px) + 12px);
      }
      .buttons svg {
        inline-size: 16px;
        block-size: 16px;
        fill: currentcolor;
      }
      .track {
        flex: 1 1 120px;
        min-inline-size: 0;
      }
      input {
        display: block;
        inline-size: 100%;
      }
      .place {
        flex: 1 1 8em;
        margin: 0;
        color: var(--cnn-soft);
        font-size: 13px;
      }
    `,
  ];

  #timer = 0;

  constructor() {
    super();
    /** Count of output pixels. */
    this.positions = 0;
    /** Count of multiplications for one output pixel. */
    this.taps = 1;
    /** Output pixels per row. */
    this.columns = 1;
    /** The output pixel, in row-major order from 0. */
    this.position = 0;
    /** @type {number | null} The multiplication, from 0; null when the pixel is seen whole. */
    this.tap = null;
    /** Whether the output is covered from the window on; the owner may end this too. */
    this.sliding = false;
    /** @type {import("./slide-steps.js").Unit} */
    this.unit = "pixel";
    this.speed = 1;
    this.isPlaying = false;
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    document.addEventListener("visibilitychange", this.#pauseWhenHidden);
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener("visibilitychange", this.#pauseWhenHidden);
    this.pause();
  }

  /**
   * @override
   * @param {Map<PropertyKey, unknown>} changed
   */
  willUpdate(changed) {
    if (changed.get("sliding") && !this.sliding) this.pause();
  }

  /** Goes on playing a slide that has begun; from the first row if there is none, or at its end. */
  play() {
    if (this.positions === 0) return;
    this.isPlaying = true;
    if (!this.sliding || !this.#next()) this.#go(this.#first());
    this.#schedule();
  }

  /** Stops playing where the window is. */
  pause() {
    clearTimeout(this.#timer);
    this.isPlaying = false;
  }

  /** @override */
  render() {
    const { row, col } = this.#pixel();
    const place = t(this.tap === null ? "maps.place" : "kernel.scrubber.place", {
      row,
      col,
      tap: (this.tap ?? 0) + 1,
      taps: this.taps,
    });
    const isEmpty = this.positions === 0;
    return html`<div class="slide" role="group" aria-label=${t("kernel.scrubber.group")}>
      <div class="buttons">
        ${button("kernel.scrubber.back", icons.back, isEmpty, () => this.#step(stepBack))}
        ${
          this.isPlaying
            ? button("kernel.scrubber.pause", icons.pause, isEmpty, () => this.pause(), "primary")
            : button("kernel.scrubber.play", icons.play, isEmpty, () => this.play(), "primary")
        }
        ${button("kernel.scrubber.forward", icons.forward, isEmpty, () => this.#step(stepForward))}
        ${button("kernel.scrubber.stop", icons.stop, !this.sliding, () => emit(this, "scrub-end"))}
      </div>
      <div class="track">
        <input
          type="range"
          min="0"
          max=${Math.max(0, this.positions - 1)}
          .value=${String(this.position)}
          ?disabled=${isEmpty}
          aria-label=${t("kernel.scrubber.track")}
          aria-valuetext=${place}
          @input=${this.#scrub}
        />
      </div>
      <cnn-segmented-control
        label-hidden
        .label=${t("kernel.scrubber.unit")}
        .options=${UNITS.map((value) => ({ value, label: t(`kernel.scrubber.unit.${value}`) }))}
        .value=${this.unit}
        @value-change=${this.#setUnit}
      ></cnn-segmented-control>
      <cnn-segmented-control
        label-hidden
        .label=${t("kernel.scrubber.speed")}
        .options=${SPEEDS.map((value) => ({ value, label: speedText(value) }))}
        .value=${this.speed}
        @value-change=${this.#setSpeed}
      ></cnn-segmented-control>
      <p class="place" aria-hidden="true">${place}</p>
    </div>`;
  }

  #schedule() {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      const next = this.#next();
      if (!next) return this.pause();
      this.#go(next);
      this.#schedule();
    }, STEP_MS / this.speed);
  }

  /** @param {typeof stepForward} step */
  #step(step) {
    this.pause();
    const place = step(this, this.unit, this);
    if (place) this.#go(place);
  }

  #next() {
    return stepForward(this, this.unit, this);
  }

  #first() {
    return { position: 0, tap: this.unit === "tap" ? 0 : null };
  }

  /** @param {import("./slide-steps.js").Place} place */
  #go(place) {
    emit(this, "scrub", place);
  }

  /** @param {InputEvent & { currentTarget: HTMLInputElement }} event */
  #scrub(event) {
    const position = event.currentTarget.valueAsNumber;
    this.#go({ position, tap: this.unit === "tap" ? 0 : null });
  }

  /** @param {CustomEvent<{ value: import("./slide-steps.js").Unit }>} event */
  #setUnit(event) {
    event.stopPropagation();
    this.unit = event.detail.value;
  }

  /** @param {CustomEvent<{ value: number }>} event */
  #setSpeed(event) {
    event.stopPropagation();
    this.speed = event.detail.value;
    if (this.isPlaying) this.#schedule();
  }

  #pauseWhenHidden = () => {
    if (document.hidden) this.pause();
  };

  #pixel() {
    const columns = Math.max(1, this.columns);
    return { row: Math.floor(this.position / columns), col: this.position % columns };
  }
}

/**
 * @param {string} key
 * @param {import("lit").TemplateResult} icon
 * @param {boolean} isDisabled
 * @param {() => void} act
 * @param {string} [look]
 */
function button(key, icon, isDisabled, act, look = "") {
  return html`<button
    type="button"
    class=${look}
    aria-label=${t(key)}
    title=${t(key)}
    aria-disabled=${isDisabled ? "true" : nothing}
    @click=${() => !isDisabled && act()}
  ><svg viewBox="0 0 16 16" aria-hidden="true">${icon}</svg></button>`;
}

const icons = {
  back: svg`<path d="M3 3h2v10H3zM13 3v10L6 8z"></path>`,
  play: svg`<path d="M4 2.500v11L13.500 8z"></path>`,
  pause: svg`<path d="M4 3h3v10H4zM9 3h3v10H9z"></path>`,
  stop: svg`<path d="M3.5 3.5h9v9h-9z"></path>`,
  forward: svg`<path d="M11 3h2v10h-2zM3 3v10l7-5z"></path>`,
};

/** @param {number} speed */
function speedText(speed) {
  return speed === 0.5 ? "½×" : `${number(speed)}×`;
}
