/** The help: what is computed here, keys, words, licence. Loaded when it is first asked for. */
import { html, render } from "lit";
import "../i18n/help.js";
import { t } from "../i18n/index.js";

const KEYS = ["help", "undo", "map", "zoom", "kernel", "graph", "escape", "paste"];
/** Keys whose names are the same in every language. @type {Record<string, string>} */
const NAMED = { help: "?", undo: "Ctrl Z, Ctrl Y", zoom: "+ − 0", escape: "Esc", paste: "Ctrl V" };
const WORDS = [
  "kernel",
  "window",
  "stride",
  "padding",
  "dilation",
  "bias",
  "feature_map",
  "channel",
  "pooling",
  "relu",
  "field",
  "mac",
  "size",
];

/** Opens the help over the page. */
export function openHelp() {
  const dialog = document.querySelector("dialog") ?? document.createElement("dialog");
  document.body.append(dialog);
  dialog.setAttribute("aria-labelledby", "help-title");
  render(content(dialog), dialog);
  if (!dialog.open) dialog.showModal();
}

/** @param {HTMLDialogElement} dialog */
function content(dialog) {
  return html`
    <div class="help-head">
      <h2 id="help-title">${t("help.title")}</h2>
      <button type="button" @click=${() => dialog.close()}>${t("help.close")}</button>
    </div>
    <h3>${t("help.about")}</h3>
    <p>${t("help.about.text")}</p>
    <h3>${t("help.keys")}</h3>
    <dl>
      ${KEYS.map((key) => pair(NAMED[key] ?? t(`help.keys.${key}.keys`), t(`help.keys.${key}.effect`)))}
    </dl>
    <h3>${t("help.words")}</h3>
    <dl>
      ${WORDS.map((word) => pair(t(`help.words.${word}.word`), t(`help.words.${word}.meaning`)))}
    </dl>
    <h3>${t("help.licence")}</h3>
    <p>
      ${t("help.licence.text")}
      <a href="./THIRD-PARTY-LICENSES.txt">${t("help.licence.others")}</a>
    </p>
    <p>${t("help.cite")}</p>
    <p>${t("help.report")}</p>
  `;
}

/**
 * @param {string} term
 * @param {string} meaning
 */
function pair(term, meaning) {
  return html`<div><dt>${term}</dt><dd>${meaning}</dd></div>`;
}
