/**
 * The card of the kernel: grid, brush, tools, options; and the presets.
 *
 * @import { KernelLabModel } from "./model.js"
 * @import { KernelLabElement } from "./element.js"
 */
import { html, nothing } from "lit";
import { number, t } from "../../i18n/index.js";
import { kernelOptions } from "./options-view.js";

/**
 * @param {KernelLabModel} model
 * @param {KernelLabElement} lab
 */
export function kernelCard(model, lab) {
  const { kernel } = model.store.state.value;
  const summary = model.frame.value?.kernel ?? null;
  const size = { height: kernel.length, width: kernel[0].length };
  return html`
    <section class="card kernel" aria-labelledby="kernel-title">
      <header>
        <h2 id="kernel-title">${t("kernel-lab.kernel")}</h2>
        <span title=${t("kernel-lab.kernel.summary.title")}>
          ${
            summary
              ? t("kernel-lab.kernel.summary", {
                  ...size,
                  sum: number(summary.sum, { maximumFractionDigits: 2 }),
                  l1: number(summary.l1, { maximumFractionDigits: 2 }),
                })
              : ""
          }
        </span>
      </header>
      <div class="bench">
      <cnn-kernel-grid
        .kernel=${kernel}
        .cells=${summary?.cells ?? null}
        .brush=${model.brush.value}
        .problem=${lab.gridProblem}
        @kernel-paint=${(/** @type {CustomEvent} */ { detail }) =>
          model.paint(detail.cells, detail.stroke)}
        @kernel-type=${(/** @type {CustomEvent} */ { detail }) => lab.typeWeight(detail)}
        @kernel-step=${(/** @type {CustomEvent} */ { detail }) =>
          model.step(detail.row, detail.col, detail.steps, detail.fine)}
        @kernel-paste=${(/** @type {CustomEvent} */ { detail }) => lab.pasteKernel(detail.text)}
      ></cnn-kernel-grid>
      <div class="tools-part">
      <cnn-kernel-brush
        .value=${model.brush.value.value}
        .symmetry=${model.brush.value.symmetry}
        @brush-change=${(/** @type {CustomEvent} */ { detail }) => {
          model.brush.value = { value: detail.value, symmetry: detail.symmetry };
        }}
      ></cnn-kernel-brush>
      <cnn-kernel-tools
        .problem=${lab.pasteProblem}
        @kernel-edit=${async (/** @type {CustomEvent} */ { detail }) =>
          lab.refuse(await model.edit(detail.edit))}
        @kernel-copy=${async (/** @type {CustomEvent} */ { detail }) =>
          lab.copy(await model.kernelText(detail.format), "kernel")}
        @kernel-paste=${(/** @type {CustomEvent} */ { detail }) => lab.pasteKernel(detail.text)}
      ></cnn-kernel-tools>
      ${parameters(model, lab)}
      </div>
      </div>
      ${kernelOptions(model, lab)}
    </section>
  `;
}

/**
 * @param {KernelLabModel} model
 * @param {KernelLabElement} lab
 */
export function presetGallery(model, lab) {
  return html`<cnn-preset-gallery
    .presets=${presets(model)}
    @preset-pick=${async (/** @type {CustomEvent} */ { detail }) =>
      lab.refuse(await model.usePreset(detail.name))}
  ></cnn-preset-gallery>`;
}

/** Presets shown without opening the rest. */
const FEATURED = [
  "identity",
  "box",
  "gaussian",
  "motion_blur",
  "sharpen",
  "unsharp",
  "emboss",
  "sobel_x",
  "sobel_y",
  "prewitt_x",
  "scharr_x",
  "laplacian_4",
  "laplacian_of_gaussian",
  "gabor",
];

/** @param {KernelLabModel} model */
function presets({ filters, thumbnails, preset }) {
  const isFeatured = (/** @type {{ name: string }} */ { name }) => FEATURED.includes(name);
  const featured = FEATURED.flatMap((name) => filters.value.filter((known) => known.name === name));
  const rest = filters.value.filter((known) => !isFeatured(known));
  return [...featured, ...rest].map(({ name, family, source }) => ({
    name,
    family,
    definition: t(`kernel-lab.definition.${name}`),
    source,
    label: t(`kernel-lab.preset.${name}`),
    selected: preset.value === name,
    thumbnail: thumbnails.value.get(name) ?? null,
  }));
}

/**
 * Sliders for the options of the preset in use.
 * @param {KernelLabModel} model
 * @param {KernelLabElement} lab
 */
function parameters(model, lab) {
  const name = model.preset.value;
  const filter = model.filters.value.find((known) => known.name === name);
  if (!filter || filter.parameters.length === 0) return nothing;
  const chosen = model.chosenPreset.value;
  const options = chosen?.name === filter.name ? chosen.options : {};
  return html`<div class="parameters">
    ${filter.parameters.map((parameter) => {
      const value = options[parameter.name] ?? parameter.default;
      const label = t(`kernel-lab.parameter.${parameter.name}`);
      const change = async (/** @type {Event} */ event) => {
        const slider = /** @type {HTMLInputElement} */ (event.target);
        const next = { ...options, [parameter.name]: slider.valueAsNumber };
        lab.refuse(await model.usePreset(filter.name, next));
      };
      return html`<div class="parameter">
        <label for=${`parameter-${parameter.name}`}>${label}</label>
        <output for=${`parameter-${parameter.name}`}>${number(value)}</output>
        <input
          id=${`parameter-${parameter.name}`}
          type="range"
          min=${parameter.min}
          max=${parameter.max}
          step=${parameter.step}
          .value=${String(value)}
          aria-valuetext=${number(value)}
          @input=${change}
        />
      </div>`;
    })}
  </div>`;
}
