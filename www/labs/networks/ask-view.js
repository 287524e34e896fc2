/**
 * The tab "Ask it": the picture changed, other pictures, a patch moved by hand.
 *
 * @import { NetworkAnswer } from "./contract.js"
 * @import { NetworksLabModel } from "./model.js"
 */
import { html, nothing } from "lit";
import { t } from "../../i18n/index.js";
import { comparedClasses, shares } from "./answer-bars.js";
import { CHANGES, COVER, OTHERS } from "./model.js";
import { className } from "./names.js";
import { percent } from "./words.js";

/** @param {NetworksLabModel} model */
export function askView(model) {
  return [changesCard(model), othersCard(model), coverCard(model)];
}

/** @param {NetworksLabModel} model */
function changesCard(model) {
  const [before, changed] = [model.answer.value, model.changed.value];
  return html`<section class="card" aria-labelledby="changes-title">
    <header>
      <h2 id="changes-title">${t("networks.changes")}</h2>
      <span>${t("networks.changes.note")}</span>
    </header>
    <div class="answers">
      ${answered(t("networks.change.none"), before, before)}
      ${CHANGES.map((kind) => answered(t(`networks.change.${kind}`), changed[kind], before))}
    </div>
    <p class="note">${changesNote(before, changed)}</p>
  </section>`;
}

/**
 * What the changes did to the first name.
 * @param {NetworkAnswer | null} before
 * @param {Partial<Record<string, NetworkAnswer>>} changed
 */
function changesNote(before, changed) {
  if (!before || CHANGES.some((kind) => !changed[kind])) return t("networks.changes.wait");
  const first = before.top[0].class;
  const other = CHANGES.flatMap((kind) => {
    const top = changed[kind]?.top[0];
    if (!top || top.class === first) return [];
    const words = {
      change: t(`networks.change.${kind}`),
      name: className(top.class),
      share: percent(top.probability, 0),
    };
    return [t("networks.changes.turn", words)];
  });
  const name = className(first);
  if (other.length === 0) return t("networks.changes.same", { name });
  return t("networks.changes.other", { name, turns: other.join("; ") });
}

/** @param {NetworksLabModel} model */
function othersCard(model) {
  return html`<section class="card" aria-labelledby="others-title">
    <header>
      <h2 id="others-title">${t("networks.others")}</h2>
      <span>${t("networks.others.note")}</span>
    </header>
    <div class="answers">
      ${OTHERS.map((name) => {
        const answer = model.others.value[name];
        return answered(t(`pictures.photo.${name}`), answer, answer ?? null, () =>
          model.choosePicture({ kind: "photo", name }),
        );
      })}
    </div>
    <p class="note">${t("networks.others.lesson")}</p>
  </section>`;
}

/** @param {NetworksLabModel} model */
function coverCard(model) {
  const [row, column] = model.store.state.value.cover;
  const [before, after] = [model.answer.value, model.covered.value];
  const classes = comparedClasses(before, after);
  const spot = { top: row, left: column, bottom: row + COVER, right: column + COVER };
  return html`<section class="card cover" aria-labelledby="cover-title">
    <header>
      <h2 id="cover-title">${t("networks.cover")}</h2>
      <span>${t("networks.cover.note")}</span>
    </header>
    <div class="covering">
      <cnn-spot-picture
        class="by-hand"
        filled
        .picture=${before?.input ?? null}
        .spot=${spot}
        .step=${8}
        .label=${t("networks.cover.label", { row, column, size: COVER })}
        @spot-move=${(/** @type {CustomEvent} */ { detail }) =>
          model.moveCover([detail.row - COVER / 2, detail.column - COVER / 2])}
      ></cnn-spot-picture>
      ${shares(after, classes)}
      <p class="note" role="status">${coverNote(before, after)}</p>
    </div>
  </section>`;
}

/**
 * @param {NetworkAnswer | null} before
 * @param {NetworkAnswer | null} after
 */
function coverNote(before, after) {
  if (!before || !after) return nothing;
  const [{ class: first, probability }] = before.top;
  const now = after.top[0];
  const words = {
    name: className(first),
    before: percent(probability),
    after: percent(after.probabilities[first]),
    first: className(now.class),
    share: percent(now.probability),
  };
  return t(now.class === first ? "networks.cover.same" : "networks.cover.other", words);
}

/**
 * A picture and what the network says of it.
 * @param {string} title
 * @param {NetworkAnswer | null | undefined} answer
 * @param {NetworkAnswer | null} before  whose classes are told
 * @param {() => void} [choose]  makes it the lab's picture
 */
function answered(title, answer, before, choose) {
  const picture = html`<cnn-picture-canvas .picture=${answer?.input ?? null}></cnn-picture-canvas>`;
  return html`<div class="answered">
    ${
      choose
        ? html`<button
            type="button"
            class="thumb"
            aria-label=${t("networks.others.choose", { picture: title })}
            title=${t("networks.others.choose", { picture: title })}
            @click=${choose}
          >
            ${picture}
          </button>`
        : html`<div class="thumb">${picture}</div>`
    }
    <div>
      <h3>${title}</h3>
      ${shares(answer, comparedClasses(before, answer))}
    </div>
  </div>`;
}
