/**
 * Undo and redo over immutable states, as plain functions from history to history.
 */

/** Most steps that can be undone; the oldest are forgotten. */
export const HISTORY_LIMIT = 200;

/**
 * @template S
 * @typedef {object} History
 * @property {readonly S[]} past  oldest first
 * @property {S} present
 * @property {readonly S[]} future  next first
 * @property {string | number | undefined} merge  key of the step the present belongs to
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
 * Adds a step. With the same `merge` key as the step before it, as the cells of one painted
 * stroke have, both are one step. What could be redone is forgotten.
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
 * Changes the present without a step: what can be undone and redone stays as it is.
 * @template S
 * @param {History<S>} history
 * @param {S} state
 * @returns {History<S>}
 */
export function amend(history, state) {
  return { ...history, present: state };
}

/**
 * The step before; the same history if there is none.
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
 * The step undone last; the same history if there is none.
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
