import { css, svg } from "lit";
import { guard } from "lit/directives/guard.js";
import { currentLanguage } from "../../i18n/index.js";
import { cellTexts, legibleCharacters } from "../numbers/number-cells.js";
import { onScreen, pixelBox } from "./map-geometry.js";

/**
 * The numbers of a map in its cells, where there is room for them.
 *
 * @typedef {import("./map-geometry.js").Placement} Placement
 * @typedef {import("./map-geometry.js").Lattice} Lattice
 * @typedef {import("../../pictures/canvas.js").Picture} Picture
 */

/** Size of a map pixel in CSS px from which it has room for a digit. */
const ROOMY = 11;
/** Most cells whose numbers anybody reads. */
const MOST = 400;

/**
 * The texts of the cells and their common factor; null if there is no room for them.
 * @param {Placement} placement
 * @param {Lattice} lattice
 * @param {ArrayLike<number> | null} values  row-major
 */
export function mapTexts(placement, lattice, values) {
  const { width, height } = onScreen(placement, pixelBox(lattice, [0, 0]));
  if (values?.length !== lattice.width * lattice.height || values.length > MOST) return null;
  if (Math.min(width, height) < ROOMY) return null;
  return cellTexts(values, legibleCharacters(width));
}

/**
 * @param {Placement} placement
 * @param {Lattice} lattice
 * @param {readonly string[]} texts
 * @param {Picture} picture  whose colours the ink stands out from
 */
export function digits(placement, lattice, texts, picture) {
  const { scale, x, y } = placement;
  return guard([picture, texts.join(), scale, x, y, ...lattice.step, currentLanguage()], () => {
    const longest = Math.max(2, ...texts.map((text) => text.length));
    return texts.map((text, index) => {
      const at = /** @type {[number, number]} */ ([
        Math.floor(index / lattice.width),
        index % lattice.width,
      ]);
      const box = onScreen(placement, pixelBox(lattice, at));
      const size = Math.min(13, box.height * 0.8, (box.width * 0.9) / (0.61 * longest));
      return svg`<text
        class=${isDark(picture, index) ? "digit light" : "digit"}
        x=${box.x + box.width / 2}
        y=${box.y + box.height / 2}
        font-size=${size}
      >${text}</text>`;
    });
  });
}

export const digitStyles = css`
  .digit {
    fill: #000;
    font-family: var(--cnn-mono, monospace);
    dominant-baseline: central;
    text-anchor: middle;
  }
  .digit.light {
    fill: #fff;
  }
`;

/**
 * @param {Picture} picture
 * @param {number} pixel
 */
function isDark({ data }, pixel) {
  const [red, green, blue] = data.subarray(4 * pixel, 4 * pixel + 3);
  return 0.3 * red + 0.59 * green + 0.11 * blue < 128;
}
