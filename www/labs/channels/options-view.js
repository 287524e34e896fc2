/**
 * The card of the options: how channels are combined, what the brush paints, size, bias, stride.
 *
 * @import { ChannelsLabModel } from "./model.js"
 * @import { ChannelsLabElement } from "./element.js"
 */
import { html, nothing } from "lit";
import { number, t } from "../../i18n/index.js";
import {
  choiceOption,
  paddingOption,
  pairOption,
  sidesOption,
  yesNoOption,
} from "../shared/lab-options-view.js";
import { CHANNELS, LIMITS } from "./state.js";

const SIDES = [1, 3, 5, 7];

/**
 * @param {ChannelsLabModel} model
 * @param {ChannelsLabElement} lab
 */
export function optionsCard(model, lab) {
  const { filters, combining, paints, padding } = model.store.state.value;
  const { kernels, bias } = filters[model.chosen.value];
  const side = kernels[0].length;
  const output = model.output.value;
  return html`
    <section class="card wide options" aria-label=${t("lab.options")}>
      ${choiceOption(model, "combining", ["sum", "apart"], "channels")}
      <cnn-number-stepper
        .label=${t("channels.bias")}
        .value=${bias}
        .min=${-LIMITS.bias}
        .max=${LIMITS.bias}
        .step=${0.1}
        @value-change=${(/** @type {CustomEvent} */ { detail }) => model.setBias(detail.value)}
      ></cnn-number-stepper>
      ${yesNoOption(model, "relu", "channels")}
      ${choiceOption(model, "paints", ["one", "all"], "channels")}
      <p class="costs figures">${output ? costs(output) : ""}</p>
      <p class="caption">${t(`channels.combining.${combining}.note`)}</p>
    </section>
    <section class="card wide brush" aria-labelledby="brush-title">
      <header>
        <h2 id="brush-title">${t("channels.brush")}</h2>
        <span>
          ${
            paints === "all"
              ? t("channels.brush.all")
              : t("channels.brush.one", {
                  channel: t(`channels.channel.${CHANNELS[model.channel.value]}`),
                })
          }
        </span>
      </header>
      <div class="brush-row">
        <cnn-kernel-brush
          .value=${model.brush.value.value}
          .symmetry=${model.brush.value.symmetry}
          @brush-change=${(/** @type {CustomEvent} */ { detail }) => {
            model.brush.value = { value: detail.value, symmetry: detail.symmetry };
          }}
        ></cnn-kernel-brush>
        <cnn-kernel-tools
          .problem=${lab.pasteProblem}
          @kernel-edit=${async (/** @type {CustomEvent} */ { detail }) =>
            lab.refuse(await model.edit(detail.edit))}
          @kernel-copy=${async (/** @type {CustomEvent} */ { detail }) =>
            lab.copy(await model.kernelText(detail.format), "kernel")}
          @kernel-paste=${(/** @type {CustomEvent} */ { detail }) => lab.pasteWeights(detail.text)}
        ></cnn-kernel-tools>
        <div class="layer-options">
      ${choiceOption(model, "planes", ["color", "grey"], "channels")}
      <cnn-segmented-control
        .label=${t("channels.size")}
        .options=${SIDES.map((value) => ({ value, label: `${value} × ${value}` }))}
        .value=${side}
        @value-change=${(/** @type {CustomEvent} */ { detail }) => model.resize(detail.value)}
      ></cnn-segmented-control>
      ${paddingOption(model)}
      ${
        typeof padding === "object"
          ? sidesOption(model, LIMITS.padding, model.output.value?.padding)
          : nothing
      }
      ${pairOption(model, lab, "stride", LIMITS.stride, "channels")}
        </div>
      </div>
    </section>
  `;
}

/** Parameters and multiply-adds with the numbers filled in. @param {import("./contract.js").Output} output */
function costs({ filters, formula, parameters, multiplyAdds }) {
  const { kernel: rows, output: height } = formula.height;
  const { kernel: columns, output: width } = formula.width;
  const numbers = {
    filters,
    channels: CHANNELS.length,
    rows,
    columns,
    height,
    width,
    parameters: number(parameters),
    multiplyAdds: number(multiplyAdds),
  };
  return html`${t("channels.parameters", numbers)}<br />${t("channels.multiplyAdds", numbers)}`;
}
