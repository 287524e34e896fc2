import { readFileSync } from "node:fs";
import { viteSingleFile } from "vite-plugin-singlefile";
import { fromRoot } from "../lib/paths.js";
import { shared, sharedBuild } from "./shared.js";

/**
 * The single file: everything the page needs inside one HTML file.
 *
 * @type {import("vite").InlineConfig}
 */
export const singleFile = {
  ...shared,
  define: { __SINGLE_FILE__: "true" },
  plugins: [
    ...shared.plugins,
    inlineIcon(),
    viteSingleFile({ outputFileName: "cnn-playground.html" }),
  ],
  build: { ...sharedBuild, outDir: fromRoot("dist"), emptyOutDir: false },
};

/**
 * Puts the icon into the page: Vite inlines every file but this one.
 *
 * @returns {import("vite").Plugin}
 */
function inlineIcon() {
  const svg = encodeURIComponent(readFileSync(fromRoot("www/icon.svg"), "utf8"));
  return {
    name: "inline-icon",
    transformIndexHtml: {
      order: "pre",
      handler: (html) => html.replace('href="./icon.svg"', `href="data:image/svg+xml,${svg}"`),
    },
  };
}
