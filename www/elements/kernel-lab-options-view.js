/**
 * The card of the options.
 *
 * @import { KernelLabModel } from "../labs/kernel-lab.js"
 * @import { KernelLabElement } from "./kernel-lab.js"
 */
import { html } from "lit";
import { t } from "../i18n/index.js";
import { LIMITS } from "../state/kernel-lab-state.js";
import {
  choiceOption,
  numberOption,
  paddingOption,
  pairOption,
  yesNoOption,
} from "./lab-options-view.js";

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
      ${choiceOption(model, "paddingMode", PADDING_MODES)}
      ${pairOption(model, lab, "stride", LIMITS.stride)}
      ${pairOption(model, lab, "dilation", LIMITS.dilation)}
      ${numberOption(model, "bias", { min: -LIMITS.bias, max: LIMITS.bias, step: 0.1 })}
      ${yesNoOption(model, "relu")}
      ${yesNoOption(model, "flipKernel")}
      <p class="caption">${t(flipKernel ? "lab.flipKernel.on" : "lab.flipKernel.off")}</p>
    </section>
  `;
}
