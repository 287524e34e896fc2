/**
 * The kernel lab's cards, rendered from its model. Everything shown comes from the engine; every
 * action goes to the model.
 *
 * @import { KernelLabModel } from "./model.js"
 * @import { KernelLabElement } from "./element.js"
 */
import { html, nothing } from "lit";
import { guard } from "lit/directives/guard.js";
import { currentLanguage, number, t } from "../../i18n/index.js";
import {
  colorChoice,
  downloads,
  labHead,
  padCard,
  pictureCard,
  pictureWords,
  sizeWords,
  wholeView,
} from "../shared/lab-view.js";
import { kernelCard, presetGallery } from "./kernel-view.js";

/**
 * @param {KernelLabModel} model
 * @param {KernelLabElement} lab
 */
export function kernelLabView(model, lab) {
  const rest = lab.isOutputPainted;
  return html`
    ${labHead(model, lab, { title: t("kernel-lab.title"), lead: t("kernel-lab.lead") })}
    <div class="stage">
      <div class="maps">${inputCard(model, lab)} ${outputCard(model, lab)}</div>
      ${
        rest
          ? [
              guard(
                [
                  model.filters.value,
                  model.thumbnails.value,
                  model.preset.value,
                  currentLanguage(),
                ],
                () => presetGallery(model, lab),
              ),
              pictureCard(model, lab, colorChoice(model, t("kernel-lab.color.note"))),
              kernelCard(model, lab),
              outputFoot(model, lab),
              padCard(model, lab),
              explanationCard(model),
            ]
          : nothing
      }
    </div>
    ${rest ? [wholeCard(model, lab), codeCard(model)] : nothing}
    <p class="visually-hidden" role="status">${lab.status}</p>
  `;
}

/**
 * @param {KernelLabModel} model
 * @param {KernelLabElement} lab
 */
function inputCard(model, lab) {
  const state = model.store.state.value;
  const input = model.input.value;
  const { top, left, bottom, right } = input?.padding ?? NO_PADDING;
  const size = input && {
    height: input.picture.height - top - bottom,
    width: input.picture.width - left - right,
    color: state.color,
  };
  const windows = [model.inspection.value, ...(model.pinned.value?.inspections ?? [])]
    .filter((inspection) => inspection !== null)
    .map(({ rows, cols }, index) => ({ rows, cols, kind: MARKERS[index] }));
  const world = worldOf(model);
  return html`
    <section class="card input" aria-labelledby="input-title">
      <header>
        <h2 id="input-title">${t("lab.input")}</h2>
        <span>${size ? sizeWords(size) : ""}</span>
      </header>
      <cnn-feature-map
        class="map"
        zoom="above"
        .picture=${input?.picture ?? null}
        .origin=${[-top, -left]}
        .step=${[1, 1]}
        .values=${model.inputValues.value}
        .world=${world}
        .view=${lab.view ?? wholeView(world)}
        .border=${input?.padding ?? NO_PADDING}
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
 * @param {KernelLabModel} model
 * @param {KernelLabElement} lab
 */
function outputCard(model, lab) {
  const { stride, position, pins } = model.store.state.value;
  const frame = model.frame.value;
  const world = worldOf(model);
  const shown = model.shownPosition.value;
  const markers = [shown, ...pins].map(([row, col], index) => ({ row, col, kind: MARKERS[index] }));
  return html`
    <section class="card output" aria-labelledby="output-title">
      <header>
        <h2 id="output-title">${t("kernel-lab.output")}</h2>
        ${saving(lab)}
        ${
          model.busy.value && frame
            ? html`<button type="button" class="cancel" @click=${() => model.cancel()}>
                ${t("lab.cancel")}
              </button>`
            : nothing
        }
        <span>${frame ? sizeWords(frame.picture) : ""}</span>
      </header>
      <cnn-feature-map
        class="map"
        pickable
        .picture=${frame?.picture ?? null}
        .origin=${frame?.origin ?? [0, 0]}
        .step=${stride}
        .values=${model.outputValues.value}
        .world=${world}
        .view=${lab.view ?? wholeView(world)}
        .markers=${frame ? markers : []}
        .reveal=${model.sliding.value && frame ? position[0] * frame.picture.width + position[1] : null}
        .label=${frame ? lab.outputWords(frame) : ""}
        @map-view=${(/** @type {CustomEvent} */ event) => lab.look(event.detail.view)}
        @map-pick=${(/** @type {CustomEvent} */ { detail }) => pick(model, detail)}
        @map-leave=${() => model.hover(null)}
      >
        <cnn-color-legend .legend=${frame?.legend ?? null}></cnn-color-legend>
        <span slot="end" hidden></span>
      </cnn-feature-map>
      ${
        model.problem.value
          ? html`<p class="note problem">
              ${t(`error.${model.problem.value.code}`, model.problem.value.details)}
              ${t("lab.output.kept")}
            </p>`
          : nothing
      }
    </section>
  `;
}

/**
 * The lower part of the output's card: how its size comes about, and the ways to save it.
 * @param {KernelLabModel} model
 * @param {KernelLabElement} lab
 */
function outputFoot(model, lab) {
  const formula = model.problem.value ? null : (model.frame.value?.formula ?? null);
  return html`
    <section class="card foot" aria-label=${t("lab.output.size")}>
      <cnn-size-formula .formula=${formula}></cnn-size-formula>
      ${saving(lab)}
    </section>
  `;
}

/**
 * Twice on the page, shown where there is room.
 * @param {KernelLabElement} lab
 */
function saving(lab) {
  return downloads(
    () => lab.savePng(),
    () => lab.saveCsv(),
  );
}

/**
 * @param {KernelLabModel} model
 * @param {{ row: number, col: number, how: "hover" | "select" | "drop" | "key" }} pixel
 */
function pick(model, { row, col, how }) {
  if (how === "hover") model.hover([row, col]);
  else if (how === "key" || how === "drop") model.moveTo([row, col]);
  else model.togglePin([row, col]);
}

/** @param {KernelLabModel} model */
function explanationCard(model) {
  const inspection = model.inspection.value;
  const frame = model.frame.value;
  const { color, position, kernel, pins } = model.store.state.value;
  const { height, width } = frame?.picture ?? { height: 0, width: 0 };
  return html`
    <section class="card pixel" aria-labelledby="pixel-title">
      <header>
        <h2 id="pixel-title">${t("kernel-lab.pixel")}</h2>
        <p class="caption">
          ${pins.length === 0 ? t("kernel-lab.pins.hint") : ""} ${t("lab.conventions")}
        </p>
      </header>
      <cnn-pixel-inspector
        .inspection=${inspection}
        .channels=${color === "color" && frame ? frame.channels : 1}
        .tap=${model.tap.value}
        @channel-pick=${(/** @type {CustomEvent} */ event) =>
          model.set({ channel: event.detail.channel }, "channel")}
      ></cnn-pixel-inspector>
      <cnn-slide-scrubber
        .positions=${width * height}
        .columns=${width}
        .taps=${kernel.length * kernel[0].length}
        .position=${Math.min(position[0], height - 1) * width + Math.min(position[1], width - 1)}
        .tap=${model.tap.value}
        .sliding=${model.sliding.value}
        @scrub=${(/** @type {CustomEvent} */ { detail }) =>
          model.slideTo(detail.position, detail.tap)}
        @scrub-end=${() => model.endSlide()}
      ></cnn-slide-scrubber>
      ${pinsPart(model)}
    </section>
  `;
}

/**
 * The same pixel with room for every number, for kernels larger than the first screen has room for.
 * @param {KernelLabModel} model
 * @param {KernelLabElement} lab
 */
function wholeCard(model, lab) {
  const inspection = lab.rested;
  if (!inspection || inspection.size[0] <= ROOMY_ROWS) return nothing;
  return guard(
    [inspection, model.tap.value, currentLanguage()],
    () => html`
    <section class="card wide whole" aria-labelledby="whole-title">
      <header>
        <h2 id="whole-title">${t("kernel-lab.pixel.whole")}</h2>
        <span>${t("lab.pixel.place", { row: inspection.row, column: inspection.col })}</span>
      </header>
      <cnn-pixel-inspector .inspection=${inspection} .tap=${model.tap.value}></cnn-pixel-inspector>
    </section>
  `,
  );
}

/** @param {KernelLabModel} model */
function pinsPart(model) {
  const pinned = model.pinned.value;
  if (!pinned) return nothing;
  const [first, second] = pinned.inspections.map(({ value }) => number(value));
  return html`
    <div class="pins">
      ${pinned.inspections.map(
        (inspection, index) => html`<div class="pin">
          <cnn-pixel-inspector
            compact
            .inspection=${inspection}
            .title=${t("kernel-lab.pins.title", { pin: PIN_NAMES[index] })}
          ></cnn-pixel-inspector>
          <button
            type="button"
            class="ghost"
            @click=${() => model.togglePin([inspection.row, inspection.col])}
          >
            ${t("kernel-lab.pins.remove", { pin: PIN_NAMES[index] })}
          </button>
        </div>`,
      )}
      ${
        pinned.difference === null
          ? html`<p class="caption">${t("kernel-lab.pins.second")}</p>`
          : html`<p class="difference">
              ${t("kernel-lab.pins.difference", { first, second, difference: number(pinned.difference) })}
            </p>`
      }
    </div>
  `;
}

/** @param {KernelLabModel} model */
function codeCard({ pytorch, frame, picture }) {
  const size = frame.value &&
    picture.value && {
      channels: frame.value.channels,
      height: picture.value.height,
      width: picture.value.width,
    };
  return html`
    <section class="card wide" aria-labelledby="code-title">
      <header>
        <h2 id="code-title">${t("kernel-lab.pytorch")}</h2>
        <span>${size ? t("kernel-lab.pytorch.note", size) : ""}</span>
      </header>
      <cnn-code-snippet .code=${pytorch.value} .label=${t("lab.pytorch.code")}></cnn-code-snippet>
    </section>
  `;
}

/** Most rows of a kernel whose numbers are easy to read on the first screen. */
const ROOMY_ROWS = 3;
const NO_PADDING = { top: 0, left: 0, bottom: 0, right: 0 };
const MARKERS = /** @type {const} */ (["hover", "pin-a", "pin-b"]);
const PIN_NAMES = ["A", "B"];

/**
 * The area that both maps can show, in input pixels: the picture with its padding.
 * @param {KernelLabModel} model
 */
function worldOf({ input }) {
  if (!input.value) return { top: 0, left: 0, bottom: 256, right: 256 };
  const { picture, padding } = input.value;
  const { height, width } = picture;
  const { top, left } = padding;
  return { top: -top, left: -left, bottom: height - top, right: width - left };
}
