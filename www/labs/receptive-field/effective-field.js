/**
 * The effective receptive field, measured when somebody looks: by an engine of its own, because it
 * takes a while.
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

/** Milliseconds for which the hand rests before anything is measured. */
const REST_MS = 200;
/** Milliseconds after which a measurement is worth a word. */
const PATIENCE_MS = 400;

export class EffectiveFieldMeter {
  /** Whether anybody looks. */
  wanted = signal(false);
  /** @type {Signal<EffectiveField | null>}  what was measured last */
  field = signal(null);
  /** @type {Signal<Problem | null>}  why the last measurement came to nothing */
  problem = signal(null);
  /** True while it takes long enough to be cancelled by hand. */
  busy = signal(false);

  #engine;
  /** Counts the measurements asked for. */
  #turn = 0;

  /** @param {EngineClient<ReceptiveFieldCore>} engine */
  constructor(engine) {
    this.#engine = engine;
  }

  /** Stops measuring; what was measured last stays. */
  cancel = () => this.#engine.cancel();

  /** There is nothing to show until something is measured again. */
  forget() {
    this.#turn++;
    if (this.busy.peek()) this.cancel();
    batch(() => {
      this.field.value = null;
      this.problem.value = null;
      this.busy.value = false;
    });
  }

  /**
   * Measures once the hand rests; only the newest question is answered.
   * @param {Picture} picture
   * @param {NetworkSpec} spec
   * @param {EffectiveFieldOptions} options
   */
  async measure(picture, spec, options) {
    const turn = ++this.#turn;
    const isNewest = () => turn === this.#turn;
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
    if (!isNewest()) return;
    // What still runs answers a question that nobody asks any more.
    if (this.busy.peek()) this.cancel();
    const patience = setTimeout(() => {
      if (isNewest()) this.busy.value = true;
    }, PATIENCE_MS);
    try {
      const field = await this.#engine.core.effective(picture, spec, options);
      if (!isNewest()) return;
      batch(() => {
        this.field.value = field;
        this.problem.value = null;
      });
    } catch (error) {
      if (isNewest()) this.problem.value = problemOf(error);
    } finally {
      clearTimeout(patience);
      if (isNewest()) this.busy.value = false;
    }
  }
}
