/** A link restores the lab; anything else in its place does no harm. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { kernelLabState, LIMITS } from "../../www/labs/kernel/state.js";
import { PATTERNS } from "../../www/labs/shared/lab-state.js";
import { photos } from "../../www/pictures/photos.js";
import { LINK_LIMIT, labOfLink, opensLab, readLink, writeLink } from "../../www/state/permalink.js";

const { defaultState, parseState } = kernelLabState;

/** @param {number} limit */
const magnitude = (limit) => fc.double({ min: -limit, max: limit, noNaN: true });

/** @param {number} most */
const rowsAndColumns = (most) =>
  fc.tuple(fc.integer({ min: 1, max: most }), fc.integer({ min: 1, max: most }));

const extent = fc.integer({ min: 0, max: LIMITS.extent });
const side = fc.integer({ min: 0, max: LIMITS.padding });
const kernelSide = fc.integer({ min: 1, max: LIMITS.kernelSide });

const kernel = fc.tuple(kernelSide, kernelSide).chain(([height, width]) => {
  const row = fc.array(magnitude(LIMITS.weight), { minLength: width, maxLength: width });
  return fc.array(row, { minLength: height, maxLength: height });
});

const picture = fc.oneof(
  fc.record({
    kind: fc.constant("photo"),
    name: fc.constantFrom(...photos.map(({ name }) => name)),
  }),
  fc.record({
    kind: fc.constant("pattern"),
    name: fc.constantFrom(...PATTERNS),
    seed: fc.integer({ min: 0, max: LIMITS.seed }),
  }),
  fc.record({
    kind: fc.constant("drawing"),
    bits: fc
      .uint8Array({ minLength: 512, maxLength: 512 })
      .map((bytes) => btoa(String.fromCharCode(...bytes))),
  }),
  fc.record({
    kind: fc.constant("upload"),
    name: fc.string({ unit: "binary" }).filter((name) => name.length <= LIMITS.name),
  }),
  fc.record({ kind: fc.constant("camera") }),
);

const display = fc
  .record({
    kind: fc.constantFrom("clip", "symmetric", "absolute", "fixed"),
    ends: fc.tuple(magnitude(LIMITS.display), magnitude(LIMITS.display)),
  })
  .filter(({ ends: [a, b] }) => a !== b && a + 0 !== b + 0)
  .map(({ kind, ends: [a, b] }) => ({ kind, min: Math.min(a, b), max: Math.max(a, b) }));

/** Valid states that a lab may have. */
const state = fc
  .record(
    {
      kernel,
      picture,
      color: fc.constantFrom("grey", "color"),
      padding: fc.oneof(
        fc.constantFrom("valid", "same", "full"),
        fc.record({ top: side, left: side, bottom: side, right: side }),
      ),
      paddingMode: fc.constantFrom("zeros", "reflect", "replicate", "circular"),
      stride: rowsAndColumns(LIMITS.stride),
      dilation: rowsAndColumns(LIMITS.dilation),
      bias: magnitude(LIMITS.bias),
      flipKernel: fc.boolean(),
      relu: fc.boolean(),
      display,
      position: fc.tuple(extent, extent),
      channel: fc.integer({ min: 0, max: 2 }),
      pins: fc.array(fc.tuple(extent, extent), { maxLength: LIMITS.pins }),
    },
    { requiredKeys: [] },
  )
  .map((fields) => {
    const { state, problem } = parseState(fields);
    assert.ok(state, JSON.stringify([problem, fields]));
    return state;
  });

/** @param {unknown} value */
function token(value) {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

test("a link restores every state", () => {
  fc.assert(
    fc.property(state, fc.constantFrom("en", "ru", undefined), (before, language) => {
      const link = writeLink(kernelLabState, before, language);
      assert.match(link, /^#kernel=[\w-]+(&lang=\w+)?$/);
      assert.ok(link.length < LINK_LIMIT);
      assert.deepEqual(readLink(link, kernelLabState), {
        state: before,
        isBare: false,
        language,
        problem: undefined,
      });
    }),
    { numRuns: 500 },
  );
});

test("a link holds only what differs from the default", () => {
  assert.equal(writeLink(kernelLabState, defaultState()), `#kernel=${token({ v: 1 })}`);
  const { state: edited } = parseState({ kernel: [[0.1]] });
  assert.ok(edited);
  const link = writeLink(kernelLabState, edited, "ru");
  assert.equal(link, `#kernel=${token({ v: 1, kernel: [[0.1]] })}&lang=ru`);
});

test("no hash, a lab's bare name and another page's anchor open the default", () => {
  for (const hash of ["", "#", "#kernel", "#kernel=", "#main", "#lang=ru", "#&&==&"]) {
    const { state: opened, problem } = readLink(hash, kernelLabState);
    assert.deepEqual([opened, problem], [defaultState(), undefined], hash);
  }
  assert.equal(readLink("#lang=ru", kernelLabState).language, "ru");
});

test("a lab opens links of its own and links that name no lab", () => {
  for (const hash of ["#kernel=abc", "#kernel", "", "#lang=ru", "#pooling&kernel"]) {
    assert.ok(opensLab(hash, kernelLabState), hash);
  }
  for (const hash of ["#pooling=abc", "#pooling&lang=ru", "#main"]) {
    assert.ok(!opensLab(hash, kernelLabState), hash);
  }
});

test("a link that a mail program has escaped opens what it held", () => {
  const state = { ...defaultState(), bias: 3 };
  const link = writeLink(kernelLabState, state, "ru");
  const escaped = `#${encodeURIComponent(link.slice(1))}`;
  assert.ok(escaped.startsWith("#kernel%3D"));
  const { state: opened, language, problem } = readLink(escaped, kernelLabState);
  assert.deepEqual([opened, language, problem], [state, "ru", undefined]);
  assert.equal(labOfLink(escaped, ["kernel"]), "kernel");
  assert.deepEqual(readLink("#kernel%3D%E0%A4%A", kernelLabState).state, defaultState());
});

test("a link without a state says so", () => {
  for (const hash of ["", "#kernel", "#lang=ru"]) {
    assert.ok(readLink(hash, kernelLabState).isBare, hash);
  }
  assert.ok(!readLink("#kernel=%%%", kernelLabState).isBare);
});

test("a link opens the lab that it names", () => {
  const names = /** @type {const} */ (["kernel", "pooling"]);
  assert.equal(labOfLink("#pooling=abc&lang=ru", names), "pooling");
  assert.equal(labOfLink("#kernel", names), "kernel");
  for (const hash of ["", "#", "#lang=ru", "#main", `#kernel=${"A".repeat(LINK_LIMIT)}`]) {
    assert.equal(labOfLink(hash, names), undefined);
  }
});

test("a broken token is reported as such", () => {
  const cut = writeLink(kernelLabState, defaultState()).slice(0, -3);
  const latin = Buffer.from('{"v":"\xff"}', "latin1").toString("base64url");
  for (const hash of [cut, "#kernel=%%%", "#kernel=привет", "#kernel=e", `#kernel=${latin}`]) {
    const { state: opened, problem } = readLink(hash, kernelLabState);
    assert.deepEqual(problem, { code: "link_broken", details: { field: "token" } }, hash);
    assert.equal(opened, defaultState());
  }
});

test("a wrong field is named, and the language still counts", () => {
  const link = readLink(
    `#kernel=${token({ v: 1, stride: ["2", 1], bias: 5 })}&lang=ru`,
    kernelLabState,
  );
  assert.deepEqual(link.problem, { code: "link_broken", details: { field: "stride" } });
  assert.equal(link.state, defaultState());
  assert.equal(link.language, "ru");
  for (const value of [null, [], 7, "text"]) {
    assert.equal(
      readLink(`#kernel=${token(value)}`, kernelLabState).problem?.details.field,
      "state",
    );
  }
});

test("a later version is refused, not guessed", () => {
  const { problem } = readLink(`#kernel=${token({ v: 2 })}`, kernelLabState);
  assert.deepEqual(problem, { code: "state_version_unknown", details: { version: "2" } });
});

test("two megabytes of garbage are refused unread", ({ mock }) => {
  const decoder = mock.method(globalThis, "atob");
  const { state: opened, problem } = readLink(`#kernel=${"A".repeat(2 ** 21)}`, kernelLabState);
  assert.equal(decoder.mock.callCount(), 0);
  assert.equal(problem?.code, "link_too_long");
  assert.equal(problem?.details.limit, LINK_LIMIT);
  assert.equal(opened, defaultState());
});

test("brackets nested to the limit are refused", () => {
  const nested = Buffer.from("[".repeat(48000)).toString("base64url");
  assert.equal(readLink(`#kernel=${nested}`, kernelLabState).problem?.code, "link_broken");
  const closed = Buffer.from(`{"kernel":${"[".repeat(20000)}${"]".repeat(20000)}}`);
  const { problem } = readLink(`#kernel=${closed.toString("base64url")}`, kernelLabState);
  assert.equal(problem?.code, "link_broken");
});

test("a prototype in a link stays plain data", () => {
  const hostile = Buffer.from('{"__proto__":{"relu":true},"constructor":{"prototype":{"x":1}}}');
  const { state: opened, problem } = readLink(
    `#kernel=${hostile.toString("base64url")}`,
    kernelLabState,
  );
  assert.deepEqual([opened, problem], [defaultState(), undefined]);
  const { relu, x } = /** @type {any} */ ({});
  assert.deepEqual([relu, x], [undefined, undefined]);
});

test("no hash makes it throw, and every hash gives a valid state", () => {
  const keys = fc.constantFrom(...Object.keys(defaultState()), "__proto__", "zoom");
  const damaged = fc
    .tuple(state, fc.nat(), fc.string({ minLength: 1, maxLength: 3 }))
    .map(([whole, at, scrap]) => {
      const link = writeLink(kernelLabState, whole, "ru");
      const cut = at % link.length;
      return link.slice(0, cut) + scrap + link.slice(cut + 1);
    });
  const hashes = fc.oneof(
    { weight: 3, arbitrary: fc.string({ unit: "binary" }).map((text) => `#${text}`) },
    { weight: 3, arbitrary: fc.string().map((text) => `#kernel=${text}`) },
    { weight: 3, arbitrary: fc.base64String().map((text) => `#kernel=${text}`) },
    {
      weight: 3,
      arbitrary: fc.dictionary(keys, fc.jsonValue()).map((value) => `#kernel=${token(value)}`),
    },
    { weight: 1, arbitrary: damaged },
  );
  fc.assert(
    fc.property(hashes, (hash) => {
      const { state: opened } = readLink(hash, kernelLabState);
      assert.deepEqual(parseState(opened).state, opened);
    }),
    { numRuns: 10000 },
  );
});
