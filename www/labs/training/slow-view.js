/**
 * One step, slowly: an example forward, its loss, the gradient back, and one weight.
 *
 * @import { TrainingLabModel } from "./model.js"
 * @import { Slowly, Picture } from "./contract.js"
 */
import { html, nothing, svg } from "lit";
import { number, t } from "../../i18n/index.js";
import { readable } from "../../widgets/numbers/readable-number.js";
import { classWords } from "./words.js";

/** Digits that show how well two gradients agree. */
const PRECISE = { minimumFractionDigits: 6, maximumFractionDigits: 6 };

/** @param {TrainingLabModel} model */
export function slowView(model) {
  const slowly = model.slowly.value;
  return html`
    <section class="card slow" aria-label=${t("training.slow")}>
      <header>
        <h2>${t("training.slow")}</h2>
        <span class="grow">${t("training.slow.note")}</span>
        ${slowly ? exampleStepper(model, slowly) : nothing}
        <button type="button" @click=${() => model.endSlow()}>${t("training.slow.back")}</button>
      </header>
      ${slowly ? wayThrough(model, slowly) : nothing}
    </section>
    ${slowly ? weightCard(model, slowly) : nothing}
  `;
}

/**
 * @param {TrainingLabModel} model
 * @param {Slowly} slowly
 */
function exampleStepper(model, { examples }) {
  return html`<cnn-number-stepper
    .label=${t("training.slow.example")}
    .value=${model.question.value?.example ?? 0}
    .min=${0}
    .max=${examples - 1}
    @value-change=${(/** @type {CustomEvent} */ { detail }) =>
      model.slow({ example: detail.value })}
  ></cnn-number-stepper>`;
}

/**
 * @param {TrainingLabModel} model
 * @param {Slowly} slowly
 */
function wayThrough(model, { input, stages, probabilities, dLogits, loss, label, step }) {
  const { set } = model.settings.value[model.chosen.value];
  const column = (
    /** @type {unknown} */ title,
    /** @type {unknown} */ note,
    /** @type {unknown} */ forward,
    /** @type {unknown} */ backward,
  ) => html`<div class="stage">
    <b>${title}</b><small>${note}</small>
    <div>${forward}</div>
    <div>${backward}</div>
  </div>`;
  return html`
    <div class="way scroll" role="region" tabindex="0" aria-label=${t("training.slow.way")}>
      <div class="stage sides">
        <b>${t("training.at_step", { step: number(step) })}</b><small></small>
        <div>${t("training.slow.forward")}</div>
        <div>${t("training.slow.backward")}</div>
      </div>
      ${column(
        t("training.slow.input"),
        t("training.slow.class", { label: classWords(set, label) }),
        html`<cnn-picture-canvas .picture=${input}></cnn-picture-canvas>`,
        "",
      )}
      ${stages.map(({ id, map, maps, forward, backward }) =>
        column(
          id,
          t("training.slow.map", { map, maps }),
          html`<cnn-picture-canvas .picture=${forward}></cnn-picture-canvas>`,
          html`<cnn-picture-canvas .picture=${backward}></cnn-picture-canvas>`,
        ),
      )}
      ${column(
        t("training.slow.probabilities"),
        t("training.slow.classes", { count: probabilities.length }),
        bars(probabilities, set, label),
        bars(dLogits, set, label),
      )}
    </div>
    <p class="caption">${t("training.slow.loss", {
      share: number(probabilities[label], { maximumFractionDigits: 4 }),
      loss: number(loss, { maximumFractionDigits: 4 }),
    })}</p>
  `;
}

/**
 * Values from −1 to 1 as bars with their numbers.
 * @param {number[]} values
 * @param {import("./settings.js").Settings["set"]} set
 * @param {number} label  the true class
 */
function bars(values, set, label) {
  const isSigned = values.some((value) => value < 0);
  const zero = isSigned ? 40 : 0;
  const unit = isSigned ? 40 : 80;
  return html`<ol class="bars">
    ${values.map(
      (value, at) => html`<li class=${at === label ? "true" : ""}>
        <span>${classWords(set, at, true)}</span>
        <svg viewBox="0 0 80 8" aria-hidden="true" class=${value < 0 ? "negative" : "positive"}>
          ${svg`<rect x=${Math.min(zero, zero + unit * value)} y="0" width=${Math.abs(unit * value)} height="8"></rect>`}
        </svg>
        <span class="figures">${number(value, { minimumFractionDigits: 2, maximumFractionDigits: 2 })}</span>
      </li>`,
    )}
  </ol>`;
}

/**
 * @param {TrainingLabModel} model
 * @param {Slowly} slowly
 */
function weightCard(model, { weight }) {
  const question = model.question.value;
  if (!weight || !question) {
    return html`<section class="card"><p class="caption">${t("training.slow.no_weight")}</p></section>`;
  }
  const { kernels, size, kernel, met, there, terms, count, sum, check, rate, before, after } =
    weight;
  const { cell } = question;
  const stepper = (
    /** @type {string} */ name,
    /** @type {number} */ value,
    /** @type {number} */ max,
    /** @type {(value: number) => object} */ patch,
  ) => html`<cnn-number-stepper
    .label=${t(`training.slow.${name}`)}
    .value=${value}
    .min=${0}
    .max=${max}
    @value-change=${(/** @type {CustomEvent} */ { detail }) => model.slow(patch(detail.value))}
  ></cnn-number-stepper>`;
  const figure = (/** @type {string} */ name, /** @type {Picture} */ picture) => html`<figure>
    <figcaption>${t(`training.slow.${name}`, { count })}</figcaption>
    <cnn-picture-canvas .picture=${picture}></cnn-picture-canvas>
  </figure>`;
  const { optimizer, momentum, l1, l2, clip } = model.settings.value[model.chosen.value];
  const isPlain = optimizer === "sgd" && momentum === 0 && l1 === 0 && l2 === 0 && clip === 0;
  return html`<section class="card weight" aria-label=${t("training.slow.one_weight")}>
    <header>
      <h2>${t("training.slow.one_weight")}</h2>
      ${stepper("kernel", question.kernel, kernels - 1, (value) => ({ kernel: value }))}
      ${stepper("row", cell[0], size[0] - 1, (value) => ({ cell: [value, cell[1]] }))}
      ${stepper("column", cell[1], size[1] - 1, (value) => ({ cell: [cell[0], value] }))}
      <span class="grow">${t("training.slow.every_place")}</span>
    </header>
    <div class="story">
      ${figure("met", met)}<span>×</span>${figure("there", there)}<span>=</span>${figure("terms", terms)}
      <span>Σ</span>
      <dl>
        <dt>${t("training.slow.sum", { count })}</dt>
        <dd>${number(sum, PRECISE)}</dd>
        <dt>${t("training.slow.check")}</dt>
        <dd>${number(check, PRECISE)}</dd>
        <dt>${t(isPlain ? "training.slow.sgd" : "training.slow.other", {
          optimizer: t(`training.optimizer.${optimizer}`),
        })}</dt>
        <dd>${
          isPlain
            ? t("training.slow.formula", {
                before: number(before, PRECISE),
                rate: readable(rate),
                sum: number(sum, PRECISE),
                after: number(after, PRECISE),
              })
            : t("training.slow.moved", {
                before: number(before, PRECISE),
                after: number(after, PRECISE),
              })
        }</dd>
      </dl>
      ${figure("kernel_gradient", kernel)}
    </div>
    <p class="caption">${t(sum < 0 ? "training.slow.negative" : "training.slow.positive")}</p>
  </section>`;
}
