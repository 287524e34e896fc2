/**
 * The card of the options.
 *
 * @import { KernelLabModel } from "./model.js"
 * @import { KernelLabElement } from "./element.js"
 */
import { html } from "lit";
import { t } from "../../i18n/index.js";
import {
  choiceOption,
  numberOption,
  paddingOption,
  pairOption,
  yesNoOption,
} from "../shared/lab-options-view.js";
import { LIMITS } from "./state.js";

const PADDING_MODES = ["zeros", "reflect", "replicate", "circular"];

/**
 * @param {KernelLabModel} model
 * @param {KernelLabElement} lab
 */
export function optionsCard(model, lab) {
  const { flipKernel } = model.store.state.value;
  const present = () => model.frame.peek()?.padding;
  return html`
    <section class="card wide options" aria-label=${t("lab.options")}>
      ${paddingOption(model, { most: LIMITS.padding, present })}
      ${choiceOption(model, "paddingMode", PADDING_MODES, "kernel-lab")}
      ${pairOption(model, lab, "stride", LIMITS.stride, "kernel-lab")}
      ${pairOption(model, lab, "dilation", LIMITS.dilation, "kernel-lab")}
      ${numberOption(model, "bias", { min: -LIMITS.bias, max: LIMITS.bias, step: 0.1 }, "kernel-lab")}
      ${yesNoOption(model, "relu", "kernel-lab")}
      ${yesNoOption(model, "flipKernel", "kernel-lab")}
      <p class="caption">${t(flipKernel ? "kernel-lab.flipKernel.on" : "kernel-lab.flipKernel.off")}</p>
    </section>
  `;
}
