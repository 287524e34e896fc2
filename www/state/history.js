/**
 * Undo and redo over immutable states, as plain functions from history to history.
 */

/** Most undo steps; the oldest are dropped. */
export const HISTORY_LIMIT = 200;

/**
 * @template S
 * @typedef {object} History
 * @property {readonly S[]} past  oldest first
 * @property {S} present
 * @property {readonly S[]} future  next first
 * @property {string | number | undefined} merge  key of the step that the present belongs to
 */

/**
 * @template S
 * @param {S} present
 * @returns {History<S>}
 */
export function begin(present) {
  return { past: [], present, future: [], merge: undefined };
}

/**
 * Adds a step and drops the redo steps. Steps in a row with the same `merge` key, such as the cells
 * of one painted stroke, are one step.
 * @template S
 * @param {History<S>} history
 * @param {S} state
 * @param {string | number} [merge]
 * @returns {History<S>}
 */
export function record({ past, present, merge: lastMerge }, state, merge) {
  const isSameStep = merge !== undefined && merge === lastMerge;
  const steps = isSameStep ? past : [...past, present].slice(-HISTORY_LIMIT);
  return { past: steps, present: state, future: [], merge };
}

/**
 * Changes the present without a step: undo and redo stay as they are.
 * @template S
 * @param {History<S>} history
 * @param {S} state
 * @returns {History<S>}
 */
export function amend(history, state) {
  return { ...history, present: state };
}

/**
 * Undoes one step; the same history if there is none.
 * @template S
 * @param {History<S>} history
 * @returns {History<S>}
 */
export function undo(history) {
  const { past, present, future } = history;
  if (past.length === 0) return history;
  return {
    past: past.slice(0, -1),
    present: past[past.length - 1],
    future: [present, ...future],
    merge: undefined,
  };
}

/**
 * Redoes one step; the same history if there is none.
 * @template S
 * @param {History<S>} history
 * @returns {History<S>}
 */
export function redo(history) {
  const { past, present, future } = history;
  if (future.length === 0) return history;
  return {
    past: [...past, present],
    present: future[0],
    future: future.slice(1),
    merge: undefined,
  };
}
