import { html, svg } from "lit";

/**
 * Line icons of the picture picker and the drawing pad, 20 x 20, drawn in the current colour.
 *
 * They are decoration: whoever shows one gives the name as `aria-label` and `title`.
 */
export const icons = {
  patterns: icon(
    svg`<rect x="3.5" y="3.5" width="13" height="13" rx="1.5"/><path d="M3.5 10h13M10 3.5v13"/><path d="M3.500 3.500h6.500v6.500h-6.500zM10 10h6.500v6.500H10z" fill="currentColor" stroke="none"/>`,
  ),
  upload: icon(
    svg`<path d="M10 13V4M6.5 7.5 10 4l3.500 3.500"/><path d="M4 13.500V16h12v-2.500"/>`,
  ),
  camera: icon(
    svg`<path d="M3 7.200A1.200 1.200 0 0 1 4.200 6h2.300l1.300-2h4.400l1.300 2h2.300A1.200 1.200 0 0 1 17 7.200v7.600a1.200 1.200 0 0 1-1.200 1.200H4.200A1.200 1.200 0 0 1 3 14.800z"/><circle cx="10" cy="10.800" r="2.800"/>`,
  ),
  drawing: icon(
    svg`<path d="M4 16l.9-3.600L13.500 3.800l2.700 2.700-8.600 8.600z"/><path d="m11.600 5.700 2.700 2.700"/>`,
  ),
  eraser: icon(
    svg`<path d="m8 15.500-4-4a1.200 1.200 0 0 1 0-1.700L10.300 3.500a1.200 1.200 0 0 1 1.700 0l4 4a1.200 1.200 0 0 1 0 1.700l-6.300 6.300z"/><path d="m7 6.800 5.700 5.700M8 15.500h8.500"/>`,
  ),
  clear: icon(svg`<path d="M4.500 6h11M8 6V4h4v2M6 6l.7 10h6.600L14 6"/>`),
};

/**
 * A filled dot, as large as a brush looks beside others.
 *
 * @param {number} size diameter of the brush in drawing pixels
 */
export function dot(size) {
  return icon(svg`<circle cx="10" cy="10" r=${size * 1.5} fill="currentColor" stroke="none"/>`);
}

/** @param {import("lit").TemplateResult} shapes */
function icon(shapes) {
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
