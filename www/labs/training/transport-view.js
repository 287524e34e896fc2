/**
 * The bar at the bottom: one step, play, speed, the saved steps, the rate by hand.
 *
 * @import { TrainingLabModel } from "./model.js"
 * @import { TrainingLabElement } from "./element.js"
 */
import { html, nothing, svg } from "lit";
import { number, t } from "../../i18n/index.js";
import { icon } from "../../widgets/base/icon.js";
import { recordAt } from "./runs.js";
import { LETTERS } from "./state.js";
import { short } from "./words.js";

const icons = {
  play: icon(svg`<path d="M6.5 4.5v11l9-5.5z" />`),
  pause: icon(svg`<path d="M7 5v10M13 5v10" />`),
  step: icon(svg`<path d="M5.5 5v10l7-5zM14.5 5v10" />`),
};

/**
 * @param {TrainingLabModel} model
 * @param {TrainingLabElement} _lab
 */
export function transport(model, _lab) {
  const isPlaying = model.playing.value;
  const isBusy = model.repeating.value;
  const button = (
    /** @type {string} */ name,
    /** @type {unknown} */ shown,
    /** @type {() => unknown} */ act,
    look = "",
  ) => html`<button
    type="button"
    class=${look}
    aria-label=${t(`training.${name}`)}
    title=${t(`training.${name}.title`)}
    aria-disabled=${isBusy ? "true" : nothing}
    @click=${() => !isBusy && act()}
  >
    ${shown}
  </button>`;
  return html`<div class="transport" role="toolbar" aria-label=${t("training.transport")}>
    ${button("one_step", icons.step, () => model.takeSteps(1))}
    ${
      isPlaying
        ? button("pause", icons.pause, () => model.pause(), "primary run-button")
        : button("play", icons.play, () => model.play(), "primary run-button")
    }
    <cnn-segmented-control
      label-hidden
      .label=${t("training.speed")}
      .options=${[1, 20, "max"].map((value) => ({
        value,
        label: value === "max" ? t("training.speed.max") : number(Number(value)),
      }))}
      .value=${model.speed.value}
      @value-change=${(/** @type {CustomEvent} */ { detail }) => {
        model.speed.value = detail.value;
      }}
    ></cnn-segmented-control>
    <span class="unit">${t("training.per_second")}</span>
    ${timeline(model)} ${rate(model)}
  </div>`;
}

/** @param {TrainingLabModel} model */
function timeline(model) {
  const run = model.runs.value[model.chosen.value];
  const saved = run?.saved ?? [];
  const step = model.shownStep.value;
  const last = saved.length - 1;
  const at = model.past.value === null ? last : saved.findLastIndex((of) => of <= step);
  const { epochSteps } = run?.facts ?? { epochSteps: 0 };
  const record = run && recordAt(run, step);
  return html`<div class="timeline">
    <input
      type="range"
      min="0"
      max=${Math.max(0, last)}
      .value=${String(Math.max(0, at))}
      aria-label=${t("training.timeline")}
      aria-valuetext=${t("training.at_step", { step })}
      ?disabled=${last < 1}
      @input=${(/** @type {Event} */ { target }) => {
        const index = Number(/** @type {HTMLInputElement} */ (target).value);
        model.pause();
        model.past.value = index === last ? null : saved[index];
      }}
    />
    <span><b>${t("training.at_step", { step: number(step) })}</b> ${t("training.epoch", {
      epoch: number(record?.epoch ?? 0, { maximumFractionDigits: 1, minimumFractionDigits: 1 }),
      steps: number(epochSteps),
    })}</span>
    <span class="hint">${t("training.timeline.hint")}</span>
  </div>`;
}

/** @param {TrainingLabModel} model */
function rate(model) {
  const chosen = model.chosen.value;
  const run = model.runs.value[chosen];
  const past = model.past.value;
  const now = run && (past === null ? run.learningRate : recordAt(run, past)?.learningRate);
  return html`<div class="rate">
    <span
      >${t("training.learningRate")}, ${LETTERS[chosen]}<br /><b
        >${typeof now === "number" ? short(now) : "–"}</b
      ></span
    >
    <button
      type="button"
      title=${t("training.drop.title")}
      @click=${(/** @type {MouseEvent} */ event) => model.dropRate(event.shiftKey ? chosen : null)}
    >
      ${t("training.drop")}
    </button>
    <button type="button" title=${t("training.drop.one.title", { letter: LETTERS[chosen] })} @click=${() => model.dropRate(chosen)}>
      ${t("training.drop.one", { letter: LETTERS[chosen] })}
    </button>
  </div>`;
}
