import assert from "node:assert/strict";
import { test } from "node:test";
import { stepBack, stepForward } from "../../www/widgets/kernel/slide-steps.js";

const SLIDE = { positions: 6, taps: 2, columns: 3 };

/**
 * Every place from `place` on until a step leads nowhere.
 * @param {import("../../www/widgets/kernel/slide-steps.js").Place | null} place
 * @param {typeof stepForward} step
 * @param {import("../../www/widgets/kernel/slide-steps.js").Unit} unit
 */
function walk(place, step, unit) {
  const places = [];
  for (; place !== null && places.length < 100; place = step(place, unit, SLIDE)) {
    places.push([place.position, place.tap]);
  }
  return places;
}

test("steps by product visit every pixel in order", () => {
  const places = walk({ position: 4, tap: null }, stepForward, "tap");
  assert.deepEqual(places, [
    [4, null],
    [4, 0],
    [4, 1],
    [5, 0],
    [5, 1],
  ]);
});

test("steps back by product reach the first product of the first pixel", () => {
  const places = walk({ position: 1, tap: null }, stepBack, "tap");
  assert.deepEqual(places, [
    [1, null],
    [1, 1],
    [1, 0],
    [0, 1],
    [0, 0],
  ]);
});

test("steps by pixel visit each one and end at the last", () => {
  const places = walk({ position: 3, tap: 1 }, stepForward, "pixel");
  assert.deepEqual(places, [
    [3, 1],
    [4, null],
    [5, null],
  ]);
  assert.deepEqual(walk({ position: 1, tap: null }, stepBack, "pixel"), [
    [1, null],
    [0, null],
  ]);
});

test("steps by row finish one row at a time", () => {
  assert.deepEqual(walk({ position: 0, tap: null }, stepForward, "row"), [
    [0, null],
    [2, null],
    [5, null],
  ]);
  assert.deepEqual(walk({ position: 4, tap: null }, stepBack, "row"), [
    [4, null],
    [2, null],
    [0, null],
  ]);
});

test("a partial pixel is completed before the end is reached", () => {
  assert.deepEqual(stepForward({ position: 5, tap: 0 }, "pixel", SLIDE), {
    position: 5,
    tap: null,
  });
  assert.equal(stepForward({ position: 5, tap: null }, "row", SLIDE), null);
  assert.equal(stepBack({ position: 0, tap: null }, "pixel", SLIDE), null);
});
