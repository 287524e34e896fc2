import { html, svg } from "lit";

/**
 * A line icon of 20 x 20 in the current colour.
 *
 * It is decorative: the caller provides a label beside it, or `aria-label` and `title`.
 * @param {import("lit").TemplateResult} shapes of SVG
 */
export function icon(shapes) {
  return html`<svg
    class="icon"
    viewBox="0 0 20 20"
    width="20"
    height="20"
    fill="none"
    stroke="currentColor"
    stroke-width="1.5"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
    focusable="false"
  >${shapes}</svg>`;
}

/** Two axes linked to one value. */
export const linkIcon = icon(
  svg`<path d="M8.5 11.5 11.5 8.5"/><path d="m9.5 6.5 2-2a2.8 2.8 0 0 1 4 4l-2 2"/><path d="m10.5 13.5-2 2a2.8 2.8 0 0 1-4-4l2-2"/>`,
);

export const copyIcon = icon(
  svg`<rect x="7" y="7" width="9.5" height="9.5" rx="1.5"/><path d="M13 7V5a1.5 1.5 0 0 0-1.5-1.5H5A1.5 1.5 0 0 0 3.5 5v6.5A1.5 1.5 0 0 0 5 13h2"/>`,
);

export const checkIcon = icon(svg`<path d="m4.5 10.5 3.5 3.5 7.5-8"/>`);

export const clearIcon = icon(svg`<path d="m6 6 8 8M14 6l-8 8"/>`);
