/** Runs the cases of a reference file through the package. @import { Verdict } from "./tolerance.js" */
import { NotCovered } from "./case.js";
import { checkNetwork, isNetworkCase } from "./networks.js";
import { checkOnnx, isOnnxCase } from "./onnx.js";
import { checkOptimizer, isOptimizerCase, optimizerName } from "./optimizers.js";
import { checkTorch, isTorchCase } from "./torch.js";

/**
 * @typedef {typeof import("../../www/package/index.js")} Cnn
 *
 * @typedef {object} Outcome
 * @property {string} operator
 * @property {string} name  of the case
 * @property {"passed" | "failed" | "not covered"} status
 * @property {string} reason  empty if it passed
 * @property {number} error  the largest one over what is allowed; 0 if nothing was compared
 */

/**
 * @type {{ is: (value: any) => boolean, operator: (value: any) => string,
 *   check: (cnn: Cnn, value: any) => Verdict[] }[]}
 */
const SCHEMAS = [
  { is: isNetworkCase, operator: () => "whole network", check: checkNetwork },
  { is: isOptimizerCase, operator: optimizerName, check: checkOptimizer },
  { is: isOnnxCase, operator: ({ op }) => op, check: checkOnnx },
  { is: isTorchCase, operator: ({ op }) => op, check: checkTorch },
];

/**
 * @param {Cnn} cnn
 * @param {unknown} file  the parsed file
 * @returns {Outcome[]}
 * @throws {Error} whose message says why this is no file of references
 */
export function runFile(cnn, file) {
  const cases = /** @type {any} */ (file)?.cases;
  if (!Array.isArray(cases) || cases.length === 0) throw new Error("it has no list of cases");
  const recognised = cases.map((value, index) => {
    const schema = value && SCHEMAS.find(({ is }) => is(value));
    if (!schema) throw new Error(`case ${index + 1} has none of the known schemas`);
    return { value, schema };
  });
  return recognised.map(({ value, schema }) => {
    const outcome = { operator: schema.operator(value), name: String(value.name) };
    try {
      const verdicts = schema.check(cnn, value);
      const worst = verdicts.reduce((/** @type {Verdict} */ a, /** @type {Verdict} */ b) =>
        b.error > a.error ? b : a,
      );
      const passed = worst.error <= 1;
      return {
        ...outcome,
        status: passed ? "passed" : "failed",
        reason: worst.complaint ?? "",
        error: worst.error,
      };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const status = error instanceof NotCovered ? "not covered" : "failed";
      return { ...outcome, status, reason, error: 0 };
    }
  });
}
