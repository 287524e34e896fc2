/** A notch of the wheel has the same effect in whatever unit a browser reports it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { wheelPixels, wheelZoom } from "../../www/widgets/base/wheel.js";

const PIXELS = 0;
const LINES = 1;
const PAGES = 2;

test("pixels stay as they are; lines and pages become pixels", () => {
  assert.equal(wheelPixels({ deltaY: -7.5, deltaMode: PIXELS }), -7.5);
  assert.equal(wheelPixels({ deltaY: 3, deltaMode: LINES }), 99);
  assert.equal(wheelPixels({ deltaY: -1, deltaMode: PAGES }), -400);
});

test("a notch of three lines zooms as one of 99 pixels", () => {
  const zoom = wheelZoom({ deltaY: -3, deltaMode: LINES });
  assert.equal(zoom, wheelZoom({ deltaY: -99, deltaMode: PIXELS }));
  assert.ok(zoom > 1.3, String(zoom));
});

test("turning back undoes the zoom", () => {
  const event = { deltaY: 40, deltaMode: PIXELS };
  const back = { ...event, deltaY: -40 };
  assert.ok(wheelZoom(event) < 1);
  assert.ok(Math.abs(wheelZoom(event) * wheelZoom(back) - 1) < 1e-15);
});

test("one event zooms by at most the square root of two", () => {
  assert.equal(wheelZoom({ deltaY: -1, deltaMode: PAGES }), Math.SQRT2);
  assert.equal(wheelZoom({ deltaY: 1e6, deltaMode: PIXELS }), 2 ** -0.5);
});
