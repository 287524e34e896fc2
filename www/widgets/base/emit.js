/**
 * Dispatches an event that bubbles and crosses shadow roots.
 * @param {EventTarget} widget
 * @param {string} type
 * @param {object} [detail]
 */
export function emit(widget, type, detail) {
  widget.dispatchEvent(new CustomEvent(type, { bubbles: true, composed: true, detail }));
}
