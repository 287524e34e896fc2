import { build } from "vite";

const SUFFIX = "?script";

/**
 * Lets a module import another one as the text of a classic script that needs nothing else:
 * `import source from "./worker.js?script"`. A worker started from such a text also runs
 * under `file://` and in a sandboxed frame, where no script can be fetched.
 *
 * @param {import("vite").PluginOption[]} [plugins]  for the script
 * @returns {import("vite").Plugin}
 */
export function scriptText(plugins = []) {
  return {
    name: "script-text",
    enforce: "pre",
    async load(id) {
      if (!id.endsWith(SUFFIX)) return null;
      return `export default ${JSON.stringify(await bundle(id.slice(0, -SUFFIX.length), plugins))};`;
    },
  };
}

/**
 * @param {string} file
 * @param {import("vite").PluginOption[]} plugins
 */
async function bundle(file, plugins) {
  const result = await build({
    configFile: false,
    logLevel: "warn",
    plugins,
    build: {
      write: false,
      target: "es2022",
      rolldownOptions: { input: file, output: { format: "iife", codeSplitting: false } },
    },
  });
  const [{ output }] = /** @type {import("vite").Rolldown.RolldownOutput[]} */ ([result].flat());
  return output[0].code;
}
