import { effect } from "@preact/signals-core";
import { inLanguage, language, ownLanguages } from "../../i18n/index.js";

/**
 * A LitElement that renders again whenever the language changes, while it is connected. Its language
 * is its own `lang`, else that of the element whose shadow root it is in, else the page's.
 *
 * Use: `class ColorLegendElement extends Localized(LitElement)`.
 * @template {new (...args: any[]) => import("lit").LitElement} T
 * @param {T} Base
 * @returns {T}
 */
export function Localized(Base) {
  return class extends Base {
    #unsubscribe = () => {};

    /** @override */
    connectedCallback() {
      super.connectedCallback();
      this.#unsubscribe = effect(() => {
        void [language.value, ownLanguages.value];
        this.requestUpdate();
      });
    }

    /** @override */
    disconnectedCallback() {
      super.disconnectedCallback();
      this.#unsubscribe();
    }

    /** @override */
    performUpdate() {
      inLanguage(languageOf(this), () => super.performUpdate());
    }
  };
}

/**
 * The code in the `lang` of an element, else of those around it whose shadow roots it is in.
 * @param {Element} element
 */
export function languageOf(element) {
  /** @type {Element | undefined} */
  let at = element;
  while (at instanceof HTMLElement && !at.lang) {
    at = /** @type {ShadowRoot} */ (at.getRootNode()).host;
  }
  return at instanceof HTMLElement ? at.lang : "";
}
