/**
 * The training lab, rendered from its model. Everything shown comes from the engine; every action
 * goes to the model.
 *
 * @import { TrainingLabModel } from "./model.js"
 * @import { TrainingLabElement, Panel } from "./element.js"
 */
import { html, nothing } from "lit";
import { number, t } from "../../i18n/index.js";
import { sentence } from "../shared/lab-element.js";
import { labHead } from "../shared/lab-view.js";
import { EXPERIMENTS, NAMES } from "./experiments.js";
import { insideCard } from "./inside-view.js";
import { raceView } from "./race-view.js";
import { dataPanel, settingsPanel } from "./settings-view.js";
import { slowView } from "./slow-view.js";
import { transport } from "./transport-view.js";
import { networkWords } from "./words.js";

/**
 * @param {TrainingLabModel} model
 * @param {TrainingLabElement} lab
 */
export function trainingLabView(model, lab) {
  const problem = model.problem.value;
  return html`
    ${labHead(model, lab, { title: t("training.title"), lead: t("training.lead") })}
    ${experiments(model)} ${setupLine(model, lab)}
    ${problem ? html`<p class="note problem" role="alert">${sentence(problem)}</p>` : nothing}
    ${
      lab.panel === "data"
        ? dataPanel(model, lab)
        : lab.panel
          ? settingsPanel(model, lab)
          : model.question.value
            ? slowView(model)
            : [raceView(model, lab), insideCard(model, lab)]
    }
    ${transport(model, lab)}
    <p class="visually-hidden" role="status">${lab.status}</p>
  `;
}

/** @param {TrainingLabModel} model */
function experiments(model) {
  const { experiment } = model.store.state.value;
  return html`<div class="ask" role="toolbar" aria-label=${t("training.experiments")}>
    <span class="word" aria-hidden="true">${t("training.ask")}</span>
    ${NAMES.map(
      (name) => html`<button
        type="button"
        class="question"
        aria-pressed=${String(name === experiment)}
        title=${t(`training.experiment.${name}.title`)}
        @click=${() => model.choose(name)}
      >
        ${t(`training.experiment.${name}`)}
      </button>`,
    )}
    ${
      experiment in EXPERIMENTS
        ? nothing
        : html`<span class="question own">${t("training.experiment.own")}</span>`
    }
  </div>`;
}

/**
 * Three buttons that read as a sentence: what is learned, what learns it, what differs.
 * @param {TrainingLabModel} model
 * @param {TrainingLabElement} lab
 */
function setupLine(model, lab) {
  const [settings] = model.settings.value;
  const { runs, seed, base } = model.store.state.value;
  const facts = model.runs.value[model.chosen.value]?.facts;
  const differing = [...new Set(runs.flatMap((run) => Object.keys(run)))];
  const size = facts ? `${facts.input[1]} × ${facts.input[2]}` : "";
  const part = (
    /** @type {Panel} */ name,
    /** @type {string} */ bold,
    /** @type {string} */ rest,
  ) => html`<button
    type="button"
    class="part"
    aria-expanded=${String(lab.panel === name)}
    @click=${() => lab.toggle(name)}
  >
    <span class="what">${t(`training.part.${name}`)}</span>
    <b>${bold}</b>
    <span class="more">${rest}</span>
    <span class="turn" aria-hidden="true"></span>
  </button>`;
  return html`<div class="setup">
    ${part(
      "data",
      t(`training.set.${settings.set}`),
      facts
        ? t("training.part.data.more", {
            size,
            training: number(facts.training),
            heldOut: number(facts.heldOut),
          })
        : "",
    )}
    ${part(
      "network",
      networkWords(settings),
      facts ? t("training.part.network.more", { parameters: number(facts.parameters) }) : "",
    )}
    ${part(
      "training",
      differing.length
        ? t("training.differs", {
            what: differing
              .slice(0, 3)
              .map((name) => t(`training.${name}`))
              .join(", "),
          })
        : t("training.differs.nothing"),
      t("training.part.training.more", { batch: base.batch, seed }),
    )}
  </div>`;
}
