/**
 * The cards of filters worth seeing: presets, the filter as a colour picture, a trained network's.
 *
 * @import { ChannelsLabModel } from "./model.js"
 * @import { ChannelsLabElement } from "./element.js"
 */
import { html } from "lit";
import { t } from "../../i18n/index.js";
import { LIMITS } from "./state.js";

/**
 * @param {ChannelsLabModel} model
 * @param {ChannelsLabElement} lab
 */
export function filtersCard(model, lab) {
  return html`
    <section class="card filters" aria-labelledby="filters-title">
      <header>
        <h2 id="filters-title">${t("channels.presets")}</h2>
        <span>${t("channels.presets.note")}</span>
      </header>
      <cnn-preset-gallery
        .presets=${model.presets.value.map(({ name, source }, index) => ({
          name,
          source,
          definition: t(`channels.preset.${name}.title`),
          label: t(`channels.preset.${name}`),
          selected: false,
          thumbnail: model.thumbnails.value[index] ?? null,
        }))}
        @preset-pick=${(/** @type {CustomEvent} */ { detail }) => model.usePreset(detail.name)}
      ></cnn-preset-gallery>
      <div class="row">
        <button
          type="button"
          @click=${async () => lab.refuse(await model.findColor())}
        >
          ${t("channels.find")}
        </button>
        <p class="caption">${t("channels.find.note")}</p>
      </div>
      <div class="look">
        <cnn-picture-canvas .picture=${model.output.value?.look ?? null}></cnn-picture-canvas>
        <div>
          <h3>${t("channels.look", { filter: model.chosen.value + 1 })}</h3>
          <p class="caption">${t("channels.look.note")}</p>
        </div>
      </div>
    </section>
  `;
}

/** @param {ChannelsLabModel} model */
export function trainedCard(model) {
  const trained = model.trained.value;
  return html`
    <section class="card wide trained" aria-labelledby="trained-title">
      <header>
        <h2 id="trained-title">${t("channels.trained")}</h2>
        <span>${t("channels.trained.source")}</span>
      </header>
      <p class="caption">${t("channels.trained.note")}</p>
      ${
        trained
          ? html`<div class="trained-filters">
                ${trained.looks.map(
                  (look, index) => html`<button
                    type="button"
                    class="trained-filter"
                    aria-label=${t("channels.trained.use", { filter: index + 1 })}
                    title=${t("channels.trained.use", { filter: index + 1 })}
                    @click=${() => model.useTrained(index)}
                  >
                    <cnn-picture-canvas .picture=${look}></cnn-picture-canvas>
                    <cnn-picture-canvas .picture=${trained.maps[index]}></cnn-picture-canvas>
                  </button>`,
                )}
              </div>
              <div class="row">
                ${[0, LIMITS.filters].map(
                  (first) => html`<button type="button" @click=${() => model.useManyTrained(first)}>
                    ${t("channels.trained.many", { first: first + 1, last: first + LIMITS.filters })}
                  </button>`,
                )}
              </div>`
          : html`<div>
              <button type="button" class="show-trained" @click=${() => model.askForTrained()}>
                ${t("channels.trained.show")}
              </button>
            </div>`
      }
    </section>
  `;
}
