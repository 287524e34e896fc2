/** What the first output needs, from the first byte on: wasm, the page's own code, the photo. */
const FIRST = [
  {
    name: /\/cnn_playground_bg-[^/]*\.wasm$/,
    rel: "preload",
    as: "fetch",
    type: "application/wasm",
  },
  { name: /\/page-[^/]*\.js$/, rel: "modulepreload" },
  { name: /\/define-kernel-lab-[^/]*\.js$/, rel: "modulepreload" },
  { name: /\/cat-[^/]*\.webp$/, rel: "preload", as: "image" },
];

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
      handler: (_html, { bundle = {} }) =>
        FIRST.map(({ name, ...attributes }) => {
          const file = Object.keys(bundle).find((path) => name.test(path));
          if (!file) throw new Error(`the build has no file like ${name}`);
          const attrs = { ...attributes, crossorigin: true, href: `./${file}` };
          return { tag: "link", attrs, injectTo: "head" };
        }),
    },
  };
}
