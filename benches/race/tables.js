import { GROUPS } from "./rows.js";
import { summaries } from "./targets.js";

/** @typedef {import("./score.js").Scored} Scored */

/**
 * All rows, group by group, and what they come to.
 *
 * @param {Scored[]} rows
 * @param {(head: string[], body: string[][]) => string} table  how a table is written
 */
export function tables(rows, table) {
  const groups = Object.entries(GROUPS).map(([group, title]) => {
    const own = rows.filter((row) => row.group === group);
    return own.length > 0 ? `${title}\n\n${group === "start" ? "" : times(own, table)}` : "";
  });
  return [...groups.filter(Boolean), summary(rows, table)].join("\n\n");
}

/**
 * @param {Scored[]} rows
 * @param {(head: string[], body: string[][]) => string} table
 */
function times(rows, table) {
  const rivals = [...new Set(rows.flatMap((row) => Object.keys(row.rivals)))];
  const notes = rows.flatMap(refusals);
  const head = ["ms", ...rivals, "ours", "with copies", "GFLOP/s", "ratio"];
  const body = rows.map(({ name, ours, rivals: times, ratio, target }) => [
    name,
    ...rivals.map((rival) => milliseconds(times[rival]?.ms)),
    milliseconds(ours.ms),
    milliseconds(ours.withCopiesMs),
    ours.gflops?.toFixed(1) ?? "-",
    judged(ratio, target),
  ]);
  return [table(head, body), ...notes].join("\n");
}

/** @param {Scored} row */
function refusals({ name, ours, rivals }) {
  return Object.entries({ ours, ...rivals })
    .filter(([, { refused }]) => refused)
    .map(([who, { refused }]) => `- ${name}: no time for ${who}: ${refused}`);
}

/**
 * @param {Scored[]} rows
 * @param {(head: string[], body: string[][]) => string} table
 */
function summary(rows, table) {
  const own = rows
    .filter(({ target }) => target !== undefined)
    .map(({ name, ratio, target }) => ({ name, value: ratio, least: target ?? 1 }));
  const body = [...summaries(rows), ...own].map(({ name, value, least }) => [
    name,
    value === null ? "-" : value.toFixed(2),
    least.toFixed(2),
    value === null ? "not measured" : value >= least ? "yes" : "no",
  ]);
  return `Against the targets\n\n${table(["", "reached", "at least", "met"], body)}`;
}

/**
 * @param {number | null} ratio
 * @param {number} [least]
 */
function judged(ratio, least = 1) {
  if (ratio === null) return "-";
  return `${ratio.toFixed(2)}${ratio < least ? " !" : ""}`;
}

/** @param {number | undefined} value */
function milliseconds(value) {
  if (value === undefined) return "-";
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/**
 * A table with columns below each other, the first to the left.
 *
 * @param {string[]} head
 * @param {string[][]} body
 */
export function asText(head, body) {
  const lines = [head, ...body];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]),
        )
        .join("  "),
    )
    .join("\n");
}

/**
 * @param {string[]} head
 * @param {string[][]} body
 */
export function asMarkdown(head, body) {
  const rule = head.map((_, column) => (column === 0 ? "---" : "---:"));
  return [head, rule, ...body].map((line) => `| ${line.join(" | ")} |`).join("\n");
}
