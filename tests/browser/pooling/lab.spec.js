/**
 * The pooling lab: every output, number and picture matches the reference, whichever control sets
 * it.
 */
import { poolingLabState } from "../../../www/labs/pooling/state.js";
import { writeLink } from "../../../www/state/permalink.js";
import { box } from "../shared/lab.js";
import { extremes, inputValues, painted } from "../shared/reference.js";
import { expect, PoolingLab, test } from "./lab.js";
import {
  changes,
  gradientValues,
  movedValues,
  pooledValues,
  repeated,
  shiftedValues,
} from "./reference.js";

/**
 * @import { MethodName, PoolingLabState } from "../../../www/labs/pooling/state.js"
 */

const CLIP = /** @type {const} */ ({ kind: "clip", min: 0, max: 1 });
const BY_SIGN = /** @type {const} */ ({ kind: "symmetric", min: 0, max: 1 });

/** A state that differs from the default in every field. */
const RICH = /** @type {Partial<PoolingLabState>} */ ({
  picture: { kind: "photo", name: "coffee" },
  color: "color",
  methods: ["average", "strided", "adaptive"],
  method: "strided",
  size: [3, 4],
  stride: [4, 3],
  padding: { top: 1, left: 2, bottom: 0, right: 1 },
  dilation: [2, 1],
  ceilMode: true,
  countIncludePad: false,
  p: 3.5,
  kernel: "binomial",
  seed: 7,
  taps: 5,
  kind: "max",
  outputSize: [9, 4],
  display: { kind: "fixed", min: -0.5, max: 2 },
  position: [12, 30],
  channel: 2,
  gradientOf: "all",
  restoring: "unpool",
  nextChannels: 128,
  shift: [-1.25, 3],
  measure: "follow",
});

test("it opens with four methods beside the picture, each matching the reference", async ({
  lab,
}) => {
  await lab.expectState({ methods: ["max", "average", "strided", "binomial"] });
  await expect(lab.page.locator(".card.output")).toHaveCount(4);
  const input = inputValues(await lab.picture(), "grey");
  await lab.input.expectPixels(painted(input, CLIP, "light"));
  for (const method of /** @type {MethodName[]} */ (["max", "average", "strided"])) {
    const values = pooledValues(await lab.picture(), await lab.state(), method);
    await lab.output(method).expectPixels(painted(values, CLIP, "light"));
    expect(await lab.output(method).extremes()).toEqual(extremes(values));
  }
});

test("the smooth convolution is binomial, one pixel larger on each side, in the same places", async ({
  lab,
}) => {
  await expect.poll(() => lab.output("binomial").isPainted()).toBe(true);
  const values = pooledValues(await lab.picture(), await lab.state(), "binomial");
  const wanted = painted(values, CLIP, "light");
  const got = await lab.output("binomial").pixels();
  expect([got.height, got.width]).toEqual([wanted.height, wanted.width]);
  // 16 products in f32 are off by far less than a level, so rounding moves a byte by at most one.
  const most = Math.max(
    ...Array.from(got.rgba, (byte, index) => Math.abs(byte - wanted.rgba[index])),
  );
  expect(most).toBeLessThanOrEqual(1);
});

/** @type {Record<string, Partial<PoolingLabState>>} */
const OPTIONS = {
  "a window of 3 with stride 2 and padding": {
    size: [3, 3],
    padding: { top: 1, left: 1, bottom: 1, right: 1 },
    methods: ["max", "average", "lp", "strided"],
  },
  "rounding up, dilation and unequal axes": {
    size: [2, 3],
    stride: [3, 2],
    dilation: [2, 3],
    padding: { top: 0, left: 2, bottom: 1, right: 3 },
    ceilMode: true,
    countIncludePad: false,
    methods: ["max", "average", "lp", "strided"],
  },
  "same padding, in colour": {
    size: [5, 2],
    stride: [3, 3],
    padding: "same",
    color: "color",
    kernel: "binomial",
    methods: ["max", "average", "strided", "max_blur"],
  },
  "full padding, equal weights": {
    size: [4, 4],
    stride: [5, 4],
    padding: "full",
    kernel: "box",
    methods: ["average", "strided"],
  },
  "wide blurs": { stride: [3, 2], taps: 7, methods: ["blur", "max_blur"] },
  "adaptive and global averages": { outputSize: [7, 5], methods: ["adaptive", "global"] },
  "adaptive and global maxima, in colour": {
    kind: "max",
    color: "color",
    outputSize: [100, 3],
    methods: ["adaptive", "global"],
  },
};

for (const [name, patch] of Object.entries(OPTIONS)) {
  test(`${name} match the reference`, async ({ lab }) => {
    await lab.set(patch);
    await lab.expectOutputs();
  });
}

test("random weights depend only on the seed", async ({ lab }) => {
  await lab.set({ kernel: "random", methods: ["strided"], display: BY_SIGN });
  const pixels = async () => {
    await expect.poll(() => lab.output("strided").extremes()).not.toEqual(first);
    return lab.output("strided").extremes();
  };
  /** @type {number[]} */
  let first = [];
  first = await pixels();
  await lab.fill("Seed", "2");
  const second = await pixels();
  await lab.fill("Seed", "1");
  await expect.poll(() => lab.output("strided").extremes()).toEqual(first);
  expect(second).not.toEqual(first);
});

test("in the dark theme zero is dark and the outputs match the reference", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  const lab = new PoolingLab(page);
  await lab.open();
  await lab.set({ display: BY_SIGN });
  await lab.expectOutputs("dark");
});

test("one window: its numbers, its weights, the maximum", async ({ lab }) => {
  const input = inputValues(await lab.picture(), "grey").channels[0];
  const seen = [0, 1].flatMap((row) => [0, 1].map((col) => input[(88 + row) * 256 + 66 + col]));
  await expect.poll(() => lab.numbers("window")).toEqual(seen);
  const most = Math.max(...seen);
  expect(await lab.numbers("kernel")).toEqual(seen.map((value) => Number(value === most)));
  expect(await lab.numbers("products")).toEqual(seen.map((value) => (value === most ? most : 0)));
  const at = seen.indexOf(most);
  await expect(lab.inspector.locator(".result")).toContainText(
    `the largest of 4, at row ${88 + Math.floor(at / 2)}, column ${66 + (at % 2)} of the input`,
  );
  const winner = lab.inspector.locator(".grid.window [aria-current=true]");
  await expect(winner).toHaveAttribute("aria-label", String(Number(most.toPrecision(7))));

  await lab.choose("Explained method", "Average");
  await expect.poll(() => lab.numbers("kernel")).toEqual([0.25, 0.25, 0.25, 0.25]);
  const mean = seen.reduce((sum, value) => sum + value, 0) / 4;
  const value = lab.inspector.locator(".result .value");
  await expect(value).toHaveAttribute("title", String(Number(Math.fround(mean).toPrecision(7))));

  await lab.set({ methods: ["max", "lp"], method: "lp", p: 3 });
  const norm = seen.reduce((sum, x) => sum + x ** 3, 0) ** (1 / 3);
  const weights = seen.map((x) => (x / norm) ** 2);
  await expect
    .poll(async () => (await lab.numbers("kernel")).map((weight) => weight.toFixed(5)))
    .toEqual(weights.map((weight) => weight.toFixed(5)));
});

test("max then blur: the numbers are maxima, the weights binomial", async ({ lab }) => {
  await lab.set({ methods: ["max", "max_blur"] });
  await lab.choose("Explained method", "Max + blur");
  const dense = { ...(await lab.state()), stride: /** @type {[number, number]} */ ([1, 1]) };
  const maxima = pooledValues(await lab.picture(), dense, "max");
  const seen = [87, 88, 89].flatMap((row) =>
    [65, 66, 67].map((col) => maxima.channels[0][row * maxima.width + col]),
  );
  await expect.poll(() => lab.numbers("window")).toEqual(seen);
  expect(await lab.numbers("kernel")).toEqual([1, 2, 1, 2, 4, 2, 1, 2, 1].map((tap) => tap / 16));
  await expect(lab.inspector).toContainText("each value is itself the largest of 2 × 2 pixels");
});

test("a window too large to show still has its value", async ({ lab }) => {
  await lab.set({ methods: ["global"], kind: "max" });
  const input = inputValues(await lab.picture(), "grey").channels[0];
  const most = input.reduce((best, value) => Math.max(best, value), 0);
  const at = input.indexOf(most);
  const card = lab.page.locator(".card.pixel");
  await expect(card.locator(".value")).toHaveText(String(Number(most.toPrecision(3))));
  await expect(card).toContainText(
    `at row ${Math.floor(at / 256)}, column ${at % 256} of the input`,
  );
  await expect(card).toContainText("65,536 values under the window");
});

test("pointing at any output explains it; a click keeps it", async ({ lab }) => {
  const at = await lab.output("average").point(20, 100);
  await lab.page.mouse.move(at.x, at.y);
  await expect(lab.page.locator(".card.pixel")).toContainText("row 20, column 100");
  await lab.expectState({ method: "max", position: [44, 33] });
  await lab.page.mouse.click(at.x, at.y);
  await lab.expectState({ method: "average", position: [20, 100] });
  await lab.output("strided").viewport.focus();
  await lab.page.keyboard.press("ArrowRight");
  await lab.expectState({ method: "strided" });
});

for (const method of /** @type {const} */ (["max", "average"])) {
  test(`the gradient of ${method} pooling flows where the reference says`, async ({ lab }) => {
    await lab.set({ method, size: [3, 3], position: [30, 40], countIncludePad: false });
    const [picture, state] = [await lab.picture(), await lab.state()];
    const one = gradientValues(picture, state, method, [30, 40]);
    await lab.gradient.expectPixels(painted(one, BY_SIGN, "light"));
    const words = lab.page.locator(".closeup").last();
    await expect(words).toContainText(
      `reaches ${method === "max" ? 1 : 9} of 65,536 pixels, sum 1`,
    );
    await lab.choose("Gradient from", "all outputs");
    const all = gradientValues(picture, state, method, null);
    await expect.poll(() => lab.gradient.extremes()).toEqual(extremes(all));
    await lab.gradient.expectPixels(painted(all, BY_SIGN, "light"));
    const reached = all.channels[0].filter((value) => value !== 0).length;
    await expect(words).toContainText(`reaches ${reached.toLocaleString("en")} of`);
  });
}

test("what is lost: the reconstruction, the difference, its mean", async ({ lab }) => {
  await lab.choose("Explained method", "Average");
  const { restored, difference, mean } = repeated(
    await lab.picture(),
    await lab.state(),
    "average",
  );
  const reconstruction = lab.page.locator(".restored cnn-feature-map canvas#picture");
  const residual = lab.page.locator(".difference cnn-feature-map canvas#picture");
  await lab.expectCanvas(reconstruction, painted(restored, CLIP, "light"));
  await lab.expectCanvas(residual, painted(difference, BY_SIGN, "light"));
  await expect(lab.page.locator(".losses")).toContainText(
    `16,384 of 65,536 values are kept. The mean absolute difference is ${Number(mean.toPrecision(3))}`,
  );
  await expect(lab.choice("Reconstruct by", "max unpooling")).toHaveCount(0);
});

test("max unpooling puts maxima back where they were found", async ({ lab }) => {
  await lab.choose("Reconstruct by", "max unpooling");
  const [picture, state] = [await lab.picture(), await lab.state()];
  const input = inputValues(picture, "grey");
  const winners = gradientValues(picture, state, "max", null).channels[0];
  const channel = input.channels[0].map((value, at) => (winners[at] > 0 ? value : 0));
  const reconstruction = lab.page.locator(".restored cnn-feature-map canvas#picture");
  await lab.expectCanvas(reconstruction, painted({ ...input, channels: [channel] }, CLIP, "light"));
});

test("what the next layer saves", async ({ lab }) => {
  const rows = lab.page.locator(".savings tbody tr");
  await expect(rows.nth(0)).toContainText("16.8 MB");
  await expect(rows.nth(0)).toContainText("4.19 MB");
  await expect(rows.nth(1)).toContainText("2.42B");
  await lab.fill("Channels of the next layer", "128");
  await lab.fill("Stride", "4");
  // 256 · 256 · 9 · 128 · 128, and a sixteenth of that.
  await expect(rows.nth(1)).toContainText("9.66B");
  await expect(rows.nth(1)).toContainText("604M");
  await expect(rows.nth(1)).toContainText("16 : 1");
});

test("the shift experiment matches the reference", async ({ lab }) => {
  for (const shift of /** @type {[number, number][]} */ ([
    [0, 1],
    [-3, 2.25],
    [0.5, -8],
  ])) {
    await lab.set({ shift, measure: "stay" });
    const [picture, state] = [await lab.picture(), await lab.state()];
    const seen = painted(movedValues(picture, state, shift), CLIP, "light");
    await lab.expectCanvas(lab.page.locator("cnn-shift-pad canvas"), seen);
    for (const [index, method] of state.methods.entries()) {
      const after = painted(shiftedValues(picture, state, method), CLIP, "light");
      const map = lab.page.locator("cnn-feature-map.after canvas#picture").nth(index);
      await lab.expectCanvas(map, after);
      const { stay } = changes(picture, state, method);
      await expect.poll(() => lab.change(index)).toBeCloseTo(stay, 2);
    }
    await lab.choose("Compare the output after the shift", "with the original, shifted");
    for (const [index, method] of state.methods.entries()) {
      const { follow } = changes(picture, state, method);
      await expect.poll(() => lab.change(index)).toBeCloseTo(follow, 2);
    }
  }
});

test("the chart's values are the individual changes, and keys read them out", async ({ lab }) => {
  await lab.chart.locator("summary").click();
  const rows = lab.chart.locator("tbody tr");
  await expect(rows).toHaveCount(17);
  const [picture, state] = [await lab.picture(), await lab.state()];
  for (const step of [1, 2, 5, 16]) {
    const cells = await rows.nth(step).locator("td").allTextContents();
    for (const [index, method] of state.methods.entries()) {
      const { stay } = changes(picture, state, method, [0, step / 2]);
      expect(Number(cells[index + 1])).toBeCloseTo(stay, 2);
    }
  }
  const plot = lab.chart.getByRole("slider");
  await plot.press("ArrowRight");
  await plot.press("ArrowRight");
  await plot.press("ArrowRight");
  const [input, max] = await rows.nth(2).locator("td").allTextContents();
  await expect(lab.chart.locator(".readout")).toContainText(`the picture itself ${input}`);
  await expect(plot).toHaveAttribute(
    "aria-valuetext",
    new RegExp(`^shift to the right, px 1: the picture itself ${input}, Max ${max}`),
  );
  await plot.press("End");
  await expect(plot).toHaveAttribute("aria-valuenow", "16");
});

test("the picture is shifted by dragging, keys, slider and numbers; undo reverts each", async ({
  lab,
}) => {
  await lab.set({ shift: [0, 0] });
  await lab.pad.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await box(lab.pad);
  // The pad shows 96 pixels of the picture.
  const pixel = width / 96;
  const [left, top] = [x + width / 2, y + height / 2];
  await lab.page.mouse.move(left, top);
  await lab.page.mouse.down();
  await lab.page.mouse.move(left + 1.5 * pixel, top - 0.5 * pixel, { steps: 4 });
  await lab.page.mouse.move(left + 3 * pixel, top - 2 * pixel, { steps: 4 });
  await lab.page.mouse.up();
  await lab.expectState({ shift: [-2, 3] });
  await lab.pad.focus();
  await lab.page.keyboard.press("ArrowDown");
  await lab.page.keyboard.press("Shift+ArrowLeft");
  await lab.expectState({ shift: [-1, 2.75] });
  await lab.page.getByLabel("Shift to the right").fill("-4.5");
  await lab.expectState({ shift: [-1, -4.5] });
  await lab.fill("Down, px", "6");
  await lab.expectState({ shift: [6, -4.5] });
  await lab.button("Undo").click();
  await lab.button("Undo").click();
  await lab.expectState({ shift: [-1, 2.75] });
  await lab.button("Undo").click();
  await lab.expectState({ shift: [-2, 3] });
  await lab.button("Undo").click();
  await lab.expectState({ shift: [0, 0] });
  await lab.pad.focus();
  for (let press = 0; press < 12; press++) await lab.page.keyboard.press("ArrowRight");
  await lab.expectState({ shift: [0, 8] });
  await lab.page.keyboard.press("Home");
  await lab.expectState({ shift: [0, 0] });
});

test("any number of methods, at least one, in a fixed order", async ({ lab }) => {
  const toggle = (/** @type {string} */ name) =>
    lab.page.locator(".methods").getByRole("button", { name, exact: true });
  await toggle("BlurPool").click();
  await expect(lab.page.locator(".card.output")).toHaveCount(5);
  await toggle("BlurPool").click();
  await toggle("Average").click();
  await expect(lab.page.locator(".card.output")).toHaveCount(3);
  await toggle("Lp norm").click();
  await lab.expectState({ methods: ["max", "strided", "binomial", "lp"], method: "lp" });
  await expect(lab.page.locator(".card.output h2")).toHaveText([
    "Max",
    "Lp norm",
    "Strided conv",
    "Smooth conv",
  ]);
  for (const name of ["Max", "Strided conv", "Smooth conv"]) await toggle(name).click();
  await expect(toggle("Lp norm")).toBeDisabled();
  await lab.expectOutputs();
});

test("a method that cannot be computed says why and does not affect the others", async ({
  lab,
}) => {
  const drawing = {
    kind: /** @type {const} */ ("drawing"),
    bits: Buffer.alloc(512, 0x3c).toString("base64"),
  };
  await lab.set({ picture: drawing, methods: ["max", "blur"], method: "blur" });
  await lab.expectOutputs();
  await lab.set({ size: [15, 15], dilation: [5, 5] });
  const refused = lab.card("max").locator(".problem");
  await expect(refused).toContainText("71");
  await expect(lab.card("blur").locator(".problem")).toHaveCount(0);
  await lab.choose("Explained method", "Max");
  await expect(refused).toHaveCount(1);
  await lab.button("Undo").click();
  await lab.button("Undo").click();
  await expect(refused).toHaveCount(0);
  await lab.expectOutputs();
});

test("the size formula has the numbers of the explained method", async ({ lab }) => {
  await lab.set({
    methods: ["max", "average", "strided", "max_blur"],
    size: [3, 3],
    stride: [2, 2],
    padding: { top: 1, left: 1, bottom: 1, right: 1 },
  });
  const formula = lab.page.locator("cnn-size-formula");
  await expect(formula.getByRole("img")).toHaveAccessibleName(
    "Output height and width: 256 plus padding 1 plus 1, minus dilation 1 times kernel 3 minus 1, minus 1, divided by stride 2, rounded down, plus 1, equals 128",
  );
  await lab.set({
    size: [2, 2],
    stride: [3, 3],
    padding: { top: 2, left: 2, bottom: 2, right: 2 },
    ceilMode: true,
    dilation: [2, 2],
  });
  await expect(formula.getByRole("img")).toHaveAccessibleName(
    // Window 86 would start at 86 · 3 = 258, past 2 + 256.
    /rounded up, plus 1, minus 1 window that would start past the input, equals 86$/,
  );
  await lab.choose("Explained method", "Max + blur");
  await expect(formula).toHaveCount(2);
});

test("every field goes through a link and a reload", async ({ lab }) => {
  const defaults = poolingLabState.defaultState();
  for (const [name, value] of Object.entries(RICH)) {
    expect(value, name).not.toEqual(/** @type {any} */ (defaults)[name]);
  }
  expect(Object.keys(RICH).length).toBe(Object.keys(defaults).length - 1);
  await lab.set(RICH);
  await lab.expectOutputs();
  const state = await lab.state();
  await lab.reload();
  expect(await lab.state()).toEqual(state);
  await lab.expectOutputs();
});

test("a broken link is reported and the default state shown", async ({ page }) => {
  const lab = new PoolingLab(page);
  const broken = Buffer.from(JSON.stringify({ v: 1, methods: ["max", "max"] })).toString(
    "base64url",
  );
  for (const [hash, words] of [
    [`#pooling=${broken}`, /methods/],
    ["#pooling=%%%", /cut off or changed/],
    [`#pooling=${Buffer.from('{"v":9}').toString("base64url")}`, /9/],
  ]) {
    await page.goto("about:blank");
    await lab.open(`./${hash}`);
    await expect(page.getByRole("alert")).toHaveText(/** @type {RegExp} */ (words));
    expect(await lab.state()).toEqual(poolingLabState.defaultState());
  }
  expect(lab.errors).toEqual([]);
});

test("each lab has its own address and keeps its own state", async ({ lab }) => {
  await lab.set({ size: [5, 5] });
  await lab.page.getByRole("link", { name: "Kernels" }).click();
  await expect(lab.page.locator("cnn-kernel-lab")).toBeVisible();
  await lab.page.getByRole("link", { name: "Pooling" }).click();
  await lab.ready();
  await lab.expectState({ size: [5, 5] });
  await lab.button("Undo").click();
  await lab.expectState({ size: [2, 2] });
});

test("changes are announced to screen readers", async ({ lab }) => {
  const status = lab.page.locator("cnn-pooling-lab [role=status]");
  await expect(status).toHaveText(/^Max: 128 rows of 128 pixels, values from 0\.0\d+ to 0\.\d+$/);
  await lab.pad.focus();
  await lab.page.keyboard.press("ArrowRight");
  const { stay } = changes(await lab.picture(), await lab.state(), "max", [0, 2]);
  await expect(status).toHaveText(`Max: change ${Number(stay.toPrecision(3))}`);
});

test("the outputs are saved as a picture and as a table", async ({ lab }) => {
  await lab.choose("Explained method", "Average");
  const download = lab.page.waitForEvent("download");
  await lab.button("CSV").click();
  const file = await (await download).path();
  const { readFileSync } = await import("node:fs");
  const rows = readFileSync(file, "utf8").trim().split("\n");
  const values = pooledValues(await lab.picture(), await lab.state(), "average");
  const got = rows.flatMap((row) => row.split(",").map((text) => Math.fround(Number(text))));
  expect(got).toEqual(Array.from(values.channels[0]));
  expect(writeLink(poolingLabState, await lab.state())).toContain("#pooling=");
});
