/**
 * Where a text stops being JSON. Each browser reports this in its own English words, and not
 * always.
 *
 * The grammar is that of RFC 8259: which token may follow, and which brackets are open.
 */

const SPACE = /[\t\n\r ]*/y;
const TOKENS = {
  mark: /[{}[\],:]/y,
  string: /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y,
  scalar: /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y,
};

/** What each token leads to, by what is expected. `open` and `close` enter and leave a bracket. */
const VALUE = { "{": "open", "[": "open", string: "after", scalar: "after" };
/** @type {Record<string, Record<string, string>>} */
const EXPECTED = {
  value: VALUE,
  item: { ...VALUE, "]": "close" },
  key: { string: "colon" },
  member: { string: "colon", "}": "close" },
  colon: { ":": "value" },
  after: { ",": "more", "]": "close", "}": "close" },
};

const CLOSES = /** @type {Record<string, string>} */ ({ "{": "}", "[": "]" });

/** Characters of the text that a message quotes. */
const SHOWN = 12;

/**
 * The first token that JSON does not allow at its place.
 * @param {string} text
 * @returns {{ line: number, column: number, got: string } | null}  line and column from 1; `got` is
 *   the text there, or `"end of text"`; null if the text is JSON
 */
export function jsonError(text) {
  const offset = errorOffset(text);
  if (offset === null) return null;
  const lines = text.slice(0, offset).split("\n");
  const column = (lines.at(-1)?.length ?? 0) + 1;
  const [got = "end of text"] = /^\S+/.exec(text.slice(offset, offset + SHOWN)) ?? [];
  return { line: lines.length, column, got };
}

/** @param {string} text */
function errorOffset(text) {
  /** @type {string[]} */
  const brackets = [];
  let expected = "value";
  for (let offset = length(SPACE, text, 0); ; ) {
    const isWhole = expected === "after" && brackets.length === 0;
    if (isWhole && offset === text.length) return null;
    const [kind, size] = tokenAt(text, offset);
    const next = isWhole ? undefined : EXPECTED[expected][kind];
    const last = brackets.at(-1);
    if (next === "open") {
      brackets.push(kind);
      expected = kind === "{" ? "member" : "item";
    } else if (next === "close" && kind === CLOSES[last ?? ""]) {
      brackets.pop();
      expected = "after";
    } else if (next === "more") {
      expected = last === "{" ? "key" : "value";
    } else if (next && next !== "close") {
      expected = next;
    } else return offset;
    offset += size;
    offset += length(SPACE, text, offset);
  }
}

/**
 * The kind of the token at an offset, and its length; no kind if there is none.
 * @param {string} text
 * @param {number} offset
 * @returns {[kind: string, size: number]}
 */
function tokenAt(text, offset) {
  for (const [kind, pattern] of Object.entries(TOKENS)) {
    const size = length(pattern, text, offset);
    if (size > 0) return [kind === "mark" ? text[offset] : kind, size];
  }
  return ["", 0];
}

/**
 * How many characters a pattern matches at an offset.
 * @param {RegExp} pattern  sticky
 * @param {string} text
 * @param {number} offset
 */
function length(pattern, text, offset) {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0].length ?? 0;
}
