/** The page around the labs: a header with language and theme, a footer with the credits. */
import { effect, signal } from "@preact/signals-core";
import { html, nothing, render, svg } from "lit";
import { detectLanguage, LANGUAGES, language, setLanguage, t } from "../i18n/index.js";
import { LABS } from "../labs/registry.js";
import { photos } from "../pictures/photos.js";
import { loadLanguage, loadTheme, saveLanguage, saveTheme } from "../state/memory.js";
import { languageOfLink } from "../state/permalink.js";
import { register } from "../widgets/base/register.js";
import { SegmentedControlElement } from "../widgets/base/segmented-control.js";
import { controls, tokens } from "../widgets/base/shared-styles.js";
import { isLabMissing, keepAddress, shownLab, startRouter } from "./router.js";

const THEMES = /** @type {const} */ (["auto", "light", "dark"]);

document.adoptedStyleSheets = [tokens, controls].map(
  (sheet) => /** @type {CSSStyleSheet} */ (sheet.styleSheet),
);

const theme = signal(loadTheme());
const link = languageOfLink(location.hash);
setLanguage(detectLanguage({ link, saved: loadLanguage(), navigator }));

effect(() => {
  document.documentElement.dataset.theme = theme.value;
});

// The lab's first output matters more than the header, so it comes first.
await startRouter(/** @type {HTMLElement} */ (document.getElementById("main")));
await new Promise((resolve) => setTimeout(resolve));
register({ "cnn-segmented-control": SegmentedControlElement });

effect(() => {
  document.documentElement.lang = language.value;
  document.title = t("page.title", { lab: shownLab.value.title[language.value] });
  render(head(), /** @type {HTMLElement} */ (document.getElementById("top")));
  render(foot(), /** @type {HTMLElement} */ (document.getElementById("bottom")));
});

function head() {
  return html`
    <a class="skip" href="#main" @click=${skip}>${t("page.skip")}</a>
    <header>
      <div class="brand">${logo()} <span>${t("page.brand")}</span></div>
      <nav aria-label=${t("page.labs")}>
        ${LABS.map(
          (lab) =>
            html`<a
              href=${`#${lab.name}`}
              @click=${keepAddress}
              aria-current=${lab === shownLab.value ? "page" : nothing}
              >${lab.title[language.value]}</a
            >`,
        )}
      </nav>
      <cnn-segmented-control
        .label=${t("page.language")}
        label-hidden
        .options=${LANGUAGES.map(({ code, name }) => ({
          value: code,
          label: code.toUpperCase(),
          title: name,
        }))}
        .value=${language.value}
        @value-change=${(/** @type {CustomEvent} */ { detail }) => {
          setLanguage(detail.value);
          saveLanguage(detail.value);
        }}
      ></cnn-segmented-control>
      <label class="theme">
        <span>${t("page.theme")}</span>
        <select
          title=${t("page.theme")}
          @change=${(/** @type {Event} */ event) => {
            const { value } = /** @type {HTMLSelectElement} */ (event.target);
            theme.value = /** @type {typeof THEMES[number]} */ (value);
            saveTheme(theme.value);
          }}
        >
          ${THEMES.map(
            (name) =>
              html`<option value=${name} ?selected=${name === theme.value}>
                ${t(`page.theme.${name}`)}
              </option>`,
          )}
        </select>
      </label>
      <button type="button" class="ghost" title=${t("page.help")} @click=${help}>
        <span aria-hidden="true">?</span><span class="visually-hidden">${t("page.help")}</span>
      </button>
    </header>
    ${
      isLabMissing.value
        ? html`<p class="missing" role="alert">
            ${t("page.lab_missing")}
            <button type="button" @click=${() => location.reload()}>
              ${t("page.lab_missing.again")}
            </button>
          </p>`
        : nothing
    }
  `;
}

/** Few need the help, so it is loaded when it is first asked for. */
async function help() {
  const { openHelp } = await import("./help.js");
  openHelp();
}

addEventListener("keydown", (event) => {
  const [target] = event.composedPath();
  const isTyping = target instanceof HTMLElement && target.matches("input, textarea, select");
  if (event.key !== "?" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  void help();
});

/** The address keeps the lab's state, so the skip link must not change it. @param {Event} event */
function skip(event) {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

/** The Sobel kernel in the colours of its signs. */
function logo() {
  const cells = [-0.5, 0, 0.5, -1, 0, 1, -0.5, 0, 0.5].map((weight, index) => {
    const sign = ["neg", "zero", "pos"][Math.sign(weight) + 1];
    const [row, col] = [Math.floor(index / 3), index % 3];
    return svg`<rect class=${sign} x=${col} y=${row} width="0.94" height="0.94"
      opacity=${Math.abs(weight) || 1}></rect>`;
  });
  return html`<svg class="logo" viewBox="0 0 3 3" width="22" height="22" aria-hidden="true">
    ${cells}
  </svg>`;
}

function foot() {
  return html`
    <p>${t("page.footer")}</p>
    <p>
      ${t("page.credits")}:
      ${photos
        .map(({ name, credit }) =>
          t("page.credits.photo", { label: t(`pictures.photo.${name}`), ...credit }),
        )
        .join(" · ")}.
    </p>
  `;
}
