/** Any string, or a number that JSON cannot express. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;

/**
 * JSON as Python writes it: `NaN` and `Infinity` are read as `null`.
 * @param {string} text
 * @returns {unknown}
 * @throws {SyntaxError}
 */
export function parsed(text) {
  return JSON.parse(text.replace(TOKEN, (token) => (token.startsWith('"') ? token : "null")));
}
