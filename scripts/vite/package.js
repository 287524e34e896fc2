import { LABS } from "../../www/labs/registry.js";
import { fromRoot } from "../lib/paths.js";
import { shared, sharedBuild, withoutWeights } from "./shared.js";

/**
 * The entries that name every lab, written from the list of labs.
 *
 * @param {string} root  of the paths of `www/` in them
 * @returns {Record<"define" | "elements", string>}  the text of each module
 */
export function labEntries(root) {
  const from = (/** @type {string} */ path) => JSON.stringify(`${root}/${path}`);
  return {
    define: LABS.map(({ name }) => `import ${from(`labs/${name}/define.js`)};\n`).join(""),
    elements: [
      ...LABS.map(({ name }) => `export * from ${from(`labs/${name}/element.js`)};\n`),
      `export { setLanguage } from ${from("i18n/index.js")};\n`,
    ].join(""),
  };
}

/**
 * The package: modules for bundlers, browsers and Node, with the wasm beside them.
 *
 * This is no Vite library build, because that one inlines every asset.
 *
 * @type {import("vite").InlineConfig}
 */
export const packageModules = {
  ...shared,
  plugins: [...shared.plugins, labModules(), withoutWeights()],
  // Lit's build for Node brings stand-ins for the classes that only browsers have, and takes
  // the browser's own where there are any.
  resolve: { conditions: ["module", "node", "production"] },
  build: {
    ...sharedBuild,
    outDir: fromRoot("dist/npm"),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: {
        index: fromRoot("www/package/index.js"),
        define: "labs:define",
        elements: "labs:elements",
      },
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

/**
 * Lets the build take {@link labEntries} for modules.
 *
 * @returns {import("vite").Plugin}
 */
function labModules() {
  const texts = new Map(
    Object.entries(labEntries(fromRoot("www"))).map(([name, text]) => [`labs:${name}`, text]),
  );
  return {
    name: "lab-modules",
    enforce: "pre",
    resolveId: (id) => (texts.has(id) ? `\0${id}` : null),
    load: (id) => texts.get(id.slice(1)) ?? null,
  };
}
