import { LABS } from "../../www/labs/registry.js";

/** Parts of the core: each is a cargo feature and a wasm package in `www/pkg/`. */

/** That with every public function. */
export const OPERATORS = "operators";

/** Those of the page, one for each lab. */
export const LAB_PARTS = LABS.map(({ part }) => part);

/** All labs in one, which is smaller than one for each: that of the single file. */
export const ALL_LABS = "all-labs";

/** Those of the npm package. */
export const PACKAGED = [...LAB_PARTS, OPERATORS];

export const PARTS = [...PACKAGED, ALL_LABS];

/**
 * The name of a file of a part's package.
 *
 * @param {string} part
 * @param {string} suffix  such as `.js`
 */
export function packageFile(part, suffix) {
  return part.replaceAll("-", "_") + suffix;
}
