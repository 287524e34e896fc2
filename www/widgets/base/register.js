/**
 * Registers elements. A page may load two copies of this package; the first one registers.
 * @param {Record<string, CustomElementConstructor>} elements  constructors by tag
 */
export function register(elements) {
  for (const [tag, element] of Object.entries(elements)) {
    if (!customElements.get(tag)) customElements.define(tag, element);
  }
}
