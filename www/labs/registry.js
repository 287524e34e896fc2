/**
 * The list of labs: everything that the page, the package, the build and the tests need to know.
 *
 * Lab `x` lives in the folder `x` beside this file: `define.js` registers its element,
 * `element.js` exports its class, `contract.js` says what it asks of the core, `engine.js` provides the
 * engine that answers, `en.json` and `ru.json` hold its words.
 *
 * @typedef {object} Lab
 * @property {string} name  as in links, and of its folder
 * @property {string} tag  of its element
 * @property {Record<import("../i18n/index.js").Language, string>} title  for the navigation, which
 *   does not load the lab's own messages
 * @property {() => Promise<unknown>} load  registers its element
 * @property {string} part  the core's functions for it: cargo feature and, with underscores for
 *   hyphens, wasm package in `pkg/`
 * @property {number} budget  bytes of code that a visit to it may cost, with Brotli
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
    part: "kernel-lab",
    budget: 250_000,
  },
  {
    name: "channels",
    tag: "cnn-channels-lab",
    title: { en: "Channels", ru: "Каналы" },
    load: () => import("./channels/define.js"),
    part: "channels-lab",
    budget: 272_000,
  },
  {
    name: "pooling",
    tag: "cnn-pooling-lab",
    title: { en: "Pooling", ru: "Пулинг" },
    load: () => import("./pooling/define.js"),
    part: "pooling-lab",
    budget: 250_000,
  },
  {
    name: "receptive-field",
    tag: "cnn-receptive-field-lab",
    title: { en: "Receptive field", ru: "Рецептивное поле" },
    load: () => import("./receptive-field/define.js"),
    part: "receptive-field-lab",
    budget: 420_000,
  },
  {
    name: "networks",
    tag: "cnn-networks-lab",
    title: { en: "Networks", ru: "Сети" },
    load: () => import("./networks/define.js"),
    part: "networks-lab",
    budget: 450_000,
  },
  {
    name: "training",
    tag: "cnn-training-lab",
    title: { en: "Training", ru: "Обучение" },
    load: () => import("./training/define.js"),
    part: "training-lab",
    budget: 450_000,
  },
];
