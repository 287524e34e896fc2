/** Outcomes as text. @import { Outcome } from "./run.js" */

/**
 * @typedef {{ operator: string, passed: number, failed: number, notCovered: number, error: number }}
 *   Row  `error`: the largest one relative to the tolerance
 */

/**
 * One row per operator, in alphabetical order.
 * @param {Outcome[]} outcomes
 * @returns {Row[]}
 */
export function byOperator(outcomes) {
  /** @type {Map<string, Row>} */
  const rows = new Map();
  for (const { operator, status, error } of outcomes) {
    const row = rows.get(operator) ?? { operator, passed: 0, failed: 0, notCovered: 0, error: 0 };
    row.passed += Number(status === "passed");
    row.failed += Number(status === "failed");
    row.notCovered += Number(status === "not covered");
    row.error = Math.max(row.error, error);
    rows.set(operator, row);
  }
  return [...rows.values()].sort((a, b) => a.operator.localeCompare(b.operator, "en"));
}

/**
 * @param {Outcome[]} outcomes
 * @returns {string[]} lines
 */
export function table(outcomes) {
  const rows = byOperator(outcomes);
  const width = Math.max(8, ...rows.map(({ operator }) => operator.length));
  const line = (/** @type {(string | number)[]} */ [operator, ...numbers]) =>
    [String(operator).padEnd(width), ...numbers.map((n) => String(n).padStart(12))].join("");
  const total = { operator: "all", passed: 0, failed: 0, notCovered: 0, error: 0 };
  for (const row of rows) {
    total.passed += row.passed;
    total.failed += row.failed;
    total.notCovered += row.notCovered;
    total.error = Math.max(total.error, row.error);
  }
  return [
    line(["operator", "passed", "failed", "not covered", "error"]),
    ...[...rows, total].map((row) =>
      line([row.operator, row.passed, row.failed, row.notCovered, share(row.error)]),
    ),
  ];
}

/**
 * The cases of one status with their reasons; equal reasons of one operator are merged.
 * @param {Outcome[]} outcomes
 * @param {Outcome["status"]} status
 * @returns {string[]} lines
 */
export function reasons(outcomes, status) {
  /** @type {Map<string, string[]>} */
  const groups = new Map();
  for (const { operator, name, reason } of outcomes.filter((o) => o.status === status)) {
    const key = `${operator}: ${reason}`;
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  return [...groups].map(([key, names]) => `${key} (${names.join(", ")})`);
}

/** An error as a share of the tolerance. @param {number} error */
export function share(error) {
  if (error === 0) return "0";
  return Number.isFinite(error) ? Number(error.toPrecision(2)).toString() : "infinite";
}
