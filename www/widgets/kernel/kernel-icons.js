import { svg } from "lit";
import { icon } from "../base/icon.js";

/** Icons of the kernel grid, its brush and its tools. */
export const icons = {
  rotate: icon(svg`<path d="M15.5 10a5.5 5.5 0 1 1-2-4.2"/><path d="M14 2.6v3.6h-3.6"/>`),
  mirror: icon(
    svg`<path d="M10 3v14" stroke-dasharray="2 2"/><path d="M7.5 6 3 14h4.5z"/><path d="M12.5 6 17 14h-4.5z"/>`,
  ),
  flip: icon(
    svg`<path d="M3 10h14" stroke-dasharray="2 2"/><path d="M6 7.5 14 3v4.5z"/><path d="M6 12.5 14 17v-4.5z"/>`,
  ),
  transpose: icon(
    svg`<path d="M4 4l12 12" stroke-dasharray="2 2"/><path d="M9 4h5a2 2 0 0 1 2 2v5"/><path d="m13.8 9 2.2 2.2L18.2 9"/><path d="M4 9v5a2 2 0 0 0 2 2h5"/>`,
  ),
  negate: icon(svg`<path d="M10 4v7M6.5 7.5h7M6.5 15.5h7"/>`),
  random: icon(
    svg`<rect x="3.5" y="3.5" width="13" height="13" rx="2.5"/><path d="M7 7h.01M13 7h.01M10 10h.01M7 13h.01M13 13h.01" stroke-width="2"/>`,
  ),
  paste: icon(
    svg`<path d="M7.5 4H6a1.5 1.5 0 0 0-1.5 1.5v10A1.5 1.5 0 0 0 6 17h8a1.5 1.5 0 0 0 1.5-1.5v-10A1.5 1.5 0 0 0 14 4h-1.5"/><rect x="7.5" y="2.5" width="5" height="3" rx="1"/><path d="M7.5 9.5h5M7.5 12.5h5"/>`,
  ),
  help: icon(
    svg`<circle cx="10" cy="10" r="7"/><path d="M7.9 8a2.1 2.1 0 1 1 3.2 1.8c-.8.5-1.1.9-1.1 1.7M10 14h.01"/>`,
  ),
  more: icon(svg`<path d="m6 8 4 4 4-4"/>`),
  none: icon(svg`<rect x="7.5" y="7.5" width="5" height="5" rx=".5" fill="currentColor"/>`),
  left_right: icon(
    svg`<path d="M10 3v14" stroke-dasharray="2 2"/><rect x="3" y="8" width="4" height="4" rx=".5" fill="currentColor"/><rect x="13" y="8" width="4" height="4" rx=".5"/>`,
  ),
  top_bottom: icon(
    svg`<path d="M3 10h14" stroke-dasharray="2 2"/><rect x="8" y="3" width="4" height="4" rx=".5" fill="currentColor"/><rect x="8" y="13" width="4" height="4" rx=".5"/>`,
  ),
  both: icon(
    svg`<path d="M10 3v14M3 10h14" stroke-dasharray="2 2"/><rect x="3.5" y="3.5" width="4" height="4" rx=".5" fill="currentColor"/><rect x="12.5" y="3.5" width="4" height="4" rx=".5"/><rect x="3.5" y="12.5" width="4" height="4" rx=".5"/><rect x="12.5" y="12.5" width="4" height="4" rx=".5"/>`,
  ),
  rotational: icon(
    svg`<path d="M8 3.8A6.5 6.5 0 0 1 16.2 8M16.2 12A6.5 6.5 0 0 1 12 16.2M8 16.2A6.5 6.5 0 0 1 3.8 12"/><path d="M3.8 8A6.5 6.5 0 0 1 6 4.8" /><path d="m14 6.6 2.4 1.9L18 6"/>`,
  ),
};
