/** A lab's core in this process, behind the engine's own runner. */
import { readFileSync } from "node:fs";
import { SentAssets } from "../../www/engine/assets.js";
import { createRunner } from "../../www/engine/runner.js";

/**
 * @param {import("../../www/engine/protocol.js").Contract<any, any>} contract
 * @param {string} part  the name of its package
 * @returns {(name: string, ...args: unknown[]) => any}  the reply: `value` or `problem`, or `trap` if
 *   the core has a defect
 */
export function labCore(contract, part) {
  const runner = createRunner(contract);
  const bytes = readFileSync(new URL(`../../www/pkg/${part}_bg.wasm`, import.meta.url));
  runner.load(new WebAssembly.Module(bytes));
  const sent = new SentAssets();
  return (name, ...args) => runner.run({ name, ...sent.pack(args) });
}
