/** Newest wins: while one piece of work of a lane is under way, only the latest waits. */
export class Lanes {
  /** @type {Map<string, { waiting: ((isLatest: boolean) => void) | null }>}  with work under way */
  #busy = new Map();

  /** Lanes that have something to do. */
  get size() {
    return this.#busy.size;
  }

  /**
   * Does the work when the lane is free.
   * @template T
   * @param {string} lane
   * @param {() => Promise<T>} work
   * @returns {Promise<T | null>}  null if later work took its place
   */
  async latest(lane, work) {
    const busy = this.#busy.get(lane);
    const state = busy ?? { waiting: null };
    this.#busy.set(lane, state);
    if (busy) {
      const isLatest = await new Promise((resolve) => {
        busy.waiting?.(false);
        busy.waiting = resolve;
      });
      if (!isLatest) return null;
    }
    try {
      return await work();
    } finally {
      const { waiting } = state;
      state.waiting = null;
      if (waiting) waiting(true);
      else this.#busy.delete(lane);
    }
  }
}
