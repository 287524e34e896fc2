/**
 * The settings of all runs, those that differ first, and the data.
 *
 * @import { TrainingLabModel } from "./model.js"
 * @import { TrainingLabElement } from "./element.js"
 * @import { Setting, Settings } from "./settings.js"
 */
import { html, nothing, svg } from "lit";
import { number, t } from "../../i18n/index.js";
import { applies, GROUPS, settings as KINDS } from "./settings.js";
import { LETTERS } from "./state.js";
import { classWords, valueWords } from "./words.js";

/** Steps at which a planned rate is drawn. */
const DRAWN = 60;

/** How a number is stepped. @type {Partial<Record<Setting, { min: number, max: number, step: number }>>} */
const STEPS = {
  examples: { min: 1, max: 4000, step: 10 },
  labelNoise: { min: 0, max: 1, step: 0.1 },
  depth: { min: 1, max: 12, step: 1 },
  width: { min: 1, max: 64, step: 1 },
  dropout: { min: 0, max: 0.9, step: 0.1 },
  momentum: { min: 0, max: 1, step: 0.1 },
  learningRate: { min: 0, max: 1000, step: 0.01 },
  scheduleSteps: { min: 1, max: 100_000, step: 100 },
  l1: { min: 0, max: 1, step: 0.001 },
  l2: { min: 0, max: 1, step: 0.001 },
  clip: { min: 0, max: 1000, step: 0.5 },
  labelSmoothing: { min: 0, max: 1, step: 0.05 },
  batch: { min: 1, max: 256, step: 8 },
};

/**
 * @param {TrainingLabModel} model
 * @param {TrainingLabElement} lab
 */
export function settingsPanel(model, lab) {
  const { runs } = model.store.state.value;
  const differing = /** @type {Setting[]} */ ([
    ...new Set(runs.flatMap((run) => Object.keys(run))),
  ]);
  return html`<section class="card settings" aria-label=${t("training.settings")}>
    ${panelHead("training.settings", "training.settings.note", lab)}
    ${differing.length ? differences(model, differing) : nothing}
    <div class="groups">
      ${
        /** @type {const} */ (["network", "training", "overfitting"]).map(
          (group) => html`<div>
          <h3>${t(`training.group.${group}`)}</h3>
          ${GROUPS[group]
            .filter((name) => !differing.includes(name))
            .map((name) => common(model, name))}
          ${group === "training" ? rateCurve(model) : nothing}
          ${group === "overfitting" ? size(model) : nothing}
        </div>`,
        )
      }
    </div>
  </section>`;
}

/**
 * @param {TrainingLabModel} model
 * @param {TrainingLabElement} lab
 */
export function dataPanel(model, lab) {
  const { runs, seed } = model.store.state.value;
  const { set } = model.settings.value[model.chosen.value];
  const differing = /** @type {Setting[]} */ (
    [...new Set(runs.flatMap((run) => Object.keys(run)))].filter((name) =>
      /** @type {readonly string[]} */ (GROUPS.data).includes(name),
    )
  );
  return html`<section class="card settings" aria-label=${t("training.data")}>
    ${panelHead("training.data", `training.set.${set}.note`, lab)}
    ${differing.length ? differences(model, differing) : nothing}
    <div class="groups">
      <div>
        <h3>${t("training.group.data")}</h3>
        ${GROUPS.data
          .filter((name) => !differing.includes(name))
          .map((name) => common(model, name))}
        <div class="setting">
          <span>${t("training.seed")}</span>
          <cnn-number-stepper
            label-hidden
            .label=${t("training.seed")}
            .value=${seed}
            .min=${0}
            .max=${2 ** 32 - 1}
            .step=${1}
            @value-change=${(/** @type {CustomEvent} */ { detail }) =>
              model.set({ seed: detail.value, changes: [], steps: 0 }, "seed")}
          ></cnn-number-stepper>
        </div>
      </div>
      <div class="gallery">
        <h3>${t("training.gallery")}</h3>
        ${model.gallery.value.map(
          (pictures, at) => html`<div class="class">
            <span>${classWords(set, at)}</span>
            ${pictures.map(
              (picture) => html`<cnn-picture-canvas .picture=${picture}></cnn-picture-canvas>`,
            )}
          </div>`,
        )}
        <p class="caption">${t("training.gallery.note")}</p>
      </div>
    </div>
  </section>`;
}

/**
 * @param {string} title
 * @param {string} note
 * @param {TrainingLabElement} lab
 */
function panelHead(title, note, lab) {
  return html`<header>
    <h2>${t(title)}</h2>
    <span class="grow">${t(note)}</span>
    <button
      type="button"
      aria-label=${t("lab.close")}
      title=${t("lab.close")}
      @click=${() => {
        lab.panel = null;
      }}
    >
      ×
    </button>
  </header>`;
}

/**
 * The settings in which the runs differ, a column for each run.
 * @param {TrainingLabModel} model
 * @param {Setting[]} names
 */
function differences(model, names) {
  const settings = model.settings.value;
  return html`<div class="scroll" role="region" tabindex="0" aria-label=${t("training.differing")}>
    <table class="differing">
      <thead>
        <tr>
          <th scope="col">${t("training.differing")}</th>
          ${settings.map(
            (_, at) => html`<th scope="col" class=${`run-${at + 1}`}>
              <span class="letter">${LETTERS[at]}</span>
            </th>`,
          )}
          <td></td>
        </tr>
      </thead>
      <tbody>
        ${names.map(
          (name) => html`<tr>
            <th scope="row">${t(`training.${name}`)}</th>
            ${settings.map(
              (of, at) => html`<td>
                ${
                  applies(name, of)
                    ? control(model, name, of, at)
                    : html`<small>${t("training.does_not_apply")}</small>`
                }
              </td>`,
            )}
            <td>
              <button
                type="button"
                title=${t("training.same.title")}
                aria-label=${t("training.same", { name: t(`training.${name}`) })}
                @click=${() => model.differ(name, false)}
              >
                =
              </button>
            </td>
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/**
 * A setting that all runs have in common.
 * @param {TrainingLabModel} model
 * @param {Setting} name
 */
function common(model, name) {
  const { base } = model.store.state.value;
  if (!model.settings.value.some((of) => applies(name, of))) return nothing;
  return html`<div class="setting">
    <span>${t(`training.${name}`)}</span>
    ${control(model, name, base, null)}
    <button
      type="button"
      title=${t("training.differ.title")}
      aria-label=${t("training.differ", { name: t(`training.${name}`) })}
      @click=${() => model.differ(name, true)}
    >
      ≠
    </button>
  </div>`;
}

/**
 * @param {TrainingLabModel} model
 * @param {Setting} name
 * @param {Settings} of
 * @param {number | null} run
 */
function control(model, name, of, run) {
  const label =
    run === null
      ? t(`training.${name}`)
      : t("training.setting_of", { name: t(`training.${name}`), letter: LETTERS[run] });
  const value = of[name];
  if (typeof value === "boolean") {
    return html`<cnn-segmented-control
      label-hidden
      .label=${label}
      .options=${[false, true].map((choice) => ({
        value: choice,
        label: valueWords(name, choice),
      }))}
      .value=${value}
      @value-change=${(/** @type {CustomEvent} */ { detail }) => model.change(name, detail.value, run)}
    ></cnn-segmented-control>`;
  }
  if (typeof value === "number") {
    const { min, max, step } = STEPS[name] ?? { min: 0, max: 1, step: 0.1 };
    return html`<cnn-number-stepper
      label-hidden
      .label=${label}
      .value=${value}
      .min=${min}
      .max=${max}
      .step=${name === "learningRate" ? rateStep(value) : step}
      @value-change=${(/** @type {CustomEvent} */ { detail }) =>
        model.change(name, Number(detail.value.toPrecision(6)), run)}
    ></cnn-number-stepper>`;
  }
  const { options } = /** @type {{ options: readonly string[] }} */ (
    /** @type {unknown} */ (KINDS[name])
  );
  return html`<select
    aria-label=${label}
    @change=${(/** @type {Event} */ { target }) =>
      model.change(name, /** @type {HTMLSelectElement} */ (target).value, run)}
  >
    ${options.map(
      (option) => html`<option value=${option} ?selected=${option === value}>
        ${valueWords(name, option)}
      </option>`,
    )}
  </select>`;
}

/** A step of a rate: one in its first digit. @param {number} rate */
const rateStep = (rate) => (rate > 0 ? 10 ** Math.floor(Math.log10(rate) + 1e-9) : 0.001);

/**
 * The planned rate of the chosen run.
 * @param {TrainingLabModel} model
 */
function rateCurve(model) {
  const settings = model.settings.value[model.chosen.value];
  const last = settings.scheduleSteps;
  const steps = Array.from({ length: DRAWN + 1 }, (_, at) => Math.round((last * at) / DRAWN));
  const rates = model.plannedRates(settings, steps);
  if (!rates.length) return nothing;
  const most = Math.max(...rates, Number.MIN_VALUE);
  const points = rates.map(
    (rate, at) => `${(200 * at) / DRAWN} ${(45 - (40 * rate) / most).toFixed(1)}`,
  );
  return html`<figure class="planned">
    <svg viewBox="0 0 200 48" role="img" aria-label=${t("training.planned")}>
      <title>${t("training.planned")}</title>
      ${svg`<path d="M${points.join("L")}"></path>`}
    </svg>
    <figcaption><span>0</span><span>${t("training.at_step", { step: number(last) })}</span></figcaption>
  </figure>`;
}

/** @param {TrainingLabModel} model */
function size(model) {
  const facts = model.runs.value[model.chosen.value]?.facts;
  if (!facts) return nothing;
  const layers = facts.layers.map(({ id, parameters }) => `${id} ${number(parameters)}`);
  const [rows, columns] = facts.receptiveField;
  return html`<h3>${t("training.size", { letter: LETTERS[model.chosen.value] })}</h3>
    <p class="caption">${t("training.size.parameters", {
      parameters: number(facts.parameters),
      layers: layers.join(", "),
    })}</p>
    <p class="caption">${t("training.size.field", {
      rows: number(rows),
      columns: number(columns),
      height: facts.input[1],
      width: facts.input[2],
      multiplyAdds: number(facts.multiplyAdds),
    })}</p>`;
}
