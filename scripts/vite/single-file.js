import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { viteSingleFile } from "vite-plugin-singlefile";
import { ALL_LABS, LAB_PARTS, packageFile } from "../lib/parts.js";
import { fromRoot } from "../lib/paths.js";
import { scriptText } from "./script-text.js";
import { shared, sharedBuild, withoutWeights } from "./shared.js";

/**
 * The single file: everything the page needs inside one HTML file.
 *
 * @type {import("vite").InlineConfig}
 */
export const singleFile = {
  ...shared,
  plugins: [
    oneModule(),
    scriptText([oneModule()]),
    compressedWasm(),
    noModuleWorker(),
    withoutWeights(),
    inlineIcon(),
    viteSingleFile({ outputFileName: "cnn-playground.html" }),
  ],
  build: { ...sharedBuild, outDir: fromRoot("dist"), emptyOutDir: false },
};

/**
 * Gives all labs one wasm module with its glue in place of one for each: they have most of their code
 * in common.
 *
 * @returns {import("vite").Plugin}
 */
function oneModule() {
  const own = new Map(
    LAB_PARTS.flatMap((part) =>
      [".js", "_bg.wasm"].map((suffix) => [
        packageFile(part, suffix),
        fromRoot(`www/pkg/${packageFile(ALL_LABS, suffix)}`),
      ]),
    ),
  );
  return {
    name: "one-module",
    enforce: "pre",
    resolveId(id) {
      const [, file, query] = /([^/?]+)(\?.*)?$/.exec(id) ?? [];
      const path = own.get(file);
      return path ? path + (query ?? "") : null;
    },
  };
}

/**
 * Puts the wasm into the file compressed, where no server can do it.
 *
 * @returns {import("vite").Plugin}
 */
function compressedWasm() {
  return {
    name: "compressed-wasm",
    enforce: "pre",
    load(id) {
      if (!id.endsWith(".wasm?url")) return null;
      const bytes = gzipSync(readFileSync(id.replace(/\?url$/, "")), { level: 9 });
      return `export default "data:application/gzip;base64,${bytes.toString("base64")}";`;
    },
  };
}

/**
 * Leaves out the scripts of module workers, which need a file of their own: the text for a classic
 * worker is in the file already.
 *
 * @returns {import("vite").Plugin}
 */
function noModuleWorker() {
  return {
    name: "no-module-worker",
    enforce: "pre",
    load: (id) => (id.endsWith("?worker&url") ? 'export default "";' : null),
  };
}

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
