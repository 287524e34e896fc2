/** Every preset kernel is set by one click, and its thumbnail shows what it does. */
import { readFileSync } from "node:fs";
import { expect, test } from "../shared/lab.js";
import { outputValues, painted, shrunk } from "../shared/reference.js";

/** @import { KernelLabState } from "../../../www/labs/kernel/state.js" */

/** The package in Node; its own tests compare its kernels with their definitions. */
const PACKAGE = new URL("../../../dist/npm/index.js", import.meta.url).href;
const cnn = await import(PACKAGE);
await cnn.ready();

/** @type {Record<string, string>} */
const WORDS = JSON.parse(
  readFileSync(new URL("../../../www/labs/kernel/en.json", import.meta.url), "utf8"),
);

/** @type {{ name: string, family: string }[]} */
const FILTERS = cnn.filters();
const FAMILIES = [...new Set(FILTERS.map(({ family }) => family))];

for (const family of FAMILIES) {
  const members = FILTERS.filter((known) => known.family === family);
  test(`family ${family}: each kernel is set by one click and shown as selected`, async ({
    lab,
  }) => {
    for (const { name } of members) {
      await lab.set({ kernel: [[3]] });
      const preset = await shown(lab, name);
      await preset.click();
      await expectKernel(lab, rowsOf(name));
      await lab.expectOutput();
      await expect(preset).toHaveAttribute("aria-pressed", "true");
    }
  });
}

test("kernels without parameters match the textbooks", async ({ lab }) => {
  for (const [name, kernel] of Object.entries(BOOKS)) {
    await (await shown(lab, name)).click();
    await expectKernel(lab, kernel);
  }
});

for (const color of /** @type {const} */ (["grey", "color"])) {
  test(`every thumbnail is the small picture convolved with its kernel, in ${color}`, async ({
    lab,
  }) => {
    await lab.set({ color, paddingMode: "reflect", stride: [2, 2] });
    const small = shrunk(await lab.picture(), 4);
    const plain = /** @type {Partial<KernelLabState>} */ ({
      padding: "same",
      paddingMode: "replicate",
      stride: [1, 1],
      dilation: [1, 1],
      bias: 0,
      flipKernel: false,
      relu: false,
    });
    for (const { name } of FILTERS) {
      const kernel = rowsOf(name);
      const isAverage = Math.abs(sum(kernel) - 1) < 1e-6;
      const state = { ...(await lab.state()), ...plain, kernel };
      const display = /** @type {const} */ ({
        kind: isAverage ? "clip" : "symmetric",
        min: -1,
        max: 1,
      });
      const thumbnail = lab.page.locator(`canvas[data-name="${name}"]`);
      await lab.expectCanvas(thumbnail, painted(outputValues(small, state), display, "light"));
    }
  });
}

test("a slider changes the preset's parameter, and the preset stays selected", async ({ lab }) => {
  await (await shown(lab, "gaussian")).click();
  await lab.page.getByRole("slider", { name: "Size" }).fill("7");
  await lab.page.getByRole("slider", { name: "Sigma, px" }).fill("2.1");
  await expectKernel(lab, rowsOf("gaussian", { size: 7, sigma: 2.1 }));
  await lab.expectOutput();
  await expect(await shown(lab, "gaussian")).toHaveAttribute("aria-pressed", "true");
});

test("after changing a weight no preset is selected", async ({ lab }) => {
  const preset = await shown(lab, "sobel_x");
  await expect(preset).toHaveAttribute("aria-pressed", "true");
  await lab.cell(1, 1).click();
  await expect(preset).toHaveAttribute("aria-pressed", "false");
});

test("a preset brings the display of its thumbnail until the learner chooses another", async ({
  lab,
}) => {
  await (await shown(lab, "gaussian")).click();
  await expect.poll(async () => (await lab.state()).display.kind).toBe("clip");
  await (await shown(lab, "sobel_y")).click();
  await expect.poll(async () => (await lab.state()).display.kind).toBe("symmetric");
  await lab.choose("Display range", "absolute");
  await (await shown(lab, "box")).click();
  await expectKernel(lab, rowsOf("box"));
  expect((await lab.state()).display.kind).toBe("absolute");
});

test("a preset that has a size keeps its name when the kernel grows or shrinks", async ({
  lab,
}) => {
  await (await shown(lab, "gaussian")).click();
  await expectKernel(lab, rowsOf("gaussian"));
  const { length } = (await lab.state()).kernel;
  await lab.button("Size: more").click();
  await expectKernel(lab, rowsOf("gaussian", { size: length + 2 }));
  await expect(await shown(lab, "gaussian")).toHaveAttribute("aria-pressed", "true");
  await lab.button("Size: less").click();
  await expectKernel(lab, rowsOf("gaussian", { size: length }));
});

/**
 * The rows of a filter, its weights in f32.
 * @param {string} name
 * @param {Record<string, number>} [options]
 * @returns {number[][]}
 */
function rowsOf(name, options) {
  const { shape, data } = cnn.filter(name, options);
  const [height, width] = shape.slice(-2);
  return Array.from({ length: height }, (_, row) => [
    ...data.slice(row * width, (row + 1) * width),
  ]);
}

/**
 * Waits until the lab has this kernel, rounded to f32.
 * @param {import("../shared/lab.js").Lab} lab
 * @param {number[][]} kernel
 */
async function expectKernel(lab, kernel) {
  const rounded = (/** @type {number[][]} */ rows) => rows.map((row) => row.map(Math.fround));
  await expect.poll(async () => rounded((await lab.state()).kernel)).toEqual(rounded(kernel));
}

/**
 * The button of a preset, made visible.
 * @param {import("../shared/lab.js").Lab} lab
 * @param {string} name
 */
async function shown(lab, name) {
  const preset = lab.page.locator(`.preset[data-name="${name}"]`);
  await expect(preset).toHaveText(WORDS[`kernel-lab.preset.${name}`]);
  const isBehindMore = await preset.evaluate((button) => button.closest("[popover]") !== null);
  const more = lab.page.getByRole("toolbar", { name: "More preset kernels" });
  if (isBehindMore && !(await more.isVisible())) {
    await lab.page.locator("cnn-preset-gallery .more").click();
  }
  if (!isBehindMore && (await more.isVisible())) await lab.page.keyboard.press("Escape");
  return preset;
}

/** @param {number[][]} kernel */
function sum(kernel) {
  return kernel.flat().reduce((total, weight) => total + weight, 0);
}

const ninth = 1 / 9;

/** @type {Record<string, number[][]>} */
const BOOKS = {
  identity: [
    [0, 0, 0],
    [0, 1, 0],
    [0, 0, 0],
  ],
  box: [
    [ninth, ninth, ninth],
    [ninth, ninth, ninth],
    [ninth, ninth, ninth],
  ],
  sharpen: [
    [0, -1, 0],
    [-1, 5, -1],
    [0, -1, 0],
  ],
  sobel_x: [
    [-1, 0, 1],
    [-2, 0, 2],
    [-1, 0, 1],
  ],
  sobel_y: [
    [-1, -2, -1],
    [0, 0, 0],
    [1, 2, 1],
  ],
  prewitt_x: [
    [-1, 0, 1],
    [-1, 0, 1],
    [-1, 0, 1],
  ],
  prewitt_y: [
    [-1, -1, -1],
    [0, 0, 0],
    [1, 1, 1],
  ],
  scharr_x: [
    [-3, 0, 3],
    [-10, 0, 10],
    [-3, 0, 3],
  ],
  roberts_1: [
    [-1, 0],
    [0, 1],
  ],
  laplacian_4: [
    [0, 1, 0],
    [1, -4, 1],
    [0, 1, 0],
  ],
  laplacian_8: [
    [1, 1, 1],
    [1, -8, 1],
    [1, 1, 1],
  ],
  line_vertical: [
    [-1, 2, -1],
    [-1, 2, -1],
    [-1, 2, -1],
  ],
};
