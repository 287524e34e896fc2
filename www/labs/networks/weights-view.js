/**
 * The state of the weights: a line at the tabs, and the card that offers them.
 *
 * @import { NetworksLabModel } from "./model.js"
 * @import { Status, WeightsSource } from "./weights.js"
 */
import { html, nothing } from "lit";
import { t } from "../../i18n/index.js";
import { BYTES } from "./weights.js";
import { megabytes } from "./words.js";

/** @param {NetworksLabModel} model */
export function weightsLine({ weights }) {
  const { kind } = weights.status.value;
  // A file that was refused leaves the weights that were there.
  const shown = kind === "failed" && weights.bytes.value ? "ready" : kind;
  return html`<p class=${`weights-line ${shown}`} role="status">
    ${t(`networks.weights.line.${shown}`, { size: megabytes(BYTES) })}
  </p>`;
}

/**
 * What to do about missing weights.
 * @param {NetworksLabModel} model
 */
export function weightsCard({ weights }) {
  const status = weights.status.value;
  const isFailed = status.kind === "failed";
  return html`<section class="card offer" aria-labelledby="offer-title">
    <h2 id="offer-title">${t("networks.offer")}</h2>
    <p>${t("networks.offer.note", { size: megabytes(BYTES) })}</p>
    ${isFailed ? failure(status) : nothing}
    ${
      !weights.isReachable && !isFailed
        ? html`<p class="note">${t("networks.weights.absent")}</p>`
        : nothing
    }
    ${
      status.kind === "loading" || status.kind === "checking"
        ? progress(weights, status)
        : html`<div class="row">
            ${
              weights.isReachable
                ? html`<button type="button" class="primary fetch" @click=${() => weights.load()}>
                    ${t(isFailed ? "networks.offer.again" : "networks.offer.fetch", {
                      size: megabytes(BYTES),
                    })}
                  </button>`
                : nothing
            }
            ${fileButton(weights)}
          </div>`
    }
    <p class="caption">${t("networks.offer.own")}</p>
    <p class="caption">${t("networks.offer.source")}</p>
  </section>`;
}

/**
 * Other weights, once there are some.
 * @param {NetworksLabModel} model
 */
export function ownWeights({ weights }) {
  const status = weights.status.value;
  return html`<details class="own" ?open=${status.kind === "own" || status.kind === "failed"}>
    <summary>${t("networks.own")}</summary>
    <p class="caption">${t("networks.offer.own")}</p>
    ${status.kind === "failed" ? failure(status) : nothing}
    ${
      status.kind === "own"
        ? html`<p class="caption">${t("networks.own.matched", { matched: status.report.matched })}</p>
            ${names("left", status.report.leftOver)}`
        : nothing
    }
    <div class="row">
      ${fileButton(weights)}
      ${
        status.kind === "own" && weights.isReachable
          ? html`<button type="button" @click=${() => weights.load()}>${t("networks.own.back")}</button>`
          : nothing
      }
    </div>
  </details>`;
}

/** @param {Extract<Status, { kind: "failed" }>} status */
function failure(status) {
  return html`<div class="note problem" role="alert">
    <p>
      ${
        status.why === "wrong_file"
          ? t("networks.weights.wrong_file", { reason: reasonOf(status.problem) })
          : t(`networks.weights.${status.why}`)
      }
    </p>
    ${
      status.why === "unfit"
        ? [names("missing", status.report.missing), names("shape", status.report.otherShape)]
        : nothing
    }
  </div>`;
}

/** What the core says, without the sentence around it. @param {import("../../engine/protocol.js").Problem} problem */
function reasonOf({ details, message }) {
  return typeof details.reason === "string" ? details.reason : message;
}

/**
 * @param {"missing" | "shape" | "left"} kind
 * @param {readonly string[]} list
 */
function names(kind, list) {
  if (list.length === 0) return nothing;
  const shown = list.slice(0, 6).join(", ");
  return html`<p class="caption">
    ${t(`networks.own.${kind}`, { count: list.length })} <code>${shown}${list.length > 6 ? ", …" : ""}</code>
  </p>`;
}

/**
 * @param {WeightsSource} weights
 * @param {Extract<Status, { kind: "loading" }> | { kind: "none" | "checking" | "ready" }} status
 */
function progress(weights, status) {
  const received = status.kind === "loading" ? status.received : BYTES;
  return html`<div class="loading">
    <progress aria-label=${t("networks.offer.progress")} max=${BYTES} .value=${received}></progress>
    <span class="figures">
      ${
        status.kind === "loading"
          ? t("networks.offer.received", { received: megabytes(received), size: megabytes(BYTES) })
          : t("networks.offer.checking")
      }
    </span>
    ${
      status.kind === "loading"
        ? html`<button type="button" class="stop" @click=${() => weights.cancel()}>
            ${t("lab.cancel")}
          </button>`
        : nothing
    }
  </div>`;
}

/** @param {WeightsSource} weights */
function fileButton(weights) {
  return html`<label class="file">
    <input
      type="file"
      class="visually-hidden"
      accept=".bin,.safetensors"
      @change=${async (/** @type {Event} */ { target }) => {
        const input = /** @type {HTMLInputElement} */ (target);
        const [file] = input.files ?? [];
        input.value = "";
        if (file) await weights.open(file);
      }}
    />
    <span>${t("networks.offer.open")}</span>
  </label>`;
}
