/**
 * The tab "Why": Grad-CAM, gradient, occlusion, and channels switched off.
 *
 * @import { LegendedPicture } from "./contract.js"
 * @import { NetworksLabModel } from "./model.js"
 */
import { html, nothing } from "lit";
import { number, t } from "../../i18n/index.js";
import { sentence } from "../shared/lab-element.js";
import { bar } from "./answer-bars.js";
import { className } from "./names.js";
import { PLACES } from "./occlusion.js";
import { MAPS, PATCHES } from "./state.js";
import { percent } from "./words.js";

/** @param {NetworksLabModel} model */
export function whyView(model) {
  const answer = model.answer.value;
  const { rank, patch } = model.store.state.value;
  const name = answer ? className(answer.top[rank].class) : "";
  return [
    html`<section class="card choose" aria-label=${t("networks.why")}>
      <cnn-segmented-control
        .label=${t("networks.why")}
        .options=${(answer?.top ?? []).map((entry, value) => ({
          value,
          label: `${className(entry.class)} ${percent(entry.probability)}`,
        }))}
        .value=${rank}
        @value-change=${(/** @type {CustomEvent} */ { detail }) => model.set({ rank: detail.value })}
      ></cnn-segmented-control>
      <cnn-segmented-control
        .label=${t("networks.patch")}
        .options=${PATCHES.map((value) => ({ value, label: String(value) }))}
        .value=${patch}
        @value-change=${(/** @type {CustomEvent} */ { detail }) => model.set({ patch: detail.value })}
      ></cnn-segmented-control>
    </section>`,
    html`<div class="three">
      ${explained("cam", model.gradCam.value?.map ?? null, {
        cost: t("networks.cam.cost"),
        note: t("networks.cam.note", { name }),
      })}
      ${explained("gradient", model.gradient.value?.map ?? null, {
        cost: t("networks.gradient.cost"),
        note: t("networks.gradient.note", { name }),
      })}
      ${explained("occlusion", model.occlusion.map.value, {
        cost: t("networks.occlusion.cost", { passes: PLACES * PLACES }),
        note: occlusionNote(model),
        progress: occlusionProgress(model),
      })}
    </div>`,
    channelsCard(model, name),
  ];
}

/**
 * @param {string} method
 * @param {LegendedPicture | null} map
 * @param {{ cost: string, note: string, progress?: unknown }} words
 */
function explained(method, map, { cost, note, progress = nothing }) {
  return html`<section class=${`card explained ${method}`} aria-labelledby=${`${method}-title`}>
    <header>
      <h2 id=${`${method}-title`}>${t(`networks.${method}`)}</h2>
      <span>${cost}</span>
    </header>
    <cnn-picture-canvas
      class="large"
      role="img"
      aria-label=${t(`networks.${method}.alt`)}
      .picture=${map?.picture ?? null}
    ></cnn-picture-canvas>
    ${progress}
    <cnn-color-legend .legend=${map?.legend ?? null}></cnn-color-legend>
    <p class="caption">${note}</p>
  </section>`;
}

/** @param {NetworksLabModel} model */
function occlusionNote({ occlusion, answer, store }) {
  const found = occlusion.found.value;
  const before = answer.value?.top[store.state.value.rank].probability;
  if (found.length === 0 || before === undefined) return t("networks.occlusion.wait");
  return t("networks.occlusion.note", {
    before: percent(before),
    lowest: percent(Math.min(...found)),
    highest: percent(Math.max(...found)),
  });
}

/** @param {NetworksLabModel} model */
function occlusionProgress({ occlusion }) {
  const state = occlusion.progress.value;
  const done = occlusion.found.value.length;
  const problem = occlusion.problem.value;
  if (problem) return html`<p class="note problem" role="alert">${sentence(problem)}</p>`;
  if (state === "done" || state === "idle") return html`<div class="progress-place"></div>`;
  return html`<div class="progress-place">
    <progress
      aria-label=${t("networks.occlusion.progress")}
      max=${PLACES * PLACES}
      .value=${done}
    ></progress>
    ${
      state === "running"
        ? html`<button type="button" class="stop" @click=${() => occlusion.stop()}>
            ${t("lab.cancel")}
          </button>`
        : html`<button type="button" class="again" @click=${() => occlusion.again()}>
            ${t("networks.occlusion.again")}
          </button>`
    }
  </div>`;
}

/**
 * @param {NetworksLabModel} model
 * @param {string} name
 */
function channelsCard(model, name) {
  const { channels, answer, store, without } = model;
  const found = channels.value;
  const { rank, channel } = store.state.value;
  const entry = answer.value?.top[rank];
  const before = entry?.probability;
  const byHand = entry && without.value?.[entry.class];
  return html`<section class="card channels" aria-labelledby="channels-title">
    <header>
      <h2 id="channels-title">${t("networks.channels")}</h2>
      <span>
        ${before === undefined ? "" : t("networks.channels.note", { name, before: percent(before) })}
      </span>
    </header>
    <div class="by-number">
      <cnn-number-stepper
        .label=${t("networks.channels.number")}
        .value=${channel}
        .min=${0}
        .max=${MAPS - 1}
        .step=${1}
        @value-change=${(/** @type {CustomEvent} */ { detail }) =>
          model.set({ channel: detail.value }, "channel")}
      ></cnn-number-stepper>
      <ul class="channel-list">
        ${
          byHand === undefined || before === undefined
            ? nothing
            : channelRow({ channel, probability: byHand }, before)
        }
      </ul>
    </div>
    ${
      found && before !== undefined
        ? html`<div class="pair-of-lists">
            ${
              /** @type {const} */ (["falling", "rising"]).map(
                (way) => html`<div>
                <h3>${t(`networks.channels.${way}`)}</h3>
                <ul class="channel-list">
                  ${found[way].map((one) => channelRow(one, before))}
                </ul>
              </div>`,
              )
            }
          </div>`
        : nothing
    }
    <p class="caption">${t("networks.channels.lesson")}</p>
  </section>`;
}

/**
 * @param {{ channel: number, probability: number }} without
 * @param {number} before
 */
function channelRow({ channel, probability }, before) {
  return html`<li>
    <span class="name">${t("networks.channel", { channel })}</span>
    ${bar(probability)}
    <span class="share">${percent(probability)}</span>
    <span class=${probability < before ? "less" : "more"}>
      ${number(100 * (probability - before), {
        signDisplay: "exceptZero",
        minimumFractionDigits: 1,
        maximumFractionDigits: 1,
      })}
    </span>
  </li>`;
}
