import { spawn } from "node:child_process";
import { Failure } from "./failure.js";
import { fromRoot } from "./paths.js";

/** The exit code of a missing program, as in shells. */
const MISSING = 127;

/**
 * Runs a program in the repository's root and shows what it prints.
 *
 * @param {string} program
 * @param {string[]} args
 * @throws {Failure} when the program is missing or fails
 */
export async function run(program, args) {
  const { code } = await start(program, args, ["ignore", "inherit", "inherit"]);
  if (code === MISSING) throw new Failure(`${program} does not start: is it installed?`);
  if (code !== 0) throw new Failure(`${[program, ...args].join(" ")} failed`);
}

/**
 * Runs a program in the repository's root and returns what it printed; the code of a
 * missing program is 127.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {{ echo?: boolean }} [options] `echo` also shows the error stream as it comes
 */
export function capture(program, args, { echo = false } = {}) {
  return start(program, args, ["ignore", "pipe", "pipe"], echo);
}

/**
 * Runs a script of this repository's packages with this Node.
 *
 * @param {string} script path below `node_modules/`
 * @param {string[]} args
 * @throws {Failure} when it fails
 */
export async function runPackage(script, args) {
  const { code } = await start(
    process.execPath,
    [fromRoot(`node_modules/${script}`), ...args],
    ["ignore", "inherit", "inherit"],
  );
  if (code !== 0) throw new Failure(`${[script.split("/").at(-1), ...args].join(" ")} failed`);
}

/**
 * @param {string} program
 * @param {string[]} args
 * @param {import("node:child_process").StdioOptions} stdio
 * @param {boolean} [echo]
 * @returns {Promise<{ code: number, stdout: string, stderr: string }>}
 */
function start(program, args, stdio, echo = false) {
  return new Promise((resolve) => {
    // Through a pipe cargo does not see the terminal and would omit the colours.
    const color = echo && process.stderr.isTTY ? { CARGO_TERM_COLOR: "always" } : {};
    const env = { ...process.env, ...color };
    const child = spawn(program, args, { cwd: fromRoot(""), env, stdio });
    let stdout = "";
    let stderr = "";
    child.stdout?.on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr?.on("data", (chunk) => {
      stderr += chunk;
      if (echo) process.stderr.write(chunk);
    });
    child.on("error", () => resolve({ code: MISSING, stdout, stderr }));
    child.on("close", (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
}
