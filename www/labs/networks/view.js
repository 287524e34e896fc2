/**
 * The networks lab, rendered from its model. Everything shown comes from the engine; every action goes to
 * the model.
 *
 * @import { NetworksLabModel } from "./model.js"
 * @import { NetworksLabElement } from "./element.js"
 */
import { html, nothing } from "lit";
import { t } from "../../i18n/index.js";
import { sentence } from "../shared/lab-element.js";
import { labHead, padCard, picturePicker, pictureWords } from "../shared/lab-view.js";
import { topFive } from "./answer-bars.js";
import { architecturesView } from "./architectures-view.js";
import { askView } from "./ask-view.js";
import { insideView } from "./inside-view.js";
import { NEEDS_WEIGHTS, SIDE, TABS } from "./state.js";
import { ownWeights, weightsCard, weightsLine } from "./weights-view.js";
import { whyView } from "./why-view.js";

/**
 * @param {NetworksLabModel} model
 * @param {NetworksLabElement} lab
 */
export function networksLabView(model, lab) {
  const { tab } = model.store.state.value;
  return html`
    ${labHead(model, lab, { title: t(`networks.title.${tab}`), lead: t(`networks.lead.${tab}`) })}
    <div class="tab-row">
      <div class="tabs" role="tablist" aria-label=${t("networks.tabs")} @keydown=${lab.moveTab}>
        ${TABS.map(
          (name) => html`<button
            type="button"
            class="ghost"
            role="tab"
            id=${`tab-${name}`}
            aria-controls="panel"
            aria-selected=${String(name === tab)}
            tabindex=${name === tab ? "0" : "-1"}
            @click=${() => model.set({ tab: name })}
          >
            ${t(`networks.tab.${name}`)}
          </button>`,
        )}
      </div>
      ${weightsLine(model)}
    </div>
    <div id="panel" role="tabpanel" aria-labelledby=${`tab-${tab}`}>
      ${NEEDS_WEIGHTS.includes(tab) ? withPicture(model, lab) : architecturesView(model, lab)}
    </div>
    <p class="visually-hidden" role="status">${lab.status}</p>
  `;
}

/**
 * The picture with its answer on the left, what the tab shows on the right.
 * @param {NetworksLabModel} model
 * @param {NetworksLabElement} lab
 */
function withPicture(model, lab) {
  const { tab } = model.store.state.value;
  const views = { ask: askView, inside: insideView, why: whyView };
  return html`<div class="columns">
    <div class="side">
      <div class="looked-at">${pictureCard(model)} ${answerCard(model)}</div>
      <section class="card picker" aria-label=${t("networks.picker")}>
        ${picturePicker(model, lab)} ${padCard(model, lab)}
      </section>
      ${model.weights.bytes.value ? html`<section class="card">${ownWeights(model)}</section>` : nothing}
    </div>
    <div class="main">
      ${
        model.weights.bytes.value ? /** @type {any} */ (views)[tab](model, lab) : weightsCard(model)
      }
    </div>
  </div>`;
}

/** @param {NetworksLabModel} model */
function pictureCard(model) {
  const seen = model.weights.bytes.value ? model.answer.value?.input : null;
  return html`<section class="card seen" aria-labelledby="seen-title">
    <header>
      <h2 id="seen-title">${t("lab.picture")}</h2>
      <span>${t("networks.size", { side: SIDE })}</span>
    </header>
    <cnn-picture-canvas
      class="large"
      role="img"
      aria-label=${pictureWords(model.pictureShown)}
      .picture=${seen ?? model.picture.value}
    ></cnn-picture-canvas>
  </section>`;
}

/** @param {NetworksLabModel} model */
function answerCard({ answer, problem, weights }) {
  return html`<section class="card what" aria-labelledby="what-title">
    <header>
      <h2 id="what-title">${t("networks.what")}</h2>
      <span>${t("networks.what.note")}</span>
    </header>
    ${
      problem.value
        ? html`<p class="note problem" role="alert">${sentence(problem.value)}</p>`
        : nothing
    }
    ${topFive(weights.bytes.value ? answer.value : null)}
  </section>`;
}
