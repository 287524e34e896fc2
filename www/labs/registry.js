/**
 * The list of labs: everything that the page, the package, the build and the tests need to know.
 *
 * Lab `x` lives in the folder `x` beside this file: `define.js` registers its element,
 * `element.js` exports its class, `en.json` and `ru.json` hold its words.
 *
 * @typedef {object} Lab
 * @property {string} name  as in links, and of its folder
 * @property {string} tag  of its element
 * @property {Record<import("../i18n/index.js").Language, string>} title  for the navigation, which
 *   does not load the lab's own messages
 * @property {() => Promise<unknown>} load  registers its element
 * @property {string} wasm  the module of the engine that it needs
 * @property {number} budget  bytes of code that a visit may load, with Brotli
 */

/**
 * In display order; a visit starts with the first one.
 * @type {readonly Lab[]}
 */
export const LABS = [
  {
    name: "kernel",
    tag: "cnn-kernel-lab",
    title: { en: "Kernels", ru: "Ядра" },
    load: () => import("./kernel/define.js"),
    wasm: "cnn_playground",
    budget: 250_000,
  },
  {
    name: "pooling",
    tag: "cnn-pooling-lab",
    title: { en: "Pooling", ru: "Пулинг" },
    load: () => import("./pooling/define.js"),
    wasm: "cnn_networks",
    budget: 600_000,
  },
  {
    name: "receptive-field",
    tag: "cnn-receptive-field-lab",
    title: { en: "Receptive field", ru: "Рецептивное поле" },
    load: () => import("./receptive-field/define.js"),
    wasm: "cnn_networks",
    budget: 620_000,
  },
];
