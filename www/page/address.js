import { LABS } from "../labs/registry.js";
import { labOfLink } from "../state/permalink.js";

/**
 * The lab that the page's address names.
 * @returns {import("../labs/registry.js").Lab | undefined}  undefined if it names none
 */
export function labInAddress() {
  const names = LABS.map(({ name }) => name);
  const name = labOfLink(location.hash, names);
  return LABS.find((lab) => lab.name === name);
}
