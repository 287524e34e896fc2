import { normalizePath } from "vite";
import { fromRoot } from "../lib/paths.js";

/** What every visit needs besides scripts: the photograph that most begin with. */
const PHOTO = /\/cat-[^/]*\.webp$/;

/** The module that the page's first script imports when it runs. */
const MODULE = "www/page/page.js";

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
      handler: (html, { bundle = {} }) => {
        const photo = Object.keys(bundle).find((path) => PHOTO.test(path));
        if (!photo) throw new Error(`the build has no file like ${PHOTO}`);
        return [
          link(photo, { rel: "preload", as: "image" }),
          ...withImports(bundle)
            .filter((file) => !html.includes(`"./${file}"`))
            .map((file) => link(file, { rel: "modulepreload" })),
        ];
      },
    },
  };
}

/**
 * @param {string} file
 * @param {Record<string, string>} attributes
 * @returns {import("vite").HtmlTagDescriptor}
 */
function link(file, attributes) {
  const attrs = { ...attributes, crossorigin: true, href: `./${file}` };
  return { tag: "link", attrs, injectTo: "head" };
}

/**
 * The chunk of {@link MODULE} and all that it imports.
 *
 * @param {import("vite").Rolldown.OutputBundle} bundle
 */
function withImports(bundle) {
  const chunks = Object.values(bundle).filter((output) => output.type === "chunk");
  const id = normalizePath(fromRoot(MODULE));
  const first = chunks.find(({ facadeModuleId }) => facadeModuleId === id);
  if (!first) throw new Error(`the build has no chunk of ${MODULE}`);
  const found = new Set([first.fileName]);
  for (const file of found) {
    const chunk = chunks.find(({ fileName }) => fileName === file);
    for (const imported of chunk?.imports ?? []) found.add(imported);
  }
  return [...found];
}
