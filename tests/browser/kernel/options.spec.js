/** With every option the output matches the reference, and so does the size formula. */
import { expect, test } from "../shared/lab.js";
import { extremes, outputSize, outputValues, paddingSides } from "../shared/reference.js";

/** Five rows, four columns, no symmetry, so that any rotation or shift shows. */
const KERNEL = [
  [0, 1, -1, 0.5],
  [2, 0, -2, 1],
  [-1, 3, 0, -0.5],
  [0.25, -1, 1, 0],
  [0, 0.75, -0.5, -1],
];

for (const paddingMode of /** @type {const} */ (["zeros", "reflect", "replicate", "circular"])) {
  test(`padding valid, same and full in ${paddingMode} mode`, async ({ lab }) => {
    await lab.set({ kernel: KERNEL });
    await lab.choose("Padding mode", paddingMode);
    for (const padding of /** @type {const} */ (["valid", "full", "same"])) {
      await lab.choose("Padding", padding);
      await lab.expectState({ padding, paddingMode });
      await lab.expectOutput();
      await lab.expectInput();
      await expectSize(lab);
    }
  });

  test(`padding per side in ${paddingMode} mode`, async ({ lab }) => {
    const padding = { top: 9, left: 0, bottom: 2, right: 21 };
    await lab.set({ kernel: KERNEL });
    await lab.choose("Padding mode", paddingMode);
    await lab.fill("Top", "9");
    await lab.fill("Left", "0");
    await lab.fill("Bottom", "2");
    await lab.fill("Right", "21");
    await lab.expectState({ padding, paddingMode });
    await lab.expectOutput();
    await lab.expectInput();
    await expectSize(lab);
  });
}

test("padding per side starts from the current padding", async ({ lab }) => {
  await lab.set({ kernel: KERNEL });
  await expect(lab.stepper("Right")).toHaveValue("2");
  await lab.fill("Top", "3");
  await lab.expectState({ padding: { top: 3, left: 1, bottom: 2, right: 2 } });
  await expect(lab.choice("Padding", "per side")).toBeChecked();
  await lab.expectOutput();
});

test("one stride and one dilation apply to both axes while linked", async ({ lab }) => {
  await lab.set({ kernel: KERNEL });
  await lab.fill("Stride", "3");
  await lab.expectState({ stride: [3, 3] });
  await lab.expectOutput();
  await lab.fill("Dilation", "4");
  await lab.expectState({ dilation: [4, 4] });
  await lab.expectOutput();
  await expectSize(lab);
});

test("stride and dilation can be set separately for rows and columns", async ({ lab }) => {
  await lab.set({ kernel: KERNEL, paddingMode: "reflect" });
  await lab.button("Same stride for rows and columns").click();
  await lab.fill("Stride, rows", "5");
  await lab.fill("Stride, columns", "2");
  await lab.press("Same dilation for rows and columns");
  await lab.fill("Dilation, columns", "7");
  await lab.expectState({ stride: [5, 2], dilation: [1, 7] });
  await lab.expectOutput();
  await lab.expectInput();
  await expectSize(lab);
});

test("linking the axes again uses the value of the rows", async ({ lab }) => {
  await lab.set({ stride: [3, 2] });
  await lab.button("Same stride for rows and columns").click();
  await lab.expectState({ stride: [3, 3] });
  await expect(lab.stepper("Stride")).toHaveValue("3");
});

test("the buttons of a field step its value and stop at its limits", async ({ lab }) => {
  // The button says that it is disabled; a press all the same changes nothing.
  await lab.button("Stride: less").click({ force: true });
  await lab.expectState({ stride: [1, 1] });
  await lab.button("Stride: more").click();
  await lab.press("Bias: less");
  await lab.expectState({ stride: [2, 2], bias: -0.1 });
  await lab.expectOutput();
});

test("the bias is added to every value", async ({ lab }) => {
  await lab.choose("Display range", "clip");
  await lab.fill("Bias", "0.3");
  await lab.expectState({ bias: 0.3 });
  await lab.expectOutput();
  await lab.fill("Bias", "-1.7");
  await lab.expectState({ bias: -1.7 });
  await lab.expectOutput();
});

test("a flipped kernel is rotated by 180°, and the page says so", async ({ lab }) => {
  await lab.set({ kernel: KERNEL });
  await lab.button("More").click();
  await expect(lab.page.getByText("Cross-correlation, as in every CNN library")).toBeVisible();
  await lab.choose("Flip kernel", "yes");
  await lab.expectState({ flipKernel: true });
  await lab.expectOutput();
  await expect(lab.page.getByText("the kernel is rotated by 180° first")).toBeVisible();
});

test("ReLU sets negative values to zero", async ({ lab }) => {
  await lab.choose("ReLU", "yes");
  await lab.expectState({ relu: true });
  await lab.expectOutput();
  await expect(lab.output.element).toContainText("values from 0 to");
});

test.describe("in colour", () => {
  test("the same kernel runs on each channel", async ({ lab }) => {
    await lab.set({ picture: { kind: "photo", name: "coffee" }, kernel: KERNEL });
    await lab.choose("Colour", "colour");
    await lab.expectState({ color: "color" });
    await lab.expectOutput();
    await lab.expectInput();
    await lab.set({ paddingMode: "circular", padding: "full", stride: [2, 3], flipKernel: true });
    await lab.expectOutput();
    await lab.expectInput();
  });

  test("every display range shows red, green and blue on one scale", async ({ lab }) => {
    await lab.set({ picture: { kind: "photo", name: "rocket" } });
    await lab.choose("Colour", "colour");
    for (const display of ["clip", "absolute", "fixed", "symmetric"]) {
      await lab.choose("Display range", display);
      await lab.expectOutput();
    }
  });
});

test.describe("display range", () => {
  for (const theme of /** @type {const} */ (["light", "dark"])) {
    test.describe(`${theme} theme`, () => {
      test.use({ colorScheme: theme });

      test("clip, symmetric and absolute", async ({ lab }) => {
        for (const kind of /** @type {const} */ (["clip", "absolute", "symmetric"])) {
          await lab.choose("Display range", kind);
          expect((await lab.state()).display.kind).toBe(kind);
          await lab.expectOutput(theme);
        }
      });

      test("fixed, signed and not", async ({ lab }) => {
        await lab.choose("Display range", "fixed");
        await lab.expectOutput(theme);
        await lab.fill("From", "-0.5");
        await lab.fill("To", "2.25");
        await lab.expectState({ display: { kind: "fixed", min: -0.5, max: 2.25 } });
        await lab.expectOutput(theme);
        await lab.fill("From", "0.25");
        await lab.expectState({ display: { kind: "fixed", min: 0.25, max: 2.25 } });
        await lab.expectOutput(theme);
      });
    });
  }

  test("the legend shows its ends, the extremes and the share of values beyond", async ({
    lab,
  }) => {
    await lab.choose("Display range", "fixed");
    const output = outputValues(await lab.picture(), await lab.state());
    const values = [...output.channels[0]];
    const [min, max] = extremes(output);
    const share = (/** @type {(value: number) => boolean} */ isBeyond) =>
      new Intl.NumberFormat("en", { style: "percent", maximumSignificantDigits: 2 }).format(
        values.filter(isBeyond).length / values.length,
      );
    const legend = lab.output.element.locator("cnn-color-legend");
    await expect(legend).toContainText("−1 negative");
    await expect(legend).toContainText("+1 positive");
    await expect(legend).toContainText(`values from ${short(min)} to ${short(max)}`);
    await expect(legend).toContainText(
      `${share((v) => v < -1)} of the values lie below the scale.`,
    );
    await expect(legend).toContainText(`${share((v) => v > 1)} of the values lie above the scale.`);
  });

  test("switching the theme repaints the output", async ({ lab }) => {
    await lab.page.getByLabel("Theme").selectOption("dark");
    await lab.expectOutput("dark");
    await lab.page.getByLabel("Theme").selectOption("light");
    await lab.expectOutput("light");
  });
});

/**
 * Expects the size and the formula on the page to match the reference.
 * @param {import("../shared/lab.js").Lab} lab
 */
async function expectSize(lab) {
  const state = await lab.state();
  const input = await lab.picture();
  const { top, left, bottom, right } = paddingSides(input, state);
  const { height, width } = outputSize(input, state);
  await expect(
    lab.page.getByRole("region", { name: "Output", exact: true }).locator("header"),
  ).toContainText(`${height} × ${width}`);
  const { kernel, stride, dilation } = state;
  const rows = `⌊${input.height}+${top}+${bottom}−${dilation[0]}·(${kernel.length}−1)−1${stride[0]}⌋+1=${height}`;
  const cols = `⌊${input.width}+${left}+${right}−${dilation[1]}·(${kernel[0].length}−1)−1${stride[1]}⌋+1=${width}`;
  await expect
    .poll(async () =>
      (await lab.page.locator("cnn-size-formula math").allTextContents()).map((text) =>
        text.replaceAll(/\s/g, ""),
      ),
    )
    .toEqual(rows === cols ? [rows] : [rows, cols]);
}

/**
 * Three significant digits, but never fewer than the integer part has.
 * @param {number} value
 */
function short(value) {
  const digits = /** @type {Intl.NumberFormatOptions} */ ({
    maximumSignificantDigits: 3,
    maximumFractionDigits: 0,
    roundingPriority: "morePrecision",
  });
  return new Intl.NumberFormat("en", digits).format(value).replace("-", "−");
}
