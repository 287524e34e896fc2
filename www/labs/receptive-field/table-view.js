/**
 * All layers in a table, and the network as code.
 *
 * @import { NodeDescription } from "./contract.js"
 * @import { ReceptiveFieldLabModel } from "./model.js"
 * @import { ReceptiveFieldLabElement } from "./element.js"
 */
import { html, nothing } from "lit";
import { guard } from "lit/directives/guard.js";
import { currentLanguage, t } from "../../i18n/index.js";
import { countWords, figureWords, operatorWords, shapeWords, sizeWords } from "./words.js";

/** A residual connection, as short as it can be. */
const EXAMPLE = `{
  "input": { "channels": 3, "height": 64, "width": 64 },
  "layers": [
    { "id": "conv1", "op": "conv2d", "channels": 8, "kernel": 3, "padding": 1 },
    { "id": "conv2", "op": "conv2d", "channels": 8, "kernel": 3, "padding": 1 },
    { "id": "sum", "op": "add", "from": ["conv2", "conv1"] }
  ]
}`;

/** The columns: label key, shown text, sort key. */
const COLUMNS =
  /** @type {[string, (node: NodeDescription) => string, (node: NodeDescription) => string | number | null][]} */ ([
    ["receptive.layer", ({ id }) => id, ({ id }) => id],
    ["receptive.operator", words, words],
    ["receptive.map", ({ shape }) => shapeWords(shape), ({ shape }) => product(shape)],
    ["receptive.parameters", (node) => countWords(node.parameters), (node) => node.parameters],
    [
      "receptive.multiplyAdds",
      (node) => countWords(node.multiplyAdds),
      (node) => node.multiplyAdds,
    ],
    [
      "receptive.field",
      ({ receptiveField }) => sizeWords(receptiveField),
      ({ receptiveField }) => largest(receptiveField.size),
    ],
    [
      "receptive.stride",
      ({ receptiveField }) => figureWords(receptiveField.stride),
      ({ receptiveField }) => largest(receptiveField.stride),
    ],
    [
      "receptive.padding.effective",
      ({ receptiveField }) => figureWords(receptiveField.padding),
      ({ receptiveField }) => largest(receptiveField.padding),
    ],
  ]);

/**
 * @param {ReceptiveFieldLabModel} model
 * @param {ReceptiveFieldLabElement} lab
 */
export function tableCard(model, lab) {
  const network = model.network.value;
  if (!network) return nothing;
  const formats = /** @type {const} */ (["csv", "markdown"]);
  const selected = model.chosenNode.value;
  // Hundreds of rows: render them only when something in them has changed.
  return guard(
    [network, selected, lab.done, currentLanguage()],
    () => html`
    <section class="card wide" aria-labelledby="table-title">
      <header>
        <h2 id="table-title">${t("receptive.table")}</h2>
        <span>${t("receptive.table.note")}</span>
      </header>
      <cnn-layer-table
        .label=${t("receptive.table")}
        .columns=${COLUMNS.map(([key]) => ({ key, label: t(key), title: t(`${key}.title`) }))}
        .rows=${network.description.nodes.map((node) => ({
          id: node.id,
          cells: COLUMNS.map(([, text, value]) => ({ text: text(node), value: value(node) })),
        }))}
        .copies=${formats.map((format) => ({
          format,
          label: t(`receptive.copy.${format}`),
          title: t(`receptive.copy.${format}.title`),
          done: lab.done === format,
        }))}
        .selected=${selected}
        @layer-select=${(/** @type {CustomEvent} */ { detail }) => model.select(detail.id)}
        @table-copy=${(/** @type {CustomEvent} */ { detail }) => lab.copyTable(detail.format)}
      ></cnn-layer-table>
    </section>
  `,
  );
}

/**
 * @param {ReceptiveFieldLabModel} model
 * @param {ReceptiveFieldLabElement} lab
 */
export function codeCard(model, lab) {
  const problem = lab.specProblem;
  const submit = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.currentTarget);
    const area = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("spec"));
    if (await lab.pasteSpec(area.value)) area.value = "";
    else area.focus();
  };
  return html`
    <div class="codes">
      <section class="card" aria-labelledby="pytorch-title">
        <header>
          <h2 id="pytorch-title">${t("receptive.pytorch")}</h2>
        </header>
        <cnn-code-snippet
          .code=${model.network.value ? model.pytorch.value : ""}
          .label=${t("lab.pytorch.code")}
        ></cnn-code-snippet>
      </section>
      <section class="card" aria-labelledby="spec-title">
        <header>
          <h2 id="spec-title">${t("receptive.spec")}</h2>
        </header>
        <cnn-code-snippet .code=${model.json.value} .label=${t("receptive.spec.code")}></cnn-code-snippet>
        <details class="example">
          <summary>${t("receptive.spec.how")}</summary>
          <p class="caption">${t("receptive.spec.example")}</p>
          <pre class="figures">${EXAMPLE}</pre>
        </details>
        <form class="paste" @submit=${submit}>
          <label for="spec">${t("receptive.paste")}</label>
          <textarea
            id="spec"
            name="spec"
            rows="3"
            spellcheck="false"
            aria-invalid=${problem ? "true" : "false"}
            aria-describedby=${problem ? "spec-problem" : nothing}
          ></textarea>
          ${
            problem
              ? html`<p class="problem" id="spec-problem" role="alert">${problem.message}</p>`
              : nothing
          }
          <button>${t("receptive.paste.open")}</button>
        </form>
      </section>
    </div>
  `;
}

/** @param {NodeDescription} node */
function words({ op, options }) {
  return options ? operatorWords(options) : t(`receptive.op.${op}`);
}

/** @param {readonly (number | null)[]} shape */
function product(shape) {
  return shape.reduce((/** @type {number | null} */ sum, extent) => {
    return sum === null || extent === null ? null : sum * extent;
  }, 1);
}

/** @param {readonly (number | null)[]} pair */
function largest([rows, cols]) {
  return rows === null && cols === null ? null : Math.max(rows ?? 0, cols ?? 0);
}
