/**
 * The card that shows what pooling loses and what the next layer saves.
 *
 * @import { PoolingLabModel } from "./model.js"
 */
import { html, nothing } from "lit";
import { number, t } from "../../i18n/index.js";
import { readable } from "../../widgets/numbers/readable-number.js";
import { numberOption } from "../shared/lab-options-view.js";
import { wholeView } from "../shared/lab-view.js";
import { LIMITS } from "./state.js";
import { methodWords } from "./words.js";

/** @param {PoolingLabModel} model */
export function lossCard(model) {
  return html`
    <section class="card wide losses" aria-labelledby="loss-title">
      <header>
        <h2 id="loss-title">${t("pooling.loss")}</h2>
        <span>${methodWords(model.explained.value)}</span>
      </header>
      <div class="two">${lost(model)} ${saved(model)}</div>
    </section>
  `;
}

/** @param {PoolingLabModel} model */
function lost(model) {
  const restored = model.restored.value;
  const canUnpool = model.canUnpool();
  const { height, width } = restored?.map.picture ?? { height: 1, width: 1 };
  const world = { top: 0, left: 0, bottom: height, right: width };
  const numbers = restored && {
    kept: number(restored.kept),
    values: number(restored.values),
    mean: readable(restored.meanAbsoluteDifference),
  };
  return html`<div class="side">
    <cnn-segmented-control
      .label=${t("pooling.restoring")}
      .options=${(canUnpool ? ["nearest", "unpool"] : ["nearest"]).map((value) => ({
        value,
        label: t(`pooling.restoring.${value}`),
        title: t(`pooling.restoring.${value}.title`),
      }))}
      .value=${model.restoring()}
      @value-change=${(/** @type {CustomEvent} */ { detail }) =>
        model.set({ restoring: detail.value })}
    ></cnn-segmented-control>
    <div class="pictures">
      ${picture("restored", restored?.map ?? null, world)}
      ${picture("difference", restored?.difference ?? null, world)}
    </div>
    <p class="caption">${numbers ? t("pooling.loss.numbers", numbers) : ""}</p>
  </div>`;
}

/**
 * @param {"restored" | "difference"} name
 * @param {import("../shared/core-types.js").LegendedPicture | null} map
 * @param {import("../../widgets/map/map-geometry.js").Edges} world
 */
function picture(name, map, world) {
  return html`<div class=${name}>
    <p class="caption">${t(`pooling.loss.${name}`)}</p>
    <cnn-feature-map
      class="map"
      .picture=${map?.picture ?? null}
      .world=${world}
      .view=${wholeView(world)}
      .label=${t(`pooling.loss.${name}.alt`)}
    >
      <cnn-color-legend .legend=${map?.legend ?? null}></cnn-color-legend>
      <span slot="end" hidden></span>
    </cnn-feature-map>
  </div>`;
}

/** @param {PoolingLabModel} model */
function saved(model) {
  const savings = model.savings.value;
  return html`<div class="side">
    <p class="caption">${t("pooling.saved.lead")}</p>
    ${numberOption(model, "nextChannels", { min: 1, max: LIMITS.nextChannels }, "pooling")}
    <table class="savings">
      <thead>
        <tr>
          <th scope="col">${t("pooling.saved")}</th>
          <th scope="col">${t("pooling.saved.without")}</th>
          <th scope="col">${t("pooling.saved.with")}</th>
          <th scope="col">${t("pooling.saved.ratio")}</th>
        </tr>
      </thead>
      <tbody>
        ${
          savings
            ? [savedRow("memory", savings, bytes), savedRow("work", savings, compact)]
            : nothing
        }
      </tbody>
    </table>
  </div>`;
}

/**
 * @param {"memory" | "work"} name
 * @param {import("./contract.js").Savings} savings
 * @param {(value: number) => string} words
 */
function savedRow(name, { bytes: memory, multiplyAdds: work, ratio }, words) {
  const [without, behind] = { memory, work }[name];
  return html`<tr>
    <th scope="row">${t(`pooling.saved.${name}`)}</th>
    <td>${words(without)}</td>
    <td>${words(behind)}</td>
    <td>${t("pooling.saved.times", { ratio: readable(ratio) })}</td>
  </tr>`;
}

/** @param {number} value */
function bytes(value) {
  const [unit, size] = value < 1e6 ? ["kilobyte", 1e3] : ["megabyte", 1e6];
  return readable(value / Number(size), { style: "unit", unit: String(unit) });
}

/** @param {number} value */
function compact(value) {
  return number(value, { notation: "compact", maximumSignificantDigits: 3 });
}
