import { normalizePath } from "vite";
import { LABS } from "../../www/labs/registry.js";
import { fromRoot } from "../lib/paths.js";

const [FIRST_LAB] = LABS;

/** What the first output needs besides scripts, from the first byte on: wasm and photo. */
const FILES = [
  {
    name: new RegExp(`/${FIRST_LAB.wasm}_bg-[^/]*\\.wasm$`),
    rel: "preload",
    as: "fetch",
    type: "application/wasm",
  },
  { name: /\/cat-[^/]*\.webp$/, rel: "preload", as: "image" },
];

/** The modules that the page's first script imports when it runs. */
const MODULES = ["www/page/page.js", `www/labs/${FIRST_LAB.name}/define.js`];

/**
 * Has the browser fetch at once what it would else find out about one script after the other.
 *
 * @returns {import("vite").Plugin}
 */
export function preload() {
  return {
    name: "preload",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: (_html, { bundle = {} }) => {
        const files = FILES.map(({ name, ...attributes }) => {
          const file = Object.keys(bundle).find((path) => name.test(path));
          if (!file) throw new Error(`the build has no file like ${name}`);
          return { file, attributes };
        });
        const scripts = [...withImports(bundle)].map((file) => ({
          file,
          attributes: { rel: "modulepreload" },
        }));
        return [...files, ...scripts].map(({ file, attributes }) => {
          const attrs = { ...attributes, crossorigin: true, href: `./${file}` };
          return { tag: "link", attrs, injectTo: "head" };
        });
      },
    },
  };
}

/**
 * The chunks of {@link MODULES} and all that they import.
 *
 * @param {import("vite").Rolldown.OutputBundle} bundle
 */
function withImports(bundle) {
  const chunks = Object.values(bundle).filter((output) => output.type === "chunk");
  const first = MODULES.map((module) => {
    const id = normalizePath(fromRoot(module));
    const chunk = chunks.find(({ facadeModuleId }) => facadeModuleId === id);
    if (!chunk) throw new Error(`the build has no chunk of ${module}`);
    return chunk.fileName;
  });
  const found = new Set(first);
  for (const file of found) {
    const chunk = chunks.find(({ fileName }) => fileName === file);
    for (const imported of chunk?.imports ?? []) found.add(imported);
  }
  return found;
}
