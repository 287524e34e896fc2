/** A failure whose message says everything: it is printed without a stack trace. */
export class Failure extends Error {}

/**
 * Runs a script: a `Failure` or an unknown option becomes one line and exit code 1.
 *
 * @param {() => Promise<void>} script
 */
export async function main(script) {
  try {
    await script();
  } catch (error) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    if (!(error instanceof Failure) && !code?.startsWith("ERR_PARSE_ARGS")) throw error;
    console.error(styled("red", `error: ${message}`));
    process.exitCode = 1;
  }
}

const COLORS = { red: 31, green: 32, default: 39 };

/**
 * The text in bold and coloured on a terminal, plain elsewhere.
 *
 * @param {keyof typeof COLORS} color
 * @param {string} text
 */
export function styled(color, text) {
  // util.styleText does the same, but the old versions of Node that this must tell
  // that they are too old.
  return process.stderr.isTTY ? `\x1b[1;${COLORS[color]}m${text}\x1b[0m` : text;
}
