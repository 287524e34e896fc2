import { fileURLToPath } from "node:url";

/**
 * The absolute path of a file of this repository.
 *
 * @param {string} path relative to the repository's root; `""` is the root itself
 */
export function fromRoot(path) {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url)).replace(/[/\\]$/, "");
}
