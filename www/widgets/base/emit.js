/**
 * Dispatches a widget's event: it bubbles and leaves the shadow tree.
 * @param {EventTarget} widget
 * @param {string} type
 * @param {object} [detail]
 */
export function emit(widget, type, detail) {
  widget.dispatchEvent(new CustomEvent(type, { bubbles: true, composed: true, detail }));
}
