/**
 * The page's side of the engine: starts it, asks it, replaces it when it breaks.
 *
 * Every call carries all that its answer depends on, so a new worker needs nothing from the old
 * one: after a trap the call is simply asked again, and the learner's work was never in danger.
 *
 * @import { Operations, Part, Reply } from "./protocol.js"
 */
import { RUNGS } from "./loader.js";
import { EngineError } from "./protocol.js";
import { Session } from "./session.js";

const CANCELLED = { code: "cancelled", message: "cancelled", details: {} };

/**
 * @fires EngineClient#engine-restart  after a trap, once a new worker has answered
 */
export class EngineClient extends EventTarget {
  /** @type {Promise<Session> | null} */
  #session = null;
  /** @type {Map<string, { running: boolean, waiting: ((isLatest: boolean) => void) | null }>} */
  #lanes = new Map();
  /** Counts the calls of {@link cancel}. */
  #cancelled = 0;
  /** The first way to run an engine that has not failed on this page. */
  #rung = 0;

  /**
   * Starts the engine, so that the first call does not wait for it; a failure is the call's to tell.
   * @param {Part} part  that is asked first
   */
  warmUp(part) {
    this.#open()
      .then((session) => session.load(part))
      .catch(() => {});
  }

  /**
   * Asks the engine.
   * @template {keyof Operations} Name
   * @param {Name} name
   * @param {Parameters<Operations[Name]>} args
   * @returns {Promise<ReturnType<Operations[Name]>>}
   * @throws {EngineError} with the core's code, `cancelled`, or `engine_failed`
   */
  async call(name, ...args) {
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
    return /** @type {any} */ (reply.value);
  }

  /**
   * Asks the engine; while one call of the lane is under way, only the latest waits.
   * @template {keyof Operations} Name
   * @param {string} lane
   * @param {Name} name
   * @param {Parameters<Operations[Name]>} args
   * @returns {Promise<ReturnType<Operations[Name]> | null>}  null if a later call took its place
   */
  async latest(lane, name, ...args) {
    const state = this.#lanes.get(lane) ?? { running: false, waiting: null };
    this.#lanes.set(lane, state);
    const cancelled = this.#cancelled;
    if (state.running) {
      const isLatest = await new Promise((resolve) => {
        state.waiting?.(false);
        state.waiting = resolve;
      });
      if (!isLatest) return null;
    }
    state.running = true;
    try {
      if (cancelled !== this.#cancelled) throw new EngineError(CANCELLED);
      return await this.call(name, ...args);
    } finally {
      const { waiting } = state;
      state.waiting = null;
      if (waiting) waiting(true);
      else state.running = false;
    }
  }

  /** Stops whatever is being computed: every call, open or waiting, is refused with `cancelled`. */
  cancel() {
    this.#cancelled++;
    this.#session?.then((session) => session.close({ problem: CANCELLED }));
    this.#session = null;
  }

  /** How the engine runs, once it does: the rung of the ladder. */
  async kind() {
    await this.call("parseNumber", "0");
    return (await this.#open()).channel.kind;
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
      if (!hasStarted) this.#rung++;
    }
    return hasStarted ? reply : this.#ask(name, args);
  }

  /** @returns {Promise<Session>} */
  #open() {
    if (!this.#session) {
      const opening = this.#openChannel().then((channel) => new Session(channel));
      opening.catch(() => {
        if (this.#session === opening) this.#session = null;
      });
      this.#session = opening;
    }
    return this.#session;
  }

  /** @returns {Promise<import("./loader.js").Channel>} */
  async #openChannel() {
    try {
      return await RUNGS[this.#rung]();
    } catch (error) {
      if (this.#rung === RUNGS.length - 1) throw error;
      this.#rung++;
      return this.#openChannel();
    }
  }
}
