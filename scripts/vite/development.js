import { fromRoot } from "../lib/paths.js";
import { shared } from "./shared.js";

/**
 * The development server. It ignores the wasm package, which changes file by file during a
 * build: `start.js` reloads the page when all of it is there.
 *
 * @type {import("vite").InlineConfig}
 */
export const developmentServer = {
  ...shared,
  base: "/",
  logLevel: "info",
  clearScreen: false,
  server: {
    fs: { allow: [fromRoot("www"), fromRoot("node_modules")] },
    watch: { ignored: ["**/www/pkg/**"] },
  },
};
