/**
 * The card of the network: its choice, and its graph or the editor.
 *
 * @import { ArchitectureInfo } from "./contract.js"
 * @import { ReceptiveFieldLabModel } from "./model.js"
 * @import { ReceptiveFieldLabElement } from "./element.js"
 */
import { html, nothing } from "lit";
import { guard } from "lit/directives/guard.js";
import { currentLanguage, t } from "../../i18n/index.js";
import { LIMITS } from "./state.js";
import { graphLayer, operatorWords, shortCount } from "./words.js";

/**
 * @param {ReceptiveFieldLabModel} model
 * @param {ReceptiveFieldLabElement} lab
 */
export function networkCard(model, lab) {
  const totals = model.network.value?.description.totals;
  const problem = model.problem.value;
  return html`
    <section class="card network" aria-labelledby="network-title">
      <header>
        <h2 id="network-title">${t("receptive.network")}</h2>
        <span>
          ${
            totals
              ? t("receptive.totals", {
                  layers: totals.layers,
                  parameters: shortCount(totals.parameters),
                  multiplyAdds: shortCount(totals.multiplyAdds),
                })
              : ""
          }
        </span>
      </header>
      ${chooser(model)}
      <div class="row size">
        ${inputSize(model)}
        <button type="button" title=${t("receptive.empty.title")} @click=${() => empty(model, lab)}>
          ${t("receptive.empty")}
        </button>
        <cnn-segmented-control
          .label=${t("receptive.panel")}
          label-hidden
          .options=${["graph", "edit"].map((value) => ({
            value,
            label: t(`receptive.panel.${value}`),
          }))}
          .value=${lab.panel}
          @value-change=${(/** @type {CustomEvent} */ { detail }) => lab.show(detail.value)}
        ></cnn-segmented-control>
      </div>
      ${(lab.panel === "edit" && lab.editor?.(model, operatorWords)) || graph(model)}
      ${
        problem
          ? html`<p class="note problem">
              ${t(`error.${problem.code}`, problem.details)}
              ${totals ? t("receptive.kept") : ""}
            </p>`
          : nothing
      }
    </section>
  `;
}

/**
 * @param {ReceptiveFieldLabModel} model
 * @param {ReceptiveFieldLabElement} lab
 */
function empty(model, lab) {
  lab.show("edit");
  model.startEmpty();
}

/** @param {ReceptiveFieldLabModel} model */
function chooser(model) {
  const { net } = model.store.state.value;
  const families = [...new Set(model.architectures.value.map(({ family }) => family))];
  const chosen = model.architectures.value.find(
    ({ name }) => net.kind === "zoo" && name === net.name,
  );
  return html`<label class="net">
    <span class="visually-hidden">${t("receptive.choose")}</span>
    <select
      title=${chosen ? sourceWords(chosen) : t("receptive.choose")}
      @change=${(/** @type {Event} */ event) =>
        model.chooseNetwork(/** @type {HTMLSelectElement} */ (event.target).value)}
    >
      ${
        net.kind === "own" || !chosen
          ? html`<option value="" selected disabled>
              ${net.kind === "own" ? t("receptive.own") : net.name}
            </option>`
          : nothing
      }
      ${families.map(
        (family) => html`<optgroup label=${t(`receptive.family.${family}`)}>
          ${model.architectures.value
            .filter((known) => known.family === family)
            .map(
              ({ name }) =>
                html`<option value=${name} ?selected=${net.kind === "zoo" && name === net.name}>
                ${t(`receptive.net.${name}`)}
              </option>`,
            )}
        </optgroup>`,
      )}
    </select>
  </label>`;
}

/** @param {ArchitectureInfo} architecture */
function sourceWords({ name, year, source }) {
  return t("receptive.source", { title: t(`receptive.net.${name}`), year: String(year), source });
}

/** @param {ReceptiveFieldLabModel} model */
function inputSize(model) {
  const input = model.spec.value?.input;
  if (!input) return nothing;
  const [height, width] = [input.height ?? 224, input.width ?? 224];
  const stepper = (
    /** @type {string} */ key,
    /** @type {number} */ value,
    /** @type {(side: number) => [number, number]} */ next,
  ) => html`<cnn-number-stepper
    .label=${t(key)}
    .value=${value}
    .min=${1}
    .max=${LIMITS.side}
    .step=${1}
    @value-change=${(/** @type {CustomEvent} */ { detail }) => model.resize(next(detail.value))}
  ></cnn-number-stepper>`;
  return height === width
    ? stepper("receptive.size", height, (side) => [side, side])
    : [
        stepper("receptive.size.rows", height, (side) => [side, width]),
        stepper("receptive.size.columns", width, (side) => [height, side]),
      ];
}

/** @param {ReceptiveFieldLabModel} model */
function graph(model) {
  const network = model.network.value;
  const layers = network
    ? guard([network, currentLanguage()], () => network.description.nodes.map(graphLayer))
    : [];
  return html`<cnn-layer-graph
    .name=${network?.name ?? ""}
    .layers=${layers}
    .selected=${model.node.value}
    .hovered=${model.hoveredNode.value}
    .label=${t("receptive.graph")}
    @layer-hover=${(/** @type {CustomEvent} */ { detail }) => model.hover(detail.id)}
    @layer-leave=${() => model.hover("")}
    @layer-select=${(/** @type {CustomEvent} */ { detail }) => model.select(detail.id)}
  ></cnn-layer-graph>`;
}
