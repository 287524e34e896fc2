import { svg } from "lit";
import { clearIcon, icon } from "../../../widgets/base/icon.js";

/** Icons of the layer editor. */
export const icons = {
  handle: icon(
    svg`<path d="M8 5.5h.01M12 5.5h.01M8 10h.01M12 10h.01M8 14.5h.01M12 14.5h.01" stroke-width="2.2"/>`,
  ),
  up: icon(svg`<path d="M10 15.5v-11M5.5 9 10 4.5 14.5 9"/>`),
  down: icon(svg`<path d="M10 4.5v11M5.5 11l4.5 4.5 4.5-4.5"/>`),
  remove: clearIcon,
};
