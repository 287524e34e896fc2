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
/** Milliseconds before the busy indicator shows. */
const PATIENCE_MS = 400;

export class EffectiveFieldMeter {
  /** Whether the card has been in view. */
  wanted = signal(false);
  /** @type {Signal<EffectiveField | null>}  what was measured last */
  field = signal(null);
  /** @type {Signal<Problem | null>}  why the last measurement came to nothing */
  problem = signal(null);
  /** True once a measurement has taken long enough to offer cancelling it. */
  busy = signal(false);

  #engine;
  /** Number of the latest request. */
  #turn = 0;

  /** @param {EngineClient<ReceptiveFieldCore>} engine */
  constructor(engine) {
    this.#engine = engine;
  }

  /** Stops measuring; the last result stays. */
  cancel = () => this.#engine.cancel();

  /** Discards the last result and any running measurement. */
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
   * Measures after input has settled; only the latest request is answered.
   * @param {Picture} picture
   * @param {NetworkSpec} spec
   * @param {EffectiveFieldOptions} options
   */
  async measure(picture, spec, options) {
    const turn = ++this.#turn;
    const isNewest = () => turn === this.#turn;
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
    if (!isNewest()) return;
    // A measurement that is still running is out of date.
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
