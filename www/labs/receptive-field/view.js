/**
 * The receptive-field lab's cards, rendered from its model. Everything shown comes from the engine;
 * every action goes to the model.
 *
 * @import { ReceptiveFieldLabModel } from "./model.js"
 * @import { ReceptiveFieldLabElement } from "./element.js"
 */
import { html, noChange, nothing } from "lit";
import { guard } from "lit/directives/guard.js";
import { currentLanguage, t } from "../../i18n/index.js";
import { labHead, padCard, pictureCard } from "../shared/lab-view.js";
import { effectiveCard } from "./effective-view.js";
import { fieldPath } from "./field-path.js";
import { fieldCard, figuresCard } from "./field-view.js";
import { networkCard } from "./network-view.js";
import { questionsCard } from "./questions-view.js";
import { codeCard, tableCard } from "./table-view.js";

/**
 * @param {ReceptiveFieldLabModel} model
 * @param {ReceptiveFieldLabElement} lab
 */
export function receptiveFieldLabView(model, lab) {
  const words = { title: t("receptive.title"), lead: t("receptive.lead") };
  return html`
    ${labHead(model, lab, words)}
    ${questionsCard(model)}
    <div class="stage">
      ${networkCard(model, lab)}
      ${fieldCard(model, lab)}
      ${figuresCard(model, lab)}
      ${pictureCard(model, lab)}
      ${padCard(model, lab)}
    </div>
    ${
      model.network.value
        ? html`<div class="pair-of-cards">
            ${effectiveCard(model)} ${lab.sliceOf(model.network.value) > 0 ? growthCard(model) : noChange}
          </div>`
        : nothing
    }
    ${lab.sliceOf(model.network.value) > 1 ? tableCard(model, lab) : noChange}
    ${codeCard(model, lab)}
    <p class="visually-hidden" role="status">${lab.status}</p>
  `;
}

/** @param {ReceptiveFieldLabModel} model */
function growthCard(model) {
  const network = model.network.value;
  if (!network) return nothing;
  const node = model.chosenNode.value;
  return guard([network, node, currentLanguage()], () => {
    const { description } = network;
    const last = description.nodes.at(-1)?.id ?? "";
    const whole = fieldPath(description, last, 0);
    const path = whole.some((step) => step.node.id === node)
      ? whole
      : fieldPath(description, node, 0);
    const values = (/** @type {0 | 1} */ axis) =>
      path.map((step) => step.node.receptiveField.size[axis] ?? Number.NaN);
    const [rows, cols] = [values(0), values(1)];
    const isAlike = rows.every((size, index) => Object.is(size, cols[index]));
    const [, height] = description.nodes[0].shape;
    const at = path.findIndex((step) => step.node.id === node);
    return html`<section class="card" aria-labelledby="growth-title">
      <header>
        <h2 id="growth-title">${t("receptive.growth")}</h2>
        <span>${t("receptive.growth.note")}</span>
      </header>
      <cnn-line-chart
        .label=${t("receptive.growth")}
        .x=${path.map((_, index) => index)}
        .xNames=${path.map((step) => step.node.id)}
        .xLabel=${t("receptive.growth.x")}
        .yLabel=${t("receptive.growth.y")}
        .at=${at < 0 ? null : at}
        .series=${[
          { name: t(isAlike ? "receptive.field" : "receptive.field.rows"), values: rows },
          ...(isAlike ? [] : [{ name: t("receptive.field.columns"), values: cols }]),
          { name: t("receptive.input.rows"), values: path.map(() => height ?? Number.NaN) },
        ]}
        @chart-pick=${(/** @type {CustomEvent} */ { detail }) =>
          model.select(path[detail.index].node.id)}
      ></cnn-line-chart>
    </section>`;
  });
}
