import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  clampView,
  hull,
  isDilated,
  largestZoom,
  onScreen,
  pixelAt,
  pixelBox,
  pixelByKey,
  place,
  viewportAspect,
  viewWith,
  worldAt,
} from "../../www/widgets/map/map-geometry.js";

const WORLD = { top: -1, left: -1, bottom: 7, right: 11 };
const VIEWPORT = { width: 240, height: 160 };
const WHOLE = { zoom: 1, row: 0, col: 0 };

/**
 * @param {[row: number, col: number]} origin
 * @param {[row: number, col: number]} step
 * @returns {import("../../www/widgets/map/map-geometry.js").Lattice}
 */
function lattice4x3(origin, step) {
  return { origin, step, width: 4, height: 3 };
}

const anyWorld = fc
  .record({
    top: fc.integer({ min: -20, max: 0 }),
    left: fc.integer({ min: -20, max: 0 }),
    height: fc.integer({ min: 1, max: 600 }),
    width: fc.integer({ min: 1, max: 600 }),
  })
  .map(({ top, left, height, width }) => ({
    top,
    left,
    bottom: top + height,
    right: left + width,
  }));
const anyViewport = fc.record({
  width: fc.integer({ min: 40, max: 900 }),
  height: fc.integer({ min: 40, max: 900 }),
});
const anyNumber = fc.double({ min: -1000, max: 1000, noNaN: true });

test("zoom 1 fits the whole world", () => {
  const placement = place(clampView(WHOLE, WORLD, VIEWPORT), WORLD, VIEWPORT);
  assert.deepEqual(placement, { scale: 20, x: 20, y: 20 });
});

test("a viewport longer than the world shows it in the middle", () => {
  const viewport = { width: 400, height: 160 };
  const placement = place(clampView(WHOLE, WORLD, viewport), WORLD, viewport);
  assert.deepEqual(placement, { scale: 20, x: 100, y: 20 });
});

test("no view leaves the world", () => {
  fc.assert(
    fc.property(anyWorld, anyViewport, anyNumber, anyNumber, anyNumber, (world, size, z, r, c) => {
      const view = clampView({ zoom: z, row: r, col: c }, world, size);
      const { scale, x, y } = place(view, world, size);
      assert.ok(view.zoom >= 1 && view.zoom <= largestZoom(world));
      const sides = [
        [x + world.left * scale, x + world.right * scale, size.width],
        [y + world.top * scale, y + world.bottom * scale, size.height],
      ];
      for (const [start, end, length] of sides) {
        const middle = Math.abs(start - (length - end)) < 1e-6;
        assert.ok((start <= 1e-6 && end >= length - 1e-6) || middle, `${start} ${end} ${length}`);
      }
    }),
  );
});

test("clamping a clamped view changes nothing", () => {
  fc.assert(
    fc.property(anyWorld, anyViewport, anyNumber, anyNumber, anyNumber, (world, size, z, r, c) => {
      const once = clampView({ zoom: z, row: r, col: c }, world, size);
      assert.deepEqual(clampView(once, world, size), once);
    }),
  );
});

test("zooming keeps what is under the pointer, away from the edges", () => {
  const anchor = /** @type {[number, number]} */ ([3, 5]);
  const view = viewWith(2, anchor, [120, 80], WORLD, VIEWPORT);
  assert.deepEqual(worldAt(place(view, WORLD, VIEWPORT), [120, 80]), anchor);
  assert.equal(view.zoom, 2);
});

test("panning stops at the edge of the world", () => {
  const view = viewWith(2, [0, 0], [1000, 1000], WORLD, VIEWPORT);
  assert.deepEqual(view, { zoom: 2, row: 1, col: 2 });
});

test("a world point and its place on the screen are each other's inverse", () => {
  fc.assert(
    fc.property(anyWorld, anyViewport, anyNumber, anyNumber, (world, size, row, col) => {
      const placement = place(clampView(WHOLE, world, size), world, size);
      const box = onScreen(placement, { top: row, left: col, height: 0, width: 0 });
      const back = worldAt(placement, [box.x, box.y]);
      assert.ok(Math.abs(back[0] - row) < 1e-6 && Math.abs(back[1] - col) < 1e-6);
    }),
  );
});

test("the centre of a map pixel's box belongs to that pixel", () => {
  const lattice = lattice4x3([-1.5, 2], [2, 3]);
  for (let row = 0; row < 3; row++) {
    for (let col = 0; col < 4; col++) {
      const box = pixelBox(lattice, [row, col]);
      const middle = box.top + box.height / 2;
      assert.deepEqual(pixelAt(lattice, [middle, box.left + box.width / 2]), [row, col]);
      assert.deepEqual(pixelAt(lattice, [box.top, box.left]), [row, col]);
    }
  }
});

test("outside the map there is no pixel", () => {
  const lattice = lattice4x3([0, 0], [1, 1]);
  for (const point of [
    [-0.01, 1],
    [3, 1],
    [1, -0.01],
    [1, 4],
  ]) {
    assert.equal(pixelAt(lattice, [point[0], point[1]]), null);
  }
});

test("the hull of a dilated window runs from its first to its last tap", () => {
  const taps = { rows: Int32Array.of(-2, 1, 4), cols: Int32Array.of(5, 6) };
  assert.deepEqual(hull(taps), { top: -2, left: 5, height: 7, width: 2 });
  assert.ok(isDilated(taps));
  assert.ok(!isDilated({ rows: Int32Array.of(1, 2, 3), cols: Int32Array.of(7) }));
});

test("arrow keys move and stop at the edges; Home and End go along the row", () => {
  const map = { width: 5, height: 4 };
  assert.deepEqual(pixelByKey([2, 2], "ArrowUp", 1, map), [1, 2]);
  assert.deepEqual(pixelByKey([2, 2], "ArrowRight", 10, map), [2, 4]);
  assert.deepEqual(pixelByKey([2, 2], "ArrowLeft", 10, map), [2, 0]);
  assert.deepEqual(pixelByKey([2, 2], "ArrowDown", 10, map), [3, 2]);
  assert.deepEqual(pixelByKey([2, 2], "Home", 1, map), [2, 0]);
  assert.deepEqual(pixelByKey([2, 2], "End", 1, map), [2, 4]);
  assert.equal(pixelByKey([2, 2], "a", 1, map), null);
});

test("viewports take the world's aspect up to two to one", () => {
  assert.equal(viewportAspect({ top: 0, left: 0, bottom: 100, right: 150 }), 1.5);
  assert.equal(viewportAspect({ top: 0, left: 0, bottom: 10, right: 150 }), 2);
  assert.equal(viewportAspect({ top: 0, left: 0, bottom: 150, right: 10 }), 0.5);
  assert.equal(viewportAspect({ top: 0, left: 0, bottom: 0, right: 0 }), 1);
});
