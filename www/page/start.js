/**
 * The page's first script. It is small: the engine starts, and the photograph that most visits
 * begin with is decoded, while the rest is still on its way.
 */
import { engine } from "../engine/engine.js";
import { loadPhoto } from "../pictures/load.js";

engine.warmUp("kernel");
loadPhoto("cat").catch(() => {
  // The lab tells, if it is the photograph wanted.
});
void import("./page.js");
