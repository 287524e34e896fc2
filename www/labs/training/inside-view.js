/**
 * Inside the chosen run: its kernels, its layers, its mistakes, and its answer to a drawing.
 *
 * @import { TrainingLabModel } from "./model.js"
 * @import { TrainingLabElement } from "./element.js"
 * @import { Inside, LayerState } from "./contract.js"
 */
import { html, nothing, svg } from "lit";
import { number, t } from "../../i18n/index.js";
import { BLANK_DRAWING } from "../../pictures/drawing.js";
import { LETTERS } from "./state.js";
import { classWords, percent, runName, short } from "./words.js";

/**
 * @param {TrainingLabModel} model
 * @param {TrainingLabElement} lab
 */
export function insideCard(model, lab) {
  const at = model.chosen.value;
  const { runs } = model.store.state.value;
  const settings = model.settings.value[at];
  const inside = model.inside.value;
  return html`<section class=${`card inside run-${at + 1}`} aria-label=${t("training.inside")}>
    <header>
      <h2>
        ${t("training.inside")} <span class="letter">${LETTERS[at]}</span>
        ${runName(runs[at], settings)}
      </h2>
      ${inside ? html`<span>${t("training.at_step", { step: number(inside.step) })}</span>` : nothing}
      <button type="button" @click=${() => model.slow()}>${t("training.slow")}</button>
    </header>
    <div class="parts">
      ${kernels(inside)} ${layers(inside)} ${confusion(model, inside)} ${mistakes(model, inside)}
      ${drawing(model, lab)}
    </div>
  </section>`;
}

/** @param {Inside | null} inside */
function kernels(inside) {
  const legend = inside?.legend?.legend;
  return html`<div class="kernels">
    <h3>${t("training.kernels")}</h3>
    <div class="sheet">
      ${(inside?.kernels ?? Array.from({ length: 8 }, () => null)).map(
        (picture) => html`<cnn-picture-canvas .picture=${picture}></cnn-picture-canvas>`,
      )}
    </div>
    ${legend ? html`<cnn-color-legend .legend=${legend}></cnn-color-legend>` : nothing}
  </div>`;
}

/** @param {Inside | null} inside */
function layers(inside) {
  const rows = inside?.layers ?? [];
  const dead = rows.find((layer) => layer.dead);
  return html`<div class="layers">
    <h3>${t("training.layers")}</h3>
    <div class="scroll" role="region" tabindex="0" aria-label=${t("training.layers")}>
      <table>
        <thead>
          <tr>
            <th scope="col">${t("training.layer")}</th>
            <th scope="col" title=${t("training.gradient.title")}>${t("training.gradient")}</th>
            <th scope="col" title=${t("training.update.title")}>${t("training.update")}</th>
            <th scope="col" title=${t("training.dead.title")}>${t("training.dead")}</th>
            <th scope="col" title=${t("training.weights.title")}>${t("training.weights")}</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (layer) => html`<tr>
              <th scope="row">${layer.id}</th>
              <td>${short(layer.gradientNorm)}</td>
              <td>${number(layer.update, { style: "percent", maximumSignificantDigits: 2 })}</td>
              <td class=${layer.dead ? "bad" : ""}>${
                layer.dead === null ? "–" : t("training.of", { count: layer.dead, of: layer.units })
              }</td>
              <td>${histogram(layer)}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${
      dead
        ? html`<p class="warning">${t("training.dead.note", {
            dead: dead.dead,
            of: dead.units,
            layer: dead.id,
          })}</p>`
        : nothing
    }
  </div>`;
}

/** @param {LayerState} layer */
function histogram({ histogram: bars, reach, zeros }) {
  const most = Math.max(1, ...bars);
  const words = t("training.histogram", { reach: short(reach), zeros: percent(zeros) });
  return html`<svg class="histogram" viewBox=${`0 0 ${3 * bars.length} 22`} role="img" aria-label=${words}>
    <title>${words}</title>
    ${bars.map((count, at) => {
      const height = (20 * count) / most;
      return svg`<rect x=${3 * at} y=${21 - height} width="2.4" height=${height + 0.6}></rect>`;
    })}
  </svg>`;
}

/**
 * @param {TrainingLabModel} model
 * @param {Inside | null} inside
 */
function confusion(model, inside) {
  const { set } = model.settings.value[model.chosen.value];
  const rows = inside?.confusion ?? [];
  return html`<div class="confusion">
    <h3>${t("training.confusion")} <small>${t("training.confusion.axes")}</small></h3>
    <div class="scroll" role="region" tabindex="0" aria-label=${t("training.confusion")}>
      <table>
        <thead>
          <tr>
            <td></td>
            ${rows.map((_, at) => html`<th scope="col">${classWords(set, at, true)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row, at) => html`<tr>
              <th scope="row">${classWords(set, at, true)}</th>
              ${row.map(
                (count, answer) => html`<td
                  class=${count === 0 ? "none" : at === answer ? "right" : "wrong"}
                >${count === 0 ? "" : number(count)}</td>`,
              )}
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </div>`;
}

/**
 * @param {TrainingLabModel} model
 * @param {Inside | null} inside
 */
function mistakes(model, inside) {
  const { set } = model.settings.value[model.chosen.value];
  return html`<div class="mistakes">
    <h3>${inside ? t("training.mistakes", { count: inside.mistakes }) : t("training.mistakes.empty")}</h3>
    <ul>
      ${(inside?.worst ?? []).map(
        ({ picture, label, answer, probability }) => html`<li>
          <cnn-picture-canvas .picture=${picture}></cnn-picture-canvas>
          <span>${t("training.mistake", {
            label: classWords(set, label),
            answer: classWords(set, answer),
          })}<br /><small>${percent(probability)}</small></span>
        </li>`,
      )}
    </ul>
    ${
      inside
        ? html`<p class="caption">${t("training.shift_changes", {
            share: percent(inside.changedByShift),
          })}</p>`
        : nothing
    }
  </div>`;
}

/**
 * @param {TrainingLabModel} model
 * @param {TrainingLabElement} lab
 */
function drawing(model, lab) {
  const { set } = model.settings.value[model.chosen.value];
  const answer = model.answer.value;
  const isDigit = set === "digits" || set === "digits_from5";
  return html`<div class="draw">
    <h3>${t(isDigit ? "training.draw.digit" : "training.draw")}</h3>
    <div class="pad-and-answer">
      <div class="pad">
        <cnn-drawing-pad
          compact
          .bits=${lab.bits ?? BLANK_DRAWING}
          @drawing-change=${(/** @type {CustomEvent} */ { detail }) => lab.draw(detail.bits)}
        ></cnn-drawing-pad>
      </div>
      ${
        answer && lab.bits
          ? html`<div class="answer">
              <ol>
                ${answer.probabilities.map(
                  (share, at) => html`<li>
                    <span>${classWords(set, at)}</span>
                    <meter min="0" max="1" aria-label=${classWords(set, at)} .value=${share}></meter>
                    <b>${number(100 * share, { maximumFractionDigits: 0 })}</b>
                  </li>`,
                )}
              </ol>
              <figure class="seen">
                <cnn-picture-canvas .picture=${answer.input}></cnn-picture-canvas>
                <figcaption>${t("training.draw.seen")}</figcaption>
              </figure>
            </div>`
          : html`<p class="caption">${t("training.draw.hint")}</p>`
      }
    </div>
  </div>`;
}
