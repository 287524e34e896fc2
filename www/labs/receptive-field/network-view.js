/**
 * The card of the network: its choice, its graph, and an editor.
 *
 * @import { ArchitectureInfo } from "./contract.js"
 * @import { ReceptiveFieldLabModel } from "./model.js"
 * @import { ReceptiveFieldLabElement } from "./element.js"
 */
import { html, nothing } from "lit";
import { guard } from "lit/directives/guard.js";
import { language, t } from "../../i18n/index.js";
import { BLOCK_KINDS } from "./layer-blocks.js";
import { isMovable, isRemovable } from "./layer-edit.js";
import { LAYER_KINDS, newLayer, optionsOf } from "./layer-kinds.js";
import { LIMITS } from "./state.js";
import { graphLayer, operatorWords, shortCount } from "./words.js";

/** Number of layers up to which the editor computes for every row whether it can move. */
const SMALL = 120;

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
          @value-change=${(/** @type {CustomEvent} */ { detail }) => {
            lab.panel = detail.value;
          }}
        ></cnn-segmented-control>
      </div>
      ${lab.panel === "edit" ? editor(model) : graph(model)}
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
  lab.panel = "edit";
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
    ? guard([network, language.value], () => network.description.nodes.map(graphLayer))
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

/** @param {ReceptiveFieldLabModel} model */
function editor(model) {
  const spec = model.spec.value;
  if (!spec) return nothing;
  const { node } = model.store.state.value;
  const isSmall = spec.layers.length <= SMALL;
  const layers = spec.layers.map((layer) => {
    const { id } = layer;
    const known = isSmall || id === node;
    return {
      id,
      label: id,
      detail: operatorWords(layer),
      up: known && isMovable(spec, id, -1),
      down: known && isMovable(spec, id, 1),
      removable: known && isRemovable(spec, id),
    };
  });
  return html`
    ${layers.length === 0 ? html`<p class="caption">${t("receptive.no_layers")}</p>` : nothing}
    <cnn-layer-editor
      .layers=${layers}
      .selected=${node}
      .fields=${fields(model)}
      .kinds=${[
        ...LAYER_KINDS.map((value) => ({ value, label: operatorWords(newLayer(value).layer) })),
        ...BLOCK_KINDS.map((value) => ({ value, label: t(`receptive.block.${value}`) })),
      ]}
      @layer-select=${(/** @type {CustomEvent} */ { detail }) => model.select(detail.id)}
      @layer-add=${(/** @type {CustomEvent} */ { detail }) => model.add(detail.kind)}
      @layer-remove=${(/** @type {CustomEvent} */ { detail }) => model.removeLayer(detail.id)}
      @layer-move=${(/** @type {CustomEvent} */ { detail }) =>
        model.moveLayer(detail.id, detail.by)}
      @layer-edit=${(/** @type {CustomEvent} */ { detail }) =>
        model.setOption(detail.id, detail.name, detail.value)}
    ></cnn-layer-editor>
  `;
}

/**
 * The options of the selected layer; options it omits have the engine's defaults.
 * @param {ReceptiveFieldLabModel} model
 */
function fields(model) {
  const { node } = model.store.state.value;
  const layer = model.spec.value?.layers.find(({ id }) => id === node);
  if (!layer) return [];
  const described = model.network.value?.description.nodes.find(({ id }) => id === node);
  /** @type {Record<string, unknown> | null} */
  const defaults = described?.op === layer.op ? described.options : null;
  return optionsOf(layer.op).map(({ name, type, min = 0, max = 0, values = [] }) => {
    const value = layer[name] ?? defaults?.[name] ?? FALLBACK[name] ?? layer.size;
    const field = { name, label: t(`receptive.option.${name}`), min, max };
    if (type === "choice") {
      const options = values.map((option) => ({
        value: option,
        label: t(`receptive.value.${option}`),
      }));
      return { ...field, type, value: value ?? values[0], options };
    }
    if (type === "whole") return { ...field, type, value: Number(value) };
    if (type === "pair") return { ...field, type, value: pairOf(value) };
    const names = values.length > 0 ? values : ["valid", "same", "full", "sides"];
    return {
      ...field,
      type,
      value: typeof value === "string" ? value : sidesOf(value),
      names: names.map((option) => ({
        value: String(option),
        label: t(`receptive.padding.${option}`),
      })),
    };
  });
}

/** Defaults to show while the engine refuses the layer. @type {Record<string, unknown>} */
const FALLBACK = { stride: 1, padding: 0, dilation: 1, groups: 1, bias: true };

/**
 * @param {unknown} value
 * @returns {[number, number]}
 */
function pairOf(value) {
  const [rows, cols = rows] = [value].flat();
  return [Number(rows), Number(cols)];
}

/**
 * @param {unknown} value  one number, two, or four
 * @returns {number[]}
 */
function sidesOf(value) {
  const [top, left = top, bottom = top, right = left] = /** @type {number[]} */ ([value].flat());
  return [top, left, bottom, right];
}
