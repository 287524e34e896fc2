import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  chartFrame,
  LOOKS,
  linePath,
  markerShape,
  ticks,
} from "../../www/widgets/chart/chart-geometry.js";

const NO_NAN = { noNaN: true, noDefaultInfinity: true };

test("ticks are round numbers that cover the range", () => {
  assert.deepEqual(ticks(0, 1, 5), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(ticks(0, 0.3, 3), [0, 0.1, 0.2, 0.3]);
  assert.deepEqual(ticks(0, 8, 4), [0, 2, 4, 6, 8]);
  assert.deepEqual(ticks(0, 483, 5), [0, 100, 200, 300, 400, 500]);
  assert.deepEqual(ticks(-3, 7, 2), [-5, 0, 5, 10]);
  assert.deepEqual(ticks(2, 2, 5), [2]);
});

test("ticks cover any range in few even steps", () => {
  const range = fc.tuple(
    fc.double({ ...NO_NAN, min: -1e6, max: 1e6 }),
    fc.double({ ...NO_NAN, min: 1e-6, max: 1e6 }),
    fc.integer({ min: 1, max: 20 }),
  );
  fc.assert(
    fc.property(range, ([least, span, count]) => {
      fc.pre(span > Math.abs(least) * 1e-6);
      const found = ticks(least, least + span, count);
      const slack = (found[1] - found[0]) * 1e-6;
      assert.ok(found[0] <= least + slack && found[found.length - 1] >= least + span - slack);
      assert.ok(found.length <= count + 3, `${found.length} for ${count}`);
    }),
  );
});

test("the frame places the ends of the lines at its ends", () => {
  const series = [{ values: [0, 2, Number.NaN] }, { values: [1, 1, 4] }];
  const frame = chartFrame([0, 1, 2], series, { width: 400, height: 200 });
  assert.equal(frame.px(0), frame.left);
  assert.equal(frame.px(2), frame.right);
  assert.equal(frame.py(frame.yTicks[0]), frame.bottom);
  assert.equal(frame.py(frame.yTicks[frame.yTicks.length - 1]), frame.top);
  assert.ok(frame.py(4) < frame.py(2) && frame.py(2) < frame.py(0));
});

test("a chart of one point or of zeros has a frame", () => {
  const frame = chartFrame([3], [{ values: [0] }], { width: 0, height: 0 });
  for (const value of [frame.px(3), frame.py(0)]) assert.ok(Number.isFinite(value));
});

test("a line is broken where there is no value", () => {
  const same = (/** @type {number} */ value) => value;
  const path = linePath([0, 1, 2, 3, 4], [5, 6, Number.NaN, 7, 8], same, same);
  assert.equal(path, "M0.00 5.00L1.00 6.00M3.00 7.00L4.00 8.00");
});

test("no two lines look alike without their colour", () => {
  const looks = LOOKS.map(({ dash, shape, filled }) => `${dash} ${shape} ${filled}`);
  assert.equal(new Set(looks).size, LOOKS.length);
  assert.equal(new Set(LOOKS.map(({ dash }) => dash)).size, LOOKS.length);
  for (const { shape } of LOOKS) assert.match(markerShape(shape, 10, 10), /^M[\d. ]+/);
});
