/**
 * The card of the output as a stack: every map, three of them as one picture, its shape.
 *
 * @import { ChannelsLabModel } from "./model.js"
 * @import { ChannelsLabElement } from "./element.js"
 */
import { html, nothing } from "lit";
import { number, t } from "../../i18n/index.js";
import { CHANNELS, LETTERS } from "./state.js";

/**
 * @param {ChannelsLabModel} model
 * @param {ChannelsLabElement} lab
 */
export function stackCard(model, lab) {
  const { filters, composite } = model.store.state.value;
  const output = model.output.value;
  const { height, width } = output?.map.picture ?? { height: 0, width: 0 };
  return html`
    <section class="card stack" aria-labelledby="stack-title">
      <header>
        <h2 id="stack-title">${t("channels.stack.title")}</h2>
        <span class="figures">
          ${output ? `[${output.filters}, ${height}, ${width}]` : ""}
        </span>
      </header>
      <div class="maps">
        ${model.stack.value.map(
          (map, index) => html`<button
            type="button"
            class="thumb"
            aria-pressed=${String(index === model.chosen.value)}
            aria-label=${t("channels.stack.choose", { filter: index + 1 })}
            @click=${() => model.choose(index)}
          >
            <cnn-picture-canvas .picture=${map.picture}></cnn-picture-canvas>
            <span>${index + 1}</span>
          </button>`,
        )}
      </div>
      <div class="row">
        <button type="button" @click=${() => model.add("copy")}>${t("channels.stack.copy")}</button>
        <button
          type="button"
          aria-disabled=${filters.length === 1 ? "true" : nothing}
          @click=${() => model.remove()}
        >
          ${t("channels.stack.remove", { filter: model.chosen.value + 1 })}
        </button>
        ${downloadButtons(lab)}
      </div>
      <cnn-size-formula .formula=${model.problem.value ? null : (output?.formula ?? null)}></cnn-size-formula>
      <div class="composite">
        <div class="row">
          <button
            type="button"
            aria-pressed=${String(composite !== null)}
            class="switch"
            @click=${() => model.set({ composite: composite ? null : firstThree(filters.length) })}
          >
            ${t("channels.composite")}
          </button>
          ${composite ? CHANNELS.map((name, at) => chooser(model, composite, name, at)) : nothing}
        </div>
        ${
          model.composite.value
            ? html`<div class="composite-map" role="img" aria-label=${t("channels.composite.alt")}>
                <cnn-picture-canvas .picture=${model.composite.value.picture}></cnn-picture-canvas>
                <cnn-color-legend .legend=${model.composite.value.legend}></cnn-color-legend>
              </div>`
            : nothing
        }
      </div>
    </section>
  `;
}

/** @param {ChannelsLabElement} lab */
function downloadButtons(lab) {
  const button = (
    /** @type {string} */ format,
    /** @type {() => void} */ act,
  ) => html`<button type="button" title=${t(`channels.download.${format}`)} @click=${act}>
    ${format.toUpperCase()}
  </button>`;
  return html`<div class="segmented downloads" role="group" aria-label=${t("lab.download")}>
    ${button("png", () => lab.savePng())}
    ${button("csv", () => lab.saveValues("csv"))}
    ${button("npy", () => lab.saveValues("npy"))}
  </div>`;
}

/**
 * Chooses the map that is shown as one of the screen's colours.
 * @param {ChannelsLabModel} model
 * @param {[number, number, number]} composite
 * @param {(typeof CHANNELS)[number]} name
 * @param {number} at
 */
function chooser(model, composite, name, at) {
  const { length } = model.store.state.value.filters;
  const choose = (/** @type {Event} */ event) => {
    const { value } = /** @type {HTMLSelectElement} */ (event.target);
    model.set({ composite: /** @type {any} */ (composite.with(at, Number(value))) });
  };
  return html`<label class="chooser">
    <b class=${name}>${LETTERS[name]}</b>
    <select aria-label=${t("channels.composite.choose", { channel: t(`channels.channel.${name}`) })} @change=${choose}>
      ${Array.from(
        { length },
        (
          _,
          index,
        ) => html`<option value=${index} ?selected=${index === Math.min(composite[at], length - 1)}>
          ${number(index + 1)}
        </option>`,
      )}
    </select>
  </label>`;
}

/**
 * @param {number} filters
 * @returns {[number, number, number]}
 */
function firstThree(filters) {
  const last = filters - 1;
  return [0, Math.min(1, last), Math.min(2, last)];
}
