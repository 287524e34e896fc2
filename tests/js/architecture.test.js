/** The invariants of ARCHITECTURE.md that can be checked in the sources. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Paths below `folder` that end in `extension`, from the repository's root.
 * @param {string} folder
 * @param {string} extension
 */
function files(folder, extension) {
  return readdirSync(ROOT + folder, { recursive: true, encoding: "utf8" })
    .map((path) => `${folder}/${path.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(extension) && !path.startsWith("www/pkg/"));
}

/**
 * Files whose text matches.
 * @param {string[]} paths
 * @param {RegExp} pattern
 */
function matching(paths, pattern) {
  return paths.filter((path) => pattern.test(readFileSync(ROOT + path, "utf8")));
}

const rust = files("src", ".rs");
const js = files("www", ".js");

test("only src/wasm names a web crate", () => {
  const named = matching(rust, /\b(wasm_bindgen|js_sys|web_sys|serde_wasm_bindgen)\b/);
  assert.deepEqual(
    named.filter((path) => !path.startsWith("src/wasm/")),
    [],
  );
  assert.ok(named.length > 0);
});

test("unsafe appears only in src/compute", () => {
  const unsafe = matching(rust, /\bunsafe\s*(\{|fn|impl|trait)/);
  assert.deepEqual(
    unsafe.filter((path) => !path.startsWith("src/compute/")),
    [],
  );
});

test("nothing under src/wasm unwraps or expects", () => {
  assert.deepEqual(
    matching(
      rust.filter((path) => path.startsWith("src/wasm/")),
      /\.(unwrap|expect)\(|\b(panic|unreachable|todo)!/,
    ),
    [],
  );
});

test("only engine/loader.js starts a worker", () => {
  assert.deepEqual(matching(js, /new (Shared)?Worker\(/), ["www/engine/loader.js"]);
});

test("no source injects HTML or evaluates text", () => {
  assert.deepEqual(
    matching(
      js,
      /\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write|unsafeHTML)\b|\beval\(|new Function\(/,
    ),
    [],
  );
});

test("only register.js registers elements", () => {
  assert.deepEqual(matching(js, /customElements\.define\(/), ["www/widgets/base/register.js"]);
});
