/**
 * The card of the effective receptive field: how strongly each pixel influences the selected
 * position.
 *
 * @import { Field } from "../../widgets/map/map-overlay.js"
 * @import { EffectiveField } from "./contract.js"
 * @import { ReceptiveFieldLabModel } from "./model.js"
 */
import { html, nothing } from "lit";
import { number, t } from "../../i18n/index.js";
import { readable } from "../../widgets/numbers/readable-number.js";
import { LIMITS } from "./state.js";

/** @param {ReceptiveFieldLabModel} model */
export function effectiveCard(model) {
  const { field, busy, cancel, progress, problem: refused } = model.effective;
  const [effective, problem] = [field.value, refused.value];
  const { done, draws } = progress.value;
  const { width, height } = effective?.map.picture ?? { width: 1, height: 1 };
  const world = { top: 0, left: 0, bottom: height, right: width };
  return html`
    <section class="card effective" aria-labelledby="effective-title">
      <header>
        <h2 id="effective-title">${t("receptive.effective")}</h2>
        ${
          busy.value
            ? html`<button type="button" class="cancel" @click=${cancel}>
                ${t("lab.cancel")}
              </button>`
            : html`<span>${t("receptive.effective.note")}</span>`
        }
      </header>
      <div class="options">${options(model)}</div>
      ${
        draws > 1
          ? html`<label class="drawn">
              <progress max=${draws} .value=${done}></progress>
              ${t("receptive.effective.drawn", { done, draws })}
            </label>`
          : nothing
      }
      <cnn-feature-map
        class="map"
        .picture=${effective?.map.picture ?? null}
        .world=${world}
        .view=${{ zoom: 1, row: height / 2, col: width / 2 }}
        .fields=${effective ? boxes(effective) : []}
        .label=${effective ? words(effective) : ""}
      >
        <cnn-color-legend .legend=${effective?.map.legend ?? null}></cnn-color-legend>
        <span slot="end"></span>
      </cnn-feature-map>
      <p class="said" aria-live="polite" aria-busy=${busy.value}>
        ${effective ? words(effective) : problem ? "" : waitingWords(model)}
      </p>
      ${
        model.effectiveWaits.value
          ? html`<button type="button" class="ask" @click=${() => model.askEffective()}>
              ${t("receptive.effective.ask")}
            </button>`
          : nothing
      }
      ${
        problem
          ? html`<p class="note problem">
              ${t(`error.${problem.code}`, problem.details)}
            </p>`
          : nothing
      }
    </section>
  `;
}

/** @param {ReceptiveFieldLabModel} model */
function options(model) {
  const { gradient } = model.store.state.value;
  const set = (/** @type {object} */ patch, /** @type {string} */ merge) =>
    model.set({ gradient: { ...gradient, ...patch } }, merge);
  const choice = (/** @type {"weights" | "activation"} */ name, /** @type {string[]} */ values) =>
    html`<cnn-segmented-control
      .label=${t(`receptive.${name}`)}
      .options=${values.map((value) => ({
        value,
        label: t(`receptive.${name}.${value}`),
        title: t(`receptive.${name}.${value}.title`),
      }))}
      .value=${gradient[name]}
      @value-change=${(/** @type {CustomEvent} */ { detail }) =>
        set({ [name]: detail.value }, name)}
    ></cnn-segmented-control>`;
  const stepper = (/** @type {"seed" | "draws"} */ name, /** @type {number} */ min) =>
    html`<cnn-number-stepper
      .label=${t(`receptive.${name}`)}
      title=${t(`receptive.${name}.title`)}
      .value=${gradient[name]}
      .min=${min}
      .max=${LIMITS[name]}
      .step=${1}
      @value-change=${(/** @type {CustomEvent} */ { detail }) =>
        set({ [name]: detail.value }, name)}
    ></cnn-number-stepper>`;
  return html`
    ${choice("weights", ["uniform", "random"])}
    ${choice("activation", ["linear", "relu"])}
    ${gradient.weights === "random" ? [stepper("seed", 0), stepper("draws", 1)] : nothing}
  `;
}

/**
 * The theoretical field, and a square with the area that carries most of the influence.
 * @param {EffectiveField} effective
 * @returns {Field[]}
 */
function boxes({ theoretical, mass }) {
  return [
    { edges: theoretical, kind: "field" },
    ...(mass ? [{ edges: mass, kind: /** @type {const} */ ("mass") }] : []),
  ];
}

/** @param {ReceptiveFieldLabModel} model */
function waitingWords({ effectiveWaits }) {
  return t(effectiveWaits.value ? "receptive.effective.empty" : "receptive.effective.running");
}

/** @param {EffectiveField} effective */
function words({ theoretical, area, sd }) {
  if (!sd) return t("receptive.effective.nothing");
  const { top, left, bottom, right } = theoretical;
  return t("receptive.effective.words", {
    rows: number(bottom - top),
    columns: number(right - left),
    pixels: number(area.pixels),
    share: number(area.share, { style: "percent", maximumSignificantDigits: 2 }),
    side: readable(area.side),
    sdRows: readable(sd[0]),
    sdColumns: readable(sd[1]),
  });
}
