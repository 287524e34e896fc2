/** The runs' records as a table for other programs. */
import { LETTERS } from "./state.js";

/** @import { Run } from "./runs.js" */

const COLUMNS = /** @type {const} */ ([
  "step",
  "trainingLoss",
  "trainingAccuracy",
  "heldOutLoss",
  "heldOutAccuracy",
  "gradientNorm",
  "learningRate",
]);

/** @param {readonly Run[]} runs */
export function historyCsv(runs) {
  const lines = runs.flatMap(({ records }, at) =>
    records.map((record) => [LETTERS[at], ...COLUMNS.map((name) => record[name] ?? "")].join(",")),
  );
  return `${["run", ...COLUMNS].join(",")}\r\n${lines.join("\r\n")}\r\n`;
}
