/** What a visit costs: the built files as a server with Brotli sends them. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { test } from "node:test";
import { brotliCompressSync, constants, gunzipSync } from "node:zlib";

const DIST = new URL("../../dist/", import.meta.url);
/** The entries of the labs that a visit does not begin with, and their part of the engine. */
const OTHER_LABS = /^(define-(?!kernel-lab)|cnn_networks)/;
const CODE_LIMIT = 250_000;
const SINGLE_FILE_LIMIT = 1_500_000;

test("JavaScript, wasm and CSS of a visit are at most 250 KB", (context) => {
  // Also what only some browsers load: the classic worker and the engine on the page's thread.
  const code = reached("index.html").filter((name) => /\.(js|wasm|css)$/.test(name));
  for (const kind of [".js", ".wasm", ".css"]) {
    assert.ok(
      code.some((name) => name.endsWith(kind)),
      `nothing ending in ${kind}`,
    );
  }
  const sizes = code.map((name) => ({ name, size: compressed(new URL(name, DIST)) }));
  for (const { name, size } of sizes) context.diagnostic(`${name}: ${kilobytes(size)}`);
  const total = sizes.reduce((sum, { size }) => sum + size, 0);
  context.diagnostic(`all: ${kilobytes(total)} of ${kilobytes(CODE_LIMIT)}`);
  assert.ok(total <= CODE_LIMIT, `${kilobytes(total)} with Brotli`);
});

test("the single file is at most 1.5 MB with its photographs", (context) => {
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

/**
 * The files that a visit to the first lab may load, found by following every name of a file in every
 * file. What belongs to another lab is loaded when that lab is opened.
 * @param {string} start  a path in the build
 */
function reached(start) {
  const all = readdirSync(new URL("assets/", DIST)).filter((name) => !OTHER_LABS.test(name));
  const found = new Set([start]);
  for (const path of found) {
    const text = readFileSync(new URL(path, DIST), "latin1");
    for (const name of all) if (text.includes(name)) found.add(`assets/${name}`);
  }
  return [...found];
}

/** @param {URL} file */
function compressed(file) {
  const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  return brotliCompressSync(readFileSync(file), { params: quality }).length;
}

/** @param {number} bytes */
function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} KB`;
}
