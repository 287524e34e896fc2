/**
 * What all labs show: the title with its tools, the notice, the choice of a picture.
 *
 * @import { TemplateResult } from "lit"
 * @import { EngineModel } from "./engine-model.js"
 * @import { LabModel } from "./lab-model.js"
 * @import { PictureState } from "./lab-state.js"
 * @import { LabElement } from "./lab-element.js"
 */
import { html, nothing } from "lit";
import { t } from "../../i18n/index.js";
import { photos } from "../../pictures/photos.js";
import { icons } from "./lab-icons.js";
import { PATTERNS, SMALL } from "./lab-state.js";

/**
 * The notice, and the lab's title with undo, redo, reset and link.
 * @param {EngineModel<any, any>} model
 * @param {LabElement<any, any>} lab
 * @param {{ title: string, lead: string }} words
 */
export function labHead(model, lab, { title, lead }) {
  const { store } = model;
  return html`
    <div class="notice" tabindex="-1">${notice(model)}</div>
    <div class="head">
      <div>
        <h1>${title}</h1>
        <p class="lead">${lead}</p>
      </div>
      <div class="tools row" role="toolbar" aria-label=${t("lab.tools")}>
        ${tool("undo", icons.undo, () => store.undo(), !store.canUndo.value)}
        ${tool("redo", icons.redo, () => store.redo(), !store.canRedo.value)}
        <button
          type="button"
          class="ghost"
          title=${t("lab.reset.title")}
          @click=${() => lab.reset()}
        >
          ${t("lab.reset")}
        </button>
        <button
          type="button"
          class="primary"
          title=${t("lab.share.title")}
          @click=${() => lab.copyLink()}
        >
          ${t(lab.done === "link" ? "lab.share.done" : "lab.share")}
        </button>
      </div>
    </div>
  `;
}

/**
 * The card that chooses the picture, and grey or colour if the lab supports both.
 * @param {LabModel<any, any>} model
 * @param {LabElement<any, any>} lab
 * @param {{ value: "grey" | "color", note: string, choose: (color: "grey" | "color") => void }} [color]
 */
export function pictureCard(model, lab, color) {
  return html`
    <section class="card picture" aria-label=${t("lab.picture")}>
      ${picturePicker(
        model,
        lab,
        html`${
          color
            ? html`<cnn-segmented-control
                .label=${t("lab.color")}
                label-hidden
                .options=${["grey", "color"].map((value) => ({
                  value,
                  label: t(`lab.color.${value}`),
                }))}
                .value=${color.value}
                @value-change=${(/** @type {CustomEvent} */ event) =>
                  color.choose(event.detail.value)}
              ></cnn-segmented-control>`
            : nothing
        }
        ${color?.note ? html`<p class="caption">${color.note}</p>` : nothing}`,
      )}
    </section>
  `;
}

/**
 * What chooses the picture.
 * @param {LabModel<any, any>} model
 * @param {LabElement<any, any>} lab
 * @param {unknown} [rest]  shown behind its buttons
 */
export function picturePicker(model, lab, rest = nothing) {
  const picture = model.pictureShown;
  const pick = (/** @type {CustomEvent} */ { detail }) => {
    lab.isDrawing = detail.picture.kind === "drawing";
    model.choosePicture(detail.picture);
  };
  return html`<cnn-picture-picker
    strip
    .picture=${picture}
    .photos=${photoChoices()}
    .patterns=${patternChoices(model)}
    @picture-pick=${pick}
    @picture-file=${(/** @type {CustomEvent} */ event) => lab.openFile(event.detail.file)}
    @picture-refused=${(/** @type {CustomEvent} */ event) => lab.refuse(event.detail)}
  >
    ${rest}
  </cnn-picture-picker>`;
}

/**
 * The drawing pad, which lies over other cards, so that input and output are seen while one draws.
 * @param {LabModel<any, any>} model
 * @param {LabElement<any, any>} lab
 */
export function padCard(model, lab) {
  const { picture } = /** @type {{ picture: PictureState }} */ (model.store.state.value);
  if (picture.kind !== "drawing" || !lab.isDrawing) return nothing;
  const close = () => {
    lab.isDrawing = false;
  };
  return html`<section class="card pad" aria-labelledby="pad-title">
    <header>
      <h2 id="pad-title">${t("pictures.drawing")}</h2>
      <button type="button" @click=${close}>${t("lab.pad.done")}</button>
    </header>
    <cnn-drawing-pad
      .bits=${picture.bits}
      @drawing-change=${(/** @type {CustomEvent} */ { detail }) =>
        model.choosePicture({ kind: "drawing", bits: detail.bits }, `drawing ${detail.stroke}`)}
    ></cnn-drawing-pad>
  </section>`;
}

/**
 * The choice between grey and colour, for a lab whose state has one.
 * @param {LabModel<any, any>} model
 * @param {string} note  said of colour
 */
export function colorChoice(model, note) {
  const { color } = /** @type {{ color: "grey" | "color" }} */ (model.store.state.value);
  return {
    value: color,
    note: color === "color" ? note : "",
    choose: (/** @type {"grey" | "color"} */ chosen) => model.set({ color: chosen }),
  };
}

/**
 * Buttons that save an output.
 * @param {() => void} savePng
 * @param {() => void} saveCsv
 */
export function downloads(savePng, saveCsv) {
  const button = (
    /** @type {"png" | "csv"} */ format,
    /** @type {() => void} */ act,
  ) => html`<button type="button" title=${t(`lab.download.${format}.title`)} @click=${act}>
    ${format.toUpperCase()}
  </button>`;
  return html`<div
    class="segmented downloads"
    role="group"
    aria-label=${t("lab.download")}
  >
    ${button("png", savePng)} ${button("csv", saveCsv)}
  </div>`;
}

/**
 * The view that shows the whole world.
 * @param {{ top: number, left: number, bottom: number, right: number }} world
 */
export function wholeView({ top, left, bottom, right }) {
  return { zoom: 1, row: (top + bottom) / 2, col: (left + right) / 2 };
}

/**
 * The picture's name.
 * @param {PictureState} picture
 */
export function pictureWords(picture) {
  if (picture.kind === "photo") return t(`pictures.photo.${picture.name}`);
  if (picture.kind === "pattern") return t(`pictures.pattern.${picture.name}`);
  if (picture.kind === "upload") return picture.name;
  return t(`lab.picture.${picture.kind}`);
}

/** The size of a picture. @param {{ height: number, width: number }} picture */
export function sizeWords({ height, width }) {
  return t("lab.size", { height, width });
}

/**
 * @param {"undo" | "redo"} name
 * @param {TemplateResult} icon
 * @param {() => void} act
 * @param {boolean} isDisabled
 */
function tool(name, icon, act, isDisabled) {
  return html`<button
    type="button"
    class="ghost"
    aria-label=${t(`lab.${name}`)}
    title=${t(`lab.${name}.title`)}
    aria-disabled=${isDisabled ? "true" : nothing}
    @click=${() => !isDisabled && act()}
  >
    ${icon}
  </button>`;
}

/** @param {EngineModel<any, any>} model */
function notice({ notice: current }) {
  if (!current.value) return nothing;
  const { key, params } = current.value;
  const close = (/** @type {MouseEvent} */ { currentTarget }) => {
    // The button disappears with its notice, so keep the focus there.
    const place = /** @type {Element} */ (currentTarget).closest(".notice");
    /** @type {HTMLElement} */ (place).focus();
    current.value = null;
  };
  return html`<div class=${key.startsWith("error.") ? "note problem" : "note"} role="alert">
    <p>${t(key, params)}</p>
    <button type="button" class="ghost" @click=${close}>${t("lab.close")}</button>
  </div>`;
}

function photoChoices() {
  return photos.map(({ name, url, credit }) => {
    const label = t(`pictures.photo.${name}`);
    return { name, label, thumbnail: url, credit: t("pictures.credit", { label, ...credit }) };
  });
}

/** @param {LabModel<any, any>} model */
function patternChoices({ pictures }) {
  return [SMALL, ...PATTERNS].map((name) => ({
    name,
    label: t(`pictures.pattern.${name}`),
    seed: 1,
    thumbnail: pictures.patterns.value.get(name) ?? null,
  }));
}
