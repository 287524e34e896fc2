/** Where a text stops being JSON: compared with `JSON.parse` and with hand-worked positions. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { jsonError } from "../../www/labs/receptive-field/json-error.js";

/** @param {string} text */
function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test("the first token out of place is found by line and column", () => {
  const places = /** @type {[string, number, number, string][]} */ ([
    ["", 1, 1, "end of text"],
    ["{ layers: }", 1, 3, "layers:"],
    ['{"a": 1,}', 1, 9, "}"],
    ['{"a" 1}', 1, 6, "1}"],
    ["[1, 2", 1, 6, "end of text"],
    ["[1 2]", 1, 4, "2]"],
    ["[1, 2}", 1, 6, "}"],
    ['{\n  "a": 01\n}', 2, 8, "01"],
    ["[\n\n  'a']", 3, 3, "'a']"],
    ['{"a": "b\n"}', 1, 7, '"b'],
    ["[] x", 1, 4, "x"],
  ]);
  for (const [text, line, column, got] of places) {
    assert.deepEqual(jsonError(text), { line, column, got }, text);
  }
});

test("a text is refused exactly where JSON.parse refuses it", () => {
  const damaged = fc
    .tuple(fc.json(), fc.nat(), fc.nat(3), fc.string({ maxLength: 3 }))
    .map(([text, at, removed, added]) => {
      const start = at % (text.length + 1);
      return text.slice(0, start) + added + text.slice(start + removed);
    });
  const marks = fc.string({ unit: fc.constantFrom(...'[]{},:"\\ \n01.e-+tfu', "null", "true") });
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string(), damaged, marks), (text) => {
      assert.equal(jsonError(text) === null, isJson(text));
    }),
    { numRuns: 3000 },
  );
});

test("a long text is shown by its first characters", () => {
  const long = `[1, ${"x".repeat(500)}]`;
  assert.equal(jsonError(long)?.got, "x".repeat(12));
});
