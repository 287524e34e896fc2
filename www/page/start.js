/**
 * The page's first script. It is small, so that the engine of the lab in the address starts, the
 * lab's code is fetched and the default photograph is decoded while the rest is still loading.
 */
import { LABS } from "../labs/registry.js";
import { loadPhoto } from "../pictures/load.js";
import { labInAddress } from "./address.js";

/** Where each lab's engine comes from: a few addresses, too short to be fetched on their own. */
const engines = /** @type {Record<string, { engine: { warmUp(): void } }>} */ (
  import.meta.glob("../labs/*/engine.js", { eager: true })
);

const lab = labInAddress() ?? LABS[0];
engines[`../labs/${lab.name}/engine.js`].engine.warmUp();
for (const early of [lab.load(), loadPhoto("cat")]) {
  // The page tells, if it is the lab or the photograph wanted.
  early.catch(() => {});
}
void import("./page.js");
