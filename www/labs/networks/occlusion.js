/**
 * Occlusion: the probability of a class with a grey patch at each of 14 x 14 places, asked for row by row,
 * so that the map fills in and the engine has time for other calls.
 *
 * @import { Problem } from "../../engine/protocol.js"
 * @import { LegendedPicture, NetworksCore } from "./contract.js"
 * @import { Question } from "./model.js"
 */
import { batch, signal } from "@preact/signals-core";
import { problemOf } from "../shared/problem.js";

/**
 * @template T
 * @typedef {import("@preact/signals-core").Signal<T>} Signal
 */

/** Places of the patch along each axis. */
export const PLACES = 14;

/** Milliseconds to wait after the last input. */
const REST_MS = 250;

export class Occlusion {
  /** @type {Signal<LegendedPicture | null>}  as far as it has come */
  map = signal(null);
  /** @type {Signal<number[]>}  probabilities, row after row */
  found = signal([]);
  /** @type {Signal<"idle" | "running" | "stopped" | "done">} */
  progress = signal("idle");
  /** @type {Signal<Problem | null>} */
  problem = signal(null);

  #core;
  #turn = 0;
  /** @type {(() => Promise<void>) | null} */
  #again = null;

  /** @param {NetworksCore} core */
  constructor(core) {
    this.#core = core;
  }

  /**
   * Measures after input has settled; only the latest request is answered.
   * @param {Question} question
   * @param {{ index: number, size: number, theme: "light" | "dark" }} options
   */
  async measure(question, options) {
    const turn = ++this.#turn;
    this.#again = () => this.measure(question, options);
    const isNewest = () => turn === this.#turn;
    this.progress.value = "running";
    this.found.value = [];
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
    try {
      for (let row = 0; row < PLACES && isNewest(); row++)
        await this.#row(row, question, options, isNewest);
      if (isNewest()) this.progress.value = "done";
    } catch (error) {
      if (!isNewest()) return;
      batch(() => {
        this.problem.value = problemOf(error);
        this.progress.value = "stopped";
      });
    }
  }

  /** Stops measuring; the places so far stay. */
  stop() {
    this.#turn++;
    if (this.progress.peek() === "running") this.progress.value = "stopped";
  }

  /** Measures once more what was stopped. */
  again() {
    return this.#again?.();
  }

  /**
   * @param {number} row
   * @param {Question} question
   * @param {{ index: number, size: number, theme: "light" | "dark" }} options
   * @param {() => boolean} isNewest
   */
  async #row(row, { weights, picture }, { index, size, theme }, isNewest) {
    const measured = await this.#core.occlusion(weights, picture, index, size, row);
    if (!isNewest()) return;
    const found = [...this.found.peek(), ...measured];
    const map = await this.#core.occlusionMap(weights, picture, index, found, theme);
    if (!isNewest()) return;
    batch(() => {
      this.found.value = found;
      this.map.value = map;
      this.problem.value = null;
    });
  }
}
