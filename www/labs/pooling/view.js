/**
 * The pooling lab's cards, rendered from its model. Everything shown comes from the engine; every
 * action goes to the model.
 *
 * @import { PoolingLabModel } from "./model.js"
 * @import { MethodName } from "./state.js"
 * @import { PoolingLabElement } from "./element.js"
 */
import { html, nothing } from "lit";
import { guard } from "lit/directives/guard.js";
import { currentLanguage, t } from "../../i18n/index.js";
import { range } from "../../widgets/map/map-geometry.js";
import {
  colorChoice,
  labHead,
  padCard,
  pictureCard,
  pictureWords,
  sizeWords,
  wholeView,
} from "../shared/lab-view.js";
import { lossCard } from "./loss-view.js";
import { optionsCard } from "./options-view.js";
import { shiftCard } from "./shift-view.js";
import { gradientCard, windowCard } from "./window-view.js";
import { costWords, methodWords, outputWords } from "./words.js";

/**
 * @param {PoolingLabModel} model
 * @param {PoolingLabElement} lab
 */
export function poolingLabView(model, lab) {
  return html`
    ${labHead(model, lab, { title: t("pooling.title"), lead: t("pooling.lead") })}
    ${guard(ofStage(model, lab), () => stage(model, lab))}
    ${shiftCard(model)}
    <p class="visually-hidden" role="status">${lab.status}</p>
  `;
}

/**
 * What everything but the experiment depends on.
 * @param {PoolingLabModel} model
 * @param {PoolingLabElement} lab
 */
function ofStage(model, lab) {
  const { setting, input, outputs, inspection, gradient, restored, savings, spot } = model;
  const { problem, busy, pictures } = model;
  const signals = [setting, input, outputs, inspection, gradient, restored, savings, spot];
  return [
    currentLanguage(),
    lab.view,
    lab.isDrawing,
    lab.unlinked,
    ...[...signals, problem, busy, pictures.patterns].map(({ value }) => value),
  ];
}

/**
 * @param {PoolingLabModel} model
 * @param {PoolingLabElement} lab
 */
function stage(model, lab) {
  const methods = model.methods.value;
  return html`
    <div class="stage">
      <div class="maps">
        ${inputCard(model, lab)}
        <div class="outputs" role="group" aria-label=${t("pooling.outputs")}>
          ${methods.map((method) => outputCard(model, lab, method))}
        </div>
      </div>
      ${optionsCard(model, lab)}
      ${pictureCard(model, lab, colorChoice(model, t("pooling.color.note")))}
      ${padCard(model, lab)}
      ${windowCard(model, lab)}
    </div>
    ${gradientCard(model)}
    ${lossCard(model)}
  `;
}

/**
 * @param {PoolingLabModel} model
 * @param {PoolingLabElement} lab
 */
function inputCard(model, lab) {
  const { color } = model.store.state.value;
  const input = model.input.value;
  const size = input && { height: input.picture.height, width: input.picture.width, color };
  const footprint = model.inspection.value?.footprint;
  const windows = footprint
    ? [{ rows: range(footprint.rows), cols: range(footprint.cols), kind: "hover" }]
    : [];
  const world = worldOf(model);
  return html`
    <section class="card input" aria-labelledby="input-title">
      <header>
        <h2 id="input-title">${t("lab.input")}</h2>
        <span>${size ? sizeWords(size) : ""}</span>
      </header>
      <cnn-feature-map
        class="map"
        zoom="beside"
        .picture=${input?.picture ?? null}
        .world=${world}
        .view=${lab.view ?? wholeView(world)}
        .windows=${windows}
        .label=${size ? t("lab.input.alt", { ...size, picture: pictureWords(model.pictureShown) }) : ""}
        @map-view=${(/** @type {CustomEvent} */ event) => lab.look(event.detail.view)}
      >
        <cnn-color-legend .legend=${input?.legend ?? null}></cnn-color-legend>
      </cnn-feature-map>
    </section>
  `;
}

/**
 * @param {PoolingLabModel} model
 * @param {PoolingLabElement} lab
 * @param {MethodName} method
 */
function outputCard(model, lab, method) {
  const { answer: frame = null, problem = null } = model.outputs.value.get(method) ?? {};
  const spot = model.spot.value;
  const isExplained = method === model.explained.value;
  const refused = isExplained ? model.problem.value : problem;
  const world = worldOf(model);
  const markers =
    frame && spot.method === method
      ? [{ row: spot.position[0], col: spot.position[1], kind: "hover" }]
      : [];
  return html`
    <section
      class=${isExplained ? "card output explained" : "card output"}
      aria-labelledby=${`${method}-title`}
    >
      <header>
        <h2 id=${`${method}-title`} title=${t(`pooling.method.${method}.title`)}>
          ${methodWords(method)}
        </h2>
        ${
          isExplained && model.busy.value && frame
            ? html`<button type="button" class="cancel" @click=${() => model.cancel()}>
                ${t("lab.cancel")}
              </button>`
            : nothing
        }
        <span>${frame ? sizeWords(frame.map.picture) : ""}</span>
      </header>
      <cnn-feature-map
        class="map"
        pickable
        .picture=${frame?.map.picture ?? null}
        .origin=${frame?.origin ?? [0, 0]}
        .step=${frame?.step ?? [1, 1]}
        .world=${world}
        .view=${lab.view ?? wholeView(world)}
        .markers=${markers}
        .label=${frame ? outputWords(method, frame) : ""}
        @map-view=${(/** @type {CustomEvent} */ event) => lab.look(event.detail.view)}
        @map-pick=${(/** @type {CustomEvent} */ { detail }) => pick(model, method, detail)}
        @map-leave=${() => model.hover(null)}
      >
        <cnn-color-legend .legend=${frame?.map.legend ?? null}></cnn-color-legend>
        <span slot="end" hidden></span>
      </cnn-feature-map>
      ${frame ? html`<p class="caption cost">${costWords(method, frame)}</p>` : nothing}
      ${
        refused
          ? html`<p class="note problem">
              ${t(`error.${refused.code}`, refused.details)} ${t("lab.output.kept")}
            </p>`
          : nothing
      }
    </section>
  `;
}

/**
 * @param {PoolingLabModel} model
 * @param {MethodName} method
 * @param {{ row: number, col: number, how: "hover" | "select" | "drop" | "key" }} pixel
 */
function pick(model, method, { row, col, how }) {
  const spot = { method, position: /** @type {[number, number]} */ ([row, col]) };
  if (how === "hover") model.hover(spot);
  else model.pick(spot);
}

/**
 * The area that the maps can show, in input pixels: the picture with the explained method's
 * padding.
 * @param {PoolingLabModel} model
 */
function worldOf(model) {
  const { height, width } = model.input.value?.picture ?? { height: 256, width: 256 };
  const [stage] = model.outputs.value.get(model.explained.value)?.answer?.stages ?? [];
  return {
    top: -(stage?.height.before ?? 0),
    left: -(stage?.width.before ?? 0),
    bottom: height + (stage?.height.after ?? 0),
    right: width + (stage?.width.after ?? 0),
  };
}
