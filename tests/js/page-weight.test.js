/** The download size of a visit: the built files as served with Brotli. */
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { test } from "node:test";
import { brotliCompressSync, constants, gunzipSync } from "node:zlib";
import { LABS } from "../../www/labs/registry.js";
import { codeOfVisit, DIST } from "../visit.js";

/** Six labs with their photographs, the digits and the names of 1,000 classes. */
const SINGLE_FILE_LIMIT = 1_800_000;

for (const lab of LABS) {
  test(`JavaScript, wasm and CSS of a visit to ${lab.name} are within its budget`, (context) => {
    const code = codeOfVisit(lab);
    for (const kind of [".js", ".css", ".wasm"]) {
      assert.ok(
        code.some((name) => name.endsWith(kind)),
        `no ${kind}`,
      );
    }
    for (const name of code) context.diagnostic(`${name}: ${kilobytes(compressed(name))}`);
    const total = code.reduce((sum, name) => sum + compressed(name), 0);
    context.diagnostic(`all: ${kilobytes(total)} of ${kilobytes(lab.budget)}`);
    assert.ok(total <= lab.budget, `${kilobytes(total)} with Brotli`);
  });
}

test("the single file is at most 1.8 MB with its photographs and digits", (context) => {
  const file = new URL("cnn-playground.html", DIST);
  const { size } = statSync(file);
  const data = /<script type="application\/gzip"[^>]*>([^<]*)</.exec(
    readFileSync(file, "utf8"),
  )?.[1];
  const program = gunzipSync(Buffer.from(data ?? "", "base64")).toString("utf8");
  const photos = program.match(/data:image\/webp;base64,/g) ?? [];
  assert.equal(photos.length, 6);
  context.diagnostic(`${kilobytes(size)} of ${kilobytes(SINGLE_FILE_LIMIT)}`);
  assert.ok(size <= SINGLE_FILE_LIMIT, kilobytes(size));
});

/** @type {Map<string, number>} */
const sizes = new Map();

/** @param {string} name  a path in the build */
function compressed(name) {
  const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  const size =
    sizes.get(name) ??
    brotliCompressSync(readFileSync(new URL(name, DIST)), { params: quality }).length;
  sizes.set(name, size);
  return size;
}

/** @param {number} bytes */
function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} KB`;
}
