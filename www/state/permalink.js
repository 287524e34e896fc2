/**
 * A lab's state as the hash of the page's address: `#kernel=<token>&lang=ru`. The token is
 * base64url of the UTF-8 JSON of the version and of what differs from the default.
 */
import { defaultState, parseState } from "./kernel-lab-state.js";

/** Longest hash that is read, in characters; a state needs far less. */
export const LINK_LIMIT = 65536;

/** The labs by their names in links. */
const LABS = { kernel: { defaultState, parseState } };

/** @typedef {keyof typeof LABS} LabName */
/** @typedef {import("./kernel-lab-state.js").KernelLabState} KernelLabState */
/** @typedef {import("./kernel-lab-state.js").StateProblem} StateProblem */

/**
 * @typedef {object} Link
 * @property {LabName} lab  the kernel lab if the link names none
 * @property {KernelLabState} state  always valid: the default if the link has none or is broken
 * @property {string | undefined} language  as written, for `detectLanguage`
 * @property {StateProblem | undefined} problem  `link_broken` with `field` (`token` if it cannot
 *   be decoded, else the state's first wrong field), `link_too_long` with `length` and `limit`,
 *   or `state_version_unknown` with `version`
 */

/**
 * Reads a link; whatever it holds, never throws.
 * @param {string} hash  as `location.hash`, with or without its `#`
 * @returns {Link}
 */
export function readLink(hash) {
  /** @type {LabName} */
  const lab = "kernel";
  if (hash.length > LINK_LIMIT) {
    const details = { length: hash.length, limit: LINK_LIMIT };
    const problem = { code: "link_too_long", details };
    return { lab, state: LABS[lab].defaultState(), language: undefined, problem };
  }
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  const token = fields.get(lab);
  const { state, problem } = token ? readToken(lab, token) : { problem: undefined };
  return {
    lab,
    state: state ?? LABS[lab].defaultState(),
    language: fields.get("lang") ?? undefined,
    problem,
  };
}

/**
 * The hash, with its `#`, that opens `lab` in `state`.
 * @param {LabName} lab
 * @param {KernelLabState} state
 * @param {string} [language]
 * @returns {string}
 */
export function writeLink(lab, state, language) {
  const usual = LABS[lab].defaultState();
  const differing = Object.entries(state).filter(
    ([key, value]) =>
      key === "v" ||
      JSON.stringify(value) !== JSON.stringify(usual[/** @type {keyof KernelLabState} */ (key)]),
  );
  const token = encode(JSON.stringify(Object.fromEntries(differing)));
  return `#${lab}=${token}${language ? `&lang=${encodeURIComponent(language)}` : ""}`;
}

/**
 * @param {LabName} lab
 * @param {string} token
 * @returns {{ state?: KernelLabState, problem?: StateProblem }}
 */
function readToken(lab, token) {
  let value;
  try {
    value = JSON.parse(decode(token));
  } catch {
    return { problem: { code: "link_broken", details: { field: "token" } } };
  }
  const { state, problem } = LABS[lab].parseState(value);
  if (problem?.code === "state_invalid") {
    return { problem: { code: "link_broken", details: problem.details } };
  }
  return { state, problem };
}

/** @param {string} text */
function encode(text) {
  const bytes = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte));
  return btoa(bytes.join("")).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * @param {string} token
 * @throws if it is not base64url of UTF-8
 */
function decode(token) {
  const bytes = atob(token.replaceAll("-", "+").replaceAll("_", "/"));
  return new TextDecoder("utf-8", { fatal: true }).decode(
    Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)),
  );
}
