import { svg } from "lit";
import { icon } from "../base/icon.js";

/** Icons of the picture picker and the drawing pad. */
export const icons = {
  patterns: icon(
    svg`<rect x="3.5" y="3.5" width="13" height="13" rx="1.5"/><path d="M3.5 10h13M10 3.5v13"/><path d="M3.5 3.5h6.5v6.5h-6.5zM10 10h6.5v6.5H10z" fill="currentColor" stroke="none"/>`,
  ),
  upload: icon(svg`<path d="M10 13V4M6.5 7.5 10 4l3.5 3.5"/><path d="M4 13.5V16h12v-2.5"/>`),
  camera: icon(
    svg`<path d="M3 7.2A1.2 1.2 0 0 1 4.2 6h2.3l1.3-2h4.4l1.3 2h2.3A1.2 1.2 0 0 1 17 7.2v7.6a1.2 1.2 0 0 1-1.2 1.2H4.2A1.2 1.2 0 0 1 3 14.8z"/><circle cx="10" cy="10.8" r="2.8"/>`,
  ),
  drawing: icon(
    svg`<path d="M4 16l.9-3.6L13.5 3.8l2.7 2.7-8.6 8.6z"/><path d="m11.6 5.7 2.7 2.7"/>`,
  ),
  eraser: icon(
    svg`<path d="m8 15.5-4-4a1.2 1.2 0 0 1 0-1.7L10.3 3.5a1.2 1.2 0 0 1 1.7 0l4 4a1.2 1.2 0 0 1 0 1.7l-6.3 6.3z"/><path d="m7 6.8 5.7 5.7M8 15.5h8.5"/>`,
  ),
  clear: icon(svg`<path d="M4.5 6h11M8 6V4h4v2M6 6l.7 10h6.6L14 6"/>`),
};

/**
 * A filled dot that shows how large a brush is relative to the others.
 *
 * @param {number} size diameter of the brush in drawing pixels
 */
export function dot(size) {
  return icon(svg`<circle cx="10" cy="10" r=${size * 1.5} fill="currentColor" stroke="none"/>`);
}
