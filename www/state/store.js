import { computed, signal } from "@preact/signals-core";
import { amend, begin, record, redo, undo } from "./history.js";

/**
 * @typedef {{ code: string, details: Record<string, string | number> }} StateProblem
 *   shown as `error.<code>`
 */

/**
 * Holds a lab's state and its undo history.
 *
 * `state`, `canUndo` and `canRedo` are signals over one source: an effect that reads any of them
 * runs once per change, and not at all if nothing changed.
 * @template {object} S
 * @param {S} initial  a state that `parse` has returned
 * @param {(value: unknown) => { state?: S, problem?: StateProblem }} parse
 */
export function createStore(initial, parse) {
  const history = signal(begin(initial));
  const state = computed(() => history.value.present);

  /**
   * @param {unknown} value
   * @param {(next: S) => import("./history.js").History<S>} step
   * @returns {StateProblem | undefined}
   */
  const change = (value, step) => {
    const { state: next, problem } = parse(value);
    if (next && !isSame(next, history.peek().present)) history.value = step(next);
    return problem;
  };

  return {
    state,
    canUndo: computed(() => history.value.past.length > 0),
    canRedo: computed(() => history.value.future.length > 0),

    /**
     * Changes fields of the state as one undo step. Consecutive changes with the same `merge` key
     * are one step.
     * @param {Partial<S>} patch
     * @param {{ merge?: string | number }} [options]
     * @returns {StateProblem | undefined} why nothing was changed, if `patch` is not valid
     */
    set: (patch, { merge } = {}) =>
      change({ ...state.peek(), ...patch }, (next) => record(history.peek(), next, merge)),

    /**
     * Replaces the whole state without an undo step: for what a learner would not call a change,
     * such as the selected pixel.
     * @param {S} next
     * @returns {StateProblem | undefined} why nothing was changed, if `next` is not valid
     */
    replace: (next) => change(next, (valid) => amend(history.peek(), valid)),

    /** Undoes the last step, if there is one. */
    undo: () => {
      history.value = undo(history.peek());
    },

    /** Redoes the last undone step, if there is one. */
    redo: () => {
      history.value = redo(history.peek());
    },
  };
}

/**
 * Parsed states have their keys in schema order, so equal states have equal JSON.
 * @param {unknown} a
 * @param {unknown} b
 */
function isSame(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}
