/**
 * What the models of all labs share: a state with its undo, and the way the engine is asked.
 *
 * Data flows one way: an action changes the state; effects ask the engine; answers become signals
 * that the element shows. A refused call leaves the last good answer standing and sets `problem`.
 *
 * @import { EngineClient } from "../../engine/client.js"
 * @import { Problem } from "../../engine/protocol.js"
 * @import { LabState } from "./lab-state.js"
 */
import { batch, effect, signal } from "@preact/signals-core";
import { createStore } from "../../state/store.js";
import { problemOf } from "./problem.js";

/**
 * @template T
 * @typedef {import("@preact/signals-core").Signal<T>} Signal
 */

/**
 * @typedef {{ key: string, params: Record<string, unknown> }} Notice  a sentence of the catalogue
 */

/** Milliseconds after which a computation is worth a word. */
const PATIENCE_MS = 300;

/** Milliseconds for which a notice stays that is no problem. */
const NOTICE_MS = 8000;

/** Problems after which the same request may well be answered. */
const LOST = new Set(["cancelled", "engine_failed"]);

const RESTARTED = "error.worker_restarted";

let labsMade = 0;

/**
 * @template {object} S  the lab's state
 * @template {object} Core  what the lab asks of the core
 */
export class EngineModel {
  /** @type {Signal<Problem | null>}  why the main answer does not follow the state */
  problem = signal(null);
  /** @type {Signal<Notice | null>}  the last thing worth saying */
  notice = signal(null);
  /** @type {Signal<"light" | "dark">} */
  theme = signal("light");
  /** True when a computation takes long enough to be cancelled by hand. */
  busy = signal(false);
  /** Counts the times that side answers that were missed are to be asked for again. */
  again = signal(0);

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #noticeTimer;
  /** @type {S | null}  the state that the notice speaks of */
  #noticeState = null;
  #engine;
  #id = ++labsMade;
  /** Whether a side answer was lost: cancelled, or with an engine that failed. */
  #missed = false;
  /** Settles when the newest main answer is on the screen, or refused. */
  answered = Promise.resolve();
  /** @type {Promise<unknown>}  settles when the actions asked for so far are done */
  #lastAction = Promise.resolve();
  /** @type {(() => void)[]} */
  #disposers = [];

  /**
   * @param {EngineClient<Core>} engine
   * @param {LabState<S>} kind
   * @param {S} state  to begin with
   */
  constructor(engine, kind, state) {
    this.#engine = engine;
    /** @protected */
    this.core = engine.core;
    this.kind = kind;
    this.store = createStore(state, kind.parseState);
  }

  /**
   * All that the element shows: when one of these changes, it renders.
   * @returns {{ value: unknown }[]}
   */
  get shown() {
    const { store, problem, notice, busy } = this;
    const { state, canUndo, canRedo } = store;
    return [state, canUndo, canRedo, problem, notice, busy];
  }

  /**
   * What a lab does when something changes, each run as an effect.
   * @returns {(() => void)[]}
   */
  effects() {
    return [];
  }

  /**
   * What comes before the lab's own effects.
   * @protected
   * @returns {(() => void)[]}
   */
  firstEffects() {
    return [];
  }

  /** Begins to follow the state; {@link stop} ends it. */
  start() {
    const restarted = () => {
      // Where the answer failed all the same, something is lost.
      if (this.problem.peek()?.code !== "engine_failed") this.say(RESTARTED);
    };
    this.#engine.addEventListener("engine-restart", restarted);
    this.#disposers = [
      () => this.#engine.removeEventListener("engine-restart", restarted),
      // A notice goes with the state that it speaks of.
      effect(() => {
        const isOver = this.#noticeState !== null && this.store.state.value !== this.#noticeState;
        if (isOver) this.notice.value = this.#noticeState = null;
      }),
      ...[...this.firstEffects(), ...this.effects()].map((run) => effect(run)),
    ];
  }

  stop() {
    for (const dispose of this.#disposers) dispose();
    this.#disposers = [];
  }

  /**
   * @param {Partial<S>} patch
   * @param {string} [merge]  changes with the same key are undone as one
   */
  set(patch, merge) {
    this.store.set(patch, { merge });
  }

  /** Stops what is being computed; the last answer stays. */
  cancel = () => this.#engine.cancel();

  /**
   * @param {string} key
   * @param {Record<string, unknown>} [params]
   */
  say(key, params = {}) {
    this.notice.value = { key, params };
    clearTimeout(this.#noticeTimer);
    const isProblem = key.startsWith("error.");
    if (!isProblem) this.#noticeTimer = setTimeout(() => this.#forget(key), NOTICE_MS);
    this.#noticeState = this.store.state.peek();
  }

  /** @param {string} key  of the notice to take away, if it is still there */
  #forget(key) {
    if (this.notice.peek()?.key === key) this.notice.value = null;
  }

  /**
   * Asks for the lab's main answer: the newest request wins, what takes long can be cancelled, and
   * a refusal becomes the lab's problem.
   * @protected
   * @template T
   * @param {() => Promise<T>} ask
   * @param {(answer: T) => unknown} show
   */
  requestPrimary(ask, show) {
    this.answered = this.#requestPrimary(ask, show);
  }

  /**
   * Puts a side answer into `target`. A refusal is the main answer's to tell.
   * @protected
   * @template T
   * @param {{ value: T | null }} target
   * @param {string} lane  requests of the same lane replace each other
   * @param {() => Promise<T>} ask
   */
  async requestInto(target, lane, ask) {
    try {
      const answer = await this.#engine.latest(this.#lane(lane), ask);
      if (answer !== null) target.value = answer;
    } catch {
      this.#missed = true;
    }
  }

  /**
   * Asks for a side answer whose refusal is told in a place of its own.
   * @protected
   * @template T
   * @param {string} lane  requests of the same lane replace each other
   * @param {() => Promise<T>} ask
   * @returns {Promise<{ answer: T, problem?: undefined } | { answer?: undefined, problem: Problem } |
   *   null>}  null if a later request took its place
   */
  async request(lane, ask) {
    try {
      const answer = await this.#engine.latest(this.#lane(lane), ask);
      return answer === null ? null : { answer };
    } catch (error) {
      const problem = problemOf(error);
      if (LOST.has(problem.code)) this.#missed = true;
      return { problem };
    }
  }

  /**
   * Does what was asked after all that was asked before, so that no change builds on an old state.
   * @protected
   * @param {() => Promise<unknown>} action
   * @returns {Promise<Problem | null>}  why it was refused
   */
  enqueue(action) {
    const outcome = this.#lastAction.then(action).then(() => null, problemOf);
    this.#lastAction = outcome;
    return outcome;
  }

  /**
   * @template T
   * @param {() => Promise<T>} ask
   * @param {(answer: T) => unknown} show
   */
  async #requestPrimary(ask, show) {
    const patience = setTimeout(() => {
      this.busy.value = true;
    }, PATIENCE_MS);
    try {
      const answer = await this.#engine
        .latest(this.#lane("primary"), ask)
        .finally(() => clearTimeout(patience));
      if (answer === null) return;
      let shown;
      batch(() => {
        shown = show(answer);
        this.problem.value = null;
        this.busy.value = false;
        if (this.#missed) this.again.value++;
        this.#missed = false;
      });
      await shown;
    } catch (error) {
      const problem = problemOf(error);
      batch(() => {
        this.busy.value = false;
        this.problem.value = problem;
        const isRepaired = problem.code !== "engine_failed";
        if (!isRepaired && this.notice.peek()?.key === RESTARTED) this.notice.value = null;
      });
    }
  }

  /** @param {string} name */
  #lane(name) {
    return `${this.#id} ${name}`;
  }
}
