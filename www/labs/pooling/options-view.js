/**
 * The card of the methods and their options; and the output-size formula filled in.
 *
 * @import { PoolingLabModel } from "./model.js"
 * @import { MethodName, PoolingLabState } from "./state.js"
 * @import { PoolingLabElement } from "./element.js"
 */
import { html, nothing } from "lit";
import { number, t } from "../../i18n/index.js";
import {
  choiceOption,
  displayOption,
  moreOptions,
  numberOption,
  paddingOption,
  pairOption,
  sidesOption,
  yesNoOption,
} from "../shared/lab-options-view.js";
import { PARTS } from "./model.js";
import { KERNELS, LIMITS, METHODS, poolingLabState } from "./state.js";
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
    <section class="card methods-card" aria-label=${t("lab.options")}>
      ${methodsOption(model)}
      <div class="options">
        ${pair("size")} ${pair("stride")} ${has("padding") ? paddingOption(model) : nothing}
        ${has("kernel") ? choiceOption(model, "kernel", KERNELS, "pooling") : nothing}
        ${
          has("kernel") && kernel === "random"
            ? numberOption(model, "seed", { min: 0, max: LIMITS.seed }, "pooling")
            : nothing
        }
        ${has("p") ? numberOption(model, "p", { min: pMin, max: pMax, step: 0.5 }, "pooling") : nothing}
        ${has("kind") ? choiceOption(model, "kind", ["max", "average"], "pooling") : nothing}
        ${pair("outputSize")}
        <div class="rest">
          ${moreOptions(
            summary(model, has),
            html`
              ${has("padding") ? sidesOption(model, LIMITS.padding, sides(model)) : nothing}
              ${pair("dilation")}
              ${has("taps") ? numberOption(model, "taps", { min: tapsMin, max: tapsMax }, "pooling") : nothing}
              ${has("ceilMode") ? yesNoOption(model, "ceilMode", "pooling") : nothing}
              ${has("countIncludePad") ? yesNoOption(model, "countIncludePad", "pooling") : nothing}
              ${displayOption(model, LIMITS.display)}
            `,
          )}
        </div>
      </div>
    </section>
  `;
}

/**
 * The folded options in words, and those not at their defaults.
 * @param {PoolingLabModel} model
 * @param {(part: keyof PoolingLabState) => boolean} has
 */
function summary({ store }, has) {
  const { dilation, taps, ceilMode, countIncludePad, display } = store.state.value;
  const initial = poolingLabState.defaultState();
  const [rows, columns] = dilation;
  const yesNo = (/** @type {boolean} */ is) => t(is ? "lab.yes" : "lab.no");
  const shown = (/** @type {string} */ key, /** @type {string} */ value) =>
    t("lab.option", { name: t(key), value });
  const options = /** @type {[string, boolean][]} */ ([
    ...(has("dilation")
      ? [
          [
            shown(
              "pooling.dilation",
              rows === columns ? number(rows) : t("lab.size", { height: rows, width: columns }),
            ),
            rows * columns > 1,
          ],
        ]
      : []),
    ...(has("taps") && taps !== initial.taps ? [[shown("pooling.taps", number(taps)), true]] : []),
    ...(has("ceilMode") ? [[shown("pooling.ceilMode", yesNo(ceilMode)), ceilMode]] : []),
    [shown("lab.display", t(`lab.display.${display.kind}`)), display.kind !== initial.display.kind],
    ...(has("countIncludePad") && !countIncludePad
      ? [[shown("pooling.countIncludePad", yesNo(false)), true]]
      : []),
  ]);
  return {
    words: options.map(([words]) => words),
    changed: options.filter(([, isChanged]) => isChanged).map(([words]) => words),
  };
}

/** @param {PoolingLabModel} model */
function methodsOption(model) {
  const shown = model.methods.value;
  const button = (/** @type {MethodName} */ method) => {
    const isShown = shown.includes(method);
    const isFixed = isShown && shown.length === 1;
    return html`<button
      type="button"
      class="toggle"
      aria-pressed=${String(isShown)}
      aria-disabled=${isFixed ? "true" : nothing}
      title=${isFixed ? t("pooling.methods.last") : t(`pooling.method.${method}.title`)}
      @click=${() => !isFixed && model.toggleMethod(method)}
    >
      ${methodWords(method)}
    </button>`;
  };
  return html`<div class="methods" role="group" aria-labelledby="methods-label">
    <h2 id="methods-label">${t("pooling.methods")}</h2>
    ${METHODS.map(button)}
  </div>`;
}

/**
 * The output-size formulas of the explained method, one per window.
 * @param {PoolingLabModel} model
 */
export function formulas(model) {
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
