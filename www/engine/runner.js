/**
 * The far side of a channel: the core's functions by their names, and the assets that they take.
 *
 * Runs in the worker, and on the page's own thread where no worker may start.
 *
 * @import { Argument, Contract, Reply, Runner } from "./protocol.js"
 */

/**
 * A runner with its own assets.
 * @template {{ free(): void }} Lab
 * @param {Contract<any, Lab>} contract
 * @returns {Runner & { run: (call: import("./protocol.js").Call) => Reply }}
 */
export function createRunner({ initSync, functions, Lab, open }) {
  /** @type {Map<number, { value: unknown, lab?: Lab }>}  with what the lab made of each */
  const assets = new Map();

  /** @param {number} id */
  const drop = (id) => {
    assets.get(id)?.lab?.free();
    assets.delete(id);
  };

  /** @param {Argument} argument */
  const received = (argument) => {
    if (!("asset" in argument)) return argument.value;
    const { asset, value } = argument;
    if (value !== undefined) assets.set(asset, { value });
    return held(asset).value;
  };

  /** @param {number} id */
  const held = (id) => {
    const asset = assets.get(id);
    if (!asset) throw new Error(`no asset ${id}`);
    return asset;
  };

  /** @param {Argument | undefined} argument */
  const labOf = (argument) => {
    if (!argument || !("asset" in argument)) throw new Error("a method of a lab takes an asset");
    const asset = held(argument.asset);
    asset.lab ??= open(asset.value);
    return asset.lab;
  };

  return {
    load: (module) => reply(() => void initSync({ module })),
    run: ({ name, args, dropped }) =>
      reply(() => {
        for (const id of dropped) drop(id);
        const values = args.map(received);
        if (!(name in Lab.prototype)) return /** @type {any} */ (functions)[name](...values);
        return /** @type {any} */ (labOf(args[0]))[name](...values.slice(1));
      }),
  };
}

/**
 * @param {() => unknown} work
 * @returns {Reply}
 */
function reply(work) {
  try {
    return { value: work() };
  } catch (error) {
    if (error instanceof Error && "code" in error) {
      const { code, message, details } = /** @type {any} */ (error);
      return { problem: { code, message, details } };
    }
    return { trap: String(error) };
  }
}
