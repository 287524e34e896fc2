import { svg } from "lit";
import { icon } from "../../widgets/base/icon.js";

/** Icons of the lab's tools. */
export const icons = {
  undo: icon(svg`<path d="M7 3.5 3.5 7 7 10.5M3.5 7h8.2a4.6 4.6 0 0 1 0 9.2H7" />`),
  redo: icon(svg`<path d="m13 3.5 3.5 3.5-3.5 3.5M16.5 7H8.3a4.6 4.6 0 0 0 0 9.2H13" />`),
};
