import { computed, signal } from "@preact/signals-core";
import { amend, begin, record, redo, undo } from "./history.js";

/**
 * @typedef {{ code: string, details: Record<string, string | number> }} StateProblem
 *   shown as `error.<code>`
 */

/**
 * The one place that holds a lab's state, with its undo.
 *
 * `state`, `canUndo` and `canRedo` are signals over one source: an effect that reads any of
 * them runs once for each change, and not at all when a change changes nothing.
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
     * Changes fields of the state as one step of undo. Changes with the same `merge` key in
     * a row are one step.
     * @param {Partial<S>} patch
     * @param {{ merge?: string | number }} [options]
     * @returns {StateProblem | undefined} why nothing was changed, if `patch` is not valid
     */
    set: (patch, { merge } = {}) =>
      change({ ...state.peek(), ...patch }, (next) => record(history.peek(), next, merge)),

    /**
     * Puts a whole state in the place of the present one without a step of undo: for what a
     * learner would not call a change, such as the place looked at.
     * @param {S} next
     * @returns {StateProblem | undefined} why nothing was changed, if `next` is not valid
     */
    replace: (next) => change(next, (valid) => amend(history.peek(), valid)),

    /** Takes the last step back, if there is one. */
    undo: () => {
      history.value = undo(history.peek());
    },

    /** Takes the step undone last again, if there is one. */
    redo: () => {
      history.value = redo(history.peek());
    },
  };
}

/**
 * Parsed states have their keys in the schema's order, so equal ones are written alike.
 * @param {unknown} a
 * @param {unknown} b
 */
function isSame(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}
