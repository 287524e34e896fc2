/**
 * The options of the convolution: size, padding and stride in view, the rest behind "More".
 *
 * @import { KernelLabModel } from "./model.js"
 * @import { KernelLabElement } from "./element.js"
 */
import { html } from "lit";
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
import { kernelLabState, LIMITS } from "./state.js";

const PADDING_MODES = ["zeros", "reflect", "replicate", "circular"];

/**
 * @param {KernelLabModel} model
 * @param {KernelLabElement} lab
 */
export function kernelOptions(model, lab) {
  const { kernel, flipKernel } = model.store.state.value;
  return html`
    <div class="options">
      <cnn-kernel-size
        .height=${kernel.length}
        .width=${kernel[0].length}
        @kernel-resize=${async (/** @type {CustomEvent} */ { detail }) =>
          lab.refuse(await model.resize(detail.height, detail.width))}
      ></cnn-kernel-size>
      ${paddingOption(model)}
      ${pairOption(model, lab, "stride", LIMITS.stride, "kernel-lab")}
    </div>
    <div class="rest">
      ${moreOptions(
        summary(model),
        html`
          ${sidesOption(model, LIMITS.padding, model.frame.value?.padding)}
          ${choiceOption(model, "paddingMode", PADDING_MODES, "kernel-lab")}
          ${pairOption(model, lab, "dilation", LIMITS.dilation, "kernel-lab")}
          ${numberOption(model, "bias", { min: -LIMITS.bias, max: LIMITS.bias, step: 0.1 }, "kernel-lab")}
          ${yesNoOption(model, "relu", "kernel-lab")}
          ${yesNoOption(model, "flipKernel", "kernel-lab")}
          ${displayOption(model, LIMITS.display)}
          <p class="caption">
            ${t(flipKernel ? "kernel-lab.flipKernel.on" : "kernel-lab.flipKernel.off")}
          </p>
        `,
      )}
    </div>
  `;
}

/**
 * The folded options in words, and those not at their defaults.
 * @param {KernelLabModel} model
 */
function summary({ store }) {
  const { paddingMode, dilation, bias, relu, flipKernel, display } = store.state.value;
  const initial = kernelLabState.defaultState();
  const [rows, columns] = dilation;
  const shown = (/** @type {string} */ key, /** @type {string} */ value) =>
    t("lab.option", { name: t(key), value });
  const options = /** @type {[string, boolean][]} */ ([
    [
      shown("kernel-lab.paddingMode", t(`kernel-lab.paddingMode.${paddingMode}`)),
      paddingMode !== initial.paddingMode,
    ],
    [
      shown(
        "kernel-lab.dilation",
        rows === columns ? number(rows) : t("lab.size", { height: rows, width: columns }),
      ),
      rows * columns > 1,
    ],
    [shown("kernel-lab.bias", number(bias)), bias !== 0],
    ...(relu ? [[shown("kernel-lab.relu", t("lab.yes")), true]] : []),
    ...(flipKernel ? [[shown("kernel-lab.flipKernel", t("lab.yes")), true]] : []),
    [shown("lab.display", t(`lab.display.${display.kind}`)), display.kind === "fixed"],
  ]);
  return {
    words: options.map(([words]) => words),
    changed: options.filter(([, isChanged]) => isChanged).map(([words]) => words),
  };
}
