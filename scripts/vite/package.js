import { fromRoot } from "../lib/paths.js";
import { shared, sharedBuild } from "./shared.js";

/** The modules of the package that others import, by name. */
export const PACKAGE_ENTRIES = ["index", "define", "elements"];

/**
 * The package: modules for bundlers, browsers and Node, with the wasm beside them.
 *
 * This is no Vite library build, because that one inlines every asset.
 *
 * @type {import("vite").InlineConfig}
 */
export const packageModules = {
  ...shared,
  // Lit's build for Node brings stand-ins for the classes that only browsers have, and takes
  // the browser's own where there are any.
  resolve: { conditions: ["module", "node", "production"] },
  build: {
    ...sharedBuild,
    outDir: fromRoot("dist/npm"),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: PACKAGE_ENTRIES.map((name) => fromRoot(`www/package/${name}.js`)),
      preserveEntrySignatures: "strict",
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name]-[hash].js",
        // The wasm lies beside the modules, under a name that an address can be made of.
        assetFileNames: ({ names }) =>
          names[0]?.endsWith(".wasm") ? "[name][extname]" : "assets/[name]-[hash][extname]",
      },
    },
  },
};
