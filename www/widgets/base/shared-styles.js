import { css } from "lit";

/**
 * The palette and measures of all labs, as custom properties that inherit into every
 * shadow root. The page adopts this sheet in the document, each lab in its own shadow
 * root; a widget takes what it inherits.
 *
 * Light and dark: every colour is a `light-dark()` pair, resolved where it is used by the
 * inherited `color-scheme`. On the page `data-theme="light"` or `"dark"` on `<html>`
 * fixes the theme, anything else follows the system. On a lab the attribute `theme` is `light`,
 * `dark` or `auto` (the system's); without it the lab follows the page around it. Scripts
 * call {@link themeOf} and never read the properties.
 *
 * Contrasts on paper, panel and zero, measured (WCAG 2.2): text colours (`ink`, `soft`,
 * `accent`, `neg-text`, `pos-text`, `problem`, and `on-accent` on `accent`) are at least
 * 4.5, `focus` and `edge` (the border of a field) at least 3. `pos` is not for text.
 */
export const tokens = css`
  :root,
  :host {
    --cnn-paper: light-dark(#faf9f6, #131418);
    --cnn-panel: light-dark(#ffffff, #1b1d22);
    --cnn-line: light-dark(#e4e1d9, #2d3038);
    --cnn-edge: light-dark(#8c887e, #737680);
    --cnn-ink: light-dark(#1d1c1a, #ecebe8);
    --cnn-soft: light-dark(#6b675f, #9d9a93);
    --cnn-accent: light-dark(#5e3c99, #b9a3e3);
    --cnn-on-accent: light-dark(#ffffff, #1b1d22);
    --cnn-tint: color-mix(in oklab, var(--cnn-accent) 14%, var(--cnn-panel));
    --cnn-neg: light-dark(#5e3c99, #9d7fd6);
    --cnn-neg-text: light-dark(#5e3c99, #9d7fd6);
    --cnn-pos: light-dark(#d95f0e, #f2964a);
    --cnn-pos-text: light-dark(#a9480a, #f2964a);
    --cnn-zero: light-dark(#f7f6f3, #24262c);
    --cnn-focus: light-dark(#1a73e8, #6aa9ff);
    --cnn-problem: light-dark(#b3261e, #ff8a80);
    --cnn-radius: 10px;
    --cnn-radius-small: 6px;
    --cnn-target: 32px;
    --cnn-font: system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
    --cnn-mono: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
  }

  :root {
    color-scheme: light dark;
  }

  :root[data-theme="light"] {
    color-scheme: light;
  }

  :root[data-theme="dark"] {
    color-scheme: dark;
  }

  :host([theme="auto"]) {
    color-scheme: light dark;
  }

  :host([theme="light"]) {
    color-scheme: light;
  }

  :host([theme="dark"]) {
    color-scheme: dark;
  }

  @media (pointer: coarse) {
    :root,
    :host {
      --cnn-target: 40px;
    }
  }
`;

/**
 * How controls look in the shadow root of any lab or widget (and on the page itself).
 *
 * Plain elements are styled directly: `button`, text and number `input`, `select`,
 * `textarea`, `a`, `hr`. Classes: `primary`, `ghost` and, with an icon and `aria-pressed`,
 * `toggle` (buttons), `segmented` (a row of buttons, the chosen one with `aria-pressed` or
 * `aria-checked`, or of `label`s that hold a radio input), `field` (a small label above its
 * control), `row`, `card`, `caption`, `figures` (monospaced numbers) and `visually-hidden` (for
 * screen readers only).
 *
 * The class `cell` puts the focus ring inside an element that has no room around it.
 */
export const controls = css`
  :host {
    color: var(--cnn-ink);
    font: 15px / 1.45 var(--cnn-font);
    font-variant-numeric: tabular-nums;
  }

  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }

  [hidden] {
    display: none !important;
  }

  button,
  select,
  textarea,
  input:not([type="range"], [type="checkbox"], [type="radio"]) {
    min-height: var(--cnn-target);
    padding: 4px 10px;
    border: 1px solid var(--cnn-line);
    border-radius: 8px;
    background: var(--cnn-panel);
    color: inherit;
    font: inherit;
    font-variant-numeric: inherit;
  }

  select,
  textarea,
  input:not([type="range"], [type="checkbox"], [type="radio"]) {
    border-color: var(--cnn-edge);
  }

  button {
    min-width: var(--cnn-target);
    touch-action: manipulation;
  }

  button,
  select,
  label:has(input) {
    cursor: pointer;
  }

  button:hover {
    border-color: var(--cnn-edge);
  }

  button.primary {
    border-color: var(--cnn-accent);
    background: var(--cnn-accent);
    color: var(--cnn-on-accent);
    font-weight: 600;
  }

  button.ghost {
    border-color: transparent;
    background: none;
    color: var(--cnn-soft);
  }

  button.ghost:hover {
    background: var(--cnn-tint);
    color: var(--cnn-ink);
  }

  button.toggle {
    display: grid;
    place-items: center;
    padding: 0;
    color: var(--cnn-soft);
  }

  button.toggle[aria-pressed="true"] {
    border-color: var(--cnn-accent);
    background: var(--cnn-tint);
    color: var(--cnn-ink);
  }

  button:disabled,
  button[aria-disabled="true"],
  input:disabled,
  select:disabled {
    cursor: default;
    opacity: 0.45;
  }

  [aria-invalid="true"] {
    border-color: var(--cnn-problem) !important;
  }

  input[type="range"],
  input[type="checkbox"],
  input[type="radio"] {
    margin: 0;
    accent-color: var(--cnn-accent);
  }

  input[type="range"] {
    min-width: 0;
    min-height: var(--cnn-target);
  }

  a {
    color: var(--cnn-accent);
    text-underline-offset: 0.15em;
  }

  hr {
    width: 100%;
    margin: 14px 0;
    border: 0;
    border-top: 1px solid var(--cnn-line);
  }

  :focus-visible {
    outline: 2px solid var(--cnn-focus);
    outline-offset: 2px;
  }

  .cell:focus-visible {
    outline-width: 3px;
    outline-offset: -3px;
    box-shadow: inset 0 0 0 5px var(--cnn-panel);
  }

  .segmented {
    display: inline-flex;
    border: 1px solid var(--cnn-line);
    border-radius: 8px;
    background: var(--cnn-panel);
  }

  .segmented > * {
    display: grid;
    place-items: center;
    position: relative;
    min-width: var(--cnn-target);
    min-height: var(--cnn-target);
    padding: 4px var(--cnn-segment-padding, 11px);
    border: 0;
    border-radius: 0;
    border-inline-end: 1px solid var(--cnn-line);
    background: none;
    text-align: center;
  }

  .segmented > :first-child {
    border-start-start-radius: 7px;
    border-end-start-radius: 7px;
  }

  .segmented > :last-child {
    border-inline-end: 0;
    border-start-end-radius: 7px;
    border-end-end-radius: 7px;
  }

  .segmented > :is([aria-pressed="true"], [aria-checked="true"], :has(input:checked)) {
    background: var(--cnn-tint);
    box-shadow: inset 0 -2px var(--cnn-accent);
    font-weight: 600;
  }

  .segmented > :is(:focus-visible, :has(:focus-visible)) {
    z-index: 1;
    outline: 2px solid var(--cnn-focus);
    outline-offset: 2px;
  }

  .segmented input {
    position: absolute;
    inset: 0;
    margin: 0;
    opacity: 0;
    cursor: inherit;
  }

  .field {
    display: grid;
    gap: 4px;
    justify-items: start;
    min-width: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }

  .field > :is(label, legend, .label),
  .caption {
    padding: 0;
    color: var(--cnn-soft);
    font-size: 12px;
  }

  .row {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
  }

  .card {
    padding: 12px 14px;
    border: 1px solid var(--cnn-line);
    border-radius: var(--cnn-radius);
    background: var(--cnn-panel);
  }

  .figures {
    font-family: var(--cnn-mono);
  }

  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  @media (prefers-reduced-motion: reduce) {
    *,
    ::before,
    ::after {
      animation: none !important;
      transition: none !important;
      scroll-behavior: auto !important;
    }
  }

  @media (forced-colors: active) {
    button.toggle[aria-pressed="true"],
    .segmented > :is([aria-pressed="true"], [aria-checked="true"], :has(input:checked)) {
      background: Highlight;
      color: HighlightText;
      forced-color-adjust: none;
    }

    button:disabled,
    button[aria-disabled="true"],
    input:disabled,
    select:disabled {
      color: GrayText;
      opacity: 1;
    }
  }

  /* On paper there is nothing to press; of a choice, what is chosen is left. */
  @media print {
    button.toggle,
    .segmented > button:not([aria-checked="true"], [aria-pressed="true"]) {
      display: none;
    }
  }
`;

/**
 * The theme an element is shown in, for pictures coloured by the engine. It changes with the
 * attributes listed at {@link tokens} and with the system's preference.
 * @param {Element} element connected to a document
 * @returns {"light" | "dark"}
 */
export function themeOf(element) {
  const schemes = getComputedStyle(element).colorScheme.split(" ");
  if (!schemes.includes("dark")) return "light";
  if (!schemes.includes("light")) return "dark";
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
