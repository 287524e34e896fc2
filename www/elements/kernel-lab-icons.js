import { svg } from "lit";

/** @param {import("lit").TemplateResult} paths  drawn with a stroke on 16 x 16 */
const icon = (paths) => svg`<svg
  viewBox="0 0 16 16"
  width="16"
  height="16"
  fill="none"
  stroke="currentColor"
  stroke-width="1.6"
  stroke-linecap="round"
  stroke-linejoin="round"
  aria-hidden="true"
>${paths}</svg>`;

export const icons = {
  undo: icon(svg`<path d="M5.5 2.5 2.5 5.5l3 3M2.5 5.5h7a4 4 0 0 1 0 8h-4" />`),
  redo: icon(svg`<path d="m10.5 2.5 3 3-3 3M13.5 5.5h-7a4 4 0 0 0 0 8h4" />`),
  reset: icon(svg`<path d="M3 3v3.5h3.5M3.4 6.4A5.3 5.3 0 1 1 2.7 9" />`),
  linked: icon(svg`<path d="M6.5 11H5a3 3 0 0 1 0-6h1.5M9.5 5H11a3 3 0 0 1 0 6H9.5M5.5 8h5" />`),
  unlinked: icon(svg`<path d="M6.5 11H5a3 3 0 0 1 0-6h1.5M9.5 5H11a3 3 0 0 1 0 6H9.5" />`),
};
