/** The palette keeps the contrasts of WCAG 2.2 in both themes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { tokens } from "../../www/widgets/base/shared-styles.js";

/** Each colour's light and dark value. @type {Map<string, [string, string]>} */
const palette = new Map();
for (const [, name, light, dark] of tokens.cssText.matchAll(
  /--cnn-([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g,
)) {
  palette.set(name, [light, dark]);
}

/**
 * Relative luminance, WCAG 2.2.
 * @param {string} color `#rrggbb`
 */
function luminance(color) {
  const [r, g, b] = [1, 3, 5].map((start) => {
    const share = Number.parseInt(color.slice(start, start + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/**
 * @param {string[]} colors names of the palette
 * @param {string[]} grounds
 * @param {number} least contrast
 */
function assertContrast(colors, grounds, least) {
  for (const [theme, index] of /** @type {const} */ ([
    ["light", 0],
    ["dark", 1],
  ])) {
    for (const color of colors) {
      for (const ground of grounds) {
        const pair = [color, ground].map((name) => palette.get(name)?.[index] ?? `no ${name}`);
        const [darker, lighter] = pair.map(luminance).sort((a, b) => a - b);
        const contrast = (lighter + 0.05) / (darker + 0.05);
        assert.ok(contrast >= least, `${theme}: ${color} on ${ground} has ${contrast}`);
      }
    }
  }
}

const GROUNDS = ["paper", "panel", "zero"];

test("text is readable", () => {
  assertContrast(["ink", "soft", "accent", "neg-text", "pos-text", "problem"], GROUNDS, 4.5);
  assertContrast(["on-accent"], ["accent"], 4.5);
});

test("focus rings, field borders and the sign colours are visible", () => {
  assertContrast(["focus", "edge", "neg", "pos"], GROUNDS, 3);
});
