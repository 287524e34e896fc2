import { normalizePath } from "vite";
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
    outDir: fromRoot("dist"),
    emptyOutDir: true,
    assetsDir: "assets",
    assetsInlineLimit: 0,
    rolldownOptions: { output: { chunkFileNames } },
  },
};

/**
 * The chunk that a lab begins with bears the lab's name.
 * @param {{ facadeModuleId?: string | null }} chunk
 */
function chunkFileNames({ facadeModuleId }) {
  const lab = LABS.find(
    ({ name }) => facadeModuleId === normalizePath(fromRoot(`www/labs/${name}/define.js`)),
  );
  return `assets/${lab ? `lab-${lab.name}` : "[name]"}-[hash].js`;
}
