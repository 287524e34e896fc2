/** The layout of a layer graph: nothing overlaps, edges avoid items, arrow keys follow it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { layOut } from "../../www/widgets/layer-graph/layer-layout.js";
import { walk } from "../../www/widgets/layer-graph/layer-walk.js";

/** @typedef {import("../../www/widgets/layer-graph/layer-layout.js").Layout} Layout */
/** @typedef {import("../../www/widgets/layer-graph/layer-layout.js").Node} Node */

/** A random network: each node has one to three inputs among those before it. */
const graphs = fc
  .array(
    fc.record({
      back: fc.array(fc.nat({ max: 12 }), { minLength: 1, maxLength: 3 }),
      width: fc.integer({ min: 20, max: 200 }),
      height: fc.integer({ min: 10, max: 60 }),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((drawn) =>
    drawn.map(({ back, width, height }, index) => {
      const from = back.map((steps) => `n${Math.max(0, index - 1 - steps)}`);
      return { id: `n${index}`, from: index === 0 ? [] : [...new Set(from)], width, height };
    }),
  );

/**
 * A node of standard size.
 * @param {string} id
 * @param {string[]} from
 * @param {string[]} [frames]
 * @returns {Node}
 */
function node(id, from, frames) {
  return { id, from, width: 100, height: 40, frames };
}

/**
 * The straight parts of a path, corners cut.
 * @param {string} path
 */
function segments(path) {
  const parts = [];
  let [x, y] = [0, 0];
  for (const [, command, text] of path.matchAll(/([MVHQ])([^MVHQ]*)/g)) {
    const numbers = text.trim().split(" ").map(Number);
    let [toX, toY] = [x, y];
    if (command === "V") [toY] = numbers;
    else if (command === "H") [toX] = numbers;
    else [toX, toY] = numbers.slice(-2);
    if (command === "V" || command === "H") parts.push({ from: [x, y], to: [toX, toY] });
    [x, y] = [toX, toY];
  }
  return { parts, end: [x, y] };
}

/** @param {Layout} layout */
function assertReadable({ boxes, edges, width, height }) {
  const placed = [...boxes];
  for (const [id, box] of placed) {
    assert.ok(box.x >= 0 && box.y >= 0, `${id} lies in the drawing`);
    assert.ok(box.x + box.width <= width && box.y + box.height <= height, `${id} lies in it`);
    for (const [other, { x, y, width: w, height: h }] of placed) {
      if (other === id) continue;
      const apart =
        x >= box.x + box.width || box.x >= x + w || y >= box.y + box.height || box.y >= y + h;
      assert.ok(apart, `${id} and ${other} overlap`);
    }
  }
  for (const { from, to, path } of edges) {
    const [source, target] = [from, to].map((id) => boxes.get(id) ?? assert.fail(id));
    assert.ok(target.y >= source.y + source.height, `${to} stands below ${from}`);
    const { parts, end } = segments(path);
    const start = parts[0].from;
    assert.deepEqual(start, [source.x + source.width / 2, source.y + source.height].map(rounded));
    assert.deepEqual(end, [target.x + target.width / 2, target.y].map(rounded));
    for (const part of parts) {
      assert.ok(part.to[1] >= part.from[1], `${from} to ${to} runs downwards`);
      for (const [id, { x, y, width: w, height: h }] of placed) {
        const [x0, x1] = [part.from[0], part.to[0]].sort((a, b) => a - b);
        const hits =
          x1 > x + 0.1 && x0 < x + w - 0.1 && part.to[1] > y + 0.1 && part.from[1] < y + h - 0.1;
        assert.ok(!hits, `the edge from ${from} to ${to} crosses ${id}`);
      }
    }
  }
}

/** @param {number} value */
function rounded(value) {
  return Math.round(value * 100) / 100;
}

test("no item overlaps another, and no edge crosses one", () => {
  fc.assert(
    fc.property(graphs, (nodes) => {
      const layout = layOut(nodes);
      assert.equal(layout.boxes.size, nodes.length);
      assert.equal(
        layout.edges.length,
        nodes.reduce((sum, { from }) => sum + from.length, 0),
      );
      assertReadable(layout);
    }),
  );
});

test("a chain runs straight down", () => {
  const { boxes } = layOut([node("a", []), node("b", ["a"]), node("c", ["b"])]);
  const [a, b, c] = [...boxes.values()];
  assert.ok(a.x === b.x && b.x === c.x);
  assert.ok(a.y < b.y && b.y < c.y);
});

test("a skip connection runs beside the chain it skips", () => {
  const layout = layOut([
    node("a", []),
    node("b", ["a"]),
    node("c", ["b"]),
    node("sum", ["c", "a"]),
  ]);
  const xs = new Set([...layout.boxes.values()].map(({ x }) => x));
  assert.equal(xs.size, 1);
  const skip = layout.edges.find(({ from, to }) => from === "a" && to === "sum");
  const lane = Math.max(...segments(skip?.path ?? "").parts.map(({ to }) => to[0]));
  assert.ok(lane > (layout.boxes.get("b")?.x ?? 0) + 100);
});

test("branches lie side by side and the longest runs straight on", () => {
  const { boxes } = layOut([
    node("fork", []),
    node("short", ["fork"]),
    node("long1", ["fork"]),
    node("long2", ["long1"]),
    node("join", ["short", "long2"]),
  ]);
  const at = (/** @type {string} */ id) => boxes.get(id) ?? assert.fail(id);
  assert.equal(at("short").y, at("long1").y);
  assert.equal(at("fork").x, at("long2").x);
  assert.equal(at("join").x, at("long2").x);
  assert.notEqual(at("short").x, at("long1").x);
});

test("a frame contains the items of its block and no others", () => {
  const nodes = [
    node("in", []),
    node("a.x", ["in"], ["a"]),
    node("a.b.y", ["a.x"], ["a", "a.b"]),
    node("a.b.z", ["a.b.y"], ["a", "a.b"]),
    node("out", ["a.b.z"]),
  ];
  const { boxes, frames } = layOut(nodes);
  for (const frame of frames) {
    for (const { id, frames: around = [] } of nodes) {
      const { x, y, width, height } = boxes.get(id) ?? assert.fail(id);
      const isInside =
        x > frame.x &&
        x + width < frame.x + frame.width &&
        y > frame.y &&
        y + height < frame.y + frame.height;
      assert.equal(isInside, around.includes(frame.id), `${id} in ${frame.id}`);
    }
  }
  const [outer, inner] = ["a", "a.b"].map((id) => frames.find((frame) => frame.id === id));
  assert.ok(outer && inner && outer.x < inner.x && outer.y < inner.y);
  assert.ok(outer.y + outer.height > inner.y + inner.height);
});

test("hundreds of dense connections are laid out without overlap", () => {
  const nodes = [node("n0", [])];
  for (let index = 1; index < 120; index++) {
    nodes.push(
      node(
        `n${index}`,
        nodes.slice(Math.max(0, index - 24)).map(({ id }) => id),
      ),
    );
  }
  assertReadable(layOut(nodes));
});

test("arrow keys go along edges and to neighbouring branches", () => {
  const nodes = [
    node("fork", []),
    node("long1", ["fork"]),
    node("short", ["fork"]),
    node("long2", ["long1"]),
    node("join", ["short", "long2"]),
  ];
  const { boxes } = layOut(nodes);
  const items = nodes.map(({ id, from }) => ({
    id,
    from: [...from],
    layers: [id],
    isBlock: false,
    block: null,
  }));
  const step = (/** @type {string} */ id, /** @type {string} */ key) => walk(id, key, items, boxes);
  assert.equal(step("fork", "ArrowDown"), "long1");
  assert.equal(step("join", "ArrowUp"), "long2");
  assert.equal(step("long1", "ArrowRight"), "short");
  assert.equal(step("short", "ArrowLeft"), "long1");
  assert.equal(step("fork", "ArrowUp"), null);
  assert.equal(step("long2", "Home"), "fork");
  assert.equal(step("long2", "End"), "join");
  assert.equal(step("long2", "x"), null);
});
