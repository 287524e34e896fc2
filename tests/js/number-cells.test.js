/** The numbers in cells: as many digits as fit, a common factor, never E-notation. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cellTexts, factorText } from "../../www/widgets/numbers/number-cells.js";
import { readable } from "../../www/widgets/numbers/readable-number.js";

test("numbers that fit stand without a factor", () => {
  assert.deepEqual(cellTexts([0.506, -1.344, 0], 6), {
    texts: ["0.506", "−1.34", "0"],
    exponent: 0,
  });
});

test("small numbers share a factor, and what is not zero does not read as zero", () => {
  assert.deepEqual(cellTexts([0.000123, -0.00001, 0, 1e-9], 5), {
    texts: ["1.23", "−0.1", "0", "0.000"],
    exponent: -4,
  });
  assert.equal(factorText(-4), "10⁻⁴ ×");
  assert.equal(factorText(0), "");
});

test("where only a digit has room, the factor leaves one digit; else the sign", () => {
  assert.deepEqual(cellTexts([0.5, -0.25], 2), { texts: ["5", "−3"], exponent: -1 });
  assert.deepEqual(cellTexts([0.5, -0.25], 1).texts, ["+", "−"]);
});

test("every text fits, is within rounding of its value, and has no E", () => {
  const values = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), {
    minLength: 1,
    maxLength: 9,
  });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 12 }), (numbers, characters) => {
      const { texts, exponent } = cellTexts(numbers, characters);
      texts.forEach((text, index) => {
        assert.ok(text.length <= characters, text);
        assert.doesNotMatch(text, /e/i);
        const read = Number(text.replace("−", "-"));
        if (!/\d/.test(text)) return;
        const decimals = text.split(".")[1]?.length ?? 0;
        const digits = Math.abs(numbers[index]) / 10 ** exponent;
        const step = Math.max(10 ** -decimals, 10 ** (Math.floor(Math.log10(digits || 1)) - 1));
        assert.ok(
          Math.abs(read - numbers[index] / 10 ** exponent) <= step,
          `${text} of ${numbers}`,
        );
      });
    }),
  );
});

test("very small and very large values have a power of ten", () => {
  assert.equal(readable(1.7e-7), "1.7 · 10⁻⁷");
  assert.equal(readable(-2.5e9), "−2.5 · 10⁹");
});
