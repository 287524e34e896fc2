/**
 * The race: two charts, the runs, and what was measured.
 *
 * @import { TrainingLabModel } from "./model.js"
 * @import { TrainingLabElement } from "./element.js"
 * @import { Run } from "./runs.js"
 */
import { html, nothing, svg } from "lit";
import { number, t } from "../../i18n/index.js";
import { sentence } from "../shared/lab-element.js";
import { SEEDS } from "./model.js";
import { latest, recordAt } from "./runs.js";
import { LETTERS, LIMITS } from "./state.js";
import { percent, runName, runWords } from "./words.js";

/**
 * @param {TrainingLabModel} model
 * @param {TrainingLabElement} lab
 */
export function raceView(model, lab) {
  return html`<div class="race">
    <section class="card charts" aria-label=${t("training.curves")}>${charts(model, lab)}</section>
    <section class="card runs" aria-label=${t("training.runs")}>
      ${runList(model)} ${measured(model)}
    </section>
  </div>`;
}

/**
 * @param {TrainingLabModel} model
 * @param {TrainingLabElement} lab
 */
function charts(model, lab) {
  const runs = model.runs.value;
  const chosen = model.chosen.value;
  const marks = model.store.state.value.changes.map(({ step, factor }) => ({
    step,
    word: t("training.mark", { factor: number(1 / factor) }),
  }));
  const line = (
    /** @type {Run} */ run,
    /** @type {number} */ at,
    /** @type {"heldOutAccuracy" | "heldOutLoss" | "trainingLoss"} */ what,
    isFaint = false,
  ) => ({
    run: at,
    letter: LETTERS[at],
    isFaint,
    isChosen: at === chosen && !isFaint,
    isEnded: run.stopped !== null && !isFaint,
    points: run.records.map(
      (record) => /** @type {[number, number]} */ ([record.step, record[what] ?? Number.NaN]),
    ),
  });
  return html`
    <div class="chart">
      <header>
        <h2>${t("training.chart.accuracy")}</h2>
      </header>
      <cnn-race-chart
        kind="share"
        .label=${t("training.chart.accuracy")}
        .lines=${runs.map((run, at) => line(run, at, "heldOutAccuracy"))}
        .marks=${marks}
        .at=${model.shownStep.value}
      ></cnn-race-chart>
    </div>
    <div class="chart loss">
      <header>
        <h2>${t("training.chart.loss")}</h2>
        <span class="key"><i></i>${t("training.held_out")} <i class="faint"></i>${t("training.training_short")}</span>
      </header>
      <cnn-race-chart
        kind="log"
        .label=${t("training.chart.loss")}
        .lines=${runs.flatMap((run, at) => [
          line(run, at, "trainingLoss", true),
          line(run, at, "heldOutLoss"),
        ])}
        .marks=${marks}
        .at=${model.shownStep.value}
      ></cnn-race-chart>
    </div>
    ${table(model, lab)}
  `;
}

/**
 * The curves as a table.
 * @param {TrainingLabModel} model
 * @param {TrainingLabElement} lab
 */
function table(model, lab) {
  const runs = model.runs.value;
  const steps = [...new Set(runs.flatMap(({ records }) => records.map(({ step }) => step)))];
  steps.sort((one, other) => one - other);
  const isFrozen = model.playing.value;
  return html`<details class="values">
    <summary>${t("chart.table")}</summary>
    <button type="button" @click=${() => lab.saveHistory()}>${t("training.save_csv")}</button>
    <div class="scroll" role="region" tabindex="0" aria-label=${t("training.chart.accuracy")}>
      <table>
        <thead>
          <tr>
            <th scope="col">${t("training.step")}</th>
            ${runs.map((_, at) => html`<th scope="col">${LETTERS[at]}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${(isFrozen ? steps.slice(-12) : steps).map(
            (step) => html`<tr>
              <th scope="row">${number(step)}</th>
              ${runs.map(({ records }) => {
                const record = records.find((of) => of.step === step);
                return html`<td>${record ? percent(record.heldOutAccuracy) : "–"}</td>`;
              })}
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}

/** @param {TrainingLabModel} model */
function runList(model) {
  const runs = model.runs.value;
  const chosen = model.chosen.value;
  const { runs: differs } = model.store.state.value;
  const settings = model.settings.value;
  const keydown = (/** @type {KeyboardEvent} */ event) => {
    const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const next = (chosen + by + differs.length) % differs.length;
    model.set({ chosen: next }, "chosen");
    const list = /** @type {Element} */ (event.currentTarget);
    /** @type {HTMLElement | undefined} */ (list.children[next])?.focus();
  };
  return html`
    <header>
      <h2>${t("training.runs.count", { count: differs.length })}</h2>
      ${editing(model)}
    </header>
    <div role="radiogroup" aria-label=${t("training.runs")} class="list" @keydown=${keydown}>
      ${differs.map((own, at) => {
        const { title, chips } = runWords(own, settings[at]);
        const run = runs[at];
        const record = run && recordAt(run, model.shownStep.value);
        return html`<div
          role="radio"
          class=${`run run-${at + 1}`}
          aria-checked=${String(at === chosen)}
          tabindex=${at === chosen ? 0 : -1}
          @click=${() => model.set({ chosen: at }, "chosen")}
        >
          <span class="letter">${LETTERS[at]}</span>
          <span class="name"
            >${title}${chips.map((chip) => html` <span class="chip">${chip}</span>`)}
            ${runState(run)}</span
          >
          ${result(model, at, record)}
        </div>`;
      })}
    </div>
  `;
}

/** @param {TrainingLabModel} model */
function editing(model) {
  const { length } = model.store.state.value.runs;
  const button = (
    /** @type {string} */ words,
    /** @type {boolean} */ isOff,
    /** @type {() => void} */ act,
  ) => html`<button
    type="button"
    class="ghost"
    aria-disabled=${isOff ? "true" : nothing}
    @click=${() => !isOff && act()}
  >
    ${words}
  </button>`;
  return html`<span class="edit">
    ${button(t("training.runs.add"), length === LIMITS.runs, () => model.addRun())}
    ${button(t("training.runs.remove", { letter: LETTERS[model.chosen.value] }), length === 1, () =>
      model.removeRun(),
    )}
    ${t("training.held_out")}
  </span>`;
}

/**
 * A run's accuracies, or with five seeds their mean and spread.
 * @param {TrainingLabModel} model
 * @param {number} at
 * @param {import("./contract.js").RunRecord | undefined} record
 */
function result(model, at, record) {
  const repeats = model.repeats.value;
  const spread = repeats?.spreads[at];
  if (spread) {
    return html`<span class="result">
      <b>${percent(spread.mean)}</b>
      <small>± ${percent(spread.deviation)}</small>
      <svg class="dots" viewBox="0 0 100 10" aria-hidden="true">
        ${repeats?.accuracies[at].map((share) => svg`<circle cx=${4 + 92 * share} cy="5" r="3"></circle>`)}
      </svg>
    </span>`;
  }
  return html`<span class="result">
    <b>${record ? percent(record.heldOutAccuracy) : "–"}</b>
    <small>${record ? t("training.on_training", { share: percent(record.trainingAccuracy) }) : ""}</small>
  </span>`;
}

/** @param {Run | undefined} run */
function runState(run) {
  if (!run) return nothing;
  if (run.problem) return html`<span class="ended">${sentence(run.problem)}</span>`;
  if (run.stopped === null) return nothing;
  return html`<span class="ended">${t("training.stopped", { step: number(run.stopped) })}</span>`;
}

/**
 * What was measured here and now, and the button that repeats it.
 * @param {TrainingLabModel} model
 */
function measured(model) {
  const repeats = model.repeats.value;
  const isRepeating = model.repeating.value;
  return html`<div class="measured">
    <p>${repeats?.spreads.length ? repeated(model) : once(model)}</p>
    ${
      isRepeating
        ? html`<span class="progress">
            <progress
              aria-label=${t("training.runs")}
              max=${repeats?.of ?? 1}
              value=${repeats?.done ?? 0}
            ></progress>
            ${t("training.repeat.progress", { done: repeats?.done ?? 0, of: repeats?.of ?? 0 })}
            <button type="button" @click=${() => model.cancel()}>${t("lab.cancel")}</button>
          </span>`
        : html`<button type="button" @click=${() => model.repeat()}>
            ${t("training.repeat", { seeds: SEEDS })}
          </button>`
    }
  </div>`;
}

/** @param {TrainingLabModel} model */
function once(model) {
  const step = model.shownStep.value;
  const { runs: differs, experiment } = model.store.state.value;
  const settings = model.settings.value;
  const results = model.runs.value.flatMap((run, at) => {
    const record = recordAt(run, step);
    return record ? [{ at, share: record.heldOutAccuracy, ended: run.stopped !== null }] : [];
  });
  if (results.length < 2 || step === 0) return t("training.measured.nothing");
  results.sort((one, other) => other.share - one.share);
  const [first] = results;
  const last = results[results.length - 1];
  const name = (/** @type {number} */ at) =>
    `${LETTERS[at]} (${runName(differs[at], settings[at])})`;
  const words = {
    step: number(step),
    first: name(first.at),
    best: percent(first.share),
    last: name(last.at),
    worst: percent(last.share),
  };
  const more = extra(model, experiment);
  return html`<b>${t("training.measured", { step: words.step })}</b> ${
    first.share === last.share
      ? t("training.measured.equal", words)
      : t("training.measured.once", words)
  } ${more}`;
}

/**
 * What an experiment asks besides accuracy.
 * @param {TrainingLabModel} model
 * @param {string} experiment
 */
function extra({ runs, inside, chosen }, experiment) {
  if (experiment === "penalty" || experiment === "amount") {
    const gaps = runs.value.flatMap((run, at) => {
      const record = latest(run);
      if (!record) return [];
      return [`${LETTERS[at]} ${percent(record.gap)}`];
    });
    return t("training.measured.gap", { gaps: gaps.join(", ") });
  }
  if (experiment === "pooling" && inside.value) {
    const share = percent(inside.value.changedByShift);
    return t("training.measured.shift", { letter: LETTERS[chosen.value], share });
  }
  return "";
}

/** @param {TrainingLabModel} model */
function repeated(model) {
  const spreads = model.repeats.value?.spreads ?? [];
  const { runs: differs } = model.store.state.value;
  const settings = model.settings.value;
  const order = spreads.map((spread, at) => ({ ...spread, at }));
  order.sort((one, other) => other.mean - one.mean);
  const [first, second] = order;
  const name = (/** @type {number} */ at) =>
    `${LETTERS[at]} (${runName(differs[at], settings[at])})`;
  const words = {
    seeds: SEEDS,
    first: name(first.at),
    best: percent(first.mean),
    deviation: percent(first.deviation),
    second: second ? name(second.at) : "",
    next: second ? percent(second.mean) : "",
  };
  const isApart = second && first.least > second.most;
  const key = !second ? "alone" : isApart ? "apart" : "overlap";
  return html`<b>${t("training.measured.seeds", words)}</b> ${t(`training.measured.${key}`, words)}`;
}
