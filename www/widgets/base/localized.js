import { language } from "../../i18n/index.js";

/**
 * A LitElement that renders again whenever the language changes, while it is connected.
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
      this.#unsubscribe = language.subscribe(() => this.requestUpdate());
    }

    /** @override */
    disconnectedCallback() {
      super.disconnectedCallback();
      this.#unsubscribe();
    }
  };
}
