/**
 * The page's side of a lab's engine: starts it, asks it, replaces it when it breaks.
 *
 * Every call carries all that its answer depends on, so a new worker needs nothing from the old
 * one: after a trap the call is simply asked again, and the learner's work was never in danger.
 *
 * @import { Reply } from "./protocol.js"
 * @import { Channel, Source } from "./loader.js"
 */
import { Lanes } from "./lanes.js";
import { FALLBACKS } from "./loader.js";
import { EngineError } from "./protocol.js";
import { Session } from "./session.js";
import { wasmModule } from "./wasm-module.js";

const CANCELLED = { code: "cancelled", message: "cancelled", details: {} };

/**
 * @template {object} Core  the calls of the lab's contract, each as a method that gives a promise
 * @fires EngineClient#engine-restart  after a trap, once a new worker has answered
 */
export class EngineClient extends EventTarget {
  /**
   * The lab's core: `core.output(picture, spec)` resolves to what the core answers, or rejects with
   * an {@link EngineError} with the core's code, `cancelled`, or `engine_failed`.
   * @type {Core}
   */
  core;

  #source;
  /** @type {Promise<Session> | null} */
  #session = null;
  #lanes = new Lanes();
  /** Counts the calls of {@link cancel}. */
  #cancelled = 0;
  /** The first of the {@link FALLBACKS} that has not failed on this page. */
  #fallback = 0;

  /** @param {Source} source */
  constructor(source) {
    super();
    this.#source = source;
    const call = (/** @type {string} */ name, /** @type {unknown[]} */ args) =>
      this.#call(name, args);
    this.core = /** @type {Core} */ (callable(call));
  }

  /** Starts the engine, so that the first call does not wait for it; a failure is the call's to tell. */
  warmUp() {
    this.#open()
      .then((session) => session.load())
      .catch(() => {});
  }

  /**
   * Asks the engine; while one request of the lane is under way, only the latest waits.
   * @template T
   * @param {string} lane
   * @param {() => Promise<T>} ask
   * @returns {Promise<T | null>}  null if a later request took its place
   */
  latest(lane, ask) {
    const cancelled = this.#cancelled;
    return this.#lanes.latest(lane, () => {
      if (cancelled !== this.#cancelled) throw new EngineError(CANCELLED);
      return ask();
    });
  }

  /** Stops whatever is being computed: every call, open or waiting, is refused with `cancelled`. */
  cancel() {
    this.#cancelled++;
    this.#session?.then((session) => session.close({ problem: CANCELLED }));
    this.#session = null;
  }

  /**
   * @param {string} name
   * @param {unknown[]} args
   * @returns {Promise<unknown>}
   */
  async #call(name, args) {
    let reply = await this.#ask(name, args);
    if ("trap" in reply) {
      const reason = reply.trap;
      reply = await this.#ask(name, args);
      if (!("trap" in reply)) {
        this.dispatchEvent(new CustomEvent("engine-restart", { detail: { reason } }));
      }
    }
    if ("trap" in reply) {
      const details = { operator: name, reason: reply.trap };
      throw new EngineError({ code: "engine_failed", message: reply.trap, details });
    }
    if ("problem" in reply) throw new EngineError(reply.problem);
    return reply.value;
  }

  /**
   * One try. A session that trapped is closed, so that the next try starts a new one; one that could
   * not start makes room for the next way to run.
   * @param {string} name
   * @param {unknown[]} args
   * @returns {Promise<Reply>}
   */
  async #ask(name, args) {
    const opened = this.#open();
    const session = await opened;
    const reply = await session.ask(name, args);
    if (!("trap" in reply)) return reply;
    const hasStarted = await session.channel.started.then(
      () => true,
      () => false,
    );
    if (this.#session === opened) {
      this.#session = null;
      session.close(reply);
      if (!hasStarted) this.#fallback++;
    }
    return hasStarted ? reply : this.#ask(name, args);
  }

  /** @returns {Promise<Session>} */
  #open() {
    if (!this.#session) {
      const opening = this.#openChannel().then(
        (channel) => new Session(channel, () => wasmModule(this.#source.wasm)),
      );
      opening.catch(() => {
        if (this.#session === opening) this.#session = null;
      });
      this.#session = opening;
    }
    return this.#session;
  }

  /** @returns {Promise<Channel>} */
  async #openChannel() {
    try {
      return await FALLBACKS[this.#fallback](this.#source);
    } catch (error) {
      if (this.#fallback === FALLBACKS.length - 1) throw error;
      this.#fallback++;
      return this.#openChannel();
    }
  }
}

/**
 * An object with a method of every name.
 * @param {(name: string, args: unknown[]) => Promise<unknown>} call
 */
function callable(call) {
  return new Proxy(Object.freeze({}), {
    get: (_, name) =>
      // Without `then` it is no promise, so it may be awaited and given back by async functions.
      typeof name === "string" && name !== "then"
        ? (/** @type {unknown[]} */ ...args) => call(name, args)
        : undefined,
  });
}
