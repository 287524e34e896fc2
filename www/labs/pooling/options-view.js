/**
 * The card of the methods and their options, with the output-size formula filled in.
 *
 * @import { PoolingLabModel } from "./model.js"
 * @import { MethodName, PoolingLabState } from "./state.js"
 * @import { PoolingLabElement } from "./element.js"
 */
import { html, nothing } from "lit";
import { t } from "../../i18n/index.js";
import {
  choiceOption,
  displayOption,
  numberOption,
  paddingOption,
  pairOption,
  yesNoOption,
} from "../shared/lab-options-view.js";
import { PARTS } from "./model.js";
import { KERNELS, LIMITS, METHODS } from "./state.js";
import { methodWords } from "./words.js";

/**
 * @param {PoolingLabModel} model
 * @param {PoolingLabElement} lab
 */
export function optionsCard(model, lab) {
  const { kernel } = model.store.state.value;
  const shown = new Set(model.methods.value.flatMap((method) => [...PARTS[method]]));
  const has = (/** @type {keyof PoolingLabState} */ part) => shown.has(/** @type {any} */ (part));
  const pair = (/** @type {"size" | "stride" | "dilation" | "outputSize"} */ name) =>
    has(name) ? pairOption(model, lab, name, LIMITS[name], "pooling") : nothing;
  const [pMin, pMax] = LIMITS.p;
  const [tapsMin, tapsMax] = LIMITS.taps;
  return html`
    <section class="card options" aria-label=${t("lab.options")}>
      ${methodsOption(model)}
      ${pair("size")} ${pair("stride")}
      ${has("padding") ? paddingOption(model, { most: LIMITS.padding, present: () => sides(model) }) : nothing}
      ${pair("dilation")}
      ${has("ceilMode") ? yesNoOption(model, "ceilMode", "pooling") : nothing}
      ${has("countIncludePad") ? yesNoOption(model, "countIncludePad", "pooling") : nothing}
      ${has("p") ? numberOption(model, "p", { min: pMin, max: pMax, step: 0.5 }, "pooling") : nothing}
      ${has("kernel") ? choiceOption(model, "kernel", KERNELS, "pooling") : nothing}
      ${
        has("kernel") && kernel === "random"
          ? numberOption(model, "seed", { min: 0, max: LIMITS.seed }, "pooling")
          : nothing
      }
      ${has("taps") ? numberOption(model, "taps", { min: tapsMin, max: tapsMax }, "pooling") : nothing}
      ${has("kind") ? choiceOption(model, "kind", ["max", "average"], "pooling") : nothing}
      ${pair("outputSize")} ${displayOption(model, LIMITS.display)}
      ${formulas(model)}
    </section>
  `;
}

/** @param {PoolingLabModel} model */
function methodsOption(model) {
  const shown = model.methods.value;
  const isFull = shown.length === LIMITS.methods;
  const button = (/** @type {MethodName} */ method) => {
    const isShown = shown.includes(method);
    const isFixed = isShown ? shown.length === 1 : isFull;
    const why = isShown ? "pooling.methods.last" : "pooling.methods.full";
    return html`<button
      type="button"
      class="toggle"
      aria-pressed=${String(isShown)}
      aria-disabled=${isFixed ? "true" : nothing}
      title=${isFixed ? t(why, { most: LIMITS.methods }) : t(`pooling.method.${method}.title`)}
      @click=${() => !isFixed && model.toggleMethod(method)}
    >
      ${methodWords(method)}
    </button>`;
  };
  return html`<div class="field methods" role="group" aria-labelledby="methods-label">
    <span id="methods-label" class="label">${t("pooling.methods", { most: LIMITS.methods })}</span>
    <div>${METHODS.map(button)}</div>
  </div>`;
}

/**
 * The output-size formulas of the explained method, one per window.
 * @param {PoolingLabModel} model
 */
function formulas(model) {
  const method = model.explained.value;
  const frame = model.problem.value ? null : model.outputs.value.get(method)?.answer;
  if (!frame) return nothing;
  const word = methodWords(method);
  if (frame.stages.length === 0) {
    const { height, width } = frame.map.picture;
    return html`<div class="formulas">
      <p class="caption">${t("pooling.formula.fixed", { method: word, height, width })}</p>
    </div>`;
  }
  return html`<div class="formulas">
    ${frame.stages.map(
      (stage, index) => html`<div>
        <p class="caption">
          ${frame.stages.length === 1 ? word : t(`pooling.formula.stage.${index + 1}`, { method: word })}
        </p>
        <cnn-size-formula .formula=${stage}></cnn-size-formula>
      </div>`,
    )}
  </div>`;
}

/**
 * The padding that a name currently stands for.
 * @param {PoolingLabModel} model
 */
function sides(model) {
  const stage = model.outputs.peek().get(model.explained.peek())?.answer?.stages[0];
  if (!stage || stage.kind === "blur") return undefined;
  const { height, width } = stage;
  return { top: height.before, left: width.before, bottom: height.after, right: width.after };
}
