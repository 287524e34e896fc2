import { fromRoot } from "../lib/paths.js";
import { scriptText } from "./script-text.js";

/**
 * What the page, the single file and the package have in common.
 *
 * @satisfies {import("vite").InlineConfig}
 */
export const shared = {
  configFile: false,
  root: fromRoot("www"),
  base: "./",
  publicDir: false,
  logLevel: "warn",
  plugins: [scriptText()],
  worker: { format: "iife" },
};

/**
 * Leaves out the weights of trained networks: only the page has them beside it.
 *
 * @returns {import("vite").Plugin}
 */
export function withoutWeights() {
  return {
    name: "without-weights",
    enforce: "pre",
    load: (id) => (id.endsWith("weights.bin?url") ? 'export default "";' : null),
  };
}

/**
 * What the builds have in common: no inline script is added, so a strict policy can hold.
 *
 * @satisfies {import("vite").BuildOptions}
 */
export const sharedBuild = {
  target: "es2022",
  modulePreload: false,
  reportCompressedSize: false,
};
