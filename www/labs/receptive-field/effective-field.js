/**
 * The effective receptive field, measured only while its card is visible, by a separate engine,
 * because it takes a while.
 *
 * @import { EngineClient } from "../../engine/client.js"
 * @import { Problem } from "../../engine/protocol.js"
 * @import { Picture } from "../shared/core-types.js"
 * @import { EffectiveField, EffectiveFieldOptions, NetworkSpec, ReceptiveFieldCore }
 *   from "./contract.js"
 */
import { batch, signal } from "@preact/signals-core";
import { problemOf } from "../shared/problem.js";

/**
 * @template T
 * @typedef {import("@preact/signals-core").Signal<T>} Signal
 */

/** Milliseconds to wait after the last input before measuring. */
const REST_MS = 200;
/** Milliseconds before the busy indicator shows, and after which a call is not waited for. */
const PATIENCE_MS = 400;

const NOTHING_DONE = { done: 0, draws: 1 };

export class EffectiveFieldMeter {
  /** Whether the card has been in view. */
  wanted = signal(false);
  /** @type {Signal<EffectiveField | null>}  what was measured last, as far as that has come */
  field = signal(null);
  /** @type {Signal<Problem | null>}  why the last measurement came to nothing */
  problem = signal(null);
  /** True once a measurement has taken long enough to offer cancelling it. */
  busy = signal(false);
  /** @type {Signal<{ done: number, draws: number }>}  how far the measurement under way has come */
  progress = signal(NOTHING_DONE);

  #engine;
  /** Number of the latest request. */
  #turn = 0;
  /** When the call that is under way was made, in milliseconds; 0 if none is. */
  #calledAt = 0;

  /** @param {EngineClient<ReceptiveFieldCore>} engine */
  constructor(engine) {
    this.#engine = engine;
  }

  /** Stops measuring; the result of the draws so far stays. */
  cancel = () => this.#engine.cancel();

  /** Discards the last result and any running measurement. */
  forget() {
    this.#turn++;
    this.#stop();
    batch(() => {
      this.field.value = null;
      this.problem.value = null;
      this.busy.value = false;
      this.progress.value = NOTHING_DONE;
    });
  }

  /**
   * Measures after input has settled, some draws at a time; only the latest request is answered.
   * @param {Picture} picture
   * @param {NetworkSpec} spec
   * @param {EffectiveFieldOptions} options
   */
  async measure(picture, spec, options) {
    const turn = ++this.#turn;
    const isNewest = () => turn === this.#turn;
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
    if (!isNewest()) return;
    this.#stop();
    this.progress.value = { done: 0, draws: options.weights === "random" ? options.draws : 1 };
    const patience = setTimeout(() => {
      if (isNewest()) this.busy.value = true;
    }, PATIENCE_MS);
    try {
      for await (const field of this.#fields(picture, spec, options)) {
        if (!isNewest()) return;
        batch(() => {
          this.field.value = field;
          this.progress.value = { done: field.drawn.draws, draws: field.draws };
          this.problem.value = null;
        });
      }
    } catch (error) {
      if (isNewest()) this.problem.value = problemOf(error);
    } finally {
      clearTimeout(patience);
      if (isNewest()) this.busy.value = false;
    }
  }

  /**
   * The field after more and more draws, until there are enough.
   * @param {Picture} picture
   * @param {NetworkSpec} spec
   * @param {EffectiveFieldOptions} options
   */
  async *#fields(picture, spec, options) {
    /** @type {EffectiveField | undefined} */
    let field;
    while (!field || field.drawn.draws < field.draws) {
      const calledAt = performance.now();
      this.#calledAt = calledAt;
      try {
        field = await this.#engine.core.effective(picture, spec, options, field?.drawn);
      } finally {
        // Unless the next measurement has called meanwhile.
        if (this.#calledAt === calledAt) this.#calledAt = 0;
      }
      yield field;
    }
  }

  /** Stops a call whose answer nobody waits for any more, unless it ends soon anyway. */
  #stop() {
    if (this.#calledAt && performance.now() - this.#calledAt > PATIENCE_MS) this.cancel();
  }
}
