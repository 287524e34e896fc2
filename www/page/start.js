/**
 * The page's first script. It is small, so that the engine starts and the default photograph is
 * decoded while the rest is still loading.
 */
import { engine } from "../engine/engine.js";
import { loadPhoto } from "../pictures/load.js";

engine.warmUp("kernel");
loadPhoto("cat").catch(() => {
  // The lab reports it if it needs this photograph.
});
void import("./page.js");
