/**
 * Questions that one click answers, with two networks side by side and a short text.
 *
 * @import { ReceptiveFieldLabModel, Network } from "./model.js"
 * @import { Question } from "./questions.js"
 */
import { html, nothing } from "lit";
import { t } from "../../i18n/index.js";
import { questionOf } from "./questions.js";
import { QUESTIONS } from "./state.js";
import { countWords, figureWords, shapeWords, sizeWords } from "./words.js";

/** @typedef {import("./contract.js").NodeDescription} NodeDescription */

/** @param {ReceptiveFieldLabModel} model */
export function questionsCard(model) {
  const { question: current } = model.store.state.value;
  return html`
    <section class="card questions" aria-labelledby="questions-title">
      <div class="row">
        <h2 id="questions-title">${t("receptive.questions")}</h2>
        ${QUESTIONS.map(
          (name) => html`<button
            type="button"
            class="question"
            aria-pressed=${String(name === current)}
            @click=${() => model.ask(name === current ? null : name)}
          >
            ${t(`receptive.question.${name}`)}
          </button>`,
        )}
      </div>
      ${answer(model)}
    </section>
  `;
}

/** @param {ReceptiveFieldLabModel} model */
function answer(model) {
  const question = questionOf(model.store.state.value.question);
  if (!question) return nothing;
  return html`<div class="answer">
    <p>${t(`receptive.answer.${question.name}`)}</p>
    ${model.compared.value.length === 2 ? comparison(question, model.compared.value) : nothing}
  </div>`;
}

/**
 * @param {Question} question
 * @param {Network[]} networks
 */
function comparison({ name, ends }, networks) {
  const nodes = networks.map(({ description }, index) =>
    description.nodes.find(({ id }) => id === ends[index]),
  );
  return html`<table>
    <thead>
      <tr>
        <td></td>
        ${ends.map((_, index) => html`<th scope="col">${t(`receptive.compared.${name}.${index}`)}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rowsOf(name).map(
        ([key, words]) => html`<tr>
          <th scope="row">${t(key)}</th>
          ${nodes.map((node, index) => html`<td>${node ? words(node, networks[index]) : ""}</td>`)}
        </tr>`,
      )}
    </tbody>
  </table>`;
}

/**
 * The figures that answer a question, with the keys of their labels.
 * @param {Question["name"]} name
 * @returns {[string, (node: NodeDescription, network: Network) => string][]}
 */
function rowsOf(name) {
  const field = /** @type {[string, (node: NodeDescription) => string]} */ ([
    "receptive.field",
    ({ receptiveField }) => sizeWords(receptiveField),
  ]);
  if (name === "alignment") {
    return [
      ["receptive.map", ({ shape }) => shapeWords(shape)],
      field,
      ["receptive.stride", ({ receptiveField }) => figureWords(receptiveField.stride)],
      ["receptive.centre", (node, network) => centerWords(node, network)],
    ];
  }
  if (name === "same") {
    return [
      ["receptive.input", (_node, { description }) => shapeWords(description.nodes[0].shape)],
      field,
      ["receptive.aligned", ({ receptiveField }) => alignedWords(receptiveField.aligned)],
      ["receptive.offset", (node) => offsetWords(node)],
    ];
  }
  return [
    field,
    ["receptive.parameters", (_node, { description }) => countWords(description.totals.parameters)],
    [
      "receptive.multiplyAdds",
      (_node, { description }) => countWords(description.totals.multiplyAdds),
    ],
    ["receptive.layers", (_node, { description }) => countWords(description.totals.layers)],
  ];
}

/** @param {boolean | null} aligned */
export function alignedWords(aligned) {
  return t(`receptive.aligned.${aligned}`);
}

/**
 * The centre of a branch's first position.
 * @param {NodeDescription} branch
 * @param {Network} network
 */
function centerWords({ id }, { description }) {
  const branches = description.nodes.flatMap((node) => node.receptiveField.misaligned);
  const centers = branches.flatMap((axis) => axis.branches.filter((branch) => branch.id === id));
  return figureWords([centers[0]?.centre ?? null, centers[1]?.centre ?? null]);
}

/** @param {NodeDescription} node */
function offsetWords({ receptiveField: { misaligned } }) {
  const offsets = misaligned.map(({ branches }) => branches[1]?.offset ?? null);
  return misaligned.length === 0 ? countWords(0) : figureWords([offsets[0], offsets[1] ?? 0]);
}
