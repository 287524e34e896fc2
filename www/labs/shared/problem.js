/** @import { Problem } from "../../engine/protocol.js" */

/**
 * What to report about a failure: the refusal, or that the engine itself failed.
 * @param {unknown} error
 * @returns {Problem}
 */
export function problemOf(error) {
  const { code, message, details } = /** @type {Partial<Problem>} */ (error);
  return {
    code: code ?? "engine_failed",
    message: message ?? String(error),
    details: details ?? { reason: String(message ?? error) },
  };
}
