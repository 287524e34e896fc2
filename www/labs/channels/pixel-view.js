/**
 * The cards of one output pixel and of the code.
 *
 * @import { ChannelsLabModel } from "./model.js"
 * @import { ChannelsLabElement } from "./element.js"
 */
import { html, nothing } from "lit";
import { t } from "../../i18n/index.js";
import { CHANNELS, LETTERS } from "./state.js";
import { signed } from "./words.js";

/** @param {ChannelsLabModel} model */
export function pixelCard(model) {
  const inspection = model.inspection.value;
  const output = model.output.value;
  const { position, filters } = model.store.state.value;
  const { height, width } = output?.map.picture ?? { height: 0, width: 0 };
  const [kernel] = filters[model.chosen.value].kernels;
  const taps = kernel.length * kernel[0].length;
  return html`
    <section class="card wide pixel" aria-labelledby="pixel-title">
      <header>
        <h2 id="pixel-title">${t("channels.pixel")}</h2>
        <p class="caption">
          ${t("channels.pixel.note", { rows: kernel.length, columns: kernel[0].length, channels: CHANNELS.length, products: taps * CHANNELS.length })}
        </p>
        <span>
          ${inspection ? t("lab.pixel.place", { row: inspection.row, column: inspection.col }) : ""}
        </span>
      </header>
      <div class="parts">
        ${CHANNELS.map((name, channel) => channelPart(model, name, channel, taps))}
      </div>
      <cnn-slide-scrubber
        .positions=${width * height}
        .columns=${width}
        .taps=${taps * CHANNELS.length}
        .position=${Math.min(position[0], height - 1) * width + Math.min(position[1], width - 1)}
        .tap=${model.tap.value}
        .sliding=${model.sliding.value}
        @scrub=${(/** @type {CustomEvent} */ { detail }) =>
          model.slideTo(detail.position, detail.tap)}
        @scrub-end=${() => model.endSlide()}
      ></cnn-slide-scrubber>
    </section>
  `;
}

/**
 * Where the diagram has no room for windows and products, they stand here.
 * @param {ChannelsLabModel} model
 * @param {(typeof CHANNELS)[number]} name
 * @param {number} channel
 * @param {number} taps
 */
function channelPart(model, name, channel, taps) {
  const inspection = model.inspection.value;
  const part = inspection?.channels[channel];
  if (!inspection || !part) return nothing;
  const tap = model.tap.value === null ? -1 : model.tap.value - channel * taps;
  const active = tap >= 0 && tap < taps ? tap : null;
  const words = t(`channels.channel.${name}`);
  const grid = (
    /** @type {"window" | "products"} */ kind,
    /** @type {Uint8Array | null} */ outside,
  ) => html`<cnn-value-grid
    .values=${part[kind]}
    .cells=${part.cells[kind]}
    .columns=${inspection.size[1]}
    .active=${active}
    .outside=${outside}
    .label=${t(`channels.${kind}.label`, { channel: words })}
  ></cnn-value-grid>`;
  return html`<div class="part">
    <b class=${name}>${LETTERS[name]}</b>
    ${grid("window", inspection.outside)}
    <span aria-hidden="true">→</span>
    ${grid("products", null)}
    <p class="figures">Σ ${signed(part.sum)}</p>
  </div>`;
}

/**
 * @param {ChannelsLabModel} model
 * @param {ChannelsLabElement} lab
 */
export function codeCard(model, lab) {
  return html`
    <section class="card wide" aria-labelledby="code-title">
      <header>
        <h2 id="code-title">${t("channels.pytorch")}</h2>
        <span>${t("channels.pytorch.note")}</span>
      </header>
      <cnn-code-snippet .code=${model.pytorch.value} .label=${t("lab.pytorch.code")}></cnn-code-snippet>
      <div class="row">
        <button
          type="button"
          @click=${async () => lab.copy(await model.weightsText(), "weights")}
        >
          ${t(lab.done === "weights" ? "lab.share.done" : "channels.weights.copy")}
        </button>
        <p class="caption">${t("channels.weights.note")}</p>
      </div>
    </section>
  `;
}
