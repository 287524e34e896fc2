/**
 * The state of the weights: a line at the tabs, and the card that offers them.
 *
 * @import { NetworksLabModel } from "./model.js"
 */
import { html, nothing } from "lit";
import { t } from "../../i18n/index.js";
import { BYTES } from "./weights.js";
import { megabytes } from "./words.js";

/** @param {NetworksLabModel} model */
export function weightsLine({ weights }) {
  const status = weights.status.value;
  return html`<p class=${`weights-line ${status.kind}`} role="status">
    ${t(`networks.weights.line.${status.kind}`, { size: megabytes(BYTES) })}
  </p>`;
}

/**
 * What to do about missing weights.
 * @param {NetworksLabModel} model
 */
export function weightsCard({ weights }) {
  const status = weights.status.value;
  const isLoading = status.kind === "loading";
  const failed = status.kind === "failed" ? status.why : null;
  return html`<section class="card offer" aria-labelledby="offer-title">
    <h2 id="offer-title">${t("networks.offer")}</h2>
    <p>${t("networks.offer.note", { size: megabytes(BYTES) })}</p>
    ${failed ? html`<p class="note problem" role="alert">${t(`networks.weights.${failed}`)}</p>` : nothing}
    ${
      !weights.isReachable && !failed
        ? html`<p class="note">${t("networks.weights.absent")}</p>`
        : nothing
    }
    ${
      isLoading || status.kind === "checking"
        ? html`<div class="loading">
            <progress
              aria-label=${t("networks.offer.progress")}
              max=${BYTES}
              .value=${isLoading ? status.received : BYTES}
            ></progress>
            <span class="figures">
              ${
                isLoading
                  ? t("networks.offer.received", {
                      received: megabytes(status.received),
                      size: megabytes(BYTES),
                    })
                  : t("networks.offer.checking")
              }
            </span>
            ${
              isLoading
                ? html`<button type="button" class="stop" @click=${() => weights.cancel()}>
                    ${t("lab.cancel")}
                  </button>`
                : nothing
            }
          </div>`
        : html`<div class="row">
            ${
              weights.isReachable
                ? html`<button type="button" class="primary fetch" @click=${() => weights.load()}>
                    ${t(failed ? "networks.offer.again" : "networks.offer.fetch", {
                      size: megabytes(BYTES),
                    })}
                  </button>`
                : nothing
            }
            <label class="file">
              <input
                type="file"
                class="visually-hidden"
                accept=".bin"
                @change=${async (/** @type {Event} */ { target }) => {
                  const input = /** @type {HTMLInputElement} */ (target);
                  const [file] = input.files ?? [];
                  input.value = "";
                  if (file) await weights.open(file);
                }}
              />
              <span>${t("networks.offer.open")}</span>
            </label>
          </div>`
    }
    <p class="caption">${t("networks.offer.source")}</p>
  </section>`;
}
