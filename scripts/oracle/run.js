/**
 * Runs the cases of a reference file through the package.
 *
 * @import { Verdict } from "./tolerance.js"
 */
import {
  checkBlock,
  checkCenter,
  checkEndPoint,
  checkRow,
  checkSlimSummary,
  checkTorchvisionSummary,
  checkTotals,
  checkUnnamed,
  isBlockCase,
  isCenterCase,
  isEndPointCase,
  isRowCase,
  isSlimSummary,
  isTorchvisionSummary,
  isTotalsCase,
  isUnnamedCase,
} from "./architectures.js";
import { NotCovered } from "./case.js";
import { casesOf } from "./collect.js";
import {
  checkRandomField,
  checkUniformField,
  isRandomFieldCase,
  isUniformFieldCase,
  randomFieldName,
  uniformFieldName,
} from "./effective-fields.js";
import { checkGraph, checkSamePadding, isGraphCase, isSamePaddingCase } from "./graphs.js";
import { checkNetwork, isNetworkCase } from "./networks.js";
import { checkOnnx, isOnnxCase } from "./onnx.js";
import { checkOptimizer, isOptimizerCase, optimizerName } from "./optimizers.js";
import { checkTorch, isTorchCase } from "./torch.js";
import { checkTraining, isTrainingCase, trainingName } from "./training.js";

/**
 * @typedef {typeof import("../../www/package/index.js")} Cnn
 *
 * @typedef {object} Outcome
 * @property {string} operator
 * @property {string} name  of the case
 * @property {"passed" | "failed" | "not covered"} status
 * @property {string} reason  empty if it passed
 * @property {number} error  the largest one relative to the tolerance; 0 if nothing was compared
 */

const model = (/** @type {any} */ value) => String(value.model);

/**
 * @type {{ is: (value: any) => boolean, operator: (value: any) => string,
 *   name?: (value: any) => string, check: (cnn: Cnn, value: any) => Verdict[] }[]}
 */
const SCHEMAS = [
  { is: isGraphCase, operator: () => "layer graph", check: checkGraph },
  {
    is: isSamePaddingCase,
    operator: () => "SAME padding",
    name: ({ kernel, stride, input }) => `kernel ${kernel}, stride ${stride}, input ${input}`,
    check: checkSamePadding,
  },
  {
    is: isUniformFieldCase,
    operator: () => "effective field, uniform weights",
    name: uniformFieldName,
    check: checkUniformField,
  },
  {
    is: isRandomFieldCase,
    operator: () => "effective field, random weights",
    name: randomFieldName,
    check: checkRandomField,
  },
  { is: isRowCase, operator: model, check: checkRow },
  { is: isBlockCase, operator: model, check: checkBlock },
  { is: isUnnamedCase, operator: () => "ONNX network", check: checkUnnamed },
  {
    is: isEndPointCase,
    operator: model,
    name: ({ end_point, resolution }) => `${end_point} at ${resolution ?? "any size"}`,
    check: checkEndPoint,
  },
  { is: isCenterCase, operator: model, name: () => "centre", check: checkCenter },
  { is: isSlimSummary, operator: model, name: () => "summary", check: checkSlimSummary },
  {
    is: isTorchvisionSummary,
    operator: model,
    name: () => "totals",
    check: checkTorchvisionSummary,
  },
  { is: isTotalsCase, operator: model, name: () => "totals", check: checkTotals },
  { is: isNetworkCase, operator: () => "whole network", check: checkNetwork },
  { is: isOptimizerCase, operator: optimizerName, check: checkOptimizer },
  { is: isTrainingCase, operator: trainingName, check: checkTraining },
  { is: isOnnxCase, operator: ({ op }) => op, check: checkOnnx },
  { is: isTorchCase, operator: ({ op }) => op, check: checkTorch },
];

/**
 * @param {Cnn} cnn
 * @param {unknown} file  the parsed file
 * @returns {Outcome[]}
 * @throws {Error} whose message says why this is not a reference file
 */
export function runFile(cnn, file) {
  const cases = casesOf(file);
  if (cases.length === 0) throw new Error("it has no list of cases");
  const recognised = cases.map((value, index) => {
    const schema = value && SCHEMAS.find(({ is }) => is(value));
    if (!schema) throw new Error(`case ${index + 1} has none of the known schemas`);
    return { value, schema };
  });
  return recognised.map(({ value, schema }) => {
    const name = schema.name?.(value) ?? String(value.name);
    const outcome = { operator: schema.operator(value), name };
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
