import { LABS } from "../../www/labs/registry.js";
import { fromRoot } from "../lib/paths.js";
import { contentSecurityPolicy } from "./content-security-policy.js";
import { preload } from "./preload.js";
import { shared, sharedBuild } from "./shared.js";

/**
 * The page: `dist/index.html` and files with hashed names, for any folder of any server.
 *
 * @type {import("vite").InlineConfig}
 */
export const page = {
  ...shared,
  plugins: [...shared.plugins, preload(), contentSecurityPolicy()],
  build: {
    ...sharedBuild,
    // A lab's scripts are fetched together, not one after the other.
    modulePreload: { polyfill: false },
    outDir: fromRoot("dist"),
    emptyOutDir: true,
    assetsDir: "assets",
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        chunkFileNames: fileName,
        codeSplitting: {
          groups: [
            // All that the first script needs comes in one file, not in a tiny one for each lab.
            { name: "start", tags: ["$initial"] },
            // So does what every lab shares, which Brotli packs better in one.
            { name: "labs", minShareCount: LABS.length - 1 },
          ],
        },
      },
    },
  },
  worker: {
    ...shared.worker,
    rolldownOptions: { output: { entryFileNames: fileName } },
  },
};

/**
 * What a lab alone loads bears the lab's name: `lab-pooling` is the chunk that it begins with,
 * `lab-pooling-worker` its worker, `lab-pooling-worker-script` the text of a classic one. What lies in
 * a lab's folder `data` is called `data-` and its name: data, which no budget of code counts.
 * @param {{ facadeModuleId?: string | null }} chunk
 */
function fileName({ facadeModuleId }) {
  if (/\/www\/labs\/[^/]+\/data\//.test(facadeModuleId ?? ""))
    return "assets/data-[name]-[hash].js";
  const [, name, file, query = ""] =
    /\/www\/labs\/([^/]+)\/([\w-]+)\.js(\?script)?/.exec(facadeModuleId ?? "") ?? [];
  if (!LABS.some((lab) => lab.name === name)) return "assets/[name]-[hash].js";
  const rest = `${file}${query.replace("?", "-")}`.replace(/^define$/, "");
  return `assets/${["lab", name, rest].filter(Boolean).join("-")}-[hash].js`;
}
