import { css } from "lit";

const GAP = 4;
const MARGIN = 8;

/**
 * Puts an open popover under its button, or above it where there is more room, inside the viewport.
 *
 * Meant as the popover's `toggle` listener's body; CSS anchor positioning would do the same but is
 * not yet in every browser the page supports. Measures in CSS px.
 * @param {HTMLElement} popover
 * @param {Element} anchor
 */
export function placePopover(popover, anchor) {
  const button = anchor.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  const below = clientHeight - button.bottom - GAP - MARGIN;
  const above = button.top - GAP - MARGIN;
  const fitsBelow = popover.scrollHeight <= below || below >= above;
  popover.style.maxBlockSize = `${Math.max(120, fitsBelow ? below : above)}px`;
  const { width, height } = popover.getBoundingClientRect();
  const left = Math.min(button.left, clientWidth - width - MARGIN);
  const top = fitsBelow ? button.bottom + GAP : button.top - GAP - height;
  popover.style.left = `${Math.max(MARGIN, left)}px`;
  popover.style.top = `${Math.max(MARGIN, top)}px`;
}

/**
 * A `toggle` listener for a popover and the button that has its id in `popovertarget`: puts the
 * one by the other when it opens, and gives the button the focus that a closed one leaves behind,
 * which Chromium forgets to do in a shadow root.
 * @param {ToggleEvent} event
 */
export function anchorPopover(event) {
  const popover = /** @type {HTMLElement} */ (event.currentTarget);
  const root = /** @type {ShadowRoot} */ (popover.getRootNode());
  const anchor = /** @type {HTMLElement | null} */ (
    root.querySelector(`[popovertarget="${popover.id}"]`)
  );
  if (!anchor) return;
  if (event.newState === "open") return placePopover(popover, anchor);
  // What has just been hidden keeps the focus until the next frame.
  const isLost = popover.contains(root.activeElement) || document.activeElement === document.body;
  if (isLost) anchor.focus({ preventScroll: true });
}

/** Look of anchored popovers: a panel with a hairline. */
export const popoverStyles = css`
  [popover] {
    position: fixed;
    inset: auto;
    margin: 0;
    padding: 8px;
    box-sizing: border-box;
    max-inline-size: calc(100vw - 16px);
    overflow: auto;
    border: 1px solid var(--cnn-line);
    border-radius: var(--cnn-radius, 10px);
    background: var(--cnn-panel);
    color: var(--cnn-ink);
    font: inherit;
  }
`;
