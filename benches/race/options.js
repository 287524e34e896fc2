import { parseArgs } from "node:util";
import { Failure } from "../../scripts/lib/failure.js";
import { GROUPS, rows } from "./rows.js";

export const USAGE = `usage: npm run bench -- [--quick] [--only name[,name]] [--json FILE] [--markdown FILE]

  --quick          fewer and shorter repetitions: 3 minutes in place of a quarter of an hour
  --only NAMES     groups or parts of rows' names: those rows alone
  --json FILE      writes { rows: [{ group, name, ratio, ours, rivals }] }, times in milliseconds
  --markdown FILE  writes the tables between the marks in FILE

groups:
${Object.entries(GROUPS)
  .map(([group, title]) => `  ${group.padEnd(10)} ${title}`)
  .join("\n")}`;

/**
 * @param {string[]} args
 * @throws {Failure} when no row is named so
 */
export function optionsOf(args) {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string" },
      json: { type: "string" },
      markdown: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  return { ...values, rows: chosen(values.only) };
}

/** @param {string | undefined} only */
function chosen(only) {
  const all = rows();
  if (only === undefined) return all;
  const names = only.split(",").map((name) => name.trim());
  const fits = (/** @type {import("./rows.js").Row} */ row, /** @type {string} */ name) =>
    name in GROUPS ? row.group === name : row.name.toLowerCase().includes(name.toLowerCase());
  const unknown = names.find((name) => !all.some((row) => fits(row, name)));
  if (unknown !== undefined) throw new Failure(`no group and no row is named "${unknown}"`);
  return all.filter((row) => names.some((name) => fits(row, name)));
}
