/**
 * The channels lab, rendered from its model. Everything shown comes from the engine; every action
 * goes to the model.
 *
 * @import { ChannelsLabModel } from "./model.js"
 * @import { ChannelsLabElement } from "./element.js"
 */
import { html, nothing } from "lit";
import { number, t } from "../../i18n/index.js";
import { readable } from "../../widgets/numbers/readable-number.js";
import { labHead } from "../shared/lab-view.js";
import { benchCard } from "./bench-view.js";
import { filtersCard, trainedCard } from "./filters-view.js";
import { groupsView } from "./groups-view.js";
import { optionsCard } from "./options-view.js";
import { codeCard, pixelCard } from "./pixel-view.js";
import { stackCard } from "./stack-view.js";
import { QUESTIONS } from "./state.js";

/**
 * @param {ChannelsLabModel} model
 * @param {ChannelsLabElement} lab
 */
export function channelsLabView(model, lab) {
  const { tab } = model.store.state.value;
  const rest = lab.isOutputPainted;
  return html`
    ${labHead(model, lab, { title: t(`channels.title.${tab}`), lead: t(`channels.lead.${tab}`) })}
    ${questionsCard(model)}
    ${
      tab === "groups"
        ? groupsView(model, lab)
        : [
            benchCard(model, lab),
            ...(rest
              ? [
                  optionsCard(model, lab),
                  html`<div class="pair-of-cards">
                    ${stackCard(model, lab)} ${filtersCard(model, lab)}
                  </div>`,
                  pixelCard(model),
                  trainedCard(model),
                  codeCard(model, lab),
                ]
              : []),
          ]
    }
    <p class="visually-hidden" role="status">${lab.status}</p>
  `;
}

/** @param {ChannelsLabModel} model */
function questionsCard(model) {
  const { tab, question } = model.store.state.value;
  return html`
    <section class="card questions" aria-label=${t("channels.questions")}>
      <div class="ask">
        <cnn-segmented-control
          label-hidden
          .label=${t("channels.tab")}
          .options=${["color", "groups"].map((value) => ({
            value,
            label: t(`channels.tab.${value}`),
          }))}
          .value=${tab}
          @value-change=${(/** @type {CustomEvent} */ { detail }) =>
            model.set({ tab: detail.value, question: "none" })}
        ></cnn-segmented-control>
        <div class="scroll" role="group" aria-label=${t("channels.questions")}>
          ${QUESTIONS.map(
            (name) => html`<button
              type="button"
              class="question"
              aria-pressed=${String(name === question)}
              @click=${() => (name === question ? model.set({ question: "none" }) : model.ask(name))}
            >
              ${t(`channels.question.${name}`)}
            </button>`,
          )}
        </div>
      </div>
      ${answerNote(model)}
    </section>
  `;
}

/** @param {ChannelsLabModel} model */
function answerNote({ answer, store }) {
  const { question } = store.state.value;
  if (question === "none") return nothing;
  const numbers = answer.value?.question === question ? answer.value.numbers : null;
  const words =
    numbers &&
    Object.fromEntries(
      Object.entries(numbers).map(([name, value]) => [
        name,
        Number.isInteger(value) ? number(value) : readable(value),
      ]),
    );
  return html`<p class="note answer" role="status">
    ${words ? t(`channels.answer.${question}`, words) : ""}
  </p>`;
}
