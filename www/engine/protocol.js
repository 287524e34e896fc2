/**
 * What crosses between the page and an engine: types, no code that does anything but an error.
 *
 * @typedef {{ code: string, message: string, details: Record<string, unknown> }} Problem
 * @typedef {{ value: unknown } | { problem: Problem } | { trap: string }} Reply
 *   a result, a refusal in words, or a bug
 *
 * @typedef {{ value: unknown } | { asset: number, value?: object }} Argument  an asset by its
 *   number; with its value where the engine does not have it yet
 * @typedef {{ name: string, args: Argument[], dropped: number[] }} Call  `dropped` are assets that
 *   no later call names
 *
 * @typedef {object} Runner  the far side of a channel
 * @property {(module: WebAssembly.Module) => Reply | Promise<Reply>} load  the lab's part, once
 * @property {(call: Call) => Reply | Promise<Reply>} run
 */

/**
 * What a lab asks of the core: its part, and how the object is made whose methods it calls. A call
 * that `Lab` has as a method takes first the asset of which that object is made.
 *
 * @template Calls  every call by its name
 * @template {{ free(): void }} Lab
 * @typedef {object} Contract
 * @property {(from: { module: WebAssembly.Module }) => unknown} initSync  of the part
 * @property {{ [Name in Exclude<keyof Calls, keyof Lab>]: Calls[Name] }} functions
 * @property {{ prototype: Lab }} Lab
 * @property {(asset: any) => Lab} open
 */

/**
 * The methods of a lab's object as calls, which take first the asset of which it is made.
 *
 * @template Asset
 * @template Lab
 * @typedef {{ [Name in Exclude<keyof Lab, "free" | symbol>]:
 *   Lab[Name] extends (...args: infer Args) => infer Answer ?
 *     (asset: Asset, ...args: Args) => Answer : never }} MethodCalls
 */

/**
 * The calls of a lab as the page makes them.
 *
 * @template Calls
 * @typedef {{ [Name in keyof Calls]: Calls[Name] extends (...args: infer Args) => infer Answer ?
 *   (...args: Args) => Promise<Answer> : never }} Asked
 */

/** A refusal by the engine or a lab, with a stable code for the catalogue. */
export class EngineError extends Error {
  /** @param {Problem} problem */
  constructor({ code, message, details }) {
    super(message);
    this.name = "EngineError";
    this.code = code;
    this.details = details;
  }
}
