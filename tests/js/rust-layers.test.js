/** The order of the core's modules: imports point one way, without cycles. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const SRC = fileURLToPath(new URL("../../src/", import.meta.url));

/** Every module of the crate by its path, such as `net::op`. @type {Map<string, string>} */
const MODULES = new Map(
  readdirSync(SRC, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => file.endsWith(".rs") && !isTest(file))
    .map((file) => [file.replace(/(\/mod)?\.rs$/, "").replaceAll("/", "::"), file]),
);

/** The top-level modules in the order in which `lib.rs` declares them, from the ground up. */
const LAYERS = [...source("lib.rs").matchAll(/^(?:pub )?mod (\w+);/gm)].map(([, name]) => name);

test("each top-level module uses only those above it in lib.rs", () => {
  assert.ok(LAYERS.length > 10);
  const upward = imports().filter(
    ({ from, to }) => LAYERS.indexOf(layerOf(to)) > LAYERS.indexOf(layerOf(from)),
  );
  assert.deepEqual(
    upward.map(({ from, to }) => `${from} -> ${to}`),
    [],
  );
});

test("no two files of the core import each other, directly or through others", () => {
  assert.deepEqual(circles(imports()), []);
});

/** @param {string} file */
function isTest(file) {
  return /(^|\/)(tests?|testing)(\.rs$|\/)/.test(file);
}

/** @param {string} module */
function layerOf(module) {
  return module.split("::")[0];
}

/**
 * The text of a source file without comments and without its unit tests.
 * @param {string} file
 */
function source(file) {
  const text = existsSync(SRC + file) ? readFileSync(SRC + file, "utf8") : "";
  return text.replace(/\/\/.*$/gm, "").replace(/#\[cfg\(test\)\]\s*mod tests \{[\s\S]*$/, "");
}

/** What each module uses of others. A parent does not import its children: it declares them. */
function imports() {
  return [...MODULES].flatMap(([from, file]) => {
    if (from === "lib") return [];
    const found = new Set(named(source(file), from));
    return [...found]
      .filter((to) => to !== from && !from.startsWith(`${to}::`) && !to.startsWith(`${from}::`))
      .map((to) => ({ from, to }));
  });
}

/**
 * The modules whose items a text names by `crate::` or `super::`.
 * @param {string} text
 * @param {string} from  the module of the text
 */
function* named(text, from) {
  const parent = from.split("::").slice(0, -1);
  for (const [, root, rest, list] of text.matchAll(
    /\b(crate|super)((?:::\w+)+)(?:::\{([^}]*)\})?/g,
  )) {
    const start = root === "crate" ? [] : parent;
    const path = [...start, ...rest.split("::").slice(1)];
    const ends = list === undefined ? [""] : list.split(",").map((item) => item.trim());
    for (const end of ends) yield* deepest([...path, ...end.split("::")]);
  }
}

/** The longest prefix of a path that is a module. @param {string[]} path */
function* deepest(path) {
  for (let length = path.length; length > 0; length--) {
    const module = path.slice(0, length).join("::");
    if (MODULES.has(module)) {
      yield module;
      return;
    }
  }
}

/**
 * One path of modules for each import cycle, found by depth-first search.
 * @param {{ from: string, to: string }[]} edges
 */
function circles(edges) {
  /** @type {Map<string, string[]>} */
  const next = new Map();
  for (const { from, to } of edges) next.set(from, [...(next.get(from) ?? []), to]);
  /** @type {string[]} */
  const found = [];
  const done = new Set();
  /** @param {string} module @param {string[]} path */
  const visit = (module, path) => {
    if (path.includes(module)) {
      found.push([...path.slice(path.indexOf(module)), module].join(" -> "));
      return;
    }
    if (done.has(module)) return;
    for (const to of next.get(module) ?? []) visit(to, [...path, module]);
    done.add(module);
  };
  for (const module of next.keys()) visit(module, []);
  return found;
}
