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
  },
};
