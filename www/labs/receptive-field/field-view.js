/**
 * What one position sees: its field on the picture, its figures, and how they are computed.
 *
 * @import { Field } from "../../widgets/map/map-overlay.js"
 * @import { Edges, FieldRegions, NodeDescription } from "./contract.js"
 * @import { ReceptiveFieldLabModel } from "./model.js"
 * @import { ReceptiveFieldLabElement } from "./element.js"
 */
import { html, nothing } from "lit";
import { number, t } from "../../i18n/index.js";
import { pictureWords } from "../shared/lab-view.js";
import { fieldPath, growthSteps } from "./field-path.js";
import { alignedWords } from "./questions-view.js";
import {
  countWords,
  figureWords,
  layerWords,
  memoryWords,
  operatorWords,
  shapeWords,
  sizeWords,
} from "./words.js";

/**
 * @param {ReceptiveFieldLabModel} model
 * @param {ReceptiveFieldLabElement} lab
 */
export function fieldCard(model, lab) {
  const picture = model.picture.value;
  const described = describedNode(model);
  const regions = described ? model.regions.value : null;
  const input = model.network.value?.description.nodes[0];
  const [, height, width] = input?.shape ?? [0, 256, 256];
  const step = picture && [(height ?? 0) / picture.height, (width ?? 0) / picture.width];
  const world = withMargin(
    regions?.world ?? { top: 0, left: 0, bottom: height ?? 1, right: width ?? 1 },
  );
  return html`
    <section class="card view" aria-labelledby="field-title">
      <header>
        <h2 id="field-title">${t("receptive.seen")}</h2>
        <span>${described ? placeWords(model, described) : ""}</span>
      </header>
      <cnn-feature-map
        class="map"
        pickable
        .picture=${regions ? picture : null}
        .origin=${[0, 0]}
        .step=${step ?? [1, 1]}
        .world=${world}
        .view=${lab.view ?? wholeView(world)}
        .cells=${cellsOf(model, described)}
        .fields=${regions ? nested(regions, lab.named) : []}
        .windows=${regions ? branchWindows(regions) : []}
        .label=${
          described && regions
            ? t("receptive.seen.alt", {
                picture: pictureWords(model.pictureShown),
                layer: layerWords(described.id),
                size: sizeWords(described.receptiveField),
              })
            : ""
        }
        @map-view=${(/** @type {CustomEvent} */ event) => lab.look(event.detail.view)}
        @map-pick=${(/** @type {CustomEvent} */ { detail }) =>
          model.look([detail.row, detail.col], detail.how !== "hover")}
        @map-leave=${() => model.leave()}
      >
        <p class="caption region">${regions ? regionWords(regions, lab.named) : ""}</p>
      </cnn-feature-map>
      ${regions && regions.branches.length > 0 ? branchLegend(regions) : nothing}
    </section>
  `;
}

/**
 * @param {ReceptiveFieldLabModel} model
 * @param {ReceptiveFieldLabElement} lab
 */
export function figuresCard(model, lab) {
  const described = describedNode(model);
  if (!described) {
    return html`<section class="card figures-card" aria-label=${t("receptive.figures")}>
      ${
        model.spec.value?.layers.length === 0
          ? html`<p class="caption">${t("receptive.no_layers")}</p>`
          : nothing
      }
    </section>`;
  }
  const { receptiveField: field } = described;
  const figures = [
    ["receptive.field", sizeWords(field)],
    ["receptive.stride", figureWords(field.stride)],
    ["receptive.padding.effective", figureWords(field.padding)],
    ["receptive.map", shapeWords(described.shape)],
    ["receptive.parameters", countWords(described.parameters)],
    ["receptive.multiplyAdds", countWords(described.multiplyAdds)],
    ["receptive.memory", memoryWords(described.activationBytes)],
    ["receptive.aligned", alignedWords(field.aligned)],
  ];
  return html`
    <section class="card figures-card" aria-labelledby="figures-title">
      <header>
        <h2 id="figures-title">${described.id}</h2>
        <span>${described.options ? operatorWords(described.options) : t("receptive.op.input")}</span>
      </header>
      <dl>
        ${figures.map(
          ([key, words]) => html`<div title=${t(`${key}.title`)}>
            <dt>${t(key)}</dt>
            <dd>${words}</dd>
          </div>`,
        )}
      </dl>
      ${misaligned(described)}
      ${growth(model, lab, described)}
    </section>
  `;
}

/**
 * @param {ReceptiveFieldLabModel} model
 * @param {ReceptiveFieldLabElement} lab
 * @param {NodeDescription} described
 */
function growth(model, lab, { id, receptiveField: { size } }) {
  const network = model.network.value;
  if (!network) return nothing;
  const isAlike = size[0] === size[1];
  const axis = isAlike ? 0 : lab.axis;
  const steps = growthSteps(fieldPath(network.description, id, axis), axis);
  return html`
    ${
      isAlike
        ? nothing
        : html`<cnn-segmented-control
            .label=${t("receptive.axis")}
            label-hidden
            .options=${[0, 1].map((value) => ({ value, label: t(`receptive.axis.${value}`) }))}
            .value=${axis}
            @value-change=${(/** @type {CustomEvent} */ { detail }) => {
              lab.axis = detail.value;
            }}
          ></cnn-segmented-control>`
    }
    <cnn-field-growth
      .label=${t("receptive.steps")}
      .selected=${id}
      .steps=${steps.map(({ node, formula }) => ({
        id: node.id,
        growth: formula,
        size: node.receptiveField.size[axis],
      }))}
      @layer-hover=${(/** @type {CustomEvent} */ { detail }) => {
        lab.named = detail.id;
      }}
      @layer-leave=${() => {
        lab.named = "";
      }}
      @layer-select=${(/** @type {CustomEvent} */ { detail }) => model.select(detail.id)}
    ></cnn-field-growth>
  `;
}

/** @param {NodeDescription} described */
function misaligned({ receptiveField }) {
  const [first, second] = receptiveField.misaligned;
  const isAlike = second && JSON.stringify(first.branches) === JSON.stringify(second.branches);
  const shown = isAlike ? [{ ...first, axis: "both" }] : receptiveField.misaligned;
  return shown.map(
    ({ axis, branches }) => html`<p class="note problem">
      ${t("receptive.misaligned.axis", { axis: t(`receptive.misaligned.${axis}`) })}
      ${branches.map(
        ({ id, stride, centre }) =>
          html`<br />${t("receptive.misaligned.branch", {
            branch: layerWords(id),
            stride: number(stride),
            centre: centre === null ? t("receptive.none") : number(centre),
          })}`,
      )}
    </p>`,
  );
}

/** @param {ReceptiveFieldLabModel} model */
function describedNode(model) {
  const nodes = model.network.value?.description.nodes;
  return nodes?.find(({ id }) => id === model.node.value);
}

/**
 * @param {ReceptiveFieldLabModel} model
 * @param {NodeDescription} described
 */
function placeWords(model, { id, shape }) {
  const [row, column] = model.position.value;
  const layer = layerWords(id);
  if (shape.length !== 3) return layer;
  return t("receptive.place", { layer, row, column, rows: shape[1], columns: shape[2] });
}

/**
 * The cells of the layer's map over the picture, for picking.
 * @param {ReceptiveFieldLabModel} model
 * @param {NodeDescription | undefined} described
 */
function cellsOf(model, described) {
  const lattice = model.lattice.value;
  if (!lattice || described?.shape.length !== 3) {
    return { origin: [0, 0], step: [1, 1], width: 0, height: 0 };
  }
  const [, height, width] = described.shape;
  return { ...lattice, height, width };
}

/**
 * The rectangles of the layers, the input's outermost; without duplicates, and thinned out if there
 * are very many.
 * @param {FieldRegions} regions
 * @param {string} named
 * @returns {Field[]}
 */
function nested({ nodes }, named) {
  /** @type {Map<string, Field>} */
  const fields = new Map();
  nodes.forEach(({ edges }, index) => {
    if (!edges) return;
    const kind = index === 0 ? "field" : index === nodes.length - 1 ? "unit" : "between";
    const key = Object.values(edges).join();
    if (!fields.has(key) || kind === "unit") fields.set(`${key}${kind}`, { edges, kind });
  });
  const marked = nodes.find(({ id }) => id === named)?.edges;
  const all = [...fields.values()];
  const every = Math.ceil(all.length / RECTANGLES);
  const shown = all.filter(({ kind }, index) => kind !== "between" || index % every === 0);
  return [...shown, ...(marked ? [mark(marked)] : [])];
}

/**
 * @param {Edges} edges
 * @returns {Field}
 */
function mark(edges) {
  return { edges, kind: "named" };
}

/**
 * The fields of misaligned inputs, as A and B.
 * @param {FieldRegions} regions
 */
function branchWindows({ branches }) {
  return branches
    .slice(0, BRANCH_KINDS.length)
    .flatMap(({ rows, cols }, index) =>
      rows && cols ? [{ rows: ends(rows), cols: ends(cols), kind: BRANCH_KINDS[index] }] : [],
    );
}

/** @param {FieldRegions} regions */
function branchLegend({ branches }) {
  return html`<ul class="branches">
    ${branches.slice(0, BRANCH_KINDS.length).map(
      ({ id, rows, cols }, index) => html`<li>
        ${t("receptive.branch", {
          letter: t(`maps.${BRANCH_KINDS[index]}`),
          branch: layerWords(id),
          rows: spanWords(rows),
          columns: spanWords(cols),
        })}
      </li>`,
    )}
  </ul>`;
}

/**
 * The region of the input, or of the highlighted layer, in words.
 * @param {FieldRegions} regions
 * @param {string} named
 */
function regionWords({ nodes }, named) {
  const node = nodes.find(({ id }) => id === named) ?? nodes[0];
  const words = {
    layer: layerWords(node.id),
    rows: spanWords(node.rows),
    columns: spanWords(node.cols),
  };
  if (!node.inside) return t("receptive.region.outside", words);
  const [rows, columns] = node.inside.map(spanWords);
  const isInside = rows === words.rows && columns === words.columns;
  if (isInside) return t("receptive.region", words);
  return t("receptive.region.partly", { ...words, insideRows: rows, insideColumns: columns });
}

/** @param {readonly [number, number] | null} span */
function spanWords(span) {
  return span ? t("receptive.span", { first: number(span[0]), last: number(span[1]) }) : "∅";
}

/** Margin on each side, as a share of the world. */
const ROOM = 0.015;

/** Most nested rectangles that can still be told apart. */
const RECTANGLES = 24;

const BRANCH_KINDS = /** @type {const} */ (["pin-a", "pin-b"]);

/**
 * Every coordinate of a span, as the outline of a window needs them.
 * @param {readonly [number, number]} span
 */
function ends([first, last]) {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/**
 * The world with a margin for outlines at its ends.
 * @param {Edges} world
 */
function withMargin({ top, left, bottom, right }) {
  const room = ROOM * Math.max(bottom - top, right - left);
  return { top: top - room, left: left - room, bottom: bottom + room, right: right + room };
}

/** @param {Edges} world */
function wholeView({ top, left, bottom, right }) {
  return { zoom: 1, row: (top + bottom) / 2, col: (left + right) / 2 };
}
