import { GROUPS } from "./rows.js";
import { summaries } from "./targets.js";

/** @typedef {import("./score.js").Scored} Scored */

/**
 * How titles and tables are written; a table has its first column to the left.
 *
 * @typedef {{ title: (text: string) => string, table: Table }} Style
 * @typedef {(head: string[], body: string[][]) => string} Table
 */

/** @type {Style} */
export const AS_TEXT = { title: (text) => text, table: aligned };

/** @type {Style} */
export const AS_MARKDOWN = { title: (text) => `### ${text}`, table: piped };

/**
 * What the rows come to, and all of them, group by group.
 *
 * @param {Scored[]} rows
 * @param {{ date: string, processor: string, browser: string, quick: boolean }} conditions
 * @param {Style} style
 */
export function report(rows, { date, processor, browser, quick }, { title, table }) {
  const groups = Object.entries(GROUPS).map(([group, name]) => {
    const own = rows.filter((row) => row.group === group);
    if (own.length === 0) return [];
    const body = group === "start" ? own.map((row) => starts(row, table)) : [times(own, table)];
    return [title(name), ...body];
  });
  const pace = quick ? "a quick run" : "a full run";
  return [
    `${processor}, ${browser}, ${date}, ${pace}.`,
    ...groups.flat(),
    title("Against the targets"),
    summary(rows, table),
  ].join("\n\n");
}

/**
 * @param {Scored[]} rows
 * @param {Table} table
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
  return [table(head, body), notes.join("\n")].filter(Boolean).join("\n\n");
}

/**
 * @param {Scored} row
 * @param {Table} table
 */
function starts(row, table) {
  /** @type {Record<string, import("./score.js").Rival>} */
  const tools = { ours: row.ours, ...row.rivals };
  const kilobytes = (/** @type {number | undefined} */ bytes) =>
    bytes === undefined ? "-" : (bytes / 1000).toFixed(0);
  const body = Object.entries(tools).map(([tool, { ms, ratio, bytes }]) => [
    tool,
    ms?.toFixed(0) ?? "-",
    tool === "ours" ? "" : judged(ratio ?? null),
    kilobytes(bytes?.raw),
    kilobytes(bytes?.gzip),
    kilobytes(bytes?.brotli),
  ]);
  const head = ["", "ms", "ratio", "kB", "kB gzip", "kB Brotli"];
  return [table(head, body), refusals(row).join("\n")].filter(Boolean).join("\n\n");
}

/** @param {Scored} row */
function refusals({ name, ours, rivals }) {
  return Object.entries({ ours, ...rivals })
    .filter(([, { refused }]) => refused)
    .map(([who, { refused }]) => `- ${name}: no time for ${who}: ${refused}`);
}

/**
 * @param {Scored[]} rows
 * @param {Table} table
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
  return table(["", "reached", "at least", "met"], body);
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
 * @param {string[]} head
 * @param {string[][]} body
 */
function aligned(head, body) {
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
function piped(head, body) {
  const rule = head.map((_, column) => (column === 0 ? "---" : "---:"));
  return [head, rule, ...body].map((line) => `| ${line.join(" | ")} |`).join("\n");
}
