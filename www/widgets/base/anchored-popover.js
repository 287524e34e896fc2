import { css } from "lit";

const GAP = 4;
const MARGIN = 8;

/**
 * Places an open popover below its button, or above it if there is more room, within the viewport.
 * With the class `end` their right edges are level, else their left ones.
 *
 * Meant for the popover's `toggle` event. CSS anchor positioning would do the same, but not every
 * browser that the page supports has it yet. Measures in CSS px.
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
  const start = popover.classList.contains("end") ? button.right - width : button.left;
  const left = Math.min(start, clientWidth - width - MARGIN);
  const top = fitsBelow ? button.bottom + GAP : button.top - GAP - height;
  popover.style.left = `${Math.max(MARGIN, left)}px`;
  popover.style.top = `${Math.max(MARGIN, top)}px`;
}

/**
 * A `toggle` listener for a popover and the button whose `popovertarget` names it: places the
 * popover when it opens, and returns the focus to the button when it closes, which Chromium does
 * not do in a shadow root.
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
  // An element that has just been hidden keeps the focus until the next frame.
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
