/** What a visit to the built page loads, as the build itself says. */
import { readdirSync, readFileSync } from "node:fs";

/** @import { Lab } from "../www/labs/registry.js" */

/** The built files. */
export const DIST = new URL("../dist/", import.meta.url);

/** How the build marks the content of a file in its name. */
const HASH = "-[\\w-]{8}";

/**
 * The scripts, wasm and styles that a visit to a lab's address loads: what the HTML names, the lab's
 * first script, its worker and its part, and whatever these import. A classic worker and the engine
 * on the page's own thread come instead of the module worker, not with it.
 *
 * @param {Lab} lab
 * @returns {string[]}  paths in the build
 */
export function codeOfVisit({ name, part }) {
  const html = readFileSync(new URL("index.html", DIST), "utf8");
  const named = [...html.matchAll(/\b(?:src|href)="\.\/([^"]+)"/g)].map(([, path]) => path);
  const found = new Set([
    ...named,
    built(`lab-${name}${HASH}\\.js`),
    built(`lab-${name}-worker${HASH}\\.js`),
    built(`${part.replaceAll("-", "_")}_bg${HASH}\\.wasm`),
  ]);
  for (const path of found) for (const imported of importsOf(path)) found.add(imported);
  return [...found].filter((path) => /\.(js|wasm|css)$/.test(path)).sort();
}

/** @param {string} name  of one file, as a pattern */
function built(name) {
  const pattern = new RegExp(`^${name}$`);
  const matching = readdirSync(new URL("assets/", DIST)).filter((file) => pattern.test(file));
  if (matching.length !== 1) throw new Error(`${matching.length} built files like ${name}`);
  return `assets/${matching[0]}`;
}

/**
 * The scripts that a script cannot run without.
 * @param {string} path
 */
function importsOf(path) {
  if (!path.endsWith(".js")) return [];
  const text = readFileSync(new URL(path, DIST), "utf8");
  return [...text.matchAll(/\b(?:from|import)\s*["'`]\.\/([\w.-]+\.js)["'`]/g)].map(
    ([, file]) => `assets/${file}`,
  );
}
