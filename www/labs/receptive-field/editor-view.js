/**
 * The layer editor in the card of the network, with the elements that it alone uses. Few build a
 * network, so it is loaded when it is first opened.
 *
 * @import { ReceptiveFieldLabModel } from "./model.js"
 */
import { html, nothing } from "lit";
import { t } from "../../i18n/index.js";
import { register } from "../../widgets/base/register.js";
import { add, changeOption, moveLayer, removeLayer } from "./editing.js";
import { BLOCK_KINDS } from "./layer-blocks.js";
import { isMovable, isRemovable } from "./layer-edit.js";
import { LAYER_KINDS, newLayer, optionsOf } from "./layer-kinds.js";
import { LayerEditorElement } from "./widgets/layer-editor.js";

register({ "cnn-layer-editor": LayerEditorElement });

/** Number of layers up to which the editor computes for every row whether it can move. */
const SMALL = 120;

/**
 * @param {ReceptiveFieldLabModel} model
 * @param {typeof import("./words.js").operatorWords} operatorWords  given, so that the build leaves
 *   the words in the lab's own file
 */
export function editorView(model, operatorWords) {
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
      @layer-add=${(/** @type {CustomEvent} */ { detail }) => add(model, detail.kind)}
      @layer-remove=${(/** @type {CustomEvent} */ { detail }) => removeLayer(model, detail.id)}
      @layer-move=${(/** @type {CustomEvent} */ { detail }) =>
        moveLayer(model, detail.id, detail.by)}
      @layer-edit=${(/** @type {CustomEvent} */ { detail }) =>
        changeOption(model, detail.id, detail.name, detail.value)}
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
