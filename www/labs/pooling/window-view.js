/**
 * The card that explains one output: its window, the weights of its pixels, and where its gradient
 * flows.
 *
 * @import { Inspection } from "./contract.js"
 * @import { PoolingLabModel } from "./model.js"
 * @import { PoolingLabElement } from "./element.js"
 */
import { html, nothing } from "lit";
import { number, t } from "../../i18n/index.js";
import { range } from "../../widgets/map/map-geometry.js";
import { readable } from "../../widgets/numbers/readable-number.js";
import { downloads, wholeView } from "../shared/lab-view.js";
import { formulas } from "./options-view.js";
import { methodWords } from "./words.js";

/**
 * @param {PoolingLabModel} model
 * @param {PoolingLabElement} lab
 */
export function windowCard(model, lab) {
  const inspection = model.inspection.value;
  return html`
    <section class="card pixel" aria-labelledby="window-title">
      <header>
        <h2 id="window-title">${t("pooling.window")}</h2>
        <cnn-segmented-control
          .label=${t("pooling.explained")}
          label-hidden
          .options=${model.methods.value.map((value) => ({ value, label: methodWords(value) }))}
          .value=${model.spot.value.method}
          @value-change=${(/** @type {CustomEvent} */ { detail }) =>
            model.set({ method: detail.value })}
        ></cnn-segmented-control>
        <span>
          ${inspection ? t("lab.pixel.place", { row: inspection.row, column: inspection.col }) : ""}
        </span>
        ${downloads(
          () => lab.savePng(),
          () => lab.saveCsv(),
        )}
      </header>
      ${
        inspection
          ? parts(model, inspection)
          : html`<p class="caption">${t("pooling.window.empty")}</p>`
      }
      ${formulas(model)}
    </section>
  `;
}

/**
 * The window on the input, and the way of the gradient back through it.
 * @param {PoolingLabModel} model
 */
export function gradientCard(model) {
  const inspection = model.inspection.value;
  if (!inspection) return nothing;
  return html`
    <section class="card wide gradients" aria-labelledby="gradient-title">
      <header>
        <h2 id="gradient-title">${t("pooling.gradient.heading")}</h2>
        <span>${methodWords(model.spot.value.method)}</span>
      </header>
      <div class="window">
        ${closeUp(model, inspection)} ${gradient(model, inspection)}
        ${isRoomy(inspection) ? nothing : wholeParts(model, inspection)}
      </div>
    </section>
  `;
}

/**
 * The window on the input with its surroundings.
 * @param {PoolingLabModel} model
 * @param {Inspection} inspection
 */
function closeUp(model, inspection) {
  const world = around(inspection);
  const { winner } = inspection;
  const markers = winner ? [{ row: winner[0], col: winner[1], kind: "hover" }] : [];
  return html`<div class="closeup">
    <p class="caption">${t("pooling.closeup")}</p>
    <cnn-feature-map
      .picture=${model.input.value?.picture ?? null}
      .world=${world}
      .view=${wholeView(world)}
      .windows=${[outline(inspection)]}
      .markers=${markers}
      .label=${t("pooling.closeup.alt")}
    >
      <span slot="end" hidden></span>
    </cnn-feature-map>
  </div>`;
}

/**
 * @param {PoolingLabModel} model
 * @param {Inspection} inspection
 */
function parts(model, inspection) {
  const { color } = model.store.state.value;
  const note = noteWords(model, inspection);
  if (inspection.window.length === 0) {
    return html`<div class="parts">
      <p class="value">${readable(inspection.value)}</p>
      <p class="caption">${note}</p>
      <p class="caption">${t("pooling.window.large", { count: inspection.count })}</p>
    </div>`;
  }
  return html`<div class="parts">
    <cnn-pixel-inspector
      weights="weights"
      .inspection=${asProducts(inspection)}
      .channels=${color === "color" ? 3 : 1}
      .note=${note}
      .marked=${winnerCell(inspection)}
      @channel-pick=${(/** @type {CustomEvent} */ event) =>
        model.set({ channel: event.detail.channel }, "channel")}
    ></cnn-pixel-inspector>
  </div>`;
}

/**
 * The same numbers, with room for all of them.
 * @param {PoolingLabModel} model
 * @param {Inspection} inspection
 */
function wholeParts(model, inspection) {
  return html`<div class="whole">
    <cnn-pixel-inspector
      weights="weights"
      .inspection=${asProducts(inspection)}
      .note=${noteWords(model, inspection)}
      .marked=${winnerCell(inspection)}
    ></cnn-pixel-inspector>
  </div>`;
}

/** Most rows of a window whose numbers are easy to read on the first screen. */
const ROOMY_ROWS = 3;

/** @param {Inspection} inspection */
function isRoomy({ size, window }) {
  return window.length === 0 || size[0] <= ROOMY_ROWS;
}

/**
 * The window, as the pixel inspector takes it.
 * @param {Inspection} inspection
 */
function asProducts(inspection) {
  const { weights, products, value, cells } = inspection;
  return {
    ...inspection,
    kernel: weights,
    partialSums: products,
    sum: value,
    bias: 0,
    beforeRelu: value,
    cells: { ...cells, kernel: cells.weights },
  };
}

/**
 * Where a gradient of 1 flows.
 * @param {PoolingLabModel} model
 * @param {Inspection} inspection
 */
function gradient(model, inspection) {
  const { gradientOf } = model.store.state.value;
  const answer = model.gradient.value;
  const { height, width } = model.input.value?.picture ?? { height: 1, width: 1 };
  const world =
    gradientOf === "one" ? around(inspection) : { top: 0, left: 0, bottom: height, right: width };
  const numbers = answer && {
    reached: answer.reached,
    pixels: answer.pixels,
    sum: readable(answer.sum),
  };
  return html`<div class="closeup">
    <cnn-segmented-control
      .label=${t("pooling.gradient")}
      .options=${["one", "all"].map((value) => ({
        value,
        label: t(`pooling.gradient.${value}`),
        title: t(`pooling.gradient.${value}.title`),
      }))}
      .value=${gradientOf}
      @value-change=${(/** @type {CustomEvent} */ { detail }) =>
        model.set({ gradientOf: detail.value })}
    ></cnn-segmented-control>
    <cnn-feature-map
      class="gradient"
      .picture=${answer?.map.picture ?? null}
      .world=${world}
      .view=${wholeView(world)}
      .windows=${gradientOf === "one" ? [outline(inspection)] : []}
      .label=${numbers ? t("pooling.gradient.reached", numbers) : ""}
    >
      <cnn-color-legend .legend=${answer?.map.legend ?? null}></cnn-color-legend>
      <span slot="end" hidden></span>
    </cnn-feature-map>
    <p class="caption">${numbers ? t("pooling.gradient.reached", numbers) : ""}</p>
  </div>`;
}

/**
 * How the value is computed from the window.
 * @param {PoolingLabModel} model
 * @param {Inspection} inspection
 */
function noteWords(model, { count, winner, size }) {
  const { method } = model.spot.value;
  const { p, size: window, kind } = model.store.state.value;
  const isMax =
    method === "max" || ((method === "adaptive" || method === "global") && kind === "max");
  if (isMax && winner) {
    return t("pooling.note.max", { count, row: winner[0], column: winner[1] });
  }
  const [rows, columns] = method === "max_blur" ? window : size;
  return t(`pooling.note.${NOTES[method]}`, { count, p: number(p), rows, columns });
}

const NOTES = /** @type {const} */ ({
  max: "max",
  average: "average",
  lp: "lp",
  strided: "strided",
  binomial: "strided",
  blur: "strided",
  max_blur: "max_blur",
  adaptive: "average",
  global: "average",
});

/**
 * The cell of the window that holds the maximum.
 * @param {Inspection} inspection
 */
function winnerCell({ winner, rows, cols }) {
  if (!winner) return null;
  return rows.indexOf(winner[0]) * cols.length + cols.indexOf(winner[1]);
}

/**
 * The window on the input: its own pixels, or its footprint if the window lies on an intermediate
 * map.
 * @param {Inspection} inspection
 */
function outline({ footprint, rows, cols }) {
  const isOnInput =
    rows[0] === footprint.rows[0] &&
    rows[rows.length - 1] === footprint.rows[1] &&
    cols[0] === footprint.cols[0] &&
    cols[cols.length - 1] === footprint.cols[1];
  const taps = isOnInput
    ? { rows, cols }
    : { rows: range(footprint.rows), cols: range(footprint.cols) };
  return { ...taps, kind: "hover" };
}

/**
 * A square around the window with a margin as large as the window.
 * @param {Inspection} inspection
 */
function around({ footprint }) {
  const [top, bottom] = [footprint.rows[0], footprint.rows[1] + 1];
  const [left, right] = [footprint.cols[0], footprint.cols[1] + 1];
  const half = Math.max(bottom - top, right - left) / 2;
  const reach = half + Math.ceil(Math.min(half, 40)) + 1;
  const [row, col] = [(top + bottom) / 2, (left + right) / 2];
  return { top: row - reach, left: col - reach, bottom: row + reach, right: col + reach };
}
