/**
 * The diagram that is the arithmetic: planes, windows, kernels, products and results in three rows,
 * one per channel, gathered into one feature map.
 *
 * @import { ChannelsLabModel } from "./model.js"
 * @import { ChannelsLabElement } from "./element.js"
 * @import { LegendedPicture } from "./contract.js"
 */
import { html, nothing, svg } from "lit";
import { number, t } from "../../i18n/index.js";
import { padCard, picturePicker, pictureWords, sizeWords, wholeView } from "../shared/lab-view.js";
import { CHANNELS, LETTERS, LIMITS } from "./state.js";
import { signed } from "./words.js";

/**
 * @param {ChannelsLabModel} model
 * @param {ChannelsLabElement} lab
 */
export function benchCard(model, lab) {
  const { combining, filters } = model.store.state.value;
  const inspection = model.inspection.value;
  const output = model.output.value;
  const kernels = filters[model.chosen.value].kernels;
  const [rows, columns] = [kernels[0].length, kernels[0][0].length];
  const isApart = combining === "apart";
  const heads = {
    picture: output
      ? sizeWords({
          height: model.planes.value?.picture.height ?? 0,
          width: model.planes.value?.picture.width ?? 0,
        })
      : "",
    planes: t("channels.planes.note"),
    window: inspection
      ? t("channels.window.note", { row: inspection.row, column: inspection.col })
      : "",
    kernels: t("channels.kernels.note", { rows, columns }),
    products: t("channels.products.note"),
    results: output ? rangeWords(output.results[0]) : "",
    map: isApart
      ? t("channels.apart.note")
      : t(model.store.state.value.relu ? "channels.map.note.relu" : "channels.map.note"),
  };
  const title = (/** @type {keyof typeof heads} */ name, /** @type {string} */ words) =>
    html`<div class=${`head-of ${name}`}>
      <h2>${words}</h2>
      <p>${heads[name]}</p>
    </div>`;
  return html`
    <section
      class=${isApart ? "card bench apart" : "card bench"}
      aria-label=${t("channels.bench")}
    >
      ${title("picture", t("channels.picture"))} ${title("planes", t("channels.planes"))}
      ${title("window", t("channels.window"))}
      ${title("kernels", t("channels.filter", { filter: model.chosen.value + 1 }))}
      ${title("products", t("channels.products"))} ${title("results", t("channels.results"))}
      ${title(
        "map",
        isApart
          ? t("channels.apart")
          : t("channels.map", { filter: model.chosen.value + 1, filters: filters.length }),
      )}
      ${pictureColumn(model, lab)} ${fan("fan-out")}
      ${CHANNELS.map((name, channel) => channelRow(model, lab, name, channel))}
      ${isApart ? nothing : fan("fan-in")} ${mapColumn(model, lab, isApart)} ${stackColumn(model)}
    </section>
  `;
}

/**
 * @param {ChannelsLabModel} model
 * @param {ChannelsLabElement} lab
 */
function pictureColumn(model, lab) {
  const color = model.inspection.value?.color ?? null;
  return html`<div class="picture-column">
    ${map(model, lab, "input", model.planes.value?.picture ?? null, {
      label: t("channels.picture.alt", { picture: pictureWords(model.pictureShown) }),
      ofInput: true,
    })}
    <p class="color" aria-label=${t("channels.color")}>
      ${CHANNELS.map(
        (name, index) =>
          html`<span><b class=${name}>${LETTERS[name]}</b
            >${color ? number(color[index], TWO) : "–"}</span
          >`,
      )}
    </p>
    ${picturePicker(model, lab)} ${padCard(model, lab)}
  </div>`;
}

/**
 * @param {ChannelsLabModel} model
 * @param {ChannelsLabElement} lab
 * @param {(typeof CHANNELS)[number]} name
 * @param {number} channel
 */
function channelRow(model, lab, name, channel) {
  const { filters, combining } = model.store.state.value;
  const kernel = filters[model.chosen.value].kernels[channel];
  const inspection = model.inspection.value;
  const part = inspection?.channels[channel];
  const output = model.output.value;
  const taps = kernel.length * kernel[0].length;
  const tap = model.tap.value === null ? null : model.tap.value - channel * taps;
  const active = tap !== null && tap >= 0 && tap < taps ? tap : null;
  const columns = inspection?.size[1] ?? 1;
  const words = t(`channels.channel.${name}`);
  const isZero = kernel.every((row) => row.every((weight) => weight === 0));
  const { gridProblem } = lab;
  return html`
    <div class=${`plane ${name}`}>
      <span class=${`letter ${name}`} aria-hidden="true">${LETTERS[name]}</span>
      ${map(model, lab, `plane-${name}`, model.planes.value?.planes[channel] ?? null, {
        label: t("channels.plane.alt", { channel: words }),
        ofInput: true,
      })}
    </div>
    <div class=${`window ${name}`}>
      <cnn-value-grid
        .values=${part?.window ?? []}
        .cells=${part?.cells.window ?? null}
        .columns=${columns}
        .active=${active}
        .outside=${inspection?.outside ?? null}
        .label=${t("channels.window.label", { channel: words })}
      ></cnn-value-grid>
    </div>
    <span class=${`times ${name}`} aria-hidden="true">×</span>
    <div class=${`kernel ${name}`}>
      <cnn-kernel-grid
        bare
        .kernel=${kernel}
        .cells=${output?.cells[channel] ?? null}
        .brush=${model.brush.value}
        .problem=${gridProblem?.channel === channel ? gridProblem : null}
        .label=${t("channels.kernel.label", { channel: words, rows: kernel.length, columns: kernel[0].length })}
        @kernel-paint=${(/** @type {CustomEvent} */ { detail }) =>
          model.paint(channel, detail.cells, detail.stroke)}
        @kernel-type=${(/** @type {CustomEvent} */ { detail }) => lab.typeWeight(channel, detail)}
        @kernel-step=${(/** @type {CustomEvent} */ { detail }) => model.step(channel, detail)}
        @kernel-paste=${(/** @type {CustomEvent} */ { detail }) => lab.pasteWeights(detail.text)}
        @kernel-cell-focus=${(/** @type {CustomEvent} */ { detail }) =>
          lab.focusedCell(channel, detail)}
      ></cnn-kernel-grid>
    </div>
    <span class=${`equals ${name}`} aria-hidden="true">=</span>
    <div class=${`products ${name}`}>
      <cnn-value-grid
        .values=${part?.products ?? []}
        .cells=${part?.cells.products ?? null}
        .columns=${columns}
        .active=${active}
        .label=${t("channels.products.label", { channel: words })}
      ></cnn-value-grid>
    </div>
    <div class=${`result ${name}`}>
      ${map(model, lab, `result-${name}`, output?.results[channel].picture ?? null, {
        label: t("channels.result.alt", { channel: words }),
      })}
      <p class="sum">
        ${
          isZero
            ? t("channels.ignored")
            : html`Σ ${LETTERS[name]} = ${part ? signed(part.sum) : ""}`
        }
      </p>
    </div>
    ${combining === "apart" ? html`<span class=${`own ${name}`} aria-hidden="true">→</span>` : nothing}
  `;
}

/**
 * @param {ChannelsLabModel} model
 * @param {ChannelsLabElement} lab
 * @param {boolean} isApart
 */
function mapColumn(model, lab, isApart) {
  const output = model.output.value;
  const shown = isApart ? (model.apart.value?.picture ?? null) : (output?.map ?? null);
  const { problem, busy } = model;
  return html`<div class="map-column">
    ${
      busy.value && output
        ? html`<button type="button" class="cancel" @click=${() => model.cancel()}>
            ${t("lab.cancel")}
          </button>`
        : nothing
    }
    ${map(model, lab, "output", shown?.picture ?? null, {
      label: isApart
        ? t("channels.apart.alt")
        : output
          ? lab.mapWords(model.chosen.value, output.map)
          : "",
      reveal: true,
    })}
    <cnn-color-legend .legend=${shown?.legend ?? null}></cnn-color-legend>
    ${isApart ? apartPart(model, lab) : equation(model)}
    ${
      problem.value
        ? html`<p class="note problem">
            ${t(`error.${problem.value.code}`, problem.value.details)} ${t("lab.output.kept")}
          </p>`
        : nothing
    }
  </div>`;
}

/** The sum over the channels, the bias and the activation, in numbers. @param {ChannelsLabModel} model */
function equation(model) {
  const inspection = model.inspection.value;
  const { relu } = model.store.state.value;
  if (!inspection) return html`<div class="equation"></div>`;
  const { channels, sum, bias, beforeActivation, value, partialSums } = inspection;
  const tap = model.tap.value;
  return html`<div class="equation figures">
    <p>Σ ${channels.map((part) => html`${signed(part.sum)} `)}</p>
    <p>= ${signed(sum)} ${t("channels.equation.bias")} ${signed(bias)} ${relu ? html`= ${signed(beforeActivation)}` : nothing}</p>
    <p class="value"><small>${relu ? "ReLU" : "="}</small> ${signed(value)}</p>
    ${
      tap === null || tap >= partialSums.length
        ? nothing
        : html`<p class="partial">
            ${t("channels.equation.partial", {
              tap: tap + 1,
              taps: partialSums.length,
              sum: number(partialSums[tap], { maximumFractionDigits: 3 }),
            })}
          </p>`
    }
  </div>`;
}

/**
 * What a colour picture filtered plane by plane has in common with the CNN's sum.
 * @param {ChannelsLabModel} model
 * @param {ChannelsLabElement} lab
 */
function apartPart(model, lab) {
  const apart = model.apart.value;
  if (!apart) return nothing;
  const { differing, count, largest, sameKernels } = apart;
  const agree = differing === 0;
  return html`<div class="difference-of">
    <p class="caption">
      ${t(sameKernels ? "channels.apart.same" : "channels.apart.own")}
      ${
        agree
          ? t("channels.apart.agree")
          : t("channels.apart.differ", {
              differing: number(differing),
              count: number(count),
              largest: number(largest, { maximumSignificantDigits: 3 }),
            })
      }
    </p>
    ${map(model, lab, "difference", apart.difference.picture, {
      label: t("channels.apart.difference.alt"),
    })}
    <cnn-color-legend .legend=${apart.difference.legend}></cnn-color-legend>
    ${
      sameKernels
        ? nothing
        : html`<button type="button" @click=${() => model.spreadKernel()}>
            ${t("channels.apart.spread", { channel: t(`channels.channel.${CHANNELS[model.channel.value]}`) })}
          </button>`
    }
  </div>`;
}

/** @param {ChannelsLabModel} model */
function stackColumn(model) {
  const { filters } = model.store.state.value;
  const isFull = filters.length >= LIMITS.filters;
  return html`<div class="stack-column" role="group" aria-label=${t("channels.stack")}>
    ${filters.map(
      (_, index) => html`<button
        type="button"
        class="thumb"
        aria-pressed=${String(index === model.chosen.value)}
        aria-label=${t("channels.stack.choose", { filter: index + 1 })}
        title=${t("channels.stack.choose", { filter: index + 1 })}
        @click=${() => model.choose(index)}
      >
        <cnn-picture-canvas .picture=${model.stack.value[index]?.picture ?? null}></cnn-picture-canvas>
        <span>${index + 1}</span>
      </button>`,
    )}
    <button
      type="button"
      class="add"
      aria-label=${t("channels.stack.add")}
      title=${t(isFull ? "channels.stack.full" : "channels.stack.add")}
      aria-disabled=${isFull ? "true" : nothing}
      @click=${() => model.add("blank")}
    >
      +
    </button>
  </div>`;
}

/**
 * A small map that shares place and view with all others.
 * @param {ChannelsLabModel} model
 * @param {ChannelsLabElement} lab
 * @param {string} name
 * @param {import("./contract.js").Picture | null} picture
 * @param {{ label: string, ofInput?: boolean, reveal?: boolean }} kind
 */
function map(model, lab, name, picture, { label, ofInput = false, reveal = false }) {
  const output = model.output.value;
  const { stride, position } = model.store.state.value;
  const inspection = model.inspection.value;
  const world = worldOf(model);
  const size = output?.map.picture;
  const [row, col] = model.shownPosition.value;
  const covered = reveal && size && model.sliding.value;
  return html`<cnn-feature-map
    bare
    pickable
    class=${name}
    .picture=${picture}
    .origin=${ofInput ? [0, 0] : (output?.origin ?? [0, 0])}
    .step=${ofInput ? [1, 1] : stride}
    .cells=${ofInput && output && size ? { origin: output.origin, step: stride, width: size.width, height: size.height } : null}
    .world=${world}
    .view=${lab.view ?? wholeView(world)}
    .windows=${ofInput && inspection ? [{ rows: inspection.rows, cols: inspection.cols, kind: "hover" }] : []}
    .markers=${ofInput || !output ? [] : [{ row, col, kind: "hover" }]}
    .reveal=${covered ? position[0] * size.width + position[1] : null}
    .label=${label}
    @map-view=${(/** @type {CustomEvent} */ event) => lab.look(event.detail.view)}
    @map-pick=${(/** @type {CustomEvent} */ { detail }) => pick(model, detail)}
    @map-leave=${() => model.hover(null)}
  ></cnn-feature-map>`;
}

/**
 * @param {ChannelsLabModel} model
 * @param {{ row: number, col: number, how: "hover" | "select" | "key" }} pixel
 */
function pick(model, { row, col, how }) {
  if (how === "hover") model.hover([row, col]);
  else model.moveTo([row, col]);
}

/** Lines that part or gather. @param {"fan-out" | "fan-in"} name */
function fan(name) {
  const ends = [17, 50, 83];
  const path = (/** @type {number} */ end) =>
    name === "fan-out"
      ? svg`<path d=${`M0 50C60 50 40 ${end} 100 ${end}`}></path>`
      : svg`<path d=${`M0 ${end}C60 ${end} 40 50 100 50`}></path>`;
  return html`<svg class=${`fan ${name}`} viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
    ${ends.map(path)}
  </svg>`;
}

/** @param {LegendedPicture} map */
function rangeWords({ legend }) {
  const [min, max] = [legend.min, legend.max].map((value) => number(value, ONE));
  return t("channels.range", { min, max });
}

/**
 * What all maps can show, in input pixels: the picture with its padding, if the output reaches there.
 * @param {ChannelsLabModel} model
 */
function worldOf({ planes }) {
  const { height, width } = planes.value?.picture ?? { height: 256, width: 256 };
  return { top: 0, left: 0, bottom: height, right: width };
}

const TWO = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
const ONE = { maximumFractionDigits: 1 };
