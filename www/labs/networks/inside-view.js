/**
 * The tab "Look inside": every block, all maps of a layer, one map over the picture.
 *
 * @import { MapSheet, ShownLayer } from "./contract.js"
 * @import { NetworksLabModel } from "./model.js"
 */
import { html, nothing, svg } from "lit";
import { number, t } from "../../i18n/index.js";
import { readable } from "../../widgets/numbers/readable-number.js";
import { choiceOption } from "../shared/lab-options-view.js";
import { SIDE } from "./state.js";
import { percent } from "./words.js";

/** @param {NetworksLabModel} model */
export function insideView(model) {
  const layer = model.layer.value;
  if (!layer) return nothing;
  return [
    stripCard(model, layer),
    html`<div class="maps-row">${sheetCard(model, layer)} ${mapCard(model, layer)}</div>`,
  ];
}

/**
 * @param {NetworksLabModel} model
 * @param {ShownLayer} layer
 */
function stripCard(model, layer) {
  const layers = model.layers.value;
  const ofBlock = layers.filter(({ block }) => block === layer.block);
  const strip = model.strip.value;
  const move = (/** @type {KeyboardEvent} */ event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    model.moveBlock(by);
  };
  return html`<section class="card strip-card" aria-labelledby="strip-title">
    <header>
      <h2 id="strip-title">${t("networks.strip")}</h2>
      <span>${layerWords(layer)}</span>
    </header>
    <div class="strip" role="group" aria-label=${t("networks.strip")} @keydown=${move}>
      ${strip.map(({ id, map }) => {
        const shown = layers.find((one) => one.id === id);
        if (!shown) return nothing;
        const isChosen = shown.block === layer.block;
        return html`<button
          type="button"
          class="block"
          aria-pressed=${String(isChosen)}
          title=${layerWords(shown)}
          @click=${() => model.chooseLayer(id)}
        >
          <cnn-picture-canvas .picture=${map.picture}></cnn-picture-canvas>
          <span>${blockWords(shown)}</span>
          <small>${shown.side}²</small>
        </button>`;
      })}
    </div>
    ${
      ofBlock.length > 1
        ? html`<cnn-segmented-control
            .label=${t("networks.layers")}
            .options=${ofBlock.map((one) => ({
              value: one.id,
              label: t(`networks.role.${one.role}`, { kernel: one.kernel }),
            }))}
            .value=${layer.id}
            @value-change=${(/** @type {CustomEvent} */ { detail }) =>
              model.chooseLayer(detail.value)}
          ></cnn-segmented-control>`
        : nothing
    }
  </section>`;
}

/**
 * @param {NetworksLabModel} model
 * @param {ShownLayer} layer
 */
function sheetCard(model, layer) {
  const found = model.sheet.value;
  const sheet = found?.layer === layer.id ? found.sheet : null;
  const chosen = sheet ? sheet.order.indexOf(model.mapNumber.value ?? -1) : -1;
  const { channels, side } = layer;
  return html`<section class="card sheet" aria-labelledby="sheet-title">
    <header>
      <h2 id="sheet-title">${t("networks.sheet")}</h2>
      <span>${t("networks.sheet.note", { channels, side })}</span>
    </header>
    <div class="sheet-scroll">
      <cnn-contact-sheet
        .picture=${sheet?.map.picture ?? null}
        .columns=${sheet?.columns ?? 12}
        .count=${channels}
        .chosen=${chosen}
        .label=${t("networks.sheet.label", { channels })}
        .chosenLabel=${t("networks.map", { map: model.mapNumber.value ?? 0 })}
        @map-pick=${(/** @type {CustomEvent} */ { detail }) =>
          sheet && model.chooseMap(sheet.order[detail.index])}
      ></cnn-contact-sheet>
    </div>
    <cnn-color-legend .legend=${sheet?.map.legend ?? null}></cnn-color-legend>
    <div class="sheet-options">
      ${choiceOption(model, "order", ["varied", "strongest", "number"], "networks")}
      ${sheet ? spread(sheet) : nothing}
    </div>
  </section>`;
}

/** How the values of a layer are distributed. @param {MapSheet} sheet */
function spread({ histogram, zeros, limited, mean, map }) {
  const most = Math.max(1, ...histogram);
  const { min, max } = map.legend;
  return html`<div class="spread">
    <figure>
      <figcaption>${t("networks.histogram")}</figcaption>
      <svg viewBox="0 0 ${histogram.length} 20" preserveAspectRatio="none" aria-hidden="true">
        ${histogram.map(
          (count, at) => svg`<rect class="fill" x=${at + 0.08} y=${20 - (20 * count) / most}
            width="0.84" height=${(20 * count) / most}></rect>`,
        )}
      </svg>
      <div class="ends"><span>${readable(min)}</span><span>${readable(max)}</span></div>
    </figure>
    <dl>
      <div><dt>${t("networks.zeros")}</dt><dd>${percent(zeros)}</dd></div>
      ${
        limited === null
          ? nothing
          : html`<div><dt>${t("networks.limited")}</dt><dd>${percent(limited)}</dd></div>`
      }
      <div><dt>${t("networks.mean")}</dt><dd>${number(mean, { maximumFractionDigits: 2 })}</dd></div>
    </dl>
  </div>`;
}

/**
 * @param {NetworksLabModel} model
 * @param {ShownLayer} layer
 */
function mapCard(model, layer) {
  const found = model.map.value;
  const view = found?.layer === layer.id ? found.view : null;
  const map = model.mapNumber.value ?? 0;
  const unit = model.unit.value ?? [0, 0];
  const [row, column] = unit;
  const field = model.field.value;
  const cell = SIDE / layer.side;
  const value = view?.values[row * layer.side + column];
  const words = { map, row, column, value: value === undefined ? "–" : readable(value) };
  const size = field ? { rows: field.size[0], columns: field.size[1] } : { rows: 0, columns: 0 };
  return html`<section class="card map-card" aria-labelledby="map-title">
    <header>
      <h2 id="map-title">${t("networks.map.title", { map })}</h2>
      <span>${t("networks.unit", { row, column })}</span>
    </header>
    <cnn-spot-picture
      class="map-over"
      .picture=${view?.map.picture ?? null}
      .spot=${
        field && {
          top: field.rows[0],
          bottom: field.rows[1],
          left: field.cols[0],
          right: field.cols[1],
        }
      }
      .anchor=${[(row + 0.5) * cell, (column + 0.5) * cell]}
      .step=${cell}
      .label=${t("networks.map.label", { ...words, ...size })}
      @spot-move=${(/** @type {CustomEvent} */ { detail }) =>
        model.chooseUnit([Math.floor(detail.row / cell), Math.floor(detail.column / cell)])}
    ></cnn-spot-picture>
    <cnn-color-legend .legend=${view?.map.legend ?? null}></cnn-color-legend>
    <p class="caption" role="status">${field ? t("networks.unit.note", { ...words, ...size }) : ""}</p>
    <h3>${t("networks.strongest")}</h3>
    <div class="places">
      ${(view?.strongest ?? []).map(
        ({ position, value: strength, seen }) => html`<button
          type="button"
          class="place"
          aria-label=${t("networks.place", {
            row: position[0],
            column: position[1],
            value: readable(strength),
          })}
          @click=${() => model.chooseUnit(position)}
        >
          <cnn-picture-canvas .picture=${seen}></cnn-picture-canvas>
          <small>${readable(strength)}</small>
        </button>`,
      )}
    </div>
    ${view ? valuesTable(view.values, layer.side) : nothing}
  </section>`;
}

/**
 * The values of a map that is small enough to read.
 * @param {Float32Array} values
 * @param {number} side
 */
function valuesTable(values, side) {
  if (side > 28) return nothing;
  const rows = Array.from({ length: side }, (_, row) =>
    values.subarray(row * side, (row + 1) * side),
  );
  return html`<details>
    <summary>${t("networks.values", { side })}</summary>
    <div class="values-scroll" tabindex="0" role="region" aria-label=${t("networks.values", { side })}>
      <table class="figures">
        ${rows.map(
          (row) => html`<tr>
            ${Array.from(row, (value) => html`<td>${number(value, { maximumFractionDigits: 2 })}</td>`)}
          </tr>`,
        )}
      </table>
    </div>
  </details>`;
}

/** @param {ShownLayer} layer */
function blockWords({ block }) {
  return /^\d+$/.test(block) ? block : t(`networks.block.${block}`);
}

/** @param {ShownLayer} layer */
function layerWords({ block, role, kernel, channels, side }) {
  const words = { kernel, channels, side };
  const what = t(`networks.role.${role}`, words);
  const where = /^\d+$/.test(block) ? t("networks.block", { block }) : t(`networks.block.${block}`);
  return t("networks.layer", { where, what, channels, side });
}
