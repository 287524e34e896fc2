/**
 * A lab's state as the hash of the page's address: `#kernel=<token>&lang=ru`, or `#kernel` for its
 * default state. The token is base64url of the UTF-8 JSON of the version and of the fields that
 * differ from the default.
 *
 * @import { StateProblem } from "./store.js"
 */

/** Longest accepted hash, in characters; a state needs far less. */
export const LINK_LIMIT = 65536;

/**
 * How a lab's state is named, created and validated.
 * @template {object} S
 * @typedef {object} LabState
 * @property {string} name  the lab's name in links
 * @property {() => S} defaultState  the state in which the lab opens
 * @property {(value: unknown) => { state: S, problem?: undefined } |
 *   { state?: undefined, problem: StateProblem }} parseState
 *   validates a state: missing fields, `v` included, take their defaults; unknown keys are
 *   dropped; problem `state_version_unknown` with `version`, or `state_invalid` with
 *   `field`, the name of the first wrong field (`state` if it is not an object at all)
 */

/**
 * @template S
 * @typedef {object} Link
 * @property {S} state  always valid: the default if the link has none or is broken
 * @property {boolean} isBare  it has no state at all
 * @property {string | undefined} language  as written, for `detectLanguage`
 * @property {StateProblem | undefined} problem  `link_broken` with `field` (`token` if it cannot
 *   be decoded, else the state's first wrong field), `link_too_long` with `length` and `limit`,
 *   or `state_version_unknown` with `version`
 */

/**
 * Reads a link to `lab`. Never throws, whatever the link contains.
 * @template {object} S
 * @param {string} hash  as `location.hash`, with or without its `#`
 * @param {LabState<S>} lab
 * @returns {Link<S>}
 */
export function readLink(hash, lab) {
  if (hash.length > LINK_LIMIT) {
    const details = { length: hash.length, limit: LINK_LIMIT };
    const problem = { code: "link_too_long", details };
    return { state: lab.defaultState(), isBare: false, language: undefined, problem };
  }
  const token = fieldsOf(hash).get(lab.name);
  const { state, problem } = token ? readToken(token, lab) : { problem: undefined };
  const language = languageOfLink(hash);
  return { state: state ?? lab.defaultState(), isBare: !token, language, problem };
}

/**
 * The hash, with its `#`, that opens `lab` in `state`.
 * @template {object} S
 * @param {LabState<S>} lab
 * @param {S} state
 * @param {string} [language]
 * @returns {string}
 */
export function writeLink(lab, state, language) {
  const defaults = new Map(Object.entries(lab.defaultState()));
  const differing = Object.entries(state).filter(
    ([key, value]) => key === "v" || JSON.stringify(value) !== JSON.stringify(defaults.get(key)),
  );
  const token = encode(JSON.stringify(Object.fromEntries(differing)));
  return `#${lab.name}=${token}${language ? `&lang=${encodeURIComponent(language)}` : ""}`;
}

/**
 * The one of `names` that a link opens.
 * @template {string} Name
 * @param {string} hash
 * @param {readonly Name[]} names  of labs
 * @returns {Name | undefined}  undefined if it names none
 */
export function labOfLink(hash, names) {
  const fields = fieldsOf(hash);
  return names.find((name) => fields.has(name));
}

/**
 * Whether a link is for `lab`: it names that lab, or only a language.
 * @param {string} hash
 * @param {{ name: string }} lab
 */
export function opensLab(hash, { name }) {
  const keys = [...fieldsOf(hash).keys()];
  return keys.includes(name) || keys.every((key) => key === "lang");
}

/**
 * The language that a link requests.
 * @param {string} hash
 * @returns {string | undefined}  as written, for `detectLanguage`
 */
export function languageOfLink(hash) {
  return fieldsOf(hash).get("lang") ?? undefined;
}

/** @param {string} hash */
function fieldsOf(hash) {
  return new URLSearchParams(hash.length > LINK_LIMIT ? "" : unescaped(hash.replace(/^#/, "")));
}

/**
 * The hash as originally written. Some mail programs and messengers escape all of it, even its `=`.
 * @param {string} hash
 */
function unescaped(hash) {
  if (hash.includes("=") || !/%3D/i.test(hash)) return hash;
  try {
    return decodeURIComponent(hash);
  } catch {
    return hash;
  }
}

/**
 * @template {object} S
 * @param {string} token
 * @param {LabState<S>} lab
 * @returns {{ state?: S, problem?: StateProblem }}
 */
function readToken(token, lab) {
  let value;
  try {
    value = JSON.parse(decode(token));
  } catch {
    return { problem: { code: "link_broken", details: { field: "token" } } };
  }
  const { state, problem } = lab.parseState(value);
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
